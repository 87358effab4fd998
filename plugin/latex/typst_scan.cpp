// Citations in Typst (reference: "cite", "bibliography", "label"): @key, #cite(<key>), #cite(label("key")).

#include <string>

#include "plugin/latex/scanning.hpp"

namespace bibsmith::plugin {

namespace {

// What a label's name may hold, in <name> and behind '@'.
bool is_label(char c) {
  return is_letter(c) || is_digit(c) || c == '_' || c == '-' || c == ':' || c == '.' ||
         static_cast<unsigned char>(c) >= 0x80;
}

class Scan {
 public:
  explicit Scan(std::string_view text) : text_(as_far_as_offsets_go(text)) {}

  SourceScan run() {
    while (at_ < text_.size()) {
      const std::string_view rest = text_.substr(at_);
      if (rest.front() == '\\') {
        at_ += 2;
      } else if (rest.starts_with("//") && (at_ == 0 || text_[at_ - 1] != ':')) {  // but "https://"
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (rest.starts_with("/*")) {
        skip_comment();
      } else if (rest.front() == '`') {
        skip_raw();
      } else if (rest.front() == '@') {
        reference();
      } else if (rest.front() == '<') {
        label();
      } else if (rest.starts_with("cite(")) {
        citation();
      } else if (rest.starts_with("bibliography(")) {
        strings_to_close(NamedFile::Role::bibliography);
      } else if (rest.starts_with("include") || rest.starts_with("#import")) {
        included();
      } else {
        ++at_;
      }
    }
    return std::move(scan_);
  }

 private:
  void skip_comment() {
    std::size_t depth = 0;
    for (; at_ < text_.size(); ++at_) {
      if (text_.substr(at_).starts_with("/*")) {
        ++depth;
        ++at_;
      } else if (text_.substr(at_).starts_with("*/")) {
        ++at_;
        if (--depth == 0) break;
      }
    }
    at_ = std::min(at_ + 1, text_.size());
  }

  void skip_raw() {
    std::size_t count = 0;
    while (at_ + count < text_.size() && text_[at_ + count] == '`') ++count;
    at_ += count;
    if (count == 2) return;  // nothing between them
    const std::size_t close = text_.find(std::string(count, '`'), at_);
    at_ = close == text_.npos ? text_.size() : close + count;
  }

  std::size_t label_end(std::size_t begin) const {
    std::size_t end = begin;
    while (end < text_.size() && is_label(text_[end])) ++end;
    return end;
  }

  void reference() {
    const bool in_word = at_ > 0 && (is_letter(text_[at_ - 1]) || is_digit(text_[at_ - 1]));
    const std::size_t begin = ++at_;
    if (in_word) return;  // an address
    std::size_t end = label_end(begin);
    while (end > begin && (text_[end - 1] == '.' || text_[end - 1] == ':')) --end;  // of the sentence
    if (end > begin) scan_.keys.push_back(span_of(begin, end));
    at_ = std::max(end, begin);
  }

  // <name> behind an element gives it a name, which '@' may mean too.
  void label() {
    const std::size_t begin = ++at_;
    const std::size_t end = label_end(begin);
    if (end == begin || end >= text_.size() || text_[end] != '>') return;
    scan_.defined.push_back(span_of(begin, end));
    at_ = end + 1;
  }

  void skip_space() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  }

  void citation() {
    at_ += std::string_view("cite(").size();
    skip_space();
    const std::string_view rest = text_.substr(at_);
    if (rest.starts_with("<")) {
      const std::size_t begin = at_ + 1;
      const std::size_t end = label_end(begin);
      if (end > begin && end < text_.size() && text_[end] == '>') scan_.keys.push_back(span_of(begin, end));
      at_ = std::min(end + 1, text_.size());
    } else if (rest.starts_with("label(")) {
      at_ += std::string_view("label(").size();
      skip_space();
      if (const auto name = string_here(); name && !name->empty()) scan_.keys.push_back(*name);
    }
  }

  // "name", without its quotes; moves behind it.
  std::optional<bibtex::Span> string_here() {
    constexpr std::size_t string_bytes_max = 4096;
    if (at_ >= text_.size() || text_[at_] != '"') return std::nullopt;
    const std::size_t begin = at_ + 1;
    const std::size_t close = text_.substr(0, begin + string_bytes_max).find_first_of("\"\n", begin);
    if (close == text_.npos || text_[close] == '\n') return std::nullopt;
    at_ = close + 1;
    return span_of(begin, close);
  }

  // bibliography("a.bib") and bibliography(("a.bib", "b.yml")); the style is no bibliography.
  void strings_to_close(NamedFile::Role role) {
    at_ = text_.find('(', at_) + 1;
    for (std::size_t depth = 1; at_ < text_.size() && depth > 0;) {
      const char c = text_[at_];
      if (c == '(') ++depth;
      if (c == ')') --depth;
      if (is_letter(c)) {  // name: value
        const std::size_t colon = label_end(at_);
        if (text_.substr(at_, colon - at_).find(':') != text_.npos) break;
        at_ = colon;
        continue;
      }
      if (const auto name = string_here()) {
        add_file(scan_, role, name->in(text_), text_);
      } else {
        ++at_;
      }
    }
  }

  // #include "part.typ", #import "lib.typ": name
  void included() {
    const bool is_word = at_ == 0 || !is_label(text_[at_ - 1]);
    at_ += std::string_view("include").size();
    if (!is_word) return;
    skip_space();
    const auto name = string_here();
    if (name) add_file(scan_, NamedFile::Role::source, name->in(text_), text_);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  SourceScan scan_;
};

}  // namespace

SourceScan scan_typst(std::string_view text) { return Scan(text).run(); }

}  // namespace bibsmith::plugin
