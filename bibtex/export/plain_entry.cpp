#include "bibtex/export/plain_entry.hpp"

#include <algorithm>
#include <cstdio>

#include "bibtex/model/inheritance.hpp"
#include "bibtex/model/latex.hpp"
#include "bibtex/model/macros.hpp"
#include "bibtex/model/name.hpp"
#include "bibtex/model/utf8.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/byte_class.hpp"

namespace bibsmith::bibtex {

namespace {

// No-break and thin spaces are for the printed line; a data format wants words.
std::string plain(std::string_view latex) {
  std::string text = to_unicode(latex, MathReading::convert);
  constexpr std::string_view no_break_space = "\xC2\xA0";
  for (std::size_t at = text.find(no_break_space); at != std::string::npos;
       at = text.find(no_break_space, at)) {
    text.replace(at, no_break_space.size(), " ");
  }
  return collapse_white_space(repair_utf8(text));
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

}  // namespace

std::string plain_text(const Entry& entry, std::string_view name, std::string_view other) {
  const std::string text = other.empty() ? field_text(entry, name) : field_text(entry, name, other);
  return plain(text);
}

std::string verbatim_text(const Entry& entry, std::string_view name) {
  std::string text = field_text(entry, name);
  if (const std::size_t url = text.find("\\url{"); url != std::string::npos) {
    const std::size_t end = text.find('}', url);
    text = text.substr(url + 5, end == std::string::npos ? end : end - url - 5);
  }
  for (const char c : {'_', '%', '&', '#', '~', '$'}) {
    const std::string escaped = {'\\', c};
    replace_all(text, escaped, std::string_view(&escaped[1], 1));
  }
  replace_all(text, "{", "");
  replace_all(text, "}", "");
  return collapse_white_space(repair_utf8(text));
}

std::string plain_title(const Entry& entry, std::string_view prefix) {
  const std::string start(prefix);
  std::string title = plain_text(entry, start + "title");
  const std::string subtitle = plain_text(entry, start + "subtitle");
  if (title.empty() || subtitle.empty()) return title + subtitle;
  const bool has_mark = title.back() == ':' || title.back() == '?' || title.back() == '!';
  return title + (has_mark ? " " : ": ") + subtitle;
}

std::vector<PlainName> plain_names(const Entry& entry, std::string_view field) {
  std::vector<PlainName> names;
  const std::string list = field_text(entry, field);
  for (const std::string_view text : split_names(list)) {
    if (equal_ignoring_case(text, "others")) continue;
    if (text.front() == '{' &&
        group_end(text, 0) == text.size()) {  // an organisation, or what is to stay whole
      names.push_back(PlainName{{}, {}, {}, {}, plain(text)});
      continue;
    }
    const Name name = parse_name(text);
    PlainName out{plain(name.given), plain(name.prefix), plain(name.family), plain(name.suffix), {}};
    if (out.family.empty()) {
      out.family = out.prefix.empty() ? out.given : out.prefix;
      (out.prefix.empty() ? out.given : out.prefix).clear();
    }
    if (!out.family.empty()) names.push_back(std::move(out));
  }
  return names;
}

std::string plain_pages(const Entry& entry) {
  std::string pages = plain_text(entry, "pages");
  std::string out;
  for (std::size_t at = 0; at < pages.size(); ++at) {
    const bool is_range = pages[at] == '-' && at > 0 && is_digit(pages[at - 1]) && at + 1 < pages.size() &&
                          is_digit(pages[at + 1]);
    if (is_range) {
      out += "\xE2\x80\x93";
    } else {
      out += pages[at];
    }
  }
  return out;
}

std::string arxiv_eprint(const Entry& entry) {
  const std::string type = field_text(entry, "eprinttype", "archiveprefix");
  if (!equal_ignoring_case(type, "arxiv")) return {};
  return verbatim_text(entry, "eprint");
}

std::vector<std::string> plain_keywords(const Entry& entry) {
  std::vector<std::string> keywords(1);
  for (const char c : plain_text(entry, "keywords", "keyword")) {
    if (c == ',' || c == ';') {
      keywords.emplace_back();
    } else if (c != ' ' || !keywords.back().empty()) {
      keywords.back() += c;
    }
  }
  std::erase_if(keywords, [](const std::string& word) { return word.empty(); });
  return keywords;
}

std::string iso_date(const DatePart& date) {
  char text[24];
  if (date.month == 0 || date.month > 12) {
    std::snprintf(text, sizeof text, "%04d", date.year);
  } else if (date.day == 0) {
    std::snprintf(text, sizeof text, "%04d-%02u", date.year, unsigned{date.month});
  } else {
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", date.year, unsigned{date.month}, unsigned{date.day});
  }
  return text;
}

}  // namespace bibsmith::bibtex
