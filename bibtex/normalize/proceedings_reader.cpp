#include "bibtex/normalize/proceedings_reader.hpp"

#include <algorithm>
#include <vector>

#include "bibtex/normalize/journal_names.hpp"
#include "bibtex/normalize/reference_words.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "fetchers/record/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

using Kind = ReferenceToken::Kind;

// Tokens [begin, end) between two commas.
struct Segment {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// What brackets hold inside a title: an acronym with its year, not another title.
constexpr std::size_t bracket_bytes_max = 48;

class TitleReader {
 public:
  TitleReader(std::string_view text, ReferenceTokens& tokens, std::size_t from, std::size_t to)
      : text_(text), tokens_(tokens), from_(from), to_(to) {}

  BookTitle read() {
    cut_segments();
    BookTitle out;
    out.end = from_;
    for (std::size_t i = 0; i < segments_.size(); ++i) {
      const std::size_t end = title_end_in(segments_[i], i == 0);
      if (i > 0 && (end == segments_[i].begin || !continues(i))) break;
      out.end = end;
      if (end != segments_[i].end) break;
    }
    if (out.end == from_) return out;
    std::string_view title =
        text_.substr(tokens_[from_].span.begin, tokens_[out.end - 1].span.end - tokens_[from_].span.begin);
    while (!title.empty() && std::string_view(" ,;:-/.\"(").find(title.back()) != std::string_view::npos) {
      // The dot of an abbreviation stays: "AIP Conf. Proc."
      if (title.back() == '.' && has_abbreviation_end(title)) break;
      if (title.back() == '"' && std::count(title.begin(), title.end(), '"') % 2 == 0 && title.front() != '"')
        break;
      title.remove_suffix(1);
    }
    while (!title.empty() && (title.front() == '"' || title.front() == ' ' || title.front() == '\''))
      title.remove_prefix(1);
    if (std::count(title.begin(), title.end(), '"') % 2 != 0 &&
        title.find("\" (") == std::string_view::npos) {
      out.title = without_quotes(title);
    } else {
      out.title = title.find("\" (") != std::string_view::npos ? without_quotes(title) : std::string(title);
    }
    for (std::size_t i = from_; i < out.end; ++i) tokens_[i].used = true;
    out.year = year_in(title);
    return out;
  }

 private:
  std::string_view word(std::size_t i) const { return tokens_[i].span.in(text_); }
  bool is(std::size_t i, Kind kind) const { return i < to_ && tokens_[i].is(kind); }
  bool is_sign(std::size_t i, char c) const { return is(i, Kind::sign) && word(i)[0] == c; }

  static std::string without_quotes(std::string_view title) {
    std::string out(title);
    out.erase(std::remove(out.begin(), out.end(), '"'), out.end());
    return out;
  }

  static bool has_abbreviation_end(std::string_view title) {
    for (const std::string_view end :
         {"Proc.", "Conf.", "Ser.", "Symp.", "Sci.", "Soc.", "Lett.", "Phys.", "Int."}) {
      if (title.ends_with(end)) return true;
    }
    return false;
  }

  void cut_segments() {
    std::size_t depth = 0;
    bool quoted = false;
    Segment current{from_, from_};
    const auto close = [&](std::size_t end) {
      current.end = end;
      if (current.end > current.begin) segments_.push_back(current);
      current.begin = end + 1;
    };
    for (std::size_t i = from_; i < to_; ++i) {
      if (tokens_[i].is(Kind::open)) ++depth;
      if (tokens_[i].is(Kind::close) && depth > 0) --depth;
      if (is_sign(i, '"')) quoted = !quoted;
      if (depth != 0) continue;
      const bool comma = is_sign(i, ',') || is_sign(i, ';');
      const bool spaced_slash = is_sign(i, '/') && spaced(i);
      const bool spaced_colon = is_sign(i, ':') && i + 1 < to_ &&
                                tokens_[i - (i > from_ ? 1U : 0U)].span.end < tokens_[i].span.begin &&
                                spaced(i) && number_behind(i);
      if ((comma && !quoted) || spaced_slash || spaced_colon || is_full_stop(i)) close(i);
    }
    close(to_);
  }

