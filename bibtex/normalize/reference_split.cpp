#include "bibtex/normalize/reference_split.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

#include "bibtex/normalize/journal_names.hpp"
#include "bibtex/normalize/reference_words.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/first_byte_index.hpp"
#include "fetchers/record/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

struct Marker {
  std::string_view word;  // in lower case
  RelatedKind kind;
};

constexpr auto markers = std::to_array<Marker>({
    {"erratum", RelatedKind::erratum},
    {"errata", RelatedKind::erratum},
    {"err.", RelatedKind::erratum},
    {"publisher's note", RelatedKind::erratum},
    {"corrigendum", RelatedKind::corrigendum},
    {"corrigenda", RelatedKind::corrigendum},
    {"correction", RelatedKind::corrigendum},
    {"addendum", RelatedKind::addendum},
    {"addenda", RelatedKind::addendum},
    {"english translation", RelatedKind::translation},
    {"engl. translation", RelatedKind::translation},
    {"engl. transl.", RelatedKind::translation},
    {"english transl.", RelatedKind::translation},
    {"english version", RelatedKind::translation},
    {"translation", RelatedKind::translation},
    {"translated in", RelatedKind::translation},
    {"transl.", RelatedKind::translation},
    {"reprinted in", RelatedKind::publication},
    {"also in", RelatedKind::publication},
    {"also published in", RelatedKind::publication},
    {"ibidem", RelatedKind::publication},
    {"ibid", RelatedKind::publication},
});

std::size_t digit_count(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_digit));
}

const Marker* marker_at(std::string_view text, std::size_t at) {
  static constexpr FirstByteIndex by_first_byte(markers, [](const Marker& marker) { return marker.word; });
  const auto rows = by_first_byte.rows(lower(text[at]));
  if (rows.empty() || (at > 0 && is_word_byte(text[at - 1]))) return nullptr;
  for (const std::size_t row : rows) {
    const Marker& marker = markers[row];
    if (!starts_with_ignoring_case(text.substr(at), marker.word)) continue;
    const std::size_t end = at + marker.word.size();
    if (end < text.size() && is_word_byte(text[end]) && is_word_byte(text[end - 1])) continue;
    return &marker;
  }
  return nullptr;
}

constexpr std::string_view joints = " ,;:.-([&+";

std::string_view without_joints(std::string_view text) {
  while (!text.empty() && joints.find(text.front()) != std::string_view::npos) text.remove_prefix(1);
  while (!text.empty() && std::string_view(" ,;:-([&+").find(text.back()) != std::string_view::npos)
    text.remove_suffix(1);
  for (const std::string_view word : {" and", " see also", " with", " plus"}) {
    if (text.ends_with(word)) return without_joints(text.substr(0, text.size() - word.size()));
  }
  return text;
}

// Takes "ibid.", "-ibid.", "in", "to" and the like off the front of what follows a marker.
std::string_view after_marker(std::string_view text, bool& ibid) {
  for (int rounds = 0; rounds < 6; ++rounds) {
    while (!text.empty() && joints.find(text.front()) != std::string_view::npos) text.remove_prefix(1);
    bool taken = false;
    for (const std::string_view word :
         {"ibidem", "ibid", "in", "published", "to", "see", "note", "erratum", "and"}) {
      if (!starts_with_ignoring_case(text, word)) continue;
      if (text.size() > word.size() && is_word_byte(text[word.size()]) &&
          !(word == "ibid" && text.substr(4, 1) != "e"))
        continue;
      ibid = ibid || word.starts_with("ibid");
      text.remove_prefix(word.size());
      taken = true;
      break;
    }
    if (!taken) break;
  }
  while (!text.empty() && (text.back() == ')' || text.back() == ']') &&
         std::count(text.begin(), text.end(), text.back()) >
             std::count(text.begin(), text.end(), text.back() == ')' ? '(' : '[')) {
    text.remove_suffix(1);
  }
  return text;
}

// The words before the first digit, "Vol" and the like cut off.
std::string_view head_of(std::string_view text) {
  static constexpr ByteSet ends("0123456789(");
  std::string_view head = text.substr(0, ends.find_in(text));
  while (!head.empty()) {
    while (!head.empty() && joints.find(head.back()) != std::string_view::npos) head.remove_suffix(1);
    std::size_t begin = head.size();
    while (begin > 0 && is_word_byte(head[begin - 1])) --begin;
    const std::string_view word = head.substr(begin);
    if (word.empty() || begin == 0 || number_label(word) == NumberLabel::none) break;
    if (word.size() == 1 && word[0] >= 'A' && word[0] <= 'Z') break;
    head = head.substr(0, begin);
  }
  return head;
}

