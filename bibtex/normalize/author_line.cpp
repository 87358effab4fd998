#include "bibtex/normalize/author_line.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "bibtex/model/entry.hpp"
#include "bibtex/model/latex.hpp"
#include "bibtex/model/latex_tables.hpp"
#include "bibtex/model/unicode.hpp"
#include "bibtex/model/utf8.hpp"
#include "bibtex/normalize/person.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/byte_class.hpp"

namespace bibsmith::bibtex {

namespace {

constexpr std::size_t author_bytes_max = std::size_t{1} << 20U;

// "En\\sslin" is "En\\ss lin": the longest letter command that an unknown one begins with is meant.
std::string with_letter_commands_ended(std::string_view tex) {
  static constexpr std::string_view letters[] = {"ss", "oe", "OE", "ae", "AE", "aa", "AA",
                                                 "dj", "DJ", "o",  "O",  "l",  "L"};
  std::string out;
  for (std::size_t at = 0; at < tex.size(); ++at) {
    out += tex[at];
    if (tex[at] != '\\') continue;
    std::size_t end = at + 1;
    while (end < tex.size() && is_letter(static_cast<unsigned char>(tex[end]))) ++end;
    const std::string_view name = tex.substr(at + 1, end - at - 1);
    if (name.size() < 2 || find_latex_symbol(name) != nullptr || find_latex_accent(name) != nullptr) continue;
    for (const std::string_view letter : letters) {
      if (!name.starts_with(letter)) continue;
      out += letter;
      out += "{}";
      at += letter.size();
      break;
    }
  }
  return out;
}

// No-break and thin spaces separate like any other.
std::string spaces_plain(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const DecodedCharacter character = decode_utf8(text, at);
    if (character.code == 0xA0 || character.code == 0x2009) {
      out += ' ';
    } else {
      out += text.substr(at, character.size);
    }
    at += character.size;
  }
  return out;
}

// Parentheses and what is in them become a comma-free gap. One that is never closed hides what follows up to
// the next comma at most, so that no author is lost.
std::string without_affiliations(std::string_view line) {
  std::string out;
  std::vector<std::size_t> open;  // offsets in `line`
  std::vector<std::pair<std::size_t, std::size_t>> blocks;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line[at] == '(') {
      open.push_back(at);
    } else if (line[at] == ')' && !open.empty()) {
      const std::size_t begin = open.back();
      open.pop_back();
      while (!blocks.empty() && blocks.back().first > begin) blocks.pop_back();
      blocks.emplace_back(begin, at + 1);
    }
  }
  std::size_t comma = 0;  // the first behind `begin`; looked for once, the openings ascend
  for (const std::size_t begin : open) {
    if (comma != npos && comma <= begin) comma = line.find(',', begin);
    blocks.emplace_back(begin, comma == npos ? line.size() : comma);
  }
  std::sort(blocks.begin(), blocks.end());
  std::size_t done = 0;
  for (const auto& [begin, end] : blocks) {
    if (end <= done) continue;
    if (begin > done) out += line.substr(done, begin - done);
    // "A. One (1) B. Two (2)": the affiliation separates them.
    out += " \x1F ";
    done = std::max(done, end);
  }
  out += line.substr(std::min(done, line.size()));
  return out;
}

bool starts_with(std::string_view text, std::string_view beginning) {
  return equal_ignoring_case(text.substr(0, beginning.size()), beginning);
}

bool ends_with(std::string_view text, std::string_view ending) {
  return text.size() >= ending.size() &&
         equal_ignoring_case(text.substr(text.size() - ending.size()), ending);
}

bool word_at(std::string_view text, std::size_t at, std::string_view word) {
  if (!starts_with(text.substr(at), word)) return false;
  const std::size_t end = at + word.size();
  const bool begins = at == 0 || is_white_space(text[at - 1]);
  return begins && (end == text.size() || is_white_space(text[end]));
}

struct Part {
  std::string_view text;
  char behind = ',';  // the separator that ended it: ',', ':' or 0 at the end
};

// At commas, semicolons, colons, "and", "&" and the marks of affiliations.
std::vector<Part> parts_of(std::string_view text) {
  std::vector<Part> parts;
  std::size_t begin = 0;
  const auto take = [&](std::size_t end, std::size_t next, char separator) {
    const std::string_view part = trimmed(text.substr(begin, end - begin));
    if (!part.empty()) {
      parts.push_back({part, separator});
    } else if (!parts.empty() && separator == ':') {
      parts.back().behind = ':';
    }
    begin = next;
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == ',' || c == ';' || c == ':' || c == '\x1F') {
      take(at, at + 1, c == ':' ? ':' : ',');
    } else if (c == '&' && at > 0 && is_white_space(text[at - 1])) {
      take(at, at + 1, ',');
    } else if ((c == 'a' || c == 'A') && at > 0 && is_white_space(text[at - 1]) && word_at(text, at, "and")) {
      take(at, at + 3, ',');
      at += 2;
    }
  }
  take(text.size(), text.size(), 0);
  return parts;
}

// "A. Aab et al": the name before it; "et al. The X Collaboration": the one behind it.
std::string_view without_et_al(std::string_view text, bool& others) {
  for (const std::string_view whole :
       {"et al", "et al.", "et. al.", "et. al", "et.al.", "et.al", "et alii", "others"}) {
    if (!equal_ignoring_case(text, whole)) continue;
    others = true;
    return {};
  }
  for (const std::string_view beginning : {"et al. ", "et al "}) {
    if (!starts_with(text, beginning)) continue;
    others = true;
    return trimmed(text.substr(beginning.size()));
  }
  for (const std::string_view ending : {" et al.", " et al", " et. al.", " et. al", " et.al.", " et.al"}) {
    if (!ends_with(text, ending)) continue;
    others = true;
    return trimmed(text.substr(0, text.size() - ending.size()));
  }
  return text;
}