  bool spaced(std::size_t i) const {
    return i > from_ && i + 1 < to_ && tokens_[i - 1].span.end < tokens_[i].span.begin &&
           tokens_[i].span.end < tokens_[i + 1].span.begin;
  }
  bool number_behind(std::size_t i) const { return is(i + 1, Kind::number); }

  // A stop behind a long lower-case word or a bracket, before a capital: the end of a title.
  bool is_full_stop(std::size_t i) const {
    if (!is_sign(i, '.') || i == from_ || i + 1 >= to_ || tokens_[i].span.end == tokens_[i + 1].span.begin)
      return false;
    const std::string_view before = word(i - 1);
    if (tokens_[i - 1].is(Kind::close)) return true;
    constexpr std::string_view vowels = "aeiouy";
    if (before.size() >= 6 && (vowels.find(before.back()) != std::string_view::npos || before.back() == 's' ||
                               before.ends_with("ing") || before.ends_with("ion")))
      return !before.starts_with("Univers") && (has_conference_word(text_before(i)) || !goes_on_behind(i));
    return tokens_[i - 1].is(Kind::number) && before.size() == 4;
  }

  std::string_view text_before(std::size_t i) const {
    return text_.substr(tokens_[from_].span.begin, tokens_[i].span.begin - tokens_[from_].span.begin);
  }

  // "Cognition et création. Explorations cognitives": a subtitle, not a publisher or a place.
  bool goes_on_behind(std::size_t i) const {
    if (!is(i + 1, Kind::word)) return false;
    std::string_view behind = text_.substr(tokens_[i + 1].span.begin);
    behind = behind.substr(0, std::min(behind.find_first_of(",;:(0123456789"), behind.size()));
    while (!behind.empty() && (behind.back() == ' ' || behind.back() == '.')) behind.remove_suffix(1);
    return behind.size() > 12 && !is_publisher(behind) && !is_place(behind);
  }

  bool is_ordinal(std::size_t i) const {
    if (!tokens_[i].is(Kind::mixed)) return false;
    const std::string_view text = word(i);
    return is_digit(text[0]) &&
           (text.ends_with("st") || text.ends_with("nd") || text.ends_with("rd") || text.ends_with("th"));
  }

  // Where the title stops inside a segment: at "Vol. 3", "pp. 7", "(2006)", a volume, a range of pages, a
  // date.
  std::size_t title_end_in(const Segment& segment, bool first) const {
    for (std::size_t i = segment.begin; i < segment.end; ++i) {
      const bool at_begin = i == segment.begin;
      switch (tokens_[i].kind) {
        case Kind::word: {
          const NumberLabel label = number_label(word(i));
          std::size_t next = i + 1;
          while (next < segment.end && tokens_[next].is(Kind::sign) && word(next)[0] != '\'' &&
                 word(next)[0] != '-')
            ++next;
          if (label != NumberLabel::none && label != NumberLabel::ignored && next < segment.end &&
              (tokens_[next].is(Kind::number) ||
               (word(i).size() > 1 && is_roman_number(word(next)) && label == NumberLabel::volume)) &&
              (word(i).size() > 1 || is_sign(i + 1, '.') || word(i) == "p"))
            return i;
          if (word(i) == "p" && is_sign(i + 1, '.') && next < segment.end && word(next) == "p") return i;
          if (!at_begin && (word(i) == "Edited" || word(i) == "edited") && is(i + 1, Kind::word)) return i;
          if (!at_begin && is_sign(i + 1, '.') &&
              (word(i) == "ed" || word(i) == "eds" || word(i) == "Eds" || word(i) == "Ed"))
            return i;
          if (!first && at_begin && month_number(word(i)) != 0) return i;
          if (month_number(word(i)) != 0 && next < to_ && tokens_[next].is(Kind::number) &&
              word(i) != "may" && word(i) != "March")
            return i;
          break;
        }
        case Kind::open: {
          // "(2006)", "(12 May 2006)", "(25/06/2006)": dates; "(CSIT'2000)", "(SoCG 2011)" belong to the
          // title.
          bool words = false;
          std::size_t inner = i + 1;
          for (; inner < to_ && !tokens_[inner].is(Kind::close); ++inner) {
            if (tokens_[inner].is(Kind::word) && month_number(word(inner)) == 0) words = true;
            if (tokens_[inner].is(Kind::mixed) && !is_ordinal(inner)) words = true;
          }
          if (!words) return i;
          // A title in another language.
          if (i > segment.begin && tokens_[inner - 1].span.end - tokens_[i].span.end > bracket_bytes_max)
            return i;
          if (opens_editors(i) || opens_series(i)) return i;
          i = std::min(inner, segment.end - 1);
          break;
        }
        case Kind::number: {
          if (is_sign(i + 1, '-') && is(i + 2, Kind::number) && !is_year(word(i + 2))) return i;
          const bool year = is_year(word(i));
          if (!first && at_begin && !(year && is(i + 1, Kind::word) && month_number(word(i + 1)) == 0))
            return i;
          if (is(i + 1, Kind::word) && month_number(word(i + 1)) != 0 && i > segment.begin) return i;
          if (year) {
            // "Conference. 2010": not part of it.
            if (i > segment.begin + 1 && is_sign(i - 1, '.') && word(i - 2).size() > 5) return i;
            break;
          }
          if (word(i).size() >= 3 && !(is_sign(i + 1, '-') && is(i + 2, Kind::word))) return i;
          if (i > segment.begin && is_sign(i - 1, '\'')) break;
          if (i + 1 < to_ && (tokens_[i + 1].is(Kind::open) || is_sign(i + 1, ':')) && i != from_) return i;
          break;
        }
        case Kind::mixed: {
          const std::size_t digit = digit_bytes.find_in(word(i));
          const std::string_view letters = word(i).substr(0, digit);
          if (digit >= 1 && letters[0] >= 'a' &&
              (letters == "p" || letters == "pp" || letters == "vol" || letters == "v"))
            return i;
          break;
        }
        default:
          break;
      }
    }
    return segment.end;
  }

