#include "tests/properties/slow_parser.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>

namespace bibsmith::testing {

namespace {

using std::size_t;
using std::string;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool is_control(char c) {
  return c == '\0' || c == '\v' || c == '\f' || c == '\x10' || c == '\x1b' || c == '\x1c';
}
bool is_name(char c) {
  return !is_space(c) && !is_control(c) && string("\"#%'(),={}").find(c) == string::npos;
}

string lower(string word) {
  for (char& c : word) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return word;
}

struct Head {
  string type;
  size_t open = 0;
  bool has_delimiter = true;
};

class SlowParser {
 public:
  explicit SlowParser(std::string_view text) : text_(text) {}

  std::vector<string> lines() {
    for (size_t at = 0; at < text_.size();) {
      const auto head = head_at(at);
      at = head ? block(at, *head) : at + 1;
    }
    return lines_;
  }

 private:
  // The byte at `at`, and behind the end a byte that is nothing.
  char peek(size_t at) const { return at < text_.size() ? text_[at] : '\x01'; }
  bool ends(size_t at) const { return at >= text_.size(); }

  size_t skip_space(size_t at) const {
    while (!ends(at) && is_space(text_[at])) ++at;
    return at;
  }
  size_t skip_name(size_t at) const {
    while (!ends(at) && is_name(text_[at])) ++at;
    return at;
  }

  std::optional<Head> head_at(size_t at) const {
    if (peek(at) != '@') return std::nullopt;
    const size_t begin = skip_space(at + 1);
    size_t end = begin;
    while (!ends(end) && is_name(text_[end]) && text_[end] != '@') ++end;
    if (end == begin) return std::nullopt;
    const string type(text_.substr(begin, end - begin));
    const size_t open = skip_space(end);
    if (peek(open) == '{' || peek(open) == '(') return Head{type, open, true};
    if (lower(type) == "comment") return Head{type, end, false};
    return std::nullopt;
  }

  bool starts_line(size_t at) const {
    while (at > 0 && (text_[at - 1] == ' ' || text_[at - 1] == '\t')) --at;
    return at == 0 || text_[at - 1] == '\n' || text_[at - 1] == '\r';
  }

  bool is_block_line(size_t at) const {
    const auto head = head_at(at);
    return head && head->has_delimiter && starts_line(at);
  }

  bool is_entry_line(size_t at) const {
    if (!is_block_line(at)) return false;
    const auto head = head_at(at);
    const size_t begin = skip_space(head->open + 1);
    const size_t end = skip_name(begin);
    return end > begin && peek(skip_space(end)) == (lower(head->type) == "string" ? '=' : ',');
  }

  size_t block(size_t at, const Head& head) {
    const string kind = lower(head.type);
    if (kind == "comment") return comment(at, head);
    close_ = text_[head.open] == '{' ? '}' : ')';
    line_ = head.type;
    pos_ = last_ = head.open + 1;
    needs_comma_ = false;
    is_preamble_ = kind == "preamble";
    has_cut_ = false;
    if (is_preamble_) {
      line_ += ':';
      skip_trivia();
      line_ += " =";
      needs_comma_ = value();
      needs_comma_ = true;
    } else if (kind == "string") {
      line_ += ':';
    } else {
      line_ += ' ' + key() + ':';
    }
    const bool is_closed = fields();
    lines_.push_back(line_ + (is_closed ? "" : "..."));
    return pos_;
  }

  size_t comment(size_t at, const Head& head) {
    size_t end = head.open;
    if (!head.has_delimiter) {
      while (!ends(end) && text_[end] != '\n' && text_[end] != '\r') ++end;
    } else {
      const char open = text_[head.open];
      const char close = open == '{' ? '}' : ')';
      int depth = 0;
      int lines = 0;
      size_t cut = text_.size();
      for (;; ++end) {
        const bool is_line = lines < 257 && is_block_line(end);
        if (is_line && ++lines == 1) cut = end;
        if (ends(end) || lines == 257) {
          end = cut;
          while (end > head.open + 1 && is_space(text_[end - 1])) --end;
          break;
        }
        if (text_[end] == open) ++depth;
        if (text_[end] == close && --depth == 0) {
          ++end;
          break;
        }
      }
    }
    lines_.emplace_back(text_.substr(at, end - at));
    return end;
  }

  void skip_trivia() {
    for (;;) {
      if (is_space(peek(pos_))) {
        ++pos_;
      } else if (peek(pos_) == '%') {
        while (!ends(pos_) && text_[pos_] != '\n' && text_[pos_] != '\r') ++pos_;
        last_ = pos_;
      } else if (peek(pos_) == '\f' || peek(pos_) == '\v') {
        last_ = ++pos_;
      } else if (text_.substr(std::min(pos_, text_.size()), 2) == "\xC2\xA0") {
        last_ = pos_ += 2;
      } else {
        return;
      }
    }
  }

