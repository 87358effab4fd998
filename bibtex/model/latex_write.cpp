#include <algorithm>
#include <array>

#include "bibtex/model/latex.hpp"
#include "bibtex/model/latex_tables.hpp"
#include "bibtex/model/unicode.hpp"
#include "bibtex/model/utf8.hpp"
#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

constexpr std::size_t marks_max = 4;  // accents on one letter; Vietnamese has two

// What LaTeX has no letter for, but keys: spaces, dashes, quotes, ligatures, invisible characters.
const char* spelt_in_latex(char32_t code) {
  switch (code) {
    case 0x00A0:
      return "~";
    case 0x00AD:  // soft hyphen
    case 0x061C:
    case 0x200B:  // zero-width space and joiners
    case 0x200C:
    case 0x200D:
    case 0x200E:  // directions
    case 0x200F:
    case 0x202A:
    case 0x202B:
    case 0x202C:
    case 0x202D:
    case 0x202E:
    case 0x2060:
    case 0x2061:  // invisible operators
    case 0x2062:
    case 0x2063:
    case 0x2066:
    case 0x2067:
    case 0x2068:
    case 0x2069:
    case 0xFEFF:
      return "";
    case 0x2009:
    case 0x202F:
      return "\\,";
    case 0x2000:
    case 0x2001:
    case 0x2002:
    case 0x2003:
    case 0x2004:
    case 0x2005:
    case 0x2006:
    case 0x2007:
    case 0x2008:
    case 0x200A:
    case 0x205F:
    case 0x3000:
    case 0x2028:
    case 0x2029:
      return " ";
    case 0x2010:
    case 0x2011:
      return "-";
    case 0x2012:
    case 0x2013:
      return "--";
    case 0x2014:
    case 0x2015:
      return "---";
    case 0x2019:
    case 0x02BC:
    case 0x2032:
      return "'";
    case 0x02BB:
      return "{\\textquoteleft}";
    case 0x201C:
      return "``";
    case 0x201D:
      return "''";
    case 0xFB00:
      return "ff";
    case 0xFB01:
      return "fi";
    case 0xFB02:
      return "fl";
    case 0xFB03:
      return "ffi";
    case 0xFB04:
      return "ffl";
    case 0xFB05:
    case 0xFB06:
      return "st";
    default:
      return nullptr;
  }
}

// ASCII that means something to TeX, or that OT1 prints as another character.
const char* escaped(char c) {
  switch (c) {
    case '&':
      return "\\&";
    case '%':
      return "\\%";
    case '#':
      return "\\#";
    case '_':
      return "\\_";
    case '$':
      return "\\$";
    case '{':
      return "{\\textbraceleft}";  // \{ would unbalance the field for BibTeX
    case '}':
      return "{\\textbraceright}";
    case '\\':
      return "{\\textbackslash}";
    case '~':
      return "{\\textasciitilde}";
    case '^':
      return "{\\textasciicircum}";
    case '<':
      return "{\\textless}";
    case '>':
      return "{\\textgreater}";
    case '|':
      return "{\\textbar}";
    default:
      return nullptr;
  }
}

char script_digit(char32_t code, bool& up) {
  constexpr std::u32string_view raised = U"⁰¹²³⁴⁵⁶⁷⁸⁹";
  const std::size_t found = raised.find(code);
  up = found != npos || code == U'⁺' || code == U'⁻' || code == U'ⁿ';
  if (found != npos) return static_cast<char>('0' + found);
  if (code >= U'₀' && code <= U'₉') return static_cast<char>('0' + (code - U'₀'));
  switch (code) {
    case U'⁺':
    case U'₊':
      return '+';
    case U'⁻':
    case U'₋':
      return '-';
    case U'ⁿ':
      return 'n';
    default:
      return 0;
  }
}

// Letters, digits, blanks and what no ligature is made of: most names.
bool is_harmless(std::string_view text) {
  char before = 0;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    const bool joins = (c == '-' || c == '\'') && before == c;
    if (!letter && ((c != ' ' && c != '.' && c != ',' && c != '-' && c != '\'') || joins)) return false;
    before = c;
  }
  return true;
}

