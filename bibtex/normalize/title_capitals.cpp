#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "bibtex/model/bibtex_text.hpp"
#include "bibtex/model/latex.hpp"
#include "bibtex/model/unicode.hpp"
#include "bibtex/model/utf8.hpp"
#include "bibtex/normalize/proper_nouns.hpp"
#include "bibtex/normalize/title.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/first_byte_index.hpp"

namespace bibsmith::bibtex {

namespace {

// The smallest thing that a style's change of case sees as one.
struct Atom {
  // Bits, so that a set of kinds is a number.
  enum Kind : std::uint8_t {
    space = 1,
    letter = 2,
    digit = 4,
    separator = 8,  // between the parts of a word: hyphen, slash, parenthesis, ...
    other = 16,
    group = 32,     // {...}
    math = 64,      // $...$
    command = 128,  // \name with the groups behind it, or \&
  };
  Kind kind;
  std::uint32_t begin;
  std::uint32_t end;
  bool upper = false;
};

using Kind = Atom::Kind;

// The kinds of the bytes that are an atom each; all others are looked at.
struct ByteKinds {
  std::array<Kind, 128> kind{};
  std::array<bool, 128> is_atom{};

  constexpr ByteKinds() {
    for (unsigned c = 0; c < 128; ++c) {
      const auto byte = static_cast<char>(c);
      if (byte == '{' || byte == '$' || byte == '\\') continue;
      is_atom[c] = true;
      kind[c] = is_ascii_letter(byte)                                 ? Kind::letter
                : byte == ' ' || byte == '~'                          ? Kind::space
                : byte >= '0' && byte <= '9'                          ? Kind::digit
                : std::string_view("-/()[],;:+=*").find(byte) != npos ? Kind::separator
                                                                      : Kind::other;
    }
  }
};
constexpr ByteKinds byte_kinds;

Atom next_atom(std::string_view tex, std::size_t at) {
  const auto atom = [&](Kind kind, std::size_t end, bool upper = false) {
    return Atom{kind, static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(end), upper};
  };
  const char c = tex[at];
  const auto byte = static_cast<unsigned char>(c);
  if (byte < 0x80 && byte_kinds.is_atom[byte]) {
    return atom(byte_kinds.kind[byte], at + 1, c >= 'A' && c <= 'Z');
  }
  if (c == '{') {
    const std::size_t end = group_end(tex, at);
    return end == npos ? atom(Kind::other, at + 1) : atom(Kind::group, end);
  }
  if (c == '$') {
    const std::size_t end = math_end(tex, at);
    return end == npos ? atom(Kind::other, at + 1) : atom(Kind::math, end);
  }
  if (c == '\\') {
    std::size_t end = std::min(at + 2, tex.size());
    if (at + 1 < tex.size() && is_ascii_letter(tex[at + 1])) {
      while (end < tex.size() && is_ascii_letter(tex[end])) ++end;
    } else if (at + 1 < tex.size()) {
      if (tex[at + 1] == ' ') return atom(Kind::space, at + 2);
      end = at + 1 + decode_utf8(tex, at + 1).size;
    }
    while (end < tex.size() && tex[end] == '{') {
      const std::size_t close = group_end(tex, end);
      if (close == npos) break;
      end = close;
    }
    return atom(Kind::command, end);
  }
  const DecodedCharacter character = decode_utf8(tex, at);
  const std::size_t end = at + character.size;
  if (is_letter(character.code) || is_mark(character.code))
    return atom(Kind::letter, end, is_upper(character.code));
  if (character.code >= 0x2010 && character.code <= 0x2015) return atom(Kind::separator, end);
  return atom(Kind::other, end);
}

// The atoms of any text.
class ParsedAtoms {
 public:
  explicit ParsedAtoms(std::string_view tex) : tex_(tex) {
    atoms_.reserve(tex.size());
    for (std::size_t at = 0; at < tex.size();) {
      atoms_.push_back(next_atom(tex, at));
      at = atoms_.back().end;
    }
  }

  std::size_t size() const { return atoms_.size(); }
  Kind kind(std::size_t i) const { return atoms_[i].kind; }
  bool is_upper(std::size_t i) const { return atoms_[i].upper; }
  std::size_t begin(std::size_t i) const { return atoms_[i].begin; }
  std::size_t end(std::size_t i) const { return atoms_[i].end; }
  char first_byte(std::size_t i) const { return tex_[atoms_[i].begin]; }

 private:
  std::string_view tex_;
  std::vector<Atom> atoms_;
};

// Nearly every title is of bytes that are an atom each; these need no list.
class ByteAtoms {
 public:
  static bool are_in(std::string_view tex) {
    return is_ascii(tex) && tex.find('{') == npos && tex.find('$') == npos && tex.find('\\') == npos;
  }
  explicit ByteAtoms(std::string_view tex) : tex_(tex) {}

