#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "bibtex/syntax/byte_class.hpp"
#include "bibtex/syntax/diagnostic.hpp"
#include "bibtex/syntax/field_lines.hpp"
#include "bibtex/syntax/grammar.hpp"
#include "bibtex/syntax/nodes.hpp"
#include "bibtex/syntax/scanner.hpp"

namespace bibsmith::bibtex {

// A value that is never closed must not swallow the rest of the file. It may hold this many lines that look
// like the start of an entry; if it is still open then, it ends before the first of them. The bound keeps
// reading linear and makes each decision a local one, which is what lets an edited text be read again in
// part.
inline constexpr std::uint32_t entry_lines_in_value_max = 16;

// Reads one piece of a value and reports to the Sink what is wrong with it.
//
// A value that lacks its closing delimiter has swallowed fields, perhaps up to the '}' of its entry. It ends
// before the first line in it that looks like a field (FieldLines). From there on the braces of that entry
// say nothing: each later value of it ends before such a line too, whether it is closed behind it or not.
// That is also what keeps reading linear: a value is looked for its end far ahead once a block at most. For
// the same reason, and because it is not clear then what is whose, nothing of this is done if the start of
// another block stands in the value.
template <typename Sink>
class PieceReader {
 public:
  PieceReader(std::string_view text, Scanner& scanner, Sink& sink)
      : text_(text),
        size_(static_cast<std::uint32_t>(text.size())),
        scanner_(scanner),
        sink_(sink),
        field_lines_(text, scanner) {}

  // What is read from now on stands in another block, which ends at `close`.
  void start_block(BlockKind kind, char close) {
    close_ = close;
    may_cut_ = kind != BlockKind::preamble;  // TeX's code may look like anything
    has_cut_ = false;
  }
  // Whether a value of the block ended before a field.
  bool has_cut() const { return has_cut_; }

  // Reads the piece that begins at `begin`. False, and nothing is read, if none does.
  bool read(std::uint32_t begin, StoredPiece& piece) {
    if (begin >= size_) return false;
    const char c = text_[begin];
    if (c == '{') return read_braced(begin, piece);
    if (c == '"') return read_quoted(begin, piece);
    return read_token(begin, piece);
  }

  // Where reading goes on after it: behind a piece that was never closed, where it was cut.
  std::uint32_t resume() const { return resume_; }

 private:
  void report(SyntaxProblem problem, std::uint32_t begin, std::uint32_t end) {
    sink_.report(problem, Span{begin, end});
  }

  static void set_piece(StoredPiece& piece, PieceKind kind, std::uint32_t begin, std::uint32_t end,
                        bool is_closed) {
    piece.begin = begin;
    piece.size = (end - begin) & 0x1FFF'FFFF;
    piece.kind = kind;
    piece.is_closed = is_closed;
  }

  bool read_braced(std::uint32_t begin, StoredPiece& piece) {
    std::uint32_t depth = 1;
    std::uint32_t lines = 0;
    std::uint32_t cut = size_;
    bool is_deep = false;
    for (std::uint32_t at = begin + 1, before = at;; ++at) {
      at = scanner_.next_braced_stop(at);
      if (has_cut_ && cut_between(before, at, begin, PieceKind::braced, piece)) return true;
      if (at >= size_) break;
      before = at;
      const char c = text_[at];
      if (c == '}') {
        if (--depth != 0) continue;
        if (lines == 0 && is_last_brace(at + 1) && cut_at_field(piece, PieceKind::braced, begin, at))
          return true;
        close_piece(piece, PieceKind::braced, begin, at);
        return true;
      }
      if (c == '{') {
        if (++depth > depth_max && !is_deep) {
          is_deep = true;
          report(SyntaxProblem::deep_nesting, at, at + 1);
        }
      } else if (is_entry_line(text_, at)) {
        if (lines == 0) cut = at;
        if (++lines > entry_lines_max()) break;
      }
    }
    if (!cut_at_field(piece, PieceKind::braced, begin, cut)) cut_piece(piece, PieceKind::braced, begin, cut);
    return true;
  }

  // BibTeX counts braces in a quoted value too and refuses one where '}' comes first; biber reads it.
  bool read_quoted(std::uint32_t begin, StoredPiece& piece) {
    std::uint32_t depth = 0;
    std::uint32_t lines = 0;
    std::uint32_t cut = size_;
    std::uint32_t stray = size_;  // the first '}' without '{'
    for (std::uint32_t at = begin + 1, before = at;; ++at) {
      at = scanner_.next_quoted_stop(at);
      if (has_cut_ && cut_between(before, at, begin, PieceKind::quoted, piece)) return true;
      if (at >= size_) break;
      before = at;
      const char c = text_[at];
      if (c == '"' && depth == 0) {
        if (lines > 0 && stray < size_) break;
        if (opens_value(begin, at) && cut_at_field(piece, PieceKind::quoted, begin, at)) return true;
        if (stray < size_) report(SyntaxProblem::brace_in_quotes, stray, stray + 1);
        close_piece(piece, PieceKind::quoted, begin, at);
        return true;
      }
      if (c == '{') ++depth;
      if (c == '}') {
        if (depth > 0) {
          --depth;
        } else if (stray == size_) {
          stray = at;
        }
      }
      if (c == '@' && is_entry_line(text_, at)) {
        if (lines == 0) cut = at;
        if (++lines > entry_lines_max()) break;
      }
    }
    if (!cut_at_field(piece, PieceKind::quoted, begin, cut)) cut_piece(piece, PieceKind::quoted, begin, cut);
    return true;
  }

