#include "plugin/lsp/entry_index.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "bibtex/model/latex.hpp"
#include "bibtex/model/unicode.hpp"
#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::plugin {

namespace {

constexpr std::size_t value_bytes_max = 1000;  // of one field; titles and lists of names are read so far
constexpr std::size_t words_max = 16;
constexpr std::size_t typo_letters_min = 5;

constexpr std::array<std::string_view, 10> searched = {
    "author", "editor", "title", "year", "date", "eprint", "doi", "booktitle", "journal", "journaltitle"};

bool is_word_byte(char c) {
  const char low = bibtex::lower(c);
  return (low >= 'a' && low <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
}

// Words of the text in lower case, each behind a space. `keep`: bytes of identifiers that stay as they are.
void append_words(std::string& out, std::string_view text, std::string_view keep) {
  bool is_in_word = false;
  for (const char c : text) {
    if (is_word_byte(c) || keep.find(c) != keep.npos) {
      if (!is_in_word) out += ' ';
      is_in_word = true;
      out += bibtex::lower(c);
    } else if (c != '{' && c != '}') {  // {P}DE is one word
      is_in_word = false;
    }
  }
}

bool is_plain(std::string_view text) {
  return std::ranges::none_of(text,
                              [](char c) { return c == '\\' || static_cast<unsigned char>(c) >= 0x80; });
}

void append_value(std::string& out, std::string_view text, bool is_identifier) {
  text = text.substr(0, value_bytes_max);
  if (is_identifier) return append_words(out, text, "./:-");
  if (is_plain(text)) return append_words(out, text, {});
  append_words(out, bibtex::fold_case(bibtex::to_plain_latin(bibtex::to_unicode(text))), {});
}

// The byte `distance` behind the start of a match, in one load.
std::size_t find_short(std::string_view text, char wanted, std::size_t from) {
  const void* found = std::memchr(text.data() + from, wanted, text.size() - from);
  return found == nullptr ? text.npos
                          : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

// How well a line answers: the key itself before words that begin so before any other place.
int score_of(std::string_view line, std::size_t key_size, std::string_view word) {
  const std::string_view key = line.substr(0, key_size);
  if (key.starts_with(word)) return key.size() == word.size() ? 100 : 50;
  const std::size_t at = line.find(word);
  if (at == line.npos) return 1;  // by a slip
  if (at < key_size) return 20;
  return line[at - 1] == ' ' ? 10 : 2;
}

// Whether the word begins with what is typed, one slip allowed: what follows may not be typed yet.
bool is_typed_with_slip(std::string_view word, std::string_view typed) {
  for (std::size_t size = typed.size() - 1; size <= typed.size() + 1 && size <= word.size(); ++size) {
    if (is_one_slip(typed, word.substr(0, size))) return true;
  }
  return false;
}

bool has_word_with_slip(std::string_view line, std::string_view typed) {
  for (std::size_t begin = 0; begin < line.size();) {
    const std::size_t end = std::min(line.find(' ', begin), line.size());
    if (is_typed_with_slip(line.substr(begin, end - begin), typed)) return true;
    begin = end + 1;
  }
  return false;
}

}  // namespace

EntryWords::EntryWords(std::string_view typed) {
  std::string text;
  if (is_plain(typed)) {
    append_words(text, typed, "./:-_");
  } else {
    append_words(text, bibtex::fold_case(bibtex::to_plain_latin(bibtex::to_unicode(typed))), "./:-_");
  }
  for (std::size_t begin = 0; begin < text.size() && words.size() < words_max;) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    if (end > begin) words.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
}

EntryIndex::EntryIndex(const bibtex::Document& document) {
  for (const bibtex::Block& block : document.blocks()) {
    if (block.kind != bibtex::BlockKind::entry || block.key.size() == 0) continue;
    Line line{static_cast<std::uint32_t>(text_.size()), block.index, 0};
    const std::string_view key = document.text(block.key);
    for (const char c : key) text_ += c == '\n' || c == ' ' ? '_' : bibtex::lower(c);
    line.key_size = static_cast<std::uint16_t>(key.size());  // at most name_bytes_max
    for (const bibtex::FieldNode& field : document.fields(block)) {
      const std::string_view name = document.text(field.name);
      const auto is_named = [&](std::string_view known) { return bibtex::equal_ignoring_case(name, known); };
      const auto known = std::ranges::find_if(searched, is_named);
      if (known == searched.end()) continue;
      append_value(text_, document.text(field.value), *known == "eprint" || *known == "doi");
    }
    text_ += '\n';
    lines_.push_back(line);
  }
  text_.shrink_to_fit();
}

std::size_t EntryIndex::memory_bytes() const { return text_.capacity() + lines_.capacity() * sizeof(Line); }

std::string_view EntryIndex::line(std::size_t index) const {
  const std::size_t begin = lines_[index].begin;
  const std::size_t end = index + 1 < lines_.size() ? lines_[index + 1].begin : text_.size();
  return std::string_view(text_).substr(begin, end - begin - 1);
}

void EntryIndex::find_word(std::string_view word, std::vector<std::uint32_t>& found) const {
  for (std::size_t at = find_text(text_, word, 0); at != text_.npos;) {
    found.push_back(line_at(at));
    if (found.back() + 1 == lines_.size()) break;
    at = find_text(text_, word, lines_[found.back() + 1].begin);
  }
}

// Of a word with one slip in it, one half is as it should be; a swap of neighbours may touch the letter
// before the middle and the one behind it. Halves of two letters are everywhere and are not looked for.
void EntryIndex::find_slips(std::string_view word, std::vector<std::uint32_t>& found) const {
  constexpr std::size_t half_letters_min = 3;
  const std::size_t half = std::max(half_letters_min, word.size() / 2);
  for (const std::string_view part : {word.substr(0, half), word.substr(half + 1), word.substr(0, half - 1),
                                      word.substr(std::min(word.size(), half + 2))}) {
    if (part.size() < half_letters_min) continue;
    for (std::size_t at = find_text(text_, part, 0); at != text_.npos; at = find_text(text_, part, at + 1)) {
      std::size_t begin = at;
      while (begin > 0 && text_[begin - 1] != ' ' && text_[begin - 1] != '\n') --begin;
      const std::size_t end = text_.find_first_of(" \n", at);
      if (is_typed_with_slip(std::string_view(text_).substr(begin, end - begin), word)) {
        found.push_back(line_at(at));
      }
    }
  }
}

std::uint32_t EntryIndex::line_at(std::size_t at) const {
  const auto behind =
      std::upper_bound(lines_.begin(), lines_.end(), at,
                       [](std::size_t wanted, const Line& line) { return wanted < line.begin; });
  return static_cast<std::uint32_t>(behind - lines_.begin() - 1);
}

void EntryIndex::find(const EntryWords& wanted, bool typos, std::vector<Hit>& hits) const {
  if (lines_.empty()) return;
  if (wanted.words.empty()) {
    for (const Line& one : lines_) hits.push_back({one.block, 0});
    return;
  }
  // The longest word is in the fewest entries.
  const std::string& longest =
      *std::ranges::max_element(wanted.words, {}, [](const std::string& word) { return word.size(); });
  std::vector<std::uint32_t> candidates;
  if (typos && longest.size() >= typo_letters_min) {
    find_slips(longest, candidates);
    std::ranges::sort(candidates);
    candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
  } else {
    find_word(longest, candidates);
  }
  for (const std::uint32_t index : candidates) {
    const std::string_view text = line(index);
    int score = 0;
    const bool has_all = std::ranges::all_of(wanted.words, [&](const std::string& word) {
      const bool is_there = text.find(word) != text.npos ||
                            (typos && word.size() >= typo_letters_min && has_word_with_slip(text, word));
      if (is_there) score += score_of(text, lines_[index].key_size, word);
      return is_there;
    });
    if (has_all) hits.push_back({lines_[index].block, score});
  }
}

std::size_t find_text(std::string_view text, std::string_view needle, std::size_t from) {
  if (needle.empty() || from >= text.size() || text.size() - from < needle.size()) return text.npos;
  if (needle.size() == 1) return find_short(text, needle.front(), from);
  const std::size_t last = needle.size() - 1;
  std::size_t at = from;
#ifdef __SSE2__
  // Sixteen places at once: those where the first and the last byte of the needle are right are few.
  const __m128i first_byte = _mm_set1_epi8(needle.front());
  const __m128i last_byte = _mm_set1_epi8(needle.back());
  for (; at + last + 16 <= text.size(); at += 16) {
    const auto* begin = reinterpret_cast<const __m128i*>(text.data() + at);
    const auto* end = reinterpret_cast<const __m128i*>(text.data() + at + last);
    const __m128i equal = _mm_and_si128(_mm_cmpeq_epi8(_mm_loadu_si128(begin), first_byte),
                                        _mm_cmpeq_epi8(_mm_loadu_si128(end), last_byte));
    for (auto mask = static_cast<unsigned>(_mm_movemask_epi8(equal)); mask != 0; mask &= mask - 1) {
      const std::size_t place = at + static_cast<std::size_t>(std::countr_zero(mask));
      if (std::memcmp(text.data() + place, needle.data(), needle.size()) == 0) return place;
    }
  }
#endif
  return text.find(needle, at);
}

bool is_one_slip(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > 1) return false;
  std::size_t same = 0;
  while (same < a.size() && a[same] == b[same]) ++same;
  const std::string_view rest_a = a.substr(same);
  const std::string_view rest_b = b.substr(same);
  if (a.size() < b.size()) return rest_a == rest_b.substr(1);
  if (rest_a.size() < 2) return true;
  if (rest_a.substr(1) == rest_b.substr(1)) return true;
  return rest_a[0] == rest_b[1] && rest_a[1] == rest_b[0] && rest_a.substr(2) == rest_b.substr(2);
}

}  // namespace bibsmith::plugin
