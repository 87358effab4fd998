#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "bibtex/syntax/nodes.hpp"

namespace bibsmith::bibtex {

// `@type{` or `@type(`, with white space allowed around the type; `@comment` needs no delimiter.
struct BlockHead {
  BlockKind kind = BlockKind::entry;
  Span type;
  std::uint32_t open = 0;  // of the delimiter; for a bare @comment, the end of the type
  bool has_delimiter = true;
};

// No function here looks further ahead than this.
inline constexpr std::uint32_t head_bytes_max = 2 * (name_bytes_max + 2 * head_blanks_max) + 16;

// The head that starts with the '@' at `at`, if it is one: an '@' in an e-mail address is none.
std::optional<BlockHead> match_block_head(std::string_view text, std::uint32_t at);

// Whether nothing but blanks stand before `at` on its line.
bool is_first_on_line(std::string_view text, std::uint32_t at);

// Whether the '@' at `at` is the first of its line and starts `@type{key,` or `@string{name =`: where a value
// that was never closed must have ended.
bool is_entry_line(std::string_view text, std::uint32_t at);

// The same for `@word{`, which is enough to end a comment that was never closed.
bool is_block_line(std::string_view text, std::uint32_t at);

// Where the line that holds `at` ends, without its line end.
std::uint32_t end_of_line(std::string_view text, std::uint32_t at);

// The end of [begin, end) without the white space at its end.
std::uint32_t trim_end(std::string_view text, std::uint32_t begin, std::uint32_t end);

// Whether a backslash that is not itself escaped stands before `at`.
bool is_escaped(std::string_view text, std::uint32_t begin, std::uint32_t at);

}  // namespace bibsmith::bibtex