  std::uint32_t entry_lines_max() const { return has_cut_ ? 0 : entry_lines_in_value_max; }

  void close_piece(StoredPiece& piece, PieceKind kind, std::uint32_t begin, std::uint32_t at) {
    if (text_[at - 1] == '\\' && is_escaped(text_, begin, at)) {
      report(SyntaxProblem::escaped_delimiter, at, at + 1);
    }
    set_piece(piece, kind, begin, at + 1, true);
    resume_ = at + 1;
  }

  // Ends the piece at `cut`, or at the comma before it.
  void cut_piece(StoredPiece& piece, PieceKind kind, std::uint32_t begin, std::uint32_t cut) {
    report(SyntaxProblem::unclosed_value, begin, begin + 1);
    std::uint32_t end = trim_end(text_, begin + 1, cut);
    resume_ = cut;
    if (end > begin + 1 && text_[end - 1] == ',') {
      resume_ = end - 1;
      end = trim_end(text_, begin + 1, end - 1);
    }
    set_piece(piece, kind, begin, end, false);
  }

  // Ends the piece before the first line in [from, end) that looks like a field, if there is one.
  bool cut_between(std::uint32_t from, std::uint32_t end, std::uint32_t begin, PieceKind kind,
                   StoredPiece& piece) {
    const std::uint32_t field = field_lines_.first_in(from, end);
    if (field >= end) return false;
    cut_piece(piece, kind, begin, field);
    return true;
  }

  // The same for a piece that lacks its delimiter and has swallowed what follows up to `end`.
  bool cut_at_field(StoredPiece& piece, PieceKind kind, std::uint32_t begin, std::uint32_t end) {
    if (!may_cut_ || has_cut_ || has_head(begin + 1, end)) return false;
    has_cut_ = cut_between(begin + 1, end, begin, kind, piece);
    return has_cut_;
  }

  bool has_head(std::uint32_t from, std::uint32_t end) {
    for (std::uint32_t at = from; (at = scanner_.next_braced_stop(at)) < end; ++at) {
      if (text_[at] == '@' && match_block_head(text_, at)) return true;
    }
    return false;
  }

  // Whether the '}' before `at`, which closes a value, must have been that of the entry: nothing that follows
  // a value follows it, and no brace, up to the next block or the end of the text.
  bool is_last_brace(std::uint32_t at) {
    const std::uint32_t begin = scanner_.end_of_white_space(at);
    if (begin < size_ && behind_values.find(text_[begin]) != behind_values.npos) return false;
    std::uint32_t end = begin;
    while ((end = scanner_.next_braced_stop(end)) < size_) {
      if (text_[end] != '@') return false;
      if (match_block_head(text_, end)) break;
      ++end;
    }
    return close_ == '}' || text_.substr(begin, end - begin).find(')') == text_.npos;
  }

  // Whether the '"' at `at`, which closes a value, must have been meant to open that of a field in it.
  bool opens_value(std::uint32_t begin, std::uint32_t at) {
    if (!field_lines_.is_value_of_line(begin, at)) return false;
    const std::uint32_t next = scanner_.end_of_white_space(at + 1);
    return next < size_ && behind_values.find(text_[next]) == behind_values.npos;
  }

  // Digits, the name of a macro, or what a person wrote instead of them.
  bool read_token(std::uint32_t begin, StoredPiece& piece) {
    const auto can_go_on = [](char c) {
      return c == '\'' || c == '(' || (class_of(c) & byte_class::odd) != 0;
    };
    if (!can_be_in_name(text_[begin]) && !can_go_on(text_[begin])) return false;
    if (text_[begin] == '@' && match_block_head(text_, begin)) return false;
    std::uint32_t end = scanner_.end_of_name(begin);
    bool is_name = true;
    for (; end < size_ && can_go_on(text_[end]); end = scanner_.end_of_name(end + 1)) is_name = false;
    if (end < size_ && text_[end] != ',') {
      const std::uint32_t next = scanner_.end_of_white_space(end);
      if (next < size_ && text_[next] == '=') return false;  // the next field: the value is missing
    }
    const std::string_view token = text_.substr(begin, end - begin);
    const bool is_number = std::all_of(token.begin(), token.end(), is_digit);
    if (!is_number && (!is_name || is_digit(token[0]))) report(SyntaxProblem::bad_token, begin, end);
    set_piece(piece, is_number ? PieceKind::number : PieceKind::macro, begin, end, true);
    resume_ = end;
    return true;
  }

  static constexpr std::string_view behind_values = ",#})";

  std::string_view text_;
  std::uint32_t size_;
  Scanner& scanner_;
  Sink& sink_;
  FieldLines field_lines_;
  std::uint32_t resume_ = 0;
  char close_ = '}';
  bool may_cut_ = true;
  bool has_cut_ = false;
};

}  // namespace bibsmith::bibtex
