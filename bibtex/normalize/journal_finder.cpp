#include "bibtex/normalize/journal_finder.hpp"

#include <algorithm>
#include <string>

#include "bibtex/normalize/reference_words.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "fetchers/record/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

using Kind = ReferenceToken::Kind;

constexpr std::size_t names_tried_max = 12;

bool is_ordinal(std::string_view mixed) {
  return is_digit(mixed[0]) && (mixed.ends_with("st") || mixed.ends_with("nd") || mixed.ends_with("rd") ||
                                mixed.ends_with("th") || mixed.ends_with("e"));
}

class Finder {
 public:
  Finder(std::string_view text, ReferenceTokens& tokens) : text_(text), tokens_(tokens) {}

  std::optional<FoundJournal> find() {
    std::size_t begin = 0;
    for (std::size_t runs = 0; runs < names_tried_max && begin < tokens_.size(); ++runs) {
      while (begin < tokens_.size() && !starts_name(begin)) {
        note_year(begin);
        ++begin;
      }
      const std::size_t end = locator_begin(text_, tokens_, begin);
      const bool named = begin < end || (begin < tokens_.size() && tokens_[begin].is(Kind::mixed));
      if (named && match(begin, end)) {
        if (year_token_ != FoundJournal::none && year_token_ < found_.begin && belongs(year_token_)) {
          found_.year = year_;
          found_.year_token = year_token_;
        }
        return found_;
      }
      if (end >= tokens_.size()) return std::nullopt;
      begin = end;
      note_year(begin);
      ++begin;
    }
    return std::nullopt;
  }

 private:
  std::string_view word(std::size_t i) const { return tokens_[i].span.in(text_); }

  // Names start with a word; labels and months are none.
  bool starts_name(std::size_t i) const {
    if (tokens_[i].is(Kind::mixed)) return !is_digit(word(i)[0]) && digit_bytes.find_in(word(i)) > 1;
    if (!tokens_[i].is(Kind::word)) return false;
    const NumberLabel label = number_label(word(i));
    return (label == NumberLabel::none || word(i).size() == 1 || label == NumberLabel::ignored) &&
           month_number(word(i)) == 0;
  }

  void note_year(std::size_t i) {
    if (!tokens_[i].is(Kind::number) || !is_year(word(i))) return;
    year_ = to_int(word(i));
    year_token_ = i;
  }

  // A year before the name dates the reference when it stands next to it, or in brackets as behind authors.
  bool belongs(std::size_t year) const {
    if (year > 0 && tokens_[year - 1].is(Kind::open)) return true;
    // "Proceedings QPL 2014, EPTCS 172": the year of the meeting.
    if (year > 0 && found_.row->kind != ContainerKind::journal) return false;
    for (std::size_t i = year + 1; i < found_.begin; ++i) {
      if (!tokens_[i].is(Kind::sign) && !tokens_[i].is(Kind::close)) return false;
    }
    return true;
  }

  std::string_view between(std::size_t begin, std::size_t end) const {
    if (begin >= end) return {};
    return text_.substr(tokens_[begin].span.begin, tokens_[end - 1].span.end - tokens_[begin].span.begin);
  }

  bool match(std::size_t begin, std::size_t end) {
    if (match_name(begin, end)) return true;
    // Behind authors and titles: the name starts after a stop, a comma, a quote, a bracket or "in".
    for (std::size_t i = begin + 1; i < end; ++i) {
      if (!(tokens_[i].is(Kind::word) || tokens_[i].is(Kind::mixed))) continue;
      const ReferenceToken& before = tokens_[i - 1];
      const std::string_view sign = word(i - 1);
      const bool linked = before.is(Kind::word) && (sign == "in" || sign == "In" || sign == "Publishing" ||
                                                    sign == "Springer" || sign == "al");
      if (!linked && !before.is(Kind::sign) && !before.is(Kind::close)) continue;
      if (sign == "'" || sign == "-" || sign == "&" || sign == "/") continue;
      const char first = word(i)[0];
      if (first >= 'a' && first <= 'z' && word(i).size() < 4) continue;
      // A single common word ("Science", "Information") is a journal only where nothing stands before it.
      if (end - i == 1 && tokens_[i].is(Kind::word) && !is_capital_mix(word(i))) continue;
      // "Conference on Foo, Comm. of ACM": an abbreviation inside a longer name is not its start.
      if (sign == "." && i >= 2 && tokens_[i - 2].is(Kind::word) && is_abbreviation(word(i - 2)) &&
          !(end - i >= 3 && word(i).size() >= 7))
        continue;
      if (match_name(i, end)) return true;
    }
    return false;
  }

