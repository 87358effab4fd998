#include "plugin/latex/citation_scan.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::plugin {

namespace {

constexpr std::array verbatim_environments = std::to_array<std::string_view>(
    {"verbatim", "verbatim*", "Verbatim", "Verbatim*", "BVerbatim", "LVerbatim", "lstlisting", "minted",
     "comment", "alltt", "filecontents", "filecontents*"});

// Commands with "cite" in their name whose argument is no key: natbib's and biblatex's settings.
constexpr std::array not_citing = std::to_array<std::string_view>({"citestyle",
                                                                   "citetext",
                                                                   "citereset",
                                                                   "citesetup",
                                                                   "citeindexfalse",
                                                                   "citeindextrue",
                                                                   "bibpunct",
                                                                   "setcitestyle",
                                                                   "citename",
                                                                   "citelist",
                                                                   "mkbibcite",
                                                                   "newcite",
                                                                   "DeclareCiteCommand",
                                                                   "DeclareMultiCiteCommand",
                                                                   "DeclareAutoCiteCommand",
                                                                   "providecite",
                                                                   "citenumfont",
                                                                   "citeform",
                                                                   "citemid",
                                                                   "citeleft",
                                                                   "citeright",
                                                                   "citepunct",
                                                                   "citetrackertrue",
                                                                   "citetrackerfalse",
                                                                   "citedelim"});

template <std::size_t size>
bool is_in(std::string_view word, const std::array<std::string_view, size>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_letter(char c) { return bibtex::lower(c) >= 'a' && bibtex::lower(c) <= 'z'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

class Scan {
 public:
  explicit Scan(std::string_view tex) : tex_(tex.substr(0, UINT32_MAX)) {}

  std::vector<bibtex::Span> run() {
    while (at_ < tex_.size()) {
      if (tex_[at_] == '%') {
        skip_comment();
      } else if (tex_[at_] == '\\') {
        command();
      } else {
        ++at_;
      }
    }
    return std::move(keys_);
  }

 private:
  void skip_comment() {
    while (at_ < tex_.size() && tex_[at_] != '\n') ++at_;
  }

  void command() {
    const std::size_t begin = ++at_;
    while (at_ < tex_.size() && (is_letter(tex_[at_]) || tex_[at_] == '@')) ++at_;
    const std::string_view name = tex_.substr(begin, at_ - begin);
    if (name.empty()) {
      if (at_ < tex_.size()) ++at_;  // \%, \\, \{
    } else if (name == "verb" || name == "lstinline" || name == "mintinline") {
      skip_verb(name);
    } else if (name == "begin") {
      skip_verbatim_environment();
    } else if (is_cite_command(name)) {
      citation(name);
    }
  }

  // \verb|...|, \lstinline[options]!...!, \mintinline{language}|...|; braces delimit too.
  void skip_verb(std::string_view name) {
    if (at_ < tex_.size() && tex_[at_] == '*') ++at_;
    if (name != "verb") skip_option('[', ']');
    if (name == "mintinline") skip_option('{', '}');
    if (at_ == tex_.size() || is_space(tex_[at_])) return;
    if (tex_[at_] == '{') {
      skip_option('{', '}');
      return;
    }
    const std::size_t line_end = std::min(tex_.find('\n', at_), tex_.size());
    const std::size_t close = tex_.find(tex_[at_], at_ + 1);
    at_ = close < line_end ? close + 1 : line_end;
  }

  void skip_verbatim_environment() {
    std::size_t at = at_;
    while (at < tex_.size() && is_space(tex_[at])) ++at;
    if (at == tex_.size() || tex_[at] != '{') return;
    const std::size_t close = tex_.find('}', at);
    if (close == std::string_view::npos) return;
    const std::string_view name = tex_.substr(at + 1, close - at - 1);
    at_ = close + 1;
    if (!is_in(name, verbatim_environments)) return;
    const std::size_t end = tex_.find("\\end{" + std::string(name) + '}', at_);
    at_ = end == std::string_view::npos ? tex_.size() : end;
  }

  // White space and comments; a blank line ends a command.
  bool skip_space(std::size_t& at) const {
    std::size_t line_ends = 0;
    while (at < tex_.size() && (is_space(tex_[at]) || tex_[at] == '%')) {
      if (tex_[at] == '%') {
        while (at < tex_.size() && tex_[at] != '\n') ++at;
        if (at < tex_.size()) ++at;
        continue;
      }
      if (tex_[at] == '\n' && ++line_ends > 1) return false;
      ++at;
    }
    return at < tex_.size();
  }

  // Moves behind the group that opens here, braces counted; without one nothing happens.
  bool skip_option(char open, char close) {
    std::size_t at = at_;
    if (!skip_space(at) || tex_[at] != open) return false;
    std::size_t depth = 0;
    for (std::size_t i = at; i < tex_.size(); ++i) {
      if (tex_[i] == '\\') {
        ++i;
      } else if (i > at && tex_[i] == close && depth == 0) {
        at_ = i + 1;
        return true;
      } else if (i > at && tex_[i] == '{') {
        ++depth;
      } else if (tex_[i] == '}' && depth > 0) {
        --depth;
      }
    }
    return false;
  }

  void citation(std::string_view name) {
    if (at_ < tex_.size() && tex_[at_] == '*') ++at_;
    const bool is_multiple = name.ends_with("cites") || name.ends_with("cites@");
    if (is_multiple) {
      while (skip_option('(', ')')) {
      }
    }
    do {
      while (skip_option('[', ']') || skip_option('<', '>')) {
      }
      const bool has_volume =
          name.find("volcite") != std::string_view::npos || name.find("vcite") != std::string_view::npos;
      if (has_volume && skip_option('{', '}')) {
        while (skip_option('[', ']')) {
        }
      }
      if (!key_list()) return;
    } while (is_multiple);
  }

  // {a, b,c}, with comments between them.
  bool key_list() {
    std::size_t at = at_;
    if (!skip_space(at) || tex_[at] != '{') return false;
    const std::size_t close = tex_.find('}', at);
    if (close == std::string_view::npos) return false;
    for (++at; at < close;) {
      if (tex_[at] == '%') {
        while (at < close && tex_[at] != '\n') ++at;
      } else if (is_space(tex_[at]) || tex_[at] == ',') {
        ++at;
      } else {
        const std::size_t begin = at;
        while (at < close && tex_[at] != ',' && tex_[at] != '%') ++at;
        std::size_t end = at;
        while (end > begin && is_space(tex_[end - 1])) --end;
        keys_.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)});
      }
    }
    at_ = close + 1;
    return true;
  }

  std::string_view tex_;
  std::size_t at_ = 0;
  std::vector<bibtex::Span> keys_;
};

}  // namespace

bool is_cite_command(std::string_view command) {
  if (command == "bibentry") return true;
  const auto cite = command.find("cite");
  const auto upper_cite = command.find("Cite");
  return (cite != std::string_view::npos || upper_cite != std::string_view::npos) &&
         !is_in(command, not_citing);
}

std::vector<bibtex::Span> cited_keys(std::string_view tex) { return Scan(tex).run(); }

}  // namespace bibsmith::plugin
