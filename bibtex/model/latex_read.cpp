#include <algorithm>
#include <vector>

#include "bibtex/model/latex.hpp"
#include "bibtex/model/latex_tables.hpp"
#include "bibtex/model/unicode.hpp"
#include "bibtex/model/utf8.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/byte_class.hpp"

namespace bibsmith::bibtex {

namespace {

constexpr std::size_t nesting_max = 512;  // open groups and waiting accents together

constexpr std::size_t silent_argument_bytes_max = 1024;  // so that no text is searched again and again

enum class Scope : std::uint8_t { everything, accents };

// Raised and lowered digits and signs: \textsuperscript{2} is ², \textsubscript{2} is ₂.
char32_t raised(char c) {
  constexpr std::u32string_view digits = U"⁰¹²³⁴⁵⁶⁷⁸⁹";
  if (c >= '0' && c <= '9') return digits[static_cast<std::size_t>(c - '0')];
  return c == '+' ? U'⁺' : c == '-' ? U'⁻' : c == 'n' ? U'ⁿ' : 0;
}
char32_t lowered(char c) {
  if (c >= '0' && c <= '9') return U'₀' + static_cast<char32_t>(c - '0');
  return c == '+' ? U'₊' : c == '-' ? U'₋' : 0;
}

// Reads TeX from left to right. What an accent waits for is the next atom: a character, a command's
// character, or a group; groups and waiting accents form a stack, so that \'{\^{a}} needs no recursion.
class Reader {
 public:
  Reader(std::string_view tex, Scope scope, MathReading math) : tex_(tex), scope_(scope), math_(math) {
    out_.reserve(tex.size());
  }

  std::string read() {
    while (at_ < tex_.size()) step();
    while (!open_.empty()) {
      if (open_.back().accent != nullptr) {
        settle_empty_accent(tex_.size());
      } else {
        close_group(false);
      }
    }
    return nfc(out_);
  }

 private:
  struct Open {
    const LatexAccent* accent = nullptr;  // nullptr: a group
    std::size_t source = 0;               // where it starts in tex_
    std::size_t out = 0;                  // where it starts in out_
    std::size_t atoms = 0;                // of a group
    std::size_t converted = 0;            // of these, letters made from commands
    bool is_numerator = false;
    bool is_denominator = false;
  };

  bool everything() const { return scope_ == Scope::everything; }
  bool accent_waits() const { return !open_.empty() && open_.back().accent != nullptr; }
  bool in_math() const { return at_ < math_until_; }
  std::string_view rest() const { return tex_.substr(at_); }

  void step() {
    const char c = tex_[at_];
    switch (c) {
      case '\\':
        return command();
      case '{':
        return open_group();
      case '}':
        ++at_;
        return close_brace();
      case '$':
        return dollar();
      default:
        break;
    }
    if (is_white_space(c) && accent_waits()) {
      // TeX skips spaces before an argument; but \" before a space is more often an escaped quotation mark.
      if (!everything() && !is_ascii_letter(open_.back().accent->name.front())) {
        return settle_empty_accent(at_);
      }
      ++at_;
      return;
    }
    if (everything() && !in_math() && ligature()) return;
    const DecodedCharacter character = decode_utf8(tex_, at_);
    if (c == '~' && everything() && !in_math()) {
      put(0xA0, at_ + 1, false);
    } else {
      put(character.code, at_ + character.size, false);
    }
  }

  bool ligature() {
    struct Ligature {
      std::string_view tex;
      char32_t code;
    };
    static constexpr Ligature ligatures[] = {{"---", 0x2014}, {"--", 0x2013}, {"``", 0x201C},
                                             {"''", 0x201D},  {"?`", 0xBF},   {"!`", 0xA1}};
    const char c = tex_[at_];
    if (c != '-' && c != '`' && c != '\'' && c != '?' && c != '!') return false;
    for (const Ligature& one : ligatures) {
      if (!rest().starts_with(one.tex)) continue;
      put(one.code, at_ + one.tex.size(), false);
      return true;
    }
    return false;
  }

