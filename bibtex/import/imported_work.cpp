#include "bibtex/import/imported_work.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <span>
#include <utility>

#include "bibtex/import/import.hpp"
#include "bibtex/model/citation_key.hpp"
#include "bibtex/model/latex.hpp"
#include "bibtex/model/utf8.hpp"
#include "bibtex/normalize/title.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/byte_class.hpp"
#include "fetchers/record/arxiv_id.hpp"
#include "fetchers/record/doi.hpp"

namespace bibsmith::bibtex {

namespace {

// Control characters gone, white space collapsed, UTF-8 mended, cut at the limit.
std::string clean(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, import_value_bytes_max)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20) {
      if (!out.empty() && out.back() != ' ') out += ' ';
    } else if (byte != 0x7F) {
      out += c;
    }
  }
  if (out.ends_with(' ')) out.pop_back();
  return repair_utf8(out);
}

struct Markup {
  std::string_view open;
  std::string_view close;
  std::string_view latex;
};

// What CSL's "Rich text" section allows in a title, and what RIS files of publishers hold.
constexpr std::array markups = std::to_array<Markup>({
    {"<i>", "</i>", "\\emph{"},
    {"<em>", "</em>", "\\emph{"},
    {"<b>", "</b>", "\\textbf{"},
    {"<sub>", "</sub>", "\\textsubscript{"},
    {"<sup>", "</sup>", "\\textsuperscript{"},
    {"<sc>", "</sc>", "\\textsc{"},
    {"<span class=\"nocase\">", "</span>", "{"},
    {"<span style=\"font-variant:small-caps;\">", "</span>", "\\textsc{"},
    {"<span style=\"font-variant: small-caps;\">", "</span>", "\\textsc{"},
});

constexpr std::size_t markup_depth_max = 8;

// An element that does not end before the one around it stays text: `<` is a sign too.
std::string marked_up(const std::string& plain, TextEncoding encoding) {
  std::string out;
  std::string text;
  std::vector<const Markup*> open;
  const auto flush = [&] { out += to_latex(std::exchange(text, {}), encoding).text; };
  for (std::size_t at = 0; at < plain.size();) {
    const std::string_view rest = std::string_view(plain).substr(at);
    if (rest.front() == '<') {
      if (!open.empty() && rest.starts_with(open.back()->close)) {
        flush();
        out += '}';
        at += open.back()->close.size();
        open.pop_back();
        continue;
      }
      const auto found =
          std::ranges::find_if(markups, [&](const Markup& one) { return rest.starts_with(one.open); });
      if (found != markups.end() && open.size() < markup_depth_max) {
        const std::size_t end = rest.find(found->close);
        const std::size_t outer_end = open.empty() ? rest.npos : rest.find(open.back()->close);
        if (end != rest.npos && (open.empty() || end < outer_end)) {
          flush();
          out += found->latex;
          open.push_back(found);
          at += found->open.size();
          continue;
        }
      }
    }
    text += plain[at++];
  }
  flush();
  return out + std::string(open.size(), '}');
}

// What BibTeX or biber refuses in a key, or LaTeX in \cite.
bool is_key(std::string_view key) {
  constexpr std::string_view refused = "\"#%'(),={}~\\";
  constexpr std::string_view no_break_space = "\xC2\xA0";  // which BibTeX takes for letters
  return !key.empty() && key.find("://") == key.npos && key.find(no_break_space) == key.npos &&
         std::ranges::all_of(key, [&](char c) {
           const auto byte = static_cast<unsigned char>(c);
           return byte > 0x20 && byte != 0x7F && refused.find(c) == refused.npos;
         });
}

// What pandoc (`others`), publishers and people write in place of the names that they leave out.
bool is_others(const Name& name) {
  if (!name.given.empty() || !name.prefix.empty() || !name.suffix.empty()) return false;
  const std::string text = clean(name.literal.empty() ? name.family : name.literal);
  return text == "others" || text == "et al." || text == "et al";
}

std::string date_text(const DatePart& date) {
  char text[32];
  if (date.month == 0) {
    std::snprintf(text, sizeof text, "%04d", date.year);
  } else if (date.day == 0) {
    std::snprintf(text, sizeof text, "%04d-%02u", date.year, unsigned{date.month});
  } else {
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", date.year, unsigned{date.month}, unsigned{date.day});
  }
  return std::string(text) + (date.approximate ? "~" : date.uncertain ? "?" : "");
}

}  // namespace

void ImportedWork::add(std::string_view field, std::string latex) {
  if (!latex.empty() && !has(field)) entry_.set(field, Value::braced(std::move(latex)));
}

void ImportedWork::add_text(std::string_view field, std::string_view plain) {
  add(field, to_latex(clean(plain), encoding_).text);
}

