#include "bibtex/model/bibtex_text.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace bibsmith::bibtex {

namespace {

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_alpha(char c) { return is_upper(c) || is_lower(c); }
// BibTeX's lex_class white_space: space and tab (ends of lines are spaces by then).
bool is_white(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_separator(char c) { return c == '~' || c == '-'; }
char to_lower(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }
char to_upper(char c) { return is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c; }

// The control sequences that are letters (bibtex.web, section 338).
bool is_letter_command(std::string_view name) {
  static constexpr std::string_view letters[] = {"i",  "j", "oe", "OE", "ae", "AE", "aa",
                                                 "AA", "o", "O",  "l",  "L",  "ss"};
  return std::find(std::begin(letters), std::end(letters), name) != std::end(letters);
}

std::size_t skip_alpha(std::string_view text, std::size_t at) {
  while (at < text.size() && is_alpha(text[at])) ++at;
  return at;
}

bool begins_special(std::string_view text, std::size_t at) {
  return text[at] == '{' && at + 1 < text.size() && text[at + 1] == '\\';
}

// change.case$ inside a special character. `at` is behind the brace, at a backslash; returns the offset of
// the closing brace, or the end (section 372).
std::size_t change_special(std::string_view text, std::size_t at, Case to, std::string& out) {
  std::size_t level = 1;
  while (at < text.size() && level > 0) {
    ++at;  // the backslash
    const std::size_t name_end = skip_alpha(text, at);
    const std::string_view name = text.substr(at, name_end - at);
    if (is_letter_command(name)) {
      const bool lowers =
          to != Case::upper && (name == "OE" || name == "AE" || name == "AA" || name == "O" || name == "L");
      if (lowers) {
        out += '\\';
        for (const char c : name) out += to_lower(c);
      } else if (to == Case::upper && name != "i" && name != "j" && name != "ss") {
        out += '\\';
        for (const char c : name) out += to_upper(c);
      } else if (to == Case::upper) {
        // \i, \j and \ss become letters, and the space behind the command goes.
        for (const char c : name) out += to_upper(c);
        at = name_end;
        while (at < text.size() && is_white(text[at])) ++at;
        goto between_commands;
      } else {
        out += '\\';
        out += name;
      }
    } else {
      out += '\\';
      out += name;
    }
    at = name_end;
  between_commands:
    for (; at < text.size() && text[at] != '\\'; ++at) {
      if (text[at] == '}' && --level == 0) break;
      if (text[at] == '{') ++level;
      out += to == Case::upper ? to_upper(text[at]) : to_lower(text[at]);
    }
    if (level == 0) return at;
  }
  return at;
}

// cmr10, in hundredths of a point, for the characters 32..126 (section 35).
constexpr std::array<std::uint16_t, 95> widths = {
    278, 278, 500, 833, 500, 833, 778, 278,  389, 389, 500, 778, 278,  333, 278, 500,  //  !"#$%&'()*+,-./
    500, 500, 500, 500, 500, 500, 500, 500,  500, 500, 278, 278, 278,  778, 472, 472,  // 0-9:;<=>?
    778, 750, 708, 722, 764, 681, 653, 785,  750, 361, 514, 778, 625,  917, 750, 778,  // @A-O
    681, 778, 736, 556, 722, 750, 750, 1028, 750, 750, 611, 278, 500,  278, 500, 278,  // P-Z[\]^_
    278, 500, 556, 444, 556, 444, 306, 500,  556, 278, 306, 528, 278,  833, 556, 500,  // `a-o
    556, 528, 392, 394, 389, 556, 528, 722,  528, 528, 444, 500, 1000, 500, 500,       // p-z{|}~
};

std::size_t width_of(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 32 && byte < 127 ? widths[byte - 32U] : 0;
}

std::optional<std::size_t> width_of_command(std::string_view name) {
  if (name == "ss") return 500;
  if (name == "ae") return 722;
  if (name == "oe") return 778;
  if (name == "AE") return 903;
  if (name == "OE") return 1014;
  return is_letter_command(name) ? std::optional<std::size_t>(width_of(name.front())) : std::nullopt;
}

}  // namespace

std::string change_case(std::string_view text, Case to) {
  std::string out;
  out.reserve(text.size());
  std::size_t level = 0;
  bool after_colon = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '{') {
      ++level;
      out += c;
      const bool first_letter = at == 0 || (after_colon && is_white(text[at - 1]));
      if (level == 1 && at + 4 <= text.size() && text[at + 1] == '\\') {
        if (to == Case::title && first_letter) {
          after_colon = false;
          continue;  // as it is
        }
        at = change_special(text, at + 1, to, out);
        level = at < text.size() ? 0 : level;
        if (at < text.size()) out += '}';
      }
      after_colon = false;
    } else if (c == '}') {
      level -= level > 0 ? 1U : 0U;
      after_colon = false;
      out += c;
    } else if (level == 0) {
      const bool kept = to == Case::title && (at == 0 || (after_colon && is_white(text[at - 1])));
      out += to == Case::upper ? to_upper(c) : kept ? c : to_lower(c);
      if (c == ':') {
        after_colon = true;
      } else if (!is_white(c)) {
        after_colon = false;
      }
    } else {
      out += c;
    }
  }
  return out;
}