  bool is_field(size_t at) const {
    const size_t end = skip_name(at);
    return end > at && peek(skip_space(end)) == '=';
  }

  string key() {
    skip_trivia();
    size_t end = pos_;
    while (!ends(end) && !is_space(text_[end]) && text_[end] != ',' &&
           !(text_[end] == '}' && close_ == '}')) {
      const char next = peek(skip_space(end + 1));
      if (text_[end] == '=' && end > pos_ && (next == '{' || next == '"')) return no_key();
      ++end;
    }
    const char after = peek(skip_space(end));
    if (end == pos_ || after == '=') return no_key();
    if (head_at(pos_)) return no_key();
    if (close_ == ')' && after != ',' && text_[end - 1] == ')') --end;
    const string found(text_.substr(pos_, end - pos_));
    pos_ = last_ = end;
    needs_comma_ = true;
    return found;
  }

  string no_key() {
    needs_comma_ = peek(pos_) == ',';
    return "";
  }

  bool fields() {
    for (;;) {
      skip_trivia();
      if (ends(pos_) || head_at(pos_)) {
        pos_ = last_;
        return false;
      }
      const char c = text_[pos_];
      if (c == close_) {
        ++pos_;
        return true;
      }
      if (c == ',') {
        needs_comma_ = false;
        last_ = ++pos_;
        continue;
      }
      const size_t behind = skip_space(pos_ + 1);
      if ((c == '}' || c == ')') && (ends(behind) || head_at(behind))) {
        ++pos_;
        return false;
      }
      if (needs_comma_) {
        needs_comma_ = false;
        if (c == ';') {
          last_ = ++pos_;
          continue;
        }
        if (!is_field(pos_)) {
          skip_unexpected();
          continue;
        }
      }
      if (is_name(c)) {
        field();
      } else {
        skip_unexpected();
      }
    }
  }

  void skip_unexpected() {
    int depth = 0;
    for (bool is_first = true; !ends(pos_); is_first = false) {
      const char c = text_[pos_];
      if (is_space(c)) {
        ++pos_;
        continue;
      }
      if (depth == 0 && !is_first && (c == ',' || c == close_ || is_field(pos_))) break;
      if (depth == 0 ? head_at(pos_).has_value() : is_entry_line(pos_)) break;
      if (c == '{') ++depth;
      if (c == '}' && depth > 0) --depth;
      pos_ = is_name(c) && c != '@' ? skip_name(pos_) : pos_ + 1;
      last_ = pos_;
    }
    needs_comma_ = peek(pos_) == ',';
  }

  void field() {
    const size_t begin = pos_;
    pos_ = last_ = skip_name(pos_);
    const string name(text_.substr(begin, pos_ - begin));
    skip_trivia();
    if (peek(pos_) == '=') {
      last_ = ++pos_;
      skip_trivia();
    } else if (peek(pos_) == ',' || peek(pos_) == close_) {
      line_ += ' ' + name + "=?";
      needs_comma_ = true;
      return;
    } else if (peek(pos_) != '{' && peek(pos_) != '"') {
      skip_unexpected();
      return;
    }
    line_ += ' ' + name + '=';
    needs_comma_ = value();
  }

  // Adds the pieces to the line; false if one is missing and a field follows.
  bool value() {
    for (bool is_first = true;; is_first = false) {
      const auto piece = this->piece();
      if (!piece) {
        if (is_first) line_ += '?';
        return !is_field(pos_);
      }
      if (!is_first) line_ += '#';
      line_ += *piece;
      skip_trivia();
      if (peek(pos_) != '#') return true;
      last_ = ++pos_;
      skip_trivia();
    }
  }

  std::optional<string> piece() {
    if (ends(pos_)) return std::nullopt;
    if (text_[pos_] == '{' || text_[pos_] == '"') return delimited(text_[pos_] == '"');
    if (head_at(pos_)) return std::nullopt;
    size_t end = pos_;
    while (!ends(end) &&
           (is_name(text_[end]) || text_[end] == '\'' || text_[end] == '(' || is_control(text_[end]))) {
      ++end;
    }
    if (end == pos_ || peek(skip_space(end)) == '=') return std::nullopt;
    const string found(text_.substr(pos_, end - pos_));
    pos_ = last_ = end;
    return found;
  }

