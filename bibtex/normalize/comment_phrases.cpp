#include "bibtex/normalize/comment_phrases.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <cstddef>

#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/first_byte_index.hpp"

namespace bibsmith::bibtex {

namespace {

using Status = CommentStatus;

struct Phrase {
  std::string_view text;
  Status status;
  bool takes_venue = true;
};

constexpr auto phrases = std::to_array<Phrase>({
    {"withdrawn", Status::withdrawn, false},
    {"withdraw this", Status::withdrawn, false},
    {"withdraw the paper", Status::withdrawn, false},
    {"withdraw our", Status::withdrawn, false},
    {"withdrew", Status::withdrawn, false},
    {"retracted", Status::withdrawn, false},
    {"superseded", Status::superseded, false},
    {"superceded", Status::superseded, false},
    {"subsumed by", Status::superseded, false},
    {"replaced by arxiv", Status::superseded, false},
    {"has been merged", Status::superseded, false},
    {"merged into", Status::superseded, false},
    {"merged with arxiv", Status::superseded, false},
    {"conditionally accepted", Status::submitted},
    {"published version", Status::published, false},
    {"version published in", Status::published},
    {"version as published", Status::published, false},
    {"published", Status::published},
    {"appeared in", Status::published},
    {"appeared at", Status::published},
    {"appears in", Status::published},
    {"appears at", Status::published},
    {"proceedings paper", Status::published, false},
    {"proceedings of", Status::published},
    {"proceedings for", Status::published},
    {"proceedings ", Status::published},
    {"in proceedings", Status::published},
    {"in: proceedings", Status::published},
    {"in proc.", Status::published},
    {"final journal version", Status::published, false},
    {"journal version", Status::published, false},
    {"accepted", Status::accepted},
    {"acceptance", Status::accepted},
    {"to appear", Status::to_appear},
    {"to be published", Status::to_appear},
    {"will be published", Status::to_appear},
    {"will appear", Status::to_appear},
    {"in press", Status::to_appear},
    {"forthcoming", Status::to_appear},
    {"to be held", Status::to_appear, false},
    {"to be presented", Status::to_appear},
    {"will be presented", Status::to_appear},
    {"presented", Status::presented},
    {"invited talk", Status::presented},
    {"talk given", Status::presented},
    {"talk at", Status::presented},
    {"contribution to", Status::presented},
    {"contributed to", Status::presented},
    {"poster at", Status::presented},
    {"under review", Status::submitted},
    {"in review", Status::submitted},
    {"under peer review", Status::submitted},
    {"under consideration", Status::submitted},
    {"under revision", Status::submitted},
    {"under submission", Status::submitted},
    {"in submission", Status::submitted},
    {"submitted", Status::submitted},
    {"resubmitted", Status::submitted},
    {"re-submitted", Status::submitted},
    {"thesis", Status::thesis, false},
    {"dissertation", Status::thesis, false},
    {"habilitation", Status::thesis, false},
    {"diplomarbeit", Status::thesis, false},
});

// Which statement wins where a comment makes several: a withdrawn paper is withdrawn whatever else it was,
// and "submitted to X, accepted" is accepted.
int strength(Status status) {
  switch (status) {
    case Status::withdrawn:
      return 12;
    case Status::superseded:
      return 11;
    case Status::thesis:
      return 10;
    case Status::published:
      return 8;
    case Status::accepted:
      return 7;
    case Status::to_appear:
      return 6;
    case Status::submitted:
      return 4;
    case Status::presented:
      return 3;
    case Status::bare_venue:
      return 2;
    case Status::none:
      return 0;
  }
  return 0;
}

// "Proceedings of X, to be published in Y": the mere name of proceedings says least.
int strength(const Phrase& phrase) {
  return phrase.text.starts_with("proceedings ") ? strength(Status::bare_venue) : strength(phrase.status);
}

bool ends_sentence(std::string_view text, std::size_t at) {
  const char c = text[at];
  if (c == ';' || c == '\n') return true;
  if (c != '.' || (at + 1 < text.size() && text[at + 1] != ' ')) return false;
  // Not behind an abbreviation of a few letters.
  std::size_t begin = at;
  while (begin > 0 && is_word_byte(text[begin - 1])) --begin;
  return at - begin >= 5 || (at > 0 && (is_digit(text[at - 1]) || text[at - 1] == ')'));
}

std::string_view sentence_before(std::string_view text, std::size_t at) {
  std::size_t begin = at;
  while (begin > 0 && at - begin < 200 && !ends_sentence(text, begin - 1)) --begin;
  return text.substr(begin, at - begin);
}

std::string_view sentence_behind(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && end - at < 200 && !ends_sentence(text, end)) ++end;
  return text.substr(at, end - at);
}

bool contains(std::string_view text, std::string_view word) {
  return text.find(word) != std::string_view::npos;
}

// What speaks of another version, or of another paper. With something behind it: "short version, accepted" is
// about this one.
bool is_of_another(std::string_view before) {
  static constexpr auto others = std::to_array<std::string_view>({
      "short version",
      "shorter version",
      "shortened version",
      "abridged version",
      "preliminary version",
      "conference version",
      "journal version of",
      "earlier version",
      "previous version",
      "condensed version",
      "abbreviated version",
      "extended abstract",
      "an abstract",
      "extended version of",
      "full version of",
      "long version of",
      "longer version of",
      "expanded version of",
      "extension of",
      "companion",
      "part of this",
      "parts of this",
      "portions of this",
      "some of the results",
      "subset of",
      "workshop version",
      "letter version",
      "short paper version",
      "brief version",
      "prior version",
      "first version of",
      "full version for",
      "extended version for",
      "follow-up to",
      "sequel to",
      "based on the paper",
      "based on a paper",
      "a version of the paper",
      "long version",
      "full paper of",
      "supplementary material for",
      "supplementary material to",
      "supplement to",
      "supplemental material for",
      "appendix to",
      "appendix for",
      "appendix of",

      "superset of",

      "data for",
  });
  for (const std::string_view other : others) {
    const std::size_t at = before.find(other);
    if (at == std::string_view::npos) continue;
    std::string_view behind = before.substr(at + other.size());
    while (!behind.empty() && behind.front() == ' ') behind.remove_prefix(1);
    if (other.ends_with(" of") || other.ends_with(" for") || other.ends_with(" to")) return true;
    // "Extended abstract accepted at X" is the paper; "an extended abstract appeared in X" is another.
    if (behind.empty() && other == "extended abstract") {
      const std::string_view article = before.substr(0, at);
      if (!article.ends_with("an ") && !article.ends_with("the ")) continue;
    }
    if (behind.empty()) return true;
    if (behind.front() != ',' && behind.front() != '(' && behind.front() != ':') return true;
  }
  return false;
}

// "not accepted", "if accepted", "to be accepted", "yet to be published"
bool is_denied(std::string_view before) {
  while (!before.empty() && before.back() == ' ') before.remove_suffix(1);
  static constexpr auto denials = std::to_array<std::string_view>(
      {"not the",   "not",       "if",           "until",        "once",      "when",    "unless",
       "never",     "not been",  "not yet been", "not yet",      "not be",    "may be",  "might be",
       "should be", "could be",  "can be",       "before being", "hopefully", "before",  "hope to be",
       "yet to be", "un",        "cannot be",    "not to be",    "awaiting",  "pending", "for",
       "widely",    "generally", "commonly"});
  for (const std::string_view denial : denials) {
    if (!before.ends_with(denial)) continue;
    const std::size_t left = before.size() - denial.size();
    if (left == 0 || !is_word_byte(before[left - 1])) return true;
  }
  return false;
}

bool ends_with_word(std::string_view text, std::string_view word) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '-')) text.remove_suffix(1);
  return text.ends_with(word) &&
         (text.size() == word.size() || !is_word_byte(text[text.size() - word.size() - 1]));
}