  void dollar() {
    if (in_math()) {  // the closing one
      ++at_;
      return;
    }
    const std::size_t end = math_end(tex_, at_);
    if (end == npos) return put('$', at_ + 1, false);
    math(end, rest().starts_with("$$") ? 2 : 1);
  }

  void math(std::size_t end, std::size_t delimiter) {
    if (everything() && math_ == MathReading::convert) {
      math_until_ = end;
      at_ += delimiter;
      return;
    }
    const std::size_t start = out_.size();
    out_.append(tex_.substr(at_, end - at_));
    at_ = end;
    complete(start, at_, false, false);
  }

  void command() {
    if (at_ + 1 >= tex_.size()) return keep_command(at_ + 1);
    const char next = tex_[at_ + 1];
    if (is_ascii_letter(next)) return word_command();
    if (next == '(' || next == '[') {
      const std::size_t end = in_math() ? npos : math_end(tex_, at_);
      if (end != npos) return math(end, 2);
    }
    if (in_math() && (next == ')' || next == ']')) {
      at_ += 2;
      return;
    }
    if (const LatexAccent* const accent = find_latex_accent(tex_.substr(at_ + 1, 1))) {
      return wait_for(*accent, at_ + 2);
    }
    symbol_command(next);
  }

  void symbol_command(char next) {
    if (!everything()) return keep_command(std::min(at_ + 1 + decode_utf8(tex_, at_ + 1).size, tex_.size()));
    switch (next) {
      case '-':
        return put(0xAD, at_ + 2, false);
      case ',':
        return put(0x2009, at_ + 2, false);
      case ' ':
      case '\n':
      case '\\':
      case ';':
      case ':':
      case '>':
        return put(' ', at_ + 2, false);
      case '/':
      case '!':
      case '@':
      case '*':
        at_ += 2;
        return;
      default:
        break;
    }
    const DecodedCharacter character = decode_utf8(tex_, at_ + 1);
    put(character.code, at_ + 1 + character.size, false);
  }

  void word_command() {
    std::size_t end = at_ + 1;
    while (end < tex_.size() && is_ascii_letter(tex_[end])) ++end;
    const std::string_view name = tex_.substr(at_ + 1, end - at_ - 1);

    if (const LatexAccent* const accent = find_latex_accent(name)) return wait_for(*accent, end);
    const LatexSymbol* const symbol = find_latex_symbol(name);
    const bool meant =
        symbol != nullptr &&
        (everything() ? symbol->use != LatexSymbol::Use::math_only || in_math() : is_foreign_letter(*symbol));
    if (meant) {
      std::size_t behind = behind_word(end);
      if (tex_.substr(behind).starts_with("{}")) behind += 2;
      put(symbol->code, behind, true);
      return;
    }
    if (!everything()) return keep_command(end);
    if (name == "textsuperscript" || name == "textsubscript") {
      if (script(end, name == "textsuperscript")) return;
    } else if (name == "TeX" || name == "LaTeX") {
      const std::size_t start = out_.size();
      out_ += name;
      at_ = behind_word(end);
      complete(start, at_, true, false);
      return;
    }
    if (in_math() && is_operator_name(name)) return operator_name(name.ends_with("mod") ? "mod" : name, end);
    at_ = behind_word(end);  // without a meaning here: gone, and its arguments are text
    if (has_silent_argument(name)) pass_silent_argument();
    if (is_fraction(name)) numerator();
  }

  // TeX sets the name apart from letters and digits by a thin space, and not from brackets.
  void operator_name(std::string_view name, std::size_t end) {
    if (!out_.empty() && (is_word_byte(out_.back()) || is_digit(out_.back()))) out_ += ' ';
    const std::size_t start = out_.size();
    out_ += name;
    at_ = behind_word(end);
    complete(start, at_, true, false);
    if (at_ + 1 >= tex_.size()) return;
    const char next = tex_[at_];
    const bool is_word = is_word_byte(next) || is_digit(next) || next == '{' || next == '|' ||
                         (next == '\\' && is_ascii_letter(tex_[at_ + 1]));
    if (is_word) out_ += ' ';
  }

