#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "bibtex/syntax/byte_class.hpp"
#include "bibtex/syntax/diagnostic.hpp"
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
template <typename Sink>
class PieceReader {
 public:
  PieceReader(std::string_view text, Scanner& scanner, Sink& sink)
      : text_(text), size_(static_cast<std::uint32_t>(text.size())), scanner_(scanner), sink_(sink) {}

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
    for (std::uint32_t at = begin + 1;; ++at) {
      at = scanner_.next_braced_stop(at);
      if (at >= size_) break;
      const char c = text_[at];
      if (c == '}') {
        if (--depth != 0) continue;
        if (text_[at - 1] == '\\' && is_escaped(text_, begin, at)) {
          report(SyntaxProblem::escaped_delimiter, at, at + 1);
        }
        set_piece(piece, PieceKind::braced, begin, at + 1, true);
        resume_ = at + 1;
        return true;
      }
      if (c == '{') {
        if (++depth > depth_max && !is_deep) {
          is_deep = true;
          report(SyntaxProblem::deep_nesting, at, at + 1);
        }
      } else if (is_entry_line(text_, at)) {
        if (lines == 0) cut = at;
        if (++lines > entry_lines_in_value_max) break;
      }
    }
    cut_piece(piece, PieceKind::braced, begin, cut);
    return true;
  }

  // BibTeX counts braces in a quoted value too and refuses one where '}' comes first; biber reads it.
  bool read_quoted(std::uint32_t begin, StoredPiece& piece) {
    std::uint32_t depth = 0;
    std::uint32_t lines = 0;
    std::uint32_t cut = size_;
    std::uint32_t stray = size_;  // the first '}' without '{'
    for (std::uint32_t at = begin + 1;; ++at) {
      at = scanner_.next_quoted_stop(at);
      if (at >= size_) break;
      const char c = text_[at];
      if (c == '"' && depth == 0) {
        if (lines > 0 && stray < size_) break;
        if (stray < size_) report(SyntaxProblem::brace_in_quotes, stray, stray + 1);
        if (text_[at - 1] == '\\' && is_escaped(text_, begin, at)) {
          report(SyntaxProblem::escaped_delimiter, at, at + 1);
        }
        set_piece(piece, PieceKind::quoted, begin, at + 1, true);
        resume_ = at + 1;
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
        if (++lines > entry_lines_in_value_max) break;
      }
    }
    cut_piece(piece, PieceKind::quoted, begin, cut);
    return true;
  }

  void cut_piece(StoredPiece& piece, PieceKind kind, std::uint32_t begin, std::uint32_t cut) {
    report(SyntaxProblem::unclosed_value, begin, begin + 1);
    set_piece(piece, kind, begin, trim_end(text_, begin + 1, cut), false);
    resume_ = cut;
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

  std::string_view text_;
  std::uint32_t size_;
  Scanner& scanner_;
  Sink& sink_;
  std::uint32_t resume_ = 0;
};

}  // namespace bibsmith::bibtex
