#include "bibtex/normalize/comment.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "bibtex/normalize/comment_phrases.hpp"
#include "bibtex/normalize/comment_successor.hpp"
#include "bibtex/normalize/comment_venue.hpp"
#include "bibtex/normalize/journal_names.hpp"
#include "bibtex/normalize/reference_text.hpp"
#include "bibtex/normalize/reference_words.hpp"
#include "bibtex/normalize/venues.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "fetchers/record/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

std::string_view without_marks(std::string_view text) {
  static constexpr ByteSet before(" ,;:.-(\"'");
  static constexpr ByteSet behind(" ,;:-(\"'");
  return trimmed(text, before, behind);
}

class CommentReader {
 public:
  CommentReader(std::string plain, std::string lowered)
      : plain_(std::move(plain)), lowered_(std::move(lowered)) {}

  // All but the counts.
  CommentReading read() {
    const StatusPhrase phrase = find_status(lowered_);
    out_.status = phrase.status;
    if (out_.status == CommentStatus::thesis) {
      read_thesis();
    } else if (out_.status == CommentStatus::withdrawn || out_.status == CommentStatus::superseded) {
      // it is nowhere
    } else if (out_.status != CommentStatus::none) {
      read_venue_at(phrase);
    } else {
      read_bare_venue();
    }
    return std::move(out_);
  }

  // "12 pages, 15 figures + 2 pages appendix": the first of each.
  void read_counts() {
    std::size_t at = 0;
    while (at < lowered_.size()) {
      if (!is_digit(lowered_[at])) {
        ++at;
        continue;
      }
      std::size_t end = at;
      while (end < lowered_.size() && is_digit(lowered_[end])) ++end;
      const bool part_of_number =
          at > 0 && (lowered_[at - 1] == '.' || is_word_byte(lowered_[at - 1]) || lowered_[at - 1] == '-');
      if (end - at <= 5 && !part_of_number)
        read_count(to_int(std::string_view(lowered_).substr(at, end - at)), end);
      at = end;
    }
  }

 private:
  void read_count(int number, std::size_t at) {
    // Up to two words may stand between: "22 two column pages", "2 eps figures".
    for (int words = 0; words < 3; ++words) {
      while (at < lowered_.size() && (lowered_[at] == ' ' || lowered_[at] == '-')) ++at;
      std::size_t end = at;
      while (end < lowered_.size() && is_word_byte(lowered_[end])) ++end;
      const std::string_view word = std::string_view(lowered_).substr(at, end - at);
      if (word.empty()) return;
      std::uint32_t* target = nullptr;
      if (word == "pages" || word == "page" || word == "pp" || word == "pgs") target = &out_.pages;
      if (word.starts_with("fig")) target = &out_.figures;
      if (word == "tables" || word == "table" || word == "tab") target = &out_.tables;
      if (target != nullptr) {
        if (*target == 0) *target = static_cast<std::uint32_t>(number);
        return;
      }
      at = end;
    }
  }

  void read_thesis() {
    const bool doctor = has_word(lowered_, "phd") || lowered_.find("ph.d") != std::string::npos ||
                        lowered_.find("ph. d") != std::string::npos ||
                        lowered_.find("doctor") != std::string::npos || has_word(lowered_, "dphil");
    const bool master = lowered_.find("master") != std::string::npos || has_word(lowered_, "msc") ||
                        lowered_.find("m.sc") != std::string::npos ||
                        lowered_.find("diplom") != std::string::npos;
    const bool bachelor = lowered_.find("bachelor") != std::string::npos || has_word(lowered_, "bsc") ||
                          lowered_.find("undergraduate") != std::string::npos;
    out_.thesis_kind = doctor     ? "phdthesis"
                       : master   ? "mastersthesis"
                       : bachelor ? "bachelorsthesis"
                                  : "thesis";
    // The words around "University", up to punctuation.
    for (const std::string_view word : {"universit", "college", "institut", "school", "eth z"}) {
      const std::size_t at = lowered_.find(word);
      if (at == std::string::npos) continue;
      std::size_t begin = at;
      while (begin > 0 && std::string_view(",;.()\n").find(lowered_[begin - 1]) == std::string_view::npos)
        --begin;
      std::size_t end = at;
      while (end < lowered_.size() &&
             std::string_view(",;.()\n").find(lowered_[end]) == std::string_view::npos)
        ++end;
      std::string_view name = std::string_view(plain_).substr(begin, end - begin);
      for (const std::string_view link :
           {" at the ", " at ", "thesis from ", "thesis of ", " in the ", " to the "}) {
        const std::size_t behind = in_lower_case(name).find(link);
        if (behind != std::string::npos) name = name.substr(behind + link.size());
      }
      out_.venue = without_marks(name);
      break;
    }
    out_.year = year_in(lowered_);
  }

