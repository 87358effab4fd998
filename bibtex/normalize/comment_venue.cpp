#include "bibtex/normalize/comment_venue.hpp"

#include <algorithm>
#include <array>

#include "bibtex/normalize/reference_words.hpp"
#include "bibtex/normalize/venues.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "fetchers/record/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

// Longer names are none of the table's.
constexpr std::size_t name_bytes_max = 160;

bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

class VenueName {
 public:
  VenueName(std::string_view plain, std::string_view lowered, std::size_t at)
      : plain_(plain), lowered_(lowered), at_(at) {}

  std::size_t end() const {
    std::size_t end = at_;
    for (; end < lowered_.size(); ++end) {
      const char c = lowered_[end];
      if (c == ';' || c == '\n') break;
      if (c == ',' && comma_ends(end)) break;
      if (c == '.' && end + 1 < lowered_.size() && lowered_[end + 1] == ' ' && stop_ends(end)) break;
      if (c == ' ' && word_ends(end)) break;
      if (c == '(' && end > at_ && bracket_ends(end)) break;
    }
    return end;
  }

 private:
  std::string_view name_to(std::size_t end) const { return plain_.substr(at_, end - at_); }

  // Lists of themes end with "and": "Acoustics, Speech and Signal Processing".
  bool comma_ends(std::size_t end) const {
    if (find_journal(name_to(end)) != nullptr) return true;
    std::string_view behind = lowered_.substr(end + 1, 40);
    behind = behind.substr(0, std::min(behind.find_first_of(",;.("), behind.size()));
    return behind.find(" and ") == std::string_view::npos ||
           std::any_of(behind.begin(), behind.end(), is_digit);
  }

  // A stop behind a whole word ends the sentence; "Phys. Rev. D" and "J. Phys. Condens. Matter" go on.
  bool stop_ends(std::size_t end) const {
    if (end > at_ && (is_digit(lowered_[end - 1]) || lowered_[end - 1] == ')')) return true;
    if (journal_goes_on(end)) return false;
    std::size_t begin = end;
    while (begin > at_ && is_word_byte(lowered_[begin - 1])) --begin;
    if (end - begin >= 7 || find_journal(name_to(end)) != nullptr) return true;
    return find_venue(plain_.substr(begin, end - begin)) != nullptr;
  }

  // Whether the name of a journal extends over the stop at `end`.
  bool journal_goes_on(std::size_t end) const {
    static constexpr ByteSet ends(".,;(");
    // "Phys. Rev. D as a Rapid Communication"
    if (end + 2 < plain_.size() && is_capital(plain_[end + 2]) &&
        (end + 3 == plain_.size() || !is_word_byte(plain_[end + 3])) &&
        find_journal(name_to(end + 3)) != nullptr)
      return true;
    std::size_t next = end;
    for (int words = 0; words < 4; ++words) {
      next = ends.find_in(lowered_, next + 1);
      if (next == std::string_view::npos) next = lowered_.size();
      if (next - at_ > name_bytes_max) return false;
      if (journal_at_front(name_to(next)) != nullptr && !digit_bytes.any_in(plain_.substr(end, next - end)))
        return true;
      if (journal_at_front(name_to(next)) != nullptr &&
          journal_at_front(name_to(end)) != journal_at_front(name_to(next)))
        return true;
      if (next == lowered_.size() || lowered_[next] != '.') return false;
    }
    return false;
  }

  bool word_ends(std::size_t end) const {
    static constexpr auto words = std::to_array<std::string_view>(
        {" as a ", " as an ", " with ", " for publication", " for possible", " code ", " this ", " after ",
         " - ", " (in press", " under ", " http"});
    const std::string_view left = lowered_.substr(end);
    if (left.starts_with(" on ")) {
      std::string_view word = left.substr(4);
      word = word.substr(0, std::min(word.find_first_of(" .,"), word.size()));
      return month_number(word) != 0;
    }
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return left.starts_with(word); });
  }

  // "(ICML 2015)" and "(2015)" belong to the name, "(in press)" and "(January 9, 2007)" do not.
  bool bracket_ends(std::size_t end) const {
    const std::size_t close = lowered_.find(')', end);
    if (close == std::string_view::npos) return true;
    const std::string_view inside = plain_.substr(end + 1, close - end - 1);
    if (inside.size() == 4 && is_year(inside)) return false;
    constexpr std::size_t acronym_bytes_max = 24;
    if (inside.empty() || inside.size() > acronym_bytes_max || !is_capital(inside[0])) return true;
    return month_number(inside.substr(0, std::min(inside.find_first_of(" ,."), inside.size()))) != 0;
  }

  std::string_view plain_;
  std::string_view lowered_;
  std::size_t at_;
};

}  // namespace

std::size_t venue_end(std::string_view plain, std::string_view lowered, std::size_t at) {
  return VenueName(plain, lowered, at).end();
}

const JournalName* journal_at_front(std::string_view name) {
  static constexpr ByteSet ends("0123456789(");
  return find_journal(name.substr(0, std::min(ends.find_in(name), name.size())));
}

}  // namespace bibsmith::bibtex
