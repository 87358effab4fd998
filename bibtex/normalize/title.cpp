#include "bibtex/normalize/title.hpp"

#include <algorithm>

#include "bibtex/model/latex.hpp"
#include "bibtex/model/unicode.hpp"
#include "bibtex/model/utf8.hpp"
#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

// Spaces of any width but the no-break and thin ones, which TeX has too.
bool is_wide_space(char32_t code) {
  return (code >= 0x2000 && code <= 0x2008) || code == 0x200A || code == 0x2028 || code == 0x2029 ||
         code == 0x205F || code == 0x3000;
}

// Nearly every title is.
bool is_collapsed(std::string_view text) {
  char before = ' ';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F || byte == 0xE2 || byte == 0xE3 || (c == ' ' && before == ' '))
      return false;
    before = c;
  }
  return text.empty() || before != ' ';
}

// White space runs become one space, none at the ends; control characters go.
std::string collapsed(std::string_view text) {
  if (is_collapsed(text)) return std::string(text);
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    const auto byte = static_cast<unsigned char>(c);
    std::size_t size = 1;
    bool space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (byte == 0xE2 || byte == 0xE3) {
      const DecodedCharacter character = decode_utf8(text, at);
      size = character.size;
      space = is_wide_space(character.code);
    }
    if (space) {
      if (!out.empty() && out.back() != ' ') out += ' ';
    } else if (byte > 0x20 && byte != 0x7F) {
      out += text.substr(at, size);
    }
    at += size;
  }
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

// "\\"o" is "\"o" escaped twice on the way here.
std::string doubled_backslashes_undone(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text.substr(at).starts_with("\\\\") && at + 3 < text.size()) {
      const bool is_accent = std::string_view("\"'`^~").find(text[at + 2]) != std::string_view::npos;
      if (is_accent && (text[at + 3] == '{' || is_ascii_letter(text[at + 3]))) ++at;
    }
    out += text[at];
  }
  return out;
}

// \"Band gap\" is a quotation that was escaped: the second mark stands over nothing, and the first stands
// before a word.
std::string quotation_marks_undone(std::string text) {
  std::size_t opening = std::string::npos;
  for (std::size_t at = text.find("\\\""); at != std::string::npos; at = text.find("\\\"", at + 1)) {
    const char before = at == 0 ? ' ' : text[at - 1];
    const char behind = at + 2 < text.size() ? text[at + 2] : ' ';
    if (is_ascii_letter(behind) || behind == '{' || behind == '\\') {
      if (before == ' ' || before == '(' || before == '[' || before == '-') opening = at;
    } else if (opening != std::string::npos) {
      text[at] = text[opening] = '\x01';
      opening = std::string::npos;
    }
  }
  std::erase(text, '\x01');
  return text;
}

std::string without_escapes(std::string text) {
  if (text.find('\\') == std::string::npos) return text;
  return quotation_marks_undone(doubled_backslashes_undone(text));
}

std::string_view cut(std::string_view text, NormalizeFindings& findings) {
  if (text.size() <= title_bytes_max) return text;
  findings.push_back(
      {"title.cut", "the title is longer than " + std::to_string(title_bytes_max) + " bytes and was cut"});
  std::size_t end = title_bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end);
}

bool has_balanced_braces(std::string_view text) {
  std::size_t depth = 0;
  for (const char c : text) {
    if (c == '{') ++depth;
    if (c == '}' && depth-- == 0) return false;
  }
  return depth == 0;
}

// Characters outside ASCII as LaTeX commands, where that is asked for.
std::string encoded(std::string tex, TextEncoding encoding, NormalizeFindings& findings) {
  if (encoding == TextEncoding::utf8) return tex;
  LatexText latex = encode_latex(tex);
  if (!latex.unwritable.empty()) {
    findings.push_back(
        {"title.unwritable", "LaTeX has no command for " + latex.unwritable + ", kept as UTF-8"});
  }
  return std::move(latex.text);
}

// Single blanks between words of ASCII, and no sign that is TeX, markup or half of a ligature or an arrow:
// what every step below leaves alone.
bool is_plain(std::string_view text) {
  static constexpr ByteSet plain(
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,:;!?()[]/+*'- ");
  char before = ' ';
  for (const char c : text) {
    // Blanks come where no branch predictor expects them: one branch a byte.
    const bool is_doubled = (c == ' ') & (before == ' ');
    if (is_doubled | !(plain.contains(c))) return false;
    before = c;
  }
  return text.empty() || before != ' ';
}

}  // namespace

std::string normalize_title(std::string_view raw, TextEncoding encoding, NormalizeFindings& findings) {
  if (is_plain(raw) && raw.size() <= title_bytes_max) return protect_capitals(raw, findings);
  const std::string text = without_escapes(collapsed(markup_to_tex(cut(raw, findings))));
  const std::string safe = make_safe(accents_to_unicode(text), findings);
  std::string title = protect_capitals(collapsed(safe), findings);
  if (!has_balanced_braces(title)) {
    // No title of ours comes here but by a mistake of ours: BibTeX must not lose the entry for it.
    title = to_latex(to_unicode(text), TextEncoding::utf8).text;
  }
  return encoded(std::move(title), encoding, findings);
}

std::string normalize_text(std::string_view raw, TextEncoding encoding, NormalizeFindings& findings) {
  if (is_plain(raw) && raw.size() <= title_bytes_max) return std::string(raw);  // volumes, pages, "Nature"
  const std::string text = without_escapes(collapsed(markup_to_tex(cut(raw, findings))));
  std::string safe = collapsed(make_safe(accents_to_unicode(text), findings));
  if (!has_balanced_braces(safe)) safe = to_latex(to_unicode(text), TextEncoding::utf8).text;
  return encoded(std::move(safe), encoding, findings);
}

}  // namespace bibsmith::bibtex
