#include <algorithm>
#include <vector>

#include "bibtex/model/latex.hpp"
#include "bibtex/model/unicode.hpp"
#include "bibtex/model/utf8.hpp"
#include "bibtex/normalize/tex_commands.hpp"
#include "bibtex/normalize/title.hpp"
#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

void add_once(NormalizeFindings& findings, std::string code, std::string message) {
  const NormalizeFinding finding{std::move(code), std::move(message)};
  if (std::find(findings.begin(), findings.end(), finding) == findings.end()) findings.push_back(finding);
}

// Whether the braces balance as BibTeX counts them: escaped ones too.
bool balances_for_bibtex(std::string_view text) {
  std::size_t depth = 0;
  for (const char c : text) {
    if (c == '{') ++depth;
    if (c == '}' && depth-- == 0) return false;
  }
  return depth == 0;
}

// The braces of `tex` that have no partner, in order. Math and escaped braces do not count.
std::vector<std::size_t> unmatched_braces(std::string_view tex) {
  std::vector<std::size_t> open;
  std::vector<std::size_t> unmatched;
  for (std::size_t at = 0; at < tex.size(); ++at) {
    const char c = tex[at];
    if (c == '$' || c == '\\') {
      const std::size_t end = math_end(tex, at);
      if (end != npos) {
        at = end - 1;
      } else if (c == '\\') {
        ++at;
      }
    } else if (c == '{') {
      open.push_back(at);
    } else if (c == '}') {
      if (open.empty()) {
        unmatched.push_back(at);
      } else {
        open.pop_back();
      }
    }
  }
  unmatched.insert(unmatched.end(), open.begin(), open.end());
  std::sort(unmatched.begin(), unmatched.end());
  return unmatched;
}

class SafeWriter {
 public:
  SafeWriter(std::string_view tex, NormalizeFindings& findings)
      : tex_(tex), findings_(findings), unmatched_(unmatched_braces(tex)) {
    out_.reserve(tex.size() + 32);
    if (!unmatched_.empty()) {
      add_once(findings_, "title.unbalanced-braces", "a brace of the title has no partner and was dropped");
    }
  }

  std::string write() {
    while (at_ < tex_.size()) step();
    return std::move(out_);
  }

 private:
  std::string_view rest() const { return tex_.substr(at_); }
  bool at_word_start() const { return at_ == 0 || tex_[at_ - 1] == ' '; }

  void step() {
    const char c = tex_[at_];
    switch (c) {
      case '\\':
        return command();
      case '$':
        return dollar();
      case '{':
      case '}':
        if (!std::binary_search(unmatched_.begin(), unmatched_.end(), at_)) out_ += c;
        ++at_;
        return;
      case '&':
      case '%':
      case '#':
        out_ += '\\';
        out_ += c;
        ++at_;
        return;
      case '_':
      case '^':
        return script();
      case '-':
      case '=':
      case '<':
      case '>':
        return relation();
      case '|':
        out_ += "{\\textbar}";
        ++at_;
        return;
      case '"':
        return quote(at_ + 1);
      case '~':
        return tilde();
      default:
        out_ += c;
        ++at_;
    }
  }

  // --> and its kin are arrows, other signs are themselves (in OT1 a bare < prints ¡).
  void relation() {
    struct Arrow {
      std::string_view text;
      std::string_view command;
    };
    static constexpr Arrow arrows[] = {{"<-->", "\\leftrightarrow"},
                                       {"<->", "\\leftrightarrow"},
                                       {"-->", "\\to"},
                                       {"->", "\\to"},
                                       {"<--", "\\leftarrow"},
                                       {"<-", "\\leftarrow"},
                                       {"=>", "\\Rightarrow"},
                                       {"<=", "\\leq"},
                                       {">=", "\\geq"}};
    const bool is_hyphen = tex_[at_] == '-' && !rest().starts_with("->") && !rest().starts_with("--");
    for (const Arrow& arrow : arrows) {
      if (is_hyphen) break;
      if (!rest().starts_with(arrow.text)) continue;
      at_ += arrow.text.size();
      return put_math(arrow.command);
    }
    const char c = tex_[at_++];
    if (c == '<') {
      out_ += "{\\textless}";
    } else if (c == '>') {
      out_ += "{\\textgreater}";
    } else {
      out_ += c;
    }
  }

