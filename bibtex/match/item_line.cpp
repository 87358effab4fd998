#include "bibtex/match/item_line.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <utility>
#include <vector>

#include "bibtex/model/unicode.hpp"
#include "bibtex/model/utf8.hpp"
#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

constexpr std::size_t authors_max = 100;
constexpr std::size_t reference_bytes_max = 8192;

bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

std::string_view stripped(std::string_view text, std::string_view marks = " \t") {
  const std::size_t begin = text.find_first_not_of(marks);
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(marks) + 1 - begin);
}

// "- ", "* ", "• ", "– " before a title.
std::string_view without_bullet(std::string_view line) {
  constexpr std::array<std::string_view, 7> bullets = {"-", "*", "+", "•", "–", "▪", "◦"};
  for (const std::string_view bullet : bullets) {
    if (line.starts_with(bullet) && line.substr(bullet.size()).starts_with(' ')) {
      return stripped(line.substr(bullet.size()));
    }
  }
  return line;
}

std::string_view without_quotes(std::string_view text) {
  struct Pair {
    std::string_view open, close;
  };
  constexpr std::array<Pair, 5> pairs = {{{"\"", "\""}, {"“", "”"}, {"``", "''"}, {"«", "»"}, {"‘", "’"}}};
  for (const auto& [open, close] : pairs) {
    if (text.size() > open.size() + close.size() && text.starts_with(open) && text.ends_with(close)) {
      return stripped(text.substr(open.size(), text.size() - open.size() - close.size()), " ,.");
    }
  }
  return text;
}

// A year of this time that stands alone at `at`; 0: none.
int year_at(std::string_view text, std::size_t at) {
  if (at + 4 > text.size() || !std::all_of(text.begin() + static_cast<std::ptrdiff_t>(at),
                                           text.begin() + static_cast<std::ptrdiff_t>(at) + 4, is_digit)) {
    return 0;
  }
  if (at > 0 && (is_digit(text[at - 1]) || text[at - 1] == '.' || text[at - 1] == ':')) return 0;
  if (at + 4 < text.size() && is_digit(text[at + 4])) return 0;
  const int year = std::atoi(std::string(text.substr(at, 4)).c_str());
  return year >= 1800 && year <= 2100 ? year : 0;
}

// The last year in the text, and where.
std::optional<std::pair<int, std::size_t>> last_year(std::string_view text) {
  for (std::size_t at = text.size(); at-- > 0;) {
    if (const int year = year_at(text, at); year != 0) return std::pair(year, at);
  }
  return std::nullopt;
}

// Takes identifiers out of the text: of the words, those that name a paper or a work, and "arXiv preprint".
void take_identifiers(std::string& text, ReadingItem& item) {
  std::string left;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string_view word = std::string_view(text).substr(at, end - at);
    const std::string_view core = stripped(word, " \t,;.()[]<>");
    const bool may_be_id = std::ranges::any_of(core, is_digit) && core.size() >= 9 &&
                           (core.find('.') != core.npos || core.find('/') != core.npos);
    bool taken = false;
    if (may_be_id) {
      const auto id = ArxivId::parse(core);
      const auto doi = id ? std::nullopt : Doi::parse(core);
      if (id && !item.arxiv_id) item.arxiv_id = *id;
      if (doi && !item.doi) item.doi = doi->arxiv_id() ? std::nullopt : doi;
      if (doi && doi->arxiv_id() && !item.arxiv_id) item.arxiv_id = doi->arxiv_id();
      taken = id.has_value() || doi.has_value();
    }
    if (!taken) {
      if (!left.empty()) left += ' ';
      left += word;
    }
    at = end + 1;
  }
  text = std::move(left);
}

// "(2017)", "[2017]" or ", 2017" at the end.
void take_final_year(std::string& text, ReadingItem& item) {
  const std::string_view end = stripped(text, " .");
  if (end.size() < 7) return;
  const bool bracketed = end.ends_with(')') || end.ends_with(']');
  const std::size_t at = end.size() - 4 - (bracketed ? 1 : 0);
  const int year = year_at(end, at);
  const char before = end[at - 1];
  const bool behind_comma = !bracketed && before == ' ' && end[at - 2] == ',';
  if (year == 0 || !(behind_comma || (bracketed && (before == '(' || before == '[')))) return;
  item.year = year;
  text = std::string(stripped(end.substr(0, at - 1), " ,"));
}

