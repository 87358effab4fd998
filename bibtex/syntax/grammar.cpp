#include "bibtex/syntax/grammar.hpp"

#include <algorithm>

#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/byte_class.hpp"

namespace bibsmith::bibtex {

namespace {

// BibTeX would take '@' in a type too; then "a @ b\n@misc{c," in free text would hide an entry.
bool can_be_in_type(char c) { return can_be_in_name(c) && c != '@'; }

std::uint32_t skip_white_space(std::string_view text, std::uint32_t at) {
  const std::size_t end = std::min<std::size_t>(text.size(), std::size_t{at} + head_blanks_max);
  while (at < end && is_white_space(text[at])) ++at;
  return at;
}

std::uint32_t skip_while(std::string_view text, std::uint32_t at, bool (*can_be)(char)) {
  const std::size_t end = std::min<std::size_t>(text.size(), std::size_t{at} + name_bytes_max + 1);
  while (at < end && can_be(text[at])) ++at;
  return at;
}

BlockKind kind_of(std::string_view type) {
  if (type.size() < 6 || type.size() > 8) return BlockKind::entry;
  if (equal_ignoring_case(type, "string")) return BlockKind::string;
  if (equal_ignoring_case(type, "comment")) return BlockKind::comment;
  if (equal_ignoring_case(type, "preamble")) return BlockKind::preamble;
  return BlockKind::entry;
}

}  // namespace

std::optional<BlockHead> match_block_head(std::string_view text, std::uint32_t at) {
  BlockHead head;
  head.type.begin = skip_white_space(text, at + 1);
  head.type.end = skip_while(text, head.type.begin, can_be_in_type);
  if (head.type.empty() || head.type.size() > name_bytes_max) return std::nullopt;
  head.kind = kind_of(head.type.in(text));
  head.open = skip_white_space(text, head.type.end);
  head.has_delimiter = head.open < text.size() && (text[head.open] == '{' || text[head.open] == '(');
  if (!head.has_delimiter) {
    if (head.kind != BlockKind::comment) return std::nullopt;
    head.open = head.type.end;
  }
  return head;
}

bool is_first_on_line(std::string_view text, std::uint32_t at) {
  while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '\t')) --at;
  return at == 0 || is_line_end(text[at - 1]);
}

bool is_entry_line(std::string_view text, std::uint32_t at) {
  if (!is_first_on_line(text, at)) return false;
  const std::optional<BlockHead> head = match_block_head(text, at);
  if (!head || !head->has_delimiter) return false;
  const std::uint32_t begin = skip_white_space(text, head->open + 1);
  const std::uint32_t end = skip_while(text, begin, can_be_in_name);
  if (end == begin || end - begin > name_bytes_max) return false;
  const std::uint32_t next = skip_white_space(text, end);
  if (next >= text.size()) return false;
  return text[next] == (head->kind == BlockKind::string ? '=' : ',');
}

bool is_block_line(std::string_view text, std::uint32_t at) {
  if (!is_first_on_line(text, at)) return false;
  const std::optional<BlockHead> head = match_block_head(text, at);
  return head && head->has_delimiter;
}

std::uint32_t end_of_line(std::string_view text, std::uint32_t at) {
  while (at < text.size() && !is_line_end(text[at])) ++at;
  return at;
}

std::uint32_t trim_end(std::string_view text, std::uint32_t begin, std::uint32_t end) {
  while (end > begin && is_white_space(text[end - 1])) --end;
  return end;
}

bool is_escaped(std::string_view text, std::uint32_t begin, std::uint32_t at) {
  std::uint32_t backslashes = 0;
  while (at > begin && text[at - 1] == '\\') --at, ++backslashes;
  return backslashes % 2 == 1;
}

}  // namespace bibsmith::bibtex
