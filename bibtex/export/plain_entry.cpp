#include "bibtex/export/plain_entry.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "bibtex/model/inheritance.hpp"
#include "bibtex/model/latex.hpp"
#include "bibtex/model/macros.hpp"
#include "bibtex/model/name.hpp"
#include "bibtex/model/utf8.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/byte_class.hpp"
#include "fetchers/record/doi.hpp"

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

// What \url{...} and \_ stand for.
std::string without_escapes(std::string text) {
  for (const char c : {'_', '%', '&', '#', '~', '$'}) {
    const std::string escaped = {'\\', c};
    replace_all(text, escaped, std::string_view(&escaped[1], 1));
  }
  replace_all(text, "{", "");
  replace_all(text, "}", "");
  return collapse_white_space(repair_utf8(text));
}

struct JournalMacro {
  std::string_view name;
  std::string_view journal;
};

// The macros of the AAS styles, which ADS writes into the journal field ("Journal macros" in its help).
constexpr std::array journal_macros = std::to_array<JournalMacro>({
    {"aap", "Astronomy and Astrophysics"},
    {"aapr", "Astronomy and Astrophysics Review"},
    {"aaps", "Astronomy and Astrophysics Supplement Series"},
    {"actaa", "Acta Astronomica"},
    {"aj", "The Astronomical Journal"},
    {"ao", "Applied Optics"},
    {"apj", "The Astrophysical Journal"},
    {"apjl", "The Astrophysical Journal Letters"},
    {"apjs", "The Astrophysical Journal Supplement Series"},
    {"apss", "Astrophysics and Space Science"},
    {"araa", "Annual Review of Astronomy and Astrophysics"},
    {"baas", "Bulletin of the American Astronomical Society"},
    {"caa", "Chinese Astronomy and Astrophysics"},
    {"cjaa", "Chinese Journal of Astronomy and Astrophysics"},
    {"gca", "Geochimica et Cosmochimica Acta"},
    {"grl", "Geophysical Research Letters"},
    {"icarus", "Icarus"},
    {"jcap", "Journal of Cosmology and Astroparticle Physics"},
    {"jcp", "The Journal of Chemical Physics"},
    {"jgr", "Journal of Geophysical Research"},
    {"jqsrt", "Journal of Quantitative Spectroscopy and Radiative Transfer"},
    {"jrasc", "Journal of the Royal Astronomical Society of Canada"},
    {"memras", "Memoirs of the Royal Astronomical Society"},
    {"memsai", "Memorie della Società Astronomica Italiana"},
    {"mnras", "Monthly Notices of the Royal Astronomical Society"},
    {"na", "New Astronomy"},
    {"nar", "New Astronomy Reviews"},
    {"nat", "Nature"},
    {"nphysa", "Nuclear Physics A"},
    {"pasa", "Publications of the Astronomical Society of Australia"},
    {"pasj", "Publications of the Astronomical Society of Japan"},
    {"pasp", "Publications of the Astronomical Society of the Pacific"},
    {"physrep", "Physics Reports"},
    {"physscr", "Physica Scripta"},
    {"planss", "Planetary and Space Science"},
    {"pra", "Physical Review A"},
    {"prb", "Physical Review B"},
    {"prc", "Physical Review C"},
    {"prd", "Physical Review D"},
    {"pre", "Physical Review E"},
    {"prl", "Physical Review Letters"},
    {"procspie", "Proceedings of SPIE"},
    {"qjras", "Quarterly Journal of the Royal Astronomical Society"},
    {"rmxaa", "Revista Mexicana de Astronomía y Astrofísica"},
    {"skytel", "Sky and Telescope"},
    {"solphys", "Solar Physics"},
    {"sovast", "Soviet Astronomy"},
    {"ssr", "Space Science Reviews"},
    {"zap", "Zeitschrift für Astrophysik"},
});

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
  return without_escapes(std::move(text));
}

std::string plain_doi(const Entry& entry) {
  std::string text = verbatim_text(entry, "doi");
  const auto doi = Doi::parse(text);
  return doi ? doi->str() : text;
}

std::string howpublished_address(const Entry& entry) {
  const std::string text = field_text(entry, "howpublished");
  for (const std::string_view command : {"\\url{", "\\href{"}) {
    const std::size_t at = text.find(command);
    if (at == std::string::npos) continue;
    const std::size_t start = at + command.size();
    return without_escapes(text.substr(start, text.find('}', start) - start));
  }
  for (const std::string_view scheme : {"https://", "http://", "ftp://"}) {
    const std::size_t start = text.find(scheme);
    if (start == std::string::npos) continue;
    std::string address = without_escapes(text.substr(start, text.find_first_of(" \t\r\n>", start) - start));
    // The sentence around it goes on.
    while (address.ends_with('.') || address.ends_with(',') || address.ends_with(';')) address.pop_back();
    if (address.ends_with(')') && address.find('(') == std::string::npos) address.pop_back();
    return address;
  }
  return {};
}

std::string plain_url(const Entry& entry) {
  std::string url = verbatim_text(entry, "url");
  return url.empty() ? howpublished_address(entry) : url;
}

std::string plain_publisher(const Entry& entry) {
  for (const char* name : {"publisher", "institution", "school", "organization"}) {
    std::string text = plain_text(entry, name);
    if (!text.empty()) return text;
  }
  return howpublished_address(entry).empty() ? plain_text(entry, "howpublished") : "";
}

std::string plain_journal(const Entry& entry) {
  std::string name = field_text(entry, "journaltitle", "journal");
  std::erase_if(name, [](char c) { return c == '{' || c == '}' || is_white_space(c); });
  const bool is_macro = name.starts_with('\\') && name.size() > 1 &&
                        std::all_of(name.begin() + 1, name.end(), [](char c) { return is_ascii_letter(c); });
  if (!is_macro) return plain_text(entry, "journaltitle", "journal");
  name.erase(0, 1);
  const auto found = std::ranges::find(journal_macros, name, &JournalMacro::name);
  return found == journal_macros.end() ? name : std::string(found->journal);
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
    const Name name = read_name(text);
    PlainName out{plain(name.given), plain(name.prefix), plain(name.family), plain(name.suffix), {}};
    if (out.family.empty()) {
      out.family = out.prefix.empty() ? out.given : out.prefix;
      (out.prefix.empty() ? out.given : out.prefix).clear();
    }
    if (!out.family.empty()) names.push_back(std::move(out));
  }
  return names;
}

std::vector<PlainName> plain_names_and_others(const Entry& entry, std::string_view field) {
  std::vector<PlainName> names = plain_names(entry, field);
  const std::string list = field_text(entry, field);
  const auto texts = split_names(list);
  if (!names.empty() && equal_ignoring_case(texts.back(), "others")) {
    names.push_back(PlainName{{}, {}, {}, {}, "others"});
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