  // Words of four and five letters that end with a consonant are cut mostly: "Phys.", "Proc.", not "Data.".
  static bool is_abbreviation(std::string_view word) {
    return word.size() < 4 ||
           (word.size() < 6 && std::string_view("aeiouy").find(word.back()) == std::string_view::npos);
  }

  // "ApJ", "PhysRevD": capitals inside.
  static bool is_capital_mix(std::string_view text) {
    return std::any_of(text.begin() + 1, text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  }

  bool accept(const JournalName* row, std::size_t begin, std::size_t end) {
    if (row == nullptr) return false;
    found_.row = row;
    found_.begin = begin;
    found_.end = end;
    return true;
  }

  // Names [begin, end) with the letters that the number at `end` may bring.
  bool match_name(std::size_t begin, std::size_t end) {
    const std::string_view name = between(begin, end);
    if (end < tokens_.size() && tokens_[end].is(Kind::mixed) && match_with_letters(name, begin, end))
      return true;
    if (name.empty()) return false;
    if (accept(find_journal(name), begin, end)) {
      cut_repeated_name(end);
      found_.volume_letter = end < tokens_.size() && tokens_[end].is(Kind::mixed) && !is_digit(word(end)[0]);
      return true;
    }
    return match_before_bracket(begin, end);
  }

  // "Journal of Cosmology and Astroparticle Physics, JCAP01 (2021)"
  void cut_repeated_name(std::size_t end) {
    if (end >= tokens_.size() || !tokens_[end].is(Kind::mixed)) return;
    const std::size_t digit = digit_bytes.find_in(word(end));
    if (digit < 2 || find_journal(word(end).substr(0, digit)) != found_.row) return;
    tokens_[end].span.begin += static_cast<std::uint32_t>(digit);
    tokens_[end].kind = Kind::number;
  }

  bool match_with_letters(std::string_view name, std::size_t begin, std::size_t end) {
    const std::string_view mixed = word(end);
    const std::size_t digit = digit_bytes.find_in(mixed);
    if (digit > 0 && mixed.find_first_not_of("0123456789", digit) == std::string_view::npos) {
      std::string lettered(name);
      lettered += ' ';
      lettered += mixed.substr(0, digit);
      if (digit == 1 && !(mixed[0] >= 'A' && mixed[0] <= 'Z')) return false;
      if (digit == 1 && name.empty()) return false;
      if (!accept(find_journal(lettered), begin, end)) return false;
      tokens_[end].span.begin += static_cast<std::uint32_t>(digit);
      tokens_[end].kind = Kind::number;
      return true;
    }
    // "Phys. Lett. 678B"
    const std::size_t letter = mixed.size() - 1;
    if (digit == 0 && mixed[letter] >= 'A' && mixed[letter] <= 'Z' && letter <= 4 &&
        mixed.substr(0, letter).find_first_not_of("0123456789") == std::string_view::npos) {
      std::string lettered(name);
      lettered += ' ';
      lettered += mixed[letter];
      if (!accept(find_journal(lettered), begin, end)) return false;
      tokens_[end].span.end -= 1;
      tokens_[end].kind = Kind::number;
      return true;
    }
    return false;
  }

  // "LNCS (Euro-Par 2014) 8632", "Phys. Rev. E: Statistical, Nonlinear 78": words behind the name.
  bool match_before_bracket(std::size_t begin, std::size_t end) {
    for (std::size_t i = begin + 1; i < end; ++i) {
      const bool bracket = tokens_[i].is(Kind::open);
      const bool colon = tokens_[i].is(Kind::sign) && word(i) == ":" && i > begin + 1;
      if (!bracket && !colon) continue;
      if (!accept(find_journal(between(begin, i)), begin, i)) continue;
      if (bracket) {
        std::size_t close = i;
        while (close < tokens_.size() && !tokens_[close].is(Kind::close)) ++close;
        found_.bracket_begin = i + 1;
        found_.bracket_end = close;
        found_.end = std::min(close + 1, tokens_.size());
        for (std::size_t k = i; k < found_.end; ++k) {
          if (!tokens_[k].is(Kind::word) && !tokens_[k].is(Kind::mixed)) tokens_[k].used = true;
        }
      } else {
        found_.end = end;
      }
      return true;
    }
    return false;
  }

  std::string_view text_;
  ReferenceTokens& tokens_;
  FoundJournal found_;
  int year_ = 0;
  std::size_t year_token_ = FoundJournal::none;
};

}  // namespace