void ImportedWork::add_title(std::string_view field, std::string_view plain) {
  const std::string text = clean(plain);
  if (field == "title" && title_.empty()) title_ = text;
  NormalizeFindings ignored;
  add(field, protect_capitals(marked_up(text, encoding_), ignored));
}

void ImportedWork::add_verbatim(std::string_view field, std::string_view plain) {
  std::string text = clean(plain);
  // Braces that do not balance would end the field, and TeX would read a backslash.
  std::erase_if(text, [](char c) { return c == '{' || c == '}' || c == '\\' || c == ' '; });
  add(field, std::move(text));
}

void ImportedWork::add_doi(std::string_view text) {
  const auto doi = Doi::parse(clean(text));
  add_verbatim("doi", doi ? doi->str() : text);
}

bool ImportedWork::add_arxiv(std::string_view text) {
  const auto id = ArxivId::parse(clean(text));
  if (!id) return false;
  if (has("eprint")) return true;
  add("eprint", id->str());
  add("eprinttype", "arxiv");
  return true;
}

void ImportedWork::add_url(std::string_view url) {
  const std::string text = clean(url);
  constexpr std::array<std::string_view, 3> schemes = {"http://", "https://", "ftp://"};
  if (std::ranges::any_of(schemes, [&](std::string_view scheme) { return text.starts_with(scheme); })) {
    add_verbatim("url", text);
  }
}

void ImportedWork::add_pages(std::string_view plain) {
  std::string out;
  const std::string text = clean(plain);
  constexpr std::string_view en_dash = "\xE2\x80\x93";
  for (std::size_t at = 0; at < text.size();) {
    const bool is_dash = std::string_view(text).substr(at).starts_with(en_dash);
    const bool is_hyphen =
        text[at] == '-' && at > 0 && is_digit(text[at - 1]) && at + 1 < text.size() && is_digit(text[at + 1]);
    if (is_dash || is_hyphen) {
      out += "--";
      at += is_dash ? en_dash.size() : 1;
    } else {
      out += text[at++];
    }
  }
  // to_latex would keep the two hyphens apart.
  std::string latex;
  for (std::string_view rest = out; !rest.empty();) {
    const std::string_view part = rest.substr(0, rest.find("--"));
    latex += to_latex(part, encoding_).text;
    rest.remove_prefix(part.size());
    if (rest.starts_with("--")) {
      latex += "--";
      rest.remove_prefix(2);
    }
  }
  add("pages", std::move(latex));
}

void ImportedWork::add_names(std::string_view field, const std::vector<Name>& names) {
  std::vector<Name> out;
  const bool others = !names.empty() && is_others(names.back());
  for (const Name& name : std::span(names).first(names.size() - (others ? 1 : 0))) {
    const auto latex = [&](const std::string& part) { return to_latex(clean(part), encoding_).text; };
    Name one{latex(name.given), latex(name.prefix), latex(name.family), latex(name.suffix),
             latex(name.literal)};
    if (one.family.empty() && one.literal.empty()) std::swap(one.family, one.given);
    if (one.family.empty() && one.literal.empty()) continue;
    if (out.empty() && (field == "author" || first_author_.empty())) {
      author_is_literal_ = one.is_literal();
      first_author_ = one.is_literal()     ? one.literal
                      : one.prefix.empty() ? one.family
                                           : one.prefix + ' ' + one.family;
    }
    out.push_back(std::move(one));
  }
  if (!out.empty()) add(field, format_names(out, others));
}

void ImportedWork::add_date(std::string_view field, const DateValue& date) {
  std::string text = date.begin ? date_text(*date.begin) : "";
  if (date.is_range) text += '/' + (date.end ? date_text(*date.end) : "");
  if (field == "date" && date.begin) year_ = date.begin->year;
  // Only what reads back as a date is one.
  if (parse_date(text)) add(field, std::move(text));
}

Entry ImportedWork::finish() {
  if (entry_.type.empty()) entry_.type = "misc";
  entry_.key = clean(entry_.key);
  if (!is_key(entry_.key)) entry_.key = citation_key({first_author_, author_is_literal_, year_, title_});
  return std::move(entry_);
}

Name plain_name(std::string_view text) {
  Name name;
  const std::size_t comma = text.find(',');
  if (comma != text.npos) {
    name.family = text.substr(0, comma);
    const std::string_view rest = text.substr(comma + 1);
    const std::size_t second = rest.find(',');
    name.given = rest.substr(0, second);
    if (second != rest.npos) name.suffix = rest.substr(second + 1);
    return name;
  }
  const std::size_t space = text.rfind(' ');
  name.family = text.substr(space == text.npos ? 0 : space + 1);
  if (space != text.npos) name.given = text.substr(0, space);
  return name;
}

}  // namespace bibsmith::bibtex
