#include "bibtex/normalize/locator_items.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "bibtex/syntax/ascii.hpp"
#include "fetchers/record/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

using Kind = ReferenceToken::Kind;

// Where the digits of "D76" or "vol21" begin; npos when letters come later too ("E4a", "12B").
std::size_t digits_at(std::string_view mixed) {
  const std::size_t digit = digit_bytes.find_in(mixed);
  return mixed.find_first_not_of("0123456789", digit) == std::string_view::npos ? digit
                                                                                : std::string_view::npos;
}

class ItemReader {
 public:
  ItemReader(std::string_view text, ReferenceTokens& tokens, std::size_t from, std::size_t to)
      : text_(text), tokens_(tokens), at_(from), to_(to) {}

  LocatorItems read() {
    while (at_ < to_) step();
    return std::move(out_);
  }

 private:
  std::string_view word(std::size_t i) const { return tokens_[i].span.in(text_); }
  bool is(std::size_t i, Kind kind) const { return i < to_ && tokens_[i].is(kind); }
  bool is_sign(std::size_t i, char c) const { return is(i, Kind::sign) && word(i)[0] == c; }
  bool touches(std::size_t i) const { return i > 0 && tokens_[i - 1].span.end == tokens_[i].span.begin; }
  void use(std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) tokens_[i].used = true;
  }

  void step() {
    const ReferenceToken& token = tokens_[at_];
    switch (token.kind) {
      case Kind::open:
        if (!read_count_in_brackets()) {
          ++depth_;
          tokens_[at_++].used = true;
        }
        return;
      case Kind::close:
        if (depth_ > 0) --depth_;
        tokens_[at_++].used = true;
        return;
      case Kind::sign:
        tokens_[at_++].used = true;
        return;
      case Kind::word:
        if (!read_labelled() && !read_month() && !read_roman() && !skip_foreign_key()) ++at_;
        return;
      case Kind::number:
        if (!read_short_year() && !read_day() && !read_slash_date() && !read_count())
          read_item(NumberLabel::none);
        return;
      case Kind::mixed:
        if (!read_count() && !read_labelled_mixed()) read_item(NumberLabel::none);
        return;
    }
  }

  // "(R)", "(6pp)", "(4 pp.)", "(9 pages)", "(1-11)" behind an article number.
  bool read_count_in_brackets() {
    std::size_t end = at_ + 1;
    while (end < to_ && !tokens_[end].is(Kind::close) && end < at_ + 6) ++end;
    if (!is(end, Kind::close) || end == at_ + 1) return false;
    const std::string_view first = word(at_ + 1);
    const bool letter = end == at_ + 2 && (first == "R" || first == "T" || first == "L" || first == "E");
    bool count = letter && !out_.items.empty();
    if (is(at_ + 1, Kind::number) && end == at_ + 3 && is(at_ + 2, Kind::word)) {
      count = counts_pages(word(at_ + 2));
    }
    if (is(at_ + 1, Kind::number) && end == at_ + 4 && is(at_ + 2, Kind::word) && is_sign(at_ + 3, '.')) {
      count = counts_pages(word(at_ + 2));
    }
    if (is(at_ + 1, Kind::mixed) && end <= at_ + 3) {
      const std::size_t letters = first.find_first_not_of("0123456789");
      count = letters != std::string_view::npos && letters > 0 && counts_pages(first.substr(letters));
    }
    // "066310 (1-11)": the pages of one article.
    if (first == "1" && end == at_ + 4 && is_sign(at_ + 2, '-') && is(at_ + 3, Kind::number) &&
        !out_.items.empty() &&
        (out_.items.back().first.size() >= 5 || (out_.items.size() >= 2 && to_int(word(at_ + 3)) >= 3))) {
      count = true;
    }
    if (!count) return false;
    use(at_, end + 1);
    at_ = end + 1;
    return true;
  }

  // A label and its number, whatever punctuation stands between: "Vol. 5", "no.03", "pages: 014021",
  // "issue 2, No 3".
  bool read_labelled() {
    NumberLabel label = number_label(word(at_));
    if (label == NumberLabel::none) return false;
    std::size_t next = at_ + 1;
    std::size_t label_end = next;
    // "p.p." and "pp"; "article no.", "article number", "article id."
    if (word(at_) == "p" && is_sign(next, '.') && is(next + 1, Kind::word) && word(next + 1) == "p")
      next += 2;
    while (next < to_ && next < at_ + 5 && is(next, Kind::sign) &&
           std::string_view(".:#").find(word(next)[0]) != std::string_view::npos) {
      ++next;
    }
    if (label == NumberLabel::article && is(next, Kind::word) &&
        (number_label(word(next)) == NumberLabel::number ||
         number_label(word(next)) == NumberLabel::article)) {
      ++next;
      while (is_sign(next, '.') || is_sign(next, ':')) ++next;
    }
    label_end = next;
    if (is(next, Kind::open) && is(next + 1, Kind::number) && is(next + 2, Kind::close) &&
        label != NumberLabel::page_letter) {
      ++next;
    }
    if (next >= to_) return false;
    const bool single_letter = word(at_).size() == 1;
    const bool number =
        tokens_[next].is(Kind::number) || (tokens_[next].is(Kind::mixed) && !is_ordinal(word(next)));
    const bool roman = tokens_[next].is(Kind::word) && label == NumberLabel::volume &&
                       (is_roman_number(word(next)) ||
                        (!single_letter && word(next).size() == 1 && is_roman_letter(word(next))));
    // "S 12" is a page in German and nothing in "Phys. S".
    if (!number && !roman) return false;
    if (single_letter && label != NumberLabel::volume && !is_sign(at_ + 1, '.') && !is_sign(at_ + 1, ':') &&
        word(at_) != "p" && word(at_) != "n" && word(at_) != "N" && word(at_) != "P" && word(at_) != "с")
      return false;
    use(at_, label_end);
    at_ = next;
    read_item(label);
    return true;
  }

  static bool is_roman_letter(std::string_view letter) {
    return letter == "I" || letter == "V" || letter == "X";
  }

  static bool is_ordinal(std::string_view mixed) {
    return mixed.ends_with("st") || mixed.ends_with("nd") || mixed.ends_with("rd") || mixed.ends_with("th");
  }

  // "vol21", "pp8", "No5", "N3".
  bool read_labelled_mixed() {
    const std::string_view mixed = word(at_);
    const std::size_t digit = digits_at(mixed);
    if (digit == 0 || digit == std::string_view::npos) return false;
    const std::string_view letters = mixed.substr(0, digit);
    NumberLabel label = number_label(letters);
    // "V129, I972"
    if (letters == "V" && out_.items.empty()) {
      LocatorItem volume = item_at(NumberLabel::volume);
      volume.first = mixed.substr(digit);
      finish(volume);
      return true;
    }
    if (letters == "I" && out_.items.size() == 1 && out_.items[0].label == NumberLabel::volume) {
      LocatorItem issue = item_at(NumberLabel::number);
      issue.first = mixed.substr(digit);
      finish(issue);
      return true;
    }
    if (label == NumberLabel::none || label == NumberLabel::ignored) return false;
    // Page numbers carry capitals (P07039, S12, T12015), labels of one letter are lower case; N is no page.
    if (letters.size() == 1 && letters != "v" && letters != "p" && letters != "n" && letters != "N")
      return false;
    if (letters == "N" && mixed.size() > 3) return false;
    LocatorItem item = item_at(label == NumberLabel::page_letter ? NumberLabel::pages : label);
    item.first = mixed.substr(digit);
    finish(item);
    return true;
  }

  // "foo:1171" is a name of something else. "lmcs:1171", as Episciences writes behind what it publishes, is
  // its number on that server, which nobody cites.
  bool skip_foreign_key() {
    static constexpr auto episciences =
        std::to_array<std::string_view>({"lmcs", "dmtcs", "epiga", "jdmdh", "hrj", "entics", "jgcc"});
    if (!is_sign(at_ + 1, ':') || !is(at_ + 2, Kind::number) || !touches(at_ + 1) || !touches(at_ + 2))
      return false;
    if (std::find(episciences.begin(), episciences.end(), word(at_)) != episciences.end()) use(at_, at_ + 3);
    at_ += 3;
    return true;
  }

  // Capital numerals in the place of a number: "Phys. Lett. XXIII, 12" is rare, "XXIII(2)" less so.
  bool read_roman() {
    if (!out_.items.empty() || !is_roman_number(word(at_)) || depth_ != 0) return false;
    if (!(is(at_ + 1, Kind::open) || is_sign(at_ + 1, ',') || is_sign(at_ + 1, ':') ||
          is(at_ + 1, Kind::number)))
      return false;
    read_item(NumberLabel::volume);
    return true;
  }

  // Month with what belongs to it: "October 2013", "April 10, 2008", "12 October 2011" (the day was read),
  // "Jun. 18-21 2007", "June 28 2009 - July 3, 2009", "2010 May 20".
  bool read_month() {
    const int month = month_number(word(at_));
    if (month == 0) return false;
    const std::size_t begin = at_;
    std::size_t next = at_ + 1;
    const auto skip_signs = [&] {
      while (next < to_ && tokens_[next].is(Kind::sign) &&
             std::string_view(".,-/").find(word(next)[0]) != std::string_view::npos)
        ++next;
    };
    skip_signs();
    if (is(next, Kind::word) && month_number(word(next)) != 0) {  // "July/August 2010"
      ++next;
      skip_signs();
    }
    if (is_day(next)) {
      ++next;
      skip_signs();
      while (is_day(next)) {
        ++next;
        skip_signs();
      }
    }
    const bool year_behind = is(next, Kind::number) && is_year(word(next));
    // A capital word such as "May" is a month only with a number beside it.
    const bool year_before = !out_.items.empty() && begin > 0 &&
                             out_.items.back().label == NumberLabel::none &&
                             out_.items.back().is_plain_number() && is_year(out_.items.back().first) &&
                             out_.items.back().token + 1 >= begin - (is_sign(begin - 1, ',') ? 1U : 0U);
    if (year_behind) {
      set_date(word(next), month);
      use(begin, next + 1);
      at_ = next + 1;
      return true;
    }
    if (year_before) {
      set_date(out_.items.back().first, month);
      out_.items.pop_back();
    } else if (out_.date.month == 0) {
      out_.date.month = static_cast<std::uint8_t>(month);
    }
    use(begin, next);
    at_ = next;
    return true;
  }

  void set_date(std::string_view year, int month) {
    out_.date.year = static_cast<std::int16_t>(to_int(year));
    out_.date.month = static_cast<std::uint8_t>(month);
    out_.date_in_brackets = out_.date_in_brackets || depth_ > 0;
  }

  bool is_day(std::size_t i) const {
    if (i >= to_) return false;
    std::string_view day = word(i);
    if (tokens_[i].is(Kind::mixed) && is_ordinal(day)) day.remove_suffix(2);
    if (!tokens_[i].is(Kind::number) && !tokens_[i].is(Kind::mixed)) return false;
    const int value = to_int(day);
    return day.size() <= 2 && value >= 1 && value <= 31;
  }

  // A day, or days, before a month: "12 October", "25-28 August", "28th - 30th August".
  bool read_day() {
    if (!is_day(at_)) return false;
    std::size_t next = at_ + 1;
    while (next < to_ && next < at_ + 6 && ((is_sign(next, '-')) || is_day(next))) ++next;
    if (is_sign(next, '.')) ++next;
    if (!is(next, Kind::word) || month_number(word(next)) == 0) return false;
    use(at_, next);
    at_ = next;
    return true;
  }

  // "COLING'92"
  bool read_short_year() {
    if (word(at_).size() != 2 || at_ == 0 || !touches(at_) || !is_sign(at_ - 1, '\'')) return false;
    const int year = to_int(word(at_));
    if (out_.date.year == 0)
      out_.date.year = static_cast<std::int16_t>(year >= 60 ? 1900 + year : 2000 + year);
    tokens_[at_++].used = true;
    return true;
  }

  // "25/06/2006", "12/2006".
  bool read_slash_date() {
    if (!is_sign(at_ + 1, '/') || !is(at_ + 2, Kind::number)) return false;
    const int first = to_int(word(at_));
    const int second = to_int(word(at_ + 2));
    if (is_sign(at_ + 3, '/') && is(at_ + 4, Kind::number) && is_year(word(at_ + 4)) && first >= 1 &&
        first <= 31 && second >= 1 && second <= 31) {
      // Day and month are told apart only where one is no month.
      set_date(word(at_ + 4), second <= 12 && first > 12 ? second : first <= 12 && second > 12 ? first : 0);
      use(at_, at_ + 5);
      at_ += 5;
      return true;
    }
    if (first >= 1 && first <= 12 && is_year(word(at_ + 2))) {
      set_date(word(at_ + 2), first);
      use(at_, at_ + 3);
      at_ += 3;
      return true;
    }
    return false;
  }

  // "7 pages", "12pp": how long the paper is. Not "12 pp. 3-4", where the number belongs to what is before.
  bool read_count() {
    std::string_view digits = word(at_);
    std::size_t next = at_ + 1;
    if (tokens_[at_].is(Kind::mixed)) {
      const std::size_t letters = digits.find_first_not_of("0123456789");
      if (letters == 0 || letters == std::string_view::npos || !counts_pages(digits.substr(letters)))
        return false;
    } else {
      if (!is(next, Kind::word) || !counts_pages(word(next))) return false;
      ++next;
    }
    std::size_t behind = next;
    while (is_sign(behind, '.') || is_sign(behind, ':')) ++behind;
    if (behind < to_ && (tokens_[behind].is(Kind::number) || tokens_[behind].is(Kind::mixed))) return false;
    if (out_.items.empty()) return false;
    use(at_, next);
    at_ = next;
    return true;
  }

  LocatorItem item_at(NumberLabel label) const {
    LocatorItem item;
    item.label = label == NumberLabel::page_letter ? NumberLabel::pages : label;
    item.in_brackets = depth_ > 0;
    item.joined = touches(at_) && tokens_[at_ - 1].is(Kind::open) && touches(at_ - 1);
    item.token = at_;
    return item;
  }

  void finish(LocatorItem item) {
    tokens_[at_++].used = true;
    read_range_end(item);
    out_.items.push_back(item);
  }

  std::string_view between(std::size_t first, std::size_t last) const {
    const std::size_t begin = tokens_[first].span.begin;
    return text_.substr(begin, tokens_[last].span.end - begin);
  }

  // "8:1-8:15": pages of a numbered article (LIPIcs, PACMPL).
  bool read_pages_of_article() {
    if (!is(at_, Kind::number) || !is_sign(at_ + 1, ':') || !is(at_ + 2, Kind::number) ||
        !is_sign(at_ + 3, '-') || !is(at_ + 4, Kind::number) || !is_sign(at_ + 5, ':') ||
        !is(at_ + 6, Kind::number) || word(at_) != word(at_ + 4))
      return false;
    LocatorItem item = item_at(NumberLabel::pages);
    item.first = between(at_, at_ + 2);
    item.last = between(at_ + 4, at_ + 6);
    out_.items.push_back(item);
    use(at_, at_ + 7);
    at_ += 7;
    return true;
  }

  // "#P1.32" of the Electronic Journal of Combinatorics.
  bool read_numbered_paper() {
    if (!is(at_, Kind::mixed) || word(at_)[0] != 'P' || !is_sign(at_ + 1, '.') || !touches(at_ + 1) ||
        !is(at_ + 2, Kind::number) || !touches(at_ + 2))
      return false;
    LocatorItem item = item_at(NumberLabel::article);
    item.first = between(at_, at_ + 2);
    out_.items.push_back(item);
    use(at_, at_ + 3);
    at_ += 3;
    return true;
  }

  void read_item(NumberLabel label) {
    if (read_pages_of_article() || read_numbered_paper()) return;
    LocatorItem item = item_at(label);
    item.first = word(at_);
    if (tokens_[at_].is(Kind::mixed)) drop_suffix(item.first);
    finish(item);
    // "Volume 5555/2009"
    if (label == NumberLabel::volume && is_sign(at_, '/') && is(at_ + 1, Kind::number) &&
        is_year(word(at_ + 1))) {
      if (out_.date.year == 0) out_.date.year = static_cast<std::int16_t>(to_int(word(at_ + 1)));
      use(at_, at_ + 2);
      at_ += 2;
    }
  }

  // "081301R": the R of a rapid communication is no part of the number.
  static void drop_suffix(std::string_view& first) {
    if (first.size() >= 6 && is_digit(first[first.size() - 2]) &&
        (first.back() == 'R' || first.back() == 'L') && is_digit(first[0]))
      first.remove_suffix(1);
  }

  void read_range_end(LocatorItem& item) {
    // "No. 1&2"
    if (item.label == NumberLabel::number && is_sign(at_, '&') && is(at_ + 1, Kind::number)) {
      item.last = word(at_ + 1);
      use(at_, at_ + 2);
      at_ += 2;
      return;
    }
    std::size_t next = at_;
    const bool word_to = is(next, Kind::word) && (word(next) == "to" || word(next) == "To");
    if (!is_sign(next, '-') && !word_to) return;
    ++next;
    while (is_sign(next, '-')) ++next;
    if (is(next, Kind::open) && is(next + 1, Kind::number) && word(next + 1) == "1") {
      // "073704-(1-4)": pages of one article.
      std::size_t close = next;
      while (close < to_ && close < next + 5 && !tokens_[close].is(Kind::close)) ++close;
      if (is(close, Kind::close)) {
        use(at_, close + 1);
        at_ = close + 1;
      }
      return;
    }
    if (next >= to_ || !(tokens_[next].is(Kind::number) || tokens_[next].is(Kind::mixed))) return;
    if (is_day(next) && is(next + 1, Kind::word) && month_number(word(next + 1)) != 0 &&
        !item.label_is_pages())
      return;
    std::string_view last = word(next);
    if (tokens_[next].is(Kind::mixed)) drop_suffix(last);
    use(at_, next + 1);
    at_ = next + 1;
    if (item.first.size() >= 5 && last.size() <= 2 && to_int(last) < 20) {
      // "024418-1 to -4": page 1 of article 024418.
      skip_article_pages();
      return;
    }
    item.last = last;
  }

  void skip_article_pages() {
    std::size_t next = at_;
    while (is_sign(next, '-') || (is(next, Kind::word) && word(next) == "to")) ++next;
    if (next == at_ || !is(next, Kind::number)) return;
    if (word(next).size() >= 5 && is_sign(next + 1, '-') && is(next + 2, Kind::number)) next += 2;
    if (word(next).size() > 2) return;
    use(at_, next + 1);
    at_ = next + 1;
  }

  std::string_view text_;
  ReferenceTokens& tokens_;
  std::size_t at_;
  std::size_t to_;
  std::size_t depth_ = 0;
  LocatorItems out_;
};

}  // namespace

bool LocatorItem::is_plain_number() const {
  return last.empty() && !first.empty() && std::all_of(first.begin(), first.end(), is_digit);
}

LocatorItems locator_items(std::string_view text, ReferenceTokens& tokens, std::size_t from, std::size_t to) {
  return ItemReader(text, tokens, from, to).read();
}

}  // namespace bibsmith::bibtex
