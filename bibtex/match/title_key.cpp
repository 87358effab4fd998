#include "bibtex/match/title_key.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "bibtex/model/latex.hpp"
#include "bibtex/model/unicode.hpp"
#include "bibtex/model/utf8.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "fetchers/record/markup_text.hpp"

namespace bibsmith::bibtex {

namespace {

// Collects words with one space between them.
class Words {
 public:
  explicit Words(std::size_t size) { out_.reserve(size); }

  void letter(char c) {
    open();
    out_ += c;
  }
  void letters(std::string_view text) {
    open();
    out_ += text;
  }
  void word(std::string_view text) {
    end();
    letters(text);
    end();
  }
  void end() { ended_ = true; }
  std::string take() { return std::move(out_); }

 private:
  void open() {
    if (ended_ && !out_.empty()) out_ += ' ';
    ended_ = false;
  }

  std::string out_;
  bool ended_ = false;
};

// 0: ends a word; 1: nothing at all; else the letter or digit in lower case.
constexpr char dropped = 1;
constexpr std::array<char, 128> ascii_reading = [] {
  std::array<char, 128> reading{};
  for (int c = 0; c < 128; ++c) {
    const auto byte = static_cast<char>(c);
    const bool in_word =
        (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
    reading[static_cast<std::size_t>(c)] = in_word ? lower(byte) : byte == '\'' ? dropped : char{0};
  }
  return reading;
}();

void read_ascii(Words& words, char c) {
  const char reading = ascii_reading[static_cast<unsigned char>(c)];
  if (reading == 0) {
    words.end();
  } else if (reading != dropped) {
    words.letter(reading);
  }
}

constexpr std::string_view greek_names[] = {
    "alpha", "beta",   "gamma",   "delta", "epsilon", "zeta",    "eta",  "theta", "iota",
    "kappa", "lambda", "mu",      "nu",    "xi",      "omicron", "pi",   "rho",   "sigma",
    "sigma", "tau",    "upsilon", "phi",   "chi",     "psi",     "omega"};

// The name of a small Greek letter or of a variant of one; empty: it is none.
std::string_view greek_name(char32_t code) {
  if (code >= 0x3B1 && code <= 0x3C9) return greek_names[code - 0x3B1];
  switch (code) {
    case 0x3D0:
      return "beta";
    case 0x3D1:
      return "theta";
    case 0x3D5:
      return "phi";
    case 0x3D6:
      return "pi";
    case 0x3F0:
      return "kappa";
    case 0x3F1:
      return "rho";
    case 0x3F5:
      return "epsilon";
    case 0xB5:
      return "mu";
    default:
      return {};
  }
}

// The digit that stands raised or lowered, or 0.
char shifted_digit(char32_t code) {
  constexpr char32_t raised_zero = 0x2070;
  constexpr char32_t lowered_zero = 0x2080;
  if (code == 0xB9) return '1';
  if (code == 0xB2) return '2';
  if (code == 0xB3) return '3';
  if (code == raised_zero || (code >= 0x2074 && code <= 0x2079)) {
    return static_cast<char>('0' + (code - raised_zero));
  }
  if (code >= lowered_zero && code <= 0x2089) return static_cast<char>('0' + (code - lowered_zero));
  return 0;
}

// The letter of a mathematical alphabet (U+1D400 to U+1D6A3: A to Z and a to z, again and again), or 0.
char alphabet_letter(char32_t code) {
  constexpr char32_t first = 0x1D400;
  constexpr char32_t last = 0x1D6A3;
  if (code < first || code > last) return 0;
  return static_cast<char>('a' + (code - first) % 26);
}

void read_character(Words& words, const DecodedCharacter& character, std::string_view bytes) {
  const char32_t code = character.code;
  if (!character.valid) return words.end();
  if (const std::string_view name = greek_name(code); !name.empty()) return words.word(name);
  if (const char digit = shifted_digit(code); digit != 0) return words.letter(digit);
  if (const char letter = alphabet_letter(code); letter != 0) return words.letter(letter);
  if (is_letter(code)) return words.letters(bytes);
  if (!is_mark(code)) words.end();
}

// Nothing in it but ASCII that is no TeX and no markup: nearly every title.
bool is_plain(std::string_view title) {
  static constexpr ByteSet special("\\$&<{}");
  return std::none_of(title.begin(), title.end(),
                      [](char c) { return static_cast<unsigned char>(c) >= 0x80 || special.contains(c); });
}

// The key of such a title, which is no longer than it.
std::string plain_key(std::string_view title) {
  std::string out(title.size(), '\0');
  char* to = out.data();
  bool ended = false;
  for (const char c : title) {
    const char reading = ascii_reading[static_cast<unsigned char>(c)];
    if (reading == dropped) continue;
    if (reading == 0) {
      ended = to != out.data();
      continue;
    }
    if (ended) *to++ = ' ';
    ended = false;
    *to++ = reading;
  }
  out.resize(static_cast<std::size_t>(to - out.data()));
  return out;
}

std::string resolved(std::string_view title) {
  const bool has_markup = title.find_first_of("&<") != title.npos;
  const std::string text = has_markup ? markup_text(title) : std::string(title);
  return to_plain_latin(fold_case(to_unicode(text, MathReading::convert)));
}

}  // namespace

std::string title_key(std::string_view title) {
  title = title.substr(0, title_key_bytes_max);
  if (is_plain(title)) return plain_key(title);
  Words words(title.size());
  const std::string text = resolved(title);
  for (std::size_t at = 0; at < text.size();) {
    const DecodedCharacter character = decode_utf8(text, at);
    if (text[at] == '&') {
      words.word("and");
    } else if (character.code < 0x80) {
      read_ascii(words, text[at]);
    } else {
      read_character(words, character, std::string_view(text).substr(at, character.size));
    }
    at += character.size;
  }
  return words.take();
}

}  // namespace bibsmith::bibtex
