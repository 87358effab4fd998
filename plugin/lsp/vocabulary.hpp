#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bibsmith::plugin {

// What a person typed to find an entry: words in lower case.
struct EntryWords {
  static constexpr std::size_t words_max = 16;

  std::vector<std::string> words;

  explicit EntryWords(std::string_view typed);

  // Of the longest, which is in the fewest entries. Precondition: there is one.
  std::size_t longest() const;
};

// How well a word answers one that is typed, the more the better.
enum class WordAnswer : std::uint8_t { none, slip, inside, begins };

// The words of a bibliography, each once, in lower case: millions of words in titles and names are some ten
// thousand different ones, and only these are compared with what is typed.
class Vocabulary {
 public:
  // The number of the word, which it gets now if it is new. Precondition: it holds no line end.
  std::uint32_t number_of(std::string_view word);

  std::uint32_t size() const { return static_cast<std::uint32_t>(begins_.size()); }
  std::string_view word(std::uint32_t number) const;

  // The answer of each word, by number, to one typed word; empty: none answers.
  std::vector<WordAnswer> answers_to(std::string_view typed, bool with_slips) const;

  std::size_t memory_bytes() const;

 private:
  struct Slot {
    std::uint64_t head = 0;  // the first bytes of the word
    std::uint32_t hash = 0;
    std::uint32_t number = UINT32_MAX;  // free
  };

  void grow();

  std::string text_;  // the words, a line each
  std::vector<std::uint32_t> begins_;
  std::vector<Slot> slots_;  // open addressing; the size is a power of two
};

}  // namespace bibsmith::plugin
