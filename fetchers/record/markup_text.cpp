#include "fetchers/record/markup_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "fetchers/record/append_utf8.hpp"
#include "fetchers/record/ascii.hpp"
#include "fetchers/record/plain_text.hpp"

namespace bibsmith {

namespace {

constexpr std::size_t entity_bytes_max = 10;  // "&#x10FFFF;"

// The number in "#233" or "#xE9"; nullopt for what is no character.
std::optional<std::uint32_t> numbered(std::string_view name) {
  name.remove_prefix(1);
  const bool is_hex = !name.empty() && lower(name.front()) == 'x';
  if (is_hex) name.remove_prefix(1);
  if (name.empty() || name.size() > 7) return std::nullopt;
  std::uint32_t value = 0;
  for (const char c : name) {
    const char l = lower(c);
    if (is_digit(c)) {
      value = value * (is_hex ? 16 : 10) + static_cast<std::uint32_t>(c - '0');
    } else if (is_hex && l >= 'a' && l <= 'f') {
      value = value * 16 + static_cast<std::uint32_t>(l - 'a' + 10);
    } else {
      return std::nullopt;
    }
  }
  if (value == 0 || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return std::nullopt;
  return value;
}

// Those of Latin 1 (HTML 4, section 24.2.1) from U+00A0 on.
constexpr std::array<std::string_view, 96> latin = {
    "nbsp",   "iexcl",  "cent",   "pound",  "curren", "yen",    "brvbar", "sect",   "uml",    "copy",
    "ordf",   "laquo",  "not",    "shy",    "reg",    "macr",   "deg",    "plusmn", "sup2",   "sup3",
    "acute",  "micro",  "para",   "middot", "cedil",  "sup1",   "ordm",   "raquo",  "frac14", "frac12",
    "frac34", "iquest", "Agrave", "Aacute", "Acirc",  "Atilde", "Auml",   "Aring",  "AElig",  "Ccedil",
    "Egrave", "Eacute", "Ecirc",  "Euml",   "Igrave", "Iacute", "Icirc",  "Iuml",   "ETH",    "Ntilde",
    "Ograve", "Oacute", "Ocirc",  "Otilde", "Ouml",   "times",  "Oslash", "Ugrave", "Uacute", "Ucirc",
    "Uuml",   "Yacute", "THORN",  "szlig",  "agrave", "aacute", "acirc",  "atilde", "auml",   "aring",
    "aelig",  "ccedil", "egrave", "eacute", "ecirc",  "euml",   "igrave", "iacute", "icirc",  "iuml",
    "eth",    "ntilde", "ograve", "oacute", "ocirc",  "otilde", "ouml",   "divide", "oslash", "ugrave",
    "uacute", "ucirc",  "uuml",   "yacute", "thorn",  "yuml"};

// The named entities that occur in titles (HTML 4, section 24); XML's own five come first.
std::optional<std::uint32_t> named(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, std::uint32_t>, 21> entities = {{
      {"amp", '&'},      {"lt", '<'},       {"gt", '>'},        {"quot", '"'},     {"apos", '\''},
      {"nbsp", ' '},     {"ndash", 0x2013}, {"mdash", 0x2014},  {"lsquo", 0x2018}, {"rsquo", 0x2019},
      {"ldquo", 0x201C}, {"rdquo", 0x201D}, {"hellip", 0x2026}, {"alpha", 0x3B1},  {"beta", 0x3B2},
      {"gamma", 0x3B3},  {"delta", 0x3B4},  {"lambda", 0x3BB},  {"mu", 0x3BC},     {"pi", 0x3C0},
      {"sigma", 0x3C3},
  }};
  const auto found = std::ranges::find(entities, name, &std::pair<std::string_view, std::uint32_t>::first);
  if (found != entities.end()) return found->second;
  const auto in_latin = std::ranges::find(latin, name);
  if (in_latin == latin.end()) return std::nullopt;
  return 0xA0 + static_cast<std::uint32_t>(in_latin - latin.begin());
}

std::string with_entities_read(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t pos = 0; pos < text.size(); ++pos) {
    if (text[pos] == '&') {
      const std::string_view rest = text.substr(pos + 1, entity_bytes_max);
      const std::size_t end = rest.find(';');
      if (end != rest.npos && end > 0) {
        const std::string_view name = rest.substr(0, end);
        if (const auto point = name.front() == '#' ? numbered(name) : named(name)) {
          append_utf8(out, *point);
          pos += end + 1;
          continue;
        }
      }
    }
    out += text[pos];
  }
  return out;
}

// Elements of HTML, JATS and MathML that titles have been seen with. Other names in angle brackets are text:
// "Vector<T>", "the <main> symbol".
bool is_known(std::string_view name) {
  constexpr std::string_view names =
      " a abbr alternatives annotation annotation-xml b big bold break br cite code disp-formula div em "
      "ext-link "
      "font h1 h2 h3 h4 i inf inline-formula inline-graphic italic label li list list-item maction math "
      "menclose "
      "merror mfenced mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace "
      "msqrt "
      "mstyle msub msubsup msup mtable mtd mtext mtr munder munderover named-content none ol overline p "
      "roman "
      "sans-serif sc scp sec semantics small span strike strong styled-content sub sup tex-math title tt u "
      "ul "
      "underline xref ";
  return !name.empty() && names.find(' ' + std::string(name) + ' ') != names.npos;
}

struct Tag {
  std::string name;  // lower case, without a namespace prefix: "sub", "math"
  bool is_end = false;
  bool is_empty = false;  // "<br/>"
  std::size_t size = 0;
};

// The tag that begins at text[0] == '<'; nullopt: it is a character.
std::optional<Tag> tag_at(std::string_view text) {
  constexpr std::size_t tag_bytes_max = 2048;
  Tag tag;
  if (text.starts_with("<!--")) {
    const std::size_t end = text.find("-->");
    if (end == text.npos) return std::nullopt;
    tag.size = end + 3;
    return tag;
  }
  std::size_t pos = 1;
  if (pos < text.size() && text[pos] == '/') {
    tag.is_end = true;
    ++pos;
  }
  if (pos >= text.size() || !is_letter(text[pos])) return std::nullopt;
  for (; pos < text.size(); ++pos) {
    const char c = text[pos];
    if (c == ':') {
      tag.name.clear();  // "jats:sub"
    } else if (is_letter(c) || is_digit(c) || c == '-' || c == '_') {
      tag.name += lower(c);
    } else {
      break;
    }
  }
  const std::size_t end = text.substr(0, tag_bytes_max).find('>', pos);
  // Behind the name stands white space, a slash or the end: "a <b and c> d" is no tag, or it is one in vain.
  if (end == text.npos || (end != pos && !is_space(text[pos]) && text[pos] != '/')) return std::nullopt;
  if (text.substr(pos, end - pos).find('<') != std::string_view::npos) return std::nullopt;
  if (!is_known(tag.name)) return std::nullopt;
  tag.is_empty = text[end - 1] == '/';
  tag.size = end + 1;
  return tag;
}

bool is_block(std::string_view name) {
  constexpr std::array<std::string_view, 8> blocks = {"p",     "title", "sec", "br",
                                                      "break", "div",   "li",  "label"};
  return std::ranges::find(blocks, name) != blocks.end();
}

std::string without_tags(std::string_view text) {
  // A formula that has its TeX too would come twice.
  const bool has_tex = text.find("tex-math>") != text.npos;
  std::string out;
  out.reserve(text.size());
  std::string skipped_until;  // the element whose content is left out
  for (std::size_t pos = 0; pos < text.size();) {
    const auto tag = text[pos] == '<' ? tag_at(text.substr(pos)) : std::nullopt;
    if (!tag) {
      if (skipped_until.empty()) out += text[pos];
      ++pos;
      continue;
    }
    pos += tag->size;
    if (!skipped_until.empty()) {
      if (tag->is_end && tag->name == skipped_until) skipped_until.clear();
    } else if (!tag->is_end && !tag->is_empty &&
               (tag->name == "annotation" || tag->name == "annotation-xml" ||
                (has_tex && tag->name == "math"))) {
      skipped_until = tag->name;
    } else if (is_block(tag->name)) {
      out += ' ';
    }
  }
  return out;
}

}  // namespace

std::string markup_text(std::string_view text) {
  if (text.find_first_of("<&") == text.npos) return plain_text(text);
  // "&lt;i&gt;" is a tag that was escaped once too often, so entities are read first; what they hide is
  // either a tag or, like "p &lt; 0.05", a character that tag_at() leaves alone.
  std::string out = with_entities_read(text);
  if (out.find('&') != out.npos) out = with_entities_read(out);
  return plain_text(without_tags(out));
}

}  // namespace bibsmith