// The family names in "A. Vaswani, N. Shazeer, and I. Polosukhin", "Vaswani, A., & Shazeer, N.", "Ashish
// Vaswani et al.".
std::vector<std::string> families_in(std::string_view text) {
  std::string list(text);
  for (const std::string_view mark : {" and ", " & ", "; ", " et al"}) {
    for (std::size_t at = list.find(mark); at != list.npos; at = list.find(mark)) {
      list.replace(at, mark.size(), mark == " et al" ? ",," : ", ");
    }
  }
  std::vector<std::string> families;
  for (std::size_t at = 0; at < list.size() && families.size() < authors_max;) {
    const std::size_t end = std::min(list.find(',', at), list.size());
    const std::string_view name = stripped(std::string_view(list).substr(at, end - at), " \t.");
    at = end + 1;
    // The last word that is more than initials: none in "A. B." and "J.-P.".
    std::string_view family;
    for (std::size_t pos = 0; pos < name.size();) {
      const std::size_t stop = std::min(name.find(' ', pos), name.size());
      const std::string_view word = name.substr(pos, stop - pos);
      pos = stop + 1;
      constexpr std::size_t initials_most = 3;  // "Vaswani ABC"
      const bool is_capitals =
          !family.empty() && word.size() <= initials_most && std::ranges::all_of(word, is_capital);
      const bool is_initials = word.size() == 1 || word.find('.') != word.npos || is_capitals;
      if (!is_initials && word != "and" && word != "others") family = word;
    }
    const bool is_name = !family.empty() && !is_digit(family.front());
    if (is_name) families.emplace_back(family);
  }
  return families;
}

// Where the sentence that begins at `from` ends: at a stop, a question or exclamation mark before a space,
// but not behind an initial ("A. Vaswani", "J.-P. Serre") or an abbreviation. `initials_end`: initials stand
// behind the family names, as in Vancouver style ("Vaswani A, Shazeer N. Attention").
std::size_t sentence_end(std::string_view text, std::size_t from, bool initials_end = false) {
  constexpr std::array<std::string_view, 11> short_words = {"vs",   "Jr",  "Dr", "St", "eds", "ed",
                                                            "Proc", "vol", "no", "pp", "cf"};
  for (std::size_t at = from; at < text.size(); ++at) {
    const char c = text[at];
    if (c != '.' && c != '?' && c != '!') continue;
    if (at + 1 < text.size() && text[at + 1] != ' ') continue;
    if (c != '.') return at + 1;
    const std::size_t space = text.rfind(' ', at);
    std::size_t begin = space == text.npos || space < from ? from : space + 1;
    if (const std::size_t hyphen = text.rfind('-', at); hyphen != text.npos && hyphen >= begin)
      begin = hyphen + 1;
    const std::string_view word = text.substr(begin, at - begin);
    const bool is_initial = word.size() == 1 && is_capital(word.front());
    const bool is_accented_initial =
        word.size() > 1 && decode_utf8(word, 0).size == word.size() && is_upper(decode_utf8(word, 0).code);
    if ((is_initial || is_accented_initial) && !initials_end) continue;
    if (word.ends_with('.')) continue;
    if (std::ranges::find(short_words, word) != short_words.end()) continue;
    return at + 1;
  }
  return text.size();
}

struct Quoted {
  std::size_t begin = 0;  // of the opening mark
  std::string_view text;
};

std::optional<Quoted> quoted_in(std::string_view text) {
  constexpr std::size_t title_bytes_min = 12;
  struct Pair {
    std::string_view open, close;
  };
  constexpr std::array<Pair, 5> pairs = {{{"“", "”"}, {"``", "''"}, {"\"", "\""}, {"«", "»"}, {"„", "“"}}};
  for (const auto& [open, close] : pairs) {
    const std::size_t begin = text.find(open);
    if (begin == text.npos) continue;
    const std::size_t end = text.find(close, begin + open.size());
    if (end == text.npos || end - begin < title_bytes_min) continue;
    return Quoted{begin, stripped(text.substr(begin + open.size(), end - begin - open.size()), " ,.")};
  }
  return std::nullopt;
}

// "Vaswani A, Shazeer N.": the first name ends in capitals without a stop.
bool is_vancouver(std::string_view text) {
  constexpr std::size_t initials_max = 3;
  const std::string_view name = text.substr(0, text.find_first_of(",."));
  const std::size_t space = name.rfind(' ');
  if (space == name.npos || space < 2) return false;
  const std::string_view initials = name.substr(space + 1);
  return !initials.empty() && initials.size() <= initials_max && std::ranges::all_of(initials, is_capital);
}