bool is_degree(std::string_view text) {
  for (const std::string_view degree : {"Ph.D.", "Ph.D", "PhD", "Ph. D.", "M.D.", "MD", "M. D."}) {
    if (text == degree) return true;
  }
  return false;
}

// Where "for the X Collaboration" or "on behalf of X" begins in the text, and where X does.
struct Behalf {
  std::size_t begin = npos;
  std::size_t name = npos;
};

Behalf find_behalf(std::string_view text) {
  static constexpr std::string_view phrases[] = {"on behalf of", "representing", "for", "-", "–"};
  const std::size_t organisation = last_organisation_word(text);
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (at > 0 && !is_white_space(text[at - 1])) continue;
    for (const std::string_view phrase : phrases) {
      if ((text[at] | 0x20) != (phrase[0] | 0x20) || !word_at(text, at, phrase)) continue;
      const auto skip_spaces = [&](std::size_t from) {
        while (from < text.size() && is_white_space(text[from])) ++from;
        return from;
      };
      std::size_t name = skip_spaces(at + phrase.size());
      if (name < text.size() && word_at(text, name, "the")) name = skip_spaces(name + 3);
      if (name >= text.size()) return {};
      const bool names_one = organisation != npos && organisation >= name;
      if (names_one || phrase == "on behalf of") return {at, name};
    }
  }
  return {};
}

void add_literal(AuthorNames& list, std::string_view text) {
  Name name;
  name.literal = tidy_name(text);
  while (name.literal.starts_with("the ")) name.literal.erase(0, 4);  // grammar of the line, not of the name
  if (!name.literal.empty()) list.names.push_back(std::move(name));
}

void add_person(AuthorNames& list, std::string_view text) {
  // A number or a sign that was left over is nobody.
  if (std::none_of(text.begin(), text.end(), is_word_byte)) return;
  Name name = person_from_text(text);
  if (name.is_literal()) return add_literal(list, name.literal);
  if (!name.family.empty()) list.names.push_back(std::move(name));
}

void add(AuthorNames& list, std::string_view text) {
  text = trimmed(text);
  while (text.size() > 2 &&
         (text.back() == '*' || (text.back() == '.' && is_white_space(text[text.size() - 2])))) {
    text = trimmed(text.substr(0, text.size() - 1));
  }
  text = without_et_al(text, list.others);
  if (text.empty() || is_degree(text)) return;
  const Behalf behalf = find_behalf(text);
  if (behalf.begin == npos) return add_person(list, text);
  if (behalf.begin > 0) add_person(list, text.substr(0, behalf.begin));
  add_literal(list, text.substr(behalf.name));
}

}  // namespace

// Affiliation marks in math ("Jane Doe$^{1,2}$") go; the rest of the TeX becomes text.
std::string author_text(std::string_view tex) {
  static constexpr ByteSet tex_characters("\\{}$~");
  if (!tex_characters.any_in(tex)) return is_ascii(tex) ? std::string(tex) : spaces_plain(nfc(tex));
  std::string without_marks;
  for (std::size_t at = 0; at < tex.size();) {
    const std::size_t end = tex[at] == '$' ? math_end(tex, at) : npos;
    if (end != npos && at + 1 < tex.size() && (tex[at + 1] == '^' || tex[at + 1] == '_')) {
      at = end;
    } else if (tex[at] == '\\' && at + 1 < tex.size()) {
      without_marks += tex.substr(at, 2);
      at += 2;
    } else {
      without_marks += tex[at++];
    }
  }
  return spaces_plain(to_unicode(with_letter_commands_ended(without_marks), MathReading::convert));
}

AuthorNames split_author_line(std::string_view line) {
  AuthorNames list;
  const std::string text = without_affiliations(author_text(line.substr(0, author_bytes_max)));
  const std::vector<Part> parts = parts_of(text);

  // "Keck Array, BICEP2 Collaborations: A, B": all before the colon are organisations.
  std::size_t organisations = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].behind != ':') continue;
    if (names_organisation(parts[i].text)) organisations = i + 1;
    break;
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool suffix_follows =
        i + 1 < parts.size() && parts[i].behind == ',' && is_name_suffix(parts[i + 1].text);
    if (i < organisations) {
      add_literal(list, parts[i].text);
    } else if (suffix_follows) {
      add(list, std::string(parts[i].text) + ", " + std::string(parts[i + 1].text));
      ++i;
    } else {
      add(list, parts[i].text);
    }
  }
  return list;
}

AuthorNames split_author(std::string_view text) {
  AuthorNames list;
  add(list, author_text(text.substr(0, author_bytes_max)));
  return list;
}

Author author_of(const Name& name) {
  Author author;
  author.is_literal = name.is_literal();
  if (author.is_literal) {
    author.name = name.literal;
    return author;
  }
  author.family = name.prefix.empty() ? name.family : name.prefix + " " + name.family;
  author.given = name.given;
  author.suffix = name.suffix;
  author.name = author.given.empty() ? author.family : author.given + " " + author.family;
  if (!author.suffix.empty()) author.name += " " + author.suffix;
  return author;
}

}  // namespace bibsmith::bibtex
