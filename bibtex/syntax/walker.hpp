#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <optional>
#include <string_view>

#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/byte_class.hpp"
#include "bibtex/syntax/diagnostic.hpp"
#include "bibtex/syntax/grammar.hpp"
#include "bibtex/syntax/nodes.hpp"
#include "bibtex/syntax/piece_reader.hpp"
#include "bibtex/syntax/scanner.hpp"
#include "bibtex/syntax/usual_reader.hpp"

namespace bibsmith::bibtex {

// A comment that is never closed must not swallow the rest of the file: it may hold this many lines that look
// like the start of a block. See entry_lines_in_value_max.
inline constexpr std::uint32_t entry_lines_in_comment_max = 256;

// Walks over a text and tells `Sink` what it finds: open_block, key, field, piece, close_block, report.
// Total: every byte belongs to one block, whatever the text. No recursion. The grammar is in
// docs/bib-grammar.md.
template <typename Sink>
class Walker {
 public:
  Walker(std::string_view text, Scanner& scanner, Sink& sink)
      : text_(text),
        size_(static_cast<std::uint32_t>(text.size())),
        scanner_(scanner),
        sink_(sink),
        usual_(text, scanner, sink),
        pieces_(text, scanner, sink) {}

  // Reads the blocks that begin in [from, stop); returns where the last of them ends. The next call goes on
  // there.
  std::uint32_t read_blocks(std::uint32_t from, std::uint32_t stop) {
    pos_ = from;
    while (pos_ < stop) {
      const Usual usual = usual_.read_blocks(pos_, stop);
      if (usual.pos != pos_) is_after_entry_ = usual.is_after_entry;
      if (usual.before != Usual::Before::block) {
        is_after_entry_ = true;
        start_fields(BlockKind::entry, '}');
        finish_entry(usual);
        continue;
      }
      pos_ = usual.pos;
      if (pos_ >= stop) break;
      // Between most blocks there is white space only.
      const std::uint32_t next = scanner_.end_of_white_space(pos_);
      std::optional<BlockHead> head;
      if (is_at(next, '@')) head = match_block_head(text_, next);
      if (!head) {
        head = read_junk();
        if (!head) break;
      } else if (next > pos_) {
        sink_.open_block(BlockKind::junk, pos_, false);
        pos_ = next;
      }
      if (pos_ >= stop) break;
      read_block(*head);
      is_after_entry_ = head->kind == BlockKind::entry;
    }
    return pos_;
  }

 private:
  using Usual = UsualPlace;

  bool at_end() const { return pos_ >= size_; }
  bool is_at(char c) const { return is_at(pos_, c); }
  bool is_at(std::uint32_t at, char c) const { return at < size_ && text_[at] == c; }
  void report(SyntaxProblem problem, std::uint32_t begin, std::uint32_t end) {
    sink_.report(problem, Span{begin, end});
  }
  void report_here(SyntaxProblem problem) { report(problem, pos_, std::min(size_, pos_ + 1)); }

  // Everything up to the next head, which is returned.
  std::optional<BlockHead> read_junk() {
    const std::uint32_t begin = pos_;
    sink_.open_block(BlockKind::junk, begin, false);
    std::optional<BlockHead> head;
    std::size_t at = text_.find('@', text_[begin] == '@' ? begin + 1 : begin);
    while (at != text_.npos && !head) {
      head = match_block_head(text_, static_cast<std::uint32_t>(at));
      if (!head) at = text_.find('@', at + 1);
    }
    pos_ = scanner_.touch(at);
    check_junk(Span{begin, pos_}, head.has_value());
    return head;
  }

  void check_junk(Span junk, bool is_before_block) {
    if (junk.size() > mask_bytes) scanner_.check_encoding_to(junk.end);
    const std::string_view text = junk.in(text_);
    if (is_after_entry_) {
      std::uint32_t first = junk.begin;
      while (first < junk.end && is_white_space(text_[first])) ++first;
      if (first < junk.end && (text_[first] == ',' || text_[first] == '}' || text_[first] == ')')) {
        report(SyntaxProblem::text_after_entry, first, first + 1);
      }
    }
    if (is_before_block) {
      const std::size_t line = text.find_last_of("\r\n") + 1;  // npos + 1 == 0
      const std::size_t percent = text.find('%', line);
      if (percent != text.npos) {
        const std::uint32_t at = junk.begin + static_cast<std::uint32_t>(percent);
        report(SyntaxProblem::entry_after_percent, at, at + 1);
      }
    }
  }

