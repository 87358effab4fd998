// Citations in Org (manual, "Citations"): [cite/style:see @a p. 3; @b], and org-ref's cite:a,b and
// [[cite:&a]].

#include <string>

#include "plugin/latex/scanning.hpp"

namespace bibsmith::plugin {

namespace {

// Org's syntax: a key is made of these ("Citation references").
bool is_key(char c) {
  return is_letter(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80 ||
         std::string_view("-.:?!`'/*@+|(){}<>&_^$#%~").find(c) != std::string_view::npos;
}

bool equals_folded(std::string_view text, std::string_view lower_case) {
  return text.size() == lower_case.size() &&
         std::equal(text.begin(), text.end(), lower_case.begin(),
                    [](char c, char wanted) { return bibtex::lower(c) == wanted; });
}

bool starts_folded(std::string_view text, std::string_view lower_case) {
  return text.size() >= lower_case.size() && equals_folded(text.substr(0, lower_case.size()), lower_case);
}

class Scan {
 public:
  explicit Scan(std::string_view text) : text_(as_far_as_offsets_go(text)) {}

  SourceScan run() {
    for (std::size_t line = 0; line < text_.size();) {
      const std::size_t end = std::min(text_.find('\n', line), text_.size());
      reached_ = end + 1;
      read_line(line, end);
      line = reached_;
    }
    return std::move(scan_);
  }

 private:
  void read_line(std::size_t begin, std::size_t end) {
    std::size_t first = begin;
    while (first < end && is_space(text_[first])) ++first;
    const std::string_view words = text_.substr(first, end - first);
    if (!block_.empty()) {
      if (starts_folded(words, "#+end_" + block_)) block_.clear();
      return;
    }
    constexpr std::string_view bibliography = "#+bibliography:";
    constexpr std::string_view include = "#+include:";
    if (starts_folded(words, bibliography)) {
      add_file(scan_, NamedFile::Role::bibliography, words.substr(bibliography.size()), text_);
    } else if (starts_folded(words, include)) {
      add_included(words.substr(include.size()));
    } else if (starts_folded(words, "#+begin_")) {
      begin_block(words.substr(8));
    } else if (!words.starts_with("# ") && words != "#" && !words.starts_with(": ")) {
      citations(first, end);
    }
  }

  // #+include: "part.org" :minlevel 2
  void add_included(std::string_view words) {
    const std::size_t open = words.find('"');
    const std::size_t close = open == words.npos ? words.npos : words.find('"', open + 1);
    if (close != words.npos)
      add_file(scan_, NamedFile::Role::source, words.substr(open + 1, close - open - 1), text_);
  }

  void begin_block(std::string_view name) {
    name = name.substr(0, name.find_first_of(" \t\r"));
    for (const std::string_view verbatim : {"src", "example", "comment", "export"}) {
      if (equals_folded(name, verbatim)) block_ = verbatim;
    }
  }

  void citations(std::size_t begin, std::size_t end) {
    for (std::size_t at = begin; at < end;) {
      const std::size_t cite = text_.substr(0, end).find("cite", at);
      if (cite == text_.npos) return;
      at = cite + 4;
      const bool in_brackets = cite > begin && text_[cite - 1] == '[';
      std::size_t colon = at;
      while (colon < end && (is_letter(text_[colon]) || text_[colon] == '/' || text_[colon] == '-')) ++colon;
      if (colon >= end || text_[colon] != ':') continue;
      if (cite > begin && is_letter(text_[cite - 1])) continue;  // "excited:"
      at = in_brackets && !(cite > begin + 1 && text_[cite - 2] == '[') ? in_org(colon + 1)
                                                                        : in_org_ref(colon + 1, end);
    }
  }

  // A citation of Org may go on over lines, but not into the next paragraph; reading goes on behind it.
  std::size_t in_org(std::size_t at) {
    constexpr std::size_t citation_bytes_max = 1 << 14;
    const std::string_view near = text_.substr(0, at + citation_bytes_max);
    const std::size_t paragraph_end = near.find("\n\n", at);
    const std::size_t close = near.substr(0, paragraph_end).find(']', at);
    if (close == text_.npos) return at;
    reached_ = std::max(reached_, close);
    while (at < close) {
      const std::size_t mark = text_.substr(0, close).find('@', at);
      if (mark == text_.npos) break;
      at = mark + 1;
      while (at < close && is_key(text_[at])) ++at;
      if (at > mark + 1) scan_.keys.push_back(span_of(mark + 1, at));
    }
    return close;
  }

  // cite:a,b  citep:a  [[cite:&a;&b]]
  std::size_t in_org_ref(std::size_t at, std::size_t end) {
    while (at < end) {
      if (text_[at] == '&') ++at;
      const std::size_t begin = at;
      while (at < end && is_key(text_[at]) && text_[at] != '&') ++at;
      std::size_t last = at;
      while (last > begin && std::string_view(".:?!").find(text_[last - 1]) != std::string_view::npos) --last;
      if (last > begin) scan_.keys.push_back(span_of(begin, last));
      if (at + 1 >= end || (text_[at] != ',' && text_[at] != ';') || is_space(text_[at + 1])) break;
      ++at;
    }
    return at;
  }

  std::string_view text_;
  std::string block_;        // that we are in; empty: none
  std::size_t reached_ = 0;  // where the next line begins
  SourceScan scan_;
};

}  // namespace

SourceScan scan_org(std::string_view text) { return Scan(text).run(); }

}  // namespace bibsmith::plugin