  std::string_view segment_text(const Segment& segment) const {
    return text_.substr(tokens_[segment.begin].span.begin,
                        tokens_[segment.end - 1].span.end - tokens_[segment.begin].span.begin);
  }

  bool opens_editors(std::size_t i) const {
    const std::string lowered = in_lower_case(text_.substr(tokens_[i].span.end, 12));
    return lowered.starts_with("ed.") || lowered.starts_with("eds") || lowered.starts_with("ed ") ||
           lowered.starts_with("editor") || lowered.starts_with("edited");
  }
  // "(LIPIcs vol.22)", "(LNCS 1234)", "(EPTCS 12)".
  bool opens_series(std::size_t i) const {
    std::string_view inside = text_.substr(tokens_[i].span.end);
    inside = inside.substr(0, inside.find_first_of("0123456789,)"));
    for (const std::string_view label : {"vol.", "Vol.", "volume", "Volume", "vol", "Vol"}) {
      const std::size_t at = inside.find(label);
      if (at != std::string_view::npos) inside = inside.substr(0, at);
    }
    const JournalName* const row = find_journal(inside);
    return row != nullptr && row->kind != ContainerKind::journal;
  }

  // Whether a comma stands inside the title, so that segment i goes on with it.
  bool continues(std::size_t i) const {
    const std::string_view text = segment_text(segments_[i]);
    if (ends_title(i)) return false;
    if (goes_on(text)) return true;
    // "on Sensor, Mesh, and Ad Hoc Networks": a list that ends with "and".
    for (std::size_t next = i + 1; next < segments_.size() && next < i + 4; ++next) {
      if (ends_title(next)) return false;
      const std::string_view later = segment_text(segments_[next]);
      if (later.starts_with("and ") || later.starts_with("& ")) return true;
      if (goes_on(later) && text.size() < 60 && !is_place(later)) return true;
    }
    return false;
  }

  bool goes_on(std::string_view text) const {
    if (text.starts_with("and ") || text.starts_with("& ")) return true;
    if (text.find(" and ") != std::string_view::npos || text.find(" & ") != std::string_view::npos)
      return !is_place(text.substr(0, text.find(' ')));
    if (text.ends_with(")") && text.find('(') != std::string_view::npos && text.find('(') > 0 &&
        std::any_of(text.begin() + static_cast<std::ptrdiff_t>(text.find('(')), text.end(),
                    [](char c) { return c >= 'A' && c <= 'Z'; }))
      return true;
    if (text.ends_with(" on")) return true;
    return has_conference_word(text);
  }

