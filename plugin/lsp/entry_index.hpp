#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/syntax/document.hpp"

namespace bibsmith::plugin {

// What a person typed to find an entry: words in lower case.
struct EntryWords {
  std::vector<std::string> words;

  explicit EntryWords(std::string_view typed);
};

// The entries of one part of a bibliography in a form that is searched fast: for each a line of key, names,
// title, year and identifiers in lower case, LaTeX and punctuation gone.
class EntryIndex {
 public:
  explicit EntryIndex(const bibtex::Document& document);

  struct Hit {
    std::uint32_t block = 0;  // index in the Document
    int score = 0;            // the more the better
  };

  // Adds the entries that have all words, each somewhere. With `typos` a word of five letters and more may
  // have one letter too many, too few, or another.
  void find(const EntryWords& wanted, bool typos, std::vector<Hit>& hits) const;

  std::size_t memory_bytes() const;

 private:
  struct Line {
    std::uint32_t begin = 0;  // in text_; ends where the next one begins
    std::uint32_t block = 0;
    std::uint16_t key_size = 0;  // the line begins with the key
  };

  std::string_view line(std::size_t index) const;
  std::uint32_t line_at(std::size_t at) const;
  // Adds the lines that have the word, or one that begins with it but for a slip.
  void find_word(std::string_view word, std::vector<std::uint32_t>& lines) const;
  void find_slips(std::string_view word, std::vector<std::uint32_t>& lines) const;

  std::string text_;
  std::vector<Line> lines_;
};

// The first place at or behind `from` where `needle` stands in `text`; npos: none. As string_view::find, but
// at the speed of memory.
std::size_t find_text(std::string_view text, std::string_view needle, std::size_t from);

// Whether one insertion, deletion, substitution or swap of neighbours makes one word the other.
bool is_one_slip(std::string_view a, std::string_view b);

}  // namespace bibsmith::plugin
