#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/syntax/document.hpp"
#include "plugin/lsp/text_search.hpp"
#include "plugin/lsp/vocabulary.hpp"

namespace bibsmith::plugin {

// What is typed, with the answers of one vocabulary to each of its words.
struct EntryQuestion {
  EntryQuestion(const Vocabulary& vocabulary, const EntryWords& wanted, bool with_slips);

  const EntryWords& wanted;
  const bool
      with_slips;  // a word of slip_letters_min letters may have one letter too many, too few, or another
  std::vector<std::vector<WordAnswer>> answers;  // by typed word and number of the word
  // The typed word whose entries are looked for first, the longest unless another is known to be in fewer:
  // the others are asked of these only.
  std::size_t leading = 0;

  const std::vector<WordAnswer>& leading_answers() const { return answers[leading]; }
};

// Whether it may stand in a DOI or eprint for people. Words without a digit are parts of names of publishers
// and journals there, not of what is looked for.
bool may_be_identifier(std::string_view typed);

// Lines of an EntryIndex, counted from `first`, in order.
struct KnownLines {
  std::span<const std::uint32_t> lines;
  std::uint32_t first = 0;
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

  // Adds the entries that have all words, each somewhere. `known`: the lines that have a word which answers
  // the leading one; nullopt: they are looked for.
  void find(const EntryQuestion& question, const std::optional<KnownLines>& known,
            std::vector<Hit>& hits) const;

  // An entry is a line.
  std::uint32_t line_count() const { return static_cast<std::uint32_t>(lines_.size()); }
  std::span<const std::uint32_t> words() const { return words_; }
  std::span<const std::uint32_t> words_of(std::size_t line) const {
    return words().subspan(lines_[line].words, words_end(line) - lines_[line].words);
  }

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
  // The line that holds a place of one of the texts.
  std::uint32_t line_at(std::size_t at, std::uint32_t Line::*begin) const;
  // The lines that have the leading one of the typed words.
  std::vector<std::uint32_t> candidates(const EntryQuestion& question,
                                        const std::optional<KnownLines>& known) const;
  void add_lines_with_words(const std::vector<WordAnswer>& answers, std::vector<std::uint32_t>& lines) const;
  // Of a line for one typed word; 0: the line has no such word.
  int score(const EntryQuestion& question, std::size_t line, std::size_t typed) const;

  std::string keys_;         // a line each
  std::string identifiers_;  // a line each, every identifier behind a space
  Trigrams trigrams_of_keys_;
  Trigrams trigrams_of_identifiers_;
  std::vector<std::uint32_t> words_;
  std::vector<Line> lines_;
};

}  // namespace bibsmith::plugin
