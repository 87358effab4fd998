#include "fetchers/arxiv/query.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <chrono>
#include <utility>

#include "fetchers/record/ascii.hpp"
#include "fetchers/record/plain_text.hpp"

namespace bibsmith::fetchers {

namespace {

constexpr std::string_view before_ids = "?id_list=";
constexpr std::string_view before_count = "&max_results=";

std::string_view prefix_of(SearchField field) {
  switch (field) {
    case SearchField::title:
      return "ti:";
    case SearchField::author:
      return "au:";
    case SearchField::abstract_text:
      return "abs:";
    case SearchField::comment:
      return "co:";
    case SearchField::journal_ref:
      return "jr:";
    case SearchField::category:
      return "cat:";
    case SearchField::report_number:
      return "rn:";
    case SearchField::id:
      return "id:";
    case SearchField::doi:
      return "doi:";
    case SearchField::all:
      break;
  }
  return "all:";
}

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

// What is syntax to arXiv's parser, or to its adapter: of authors that turns au:del_maestro into
// au:"del maestro", but only at the front of a query. And people write "Maestro, Del".
bool is_syntax(SearchField field, char c) {
  if (field == SearchField::author && (c == '_' || c == ',')) return true;
  return std::string_view("\"()[]{}:\\").find(c) != std::string_view::npos;
}

std::string without_syntax_words(std::string word) {
  constexpr std::array<std::string_view, 5> operators = {"AND", "OR", "ANDNOT", "NOT", "TO"};
  if (std::ranges::find(operators, word) != operators.end()) return lower_case(word);
  // A wildcard may not lead.
  word.erase(0, std::min(word.find_first_not_of("*?"), word.size()));
  return word;
}

// The words of a user's text, with nothing in them that arXiv would read as syntax.
std::vector<std::string> words_of(SearchField field, std::string_view text) {
  std::string plain = plain_text(text.substr(0, search_text_bytes_max));
  std::ranges::replace_if(
      plain, [&](char c) { return is_syntax(field, c); }, ' ');
  std::vector<std::string> words;
  for (std::size_t begin = plain.find_first_not_of(' '); begin != plain.npos;) {
    const std::size_t end = std::min(plain.find(' ', begin), plain.size());
    if (auto word = without_syntax_words(plain.substr(begin, end - begin)); !word.empty()) {
      words.push_back(std::move(word));
    }
    begin = plain.find_first_not_of(' ', end);
  }
  return words;
}

// "202302282359": the form that the adapter leaves alone but for the brackets around it.
std::string stamp(const Date& date, bool is_end) {
  using namespace std::chrono;
  const auto month = date.month != 0 ? unsigned{date.month} : is_end ? 12u : 1u;
  const year_month_day_last last{year{date.year} / std::chrono::month{month} / std::chrono::last};
  const auto day = date.day != 0 ? unsigned{date.day} : is_end ? unsigned{last.day()} : 1u;
  std::string out = Date{date.year, static_cast<std::uint8_t>(month), static_cast<std::uint8_t>(day)}.iso();
  std::erase(out, '-');
  return out + (is_end ? "2359" : "0000");
}

void append_encoded(std::string& out, std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  constexpr std::string_view unreserved = "-._~";  // RFC 3986, section 2.3
  for (const char c : text) {
    const bool alphanumeric = is_letter_or_digit(c);
    if (alphanumeric || unreserved.find(c) != unreserved.npos) {
      out += c;
    } else if (c == ' ') {
      out += '+';
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += hex[byte >> 4];
      out += hex[byte & 15];
    }
  }
}

}  // namespace

std::optional<SearchQuery> SearchQuery::words(SearchField field, std::string_view text) {
  const auto words = words_of(field, text);
  if (words.empty()) return std::nullopt;
  std::string out;
  for (const std::string& word : words) {
    if (!out.empty()) out += " AND ";
    out += prefix_of(field);
    out += word;
  }
  return SearchQuery(std::move(out), words.size() > 1);
}

std::optional<SearchQuery> SearchQuery::phrase(SearchField field, std::string_view text) {
  const auto words = words_of(field, text);
  if (words.empty()) return std::nullopt;
  std::string out;
  for (const std::string& word : words) {
    if (!out.empty()) out += ' ';
    out += word;
  }
  if (words.size() > 1) out = '"' + out + '"';
  return SearchQuery(std::string(prefix_of(field)) + out, false);
}

std::optional<SearchQuery> SearchQuery::submitted(Date from, Date to) {
  if (!from.known() || !to.known()) return std::nullopt;
  const std::string begin = stamp(from, false);
  const std::string end = stamp(to, true);
  if (begin > end) return std::nullopt;
  return SearchQuery("submittedDate:[" + begin + " TO " + end + "]", false);
}

std::optional<SearchQuery> SearchQuery::any(std::span<const SearchQuery> queries) {
  if (queries.empty()) return std::nullopt;
  if (queries.size() == 1) return queries.front();
  std::string out;
  for (const SearchQuery& query : queries) out += (out.empty() ? "" : " OR ") + query.operand();
  return SearchQuery(std::move(out), true);
}

SearchQuery SearchQuery::join(const SearchQuery& a, std::string_view word, const SearchQuery& b) {
  return SearchQuery(a.operand() + std::string(word) + b.operand(), true);
}

std::string SearchQuery::operand() const { return is_compound_ ? '(' + text_ + ')' : text_; }

std::string search_url(std::string_view endpoint, const SearchQuery& query, const SearchPage& page) {
  assert(page.size >= 1 && page.size <= page_size_max);
  assert(page.start <= result_window_max - page.size);
  std::string url(endpoint);
  url += "?search_query=";
  append_encoded(url, query.str());
  url += "&start=" + std::to_string(page.start) + "&max_results=" + std::to_string(page.size);
  switch (page.sort_by) {
    case SortBy::relevance:
      url += "&sortBy=relevance";
      break;
    case SortBy::last_updated:
      url += "&sortBy=lastUpdatedDate";
      break;
    case SortBy::submitted:
      url += "&sortBy=submittedDate";
      break;
  }
  url += page.order == SortOrder::descending ? "&sortOrder=descending" : "&sortOrder=ascending";
  return url;
}

bool IdListUrl::add(const ArxivId& id) {
  const std::string text = id.str();
  const std::size_t comma = count_ == 0 ? 0 : 1;
  const std::size_t fixed = endpoint_.size() + before_ids.size() + before_count.size();
  const std::size_t digits = std::to_string(count_ + 1).size();
  if (count_ > 0 && fixed + list_.size() + comma + text.size() + digits > bytes_max_) return false;
  if (comma != 0) list_ += ',';
  list_ += text;
  ++count_;
  return true;
}

std::string IdListUrl::str() const {
  return std::string(endpoint_) + std::string(before_ids) + list_ + std::string(before_count) +
         std::to_string(count_);
}

}  // namespace bibsmith::fetchers
