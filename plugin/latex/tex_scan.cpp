#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "plugin/latex/citation_scan.hpp"
#include "plugin/latex/scanning.hpp"

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

// How far an argument, a line with \\verb and the name of an environment are looked for, and how much may be
// read for nothing: a text full of opening brackets must not be read again and again.
constexpr std::size_t argument_bytes_max = 1 << 16;
constexpr std::size_t verb_bytes_max = 1 << 12;
constexpr std::size_t environment_bytes_max = 256;
constexpr std::size_t wasted_bytes_max = 16 << 20;

template <std::size_t size>
bool is_in(std::string_view word, const std::array<std::string_view, size>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Commands that name files, by what they name.
enum class Naming : std::uint8_t { nothing, sources, bibliographies, folder_and_source };

Naming naming_of(std::string_view command) {
  switch (command.front()) {
    case 'i':
      if (command == "input" || command == "include") return Naming::sources;
      if (command == "import" || command == "inputfrom" || command == "includefrom") {
        return Naming::folder_and_source;
      }
      break;
    case 's':
      if (command == "subfile" || command == "subfileinclude") return Naming::sources;
      if (command == "subimport" || command == "subinputfrom" || command == "subincludefrom") {
        return Naming::folder_and_source;
      }
      break;
    case 'b':
      if (command == "bibliography") return Naming::bibliographies;
      break;
    case 'a':
      if (command == "addbibresource" || command == "addglobalbib" || command == "addsectionbib") {
        return Naming::bibliographies;
      }
      break;
    case 'n':
      if (command == "nobibliography") return Naming::bibliographies;
      break;
    case 'd':
      if (command == "defaultbibliography") return Naming::bibliographies;
      break;
    default:
      break;
  }
  return Naming::nothing;
}

// What the names of commands are made of; '@' is a letter in packages.
constexpr auto command_letters = [] {
  std::array<bool, 256> letters{};
  for (unsigned char c = 'a'; c <= 'z'; ++c) letters[c] = letters[c - 'a' + 'A'] = true;
  letters['@'] = true;
  return letters;
}();

// First letters of commands without "cite" in their name that say something here: most are sorted out by
// this.
constexpr auto means_something = [] {
  std::array<bool, 256> letters{};
  for (const char c : std::string_view("Rabdeilmnpsuv")) letters[static_cast<unsigned char>(c)] = true;
  return letters;
}();

// "cite" and "Cite" as four bytes of a number, the first in lower case.
constexpr std::uint32_t first_in_lower_case = 0x20u << 24;
constexpr std::uint32_t cite_in_lower_case = std::uint32_t{'c'} << 24 | 'i' << 16 | 't' << 8 | 'e';

// The next '\\' or '%' at `at` or behind it: eight bytes at a time, by the zero byte that a match leaves.
std::size_t find_backslash_or_percent(std::string_view text, std::size_t at) {
  constexpr std::uint64_t ones = 0x0101010101010101ull;
  constexpr std::uint64_t highs = 0x8080808080808080ull;
  const auto zeros = [](std::uint64_t word) { return (word - ones) & ~word & highs; };
  if constexpr (std::endian::native == std::endian::little) {
    for (; at + 8 <= text.size(); at += 8) {
      std::uint64_t word;
      std::memcpy(&word, text.data() + at, sizeof word);
      const std::uint64_t found = zeros(word ^ (ones * '\\')) | zeros(word ^ (ones * '%'));
      if (found != 0) return at + static_cast<std::size_t>(std::countr_zero(found)) / 8;
    }
  }
  while (at < text.size() && text[at] != '\\' && text[at] != '%') ++at;
  return at;
}

class Scan {
 public:
  explicit Scan(std::string_view tex) : tex_(as_far_as_offsets_go(tex)) {}

  SourceScan run() {
    read_on();
    if (!notes_.empty()) read_notes();
    return std::move(scan_);
  }

 private:
  // The optional argument of a citation that has commands in it: "[see also \citealt{b}]".
  struct Note {
    std::size_t begin = 0;
    std::size_t end = 0;
    int level = 0;  // of citations around it
  };

  void read_on() {
    while (!is_over_) {
      at_ = find_backslash_or_percent(tex_, at_);
      if (at_ >= tex_.size()) break;
      if (tex_[at_] == '%') {
        skip_comment();
      } else {
        command();
      }
    }
  }

  // Behind all else, since most are skipped at once; then the keys are put in their order.
  void read_notes() {
    const std::string_view all = tex_;
    for (std::size_t i = 0; i < notes_.size(); ++i) {
      const Note note = notes_[i];
      tex_ = all.substr(0, note.end);
      at_ = note.begin;
      level_ = note.level;
      is_over_ = false;
      read_on();
    }
    tex_ = all;
    std::ranges::sort(scan_.keys, {}, &bibtex::Span::begin);
  }

  void skip_comment() { at_ = std::min(tex_.find('\n', at_), tex_.size()); }

  void command() {
    const std::size_t begin = ++at_;
    std::uint32_t last_four = 0;
    bool has_cite = false;
    for (; at_ < tex_.size() && command_letters[static_cast<unsigned char>(tex_[at_])]; ++at_) {
      last_four = last_four << 8 | static_cast<unsigned char>(tex_[at_]);
      has_cite |= (last_four | first_in_lower_case) == cite_in_lower_case;
    }
    const std::string_view name = tex_.substr(begin, at_ - begin);
    if (name.empty()) {
      if (at_ < tex_.size()) ++at_;  // \%, \\, \{
    } else if (has_cite) {
      if (is_cite_command(name)) citation(name);
    } else if (means_something[static_cast<unsigned char>(name.front())]) {
      other_command(name);
    }
  }

  void other_command(std::string_view name) {
    if (name == "verb" || name == "lstinline" || name == "mintinline") {
      skip_verb(name);
    } else if (name == "begin") {
      begin_environment();
    } else if (name == "end") {
      is_over_ = tex_.substr(at_).starts_with("{document}");  // TeX reads no further
    } else if (name == "bibentry") {
      citation(name);
    } else if (const Naming naming = naming_of(name); naming != Naming::nothing) {
      name_files(name, naming);
    } else if (name == "putbib" || name == "newrefsection") {
      optional_bibliographies();
    } else if (name == "bibitem") {
      skip_option('[', ']');
      if (const auto group = skipped_group()) scan_.defined.push_back(*group);
    } else if (name == "usepackage" || name == "RequirePackage" || name == "documentclass") {
      packages(name == "documentclass");
    }
  }

  // The group that opens here, without its braces, and moves behind it.
  std::optional<bibtex::Span> skipped_group() {
    std::size_t at = at_;
    if (!skip_space(at) || tex_[at] != '{' || !skip_option('{', '}')) return std::nullopt;
    return span_of(at + 1, at_ - 1);
  }

  void name_files(std::string_view name, Naming naming) {
    if (naming == Naming::folder_and_source) {
      if (at_ < tex_.size() && tex_[at_] == '*') ++at_;
      const auto folder = skipped_group();
      const auto file = folder ? skipped_group() : std::nullopt;
      if (!file) return;
      std::string path(folder->in(tex_));
      if (!path.empty() && !path.ends_with('/')) path += '/';
      add_file(scan_, NamedFile::Role::source, path + std::string(file->in(tex_)));
      return;
    }
    skip_option('[', ']');
    const auto group = skipped_group();
    if (!group) {
      if (name == "input") input_without_braces();
      return;
    }
    if (name.starts_with("add")) {
      scan_.is_biblatex = true;
      add_file(scan_, NamedFile::Role::bibliography, group->in(tex_), tex_);
    } else if (naming == Naming::bibliographies) {
      add_bibliographies(*group);
    } else {
      add_file(scan_, NamedFile::Role::source, group->in(tex_), tex_);
    }
  }

  // \input name, as plain TeX has it: to the next white space.
  void input_without_braces() {
    std::size_t begin = at_;
    while (begin < tex_.size() && (tex_[begin] == ' ' || tex_[begin] == '\t')) ++begin;
    std::size_t end = begin;
    while (end < tex_.size() && !is_space(tex_[end]) && tex_[end] != '\\' && tex_[end] != '%') ++end;
    if (begin == at_) return;
    add_file(scan_, NamedFile::Role::source, tex_.substr(begin, end - begin), tex_);
    at_ = end;
  }

  void add_bibliographies(bibtex::Span list) {
    for_each_in_list(tex_, list.begin, list.end, ',', [&](std::size_t first, std::size_t last) {
      add_file(scan_, NamedFile::Role::bibliography, tex_.substr(first, last - first), tex_);
    });
  }

  // \putbib[a,b], \newrefsection[a.bib]
  void optional_bibliographies() {
    std::size_t at = at_;
    if (skip_space(at) && tex_[at] == '[' && skip_option('[', ']')) {
      add_bibliographies(span_of(at + 1, at_ - 1));
    }
  }

  void packages(bool is_class) {
    std::size_t at = at_;
    std::string_view options;
    if (skip_space(at) && tex_[at] == '[' && skip_option('[', ']'))
      options = tex_.substr(at + 1, at_ - at - 2);
    const auto names = skipped_group();
    if (!names) return;
    const bool is_french = options.find("french") != options.npos || options.find("acadian") != options.npos;
    if (is_class) {
      class_is_french_ = is_french;
      if (names->in(tex_) == "subfiles") add_file(scan_, NamedFile::Role::main_of_part, options, tex_);
    }
    for_each_in_list(tex_, names->begin, names->end, ',', [&](std::size_t first, std::size_t last) {
      const std::string_view package = tex_.substr(first, last - first);
      if (package == "babel" && (is_french || class_is_french_)) has_french_ = true;
      if (package == "natbib" && has_french_) scan_.has_active_colons = true;
      if (package == "biblatex") scan_.is_biblatex = true;
    });
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
    const std::string_view near = tex_.substr(0, at_ + verb_bytes_max);
    const std::size_t line_end = std::min(near.find('\n', at_), near.size());
    const std::size_t close = near.find(tex_[at_], at_ + 1);
    at_ = close < line_end ? close + 1 : line_end;
  }

  // Verbatim text is skipped, and \begin{refsection}[a.bib] names a bibliography.
  void begin_environment() {
    std::size_t at = at_;
    while (at < tex_.size() && is_space(tex_[at])) ++at;
    if (at == tex_.size() || tex_[at] != '{') return;
    const std::size_t close = tex_.substr(0, at + environment_bytes_max).find('}', at);
    if (close == std::string_view::npos) return;
    const std::string_view name = tex_.substr(at + 1, close - at - 1);
    at_ = close + 1;
    if (name == "refsection") optional_bibliographies();
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
    if (wasted_ > wasted_bytes_max) return false;
    std::size_t depth = 0;
    const std::size_t end = std::min(tex_.size(), at + argument_bytes_max);
    for (std::size_t i = at; i < end; ++i) {
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
    wasted_ += end - at;
    return false;
  }

  // The same for what stands before the keys of a citation, where others may be cited.
  bool skip_note(char open, char close) {
    constexpr int levels_max = 4;  // nobody nests deeper, and each level is read again
    const std::size_t begin = at_;
    if (!skip_option(open, close)) return false;
    if (level_ < levels_max && tex_.substr(begin, at_ - begin).find('\\') != tex_.npos)
      notes_.push_back({begin, at_, level_ + 1});
    return true;
  }

  void citation(std::string_view name) {
    if (at_ < tex_.size() && tex_[at_] == '*') ++at_;
    const bool is_multiple = name.ends_with("cites") || name.ends_with("cites@");
    if (is_multiple) {
      while (skip_note('(', ')')) {
      }
    }
    do {
      while (skip_note('[', ']') || skip_note('<', '>')) {
      }
      const bool has_volume =
          name.find('v') != name.npos &&
          (name.find("volcite") != std::string_view::npos || name.find("vcite") != std::string_view::npos);
      if (has_volume && skip_option('{', '}')) {
        while (skip_note('[', ']')) {
        }
      }
      if (!key_list()) return;
    } while (is_multiple);
  }

  // {a, b,c}, with comments between them.
  bool key_list() {
    std::size_t at = at_;
    if (!skip_space(at) || tex_[at] != '{') return false;
    const std::string_view near = tex_.substr(0, at + argument_bytes_max);
    const std::size_t close = wasted_ > wasted_bytes_max ? near.npos : near.find('}', at);
    if (close == std::string_view::npos) {
      wasted_ += near.size() - at;
      return false;
    }
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
        add_key(begin, end);
      }
    }
    at_ = close + 1;
    return true;
  }

  // An argument of a macro is no key.
  void add_key(std::size_t begin, std::size_t end) {
    const std::string_view key = tex_.substr(begin, end - begin);
    if (key.find_first_of("#\\{") != key.npos) return;
    if (key == "*") scan_.cites_all = true;
    scan_.keys.push_back(span_of(begin, end));
  }

  std::string_view tex_;
  std::size_t at_ = 0;
  bool is_over_ = false;
  std::size_t wasted_ = 0;
  bool class_is_french_ = false;
  bool has_french_ = false;
  std::vector<Note> notes_;
  int level_ = 0;
  SourceScan scan_;
};

}  // namespace

bool is_cite_command(std::string_view command) {
  for (std::size_t i = 0; i + 4 <= command.size(); ++i) {
    if ((command[i] == 'c' || command[i] == 'C') && command.substr(i + 1, 3) == "ite") {
      return !is_in(command, not_citing);
    }
  }
  return command == "bibentry";
}

SourceScan scan_tex(std::string_view tex) { return Scan(tex).run(); }

std::vector<bibtex::Span> cited_keys(std::string_view tex) { return std::move(scan_tex(tex).keys); }

}  // namespace bibsmith::plugin