  std::size_t size() const { return tex_.size(); }
  Kind kind(std::size_t i) const { return byte_kinds.kind[static_cast<unsigned char>(tex_[i])]; }
  bool is_upper(std::size_t i) const { return tex_[i] >= 'A' && tex_[i] <= 'Z'; }
  std::size_t begin(std::size_t i) const { return i; }
  std::size_t end(std::size_t i) const { return i + 1; }
  char first_byte(std::size_t i) const { return tex_[i]; }

 private:
  std::string_view tex_;
};

// One part of a word, between separators: atoms [begin, end), its core without punctuation around it.
struct Part {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::uint32_t upper = 0;  // letters at brace level 0
  std::uint32_t lower = 0;
  bool first_is_upper = false;
  bool only_letters = true;
  bool only_digits = true;
  bool needs_braces = false;

  std::size_t letters() const { return upper + lower; }
};

// Lower case in headlines too.
bool is_function_word(std::string_view word) {
  static constexpr auto words = std::to_array<std::string_view>(
      {"about",  "across", "after",   "against", "along",   "among", "and",   "are",    "around",
       "before", "below",  "beneath", "between", "beyond",  "but",   "can",   "does",   "during",
       "for",    "from",   "has",     "have",    "inside",  "into",  "its",   "near",   "nor",
       "not",    "off",    "onto",    "our",     "out",     "over",  "per",   "than",   "that",
       "the",    "their",  "through", "toward",  "towards", "under", "until", "upon",   "using",
       "versus", "via",    "was",     "when",    "which",   "while", "with",  "within", "without"});
  static constexpr auto by_first_byte = index_words(words);
  constexpr std::size_t longest = 7;
  if (word.empty() || word.size() > longest) return false;
  const auto rows = by_first_byte.rows(word.front());
  return std::any_of(rows.begin(), rows.end(), [&](std::size_t row) { return words[row] == word; });
}

template <typename Atoms>
class Protector {
 public:
  explicit Protector(std::string_view tex) : tex_(tex), atoms_(tex) { parts_.reserve(tex.size() / 4 + 2); }

  std::string write(NormalizeFindings& findings) {
    find_parts();
    all_capitals_ = is_in_capitals();
    if (all_capitals_) {
      findings.push_back(
          {"title.all-capitals", "the title is written in capitals, which words keep theirs is unknown"});
    }
    for (std::size_t i = 0; i < parts_.size(); ++i) parts_[i].needs_braces = needs_braces(i);
    return text_with_braces();
  }

 private:
  Kind kind(std::size_t i) const { return atoms_.kind(i); }
  // Whether atom `i` is this byte alone.
  bool is(std::size_t i, char c) const {
    return atoms_.first_byte(i) == c && atoms_.end(i) - atoms_.begin(i) == 1;
  }
  std::string_view text(std::size_t atom) const {
    return tex_.substr(atoms_.begin(atom), atoms_.end(atom) - atoms_.begin(atom));
  }
  std::string_view text(const Part& part) const {
    const std::size_t begin = atoms_.begin(part.begin);
    return tex_.substr(begin, atoms_.end(part.end - 1) - begin);
  }

  void find_parts() {
    const std::size_t size = atoms_.size();
    for (std::size_t at = 0; at < size;) {
      if ((kind(at) & (Kind::space | Kind::separator)) != 0) {
        ++at;
        continue;
      }
      std::size_t begin = at;
      Part part = next_part(at);
      std::size_t end = at;
      while (begin < end && kind(begin) == Kind::other) ++begin;
      while (end > begin && kind(end - 1) == Kind::other) --end;
      if (begin == end) continue;
      part.begin = static_cast<std::uint32_t>(begin);
      part.end = static_cast<std::uint32_t>(end);
      parts_.push_back(part);
    }
  }

  // What stands from `at` to the next space or separator, where `at` moves.
  Part next_part(std::size_t& at) const {
    Part part;
    unsigned kinds = 0;
    std::uint32_t upper = 0;
    std::uint32_t letters = 0;
    for (; at < atoms_.size(); ++at) {
      const unsigned here = kind(at);
      if ((here & (Kind::space | Kind::separator)) != 0) break;
      const bool capital = atoms_.is_upper(at);
      if (letters == 0) part.first_is_upper = capital;
      kinds |= here;
      letters += here == Kind::letter ? 1U : 0U;
      upper += capital ? 1U : 0U;
    }
    part.upper = upper;
    part.lower = letters - upper;
    part.only_letters = (kinds & ~unsigned{Kind::letter | Kind::other}) == 0;
    part.only_digits = (kinds & ~unsigned{Kind::digit | Kind::other}) == 0;
    return part;
  }

