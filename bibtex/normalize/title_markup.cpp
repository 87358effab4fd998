#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "bibtex/model/utf8.hpp"
#include "bibtex/normalize/title.hpp"
#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

constexpr std::size_t element_bytes_max = 1024;  // between <sub> and </sub>

struct Entity {
  std::string_view name;
  std::string_view text;
};
constexpr Entity entities[] = {
    {"amp", "&"},   {"lt", "<"},     {"gt", ">"},     {"quot", "\""},  {"apos", "'"},   {"nbsp", " "},
    {"ndash", "–"}, {"mdash", "—"},  {"hellip", "…"}, {"times", "×"},  {"deg", "°"},    {"lsquo", "‘"},
    {"rsquo", "’"}, {"ldquo", "“"},  {"rdquo", "”"},  {"alpha", "α"},  {"beta", "β"},   {"gamma", "γ"},
    {"delta", "δ"}, {"lambda", "λ"}, {"mu", "μ"},     {"micro", "µ"},  {"pi", "π"},     {"sigma", "σ"},
    {"auml", "ä"},  {"ouml", "ö"},   {"uuml", "ü"},   {"eacute", "é"}, {"egrave", "è"}, {"szlig", "ß"},
};

// An element and the TeX that says the same; an empty one is dropped and its text kept.
struct Element {
  std::string_view name;
  std::string_view command;
};
constexpr Element elements[] = {
    {"sub", "\\textsubscript"}, {"inf", "\\textsubscript"}, {"sup", "\\textsuperscript"}, {"i", "\\emph"},
    {"em", "\\emph"},           {"it", "\\emph"},           {"italic", "\\emph"},         {"b", "\\textbf"},
    {"strong", "\\textbf"},     {"sc", "\\textsc"},         {"scp", "\\textsc"},          {"tt", "\\texttt"},
};

bool equals_lowered(std::string_view text, std::string_view name) {
  return text.size() == name.size() &&
         std::equal(text.begin(), text.end(), name.begin(), [](char a, char b) { return lower(a) == b; });
}

// "#38" or "#x26".
std::optional<char32_t> numeric_entity(std::string_view body) {
  const bool hex = body.size() > 2 && lower(body[1]) == 'x';
  char32_t code = 0;
  for (const char c : body.substr(hex ? 2 : 1)) {
    const char digit = lower(c);
    char32_t value = 0;
    if (digit >= '0' && digit <= '9') {
      value = static_cast<char32_t>(digit - '0');
    } else if (hex && digit >= 'a' && digit <= 'f') {
      value = static_cast<char32_t>(digit - 'a') + 10;
    } else {
      return std::nullopt;
    }
    code = code * (hex ? 16 : 10) + value;
    if (code > 0x10FFFF) return std::nullopt;
  }
  if (code < 0x20 || (code >= 0xD800 && code <= 0xDFFF)) return std::nullopt;
  return code;
}

// Reads the entity at text[at] == '&'; returns the offset behind it, or npos.
std::size_t entity(std::string_view text, std::size_t at, std::string& out) {
  constexpr std::size_t name_bytes_max = 10;
  if (at > 0 && text[at - 1] == '\\') return npos;
  const std::size_t end = text.substr(at, name_bytes_max).find(';');
  if (end == npos || end < 3) return npos;
  const std::string_view body = text.substr(at + 1, end - 1);
  if (body.front() == '#') {
    const auto code = numeric_entity(body);
    if (!code) return npos;
    append_utf8(out, *code);
    return at + end + 1;
  }
  for (const Entity& one : entities) {
    if (one.name != body) continue;
    out += one.text;
    return at + end + 1;
  }
  return npos;
}

const Element* find_element(std::string_view name) {
  for (const Element& one : elements) {
    if (equals_lowered(name, one.name)) return &one;
  }
  return nullptr;
}

struct OpenElement {
  const Element* element;
  std::size_t end;  // where its closing tag starts
};

// The tag at text[at] == '<'; returns the offset behind it, or npos when it is none that we know.
std::size_t tag(std::string_view text, std::size_t at, std::vector<OpenElement>& open, std::string& out) {
  std::size_t name_end = at + 1;
  const bool closing = name_end < text.size() && text[name_end] == '/';
  if (closing) ++name_end;
  const std::size_t name_begin = name_end;
  while (name_end < text.size() && lower(text[name_end]) >= 'a' && lower(text[name_end]) <= 'z') ++name_end;
  if (name_end >= text.size() || text[name_end] != '>') return npos;
  const Element* const element = find_element(text.substr(name_begin, name_end - name_begin));
  if (element == nullptr) return npos;
  if (closing) {
    if (open.empty() || open.back().end != at) return npos;
    open.pop_back();
    out += '}';
    return name_end + 1;
  }
  const std::string_view window = text.substr(name_end + 1, element_bytes_max);
  for (std::size_t close = window.find("</"); close != npos; close = window.find("</", close + 2)) {
    if (!equals_lowered(window.substr(close + 2, element->name.size()), element->name) ||
        !window.substr(close + 2 + element->name.size()).starts_with('>')) {
      continue;
    }
    const std::size_t end = name_end + 1 + close;
    if (!open.empty() && open.back().end < end) return npos;  // not nested
    open.push_back({element, end});
    out += element->command;
    out += '{';
    return name_end + 1;
  }
  return npos;
}

}  // namespace

std::string markup_to_tex(std::string_view text) {
  static constexpr ByteSet opening("&<");
  if (!opening.any_in(text)) return std::string(text);
  std::string out;
  out.reserve(text.size());
  std::vector<OpenElement> open;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = npos;
    if (text[at] == '&') {
      end = entity(text, at, out);
    } else if (text[at] == '<') {
      end = tag(text, at, open, out);
    }
    if (end == npos) {
      out += text[at++];
    } else {
      at = end;
    }
  }
  return out;
}

}  // namespace bibsmith::bibtex