  // Leaves the command as it was where no short argument follows.
  void pass_silent_argument() {
    const std::string_view window = tex_.substr(0, std::min(tex_.size(), at_ + silent_argument_bytes_max));
    std::size_t start = at_;
    if (start < window.size() && window[start] == '[') {  // \textcolor[rgb]{1,0,0}{text}
      const std::size_t close = window.find(']', start);
      if (close == npos) return;
      start = close + 1;
    }
    if (start >= window.size() || window[start] != '{') return;
    const std::size_t end = group_end(window, start);
    if (end != npos) at_ = end;
  }

  // \frac{1}{2}, \frac12.
  void numerator() {
    if (at_ >= tex_.size() || open_.size() == nesting_max) return;
    if (tex_[at_] == '{') {
      open_group();
      open_.back().is_numerator = true;
    } else if (is_digit(tex_[at_])) {
      put(static_cast<unsigned char>(tex_[at_]), at_ + 1, false);
      denominator();
    }
  }

  void denominator() {
    out_ += '/';
    if (at_ >= tex_.size() || tex_[at_] != '{' || open_.size() == nesting_max) return;
    open_group();
    open_.back().is_denominator = true;
  }

  // (a+b)/2
  void put_in_parentheses(std::size_t start) {
    const auto part = std::string_view(out_).substr(start);
    if (std::ranges::all_of(part,
                            [](char c) { return is_word_byte(c) || is_digit(c) || c == '_' || c == '^'; })) {
      return;
    }
    out_.insert(start, 1, '(');
    out_ += ')';
  }

  static bool is_foreign_letter(const LatexSymbol& symbol) {
    return symbol.code >= 0xC0 && symbol.code < 0x250 && is_letter(symbol.code);
  }

  std::size_t behind_word(std::size_t at) const {
    while (at < tex_.size() && is_white_space(tex_[at])) ++at;
    return at;
  }

  // \textsuperscript{2}: only when every character has such a form.
  bool script(std::size_t at, bool up) {
    const std::size_t close = tex_.find('}', at);
    if (at >= tex_.size() || tex_[at] != '{' || close == npos || close == at + 1 || close - at > 16)
      return false;
    std::string converted;
    for (const char c : tex_.substr(at + 1, close - at - 1)) {
      const char32_t code = up ? raised(c) : lowered(c);
      if (code == 0) return false;
      append_utf8(converted, code);
    }
    const std::size_t start = out_.size();
    out_ += converted;
    at_ = close + 1;
    complete(start, at_, true, false);
    return true;
  }

  // A command that stays as it is (accents only), or a lone backslash.
  void keep_command(std::size_t end) {
    const std::size_t start = out_.size();
    if (!everything() || end == tex_.size()) out_.append(tex_.substr(at_, end - at_));
    at_ = end;
    complete(start, at_, false, false);
  }

  void wait_for(const LatexAccent& accent, std::size_t end) {
    if (open_.size() == nesting_max) return keep_command(end);
    open_.push_back({&accent, at_, out_.size(), 0, 0});
    at_ = end;
  }

  void open_group() {
    if (open_.size() == nesting_max) {
      ++overflow_;
      if (!everything()) out_ += '{';
    } else {
      open_.push_back({nullptr, at_, out_.size(), 0, 0});
      if (!everything()) out_ += '{';
    }
    ++at_;
  }

  void close_brace() {
    if (overflow_ > 0) {
      --overflow_;
      if (!everything()) out_ += '}';
      return;
    }
    while (accent_waits()) settle_empty_accent(at_ - 1);
    if (!open_.empty()) return close_group(true);
    if (!everything()) out_ += '}';
  }

  void close_group(bool has_brace) {
    const Open group = open_.back();
    open_.pop_back();
    if (group.is_numerator || group.is_denominator) put_in_parentheses(group.out);
    const bool one_letter = group.atoms == 1 && group.converted == 1;
    const bool argument = accent_waits() && group.atoms <= 1;
    if (!everything()) {
      if (has_brace && (one_letter || argument)) {
        out_.erase(group.out, 1);
      } else if (has_brace) {
        out_ += '}';
      }
    }
    if (group.atoms == 0) {
      if (accent_waits()) {
        settle_empty_accent(at_);
      } else if (!open_.empty()) {
        open_.back().atoms += everything() ? 0U : 1U;
      }
      return;
    }
    complete(group.out, at_, one_letter, group.atoms == 1 || everything());
    if (group.is_numerator) denominator();
  }