  // Does the author write sentences ("On the Burnside problem") or headlines ("On the Burnside Problem")? In
  // a sentence every capital inside is meant.
  bool is_sentence() {
    if (is_sentence_) return *is_sentence_;
    std::size_t lower = 0;
    std::size_t capitalised = 0;
    for (Part& part : parts_) {
      if (part.letters() < 3 || part.upper > 1 || !part.only_letters) continue;
      if (is_noun(part)) continue;  // no sign of either
      if (is_function_word(text(part)) || begins_sentence(part)) continue;
      ++(part.first_is_upper ? capitalised : lower);
    }
    is_sentence_ = lower > 0 && lower * 10 >= (lower + capitalised) * 6;
    return *is_sentence_;
  }

  // Of words that begin with their only capital.
  bool is_noun(const Part& part) const {
    return part.first_is_upper && part.upper == 1 && is_proper_noun(text(part));
  }

  bool is_in_capitals() const {
    std::size_t words = 0;
    std::size_t shouted = 0;
    for (const Part& part : parts_) {
      const bool is_word = part.letters() >= 2;
      words += is_word ? 1U : 0U;
      shouted += is_word && part.lower == 0 ? 1U : 0U;
    }
    return words >= 3 && shouted * 10 >= words * 7;
  }

  // "Phys." does not end a sentence, "I." does.
  bool is_abbreviation(std::size_t end) const {
    constexpr std::size_t abbreviation_letters_max = 4;
    std::size_t begin = end;
    bool lower = false;
    while (begin > 0 && kind(begin - 1) == Kind::letter) lower = !atoms_.is_upper(--begin) || lower;
    return begin < end && end - begin <= abbreviation_letters_max && lower && atoms_.is_upper(begin);
  }

  // The first word, or the first behind ". ", "? ", "! ", ": " or an opening quotation mark.
  bool begins_sentence(const Part& part) const {
    std::size_t at = part.begin;
    bool quoted = false;
    while (at > 0 && (kind(at - 1) == Kind::other || is(at - 1, '('))) {
      --at;
      quoted = quoted || is(at, '`') || is(at, '(') || text(at) == "“" || text(at) == "‘";
    }
    if (at == 0 || quoted) return true;
    if (kind(at - 1) != Kind::space) return false;
    while (at > 0 && kind(at - 1) == Kind::space) --at;
    if (at == 0) return true;
    const std::size_t before = at - 1;
    if (kind(before) == Kind::letter) return false;  // nearly always
    if (is(before, '.')) return !is_abbreviation(before);
    return is(before, '?') || is(before, '!') || is(before, ':') || text(before) == "—" ||
           (is(before, '-') && at >= 2 && (kind(at - 2) == Kind::space || is(at - 2, '-')));
  }

  // BibTeX's change.case$ keeps the very first character and the one behind ": ".
  bool keeps_first_letter(const Part& part) const {
    if (part.begin == 0) return true;
    std::size_t at = part.begin;
    if (!is(at - 1, ' ')) return false;
    while (at > 0 && is(at - 1, ' ')) --at;
    return at > 0 && is(at - 1, ':');
  }

  bool is_plain_group(std::size_t atom) const {
    return kind(atom) == Kind::group && !text(atom).starts_with("{\\");
  }

  bool needs_braces(std::size_t index) {
    const Part& part = parts_[index];
    if (part.only_letters && part.upper == 0) return false;                      // most words
    if (part.end - part.begin == 1 && is_plain_group(part.begin)) return false;  // has them

    bool changes = false;  // something other than a letter that a style would change
    bool has_group = false;
    bool has_script = false;
    for (std::size_t i = part.begin; i < part.end; ++i) {
      if (kind(i) == Kind::math) {
        changes = changes || lowered_differs(text(i));
        has_script = true;
      } else if (kind(i) == Kind::command) {
        changes = changes || command_changes(text(i));
      } else if (is_plain_group(i)) {
        has_group = has_group || has_letter(text(i));
      } else if (kind(i) == Kind::group) {
        changes = changes || special_changes(text(i));
      } else if (kind(i) == Kind::digit) {
        has_script = true;
      }
    }
    if (changes || has_group) return true;

    if (part.upper == 0) return false;
    const bool first_kept =
        keeps_first_letter(part) && part.first_is_upper && kind(part.begin) == Kind::letter;
    if (part.upper == 1 && first_kept) return false;
    if (part.upper > 1 || !part.first_is_upper) return !(all_capitals_ && part.lower == 0 && !has_script);
    if (has_script) return true;  // H$_0$, D0
    if (part.lower == 0) return is_symbol(index);
    if (is_noun(part)) return true;
    if (begins_sentence(part)) return first_part_in_quotes(part);
    return is_sentence();
  }