  bool ends_title(std::size_t i) const {
    const Segment& segment = segments_[i];
    const std::string_view text = segment_text(segment);
    if (is_place(text) || is_publisher(text)) return true;
    const std::string_view first = word(segment.begin);
    if (tokens_[segment.begin].is(Kind::number) &&
        !(is_year(first) && is(segment.begin + 1, Kind::word) && month_number(word(segment.begin + 1)) == 0 &&
          segment.begin + 1 < segment.end))
      return true;
    if (tokens_[segment.begin].is(Kind::word) && month_number(first) != 0) return true;
    const std::string lowered = in_lower_case(text);
    if (lowered.starts_with("ed.") || lowered.starts_with("eds") || lowered.starts_with("edited by") ||
        lowered.starts_with("editor") || lowered.find("(ed") != std::string::npos ||
        lowered.starts_with("in press"))
      return true;
    if (title_end_in(segment, false) == segment.begin) return true;
    // A series with its number.
    const std::string_view head = text.substr(0, text.find_first_of("0123456789("));
    const JournalName* row = find_journal(head);
    if (row == nullptr) {
      for (const std::string_view label : {"vol", "Vol", "volume", "Volume"}) {
        const std::size_t at = head.find(label);
        if (at != std::string_view::npos && at > 0) row = find_journal(head.substr(0, at));
        if (row != nullptr) break;
      }
    }
    return row != nullptr && (row->kind != ContainerKind::journal || head.size() < text.size());
  }

  static int year_in(std::string_view title) {
    int found = 0;
    for (std::size_t i = 0; i < title.size(); ++i) {
      if (!is_digit(title[i])) continue;
      std::size_t end = i;
      while (end < title.size() && is_digit(title[end])) ++end;
      const std::string_view digits = title.substr(i, end - i);
      if (is_year(digits)) found = to_int(digits);
      if (found == 0 && digits.size() == 2 && i > 0 && title[i - 1] == '\'') {
        const int value = to_int(digits);
        found = value >= 60 ? 1900 + value : 2000 + value;
      }
      i = end;
    }
    return found;
  }

  std::string_view text_;
  ReferenceTokens& tokens_;
  std::size_t from_;
  std::size_t to_;
  std::vector<Segment> segments_;
};

}  // namespace

BookTitle read_book_title(std::string_view text, ReferenceTokens& tokens, std::size_t from, std::size_t to) {
  return TitleReader(text, tokens, from, to).read();
}

std::string take_publisher(std::string_view text, ReferenceTokens& tokens, std::size_t from, std::size_t to) {
  std::size_t begin = from;
  for (std::size_t i = from; i <= to; ++i) {
    const bool ends =
        i == to || !(tokens[i].is(Kind::word) ||
                     (tokens[i].is(Kind::sign) &&
                      std::string_view(".-&'").find(tokens[i].span.in(text)[0]) != std::string_view::npos));
    if (!ends) continue;
    while (begin < i && tokens[begin].is(Kind::sign)) ++begin;  // "215-224. Springer"
    if (i > begin && tokens[begin].is(Kind::word)) {
      std::size_t last = i;
      while (last > begin && tokens[last - 1].is(Kind::sign)) --last;
      const std::string_view name =
          text.substr(tokens[begin].span.begin, tokens[last - 1].span.end - tokens[begin].span.begin);
      if (name.size() < 64 && is_publisher(name)) {
        // "ed. D. A. Martin. Nova Publishers": behind the last stop.
        const std::size_t stop = name.rfind(". ");
        const bool editors =
            stop != std::string_view::npos && stop + 6 < name.size() && is_publisher(name.substr(stop + 2));
        const std::size_t cut = editors ? stop + 2 : 0;
        for (std::size_t k = begin; k < last; ++k) {
          if (tokens[k].span.begin >= tokens[begin].span.begin + cut) tokens[k].used = true;
        }
        return std::string(name.substr(cut));
      }
    }
    begin = i + 1;
  }
  return {};
}

}  // namespace bibsmith::bibtex