  void read_block(const BlockHead& head) {
    const bool has_braces = head.has_delimiter && text_[head.open] == '{';
    sink_.open_block(head.kind, pos_, has_braces);
    if (head.kind == BlockKind::comment) return read_comment(head);

    if (is_digit(text_[head.type.begin])) {
      report(SyntaxProblem::digit_in_front_of_type, head.type.begin, head.type.end);
    }
    pos_ = head.open + 1;
    last_ = pos_;
    expects_comma_ = false;
    start_fields(head.kind, has_braces ? '}' : ')');
    if (head.kind == BlockKind::entry) {
      read_key();
      if (expects_comma_) return finish_entry(usual_.read_fields(pos_, last_, close_));
    }
    if (head.kind == BlockKind::preamble) {
      StoredField field{.name_begin = pos_};
      skip_trivia();
      read_value(field);
      expects_comma_ = true;
    }
    read_fields(head.kind);
  }

  void start_fields(BlockKind kind, char close) {
    close_ = close;
    fields_ = 0;
    pieces_.start_block(kind, close);
  }

  void read_comment(const BlockHead& head) {
    if (!head.has_delimiter) {
      pos_ = scanner_.touch(end_of_line(text_, head.open));
      return end_comment(head, pos_, true);
    }
    const bool has_braces = text_[head.open] == '{';
    std::uint32_t depth = 1;
    std::uint32_t lines = 0;
    std::uint32_t cut = size_;
    for (std::uint32_t at = head.open + 1;; ++at) {
      at = has_braces ? scanner_.next_braced_stop(at) : next_parenthesis_or_at(at);
      if (at >= size_) break;
      const char c = text_[at];
      if (c == '@') {
        if (!is_block_line(text_, at)) continue;
        if (lines == 0) cut = at;
        if (++lines > entry_lines_in_comment_max) break;
      } else if (c == '{' || c == '(') {
        ++depth;
      } else if (--depth == 0) {
        return end_comment(head, at + 1, true);
      }
    }
    report(SyntaxProblem::unclosed_comment, head.open, head.open + 1);
    end_comment(head, trim_end(text_, head.open + 1, cut), false);
  }

  std::uint32_t next_parenthesis_or_at(std::uint32_t at) {
    return scanner_.touch(text_.find_first_of("()@", at));
  }

  void end_comment(const BlockHead& head, std::uint32_t end, bool is_closed) {
    const std::string_view text = text_.substr(0, end);
    for (std::size_t at = text.find('@', head.open); at != text.npos; at = text.find('@', at + 1)) {
      const auto begin = static_cast<std::uint32_t>(at);
      const std::optional<BlockHead> inner = match_block_head(text, begin);
      if (!inner || inner->kind == BlockKind::comment) continue;
      report(SyntaxProblem::entry_in_comment, begin, inner->type.end);
      break;
    }
    pos_ = end;
    sink_.close_block(is_closed);
  }

  // White space, and what only some programs take for it: a comment from '%' to the end of the line, form
  // feeds, no-break spaces.
  void skip_trivia() {
    for (;;) {
      pos_ = scanner_.end_of_white_space(pos_);
      if (pos_ >= size_) return;
      const char c = text_[pos_];
      if (c == '%') {
        const std::uint32_t end = scanner_.touch(end_of_line(text_, pos_));
        report(SyntaxProblem::percent_comment, pos_, end);
        pos_ = last_ = end;
      } else if (c == '\f' || c == '\v') {
        report_here(SyntaxProblem::odd_space);
        last_ = ++pos_;
      } else if (c == '\xC2' && pos_ + 1 < size_ && text_[pos_ + 1] == '\xA0') {
        report(SyntaxProblem::odd_space, pos_, pos_ + 2);
        last_ = pos_ += 2;
      } else {
        return;
      }
    }
  }

