// Any record: its entry is balanced, BibTeX reads no more names than were meant, the key is made of a-z and
// 0-9, and the title that was made is taken again.

#include <cstdint>
#include <string>
#include <string_view>

#include "bibtex/model/name.hpp"
#include "bibtex/normalize/author_line.hpp"
#include "bibtex/normalize/authors.hpp"
#include "bibtex/normalize/normalizer.hpp"
#include "bibtex/normalize/title.hpp"

using namespace bibsmith;
using namespace bibsmith::bibtex;

namespace {

bool is_balanced(std::string_view text) {
  std::size_t depth = 0;
  for (const char c : text) {
    if (c == '{') ++depth;
    if (c == '}' && depth-- == 0) return false;
  }
  return depth == 0;
}

}  // namespace

// The first line is the title, the second the author line, the rest the comment.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  NormalizeOptions options;
  options.dialect = (data[0] & 1U) != 0 ? Dialect::biblatex : Dialect::bibtex;
  options.encoding = (data[0] & 2U) != 0 ? TextEncoding::utf8 : TextEncoding::latex;
  std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);

  Record record;
  const std::size_t title_end = std::min(text.find('\n'), text.size());
  record.title = text.substr(0, title_end);
  text.remove_prefix(std::min(title_end + 1, text.size()));
  const std::size_t authors_end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, authors_end);
  record.comment = text.substr(authors_end);
  for (const Name& name : split_author_line(line).names) record.authors.push_back(author_of(name));
  record.authors.push_back(Author{.name = std::string(line)});
  record.authors.push_back(Author{.name = "x", .family = std::string(line), .given = record.title});

  const NormalizedEntry result = normalize(record, options);
  for (const Field& field : result.entry.fields) {
    for (const Piece& piece : field.value.pieces) {
      if (!is_balanced(piece.text) || piece.text.empty()) __builtin_trap();
    }
  }
  if (const Field* const title = result.entry.find("title")) {
    NormalizeFindings findings;
    if (!is_balanced(normalize_title(title->value.pieces.front().text, options.encoding, findings)))
      __builtin_trap();
  }
  if (result.entry.key.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") != std::string::npos) {
    __builtin_trap();
  }
  if (const Field* const author = result.entry.find("author")) {
    const std::string& names = author->value.pieces.front().text;
    const AuthorNames meant = author_names(record.authors);
    std::size_t written = 0;
    for (const std::string_view name : split_names(names)) written += name != "others" ? 1U : 0U;
    if (written > meant.names.size()) __builtin_trap();
  }
  return 0;
}