class Writer {
 public:
  enum class Source : std::uint8_t { plain, tex };

  Writer(std::string_view text, Source source, TextEncoding encoding)
      : text_(text), is_tex_(source == Source::tex), keeps_unicode_(encoding == TextEncoding::utf8) {
    result_.text.reserve(text.size() + text.size() / 4);
  }

  LatexText write() {
    while (at_ < text_.size()) {
      if (static_cast<unsigned char>(text_[at_]) < 0x80 && !mark_follows()) {
        ascii();
      } else {
        cluster();
      }
    }
    return std::move(result_);
  }

 private:
  bool in_math() const { return at_ < math_until_; }

  bool mark_follows() const {
    if (at_ + 1 >= text_.size() || static_cast<unsigned char>(text_[at_ + 1]) < 0xCC) return false;
    return is_mark(decode_utf8(text_, at_ + 1).code);
  }

  void ascii() {
    const char c = text_[at_];
    if (!is_tex_ && c == '"') return quote();
    if (!is_tex_) {
      const char* const replacement = escaped(c);
      put(replacement != nullptr ? std::string_view(replacement) : text_.substr(at_, 1));
      ++at_;
      return;
    }
    if (!in_math() && (c == '$' || c == '\\')) {
      const std::size_t end = math_end(text_, at_);
      if (end != npos) math_until_ = end;
      if (c == '\\' && at_ + 1 < text_.size() && static_cast<unsigned char>(text_[at_ + 1]) < 0x80) {
        result_.text += text_[at_++];  // the escaped character does not open math
      }
    }
    result_.text += text_[at_++];
  }

  // The straight one is in T1 fonts alone: it opens where a word may begin.
  void quote() {
    const bool opens = at_ == 0 || std::string_view(" ([{-").find(text_[at_ - 1]) != npos;
    put(opens ? "``" : "''");
    ++at_;
  }

  // A character with the combining marks behind it.
  void cluster() {
    const std::size_t start = at_;
    const DecodedCharacter first = decode_utf8(text_, at_);
    at_ += first.size;
    if (!first.valid) return keep(replacement_character);
    if (keeps_unicode_) {
      const char* const spelt = spelt_in_latex(first.code);
      if (spelt != nullptr && *spelt == '\0') return;
      result_.text += text_.substr(start, first.size);
      return;
    }
    std::array<char32_t, marks_max> marks{};  // innermost first
    std::size_t count = 0;
    char32_t base = first.code;
    if (find_latex_writer(base) == nullptr && spelt_in_latex(base) == nullptr)
      count = take_apart(base, marks);
    while (at_ < text_.size() && count < marks_max) {
      const DecodedCharacter next = decode_utf8(text_, at_);
      if (!next.valid || !is_mark(next.code)) break;
      marks[count++] = next.code;
      at_ += next.size;
    }
    if (count == 0) return plain_character(base);
    if (!accented(base, marks, count)) unaccented(start, first);
  }

  // A character whose marks LaTeX cannot put on it: itself, and the marks that stand behind it, kept.
  void unaccented(std::size_t start, const DecodedCharacter& first) {
    const std::size_t end = at_;
    at_ = start;
    if (first.code < 0x80) {
      ascii();
    } else {
      at_ += first.size;
      plain_character(first.code);
    }
    while (at_ < end) {
      const DecodedCharacter mark = decode_utf8(text_, at_);
      keep(mark.code);
      at_ += mark.size;
    }
  }

  static std::size_t take_apart(char32_t& base, std::array<char32_t, marks_max>& marks) {
    std::array<char32_t, marks_max> outermost_first{};
    std::size_t count = 0;
    while (count < marks_max) {
      const Decomposition parts = decompose(base);
      if (parts.mark == 0) break;
      outermost_first[count++] = parts.mark;
      base = parts.base;
      if (find_latex_writer(base) != nullptr) break;
    }
    std::reverse_copy(outermost_first.begin(), outermost_first.begin() + static_cast<std::ptrdiff_t>(count),
                      marks.begin());
    return count;
  }