std::optional<FoundJournal> find_journal_in(std::string_view text, ReferenceTokens& tokens) {
  return Finder(text, tokens).find();
}

std::size_t locator_begin(std::string_view text, const ReferenceTokens& tokens, std::size_t from) {
  const auto word = [&](std::size_t i) { return tokens[i].span.in(text); };
  for (std::size_t i = from; i < tokens.size(); ++i) {
    switch (tokens[i].kind) {
      case Kind::number:
        // "1-st"
        if (i + 2 < tokens.size() && word(i + 1) == "-" &&
            (word(i + 2) == "st" || word(i + 2) == "nd" || word(i + 2) == "rd" || word(i + 2) == "th"))
          break;
        return i;
      case Kind::mixed:
        if (!is_ordinal(word(i))) return i;
        break;
      case Kind::open:
        if (i + 1 < tokens.size() && i > from &&
            (tokens[i + 1].is(Kind::number) ||
             (tokens[i + 1].is(Kind::word) && month_number(word(i + 1)) != 0)))
          return i;
        break;
      case Kind::word: {
        if (i == from && word(i).size() == 1) break;
        const NumberLabel label = number_label(word(i));
        if (label == NumberLabel::none || label == NumberLabel::ignored) {
          if (month_number(word(i)) != 0 && word(i) != "Mar" && word(i).size() >= 3 &&
              i + 1 < tokens.size()) {
            std::size_t next = i + 1;
            while (next < tokens.size() && tokens[next].is(Kind::sign)) ++next;
            if (next < tokens.size() && tokens[next].is(Kind::number)) return i;
          }
          break;
        }
        std::size_t next = i + 1;
        while (next < tokens.size() && next < i + 4 && tokens[next].is(Kind::sign)) ++next;
        if (next >= tokens.size()) break;
        const bool number = tokens[next].is(Kind::number) || tokens[next].is(Kind::mixed);
        const bool roman =
            tokens[next].is(Kind::word) && label == NumberLabel::volume && is_roman_number(word(next));
        const bool second_label = tokens[next].is(Kind::word) && label == NumberLabel::article;
        if (word(i).size() == 1) {
          // A single letter is a label with a stop ("v. 62") or in lower case; else it is the journal's.
          const bool lower_case = word(i)[0] >= 'a';
          if (number &&
              ((lower_case && (word(i) == "v" || word(i) == "p" || word(i) == "n" || word(i) == "s" ||
                               word(i) == "t" || static_cast<unsigned char>(word(i)[0]) >= 0x80)) ||
               (word(i + 1) == "." &&
                (word(i) == "V" || word(i) == "P" || word(i) == "S" || word(i) == "T" || word(i) == "N") &&
                i > from + 1 && word(i - 1) != ".")))
            return i;
          break;
        }
        if (number || roman || second_label) return i;
        break;
      }
      default:
        break;
    }
  }
  return tokens.size();
}

}  // namespace bibsmith::bibtex
