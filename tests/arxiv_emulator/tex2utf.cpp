#include "tests/arxiv_emulator/tex2utf.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "tests/arxiv_emulator/text.hpp"

namespace bibsmith::emulator {
namespace {

// One accent: the letters that it can stand on, and what comes of each, in the same order.
struct Accent {
  char name;
  std::string_view letters;
  std::string_view accented;
};

constexpr Accent accents[] = {
    {'\'', "ACEILNORSUYZaceilnorsuyz", "ÁĆÉÍĹŃÓŔŚÚÝŹáćéíĺńóŕśúýź"},
    {'"', "AEIOUYaeiouy", "ÄËÏÖÜŸäëïöüÿ"},
    {'.', "ACEGIOZacegoz", "ȦĊĖĠİȮŻȧċėġȯż"},
    {'=', "AEIOUYaeiouy", "ĀĒĪŌŪȲāēīōūȳ"},
    {'^', "ACEGHIJOSUWYaceghijosuwy", "ÂĈÊĜĤÎĴÔŜÛŴŶâĉêĝĥîĵôŝûŵŷ"},
    {'`', "AEIOUaeiou", "ÀÈÌÒÙàèìòù"},
    {'~', "AINOUainou", "ÃĨÑÕŨãĩñõũ"},
    {'H', "OUou", "ŐŰőű"},
    {'c', "CEGKLNRSTcegklnrst", "ÇȨĢĶĻŅŖŞŢçȩģķļņŗşţ"},
    {'k', "AEIOUaeiou", "ĄĘĮǪŲąęįǫų"},
    {'r', "AUau", "ÅŮåů"},
    {'u', "AEGIOUaegiou", "ĂĔĞĬŎŬăĕğĭŏŭ"},
    {'v', "ACDEGHIKLNORSTUZacdeghiklnorstuz", "ǍČĎĚǦȞǏǨĽŇǑŘŠŤǓŽǎčďěǧȟǐǩľňǒřšťǔž"},
};

struct Command {
  std::string_view name;
  std::string_view character;
};

constexpr Command letters[] = {
    {"AA", "Å"}, {"AE", "Æ"}, {"DH", "Ð"}, {"DJ", "Đ"}, {"ETH", "Ð"}, {"L", "Ł"},  {"NG", "Ŋ"}, {"O", "Ø"},
    {"oe", "œ"}, {"OE", "Œ"}, {"TH", "Þ"}, {"aa", "å"}, {"ae", "æ"},  {"dh", "ð"}, {"dj", "đ"}, {"eth", "ð"},
    {"i", "ı"},  {"l", "ł"},  {"ng", "ŋ"}, {"o", "ø"},  {"ss", "ß"},  {"th", "þ"},
};

constexpr Command greek[] = {
    {"Gamma", "Γ"}, {"Delta", "Δ"},   {"Theta", "Θ"}, {"Lambda", "Λ"},  {"Xi", "Ξ"},       {"Pi", "Π"},
    {"Sigma", "Σ"}, {"Upsilon", "Υ"}, {"Phi", "Φ"},   {"Psi", "Ψ"},     {"Omega", "Ω"},    {"alpha", "α"},
    {"beta", "β"},  {"gamma", "γ"},   {"delta", "δ"}, {"epsilon", "ε"}, {"zeta", "ζ"},     {"eta", "η"},
    {"theta", "θ"}, {"iota", "ι"},    {"kappa", "κ"}, {"lambda", "λ"},  {"mu", "μ"},       {"nu", "ν"},
    {"xi", "ξ"},    {"omicron", "ο"}, {"pi", "π"},    {"rho", "ρ"},     {"varsigma", "ς"}, {"sigma", "σ"},
    {"tau", "τ"},   {"phi", "ϕ"},     {"chi", "χ"},   {"psi", "ψ"},     {"omega", "ω"},
};

constexpr Command symbols[] = {
    {"P", "¶"},      {"S", "§"},   {"copyright", "©"}, {"guillemotleft", "«"}, {"guillemotright", "»"},
    {"pounds", "£"}, {"dag", "†"}, {"ddag", "‡"},      {"div", "÷"},           {"deg", "°"},
};

constexpr std::string_view punctuation_accents = "'`^\"~=.";
constexpr std::string_view letter_accents = "Hckoruv";

// What the accent makes of the letter; an unknown pair loses what is not a letter.
std::string accented(char accent, char letter) {
  for (const Accent& row : accents) {
    if (row.name != accent) continue;
    const std::size_t at = row.letters.find(letter);
    if (at == std::string_view::npos) break;
    std::size_t position = 0;
    for (std::size_t i = 0; i < at; ++i) next_code_point(row.accented, position);
    const std::size_t begin = position;
    next_code_point(row.accented, position);
    return std::string(row.accented.substr(begin, position - begin));
  }
  std::string out;
  if (is_letter(accent)) out += accent;
  out += letter;
  return out;
}

// Whether a word ends before `at`: an underscore ends it too, as in "\alpha_1".
bool is_word_end(std::string_view text, std::size_t at) {
  if (at >= text.size()) return true;
  const char c = text[at];
  return !is_letter(c) && !is_digit(c) && static_cast<unsigned char>(c) < 0x80;
}

// "\name", "{\name}", and "\name" with the delimiter behind it: a space, "{}", or a backslash before a space.
std::string with_commands(std::string_view text, std::span<const Command> commands) {
  std::string out;
  out.reserve(text.size());
  std::size_t i = 0;
  while (i < text.size()) {
    const bool braced = text[i] == '{';
    const std::size_t slash = braced ? i + 1 : i;
    std::size_t end = slash + 1;
    if (slash < text.size() && text[slash] == '\\') {
      while (end < text.size() && is_letter(text[end])) ++end;
      const std::string_view name = text.substr(slash + 1, end - slash - 1);
      const auto command = std::ranges::find(commands, name, &Command::name);
      const bool closed = !braced || (end < text.size() && text[end] == '}');
      if (!name.empty() && command != commands.end() && closed && is_word_end(text, end)) {
        out += command->character;
        if (braced) {
          ++end;
        } else if (text.substr(end, 2) == "\\ " || text.substr(end, 1) == " ") {
          ++end;
        } else if (text.substr(end, 2) == "{}") {
          end += 2;
        }
        i = end;
        continue;
      }
    }
    out += text[i++];
  }
  return out;
}

// "{{x}}" -> "{x}" until nothing changes.
std::string without_double_braces(std::string text) {
  while (true) {
    std::string out;
    std::size_t i = 0;
    bool changed = false;
    while (i < text.size()) {
      if (text.compare(i, 2, "{{") == 0) {
        const std::size_t close = text.find('}', i + 2);
        if (close != text.npos && close + 1 < text.size() && text[close + 1] == '}') {
          out.append(text, i + 1, close - i);
          i = close + 2;
          changed = true;
          continue;
        }
      }
      out += text[i++];
    }
    if (!changed) return out;
    text = std::move(out);
  }
}

// "\'e" (with braces: "\'{e}", "\c{c}") for every accent in `names`.
std::string with_accents(std::string_view text, std::string_view names, bool braces) {
  std::string out;
  out.reserve(text.size());
  std::size_t i = 0;
  while (i < text.size()) {
    const std::size_t letter = braces ? i + 3 : i + 2;
    const std::size_t end = braces ? letter + 2 : letter + 1;
    if (text[i] == '\\' && end <= text.size() && names.find(text[i + 1]) != names.npos &&
        is_letter(text[letter]) && (!braces || (text[i + 2] == '{' && text[letter + 1] == '}'))) {
      out += accented(text[i + 1], text[letter]);
      i = end;
    } else {
      out += text[i++];
    }
  }
  return out;
}

// The dotless j is not in arXiv's tables of letters.
std::string with_dotless_j(std::string_view text) {
  std::string out;
  std::size_t i = 0;
  while (i < text.size()) {
    if (text.substr(i, 4) == "{\\j}") {
      out += 'j';
      i += 4;
    } else if (text.substr(i, 2) == "\\j" && i + 2 < text.size() && is_space(text[i + 2])) {
      out += 'j';
      i += 3;
    } else {
      out += text[i++];
    }
  }
  return out;
}

}  // namespace

// The order of the steps is arXiv's, and it matters: letters become characters before accents look for them.
std::string tex2utf(std::string_view tex) {
  if (tex.find('\\') == tex.npos && tex.find("{{") == tex.npos) return std::string(tex);
  std::string out = with_commands(tex, letters);
  out = with_commands(out, greek);
  out = with_commands(out, symbols);
  out = with_dotless_j(out);
  out = without_double_braces(std::move(out));
  out = with_accents(out, punctuation_accents, false);
  out = with_accents(out, punctuation_accents, true);
  return with_accents(out, letter_accents, true);
}

}  // namespace bibsmith::emulator