  bool is_at_block_head() const { return is_at('@') && match_block_head(text_, pos_).has_value(); }

  // Whether `name =` stands at `at`: a field, wherever it is found.
  bool is_field(std::uint32_t at) {
    const std::uint32_t end = scanner_.end_of_name(at);
    if (end == at) return false;
    const std::uint32_t next = scanner_.end_of_white_space(end);
    return next < size_ && text_[next] == '=';
  }

  // Whether only white space stands between `at` and the end of the text or the next block.
  bool is_last_of_block(std::uint32_t at) {
    at = scanner_.end_of_white_space(at);
    return at >= size_ || (text_[at] == '@' && match_block_head(text_, at).has_value());
  }

  // BibTeX takes for a key all up to white space or a comma, or '}' where braces enclose the entry
  // (bibtex.web, section 267).
  void read_key() {
    skip_trivia();
    const std::uint32_t begin = pos_;
    std::uint32_t end = scanner_.end_of_name(begin);
    if (end > begin && is_at(end, ',') && end - begin <= name_bytes_max) {
      sink_.key(begin, end - begin);
      pos_ = last_ = end;
      expects_comma_ = true;
      return;
    }
    for (; end < size_; end = scanner_.end_of_name(end + 1)) {
      const char c = text_[end];
      if (is_white_space(c) || c == ',' || (c == '}' && close_ == '}')) break;
      if (c == '=' && end > begin && is_start_of_delimited(end + 1)) return lack_key(begin);
    }
    if (end == begin || is_at_block_head()) return lack_key(begin);

    const std::uint32_t next = scanner_.end_of_white_space(end);
    const char after = next < size_ ? text_[next] : '\0';
    if (after == '=') return lack_key(begin);
    if (close_ == ')' && after != ',' && text_[end - 1] == ')') --end;  // "@misc(a)"
    if (end - begin > name_bytes_max) {
      report(SyntaxProblem::name_too_long, begin, end);
    } else {
      sink_.key(begin, end - begin);
    }
    pos_ = last_ = end;
    expects_comma_ = true;
  }

  bool is_start_of_delimited(std::uint32_t at) {
    at = scanner_.end_of_white_space(at);
    return at < size_ && (text_[at] == '{' || text_[at] == '"');
  }

  void lack_key(std::uint32_t begin) {
    pos_ = begin;
    report_here(SyntaxProblem::missing_key);
    sink_.key(begin, 0);
    expects_comma_ = is_at(',');
  }

  // Reads the rest of an entry from where its usual part ends.
  BIBSMITH_COLD void finish_entry(Usual usual) {
    for (;;) {
      pos_ = usual.pos;
      if (usual.before == Usual::Before::block) return;
      last_ = usual.last;
      expects_comma_ = true;
      fields_ += usual.has_fields ? 1 : 0;
      if (usual.before == Usual::Before::field) break;
      skip_trivia();
      expects_comma_ = read_value(usual.field);
      if (!expects_comma_ || pieces_.has_cut()) break;
      usual = usual_.read_fields(pos_, last_, close_);
    }
    read_fields(BlockKind::entry);
  }

  void read_fields(BlockKind kind) {
    for (;;) {
      skip_trivia();
      if (at_end() || is_at_block_head()) {
        report_here(SyntaxProblem::missing_close);
        pos_ = last_;
        return sink_.close_block(false);
      }
      const char c = text_[pos_];
      if (c == close_) {
        ++pos_;
        return sink_.close_block(true);
      }
      if (c == ',') {
        if (!expects_comma_) report_here(SyntaxProblem::extra_comma);
        expects_comma_ = false;
        last_ = ++pos_;
        continue;
      }
      if ((c == '}' || c == ')') && is_last_of_block(pos_ + 1)) {
        report_here(SyntaxProblem::wrong_close);
        ++pos_;
        return sink_.close_block(false);
      }
      if (expects_comma_) {
        expects_comma_ = false;
        report_here(fields_ == 0 && kind == BlockKind::entry ? SyntaxProblem::missing_comma_after_key
                                                             : SyntaxProblem::missing_comma);
        if (c == ';') {
          last_ = ++pos_;
          continue;
        }
        if (!is_field(pos_)) {
          skip_unexpected();
          continue;
        }
      }
      if (can_be_in_name(c)) {
        read_field(kind);
      } else {
        report_here(SyntaxProblem::unexpected_text);
        skip_unexpected();
      }
    }
  }