  void quote(std::size_t end) {
    const char before = out_.empty() ? ' ' : out_.back();
    const bool opens = before == ' ' || before == '(' || before == '[' || before == '-' || before == '{';
    // `` joins a quote before it, so that ''' and ``` do not arise.
    if (before == (opens ? '`' : '\'')) out_ += "{}";
    out_ += opens ? "``" : "''";
    at_ = end;
  }

  // A tie between words; "about" before a number.
  void tilde() {
    const char next = at_ + 1 < tex_.size() ? tex_[at_ + 1] : ' ';
    if (at_word_start() && (is_digit(next) || next == '$' || next == '.')) {
      ++at_;
      return put_math("\\sim");
    }
    const bool between = !at_word_start() && next != ' ';
    out_ += between ? '~' : out_.empty() || out_.back() == ' ' ? '\0' : ' ';
    if (out_.back() == '\0') out_.pop_back();
    ++at_;
  }

  void put_math(std::string_view content) {
    separate_math();
    out_ += '$';
    out_ += content;
    out_ += '$';
  }

  // "$a$$b$" would be read as display math by some.
  void separate_math() {
    if (out_.ends_with('$') && !out_.ends_with("\\$")) out_ += "{}";
  }

  void dollar() {
    const std::size_t end = math_end(tex_, at_);
    if (end == npos) {
      const bool money = at_ + 1 < tex_.size() && is_digit(tex_[at_ + 1]);
      if (!money) {
        add_once(findings_, "title.unbalanced-math", "a $ of the title closes nothing and was escaped");
      }
      out_ += "\\$";
      ++at_;
      return;
    }
    const std::size_t delimiter = rest().starts_with("$$") ? 2 : 1;
    const std::string_view content = tex_.substr(at_ + delimiter, end - at_ - 2 * delimiter);
    separate_math();
    out_ += '$';
    out_ += safe_math(content);
    out_ += '$';
    at_ = end;
  }

  // Math as it stands, but for what would stop TeX or BibTeX.
  std::string safe_math(std::string_view content) {
    const bool balanced = balances_for_bibtex(content);
    std::string out;
    for (std::size_t at = 0; at < content.size(); ++at) {
      const char c = content[at];
      if (c == '%' || c == '#' || (c == '&' && content.find("\\begin") == npos)) {
        out += '\\';
        out += c;
      } else if (c != '\\' || at + 1 >= content.size()) {
        if (c != '\\') out += c;
      } else if (is_ascii_letter(content[at + 1])) {
        const std::size_t end = letters_end(content, at + 1);
        out += math_command(content.substr(at + 1, end - at - 1));
        at = end - 1;
      } else {
        const char next = content[++at];
        if (!balanced && (next == '{' || next == '}')) {
          out += next == '{' ? "\\lbrace " : "\\rbrace ";
        } else {
          out += c;
          out += next;
        }
      }
    }
    return out;
  }

  // What packages define beyond amsmath and amssymb, by what is like it.
  static std::string_view usual_command(std::string_view name) {
    if (name == "bm") return "boldsymbol";
    if (name == "mathscr") return "mathcal";
    if (name == "Bbb") return "mathbb";
    return name;
  }

  std::string math_command(std::string_view name) {
    name = usual_command(name);
    const CommandMode mode = command_mode(name);
    if (mode != CommandMode::unknown) return "\\" + std::string(name);
    unknown(name);
    return is_set_letter(name) ? "\\mathbb{" + std::string(name) + "}"
                               : "\\mathrm{" + std::string(name) + "}";
  }

  void unknown(std::string_view name) {
    constexpr std::size_t shown_letters_max = 40;
    add_once(findings_, "title.unknown-command",
             "LaTeX does not define \\" + std::string(name.substr(0, shown_letters_max)) +
                 ", its name is printed");
  }

  // Nearly everyone's macros for the integers, rationals, reals, ...
  static bool is_set_letter(std::string_view name) {
    return name.size() == 1 && std::string_view("CFNQRZ").find(name[0]) != npos;
  }

