#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/syntax/line_index.hpp"
#include "bibtex/syntax/live_document.hpp"
#include "plugin/lsp/entry_index.hpp"
#include "plugin/lsp/line_text.hpp"
#include "plugin/lsp/word_places.hpp"

namespace bibsmith::plugin {

// An entry of a BibFile; valid until the file changes.
struct BibEntry {
  const bibtex::Document* document = nullptr;  // of its segment
  bibtex::Block block;
  std::uint32_t begin = 0;               // of the segment in the whole text
  const std::string* strings = nullptr;  // the @string blocks of the whole text, one after the other

  std::string_view key() const { return document->text(block.key); }
  bibtex::Span whole(bibtex::Span span) const { return {begin + span.begin, begin + span.end}; }
};

// A bibliography that is kept up to date under an editor: parsed, searchable, and with lines, each of which
// is done again only for the segments that a change reaches. [one thread at a time]
class BibFile final : public LineText {
 public:
  explicit BibFile(std::string text);

  // Precondition: the span lies in the text.
  void replace(bibtex::Span span, std::string_view new_text);

  const bibtex::LiveDocument& document() const { return document_; }
  std::string text() const { return document_.text(); }
  std::size_t memory_bytes() const;

  bibtex::Position position(std::uint32_t offset, bibtex::ColumnUnit unit) const override;
  std::uint32_t offset(bibtex::Position position, bibtex::ColumnUnit unit) const override;

  // As BibTeX finds it: spelt so, or else in another case.
  std::optional<BibEntry> find(std::string_view key) const;
  // The entry that holds the byte, or ends at it.
  std::optional<BibEntry> entry_at(std::uint32_t offset) const;
  std::vector<BibEntry> entries() const;

  struct Match {
    BibEntry entry;
    int score = 0;
  };
  // The best `count_max` entries for what is typed, best first; with typos if too few have all words as they
  // are.
  std::vector<Match> search(std::string_view typed, std::size_t count_max) const;

 private:
  static constexpr std::uint32_t no_part = UINT32_MAX;

  // What is known of a segment beside its Document.
  struct Extra {
    std::uint64_t serial = 0;
    std::uint8_t vocabulary = 0;   // of the index
    std::uint32_t part = no_part;  // of the places that the words of its vocabulary stand at
    std::string strings;           // its @string blocks
    EntryIndex index;
    std::optional<std::uint32_t> line_ends = {};
    std::optional<bibtex::LineIndex> lines = {};  // as if the segment were all of the text
  };

  void refresh();
  // The text, and the first extras_, which are made while it is still parsed.
  bibtex::LiveDocument parsed_and_read(std::string text);
  Extra read(const bibtex::LiveDocument::Segment& segment, std::uint8_t vocabulary);
  void list_places();
  // Of a segment: read when they are first asked for, which is not before the file is open in the editor.
  const bibtex::LineIndex& lines(std::size_t segment) const;
  std::uint32_t line_ends(std::size_t segment) const;
  BibEntry entry(const bibtex::LiveDocument::Segment& segment, const bibtex::Block& block) const {
    return {&segment.document, block, segment.begin, &strings_};
  }

  mutable std::vector<Extra> extras_;  // one for each segment
  std::string strings_;
  std::array<Vocabulary, 2> vocabularies_;  // one for each thread that reads segments
  std::array<WordPlaces, 2> places_;        // of their words
  std::uint32_t words_max_ = 0;             // of them, until all is read again
  mutable bool knows_all_lines_ = false;    // of the text as it was opened
  bibtex::LiveDocument document_;           // made when all above is there
};

}  // namespace bibsmith::plugin