  string delimited(bool is_quoted) {
    int depth = is_quoted ? 0 : 1;
    int lines = 0;
    bool has_stray = false;
    size_t cut = text_.size();
    for (size_t at = pos_ + 1; !ends(at); ++at) {
      const char c = text_[at];
      if (has_cut_ && (is_field_line(at) || is_entry_line(at))) return cut_at(at);
      const bool is_end = is_quoted ? c == '"' && depth == 0 : c == '}' && depth == 1;
      if (is_end && is_quoted && has_stray && lines > 0) break;
      if (is_end) {
        const bool is_doubtful = is_quoted ? is_opening(at) : is_last_brace(at + 1);
        const auto field = is_doubtful ? field_line_before(at) : std::nullopt;
        if (field) {
          has_cut_ = true;
          return cut_at(*field);
        }
        const string found(text_.substr(pos_, at + 1 - pos_));
        pos_ = last_ = at + 1;
        return found;
      }
      if (c == '{') ++depth;
      if (c == '}' && depth > 0) {
        --depth;
      } else if (c == '}') {
        has_stray = true;
      }
      if (is_entry_line(at)) {
        if (++lines == 1) cut = at;
        if (lines > 16) break;
      }
    }
    const auto field = field_line_before(cut);
    has_cut_ = has_cut_ || field.has_value();
    return cut_at(field.value_or(cut));
  }

  // The value ends before `cut`, and before a comma that stands there.
  string cut_at(size_t cut) {
    const auto trim = [this](size_t end) {
      while (end > pos_ + 1 && is_space(text_[end - 1])) --end;
      return end;
    };
    last_ = trim(cut);
    if (last_ > pos_ + 1 && text_[last_ - 1] == ',') {
      cut = last_ - 1;
      last_ = trim(cut);
    }
    const string found(text_.substr(pos_, last_ - pos_));
    pos_ = cut;
    return found;
  }

  // The first field line in a value that has lost its end, the first of its block, up to `end`. None if
  // another block may begin there.
  std::optional<size_t> field_line_before(size_t end) const {
    if (is_preamble_ || has_cut_) return std::nullopt;
    std::optional<size_t> first;
    for (size_t at = pos_ + 1; at < end; ++at) {
      if (head_at(at)) return std::nullopt;
      const size_t equals = skip_blanks(skip_name(at));
      if (!first && equals < end && is_field_line(at)) first = at;
    }
    return first;
  }

  bool is_field_line(size_t at) const {
    const auto is_letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
    if (!is_letter(peek(at)) && peek(at) != '_') return false;
    size_t before = back_over_blanks(at);
    if (before > 0 && text_[before - 1] == ',') before = back_over_blanks(before - 1);
    if (before > 0 && text_[before - 1] != '\n' && text_[before - 1] != '\r') return false;
    const size_t end = skip_name(at);
    if (text_.substr(at, end - at).find('@') != string::npos) return false;
    const size_t equals = skip_blanks(end);
    if (peek(equals) != '=') return false;
    const size_t value = skip_space(equals + 1);
    if (peek(value) == '{' || peek(value) == '"') return true;
    const size_t value_end = skip_name(value);
    const size_t next = skip_blanks(value_end);
    return value_end > value && (ends(next) || string(",#})\r\n").find(text_[next]) != string::npos);
  }

  size_t skip_blanks(size_t at) const {
    while (peek(at) == ' ' || peek(at) == '\t') ++at;
    return at;
  }
  size_t back_over_blanks(size_t at) const {
    while (at > 0 && (text_[at - 1] == ' ' || text_[at - 1] == '\t')) --at;
    return at;
  }

  bool follows_value(size_t at) const { return !ends(at) && string(",#})").find(text_[at]) != string::npos; }

  // Whether no brace stands between `at` and the next block.
  bool is_last_brace(size_t at) const {
    at = skip_space(at);
    if (follows_value(at)) return false;
    for (; !ends(at) && !head_at(at); ++at) {
      if (text_[at] == '{' || text_[at] == '}') return false;
      if (text_[at] == ')' && close_ == ')') return false;
    }
    return true;
  }

  // Whether the quote at `quote` belongs to the field that begins its line.
  bool is_opening(size_t quote) const {
    const size_t next = skip_space(quote + 1);
    if (ends(next) || follows_value(next)) return false;
    for (size_t at = pos_ + 1; at < quote; ++at) {
      const size_t equals = skip_blanks(skip_name(at));
      if (is_field_line(at) && skip_space(equals + 1) == quote) return true;
    }
    return false;
  }

  std::string_view text_;
  std::vector<string> lines_;
  string line_;  // of this block
  size_t pos_ = 0;
  size_t last_ = 0;  // the end of the last thing that is not white space
  char close_ = '}';
  bool needs_comma_ = false;
  bool is_preamble_ = false;
  bool has_cut_ = false;  // a value of this block has ended before a field line
};

}  // namespace

std::vector<string> slow_outline(std::string_view text) { return SlowParser(text).lines(); }

}  // namespace bibsmith::testing
