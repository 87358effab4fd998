#include "bibtex/normalize/reference_lead.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "bibtex/normalize/reference_words.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/first_byte_index.hpp"
#include "fetchers/record/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

struct Phrase {
  std::string_view text;  // in lower case
  bool forthcoming = false;
  bool within = false;
};

// Longer ones before those that begin them.
constexpr auto lead_ins = std::to_array<Phrase>({
    {"to appear in the", true, true},
    {"to appear in", true, true},
    {"to appear at", true, true},
    {"to appear on", true, true},
    {"to appear:", true},
    {"to be published in", true, true},
    {"to be published by", true},
    {"to be presented at", true, true},
    {"accepted for publication in", true, true},
    {"accepted for publication by", true},
    {"accepted for publication at", true},
    {"accepted for", true},
    {"accepted to", true},
    {"accepted in", true},
    {"accepted by", true},
    {"accepted at", true},
    {"forthcoming in", true, true},
    {"forthcoming:", true},
    {"in press at", true},
    {"in press in", true},
    {"in press:", true},
    {"in press,", true},
    {"will appear in", true, true},
    {"à paraître dans", true, true},
    {"published in", false, true},
    {"published on", false},
    {"published as", false},
    {"published at", false, true},
    {"published by", false},
    {"published:", false},
    {"appeared in", false, true},
    {"appears in", false, true},
    {"appearing in", false, true},
    {"contribution to the", false, true},
    {"contribution to", false, true},
    {"chapter in", false, true},
    {"presented at", false, true},
    {"presented in", false, true},
    {"presented to", false, true},
    {"extended abstract in", false, true},
    {"extended abstract at", false, true},
    {"a shorter version appeared in", false, true},
    {"journal reference", false},
    {"journal ref", false},
    {"journal-ref", false},
    {"final version in", false, true},
    {"in:", false, true},
    {"in the", false, true},
    {"in ", false, true},
    {"dans les", false, true},
    {"dans ", false, true},
    {"see", false},
});

// Phrases that stand anywhere else.
constexpr auto notes = std::to_array<std::string_view>({
    "to appear",
    "in press",
    "in print",
    "forthcoming",
    "to be published",
    "sous presse",
    "im druck",
    "à paraître",
    "accepted for publication",
    "in the press",
    "in stampa",
    "в печати",
});

std::string_view trimmed_front(std::string_view text) {
  static constexpr ByteSet signs(" :,;.-");
  while (!text.empty() && signs.contains(text.front())) text.remove_prefix(1);
  return text;
}

// "Chapter 3 in", "Ch. 12 of"
std::string_view after_chapter(std::string_view text) {
  const std::size_t word = starts_with_ignoring_case(text, "chapter ") ? 8
                           : starts_with_ignoring_case(text, "ch. ")   ? 4
                                                                       : 0;
  if (word == 0) return text;
  std::size_t at = word;
  while (at < text.size() && is_digit(text[at])) ++at;
  const std::string_view behind = text.substr(at);
  if (at == word || !(behind.starts_with(" in ") || behind.starts_with(" of ") || behind.starts_with(", ")))
    return text;
  return behind.substr(behind.starts_with(", ") ? 2 : 4);
}

// Takes lead-ins off the front, as often as one follows another.
std::string_view after_lead_ins(std::string_view text, ReferenceLead& lead) {
  static constexpr FirstByteIndex by_first_byte(lead_ins, [](const Phrase& phrase) { return phrase.text; });
  for (int rounds = 0; rounds < 4; ++rounds) {
    text = after_chapter(trimmed_front(text));
    if (text.empty()) break;
    const Phrase* found = nullptr;
    for (const std::size_t row : by_first_byte.rows(lower(text.front()))) {
      const Phrase& phrase = lead_ins[row];
      if (!starts_with_ignoring_case(text, phrase.text)) continue;
      if (text.size() > phrase.text.size() && is_word_byte(phrase.text.back()) &&
          is_word_byte(text[phrase.text.size()]))
        continue;
      found = &phrase;
      break;
    }
    if (found == nullptr) break;
    lead.forthcoming = lead.forthcoming || found->forthcoming;
    lead.within = lead.within || found->within;
    text.remove_prefix(found->text.size());
  }
  return trimmed_front(text);
}

bool has_digit(std::string_view text) { return std::any_of(text.begin(), text.end(), is_digit); }

// The offset behind "Foo, B. and Bar, C. (eds.)," at the front, or 0. What follows has to be a title: where
// it is a publisher or a number, the title stood before the editors.
std::size_t editors_end(std::string_view text) {
  static constexpr ByteSet signs("(,");
  const auto* const bracket =
      std::find_if(text.begin(), text.end(), [](char c) { return signs.contains(c); });
  const auto is_ed = [](char e, char d) { return lower(e) == 'e' && lower(d) == 'd'; };
  if (std::adjacent_find(bracket, text.end(), is_ed) == text.end()) return 0;
  const std::string lowered = in_lower_case(text);
  for (const std::string_view editors :
       {"(eds.)", "(eds)", "(ed.)", "(editors)", "(ed)", ", eds.,", ", editors,"}) {
    const std::size_t at = lowered.find(editors);
    if (at == std::string::npos || at > 160) continue;
    const std::string_view before = text.substr(0, at);
    std::string_view behind = trimmed_front(text.substr(at + editors.size()));
    if (has_digit(before) || has_conference_word(before) || before.find('"') != std::string_view::npos)
      continue;
    behind = behind.substr(0, std::min(behind.find_first_of(",(0123456789"), behind.size()));
    while (!behind.empty() && behind.back() == ' ') behind.remove_suffix(1);
    if (behind.size() < 8 || is_publisher(behind)) continue;
    return at + editors.size();
  }
  return 0;
}