bool starts_part(std::string_view before) {
  while (!before.empty() && before.back() == ' ') before.remove_suffix(1);
  for (const std::string_view word : {"conference", "in", "the"}) {
    if (ends_with_word(before, word)) {
      before.remove_suffix(word.size());
      while (!before.empty() && before.back() == ' ') before.remove_suffix(1);
    }
  }
  return before.empty() || !is_word_byte(before.back());
}

// "accepted as known", "the accepted value"
bool speaks_of_opinion(std::string_view behind) {
  static constexpr auto words = std::to_array<std::string_view>(
      {" as known", " as true", " as fact", " as such", " theor", " model", " value", " practice",
       " paradigm", " view", " definition", " notion", " wisdom", " standard", " belief", " fact"});
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return behind.starts_with(word); });
}

// Whether the phrase at [begin, end) says its status of this paper.
bool holds(std::string_view text, std::size_t begin, std::size_t end, const Phrase& phrase) {
  const std::string_view before = sentence_before(text, begin);
  const std::string_view behind = sentence_behind(text, end);
  switch (phrase.status) {
    case Status::withdrawn: {
      if (is_denied(before)) return false;
      // "Version 2 was withdrawn", "withdrawn from the conference" say nothing of the paper; "supersedes the
      // withdrawn arXiv:…" is about another one.
      if (ends_with_word(before, "supersedes the") || contains(before, "replaces the") ||
          ends_with_word(before, "previously"))
        return false;
      return !behind.starts_with(" from consideration");
    }
    case Status::superseded:
      return !is_denied(before) && !contains(before, "supersedes");
    case Status::thesis: {
      // "based on my PhD thesis", "a chapter of the thesis"
      for (const std::string_view part :
           {"based on",   "part of",      "chapter of",  "chapters of",  "from the",     "extracted from",
            "taken from", "from my",      "excerpt",     "extension of", "adapted from", "summary of",
            "results of", "contained in", "see also",    "derived from", "portion of",   "in the author",
            "appendix",   "extends",      "with thesis", "of my",        "of his",       "of her",
            "in my",      "in his",       "in her",      "from his",     "from her",     "from author",
            "summarizes", "summarises",   "originates",  "grew out"}) {
        if (contains(before, part)) return false;
      }
      if (contains(text, "hypothesis") && !contains(text, " thesis") && !text.starts_with("thesis"))
        return false;
      return !behind.starts_with(" advisor") && !behind.starts_with(" of church") &&
             !ends_with_word(before, "church-turing") && !ends_with_word(before, "church");
    }
    case Status::published: {
      // "in proceedings of X" and "proceedings of X" at the front of a part of the comment, not "to appear in
      // proceedings of X".
      if (contains(phrase.text, "proc") && !starts_part(before)) return false;
      if (is_denied(before) && !contains(phrase.text, "version")) return false;
      if (phrase.text == "journal version") {
        // "minor changes to match the journal version", not "journal version to appear"
        return contains(before, "match") || contains(before, "accord") || contains(before, "close") ||
               contains(before, "consistent") || contains(before, "agree") || contains(before, "updated to");
      }
      if (phrase.text == "published version") {
        // "an extended version of the published version": not the one that lies here.
        const std::string_view clause = before.substr(before.find_last_of(',') + 1);
        for (const std::string_view other :
             {"differ", "longer than", "errors in the", "corrects", "extended", "extends"}) {
          if (contains(clause, other)) return false;
        }
        return !is_of_another(clause);
      }
      // "Final version, matching the published paper"
      if (phrase.text == "published" && contains(before, "match") &&
          (behind.starts_with(" paper") || behind.starts_with(" article") || behind.starts_with(" one")))
        return true;
      if (phrase.text == "published") {
        for (const std::string_view auxiliary :
             {"to be", "will be", "be", "recently", "previously", "already", "the", "un"}) {
          if (!ends_with_word(before, auxiliary)) continue;
          if (auxiliary == "recently" || auxiliary == "already") break;
          // "the published paper", "errors in the published article"
          return false;
        }
        if (behind.starts_with(" in the literature") || behind.starts_with(" data") ||
            behind.starts_with(" work") || behind.starts_with(" result") || behind.starts_with(" paper"))
          return false;
      }
      return !is_of_another(before);
    }
    case Status::accepted:
      if (is_denied(before) || ends_with_word(before, "to be") || ends_with_word(before, "will be"))
        return false;
      if (speaks_of_opinion(behind)) return false;
      // A condition is not met yet.
      for (const std::string_view condition :
           {" subject to", " in principle", " pending", " with major", " conditional"}) {
        if (behind.starts_with(condition)) return false;
      }
      if (ends_with_word(before, "conditionally") || ends_with_word(before, "provisionally") ||
          contains(before, "rejected"))
        return false;
      if (phrase.text == "acceptance" && (contains(before, "before") || contains(before, "after") ||
                                          contains(behind, "rate") || contains(before, "acceptance")))
        return false;
      if (phrase.text == "acceptance") return contains(before, "upon") || contains(before, "version");
      return !is_of_another(before);
    case Status::to_appear:
      return !is_denied(before) && !is_of_another(before);
    case Status::presented:
      if (phrase.text == "presented") {
        return (behind.starts_with(" at ") || behind.starts_with(" in the proceedings") ||
                behind.starts_with(" to the ")) &&
               !is_of_another(before) && !contains(before, "results") && !contains(before, "proofs");
      }
      return !is_of_another(before);
    case Status::submitted:
      if (behind.starts_with(" by ") ||
          (ends_with_word(before, "originally") && contains(behind, "accepted")))
        return false;
      return !is_denied(before) && !is_of_another(before);
    default:
      return true;
  }
}