  static std::int16_t year_in(std::string_view text) {
    for (std::size_t i = 0; i + 2 <= text.size(); ++i) {
      if (!is_digit(text[i]) ||
          (i > 0 && (is_digit(text[i - 1]) || text[i - 1] == '.' || text[i - 1] == '/')))
        continue;
      std::size_t end = i;
      while (end < text.size() && is_digit(text[end])) ++end;
      const std::string_view digits = text.substr(i, end - i);
      const bool id =
          end < text.size() && (text[end] == '.' && end + 1 < text.size() && is_digit(text[end + 1]));
      if (digits.size() == 2 && i > 0 && text[i - 1] == '\'') {
        const int value = to_int(digits);
        return static_cast<std::int16_t>(value >= 60 ? 1900 + value : 2000 + value);
      }
      const bool word = end < text.size() && is_word_byte(text[end]);
      if (is_year(digits) && !id && !word) return static_cast<std::int16_t>(to_int(digits));
      i = end;
    }
    return 0;
  }

  void set_venue(std::string_view name, std::string_view behind) {
    name = without_marks(name);
    if (std::none_of(name.begin(), name.end(), is_word_byte)) {  // "accepted 12/05/2010"
      out_.year = year_in(name);
      return;
    }
    if (name.size() > 256) name = name.substr(0, 256);
    out_.year = year_in(name);
    if (out_.year == 0)
      out_.year = year_in(behind.substr(0, std::min(behind.find_first_of(";"), std::size_t{48})));
    if (const JournalName* const row = journal_at_front(name);
        row != nullptr && row->kind == ContainerKind::journal && is_journal_here(name)) {
      out_.venue = without_year(name);
      out_.journal = row->full;
      return;
    }
    const Venue* venue = find_venue(name);
    // "41st … (ICASSP 2016)", "EMNLP2018 workshop WASSA2018", "ICML 2018 Workshop on …"
    const bool workshop = in_lower_case(name).find("workshop") != std::string::npos;
    if (venue == nullptr && !workshop) {
      const std::size_t open = name.find('(');
      if (open != std::string_view::npos)
        venue = find_venue(name.substr(open + 1, name.find(')', open) - open - 1));
      if (venue == nullptr) {
        const std::size_t space = name.find_first_of(" ,");
        if (space != std::string_view::npos) venue = find_venue(name.substr(0, space));
        if (venue == nullptr && space != std::string_view::npos && space + 1 < name.size()) {
          const std::size_t second = name.find_first_of(" ,", space + 1);
          if (second != std::string_view::npos) venue = find_venue(name.substr(0, second));
        }
      }
      if (venue == nullptr) venue = find_venue_title(name);
    }
    if (venue != nullptr) {
      out_.venue = venue->key;
      if (venue->journal) {
        out_.journal = venue->booktitle;
      } else {
        out_.booktitle = venue_booktitle(*venue, out_.year);
        out_.series = venue_series(*venue, out_.year);
      }
      return;
    }
    out_.venue = without_year(name);
  }

  // Talks are not given at journals: "Contribution to the Symmetry, Separation, …" is about a meeting.
  bool is_journal_here(std::string_view name) const {
    return out_.status != CommentStatus::presented || name.find(' ') != std::string_view::npos;
  }

  static std::string_view without_year(std::string_view name) {
    std::size_t end = name.size();
    while (end > 0 && is_digit(name[end - 1])) --end;
    return name.size() - end == 4 && end > 0 ? without_marks(name.substr(0, end)) : name;
  }

