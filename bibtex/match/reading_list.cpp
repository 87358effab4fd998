#include "bibtex/match/reading_list.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "bibtex/compare/matcher.hpp"
#include "bibtex/compare/work_comparison.hpp"
#include "bibtex/match/item_line.hpp"
#include "bibtex/match/list_text.hpp"
#include "bibtex/match/title_key.hpp"
#include "bibtex/model/macros.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/document.hpp"

namespace bibsmith::bibtex {

namespace {

using Lines = std::vector<TextLine>;

constexpr std::string_view ellipsis = "…";

bool ends_in_ellipsis(std::string_view text) { return text.ends_with("...") || text.ends_with(ellipsis); }

// An abstract that the page has cut.
bool is_cut_abstract(std::string_view text) {
  constexpr std::size_t bytes_min = 100;
  return text.size() >= bytes_min && ends_in_ellipsis(text);
}

// One that it has not: sentences, longer than titles are.
bool is_whole_abstract(std::string_view text) {
  constexpr std::size_t long_bytes = 300;
  constexpr std::size_t bytes_min = 80;
  if (text.size() >= long_bytes) return true;
  return text.size() >= bytes_min && text.ends_with('.');
}

// The words that author pages, search results and web sites have between papers.
bool is_known_heading(const std::string& key) {
  constexpr std::array<std::string_view, 32> headings = {"academic profile",
                                                         "statistics",
                                                         "similar authors",
                                                         "papers on arxiv",
                                                         "papers",
                                                         "publications",
                                                         "selected publications",
                                                         "abstract",
                                                         "abstracts",
                                                         "references",
                                                         "bibliography",
                                                         "reading list",
                                                         "preprints",
                                                         "journal articles",
                                                         "conference papers",
                                                         "recent papers",
                                                         "all papers",
                                                         "selected papers",
                                                         "co authors",
                                                         "coauthors",
                                                         "profile",
                                                         "home",
                                                         "about",
                                                         "contact",
                                                         "search",
                                                         "menu",
                                                         "show more",
                                                         "load more",
                                                         "next",
                                                         "previous",
                                                         "login",
                                                         "sign in"};
  return std::ranges::find(headings, key) != headings.end();
}

// "117 papers on arXiv", "2024", "12 publications", "Page 3 of 9", "Citations: 1234".
bool is_counting(std::string_view key) {
  const auto words = key_words(key);
  constexpr std::array<std::string_view, 11> counted = {"paper",   "papers",    "publication", "publications",
                                                        "results", "citations", "articles",    "preprints",
                                                        "of",      "h",         "page"};
  const auto is_number = [](std::string_view word) {
    return std::ranges::all_of(word, [](char c) { return digit_bytes.contains(c); });
  };
  if (words.size() == 1) return is_number(words[0]);
  if (words.size() > 5) return false;
  const bool has_number = std::ranges::any_of(words, is_number);
  return has_number && std::ranges::any_of(words, [&](std::string_view word) {
           return std::ranges::find(counted, word) != counted.end();
         });
}

bool is_heading(std::string_view line) {
  if (line.starts_with('#')) return true;  // of Markdown, and what read_ids() skips
  if (std::ranges::all_of(line, [](char c) { return c == '-' || c == '=' || c == '_' || c == '*'; }))
    return true;
  const std::string key = title_key(line);
  return key.empty() || is_known_heading(key) || is_counting(key);
}

// Two to five words that begin with capitals, and no marks but those of initials and hyphens.
bool looks_like_name(std::string_view line) {
  constexpr std::size_t name_bytes_max = 60;
  if (line.size() > name_bytes_max || line.find_first_of(":;,?!()\"0123456789/") != line.npos) return false;
  std::size_t words = 0;
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t end = std::min(line.find(' ', at), line.size());
    const char c = line[at];
    const bool is_particle = end - at <= 3 && c >= 'a' && c <= 'z';
    if (c >= 'a' && c <= 'z' && !is_particle) return false;
    ++words;
    at = end + 1;
  }
  return words >= 2 && words <= 5;
}

void add_item(ReadingList& list, ReadingItem item) {
  if (list.items.size() == reading_list_items_max) {
    ++list.items_left_out;
    return;
  }
  list.items.push_back(std::move(item));
}

void add_title(ReadingList& list, const TextLine& line) {
  ReadingItem item = read_title_line(line.text);
  item.line = line.number;
  if (item.title.empty() && !item.arxiv_id && !item.doi) {
    list.headings.push_back({line.text, line.number});
    return;
  }
  add_item(list, std::move(item));
}

// The author whose page begins with a name and then counts papers.
void read_author(ReadingList& list, const Lines& lines) {
  constexpr std::size_t lines_looked_at = 12;
  for (std::size_t i = 0; i + 1 < lines.size() && i < lines_looked_at; ++i) {
    if (!looks_like_name(lines[i].text)) continue;
    const std::string next = title_key(lines[i + 1].text);
    if (is_counting(next) && next.find("paper") != next.npos) {
      list.author = lines[i].text;
      return;
    }
  }
}

std::string teaser_of(std::string_view text) {
  while (ends_in_ellipsis(text)) text.remove_suffix(3);  // both forms have three bytes
  return std::string(text);
}

// Titles with abstracts below them. What stands before the first of them is the head of the page.
void read_page(ReadingList& list, const Lines& lines) {
  list.form = ReadingList::Form::author_page;
  read_author(list, lines);
  const auto is_teaser = [&](std::size_t i) {
    if (i == 0 || i >= lines.size()) return false;
    return is_cut_abstract(lines[i].text) || is_whole_abstract(lines[i].text);
  };
  std::size_t first = 0;
  while (first < lines.size() && !is_cut_abstract(lines[first].text)) ++first;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool is_cut_next = i + 1 < lines.size() && is_cut_abstract(lines[i + 1].text);
    const bool has_teaser = is_cut_next ? !is_cut_abstract(lines[i].text) : is_teaser(i + 1) && !is_teaser(i);
    if (has_teaser && i + 1 >= first) {
      add_title(list, lines[i]);
      if (!list.items.empty() && list.items.back().line == lines[i].number) {
        list.items.back().teaser = teaser_of(lines[i + 1].text);
      }
      ++i;
    } else if (i + 1 < first || is_heading(lines[i].text) || is_teaser(i)) {
      list.headings.push_back({lines[i].text, lines[i].number});
    } else {
      add_title(list, lines[i]);
    }
  }
}