using PhraseSet = std::bitset<phrases.size()>;

// The phrases that begin at the beginning of a word of `text`, found in one go.
PhraseSet phrases_in(std::string_view text) {
  static constexpr FirstByteIndex by_first_byte(phrases, [](const Phrase& phrase) { return phrase.text; });
  PhraseSet found;
  bool inside = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool letter = is_word_byte(text[at]);
    if (letter && !inside) {
      const std::string_view left = text.substr(at);
      for (const std::size_t row : by_first_byte.rows(text[at])) {
        const std::string_view phrase = phrases[row].text;  // of two bytes at least
        if (left.size() > 1 && left[1] == phrase[1] && left.starts_with(phrase)) found.set(row);
      }
    }
    inside = letter;
  }
  return found;
}

}  // namespace

StatusPhrase find_status(std::string_view text) {
  StatusPhrase best;
  int best_strength = 0;
  const PhraseSet found = phrases_in(text);
  if (found.none()) return best;
  for (std::size_t row = 0; row < phrases.size(); ++row) {
    const Phrase& phrase = phrases[row];
    if (!found.test(row) || strength(phrase) <= best_strength) continue;
    for (std::size_t at = text.find(phrase.text); at != std::string_view::npos;
         at = text.find(phrase.text, at + phrase.text.size())) {
      const std::size_t end = at + phrase.text.size();
      if (at > 0 && is_word_byte(text[at - 1])) continue;
      if (end < text.size() && is_word_byte(text[end]) && phrase.text != "withdraw") continue;
      if (!holds(text, at, end, phrase)) continue;
      best = {phrase.status, at, end, phrase.takes_venue};
      best_strength = strength(phrase);
      break;
    }
  }
  return best;
}