// Whether a word begins with "in".
bool holds_in(std::string_view text) {
  for (std::size_t at = 1; at + 1 < text.size(); ++at) {
    if (text[at] == 'n' && (text[at - 1] | 0x20) == 'i' && (at == 1 || text[at - 2] == ' ')) return true;
  }
  return false;
}

// The offset behind authors and title in `text`, or 0: a title in quotes with more behind it, "(eds.),", or
// " in Proc".
std::size_t title_end(std::string_view text) {
  const std::size_t open = text.find('"');
  if (open != std::string_view::npos && open > 0) {
    const std::size_t close = text.find('"', open + 1);
    if (close != std::string_view::npos && close - open > 12 && close + 3 < text.size() &&
        !has_digit(text.substr(0, open)) && text.substr(0, open).find("roc") == std::string_view::npos &&
        text.substr(0, open).find("orkshop") == std::string_view::npos &&
        text.substr(0, open).find("onf") == std::string_view::npos) {
      const std::string_view behind = trimmed_front(text.substr(close + 1));
      std::size_t word = 0;
      while (word < behind.size() && is_word_byte(behind[word])) ++word;
      // Behind the name of a journal or a book come numbers, editors and publishers.
      const bool names = word > 0 && number_label(behind.substr(0, word)) == NumberLabel::none &&
                         month_number(behind.substr(0, word)) == 0 &&
                         !starts_with_ignoring_case(behind, "ed") &&
                         behind.find_first_of("0123456789") != std::string_view::npos;
      if (names && (text[close - 1] == ',' || text[close - 1] == '.' || text.substr(close + 1, 1) == "," ||
                    text.substr(close + 1, 1) == "." || starts_with_ignoring_case(behind, "in ")))
        return close + 1;
    }
  }
  if (!holds_in(text)) return 0;
  for (const std::string_view link : {". In: ", ". In ", ", in: ", ", In: ", ", in Proc", ", In Proc",
                                      " in: ", " in Proc", " In Proc", "\" in ", "\", in "}) {
    const std::size_t at = text.find(link);
    if (at != std::string_view::npos && at > 8 && !has_digit(text.substr(0, at)) &&
        !has_conference_word(text.substr(0, at)))
      return at + (link.ends_with("Proc") ? link.size() - 4 : link.size());
  }
  return 0;
}

// Takes "in press" and the like out of the text.
void take_notes(ReferenceLead& lead) {
  static constexpr auto by_first_byte = index_words(notes);
  std::string& text = lead.text;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto rows = by_first_byte.rows(lower(text[at]));
    if (rows.empty() || (at > 0 && is_word_byte(text[at - 1]))) continue;
    for (const std::size_t row : rows) {
      const std::string_view note = notes[row];
      if (!starts_with_ignoring_case(std::string_view(text).substr(at), note)) continue;
      const std::size_t end = at + note.size();
      if (end < text.size() && is_word_byte(text[end])) continue;
      text.erase(at, note.size());
      while (!text.empty() && std::string_view(" ,;:-(").find(text.back()) != std::string_view::npos)
        text.pop_back();
      lead.forthcoming = true;
      return;
    }
  }
}

}  // namespace

ReferenceLead take_lead(std::string_view text) {
  ReferenceLead lead;
  text = after_lead_ins(text, lead);
  std::size_t end = editors_end(text);
  lead.edited = end != 0;
  if (end == 0) end = title_end(text);
  if (end != 0) {
    std::string_view before = text.substr(0, end);
    while (!before.empty() && std::string_view(" ,.:;").find(before.back()) != std::string_view::npos)
      before.remove_suffix(1);
    for (const std::string_view link : {" in", " In", ",", "."}) {
      if (before.ends_with(link)) before.remove_suffix(link.size());
    }
    lead.before = before;
    text = after_lead_ins(text.substr(end), lead);
  }
  // 'proceedings for the workshop "Software …"': the quotes hold the name.
  for (const std::string_view wrapping :
       {"proceedings for the workshop \"", "proceedings of the workshop \"",
        "proceedings of the conference \"", "proceedings of the international conference \"",
        "proc. of the workshop \"", "proc. of the conference \"", "proceedings of \""}) {
    if (starts_with_ignoring_case(text, wrapping)) {
      text.remove_prefix(wrapping.size() - 1);
      lead.within = true;
      lead.meeting = true;
      break;
    }
  }
  lead.text = text;
  take_notes(lead);
  return lead;
}

}  // namespace bibsmith::bibtex
