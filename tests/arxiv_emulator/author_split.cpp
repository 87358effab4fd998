#include "tests/arxiv_emulator/author_split.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "tests/arxiv_emulator/tex2utf.hpp"
#include "tests/arxiv_emulator/text.hpp"

namespace bibsmith::emulator {
namespace {

constexpr std::string_view particles[] = {"van", "der", "de",  "la",  "von", "del",   "della",
                                          "da",  "mac", "ter", "dem", "di",  "vaziri"};
constexpr std::string_view suffixes[] = {"i", "ii", "iii", "iv", "v", "sr", "jr", "sr.", "jr."};
constexpr std::string_view group_words[] = {"collaboration", "group", "team"};

template <typename List>
bool is_in(const List& list, std::string_view word) {
  return std::ranges::find(list, lower(word)) != std::end(list);
}

// Cuts at the outermost parentheses; unbalanced text is kept as it is.
std::vector<std::string> blocks_of(std::string_view line) {
  std::vector<std::string> blocks;
  std::string block;
  int depth = 0;
  for (const char c : line) {
    if (c == '(') {
      ++depth;
      if (depth == 1) {
        blocks.push_back(std::move(block));
        block.clear();
      }
      block += c;
    } else if (c == ')') {
      --depth;
      block += c;
      if (depth == 0) {
        blocks.push_back(std::move(block));
        block.clear();
      }
    } else {
      block += c;
    }
  }
  if (!block.empty()) blocks.push_back(std::move(block));
  return blocks;
}

// Runs of white space, the Unicode spaces that people paste included, become one space.
std::string squeezed(std::string_view text) {
  std::string out;
  std::size_t i = 0;
  while (i < text.size()) {
    const std::size_t begin = i;
    const char32_t c = next_code_point(text, i);
    const bool space = (c < 0x80 && (is_space(static_cast<char>(c)) || (c >= 0x1C && c <= 0x1F))) ||
                       ((c == 0xA0 || c == 0x85) && i > begin + 1) || (c >= 0x2000 && c <= 0x200A) ||
                       c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
    if (!space) {
      out += text.substr(begin, i - begin);
    } else if (out.empty() || out.back() != ' ') {
      out += ' ';
    }
  }
  return out;
}

// " and " and " & " (with a comma before them or not) become a comma. `text` has single spaces.
std::string with_commas_for_and(std::string_view text) {
  std::string out;
  std::size_t i = 0;
  while (i < text.size()) {
    const std::size_t space = text[i] == ',' ? i + 1 : i;
    std::size_t length = 0;
    if (text.substr(space, 5) == " and ") length = 5;
    if (text.substr(space, 3) == " & ") length = 3;
    if (length != 0) {
      out += ',';
      i = space + length;
    } else {
      out += text[i++];
    }
  }
  return out;
}

// Splits at commas and colons, which stay as pieces of their own.
void append_names(std::vector<std::string>& pieces, std::string_view block) {
  const auto append = [&pieces](std::string_view piece) {
    if (!trim(piece).empty()) pieces.emplace_back(trim(piece));
  };
  std::size_t begin = 0;
  for (std::size_t i = 0; i < block.size(); ++i) {
    if (block[i] != ',' && block[i] != ':') continue;
    append(block.substr(begin, i - begin));
    append(block.substr(i, 1));
    begin = i + 1;
  }
  append(block.substr(begin));
}

// A space after every dot that does not follow a backslash: "S.M. Warner" -> "S. M. Warner".
std::string tidied(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    out += name[i];
    const bool follows_backslash = i > 0 && name[i - 1] == '\\';
    if (name[i] == '.' && !follows_backslash && i + 1 < name.size() && !is_space(name[i + 1])) {
      out += ' ';
      out += name[++i];
    }
  }
  return out;
}

// "et al", "et. al.", and whatever else begins like that.
bool is_et_al(std::string_view name) {
  const std::string text = lower(trim(name));
  if (!text.starts_with("et")) return false;
  std::size_t at = text.starts_with("et.") ? 3 : 2;
  const std::size_t word = text.find_first_not_of(" \t", at);
  return word != text.npos && word > at && text.compare(word, 2, "al") == 0;
}

// Where a "… Collaboration" stands in the name: a run of ASCII letters, digits and spaces up to the last such
// word in it. Hyphens, slashes and accents end a run, so "The X-Y Collaboration" gives "Y Collaboration".
std::string_view collaboration_in(std::string_view name) {
  const std::string small = lower(name);
  std::size_t begin = 0;
  while (begin < small.size()) {
    std::size_t end = begin;
    while (end < small.size() && (is_letter(small[end]) || is_digit(small[end]) || is_space(small[end])))
      ++end;
    const std::string_view run = std::string_view(small).substr(begin, end - begin);
    std::size_t length = 0;
    for (const std::string_view word : group_words) {
      for (std::size_t at = run.rfind(word); at != run.npos && at >= 2; at = run.rfind(word, at - 1)) {
        if (is_space(run[at - 1])) {
          length = std::max(length, at + word.size());
          break;
        }
      }
    }
    if (length != 0) return name.substr(begin, length);
    begin = end + 1;
  }
  return {};
}

// The list at the end of the line, "((1) CERN, (2) DESY)": number -> affiliation.
std::map<std::string, std::string, std::less<>> numbered_affiliations(std::string_view line) {
  std::map<std::string, std::string, std::less<>> out;
  std::size_t begin = line.npos;
  for (std::size_t i = line.find('('); i != line.npos && begin == line.npos; i = line.find('(', i + 1)) {
    const std::size_t next = line.find_first_not_of(" \t\r\n", i + 1);
    if (next != line.npos && line[next] == '(' && line.find('\n', next) == line.npos) begin = next + 1;
  }
  if (begin == line.npos) return out;
  std::string_view list = trim(line.substr(begin));
  if (list.ends_with(')')) list = trim(list.substr(0, list.size() - 1));
  for (const std::string_view item : split(list, '(')) {
    std::size_t digits = 0;
    while (digits < item.size() && is_digit(item[digits])) ++digits;
    if (digits == 0 || digits == item.size() || item[digits] != ')') continue;
    std::string_view text = trim(item.substr(digits + 1));
    std::size_t one = 0;
    if (!text.empty()) next_code_point(text, one);
    if (one >= text.size()) continue;  // arXiv asks for two characters at least
    while (!text.empty() && (text.back() == '.' || text.back() == ',' || is_space(text.back()))) {
      text.remove_suffix(1);
    }
    out[std::string(item.substr(0, digits))] = std::string(text);
  }
  return out;
}

// Whether `name`, its spaces standing for any white space or none, ends right before `end` in the line.
bool name_ends_at(std::string_view line, std::size_t end, std::string_view name) {
  const auto small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  for (std::size_t i = name.size(); i-- > 0;) {
    if (is_space(name[i])) {
      while (end > 0 && is_space(line[end - 1])) --end;
    } else {
      if (end == 0 || small(line[end - 1]) != small(name[i])) return false;
      --end;
    }
  }
  return true;
}

// " and " and " & " between numbers become commas.
std::string with_commas_between_numbers(std::string_view text) {
  std::string out;
  std::size_t i = 0;
  while (i < text.size()) {
    std::size_t word = i;
    while (word < text.size() && is_space(text[word])) ++word;
    std::size_t length = 0;
    if (text.substr(word, 1) == "&") length = 1;
    if (lower(text.substr(word, 3)) == "and") length = 3;
    std::size_t end = word + length;
    if (word > i && length != 0 && end < text.size() && is_space(text[end])) {
      while (end < text.size() && is_space(text[end])) ++end;
      out += ',';
      i = end;
    } else {
      out += text[i++];
    }
  }
  return out;
}

// Looks in the raw line for "name (…)": numbers refer to the list at its end, anything else is the
// affiliation.
void add_affiliations(SplitAuthor& author, std::string_view line, std::string_view name,
                      const std::map<std::string, std::string, std::less<>>& numbered) {
  for (std::size_t open = line.find('('); open != line.npos; open = line.find('(', open + 1)) {
    const std::size_t close = std::min(line.find_first_of("()", open + 1), line.size());
    if (close == open + 1) continue;
    std::size_t end = open;
    while (end > 0 && is_space(line[end - 1])) --end;
    if (!name_ends_at(line, end, name)) continue;
    const std::string text = with_commas_between_numbers(trim(line.substr(open + 1, close - open - 1)));
    if (text.empty() || text.find_first_not_of("0123456789, \t\r\n") != text.npos) {
      author.affiliations.push_back(text);
      return;
    }
    for (const std::string_view number : split(text, ',')) {
      const auto found = numbered.find(number);
      if (found != numbered.end()) author.affiliations.push_back(found->second);
    }
    return;
  }
}

// The first pattern that fits: two particles, one particle, a suffix, a plain name, a single word.
SplitAuthor parsed_name(std::string_view name) {
  std::array<std::size_t, 3> cut{};  // positions of the last spaces, the last first
  std::size_t cuts = 0;
  for (std::size_t i = name.size(); i-- > 0 && cuts < cut.size();) {
    if (is_space(name[i])) cut[cuts++] = i;
  }
  const auto words = [name](std::size_t from, std::size_t to) {
    return std::string(name.substr(from, to - from));
  };
  const std::size_t size = name.size();
  if (cuts == 0) return {.keyname = std::string(name)};
  const std::string last = words(cut[0] + 1, size);
  if (last.empty()) return {.keyname = std::string(name)};
  if (cuts >= 2) {
    const std::string second = words(cut[1] + 1, cut[0]);
    if (cuts >= 3 && is_in(particles, second) && is_in(particles, words(cut[2] + 1, cut[1]))) {
      return {.keyname = words(cut[2] + 1, size), .forenames = words(0, cut[2])};
    }
    if (is_in(particles, second)) return {.keyname = words(cut[1] + 1, size), .forenames = words(0, cut[1])};
    if (is_in(suffixes, last)) {
      return {.keyname = second, .forenames = words(0, cut[1]), .suffix = last};
    }
  }
  return {.keyname = last, .forenames = words(0, cut[0])};
}

}  // namespace

