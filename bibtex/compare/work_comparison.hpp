#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/model/macros.hpp"
#include "bibtex/syntax/document.hpp"
#include "fetchers/record/record.hpp"

namespace bibsmith::bibtex {

// What an entry says of the work, for comparison with a record.
struct WorkSaid {
  std::string title;                  // plain text
  std::vector<std::string> families;  // of the authors, plain text; "others" is not among them
  bool others = false;
  int year = 0;
};

WorkSaid work_said(const Document& document, const Macros& macros, const Block& entry);

// How an entry and a record compare. Each criterion passes or fails by itself; unknown is neither.
struct WorkComparison {
  enum class Outcome : std::uint8_t { unknown, passed, failed };
  Outcome title = Outcome::unknown;
  Outcome first_author = Outcome::unknown;
  Outcome authors = Outcome::unknown;  // at least half of the shorter list is in the longer
  Outcome year = Outcome::unknown;     // not before version 1, and not long behind the newest

  // The criterion that failed first, "" if none did.
  std::string_view failed() const;
  // Title, first author and authors passed, and the year did not fail: the same work, without any identifier.
  bool same_work() const;
  // Title and first author both failed: an identifier that leads here leads astray.
  bool other_work() const { return title == Outcome::failed && first_author == Outcome::failed; }
};

WorkComparison compare_work(const WorkSaid& said, const Record& record);

// Lists of thousands of authors are told apart by their first hundred.
inline constexpr std::size_t authors_compared_max = 100;

// Words of letters and digits in lower-case ASCII, so that accents, TeX and hyphens do not count.
std::vector<std::string> words_of(std::string_view plain);

// The words without what stands between them.
std::string squeezed(const std::vector<std::string>& words);

// Nine words of ten are the same, or one title is the other without its subtitle.
bool same_title(const std::vector<std::string>& a, const std::vector<std::string>& b);

// A family name in the form that same_family() compares.
std::string family_key(std::string_view family);

// "Vaart" and "van der Vaart" are the same family.
bool same_family(std::string_view a, std::string_view b);

// At least half of the shorter list is in the longer one; both of family_key().
bool share_half(std::span<const std::string> a, std::span<const std::string> b);

}  // namespace bibsmith::bibtex