  // Skips at least one byte and stops where reading can go on: at a comma, at the closing delimiter, at a
  // field, before the next entry.
  void skip_unexpected() {
    std::uint32_t depth = 0;
    for (bool is_first = true; !at_end(); is_first = false) {
      const char c = text_[pos_];
      if (is_white_space(c)) {
        pos_ = scanner_.end_of_white_space(pos_);
        continue;
      }
      if (depth == 0 && !is_first && (c == ',' || c == close_ || is_field(pos_))) break;
      if (c == '@' && (depth == 0 ? is_at_block_head() : is_entry_line(text_, pos_))) break;
      if (c == '{') ++depth;
      if (c == '}' && depth > 0) --depth;
      pos_ = can_be_in_name(c) && c != '@' ? scanner_.end_of_name(pos_) : pos_ + 1;
      last_ = pos_;
    }
    expects_comma_ = is_at(',');
  }

  void read_field(BlockKind kind) {
    const std::uint32_t begin = pos_;
    const std::uint32_t end = scanner_.end_of_name(begin);
    pos_ = last_ = end;
    if (end - begin > name_bytes_max) {
      report(SyntaxProblem::name_too_long, begin, end);
      return skip_unexpected();
    }
    skip_trivia();
    StoredField field{.name_begin = begin, .name_size = (end - begin) & 0xFF'FFFF};
    if (is_at('=')) {
      last_ = ++pos_;
      skip_trivia();
    } else {
      report_here(SyntaxProblem::missing_equals);
      if (!is_at('{') && !is_at('"')) {
        if (!is_at(',') && !is_at(close_)) return skip_unexpected();
        field.value.begin = end;
        sink_.field(field);
        ++fields_;
        expects_comma_ = true;
        return;
      }
    }
    if (is_digit(text_[begin])) report(SyntaxProblem::digit_in_front_of_name, begin, end);
    if (kind == BlockKind::string && fields_ > 0) report(SyntaxProblem::second_macro, begin, end);
    expects_comma_ = read_value(field);
  }

  // Reads pieces joined by '#' and tells the field. False if a piece is missing, so that no comma is due.
  bool read_value(StoredField& field) {
    bool is_complete = true;
    std::uint32_t pieces = 0;
    std::uint32_t end = last_;  // of the last piece
    StoredPiece first{.begin = last_};
    for (;; ++pieces) {
      StoredPiece piece;
      if (!pieces_.read(pos_, piece)) {
        report_here(pieces == 0 ? SyntaxProblem::missing_value : SyntaxProblem::dangling_concatenation);
        is_complete = !is_field(pos_);
        break;
      }
      if (pieces == 0) {
        first = piece;
      } else {
        if (pieces == 1) sink_.piece(first);
        sink_.piece(piece);
      }
      last_ = end = piece.begin + piece.size;
      pos_ = pieces_.resume();
      if (!is_at(',')) skip_trivia();
      if (!is_at('#')) {
        ++pieces;
        break;
      }
      last_ = ++pos_;
      skip_trivia();
    }
    field.value = first;
    field.has_value = pieces > 0;
    field.is_concatenated = pieces > 1;
    if (pieces > 1) field.value.size = (end - first.begin) & 0x1FFF'FFFF;
    sink_.field(field);
    ++fields_;
    return is_complete;
  }

  std::string_view text_;
  std::uint32_t size_;
  Scanner& scanner_;
  Sink& sink_;
  UsualReader<Sink> usual_;
  PieceReader<Sink> pieces_;
  std::uint32_t pos_ = 0;
  std::uint32_t last_ = 0;    // the end of the last thing that is not white space
  std::uint32_t fields_ = 0;  // of this block so far
  char close_ = '}';
  bool expects_comma_ = false;
  bool is_after_entry_ = false;  // the last block read; the stretch that a Walker reads begins with none
};

}  // namespace bibsmith::bibtex
