#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "bibtex/model/bibtex_text.hpp"
#include "bibtex/model/latex.hpp"
#include "bibtex/model/unicode.hpp"
#include "bibtex/model/utf8.hpp"
#include "bibtex/normalize/proper_nouns.hpp"
#include "bibtex/normalize/title.hpp"

namespace bibsmith::bibtex {

namespace {

constexpr std::size_t npos = std::string_view::npos;

// The smallest thing that a style's change of case sees as one.
struct Atom {
  enum class Kind : std::uint8_t {
    space,
    letter,
    digit,
    separator,  // between the parts of a word: hyphen, slash, parenthesis, ...
    other,
    group,    // {...}
    math,     // $...$
    command,  // \name with the groups behind it, or \&
  };
  Kind kind;
  std::uint32_t begin;
  std::uint32_t end;
  bool upper = false;
};

using Atoms = std::vector<Atom>;
using Kind = Atom::Kind;

bool is_ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// The kinds of the bytes that are an atom each; all others are looked at.
struct ByteKinds {
  std::array<Kind, 128> kind{};
  std::array<bool, 128> is_atom{};

  constexpr ByteKinds() {
    for (unsigned c = 0; c < 128; ++c) {
      const auto byte = static_cast<char>(c);
      if (byte == '{' || byte == '$' || byte == '\\') continue;
      is_atom[c] = true;
      const bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
      kind[c] = letter                                                ? Kind::letter
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

// One part of a word, between separators: atoms [begin, end), its core without punctuation around it.
struct Part {
  std::size_t begin;
  std::size_t end;
  std::size_t upper = 0;  // letters at brace level 0
  std::size_t lower = 0;
  bool first_is_upper = false;
  bool only_letters = true;
  bool only_digits = true;
  bool needs_braces = false;
  bool is_proper_noun = false;  // known once the title is judged, of words that begin with their only capital

  std::size_t letters() const { return upper + lower; }
};

class Protector {
 public:
  explicit Protector(std::string_view tex) : tex_(tex) {
    atoms_.reserve(tex.size());
    parts_.reserve(tex.size() / 4 + 2);
    for (std::size_t at = 0; at < tex.size();) {
      atoms_.push_back(next_atom(tex, at));
      at = atoms_.back().end;
    }
  }

  std::string write(NormalizeFindings& findings) {
    find_parts();
    judge_title();
    if (all_capitals_) {
      findings.push_back(
          {"title.all-capitals", "the title is written in capitals, which words keep theirs is unknown"});
    }
    for (std::size_t i = 0; i < parts_.size(); ++i) parts_[i].needs_braces = needs_braces(i);
    return text_with_braces();
  }

 private:
  std::string_view text(const Atom& atom) const { return tex_.substr(atom.begin, atom.end - atom.begin); }
  std::string_view text(const Part& part) const {
    return tex_.substr(atoms_[part.begin].begin, atoms_[part.end - 1].end - atoms_[part.begin].begin);
  }

  void find_parts() {
    std::size_t at = 0;
    while (at < atoms_.size()) {
      while (at < atoms_.size() && (atoms_[at].kind == Kind::space || atoms_[at].kind == Kind::separator))
        ++at;
      std::size_t begin = at;
      while (at < atoms_.size() && atoms_[at].kind != Kind::space && atoms_[at].kind != Kind::separator) ++at;
      std::size_t end = at;
      while (begin < end && atoms_[begin].kind == Kind::other) ++begin;
      while (end > begin && atoms_[end - 1].kind == Kind::other) --end;
      if (begin == end) continue;
      parts_.push_back(part_of(begin, end));
    }
  }

  Part part_of(std::size_t begin, std::size_t end) const {
    Part part{begin, end};
    for (std::size_t i = begin; i < end; ++i) {
      const Atom& atom = atoms_[i];
      if (atom.kind == Kind::letter) {
        if (part.letters() == 0) part.first_is_upper = atom.upper;
        ++(atom.upper ? part.upper : part.lower);
      }
      if (atom.kind != Kind::letter && atom.kind != Kind::other) part.only_letters = false;
      if (atom.kind != Kind::digit && atom.kind != Kind::other) part.only_digits = false;
    }
    return part;
  }

  // Does the author write sentences ("On the Burnside problem") or headlines ("On the Burnside Problem")? In
  // a sentence every capital inside is meant.
  void judge_title() {
    std::size_t lower = 0;
    std::size_t capitalised = 0;
    std::size_t shouted = 0;
    std::size_t words = 0;
    for (Part& part : parts_) {
      if (part.first_is_upper && part.upper == 1) part.is_proper_noun = is_proper_noun(text(part));
      if (part.letters() >= 2) {
        ++words;
        if (part.lower == 0) ++shouted;
      }
      if (part.letters() < 3 || part.upper > 1 || !part.only_letters || is_function_word(text(part)))
        continue;
      if (begins_sentence(part)) continue;
      if (part.is_proper_noun) continue;  // no sign of either
      ++(part.first_is_upper ? capitalised : lower);
    }
    is_sentence_ = lower > 0 && lower * 10 >= (lower + capitalised) * 6;
    all_capitals_ = words >= 3 && shouted * 10 >= words * 7;
  }

  // Lower case in headlines too.
  static bool is_function_word(std::string_view word) {
    static constexpr std::array words = std::to_array<std::string_view>(
        {"about",  "across", "after",   "against", "along",   "among", "and",   "are",    "around",
         "before", "below",  "beneath", "between", "beyond",  "but",   "can",   "does",   "during",
         "for",    "from",   "has",     "have",    "inside",  "into",  "its",   "near",   "nor",
         "not",    "off",    "onto",    "our",     "out",     "over",  "per",   "than",   "that",
         "the",    "their",  "through", "toward",  "towards", "under", "until", "upon",   "using",
         "versus", "via",    "was",     "when",    "which",   "while", "with",  "within", "without"});
    constexpr std::size_t longest = 7;
    if (word.empty() || word.size() > longest || word[0] < words.front()[0] || word[0] > words.back()[0])
      return false;
    // Few share their first letter.
    const auto* const first =
        std::find_if(words.begin(), words.end(), [&](std::string_view one) { return one[0] >= word[0]; });
    const auto* const behind =
        std::find_if(first, words.end(), [&](std::string_view one) { return one[0] != word[0]; });
    return std::find(first, behind, word) != behind;
  }

  // "Phys." does not end a sentence, "I." does.
  bool is_abbreviation(std::size_t end) const {
    constexpr std::size_t abbreviation_letters_max = 4;
    std::size_t begin = end;
    bool lower = false;
    while (begin > 0 && atoms_[begin - 1].kind == Kind::letter) lower = !atoms_[--begin].upper || lower;
    return begin < end && end - begin <= abbreviation_letters_max && lower && atoms_[begin].upper;
  }

  // The first word, or the first behind ". ", "? ", "! ", ": " or an opening quotation mark.
  bool begins_sentence(const Part& part) const {
    std::size_t at = part.begin;
    bool quoted = false;
    while (at > 0 && (atoms_[at - 1].kind == Kind::other || text(atoms_[at - 1]) == "(")) {
      const std::string_view before = text(atoms_[--at]);
      quoted = quoted || before == "`" || before == "“" || before == "‘" || before == "(";
    }
    if (at == 0 || quoted) return true;
    if (atoms_[at - 1].kind != Kind::space) return false;
    while (at > 0 && atoms_[at - 1].kind == Kind::space) --at;
    if (at == 0) return true;
    const std::string_view before = text(atoms_[at - 1]);
    if (before == ".") return !is_abbreviation(at - 1);
    return before == "?" || before == "!" || before == ":" || before == "—" ||
           (before == "-" && at >= 2 && (atoms_[at - 2].kind == Kind::space || text(atoms_[at - 2]) == "-"));
  }

  // BibTeX's change.case$ keeps the very first character and the one behind ": ".
  bool keeps_first_letter(const Part& part) const {
    if (part.begin == 0) return true;
    std::size_t at = part.begin;
    if (text(atoms_[at - 1]) != " ") return false;
    while (at > 0 && text(atoms_[at - 1]) == " ") --at;
    return at > 0 && text(atoms_[at - 1]) == ":";
  }

  bool is_plain_group(const Atom& atom) const {
    return atom.kind == Kind::group && !text(atom).starts_with("{\\");
  }

  bool needs_braces(std::size_t index) const {
    const Part& part = parts_[index];
    if (part.only_letters && part.upper == 0) return false;                              // most words
    if (part.end - part.begin == 1 && is_plain_group(atoms_[part.begin])) return false;  // has them

    bool changes = false;  // something other than a letter that a style would change
    bool has_group = false;
    bool has_script = false;
    for (std::size_t i = part.begin; i < part.end; ++i) {
      const Atom& atom = atoms_[i];
      if (atom.kind == Kind::math) {
        changes = changes || lowered_differs(text(atom));
        has_script = true;
      } else if (atom.kind == Kind::command) {
        changes = changes || command_changes(text(atom));
      } else if (is_plain_group(atom)) {
        has_group = has_group || has_letter(text(atom));
      } else if (atom.kind == Kind::group) {
        changes = changes || special_changes(text(atom));
      } else if (atom.kind == Kind::digit) {
        has_script = true;
      }
    }
    if (changes || has_group) return true;

    if (part.upper == 0) return false;
    const bool first_kept =
        keeps_first_letter(part) && part.first_is_upper && atoms_[part.begin].kind == Kind::letter;
    if (part.upper == 1 && first_kept) return false;
    if (part.upper > 1 || !part.first_is_upper) return !(all_capitals_ && part.lower == 0 && !has_script);
    if (has_script) return true;  // H$_0$, D0
    if (part.lower == 0) return is_symbol(index);
    if (part.is_proper_noun) return true;
    if (begins_sentence(part)) return first_part_in_quotes(part);
    return is_sentence_;
  }

  // A quotation mark at the start takes the place of the letter that would be kept.
  bool first_part_in_quotes(const Part& part) const {
    for (std::size_t i = 0; i < part.begin; ++i) {
      if (atoms_[i].kind == Kind::letter) return false;
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
    if (part.end < atoms_.size() && atoms_[part.end].kind != Kind::space) return true;
    if (part.begin > 0 && text(atoms_[part.begin - 1]) == "-") return true;
    static constexpr std::array kinds = std::to_array<std::string_view>(
        {"class", "factor",  "group", "hepatitis", "model", "part", "phase", "protein", "sample", "theorem",
         "type",  "vitamin", "Class", "Group",     "Model", "Part", "Phase", "Theorem", "Type",   "Vitamin"});
    if (index == 0) return false;
    return std::find(kinds.begin(), kinds.end(), text(parts_[index - 1])) != kinds.end();
  }

  static bool joins(std::string_view separator) {
    return separator == "-" || separator == "/" || separator == "+";
  }

  bool is_joined(std::size_t index) const {
    return index > 0 && parts_[index].begin == parts_[index - 1].end + 1 &&
           joins(text(atoms_[parts_[index].begin - 1]));
  }

  // Parts joined by hyphens that all need braces get one pair: {Hilbert-Siegel}, {GPT-4}, but {X}-ray.
  std::size_t joined_end(std::size_t first) const {
    std::size_t last = first;
    while (last + 1 < parts_.size()) {
      const Part& next = parts_[last + 1];
      if (next.begin != parts_[last].end + 1) break;
      if (!joins(text(atoms_[parts_[last].end]))) break;
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
      const Atom& from = atoms_[parts_[i].begin];
      const Atom& to = atoms_[parts_[last].end - 1];
      out += tex_.substr(done, from.begin - done);
      // {\ would begin a special character, whose letters are changed.
      const bool lone_command = parts_[last].end - parts_[i].begin == 1 && text(from).find('{') == npos;
      const bool special = tex_[from.begin] == '\\' && !lone_command;
      out += special ? "{{" : "{";
      append_core(out, parts_[i].begin, parts_[last].end);
      out += special ? "}}" : "}";
      done = to.end;
      word_end = last + 1;
    }
    out += tex_.substr(done);
    return out;
  }

  // Braces inside the new ones go, unless they are more than protection: never {P}{D}{E}, never {{PDE}}.
  void append_core(std::string& out, std::size_t begin, std::size_t end) const {
    for (std::size_t i = begin; i < end; ++i) {
      std::string_view piece = text(atoms_[i]);
      const bool plain = is_plain_group(atoms_[i]) && piece.find('\\') == npos && piece.size() > 2;
      const bool follows_command = i > begin && atoms_[i - 1].kind == Kind::command;
      if (plain && !follows_command) piece = piece.substr(1, piece.size() - 2);
      out += piece;
    }
  }

  std::string_view tex_;
  Atoms atoms_;
  std::vector<Part> parts_;
  bool is_sentence_ = false;
  bool all_capitals_ = false;
};

}  // namespace

std::string protect_capitals(std::string_view tex, NormalizeFindings& findings) {
  return Protector(tex).write(findings);
}

}  // namespace bibsmith::bibtex
