#include "plugin/lsp/vocabulary.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>

#include "bibtex/model/latex.hpp"
#include "bibtex/model/unicode.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "plugin/lsp/text_search.hpp"

namespace bibsmith::plugin {

namespace {

// A byte of a word in lower case; 0: it ends one; 1: it is passed over, "{P}DE" is one word.
constexpr std::array<char, 256> make_word_bytes() {
  std::array<char, 256> bytes{};
  for (int i = 0; i < 256; ++i) {
    const char low = bibtex::lower(static_cast<char>(i));
    const bool is_word = (low >= 'a' && low <= 'z') || (low >= '0' && low <= '9') || i >= 0x80;
    bytes[static_cast<std::size_t>(i)] = is_word ? low : '\0';
  }
  bytes['{'] = bytes['}'] = 1;
  return bytes;
}

constexpr std::array<char, 256> word_bytes = make_word_bytes();

bool is_plain(std::string_view text) {
  bool has_other = false;
  for (const char c : text) has_other |= c == '\\' || static_cast<unsigned char>(c) >= 0x80;
  return !has_other;
}

// Titles of 100 MB go through here before the first completion: no look at the capacity for each byte.
void append_plain_words(std::string& out, std::string_view text, std::string_view keeps) {
  const std::size_t before = out.size();
  out.resize(before + 2 * text.size());  // at most a space before each byte
  char* to = out.data() + before;
  bool is_in_word = false;
  for (const char c : text) {
    char low = word_bytes[static_cast<unsigned char>(c)];
    if (low == 1) continue;
    if (low == 0 && !keeps.empty() && keeps.find(c) != keeps.npos) low = c;
    if (low == 0) {
      is_in_word = false;
      continue;
    }
    if (!is_in_word) *to++ = ' ';
    is_in_word = true;
    *to++ = low;
  }
  out.resize(static_cast<std::size_t>(to - out.data()));
}

// FNV-1a.
std::uint32_t hash_of(std::string_view word) {
  std::uint32_t hash = 2166136261u;
  for (const char c : word) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return hash;
}

}  // namespace

void append_words(std::string& out, std::string_view text, std::string_view keeps) {
  if (is_plain(text)) return append_plain_words(out, text, keeps);
  append_plain_words(out, bibtex::fold_case(bibtex::to_plain_latin(bibtex::to_unicode(text))), keeps);
}

EntryWords::EntryWords(std::string_view typed) {
  std::string text;
  append_words(text, typed, "./:-_");
  for (std::size_t begin = 0; begin < text.size() && words.size() < words_max;) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    if (end > begin) words.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
}

std::size_t EntryWords::longest() const {
  assert(!words.empty());
  const auto found = std::ranges::max_element(words, {}, [](const std::string& word) { return word.size(); });
  return static_cast<std::size_t>(found - words.begin());
}

std::uint32_t Vocabulary::number_of(std::string_view word) {
  if (2 * begins_.size() >= slots_.size()) grow();
  const std::uint32_t hash = hash_of(word);
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  for (; slots_[at].number != UINT32_MAX; at = (at + 1) & mask) {
    if (slots_[at].hash == hash && this->word(slots_[at].number) == word) return slots_[at].number;
  }
  slots_[at] = {hash, size()};
  begins_.push_back(static_cast<std::uint32_t>(text_.size()));
  text_ += word;
  text_ += '\n';
  return slots_[at].number;
}

void Vocabulary::grow() {
  constexpr std::size_t slots_min = 1024;
  std::vector<Slot> old(std::max(slots_min, 2 * slots_.size()));
  old.swap(slots_);
  const std::size_t mask = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.number == UINT32_MAX) continue;
    std::size_t at = slot.hash & mask;
    while (slots_[at].number != UINT32_MAX) at = (at + 1) & mask;
    slots_[at] = slot;
  }
}

std::string_view Vocabulary::word(std::uint32_t number) const {
  const std::size_t begin = begins_[number];
  const std::size_t end = number + 1 < begins_.size() ? begins_[number + 1] : text_.size();
  return std::string_view(text_).substr(begin, end - begin - 1);
}

std::vector<WordAnswer> Vocabulary::answers_to(std::string_view typed, bool with_slips) const {
  std::vector<WordAnswer> answers;
  const auto set = [&](std::size_t number, WordAnswer answer) {
    if (answers.empty()) answers.resize(begins_.size(), WordAnswer::none);
    answers[number] = std::max(answers[number], answer);
  };
  std::size_t number = 0;  // of the word that holds the place, which only grows
  for (std::size_t at = find_text(text_, typed, 0); at != text_.npos;) {
    while (number + 1 < begins_.size() && begins_[number + 1] <= at) ++number;
    set(number, begins_[number] == at ? WordAnswer::begins : WordAnswer::inside);
    if (number + 1 == begins_.size()) break;
    at = find_text(text_, typed, begins_[number + 1]);
  }
  if (!with_slips || typed.size() < slip_letters_min) return answers;
  std::vector<std::size_t> places;
  find_slips(text_, typed, places);
  for (const std::size_t at : places) {
    const auto behind = std::upper_bound(begins_.begin(), begins_.end(), at);
    set(static_cast<std::size_t>(behind - begins_.begin()) - 1, WordAnswer::slip);
  }
  return answers;
}

std::size_t Vocabulary::memory_bytes() const {
  return text_.capacity() + begins_.capacity() * sizeof(begins_[0]) + slots_.capacity() * sizeof(Slot);
}

}  // namespace bibsmith::plugin