void read_titles(ReadingList& list, const Lines& lines) {
  list.form = ReadingList::Form::titles;
  read_author(list, lines);
  for (const TextLine& line : lines) {
    if (is_heading(line.text) || line.text == list.author) {
      list.headings.push_back({line.text, line.number});
    } else {
      add_title(list, line);
    }
  }
}

// References may go on over several lines; what stands before the first number is a heading.
void read_references(ReadingList& list, const Lines& lines) {
  list.form = ReadingList::Form::references;
  std::string text;
  std::size_t number = 0;
  const auto take = [&] {
    if (text.empty()) return;
    ReadingItem item = read_reference(std::exchange(text, {}));
    item.line = number;
    add_item(list, std::move(item));
  };
  for (const TextLine& line : lines) {
    const std::size_t mark = reference_number(line.text);
    if (mark == 0 && number == 0) {
      list.headings.push_back({line.text, line.number});
      continue;
    }
    if (mark > 0) {
      take();
      number = line.number;
      text = line.text.substr(mark);
      continue;
    }
    // A word that was cut at the end of a line; hyphens do not count in titles.
    const bool is_cut =
        text.ends_with('-') && !line.text.empty() && line.text[0] >= 'a' && line.text[0] <= 'z';
    if (is_cut) text.pop_back();
    text += is_cut ? line.text : ' ' + line.text;
  }
  take();
}