  // A quotation mark at the start takes the place of the letter that would be kept.
  bool first_part_in_quotes(const Part& part) const {
    for (std::size_t i = 0; i < part.begin; ++i) {
      if (kind(i) == Kind::letter) return false;
    }
    return true;
  }

  static bool has_letter(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return is_ascii_letter(c) || c < 0; });
  }

  static bool lowered_differs(std::string_view math) {
    return change_case("a" + std::string(math), Case::title) != "a" + std::string(math);
  }

  // At level 0 the name of a command is changed like any text; its braced arguments are not.
  static bool command_changes(std::string_view command) {
    const std::size_t name_end = std::min(command.find('{'), command.size());
    return std::any_of(command.begin(), command.begin() + static_cast<std::ptrdiff_t>(name_end),
                       [](char c) { return c >= 'A' && c <= 'Z'; });
  }

  // Inside a special character letters are changed, commands are not.
  static bool special_changes(std::string_view group) { return lowered_differs(group); }

  // A capital alone: a symbol, unless it is the article.
  bool is_symbol(std::size_t index) const {
    const Part& part = parts_[index];
    if (text(part) != "A") return true;
    if (index + 1 == parts_.size()) return true;
    if (part.end < atoms_.size() && kind(part.end) != Kind::space) return true;
    if (part.begin > 0 && is(part.begin - 1, '-')) return true;
    static constexpr std::array kinds = std::to_array<std::string_view>(
        {"class", "factor",  "group", "hepatitis", "model", "part", "phase", "protein", "sample", "theorem",
         "type",  "vitamin", "Class", "Group",     "Model", "Part", "Phase", "Theorem", "Type",   "Vitamin"});
    if (index == 0) return false;
    return std::find(kinds.begin(), kinds.end(), text(parts_[index - 1])) != kinds.end();
  }

  bool joins(std::size_t atom) const { return is(atom, '-') || is(atom, '/') || is(atom, '+'); }

  bool is_joined(std::size_t index) const {
    return index > 0 && parts_[index].begin == parts_[index - 1].end + 1 && joins(parts_[index].begin - 1);
  }

  // Parts joined by hyphens that all need braces get one pair: {Hilbert-Siegel}, {GPT-4}, but {X}-ray.
  std::size_t joined_end(std::size_t first) const {
    std::size_t last = first;
    while (last + 1 < parts_.size()) {
      const Part& next = parts_[last + 1];
      if (next.begin != parts_[last].end + 1) break;
      if (!joins(parts_[last].end)) break;
      ++last;
    }
    for (std::size_t i = first; i <= last; ++i) {
      if (!parts_[i].needs_braces && !parts_[i].only_digits) return first;
    }
    return last;
  }

  std::string text_with_braces() const {
    std::string out;
    out.reserve(tex_.size() + 16);
    std::size_t done = 0;      // offset in tex_
    std::size_t word_end = 0;  // parts before this index are written
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      if (i < word_end || !parts_[i].needs_braces) continue;
      const std::size_t last = is_joined(i) ? i : joined_end(i);
      const std::size_t first = parts_[i].begin;
      const std::size_t from = atoms_.begin(first);
      out += tex_.substr(done, from - done);
      // {\ would begin a special character, whose letters are changed.
      const bool lone_command = parts_[last].end - first == 1 && text(first).find('{') == npos;
      const bool special = tex_[from] == '\\' && !lone_command;
      out += special ? "{{" : "{";
      append_core(out, first, parts_[last].end);
      out += special ? "}}" : "}";
      done = atoms_.end(parts_[last].end - 1);
      word_end = last + 1;
    }
    out += tex_.substr(done);
    return out;
  }

  // Braces inside the new ones go, unless they are more than protection: never {P}{D}{E}, never {{PDE}}.
  void append_core(std::string& out, std::size_t begin, std::size_t end) const {
    for (std::size_t i = begin; i < end; ++i) {
      std::string_view piece = text(i);
      const bool plain = is_plain_group(i) && piece.find('\\') == npos && piece.size() > 2;
      const bool follows_command = i > begin && kind(i - 1) == Kind::command;
      if (plain && !follows_command) piece = piece.substr(1, piece.size() - 2);
      out += piece;
    }
  }

  std::string_view tex_;
  Atoms atoms_;
  std::vector<Part> parts_;
  std::optional<bool> is_sentence_;  // once it was asked for
  bool all_capitals_ = false;
};

}  // namespace

std::string protect_capitals(std::string_view tex, NormalizeFindings& findings) {
  if (ByteAtoms::are_in(tex)) return Protector<ByteAtoms>(tex).write(findings);
  return Protector<ParsedAtoms>(tex).write(findings);
}

}  // namespace bibsmith::bibtex
