// A session of an editor: a document is opened and edited, each change told by lines and columns. After every
// edit the text of the server is the client's, and so are its lines, its entries or its citations, which are
// kept up to date piecewise here and found anew there.
#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/lsp/workspace.hpp"

namespace {

using namespace bibsmith::plugin;
using bibsmith::bibtex::ColumnUnit;
using bibsmith::bibtex::Position;

constexpr std::size_t edits_max = 60;
constexpr std::size_t text_bytes_max = 20000;

void require(bool holds) {
  if (!holds) __builtin_trap();
}

// What is typed and pasted: the ends of lines in three ways, characters of one to four bytes, halves of
// entries.
constexpr std::array<std::string_view, 24> pieces = {"a",
                                                     "é",
                                                     "𝄞",
                                                     "…",
                                                     "\n",
                                                     "\r\n",
                                                     "\r",
                                                     "{",
                                                     "}",
                                                     "@",
                                                     ",",
                                                     "=",
                                                     "\"",
                                                     "% ",
                                                     "\\cite{arXiv:1706.03762}",
                                                     "\\cite{",
                                                     "@misc{key,\n  title = {A title},\n}\n",
                                                     "@article(b, year = 1999)",
                                                     "@string{x = {y}}",
                                                     "@comment{",
                                                     "  author = {A and B},\n",
                                                     "[@key; -@other]",
                                                     "#cite(<key>)",
                                                     "\\bibliography{refs}\n"};

constexpr std::array<std::string_view, 4> languages = {"latex", "bibtex", "markdown", "typst"};
constexpr std::array<ColumnUnit, 3> units = {ColumnUnit::bytes, ColumnUnit::code_points,
                                             ColumnUnit::utf16_units};

class Choices {
 public:
  Choices(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  bool is_over() const { return at_ >= size_; }
  std::size_t next(std::size_t count) {
    std::size_t value = 0;
    for (int i = 0; i < 2 && at_ < size_; ++i) value = value * 256 + data_[at_++];
    return count == 0 ? 0 : value % count;
  }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
  std::size_t at_ = 0;
};

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// A place that a client can name: at a character, not between the two halves of a line end.
std::size_t nameable(const std::string& text, std::size_t at) {
  while (at < text.size() && continues_character(text[at])) ++at;
  if (at > 0 && at < text.size() && text[at - 1] == '\r' && text[at] == '\n') ++at;
  return at;
}

// The client's own way to count: from the first byte on.
Position position_of(const std::string& text, std::size_t offset, ColumnUnit unit) {
  Position place;
  for (std::size_t i = 0; i < offset; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n'))) {
      place = {place.line + 1, 0};
    } else if (text[i] != '\r') {
      const bool is_start = !continues_character(text[i]);
      if (unit == ColumnUnit::bytes || is_start) ++place.column;
      if (unit == ColumnUnit::utf16_units && byte >= 0xF0) ++place.column;
    }
  }
  return place;
}

void check_content(const OpenDocument& document, const std::string& text) {
  if (document.bib) {
    const BibFile fresh(text);
    const auto kept = document.bib->entries();
    const auto found = fresh.entries();
    require(kept.size() == found.size());
    for (std::size_t i = 0; i < kept.size(); ++i) {
      require(kept[i].key() == found[i].key());
      require(kept[i].whole(kept[i].block.span) == found[i].whole(found[i].block.span));
    }
  } else {
    require(document.source->citations() == SourceFile(text, document.language).citations());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Choices choices(data, size);
  const std::string language(languages[choices.next(languages.size())]);
  const ColumnUnit unit = units[choices.next(units.size())];
  std::string text;
  for (std::size_t count = choices.next(8); count > 0; --count) text += pieces[choices.next(pieces.size())];
  Workspace workspace;
  OpenDocument& document = workspace.open("file:///project/document", language, 1, text);
  for (std::size_t i = 0; i < edits_max && !choices.is_over() && text.size() < text_bytes_max; ++i) {
    std::size_t begin = nameable(text, choices.next(text.size() + 1));
    std::size_t end = choices.next(4) == 0 ? nameable(text, choices.next(text.size() + 1)) : begin;
    if (begin > end) std::swap(begin, end);
    const std::string_view piece = pieces[choices.next(pieces.size())];
    const std::uint32_t from = document.lines().offset(position_of(text, begin, unit), unit);
    const std::uint32_t to = document.lines().offset(position_of(text, end, unit), unit);
    require(from == begin && to == end);
    document.replace({from, to}, piece);
    text.replace(begin, end - begin, piece);
    require(document.text() == text);
    const std::size_t place = nameable(text, choices.next(text.size() + 1));
    require(document.lines().position(static_cast<std::uint32_t>(place), unit) ==
            position_of(text, place, unit));
    check_content(document, text);
  }
  return 0;
}
