#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace bibsmith::plugin {

// Words shorter than this are not looked for with a slip in them: too many words are one letter from them.
inline constexpr std::size_t slip_letters_min = 5;

// The first place at or behind `from` where `needle` stands in `text`; npos: none. As string_view::find, but
// at the speed of memory.
std::size_t find_text(std::string_view text, std::string_view needle, std::size_t from);

// Whether one insertion, deletion, substitution or swap of neighbours makes one word the other.
bool is_one_slip(std::string_view a, std::string_view b);

// Whether the word begins with what is typed, one slip allowed: what follows may not be typed yet.
bool is_typed_with_slip(std::string_view word, std::string_view typed);

// The runs of three bytes that stand in the lines of a text, and a few more by chance: of most texts that do
// not hold a word they say so, and the text need not be looked at.
class Trigrams {
 public:
  explicit Trigrams(std::string_view lines = {});
  // false: no line holds it.
  bool may_hold(std::string_view needle) const;
  std::size_t memory_bytes() const { return bits_.capacity() * sizeof(bits_[0]); }

 private:
  std::vector<std::uint64_t> bits_;  // by a hash
};

// Adds a place in each line of `lines` that begins with what is typed but for a slip, more than one in some.
// Every line ends with "\n". `trigrams`: those of `lines`, if they are known. Precondition: `typed` has
// slip_letters_min letters.
void find_slips(std::string_view lines, std::string_view typed, std::vector<std::size_t>& places,
                const Trigrams* trigrams = nullptr);

}  // namespace bibsmith::plugin