  // What stands behind "accepted for publication in", or before "in press".
  void read_venue_at(const StatusPhrase& phrase) {
    std::size_t at = skip_links(lowered_, phrase.end);
    // "To appear, Trans. Amer. Math. Soc."
    if (at < lowered_.size() && lowered_[at] == ',') {
      const std::size_t next = venue_end(plain_, lowered_, at + 1);
      const std::string_view name = without_marks(std::string_view(plain_).substr(at + 1, next - at - 1));
      if (find_journal(name) != nullptr || find_venue(name) != nullptr) ++at;
    }
    std::size_t end = venue_end(plain_, lowered_, at);
    at = with_proceedings(at, end);
    std::string_view behind = without_marks(std::string_view(plain_).substr(at, end - at));
    const bool stopped =
        at >= lowered_.size() || std::string_view(".;)").find(lowered_[at]) != std::string_view::npos;
    const bool takes_venue =
        phrase.takes_venue || std::string_view(lowered_).substr(phrase.end).starts_with(" in ");
    if (!stopped && !behind.empty() && takes_venue) {
      set_venue(behind, std::string_view(plain_).substr(end));
      return;
    }
    // "MNRAS Letters, in press", "ApJ:accepted"
    std::size_t last = phrase.begin;
    static constexpr ByteSet between(" ,(:");
    static constexpr ByteSet separators(",;)");
    while (last > 0 && between.contains(lowered_[last - 1])) --last;
    std::size_t begin = last;
    while (begin > 0 && !separators.contains(lowered_[begin - 1])) --begin;
    std::string_view before = without_marks(std::string_view(plain_).substr(begin, last - begin));
    if (find_journal(before) == nullptr && find_venue(before) == nullptr) {
      // "9 pages 6 figures ApJ accepted": the last word.
      const std::size_t space = before.find_last_of(' ');
      if (space != std::string_view::npos) before.remove_prefix(space + 1);
    }
    if (find_journal(before) != nullptr || find_venue(before) != nullptr) {
      set_venue(before, std::string_view(plain_).substr(phrase.end));
    } else if (std::string_view(lowered_).substr(phrase.begin).starts_with("to be held")) {
      out_.year = year_in(std::string_view(lowered_).substr(phrase.end));
    }
  }

  // "Proc. Amer. Math. Soc.": the word that was skipped belongs to the name of a journal.
  std::size_t with_proceedings(std::size_t at, std::size_t end) const {
    for (const std::string_view word : {"proc. ", "proc. of the ", "proceedings of the "}) {
      if (at < word.size() || std::string_view(lowered_).substr(at - word.size(), word.size()) != word)
        continue;
      const std::size_t begin = at - word.size();
      const JournalName* const row = find_journal(std::string_view(plain_).substr(begin, end - begin));
      if (row != nullptr && row->kind == ContainerKind::journal) return begin;
    }
    return at;
  }

  // A part of the comment that is nothing but the name of a venue: "NAACL 2018", "ICML 2018 (Long talk)".
  void read_bare_venue() {
    static constexpr ByteSet separators(",;(\n");
    std::size_t begin = 0;
    while (begin < plain_.size()) {
      std::size_t end = begin;
      while (end < plain_.size() && !separators.contains(plain_[end]) &&
             !(plain_[end] == '.' && (end + 1 == plain_.size() || plain_[end + 1] == ' ')))
        ++end;
      std::string_view part = without_marks(std::string_view(plain_).substr(begin, end - begin));
      const std::size_t part_end = end;
      begin = end + 1;
      if (starts_with_ignoring_case(part, "in ")) part.remove_prefix(3);
      if (part.size() < 3 || !((part[0] >= 'A' && part[0] <= 'Z') || is_digit(part[0]))) continue;
      if (is_bare_venue(part)) {
        out_.status = CommentStatus::bare_venue;
        set_venue(part, std::string_view(plain_).substr(part_end));
        return;
      }
    }
  }