std::vector<std::string> author_line_pieces(std::string_view line) {
  std::vector<std::string> pieces;
  for (const std::string& raw : blocks_of(line)) {
    const std::string block = squeezed(raw);
    if (block.starts_with('(')) {
      pieces.push_back(block);
    } else {
      append_names(pieces, with_commas_for_and(block));
    }
  }
  // A suffix that a comma cut off goes back to its name.
  std::vector<std::string> joined;
  for (std::string& piece : pieces) {
    const std::size_t count = joined.size();
    if ((piece == "Jr" || piece == "Jr.") && count >= 2 && joined[count - 1] == "," &&
        joined[count - 2] != ")") {
      joined.pop_back();
      joined.back() += ", " + piece;
    } else {
      joined.push_back(std::move(piece));
    }
  }
  return joined;
}

std::vector<SplitAuthor> split_author_line(std::string_view line) {
  std::vector<std::string> names;
  for (const std::string& piece : author_line_pieces(line)) {
    if (piece.starts_with('(') || piece.starts_with(',') || piece.starts_with(']')) continue;
    std::string name = tidied(piece);
    if (!is_et_al(name)) names.push_back(std::move(name));
  }

  std::vector<SplitAuthor> authors;
  std::size_t next = 0;
  while (next < names.size()) {
    const std::string_view group = collaboration_in(names[next]);
    if (group.empty()) break;
    authors.push_back({.keyname = std::string(group)});
    ++next;
    if (next < names.size() && names[next] == ":") ++next;
  }
  const std::size_t groups = authors.size();

  const auto numbered = numbered_affiliations(line);
  for (; next < names.size(); ++next) {
    authors.push_back(parsed_name(names[next]));
    add_affiliations(authors.back(), line, names[next], numbered);
  }

  // "A, B (CERN)": who has no affiliation shares that of the next author who has one.
  const std::vector<std::string>* later = nullptr;
  for (std::size_t i = authors.size(); i-- > groups;) {
    if (!authors[i].affiliations.empty()) {
      later = &authors[i].affiliations;
    } else if (later != nullptr) {
      authors[i].affiliations = *later;
    }
  }
  return authors;
}

std::vector<SplitAuthor> split_author_line_utf(std::string_view line) {
  std::vector<SplitAuthor> authors = split_author_line(line);
  for (SplitAuthor& author : authors) {
    author.keyname = tex2utf(author.keyname);
    author.forenames = tex2utf(author.forenames);
    author.suffix = tex2utf(author.suffix);
    for (std::string& affiliation : author.affiliations) affiliation = tex2utf(affiliation);
  }
  return authors;
}

}  // namespace bibsmith::emulator
