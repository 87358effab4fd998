#include "plugin/lsp/vocabulary.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstring>

#include "plugin/lsp/text_search.hpp"
#include "plugin/lsp/text_words.hpp"

namespace bibsmith::plugin {

namespace {

// The first eight bytes of a word as a number, zeros behind the last: of words that are no longer, the word.
std::uint64_t head_of(std::string_view word) {
  const auto load = [](const char* from, auto number) {
    std::memcpy(&number, from, sizeof number);
    return std::uint64_t{number};
  };
  const std::size_t size = word.size();
  if (size >= 8) return load(word.data(), std::uint64_t{});
  if (std::endian::native == std::endian::little && size >= 4) {  // two that overlap
    const std::uint64_t back = load(word.data() + size - 4, std::uint32_t{});
    return load(word.data(), std::uint32_t{}) | back << (8 * (size - 4));
  }
  std::uint64_t head = 0;
  for (std::size_t i = 0; i < size; ++i)
    head |= std::uint64_t{static_cast<unsigned char>(word[i])} << (8 * i);
  return head;
}

constexpr std::size_t head_bytes = 8;
constexpr std::uint32_t is_longer = 1u << 31;  // of a hash: the head is not all of the word

std::uint32_t hash_of(std::uint64_t head, std::string_view word) {
  constexpr std::uint64_t odd = 0x9E3779B97F4A7C15;
  std::uint64_t hash = head * odd;
  for (std::size_t at = head_bytes; at < word.size(); at += head_bytes) {
    hash = ((hash ^ hash >> 29) + head_of(word.substr(at))) * odd;
  }
  const auto folded = static_cast<std::uint32_t>(hash >> 33);
  return word.size() > head_bytes ? folded | is_longer : folded;
}

}  // namespace

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
  const std::uint64_t head = head_of(word);
  const std::uint32_t hash = hash_of(head, word);
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  for (; slots_[at].number != UINT32_MAX; at = (at + 1) & mask) {
    const Slot& slot = slots_[at];
    if (slot.head != head || slot.hash != hash) continue;
    if ((hash & is_longer) == 0 || this->word(slot.number) == word) return slot.number;
  }
  slots_[at] = {head, hash, size()};
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
