#include "plugin/pages/html_text.hpp"

#include "bibtex/model/utf8.hpp"

namespace bibsmith::plugin {

namespace {

bool is_allowed(char32_t code) {
  if (code < 0x20) return code == '\t' || code == '\n';
  if (code >= 0x7F && code < 0xA0) return false;
  const bool is_noncharacter = (code & 0xFFFE) == 0xFFFE || (code >= 0xFDD0 && code <= 0xFDEF);
  return !is_noncharacter;
}

bool turns_direction(char32_t code) {
  return code == 0x061C || code == 0x200E || code == 0x200F || (code >= 0x202A && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069);
}

void append_escaped(std::string& out, char c) {
  switch (c) {
    case '&':
      out += "&amp;";
      break;
    case '<':
      out += "&lt;";
      break;
    case '>':
      out += "&gt;";
      break;
    case '"':
      out += "&quot;";
      break;
    case '\'':
      out += "&#39;";
      break;
    default:
      out += c;
  }
}

}  // namespace

std::string html_text(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 16);
  for (std::size_t i = 0; i < text.size();) {
    const bibtex::DecodedCharacter character = bibtex::decode_utf8(text, i);
    if (!character.valid || !is_allowed(character.code)) {
      bibtex::append_utf8(out, bibtex::replacement_character);
    } else if (character.size == 1) {
      append_escaped(out, text[i]);
    } else {
      out += text.substr(i, character.size);
    }
    i += character.size;
  }
  return out;
}

std::string isolated(std::string_view text) {
  return bibtex::is_ascii(text) ? html_text(text) : "<bdi>" + html_text(text) + "</bdi>";
}

std::string without_direction_marks(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const bibtex::DecodedCharacter character = bibtex::decode_utf8(text, i);
    if (!character.valid || !turns_direction(character.code)) out += text.substr(i, character.size);
    i += character.size;
  }
  return out;
}

}  // namespace bibsmith::plugin