  void command() {
    if (at_ + 1 >= tex_.size()) {
      out_ += "{\\textbackslash}";
      ++at_;
      return;
    }
    const std::size_t math = math_end(tex_, at_);
    if (math != npos) {
      separate_math();
      out_ += '$';
      out_ += safe_math(tex_.substr(at_ + 2, math - at_ - 4));
      out_ += '$';
      at_ = math;
      return;
    }
    if (is_ascii_letter(tex_[at_ + 1])) return word_command();
    control_symbol(tex_[at_ + 1]);
  }

  void control_symbol(char next) {
    const char behind = at_ + 2 < tex_.size() ? tex_[at_ + 2] : ' ';
    switch (next) {
      case '\\':  // a line break, or an accent that was escaped twice
        if (std::string_view("\"'`^~=.").find(behind) != npos) {
          ++at_;
          return;
        }
        if (!out_.empty() && out_.back() != ' ' && behind != ' ') out_ += ' ';
        at_ += 2;
        return;
      case '{':
      case '}':
        out_ += next == '{' ? "{\\textbraceleft}" : "{\\textbraceright}";
        at_ += 2;
        return;
      case '"':
        // Accents that are letters became Unicode before; this one is an escaped quotation mark, unless it
        // stands over something.
        if (behind != '{' && behind != '\\') return quote(at_ + 2);
        break;
      case '\'':
      case '`':
        if (behind != '{' && behind != '\\' && !is_ascii_letter(behind)) {
          out_ += next;
          at_ += 2;
          return;
        }
        break;
      default:
        break;
    }
    constexpr std::string_view kept = "&%#_$,;:! -/@\"'`^~=.*>";
    if (kept.find(next) != npos) {
      out_ += '\\';
      out_ += next;
      at_ += 2;
      // An accent that stands alone would take what comes next.
      if (std::string_view("\"'`^~=.").find(next) != npos && behind == ' ') out_ += "{}";
      return;
    }
    out_ += "{\\textbackslash}";
    ++at_;
  }

  void word_command() {
    const std::size_t end = letters_end(tex_, at_ + 1);
    const std::string_view name = tex_.substr(at_ + 1, end - at_ - 1);
    if (name == "ensuremath" && end < tex_.size() && tex_[end] == '{') {
      const std::size_t close = group_end(tex_, end);
      if (close != npos) {
        out_ += "\\ensuremath{" + safe_math(tex_.substr(end + 1, close - end - 2)) + "}";
        at_ = close;
        return;
      }
    }
    if (name == "newline" || name == "linebreak" || name == "par") {
      if (!out_.empty() && out_.back() != ' ') out_ += ' ';
      at_ = end;
      return;
    }
    const std::string_view font = modern_font_command(name);
    if (!font.empty()) {
      out_ += '\\';
      out_ += font;
      at_ = end;
      return;
    }
    switch (command_mode(name)) {
      case CommandMode::text:
      case CommandMode::both:
        out_ += tex_.substr(at_, end - at_);
        at_ = end;
        return;
      case CommandMode::math:
        return bare_math(end);
      case CommandMode::unknown:
        break;
    }
    unknown(name);
    if (is_set_letter(name)) {
      out_ += "{\\ensuremath{\\mathbb{" + std::string(name) + "}}}";
    } else {
      out_ += name;
    }
    at_ = end;
  }

  // \alpha, \sqrt{s} or \left( x \right) outside math, with what belongs to it.
  void bare_math(std::size_t end) {
    const std::string_view name = tex_.substr(at_ + 1, end - at_ - 1);
    end = with_arguments(tex_, name, end);
    const std::string_view content = tex_.substr(at_, end - at_);
    if (content.find('$') != npos || !balances_for_bibtex(content)) {
      unknown(content.substr(1, letters_end(content, 1) - 1));
      out_ += content.substr(1, letters_end(content, 1) - 1);
      at_ += letters_end(content, 1);
      return;
    }
    out_ += "{\\ensuremath{" + safe_math(content) + "}}";
    at_ = end;
  }