// Section 431 and following.
std::string purify(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  std::size_t level = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (is_white(c) || is_separator(c)) {
      out += ' ';
    } else if (is_alpha(c) || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80) {
      out += c;
    } else if (c == '{') {
      ++level;
      if (level != 1 || !begins_special(text, at)) continue;
      ++at;
      while (at < text.size() && level > 0) {
        ++at;  // the backslash
        const std::size_t name_end = skip_alpha(text, at);
        const std::string_view name = text.substr(at, name_end - at);
        if (is_letter_command(name)) {
          out += name.front();
          if (name == "oe" || name == "OE" || name == "ae" || name == "AE" || name == "ss") out += name[1];
        }
        at = name_end;
        for (; at < text.size() && level > 0 && text[at] != '\\'; ++at) {
          if (is_alpha(text[at]) || (text[at] >= '0' && text[at] <= '9') ||
              static_cast<unsigned char>(text[at]) >= 0x80) {
            out += text[at];
          } else if (text[at] == '}') {
            --level;
          } else if (text[at] == '{') {
            ++level;
          }
        }
      }
      --at;  // the loop steps over it again
    } else if (c == '}') {
      level -= level > 0 ? 1U : 0U;
    }
  }
  return out;
}

namespace {

// From behind the '{' of a special character ("{\"o}") to its end, or that of the text; `level` is 1 before.
void skip_special_character(std::string_view text, std::size_t& at, std::size_t& level) {
  for (; at < text.size() && level > 0; ++at) {
    if (text[at] == '}') {
      --level;
    } else if (text[at] == '{') {
      ++level;
    }
  }
}

}  // namespace

// Section 442.
std::size_t text_length(std::string_view text) {
  std::size_t count = 0;
  std::size_t level = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at++];
    if (c == '{') {
      ++level;
      if (level == 1 && at < text.size() && text[at] == '\\') {
        skip_special_character(text, at, level);
        ++count;
      }
    } else if (c == '}') {
      level -= level > 0 ? 1U : 0U;
    } else {
      ++count;
    }
  }
  return count;
}

// Section 444.
std::string text_prefix(std::string_view text, std::size_t count) {
  std::size_t level = 0;
  std::size_t at = 0;
  std::size_t seen = 0;
  while (at < text.size() && seen < count) {
    const char c = text[at++];
    if (c == '{') {
      ++level;
      if (level == 1 && at < text.size() && text[at] == '\\') {
        skip_special_character(text, at, level);
        ++seen;
      }
    } else if (c == '}') {
      level -= level > 0 ? 1U : 0U;
    } else {
      ++seen;
    }
  }
  return std::string(text.substr(0, at)) + std::string(level, '}');
}

// Section 450.
std::size_t width(std::string_view text) {
  std::size_t total = 0;
  std::size_t level = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '{') {
      ++level;
      if (level != 1 || !begins_special(text, at) || at + 4 > text.size()) {
        total += width_of('{');
        continue;
      }
      ++at;
      while (at < text.size() && level > 0) {
        ++at;
        std::size_t name_end = skip_alpha(text, at);
        if (at < text.size() && name_end == at) {
          ++name_end;  // a one-character control sequence
        } else if (const auto known = width_of_command(text.substr(at, name_end - at))) {
          total += *known;
        }
        at = name_end;
        while (at < text.size() && is_white(text[at])) ++at;
        for (; at < text.size() && level > 0 && text[at] != '\\'; ++at) {
          if (text[at] == '}') {
            --level;
          } else if (text[at] == '{') {
            ++level;
          } else {
            total += width_of(text[at]);
          }
        }
      }
      --at;
    } else if (c == '}') {
      level -= level > 0 ? 1U : 0U;
      total += width_of('}');
    } else {
      total += width_of(c);
    }
  }
  return total;
}

}  // namespace bibsmith::bibtex
