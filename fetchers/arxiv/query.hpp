#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fetchers/record/arxiv_id.hpp"
#include "fetchers/record/record.hpp"

namespace bibsmith::fetchers {

inline constexpr std::string_view arxiv_endpoint = "https://export.arxiv.org/api/query";
// Servers take about 8 KB of request line; 414 was met beyond.
inline constexpr std::size_t url_bytes_max = 7500;
// What arXiv allows in one answer, and how far a search can be paged.
inline constexpr std::uint32_t page_size_max = 2000;
inline constexpr std::uint32_t result_window_max = 10000;
inline constexpr std::size_t search_text_bytes_max = 1000;

enum class SearchField : std::uint8_t {
  title,
  author,
  abstract_text,
  comment,
  journal_ref,
  category,
  report_number,
  id,
  doi,
  all,
};

// A search_query of arXiv's API, written so that arXiv's query adapter has nothing to repair: each word has
// its field and each pair its operator, since a word without joins by OR
// ("machine learning" would search for all:machine OR all:learning).
//
// Invariant: str() is a well-formed, non-empty expression. Text of users is data in it, never syntax:
// quotes, brackets, colons and backslashes are dropped, a word like AND is made lower case. [any thread]
class SearchQuery {
 public:
  // All words of `text`, in any order and place of the field. nullopt: no word is left of it.
  static std::optional<SearchQuery> words(SearchField field, std::string_view text);
  // The words of `text` one after the other. nullopt: no word is left of it.
  static std::optional<SearchQuery> phrase(SearchField field, std::string_view text);
  // First submitted from the first day of `from` to the last of `to`, GMT. nullopt: a date is unknown, or
  // they are in the wrong order.
  static std::optional<SearchQuery> submitted(Date from, Date to);

  static SearchQuery both(const SearchQuery& a, const SearchQuery& b) { return join(a, " AND ", b); }
  static SearchQuery either(const SearchQuery& a, const SearchQuery& b) { return join(a, " OR ", b); }
  static SearchQuery without(const SearchQuery& a, const SearchQuery& b) { return join(a, " ANDNOT ", b); }

  // What matches one of them at least. nullopt: there is none.
  static std::optional<SearchQuery> any(std::span<const SearchQuery> queries);

  const std::string& str() const { return text_; }

 private:
  SearchQuery(std::string text, bool is_compound) : text_(std::move(text)), is_compound_(is_compound) {}
  static SearchQuery join(const SearchQuery& a, std::string_view word, const SearchQuery& b);
  std::string operand() const;

  std::string text_;
  bool is_compound_;  // needs parentheses inside another one
};

enum class SortBy : std::uint8_t { relevance, last_updated, submitted };
enum class SortOrder : std::uint8_t { descending, ascending };

struct SearchPage {
  std::uint32_t start = 0;
  std::uint32_t size = 100;  // 1 to page_size_max; start + size: up to result_window_max
  SortBy sort_by = SortBy::relevance;
  SortOrder order = SortOrder::descending;
};

// Precondition: `page` is within the limits that it names.
std::string search_url(std::string_view endpoint, const SearchQuery& query, const SearchPage& page);

// The GET that asks for papers by their ids: as many as `bytes_max` holds (at least one), with max_results
// their number, since arXiv's default of 10 would silently cut the answer.
class IdListUrl {
 public:
  // `endpoint` must outlive it.
  explicit IdListUrl(std::string_view endpoint, std::size_t bytes_max = url_bytes_max)
      : endpoint_(endpoint), bytes_max_(bytes_max) {}

  // false: it is full, and the id is not in it.
  bool add(const ArxivId& id);

  std::size_t count() const { return count_; }
  std::string str() const;

 private:
  std::string_view endpoint_;
  std::size_t bytes_max_;
  std::string list_;
  std::size_t count_ = 0;
};

}  // namespace bibsmith::fetchers