  // One character is the next atom; `end` is the offset behind it.
  void put(char32_t code, std::size_t end, bool converted) {
    const std::size_t start = out_.size();
    append_utf8(out_, code);
    at_ = end;
    complete(start, at_, converted, true);
  }

  // out_[start..] is an atom, its source ends at `source_end`: the accents that wait for it go on it.
  void complete(std::size_t start, std::size_t source_end, bool converted, bool takes_accent) {
    while (accent_waits()) {
      const Open waiting = open_.back();
      if (!everything() && !(takes_accent && composes(start, *waiting.accent))) {
        // Not a letter that Unicode has with this accent: the TeX stays.
        open_.pop_back();
        out_.resize(waiting.out);
        out_.append(tex_.substr(waiting.source, source_end - waiting.source));
        start = waiting.out;
        converted = false;
        takes_accent = false;
        continue;
      }
      open_.pop_back();
      put_mark(start, *waiting.accent);
      start = waiting.out;
      converted = true;
    }
    if (open_.empty()) return;
    open_.back().atoms += 1;
    open_.back().converted += converted ? 1U : 0U;
  }

  // The atom is one letter that has a composed form with the accent.
  bool composes(std::size_t start, const LatexAccent& accent) const {
    if (start >= out_.size()) return false;
    const std::string letter = nfc(std::string_view(out_).substr(start));
    const DecodedCharacter character = decode_utf8(letter, 0);
    if (character.size != letter.size()) return false;
    return compose(undotted(character.code, accent), accent.mark) != 0;
  }

  // ı and ȷ stand for i and j under an accent.
  static char32_t undotted(char32_t code, const LatexAccent& accent) {
    if (!accent.above) return code;
    return code == 0x131 ? U'i' : code == 0x237 ? U'j' : code;
  }

  // Behind the first letter of the atom and the marks that it has.
  void put_mark(std::size_t start, const LatexAccent& accent) {
    std::string mark;
    append_utf8(mark, accent.mark);
    if (start >= out_.size()) {
      out_ += mark;
      return;
    }
    const DecodedCharacter letter = decode_utf8(out_, start);
    const char32_t plain = undotted(letter.code, accent);
    if (plain != letter.code) {
      out_.replace(start, letter.size, 1, static_cast<char>(plain));
    }
    std::size_t at = start + decode_utf8(out_, start).size;
    while (at < out_.size()) {
      const DecodedCharacter next = decode_utf8(out_, at);
      if (!is_mark(next.code)) break;
      at += next.size;
    }
    out_.insert(at, mark);
  }

  // \^{} prints the accent alone; its source ends at `source_end`.
  void settle_empty_accent(std::size_t source_end) {
    const Open waiting = open_.back();
    open_.pop_back();
    out_.resize(waiting.out);
    if (everything()) {
      append_utf8(out_, waiting.accent->spacing);
    } else {
      out_.append(tex_.substr(waiting.source, source_end - waiting.source));
    }
    complete(waiting.out, source_end, false, false);
  }

  std::string_view tex_;
  Scope scope_;
  MathReading math_;
  std::size_t at_ = 0;
  std::size_t math_until_ = 0;  // inside math up to here, when math is converted
  std::size_t overflow_ = 0;    // open braces beyond nesting_max
  std::vector<Open> open_;
  std::string out_;
};

}  // namespace

std::string to_unicode(std::string_view latex, MathReading math) {
  static constexpr ByteSet worth_a_look("\\{}$~-`'?!");
  if (!worth_a_look.any_in(latex)) return nfc(latex);
  return Reader(latex, Scope::everything, math).read();
}

std::string accents_to_unicode(std::string_view tex) {
  if (tex.find('\\') == npos) return nfc(tex);
  return Reader(tex, Scope::accents, MathReading::keep).read();
}

}  // namespace bibsmith::bibtex