// "(2017). " or ". 2017. " behind the authors: where the title begins, or npos.
std::size_t behind_year_of_authors(std::string_view text, std::size_t& authors_end) {
  for (std::size_t at = 1; at + 4 < text.size(); ++at) {
    if (year_at(text, at) == 0) continue;
    std::size_t end = at + 4;
    if (end < text.size() && text[end] >= 'a' && text[end] <= 'c') ++end;  // "2017a"
    const bool in_brackets = text[at - 1] == '(' && end < text.size() && text[end] == ')';
    if (in_brackets) ++end;
    const bool is_behind_stop = text[at - 1] == ' ' && at >= 2 && text[at - 2] == '.';
    if (!in_brackets && !is_behind_stop) continue;
    // Before it there are the names and nothing else.
    if (sentence_end(text, 0) + 1 < at) return text.npos;
    if (end >= text.size() || (text[end] != '.' && text[end] != ',' && text[end] != ':' && text[end] != ' '))
      continue;
    if (!in_brackets && text[end] != '.') continue;
    authors_end = at - 1;
    const std::size_t begin = text.find_first_not_of(" .,:", end);
    return begin;
  }
  return text.npos;
}

bool reads_as_names(std::string_view text) {
  if (text.find(" et al") != text.npos) return true;
  const bool has_initial = [&] {
    for (std::size_t at = 0; at + 1 < text.size(); ++at) {
      const bool begins = at == 0 || text[at - 1] == ' ' || text[at - 1] == '-';
      if (begins && is_capital(text[at]) && text[at + 1] == '.') return true;
    }
    return false;
  }();
  return has_initial || text.find(',') != text.npos || text.find(" and ") != text.npos ||
         std::ranges::count(text, ' ') <= 3;
}

ReadingItem read_columns(std::string_view line) {
  ReadingItem item;
  std::vector<std::string_view> columns;
  for (std::size_t at = 0; at <= line.size();) {
    const std::size_t end = std::min(line.find('\t', at), line.size());
    columns.push_back(stripped(line.substr(at, end - at)));
    at = end + 1;
  }
  std::vector<std::string_view> texts;
  for (const std::string_view column : columns) {
    const auto id = column.empty() || item.arxiv_id ? tl::unexpected(ArxivIdError{}) : ArxivId::parse(column);
    if (id) {
      item.arxiv_id = *id;
    } else if (column.size() == 4 && year_at(column, 0) != 0) {
      item.year = year_at(column, 0);
    } else if (!column.empty()) {
      texts.push_back(column);
    }
  }
  // The title comes last, the names before it.
  if (!texts.empty()) item.title = texts.back();
  if (texts.size() >= 2) item.authors = families_in(texts[texts.size() - 2]);
  return item;
}

}  // namespace

std::size_t reference_number(std::string_view line) {
  std::size_t at = line.starts_with('[') || line.starts_with('(') ? 1 : 0;
  // "2017." at the beginning of a line is the end of a reference.
  const std::size_t digits_max = line.starts_with('[') ? 4 : 3;
  const std::size_t digits = at;
  while (at < line.size() && is_digit(line[at])) ++at;
  if (at == digits || at - digits > digits_max || at >= line.size()) return 0;
  const char close = digits == 0 ? '.' : line[0] == '[' ? ']' : ')';
  if (line[at] != close && !(digits == 0 && line[at] == ')')) return 0;
  ++at;
  if (at < line.size() && line[at] != ' ') return 0;
  return std::min(line.find_first_not_of(' ', at), line.size());
}

ReadingItem read_title_line(std::string_view line) {
  if (line.find('\t') != line.npos) return read_columns(line);
  ReadingItem item;
  std::string_view rest = without_bullet(line);
  rest.remove_prefix(reference_number(rest));
  std::string text(rest);
  take_identifiers(text, item);
  take_final_year(text, item);
  std::string_view title = without_quotes(stripped(text));
  if (title.ends_with('.') && !title.ends_with("..")) title.remove_suffix(1);
  item.title = stripped(title, " \t,;");
  return item;
}

ReadingItem read_reference(std::string_view reference) {
  ReadingItem item;
  std::string text(reference.substr(0, reference_bytes_max));
  take_identifiers(text, item);
  if (const auto year = last_year(text)) item.year = year->first;
  const std::string_view whole = text;
  if (const auto quoted = quoted_in(whole)) {
    item.title = quoted->text;
    item.authors = families_in(stripped(whole.substr(0, quoted->begin), " ,:"));
    return item;
  }
  std::size_t authors_end = 0;
  std::size_t begin = behind_year_of_authors(whole, authors_end);
  if (begin == whole.npos) {
    authors_end = sentence_end(whole, 0, is_vancouver(whole));
    begin = std::min(whole.find_first_not_of(' ', authors_end), whole.size());
    if (begin == whole.size() || !reads_as_names(whole.substr(0, authors_end))) {
      // No names: a title, and perhaps where it appeared.
      begin = 0;
      authors_end = 0;
    }
  }
  item.authors = families_in(stripped(whole.substr(0, authors_end), " ,:(."));
  std::string_view title = whole.substr(begin, sentence_end(whole, begin) - begin);
  title = stripped(title, " \t,;");
  if (title.ends_with('.')) title.remove_suffix(1);
  item.title = title;
  return item;
}

}  // namespace bibsmith::bibtex