  // {\'{\^e}}: the innermost accent takes the letter bare or, for accents named by a letter, in braces. i and
  // j stay as they are: LaTeX takes their dot itself where it matters (\'i, \^i), and from {\'\i} biber makes
  // ı with a combining accent, which pdflatex refuses.
  bool accented(char32_t base, const std::array<char32_t, marks_max>& marks, std::size_t count) {
    std::string inner;
    if (base < 0x80) {
      if (!is_letter(base)) return false;
      inner = static_cast<char>(base);
    } else {
      const LatexSymbol* const symbol = find_latex_writer(base);
      if (symbol == nullptr || symbol->use != LatexSymbol::Use::text || !is_letter(base)) return false;
      inner = "\\" + std::string(symbol->name);
    }
    for (std::size_t i = 0; i < count; ++i) {
      const LatexAccent* const accent = find_latex_accent(marks[i]);
      if (accent == nullptr) return false;
      const bool bare =
          i == 0 && inner.size() <= 2 && !is_letter(static_cast<unsigned char>(accent->name[0]));
      inner = "\\" + std::string(accent->name) + (bare ? inner : "{" + inner + "}");
    }
    put("{" + inner + "}");
    return true;
  }

  void plain_character(char32_t code) {
    if (in_math()) return math_character(code);
    if (const char* const spelt = spelt_in_latex(code)) return put(spelt);
    if (const LatexSymbol* const symbol = find_latex_writer(code)) {
      const std::string command = "\\" + std::string(symbol->name);
      return put(symbol->use == LatexSymbol::Use::text ? "{" + command + "}"
                                                       : "{\\ensuremath{" + command + "}}");
    }
    bool up = false;
    if (const char digit = script_digit(code, up)) {
      return put(std::string(up ? "{\\textsuperscript{" : "{\\textsubscript{") + digit + "}}");
    }
    if (code < 0x80) {
      put(std::string(1, static_cast<char>(code)));
    } else {
      keep(code);
    }
  }

  void math_character(char32_t code) {
    bool up = false;
    if (const char digit = script_digit(code, up)) {
      result_.text += std::string(up ? "^{" : "_{") + digit + "}";
    } else if (const LatexSymbol* const symbol = find_latex_writer(code)) {
      const std::string command = "{\\" + std::string(symbol->name) + "}";
      result_.text += symbol->use == LatexSymbol::Use::math ? command : "\\mbox" + command;
    } else if (code == 0x2012 || code == 0x2013) {
      result_.text += '-';
    } else if (const char* const spelt = spelt_in_latex(code)) {
      result_.text += spelt;
    } else if (code < 0x80) {
      result_.text += static_cast<char>(code);
    } else {
      keep(code);
    }
  }

  // Characters that TeX would join to a ligature are kept apart by {}.
  void put(std::string_view piece) {
    if (!piece.empty() && !result_.text.empty() && !in_math()) {
      const char before = result_.text.back();
      const char next = piece.front();
      const bool joins = (before == next && (next == '-' || next == '`' || next == '\'')) ||
                         (next == '`' && (before == '?' || before == '!'));
      if (joins) result_.text += "{}";
    }
    result_.text += piece;
  }

  void keep(char32_t code) {
    std::string character;
    append_utf8(character, code);
    result_.text += character;
    if (result_.unwritable.find(character) == npos) result_.unwritable += character;
  }

  std::string_view text_;
  bool is_tex_;
  bool keeps_unicode_;
  std::size_t at_ = 0;
  std::size_t math_until_ = 0;
  LatexText result_;
};

}  // namespace

bool needs_no_latex(std::string_view plain) { return is_harmless(plain); }

LatexText to_latex(std::string_view plain, TextEncoding encoding) {
  if (is_harmless(plain)) return {std::string(plain), ""};
  if (is_ascii(plain)) return Writer(plain, Writer::Source::plain, encoding).write();
  return Writer(nfc(plain), Writer::Source::plain, encoding).write();
}

LatexText encode_latex(std::string_view tex) {
  if (is_ascii(tex)) return {std::string(tex), ""};
  return Writer(nfc(tex), Writer::Source::tex, TextEncoding::latex).write();
}

}  // namespace bibsmith::bibtex