  // H_2O, 10^-5, D_S^+, ^{63}Cu, theta_13, foo_bar.
  void script() {
    const char mark = tex_[at_];
    std::size_t end = at_ + 1;
    const std::string argument = script_argument(mark, end);
    if (argument.empty()) {
      out_ += mark == '_' ? "\\_" : "{\\textasciicircum}";
      ++at_;
      return;
    }
    add_once(findings_, "title.bare-script", "a sub- or superscript outside math was put into math");
    at_ = end;
    // D_S^+: both scripts on one letter, unless that one has such a script already.
    if (script_end_ == out_.size() && script_marks_ == 1 && last_mark_ != mark) {
      out_.pop_back();
      ++script_marks_;
    } else {
      separate_math();
      out_ += '$';
      script_marks_ = 1;
    }
    out_ += mark;
    out_ += argument;
    out_ += '$';
    last_mark_ = mark;
    script_end_ = out_.size();
  }

  // What is raised or lowered; `end` moves behind it. Empty: the mark is not a script.
  std::string script_argument(char mark, std::size_t& end) {
    const std::size_t begin = end;
    if (begin >= tex_.size()) return {};
    const char c = tex_[begin];
    if (c == '{') {
      const std::size_t close = group_end(tex_, begin);
      const std::string_view group = tex_.substr(begin, close == npos ? 0 : close - begin);
      if (group.size() <= 2 || group.find('$') != npos || !balances_for_bibtex(group)) return {};
      if (std::binary_search(unmatched_.begin(), unmatched_.end(), begin)) return {};
      end = close;
      return "{" + safe_math(group.substr(1, group.size() - 2)) + "}";
    }
    if (c == '\\') {
      const std::size_t name_end = letters_end(tex_, begin + 1);
      const std::string_view name = tex_.substr(begin + 1, name_end - begin - 1);
      if (name.empty() || command_mode(name) != CommandMode::math) return {};
      end = name_end;
      return "{\\" + std::string(name) + "}";
    }
    const bool sign = c == '-' || c == '+';
    const std::size_t digits = sign && mark == '^' ? begin + 1 : begin;
    std::size_t digits_end = digits;
    while (digits_end < tex_.size() && is_digit(tex_[digits_end])) ++digits_end;
    if (digits_end > digits) {
      end = digits_end;
      return argument_of(tex_.substr(begin, end - begin));
    }
    if (mark == '^' && (sign || c == '*' || c == '\'')) {
      end = begin + 1;
      return std::string(1, c);
    }
    const DecodedCharacter character = decode_utf8(tex_, begin);
    if (character.code >= 0x80) {
      if (!character.valid || !is_letter(character.code)) return {};
      end = begin + character.size;
      return "{" + std::string(tex_.substr(begin, character.size)) + "}";
    }
    const std::size_t word_end = letters_end(tex_, begin);
    if (word_end == begin) return {};
    end = word_end;
    const std::string_view word = tex_.substr(begin, word_end - begin);
    if (word.size() == 1) return std::string(word);
    // "foo_bar" is an identifier, "T_CMB" a symbol with a label.
    const bool one_letter_base =
        at_ > 0 && is_ascii_letter(tex_[at_ - 1]) && (at_ == 1 || !is_ascii_letter(tex_[at_ - 2]));
    if (mark == '_' && !one_letter_base) return {};
    return "{\\mathrm{" + std::string(word) + "}}";
  }

  static std::string argument_of(std::string_view text) {
    return text.size() == 1 ? std::string(text) : "{" + std::string(text) + "}";
  }

  std::string_view tex_;
  NormalizeFindings& findings_;
  std::vector<std::size_t> unmatched_;
  std::size_t at_ = 0;
  std::size_t script_end_ = npos;  // where the last script that we wrote ends in out_
  std::size_t script_marks_ = 0;
  char last_mark_ = 0;
  std::string out_;
};

}  // namespace

std::string make_safe(std::string_view tex, NormalizeFindings& findings) {
  static constexpr ByteSet worth_a_look("\\${}&%#_^-=<>|\"~");
  if (!worth_a_look.any_in(tex)) return std::string(tex);
  return SafeWriter(tex, findings).write();
}

}  // namespace bibsmith::bibtex
