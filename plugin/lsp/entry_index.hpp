#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/syntax/document.hpp"
#include "plugin/lsp/vocabulary.hpp"

namespace bibsmith::plugin {

// What is typed, with the answers of one vocabulary to each of its words.
struct EntryQuestion {
  EntryQuestion(const Vocabulary& vocabulary, const EntryWords& wanted, bool with_slips);

  const EntryWords& wanted;
  const bool
      with_slips;  // a word of slip_letters_min letters may have one letter too many, too few, or another
  std::vector<std::vector<WordAnswer>> answers;  // by typed word and number of the word
};

// The entries of one part of a bibliography in a form that is searched fast: for each its key, its
// identifiers, and the numbers of the words of its names, title, year and journal.
class EntryIndex {
 public:
  // The words are numbered in `vocabulary`, which every question has to be made with.
  EntryIndex(const bibtex::Document& document, Vocabulary& vocabulary);

  struct Hit {
    std::uint32_t block = 0;  // index in the Document
    int score = 0;            // the more the better
  };

  // Adds the entries that have all words, each somewhere.
  void find(const EntryQuestion& question, std::vector<Hit>& hits) const;

  std::size_t memory_bytes() const;

 private:
  // Where what is known of an entry begins; it ends where that of the next one does.
  struct Line {
    std::uint32_t block = 0;
    std::uint32_t key = 0;
    std::uint32_t identifiers = 0;
    std::uint32_t words = 0;
  };

  std::string_view key(std::size_t line) const;
  std::string_view identifiers(std::size_t line) const;
  std::size_t words_end(std::size_t line) const;
  // The lines that have the longest of the typed words.
  std::vector<std::uint32_t> candidates(const EntryQuestion& question) const;
  // Of a line for one typed word; 0: the line has no such word.
  int score(const EntryQuestion& question, std::size_t line, std::size_t typed) const;

  std::string keys_;         // a line each
  std::string identifiers_;  // a line each, every identifier behind a space
  std::vector<std::uint32_t> words_;
  std::vector<Line> lines_;
};

}  // namespace bibsmith::plugin
