// Citations in Pandoc's Markdown (manual, "Citation syntax"): [@a; see @b, p. 3], @a [p. 3], -@a, @{a}.

#include <string>

#include "plugin/latex/scanning.hpp"

namespace bibsmith::plugin {

namespace {

bool is_key_start(char c) {
  return is_letter(c) || is_digit(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

bool is_key_inner(char c) { return std::string_view(":.#$%&-+?<>~/").find(c) != std::string_view::npos; }

std::size_t line_end_of(std::string_view text, std::size_t at) {
  return std::min(text.find('\n', at), text.size());
}

class Scan {
 public:
  explicit Scan(std::string_view text) : text_(as_far_as_offsets_go(text)) {}

  SourceScan run() {
    read_metadata();
    while (at_ < text_.size()) {
      if (at_ == 0 || text_[at_ - 1] == '\n') {
        if (skip_fence()) continue;
      }
      const char c = text_[at_];
      if (c == '\\') {
        at_ += 2;
      } else if (c == '`') {
        skip_code();
      } else if (text_.substr(at_).starts_with("<!--")) {
        const std::size_t close = text_.find("-->", at_);
        at_ = close == text_.npos ? text_.size() : close + 3;
      } else if (c == '@') {
        citation();
      } else {
        ++at_;
      }
    }
    return std::move(scan_);
  }

 private:
  // The YAML between "---" and "---" or "..." at the start: bibliography: a.bib, [a.bib, b.bib], or a list of
  // lines "- a.bib".
  void read_metadata() {
    if (!text_.starts_with("---\n") && !text_.starts_with("---\r\n")) return;
    bool in_list = false;
    for (std::size_t line = line_end_of(text_, 0) + 1; line < text_.size();) {
      const std::size_t end = line_end_of(text_, line);
      std::string_view words = text_.substr(line, end - line);
      while (!words.empty() && is_space(words.back())) words.remove_suffix(1);
      line = end + 1;
      if (words == "---" || words == "...") break;
      constexpr std::string_view name = "bibliography:";
      if (words.starts_with(name)) {
        words.remove_prefix(name.size());
        in_list = words.find_first_not_of(' ') == words.npos;
        add_names(words);
      } else if (in_list && words.find_first_not_of(' ') != words.npos &&
                 words[words.find_first_not_of(' ')] == '-') {
        add_names(words.substr(words.find('-') + 1));
      } else {
        in_list = false;
      }
    }
  }

  void add_names(std::string_view list) {
    for_each_in_list(list, 0, list.size(), ',', [&](std::size_t first, std::size_t last) {
      std::string_view name = list.substr(first, last - first);
      while (!name.empty() && std::string_view("[]'\" ").find(name.front()) != name.npos)
        name.remove_prefix(1);
      while (!name.empty() && std::string_view("[]'\" ").find(name.back()) != name.npos)
        name.remove_suffix(1);
      add_file(scan_, NamedFile::Role::bibliography, name, text_);
    });
  }

  // ``` or ~~~ to the line that closes it.
  bool skip_fence() {
    std::size_t at = at_;
    while (at < text_.size() && text_[at] == ' ' && at < at_ + 3) ++at;
    if (at >= text_.size() || (text_[at] != '`' && text_[at] != '~')) return false;
    const char mark = text_[at];
    std::size_t count = 0;
    while (at + count < text_.size() && text_[at + count] == mark) ++count;
    if (count < 3) return false;
    const std::string fence(count, mark);
    std::size_t line = line_end_of(text_, at) + 1;
    while (line < text_.size()) {
      const std::size_t first = text_.find_first_not_of(' ', line);
      if (first != text_.npos && text_.substr(first).starts_with(fence)) break;
      line = line_end_of(text_, line) + 1;
    }
    at_ = line < text_.size() ? line_end_of(text_, line) : text_.size();
    return true;
  }

  // `code` and ``co`de``; what is not closed within the paragraph is no code.
  void skip_code() {
    std::size_t count = 0;
    while (at_ + count < text_.size() && text_[at_ + count] == '`') ++count;
    constexpr std::size_t code_bytes_max = 1 << 12;
    const std::string_view near = text_.substr(0, at_ + count + code_bytes_max);
    const std::size_t paragraph_end = std::min(near.find("\n\n", at_), near.size());
    const std::string fence(count, '`');
    const std::size_t close = near.substr(0, paragraph_end).find(fence, at_ + count);
    at_ = close == near.npos ? at_ + count : close + count;
  }

  void citation() {
    const char before = at_ == 0 ? ' ' : text_[at_ - 1];
    std::size_t begin = ++at_;
    // An address is no citation.
    if (is_key_start(before) || begin >= text_.size()) return;
    if (text_[begin] == '{') {
      const std::size_t close = text_.substr(0, begin + 1024).find_first_of("}\n", begin);
      if (close == text_.npos || text_[close] == '\n' || close == begin + 1) return;
      scan_.keys.push_back(span_of(begin + 1, close));
      at_ = close + 1;
      return;
    }
    if (!is_key_start(text_[begin])) return;
    std::size_t end = begin;
    while (end < text_.size()) {
      if (is_key_start(text_[end])) {
        ++end;
      } else if (is_key_inner(text_[end]) && end + 1 < text_.size() && is_key_start(text_[end + 1])) {
        end += 2;  // one mark alone: two end a key
      } else {
        break;
      }
    }
    scan_.keys.push_back(span_of(begin, end));
    at_ = end;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  SourceScan scan_;
};

}  // namespace

SourceScan scan_markdown(std::string_view text) { return Scan(text).run(); }

}  // namespace bibsmith::plugin