std::size_t skip_links(std::string_view text, std::size_t at) {
  static constexpr auto links = std::to_array<std::string_view>({
      "for publication",
      "for oral presentation",
      "for poster presentation",
      "for presentation",
      "for possible publication",
      "for inclusion",
      "for consideration",
      "for a talk",
      "as a long paper",
      "as a short paper",
      "as a full paper",
      "as long paper",
      "as short paper",
      "as full paper",
      "as an oral presentation",
      "as oral presentation",
      "as an oral",
      "oral presentation",
      "presentation",
      "presented",
      "as a spotlight",
      "as oral",
      "as a poster",
      "as poster",
      "as a conference paper",
      "as a workshop paper",
      "as a regular paper",
      "the proceedings of the",
      "the proceedings of",
      "proceedings of the",
      "proceedings of",
      "the proceedings",
      "proceedings",
      "proc. of the",
      "proc. of",
      "proc.",
      "the journal",
      "a journal",
      "in",
      "by",
      "to",
      "at",
      "on",
      "into",
      "with",
      "the",
      "for",
      "of",
      "version",
      "paper",
      "long paper",
      "(long paper)",
      "as",
      "a",
      "and",
      "will",
      "appear",
      "be",
      "published",
      "is",
      "was",
      "has",
      "been",
  });
  static constexpr auto by_first_byte = index_words(links);
  bool moved = true;
  while (moved && at < text.size()) {
    moved = false;
    while (at < text.size() && (text[at] == ' ' || text[at] == ':')) ++at;
    const std::string_view left = text.substr(at);
    if (left.empty()) break;
    for (const std::size_t row : by_first_byte.rows(left.front())) {
      const std::string_view link = links[row];
      if (!left.starts_with(link) || (left.size() > link.size() && is_word_byte(left[link.size()]))) continue;
      if (left.size() > link.size() && (left[link.size()] == '&' || left[link.size()] == '.') &&
          link.size() == 1)
        continue;
      at += link.size();
      moved = true;
      break;
    }
  }
  return at;
}

}  // namespace bibsmith::bibtex