  bool is_bare_venue(std::string_view part) const {
    const auto capitals_in = [](std::string_view text) {
      return std::count_if(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    };
    // "12 pages", "Revised": a venue has capitals, or numbers behind its name.
    const std::size_t digit = digit_bytes.find_in(part);
    const bool has_digit = digit != std::string_view::npos;
    const std::ptrdiff_t capitals = capitals_in(part);
    if (capitals <= 1 && !(has_digit && digit >= 4)) return false;
    const std::string lowered = in_lower_case(part);
    for (const std::string_view other :
         {"version", "style", "format", "template", "class", "paper", "file", "latex", "copyright", "report",
          "code", "dataset", "challenge data"}) {
      if (lowered.find(other) != std::string::npos) return false;
    }
    if (const Venue* const venue = find_venue(part)) {
      // Without a year only where nothing else is said: "ESA" is an agency too.
      return capitals > 1 && (has_digit || (part.size() == plain_.size() && !venue->journal));
    }
    // "EPTCS 10, 2010", "JHEP 0706:065"
    if (has_digit && digit >= 4 && find_journal(part.substr(0, digit)) != nullptr &&
        part.find("pages") == std::string_view::npos)
      return true;
    // "ICML/AAMAS Adaptive Learning Agents Workshop 2018", "EMNLP 2018 Workshop": a venue at the front.
    std::size_t end = 0;
    while (end < part.size() && part[end] != ' ' && part[end] != '/' && part[end] != '\'') ++end;
    std::string_view key = part.substr(0, end);
    while (!key.empty() && is_digit(key.back())) key.remove_suffix(1);
    if (capitals_in(key) < 3 || find_venue(key) == nullptr) return false;
    if (part.size() < 100 &&
        (has_conference_word(part) || lowered.find("challenge") != std::string::npos ||
         lowered.find("track") != std::string::npos || lowered.find("demo") != std::string::npos ||
         lowered.find("poster") != std::string::npos))
      return true;
    // "ICML 2018 long talk": the year comes at once.
    std::string_view left = part.substr(key.size());
    while (!left.empty() && (left.front() == ' ' || left.front() == '\'' || left.front() == '-'))
      left.remove_prefix(1);
    return left.size() >= 4 && is_year(left.substr(0, 4)) && left.size() < 40;
  }

  std::string plain_;
  std::string lowered_;
  CommentReading out_;
};

std::string_view within_limit(std::string_view text) {
  if (text.size() <= comment_bytes_max) return text;
  std::size_t cut = comment_bytes_max;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80) --cut;
  return text.substr(0, cut);
}

// Nearly no comment has one of the words.
bool may_say_withdrawn(std::string_view comment) {
  static constexpr ByteSet first_bytes("wrWR");
  for (std::size_t at = 0; at < comment.size(); ++at) {
    if (!first_bytes.contains(comment[at])) continue;
    const std::string_view left = comment.substr(at);
    if (starts_with_ignoring_case(left, "withdr") || starts_with_ignoring_case(left, "retract")) return true;
  }
  return false;
}

}  // namespace

bool says_accepted(CommentStatus status) {
  return status == CommentStatus::accepted || status == CommentStatus::to_appear ||
         status == CommentStatus::published;
}

bool says_withdrawn(std::string_view comment) {
  if (!may_say_withdrawn(comment)) return false;
  return read_comment(comment).status == CommentStatus::withdrawn;
}

std::string comment_journal(std::string_view text) {
  std::string plain = plain_reference(within_limit(text));
  take_identifiers(plain, true);
  std::string lowered = in_lower_case(plain);
  return CommentReader(std::move(plain), std::move(lowered)).read().journal;
}

CommentReading read_comment(std::string_view text) {
  text = within_limit(text);
  std::string plain = plain_reference(text);
  // Links stand between "published in" and the name: "Published in at http://dx.doi.org/… the Bernoulli".
  std::optional<Doi> doi = take_identifiers(plain, true).doi;
  std::string lowered = in_lower_case(plain);
  CommentReader reader(std::move(plain), std::move(lowered));
  reader.read_counts();
  CommentReading out = reader.read();
  if (out.status == CommentStatus::withdrawn || out.status == CommentStatus::superseded) {
    out.successor = find_successor(plain_reference(text));
  }
  out.doi = std::move(doi);
  return out;
}

}  // namespace bibsmith::bibtex