void read_bibtex(ReadingList& list, const Document& document) {
  list.form = ReadingList::Form::bibtex;
  const Macros macros(document);
  std::size_t line = 1;
  auto counted = document.text().begin();
  for (const Block& entry : document.entries()) {
    const auto begin = document.text().begin() + entry.span.begin;
    line += static_cast<std::size_t>(std::count(std::exchange(counted, begin), begin, '\n'));
    WorkSaid said = work_said(document, macros, entry);
    const EntryIdentity identity = identify(document, macros, entry);
    ReadingItem item;
    item.title = std::move(said.title);
    item.authors = std::move(said.families);
    item.year = said.year;
    if (!identity.other) item.arxiv_id = identity.arxiv_id;
    item.doi = identity.doi;
    item.key = document.text(entry.key);
    item.line = line;
    if (const auto abstract = document.find_field(entry, "abstract")) {
      item.teaser = macros.value_text(document, *abstract);
    }
    add_item(list, std::move(item));
  }
}

bool is_bibtex(std::string_view text) {
  for (std::size_t at = text.find('@'); at != text.npos; at = text.find('@', at + 1)) {
    if (at > 0 && text[at - 1] != '\n' && text[at - 1] != ' ') continue;
    std::size_t end = at + 1;
    while (end < text.size() && ((lower(text[end]) >= 'a' && lower(text[end]) <= 'z') || text[end] == ' '))
      ++end;
    if (end > at + 1 && end < text.size() && (text[end] == '{' || text[end] == '(')) return true;
  }
  return false;
}

// Most lines that begin a paragraph have numbers, and some of them more than a title.
bool are_references(const Lines& lines) {
  std::size_t numbered = 0;
  std::size_t in_brackets = 0;
  std::size_t with_names = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::size_t mark = reference_number(lines[i].text);
    if (mark == 0) continue;
    ++numbered;
    if (lines[i].text.front() == '[') ++in_brackets;
    std::string text = lines[i].text.substr(mark);
    for (std::size_t j = i + 1; j < lines.size() && j < i + 4 && reference_number(lines[j].text) == 0; ++j) {
      text += ' ' + lines[j].text;
    }
    const ReadingItem item = read_reference(text);
    const bool is_more_than_title = item.title.size() < text.size() / 2 + 40;
    if (!item.authors.empty() && is_more_than_title && (item.year != 0 || item.arxiv_id)) ++with_names;
  }
  if (numbered == 0 || reference_number(lines.front().text) == 0) {
    return numbered >= 2 && with_names * 2 >= numbered;
  }
  return with_names * 2 >= numbered || (in_brackets == numbered && with_names > 0);
}

}  // namespace

std::string_view name_of(ReadingList::Form form) {
  switch (form) {
    case ReadingList::Form::titles:
      return "titles";
    case ReadingList::Form::author_page:
      return "author_page";
    case ReadingList::Form::bibtex:
      return "bibtex";
    case ReadingList::Form::references:
      return "references";
  }
  return {};
}

ReadingList read_reading_list(std::string_view text) {
  ReadingList list;
  text = text.substr(0, reading_list_bytes_max);
  std::string page;
  if (is_html(text)) {
    list.is_html = true;
    page = text_of_html(text);
    text = page;
  } else if (is_bibtex(text)) {
    const Document document = Document::parse(std::string(text));
    if (document.entry_count() > 0) {
      read_bibtex(list, document);
      return list;
    }
  }
  const Lines lines = lines_of(text);
  const auto cut =
      std::ranges::count_if(lines, [](const TextLine& line) { return is_cut_abstract(line.text); });
  if (cut > 0) {
    read_page(list, lines);
  } else if (!lines.empty() && are_references(lines)) {
    read_references(list, lines);
  } else {
    read_titles(list, lines);
  }
  return list;
}

}  // namespace bibsmith::bibtex
