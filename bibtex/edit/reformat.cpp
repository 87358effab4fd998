#include "bibtex/edit/reformat.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "bibtex/edit/placement.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/byte_class.hpp"

namespace bibsmith::bibtex {

namespace {

bool is_blank(std::string_view text) { return std::all_of(text.begin(), text.end(), is_white_space); }

bool has_line_end(std::string_view text) { return std::any_of(text.begin(), text.end(), is_line_end); }

// Whether a quote stands outside braces, so that the value cannot stand in quotes.
bool has_open_quote(std::string_view inner) {
  std::size_t depth = 0;
  for (const char c : inner) {
    if (c == '{') ++depth;
    if (c == '}' && depth > 0) --depth;
    if (c == '"' && depth == 0) return true;
  }
  return false;
}

// Makes the edits of one document, front to back.
class Reformatter {
 public:
  Reformatter(const Document& document, const Layout& layout)
      : document_(document), text_(document.text()), layout_(layout), style_(layout.style) {}

  void entry(const Block& block) {
    const std::size_t edits_before = edits_.size();
    if (!lay_out(block)) edits_.resize(edits_before);  // not of the form that we know: left alone
  }

  std::vector<TextEdit> take() { return std::move(edits_); }

 private:
  bool lay_out(const Block& block) {
    if (block.open >= block.span.end || !block.is_closed) return false;
    set_gap(block.span.begin + 1, block.type.begin, "");
    set_word(block.type, style_.type_case);
    set_gap(block.type.end, block.open, "");
    set_gap(block.open + 1, block.key.begin, "");
    std::uint32_t done = block.key.end;
    for (const FieldNode& field : document_.fields(block)) {
      if (field.value.empty()) return false;
      const std::uint32_t comma = skip_white_space(text_, done);
      if (text_[comma] != ',') return false;
      set_gap(done, comma, "");
      if (!is_gap(comma + 1, field.name.begin)) return false;
      set_gap(comma + 1, field.name.begin,
              style_.has_fields_on_lines ? style_.line_end + style_.indent : " ");
      if (!lay_out_field(field)) return false;
      done = field.value.end;
    }
    return block.first_field == block.end_field || lay_out_close(block, done);
  }

  bool lay_out_field(const FieldNode& field) {
    const std::uint32_t equals = skip_white_space(text_, field.name.end);
    if (text_[equals] != '=' || !is_gap(equals + 1, field.value.begin)) return false;
    set_word(field.name, style_.name_case);
    const std::uint32_t before = spaces(field.name.size(), style_.equals_column, style_.blanks_before_equals);
    set_gap(field.name.end, equals, std::string(before, ' '));
    const std::uint32_t after =
        spaces(field.name.size() + before + 1, style_.value_column, style_.blanks_after_equals);
    set_gap(equals + 1, field.value.begin, std::string(after, ' '));
    if (layout_.sets_delimiters) {
      for (const PieceNode& piece : document_.pieces(field)) set_delimiters(piece);
    }
    return true;
  }

  bool lay_out_close(const Block& block, std::uint32_t done) {
    const std::uint32_t close = block.span.end - 1;
    const std::uint32_t next = skip_white_space(text_, done);
    if (next < close) {
      if (text_[next] != ',') return false;
      set_gap(done, next, "");
      done = next + 1;
    }
    if (!is_gap(done, close)) return false;
    if (style_.has_fields_on_lines && style_.has_close_on_line) {
      set_gap(done, close, style_.line_end + style_.close_indent);
    } else if (has_line_end(text_.substr(done, close - done))) {
      set_gap(done, close, "");
    }
    return true;
  }

  static std::uint32_t spaces(std::uint32_t from, std::uint32_t column, std::uint32_t least) {
    return std::max(least, column > from ? column - from : 0u);
  }

  bool is_gap(std::uint32_t begin, std::uint32_t end) const {
    return begin <= end && is_blank(text_.substr(begin, end - begin));
  }