// The shortest reference: "ApJ 1, 2 (1999)".
constexpr std::size_t reference_digits_min = 6;
constexpr std::size_t marker_digits_min = 3;

// The size of what may stand between two references at `at`: ";", " and ", " & ", " + ", "["; 0: nothing
// does. A run of separators counts as its last.
std::size_t joint_size(std::string_view text, std::size_t at) {
  if (text[at] == ';' || text[at] == '[') {
    return at + 1 < text.size() && (text[at + 1] == ';' || text[at + 1] == '[') ? 0 : 1;
  }
  if (text[at] != ' ') return 0;
  const std::string_view left = text.substr(at, 5);
  if (left == " and ") return 5;
  return left.starts_with(" & ") || left.starts_with(" + ") ? 3 : 0;
}

// Whether what follows a semicolon, "and" or "+" is a reference of its own.
bool starts_reference(std::string_view after, bool semicolon) {
  after = without_joints(after);
  if (after.empty()) return false;
  if (digit_count(after) < 3) return false;
  std::string_view head = head_of(after);
  if (!is_word_byte(after.front())) {
    // "2004, ApJ, 5, 6" after a semicolon
    return semicolon && is_year(after.substr(0, 4)) &&
           find_journal(head_of(without_joints(after.substr(4)))) != nullptr;
  }
  std::size_t word_end = 0;
  while (word_end < after.size() && is_word_byte(after[word_end])) ++word_end;
  if (number_label(after.substr(0, word_end)) != NumberLabel::none && head.size() <= word_end + 1)
    return false;
  if (month_number(after.substr(0, word_end)) != 0) return false;
  if (head.empty()) return false;
  if (find_journal(head) != nullptr) return true;
  // "Phys. Lett. B713": the letter of the volume ends the name.
  if (head.size() > 2 && head.back() >= 'A' && head.back() <= 'Z' &&
      find_journal(without_joints(head.substr(0, head.size() - 1))) != nullptr)
    return true;
  return semicolon && (has_journal_word(head) || has_conference_word(head)) && digit_count(after) >= 5;
}

}  // namespace

std::vector<ReferencePart> split_references(std::string_view text) {
  std::vector<ReferencePart> parts;
  ReferencePart current;
  std::size_t begin = 0;
  std::size_t digits = 0;  // in [begin, at): what has too few is no reference yet
  const auto close = [&](std::size_t end) {
    current.text = without_joints(text.substr(begin, end - begin));
    if (current.kind != RelatedKind::publication || current.ibid)
      current.text = after_marker(current.text, current.ibid);
    // "erratum 82, 019901": in the same journal.
    if (current.kind != RelatedKind::publication && !current.text.empty() && is_digit(current.text.front()))
      current.ibid = true;
    if (!current.text.empty()) parts.push_back(current);
    digits = 0;
  };
  std::size_t at = 0;
  while (at < text.size() && parts.size() + 1 < journal_ref_references_max) {
    const char c = text[at];
    if (is_digit(c)) ++digits;
    if (digits < marker_digits_min) {
      ++at;
      continue;
    }
    if (const Marker* const marker = marker_at(text, at);
        marker != nullptr && digit_count(text.substr(at)) >= 2) {
      close(at);
      current = {.kind = marker->kind, .ibid = marker->word.starts_with("ibid"), .text = {}};
      at += marker->word.size();
      begin = at;
      continue;
    }
    if (digits < reference_digits_min) {
      ++at;
      continue;
    }
    const std::size_t joint = joint_size(text, at);
    if (joint != 0 && starts_reference(text.substr(at + joint), c == ';')) {
      close(at);
      current = {};
      // "Zh. Eksp. Teor. Fiz. 130, 3 (2006) [JETP 103, 5 (2006)]"
      if (c == '[') current.kind = RelatedKind::translation;
      begin = at + joint;
    }
    at += std::max(joint, std::size_t{1});
  }
  close(text.size());
  return parts;
}

}  // namespace bibsmith::bibtex
