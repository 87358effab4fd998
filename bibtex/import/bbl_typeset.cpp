#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "bibtex/import/bbl.hpp"
#include "bibtex/model/macros.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "fetchers/record/arxiv_id.hpp"
#include "fetchers/record/ascii.hpp"
#include "fetchers/record/doi.hpp"

namespace bibsmith::bibtex {

namespace {

std::string without_marks(std::string_view text) {
  while (!text.empty() && (is_space(text.front()) || text.front() == ',' || text.front() == '~'))
    text.remove_prefix(1);
  while (!text.empty() && (is_space(text.back()) || std::string_view(".,;~").find(text.back()) != npos)) {
    text.remove_suffix(1);
  }
  return std::string(text);
}

bool starts_word(std::string_view text, std::size_t at, std::string_view word) {
  return text.substr(at, word.size()) == word &&
         (at + word.size() == text.size() || !is_letter(text[at + word.size()]));
}

// The parts between \newblock; the first is what stands before the first.
std::vector<std::string_view> blocks_of(std::string_view item) {
  constexpr std::string_view command = "\\newblock";
  std::vector<std::string_view> blocks;
  for (std::size_t begin = 0; begin <= item.size();) {
    const std::size_t end = std::min(item.find(command, begin), item.size());
    blocks.push_back(item.substr(begin, end - begin));
    if (end == item.size()) break;
    begin = end + command.size();
  }
  return blocks;
}

// What is set in italics: {\em X}, {\it X}, \emph{X}, \textit{X}.
std::string italics_in(std::string_view text) {
  for (const std::string_view opening :
       {"\\emph", "\\textit", "{\\em ", "{\\it ", "{\\em\n", "{\\itshape "}) {
    const std::size_t at = text.find(opening);
    if (at == npos) continue;
    std::size_t end = at;
    if (opening.front() == '\\') return without_marks(group_at(text, at + opening.size(), end));
    const std::string_view group = group_at(text, at, end);
    if (end != at) return without_marks(group.substr(opening.size() - 1));
  }
  return {};
}

// The last year that the text names.
std::string year_in(std::string_view text) {
  std::string year;
  for (std::size_t i = 0; i + 4 <= text.size(); ++i) {
    const std::string_view four = text.substr(i, 4);
    const bool is_year =
        (four.starts_with("19") || four.starts_with("20")) && std::ranges::all_of(four, is_digit);
    const bool is_apart = (i == 0 || (!is_digit(text[i - 1]) && text[i - 1] != '.' && text[i - 1] != '/')) &&
                          (i + 4 == text.size() || (!is_digit(text[i + 4]) && text[i + 4] != '/'));
    if (is_year && is_apart) year = four;
  }
  return year;
}

// Words between white space and braces, as links and identifiers stand there.
template <typename Take>
void each_token(std::string_view text, Take take) {
  constexpr std::string_view separators = " \t\r\n{}~[]\"";
  for (std::size_t begin = text.find_first_not_of(separators); begin != npos;) {
    const std::size_t end = std::min(text.find_first_of(separators, begin), text.size());
    take(text.substr(begin, end - begin));
    begin = text.find_first_not_of(separators, end);
  }
}

void read_identifiers(std::string_view item, Entry& entry) {
  std::optional<Doi> doi;
  std::optional<ArxivId> paper;
  each_token(item, [&](std::string_view token) {
    const std::string word = without_marks(token);
    if (!doi && word.find("10.") != npos) doi = Doi::parse(word);
    if (paper || word.size() > arxiv_id_text_bytes_max) return;
    const bool is_named = starts_with_ignoring_case(word, "arxiv:") || word.find("arxiv.org/") != npos;
    if (!is_named) return;
    if (const auto id = ArxivId::parse(word)) paper = *id;
  });
  if (doi) set_field(entry, "doi", doi->str());
  if (!paper) return;
  set_field(entry, "eprint", paper->str());
  set_field(entry, "archiveprefix", "arXiv");
}

bool is_initials(std::string_view piece) {
  return std::ranges::count_if(piece, is_letter) <= 3 && piece.find('.') != npos;
}

// "A. Roe, B. Doe, and C. Poe", "Roe, A. and Doe, B.": what BibTeX's styles write, as names again.
std::string authors_in(std::string_view block) {
  std::string text = collapse_white_space(block);
  bool others = false;
  for (const std::string_view et_al : {"et~al", "et al", "{\\em et al", "\\emph{et al", "and others"}) {
    const std::size_t at = text.find(et_al);
    if (at == npos) continue;
    text.resize(at);
    others = true;
  }
  for (std::size_t at; (at = text.find(" and ")) != npos;) text.replace(at, 5, ", ");
  std::vector<std::string> names;
  std::size_t depth = 0;
  std::string piece;
  const auto take = [&] {
    std::string one = without_marks(piece);
    // A stop that ends initials is theirs.
    if (!one.empty() && piece.find(one + '.') != npos && is_letter(one.back())) {
      const bool is_initial = one.size() == 1 || !is_letter(one[one.size() - 2]);
      if (is_initial) one += '.';
    }
    piece.clear();
    if (one.starts_with("and ")) one.erase(0, 4);
    if (one.empty()) return;
    if (is_initials(one) && !names.empty() && names.back().find(',') == npos) {
      names.back() += ", " + one;
    } else {
      names.push_back(std::move(one));
    }
  };
  for (const char c : text) {
    if (c == '{') ++depth;
    if (c == '}' && depth > 0) --depth;
    if (c == ',' && depth == 0) {
      take();
    } else {
      piece += c;
    }
  }
  take();
  if (others) names.emplace_back("others");
  std::string joined;
  for (const std::string& name : names) joined += (joined.empty() ? "" : " and ") + name;
  return joined;
}

// \bibinfo{title}{...} of REVTeX, elsarticle and the ACM's styles. Whether there were any.
bool read_bibinfo(std::string_view item, Entry& entry) {
  constexpr std::string_view command = "\\bibinfo";
  constexpr std::array<std::pair<std::string_view, std::string_view>, 12> names = {{
      {"title", "title"},
      {"journal", "journal"},
      {"booktitle", "booktitle"},
      {"year", "year"},
      {"volume", "volume"},
      {"number", "number"},
      {"pages", "pages"},
      {"doi", "doi"},
      {"publisher", "publisher"},
      {"author", "author"},
      {"person", "author"},
      {"eprint", "eprint"},
  }};
  bool any = false;
  std::string authors;
  for (std::size_t at = item.find(command); at != npos; at = item.find(command, at + 1)) {
    std::size_t end = at + command.size();
    const std::string name = without_marks(group_at(item, end, end));
    const std::string value = without_marks(group_at(item, end, end));
    const auto known = std::ranges::find(names, name, &std::pair<std::string_view, std::string_view>::first);
    if (known == names.end() || value.empty()) continue;
    any = true;
    if (known->second == "author") {
      authors += (authors.empty() ? "" : " and ") + value;
    } else if (entry.find(known->second) == nullptr) {
      set_field(entry, known->second, value);
    }
  }
  set_field(entry, "author", authors);
  return any;
}

void set_venue(Entry& entry, std::string_view text) {
  const std::string venue = italics_in(text);
  if (venue.empty()) return;
  const std::size_t in = text.find("In ");
  const bool is_part = in != npos && in < text.find(venue);
  entry.type = is_part ? "inproceedings" : "article";
  set_field(entry, is_part ? "booktitle" : "journal", venue);
}

void read_item(std::string_view item, Entry& entry) {
  entry.type = "misc";
  read_identifiers(item, entry);
  if (read_bibinfo(item, entry)) {
    entry.type = entry.find("booktitle") ? "inproceedings" : entry.find("journal") ? "article" : "misc";
    return;
  }
  const std::vector<std::string_view> blocks = blocks_of(item);
  const std::size_t quote = item.find("``");
  const std::size_t unquote = item.find("''", quote == npos ? 0 : quote);
  if (quote != npos && unquote != npos) {
    set_field(entry, "author", authors_in(item.substr(0, quote)));
    set_field(entry, "title", without_marks(item.substr(quote + 2, unquote - quote - 2)));
    set_venue(entry, item.substr(unquote + 2));
    set_field(entry, "year", year_in(item.substr(unquote + 2)));
  } else if (blocks.size() >= 2) {
    set_field(entry, "author", authors_in(blocks[0]));
    std::string title = without_marks(blocks[1]);
    // A book's title is set in italics.
    if (const std::string book = italics_in(title);
        !book.empty() && title.starts_with(title.front() == '{' ? "{\\" : "\\")) {
      title = book;
      entry.type = "book";
    }
    set_field(entry, "title", title);
    const std::string_view rest =
        item.substr(static_cast<std::size_t>(blocks[1].data() - item.data()) + blocks[1].size());
    if (entry.type != "book") set_venue(entry, rest);
    const std::string year = year_in(rest);
    set_field(entry, "year", year.empty() ? year_in(item) : year);
  }
}

}  // namespace

std::vector<BblItem> read_typeset_bbl(std::string_view text) {
  constexpr std::string_view command = "\\bibitem";
  std::vector<BblItem> items;
  const std::size_t last = std::min(text.find("\\end{thebibliography}"), text.size());
  for (std::size_t at = text.find(command); at < last && items.size() < bbl_items_max;) {
    const std::size_t next = std::min(text.find(command, at + 1), last);
    if (!starts_word(text, at, command)) {
      at = next;
      continue;
    }
    const std::string_view item = text.substr(at, std::min(next - at, bbl_item_bytes_max));
    std::size_t begin = command.size();
    while (begin < item.size() && is_space(item[begin])) ++begin;
    // The label, in which brackets stand in braces.
    if (begin < item.size() && item[begin] == '[') {
      std::size_t depth = 0;
      for (; begin < item.size() && (depth > 0 || item[begin] != ']'); ++begin) {
        if (item[begin] == '{') ++depth;
        if (item[begin] == '}' && depth > 0) --depth;
      }
      begin = std::min(begin + 1, item.size());
    }
    std::size_t end = begin;
    BblItem one;
    const std::string_view key = group_at(item, begin, end);
    one.entry.key = without_marks(key);
    if (!one.entry.key.empty()) {
      one.offset = static_cast<std::uint32_t>(key.data() - text.data());
      read_item(item.substr(end), one.entry);
      items.push_back(std::move(one));
    }
    at = next;
  }
  return items;
}

}  // namespace bibsmith::bibtex