  void set_gap(std::uint32_t begin, std::uint32_t end, const std::string& gap) {
    if (is_gap(begin, end) && text_.substr(begin, end - begin) != gap) {
      edits_.push_back(TextEdit{Span{begin, end}, gap});
    }
  }

  void set_word(Span word, LetterCase letter_case) {
    if (!layout_.sets_case) return;
    std::string text = in_case(document_.text(word), letter_case);
    if (text != document_.text(word)) edits_.push_back(TextEdit{word, std::move(text)});
  }

  void set_delimiters(const PieceNode& piece) {
    const bool to_braces = piece.kind == PieceKind::quoted && !style_.has_quotes;
    const bool to_quotes =
        piece.kind == PieceKind::braced && style_.has_quotes && !has_open_quote(document_.text(piece.inner));
    if ((!to_braces && !to_quotes) || piece.inner.end + 1 != piece.span.end) return;
    edits_.push_back(TextEdit{Span{piece.span.begin, piece.inner.begin}, to_braces ? "{" : "\""});
    edits_.push_back(TextEdit{Span{piece.inner.end, piece.span.end}, to_braces ? "}" : "\""});
  }

  const Document& document_;
  std::string_view text_;
  const Layout& layout_;
  const Style& style_;
  std::vector<TextEdit> edits_;
};

bool is_same_word(std::string_view a, std::string_view b, bool ignores_case) {
  return ignores_case ? equal_ignoring_case(a, b) : a == b;
}

bool is_same_value(const Document& a, const FieldNode& x, const Document& b, const FieldNode& y,
                   bool ignores_delimiters) {
  const std::vector<PieceNode> left = a.pieces(x);
  const std::vector<PieceNode> right = b.pieces(y);
  return std::equal(
      left.begin(), left.end(), right.begin(), right.end(),
      [&](const PieceNode& one, const PieceNode& other) {
        const bool is_delimited = one.kind == PieceKind::braced || one.kind == PieceKind::quoted;
        const bool other_is_delimited = other.kind == PieceKind::braced || other.kind == PieceKind::quoted;
        const bool is_same_kind =
            one.kind == other.kind || (ignores_delimiters && is_delimited && other_is_delimited);
        return is_same_kind && a.text(one.inner) == b.text(other.inner);
      });
}

}  // namespace

std::vector<TextEdit> reformat(const Document& document, const Layout& layout) {
  Reformatter reformatter(document, layout);
  const auto findings = document.diagnostics();
  auto finding = findings.begin();
  for (const Block& block : document.blocks()) {
    bool has_error = false;
    for (; finding != findings.end() && finding->span.begin < block.span.end; ++finding) {
      has_error = has_error || finding->severity == Severity::error;
    }
    if (block.kind == BlockKind::entry && !has_error) reformatter.entry(block);
  }
  return reformatter.take();
}

bool is_same_content(const Document& a, const Document& b, const Layout& layout) {
  if (a.blocks().size() != b.blocks().size()) return false;
  for (std::uint32_t i = 0; i < a.blocks().size(); ++i) {
    const Block x = a.block(i);
    const Block y = b.block(i);
    if (x.kind != y.kind || x.is_closed != y.is_closed || a.text(x.key) != b.text(y.key)) return false;
    if (x.kind != BlockKind::entry) {
      if (a.text(x.span) != b.text(y.span)) return false;
      continue;
    }
    if (!is_same_word(a.text(x.type), b.text(y.type), layout.sets_case)) return false;
    if (a.fields(x).size() != b.fields(y).size()) return false;
    for (std::uint32_t f = 0; f < a.fields(x).size(); ++f) {
      const FieldNode left = a.fields(x)[f];
      const FieldNode right = b.fields(y)[f];
      if (!is_same_word(a.text(left.name), b.text(right.name), layout.sets_case)) return false;
      if (!is_same_value(a, left, b, right, layout.sets_delimiters)) return false;
    }
  }
  return true;
}

}  // namespace bibsmith::bibtex
