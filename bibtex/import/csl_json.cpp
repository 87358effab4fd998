#include <algorithm>
#include <array>
#include <charconv>

#include <nlohmann/json.hpp>

#include "bibtex/import/formats.hpp"
#include "bibtex/import/imported_work.hpp"

namespace bibsmith::bibtex {

namespace {

using json = nlohmann::json;

struct TypePair {
  std::string_view csl;
  std::string_view biblatex;
};

// CSL 1.0.2, appendix III, to the types of the biblatex manual, section 2.1.1; export's table backwards.
constexpr std::array types = std::to_array<TypePair>({
    {"article", "online"},
    {"article-journal", "article"},
    {"article-magazine", "article"},
    {"article-newspaper", "article"},
    {"bill", "legislation"},
    {"book", "book"},
    {"chapter", "incollection"},
    {"classic", "book"},
    {"collection", "collection"},
    {"dataset", "dataset"},
    {"entry", "inreference"},
    {"entry-dictionary", "inreference"},
    {"entry-encyclopedia", "inreference"},
    {"graphic", "artwork"},
    {"legal_case", "jurisdiction"},
    {"legislation", "legislation"},
    {"manuscript", "unpublished"},
    {"motion_picture", "movie"},
    {"pamphlet", "booklet"},
    {"paper-conference", "inproceedings"},
    {"patent", "patent"},
    {"performance", "performance"},
    {"periodical", "periodical"},
    {"personal_communication", "letter"},
    {"post", "online"},
    {"post-weblog", "online"},
    {"report", "report"},
    {"review", "article"},
    {"review-book", "article"},
    {"software", "software"},
    {"song", "music"},
    {"speech", "unpublished"},
    {"standard", "standard"},
    {"thesis", "thesis"},
    {"webpage", "online"},
});

std::string_view type_of(std::string_view csl) {
  const auto found = std::ranges::find(types, csl, &TypePair::csl);
  return found == types.end() ? "misc" : found->biblatex;
}

// A text, or a number written out; anything else is nothing.
std::string text_of(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number()) return value.dump();
  return {};
}

std::string text_of(const json& item, const char* name) {
  const auto found = item.find(name);
  return found == item.end() ? std::string() : text_of(*found);
}

std::vector<Name> names_of(const json& item, const char* name) {
  std::vector<Name> names;
  const auto list = item.find(name);
  if (list == item.end() || !list->is_array()) return names;
  for (const json& one : *list) {
    if (!one.is_object()) continue;
    Name out{text_of(one, "given"), text_of(one, "non-dropping-particle"), text_of(one, "family"),
             text_of(one, "suffix"), text_of(one, "literal")};
    const std::string dropping = text_of(one, "dropping-particle");
    if (out.prefix.empty()) out.prefix = dropping;
    if (!out.family.empty()) out.literal.clear();
    names.push_back(std::move(out));
  }
  return names;
}

int number_of(const json& value) {
  const std::string text = text_of(value);
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() ? number : 0;
}

// [2020, "3", 1]; nullopt: no year.
std::optional<DatePart> part_of(const json& list) {
  if (!list.is_array() || list.empty() || number_of(list[0]) == 0) return std::nullopt;
  DatePart part;
  part.year = number_of(list[0]);
  const int month = list.size() > 1 ? number_of(list[1]) : 0;
  const int day = list.size() > 2 ? number_of(list[2]) : 0;
  if (month >= 1 && month <= 12) {
    part.month = static_cast<std::uint8_t>(month);
    if (day >= 1 && day <= 31) part.day = static_cast<std::uint8_t>(day);
  }
  return part;
}

void add_date(ImportedWork& work, const json& item, const char* name, std::string_view field) {
  const auto date = item.find(name);
  if (date == item.end() || !date->is_object()) return;
  DateValue value;
  if (const auto parts = date->find("date-parts"); parts != date->end() && parts->is_array()) {
    if (!parts->empty()) value.begin = part_of((*parts)[0]);
    if (value.begin && parts->size() > 1) {
      value.is_range = true;
      value.end = part_of((*parts)[1]);
    }
  }
  if (value.begin) {
    const auto season = date->find("season");
    const int number = season == date->end() ? 0 : number_of(*season);
    if (value.begin->month == 0 && number >= 1 && number <= 4) {
      value.begin->month = static_cast<std::uint8_t>(20 + number);
    }
    const auto circa = date->find("circa");
    value.begin->approximate = circa != date->end() && *circa != json(false) && !circa->is_null();
    work.add_date(field, value);
    return;
  }
  for (const char* other : {"raw", "literal"}) {
    const std::string text = text_of(*date, other);
    if (const auto parsed = parse_date(text)) {
      work.add_date(field, *parsed);
    } else if (field == "date") {
      work.add_text("year", text);
    }
  }
}

void add_container(ImportedWork& work, const json& item) {
  const std::string container = text_of(item, "container-title");
  const bool is_in_periodical = work.type() == "article" || work.type() == "online";
  if (is_in_periodical) {
    work.add_text("journaltitle", container);
    work.add_text("shortjournal", text_of(item, "container-title-short"));
    work.add_text("shortjournal", text_of(item, "journalAbbreviation"));
  } else if (work.type() == "book") {
    work.add_title("maintitle", container);
  } else {
    work.add_title("booktitle", container);
  }
  work.add_text("volume", text_of(item, "volume"));
  work.add_text("number", text_of(item, "issue"));
  work.add_text("number", text_of(item, "collection-number"));
}

// "arXiv:1706.03762" in `number`, as Zotero, pandoc and our own export have it; or the page's address.
void add_eprint(ImportedWork& work, const json& item) {
  const std::string number = text_of(item, "number");
  const std::string url = text_of(item, "URL");
  const bool is_arxiv_number = number.starts_with("arXiv:") && work.add_arxiv(number);
  if (url.find("arxiv.org/") != url.npos) work.add_arxiv(url);
  if (!is_arxiv_number) work.add_text(work.type() == "article" ? "eid" : "number", number);
  work.add_url(url);
}

void add_publisher(ImportedWork& work, const json& item) {
  const std::string publisher = text_of(item, "publisher");
  const bool is_of_institution = work.type() == "thesis" || work.type() == "report";
  if (!work.has("eprint") || publisher != "arXiv") {
    work.add_text(is_of_institution ? "institution" : "publisher", publisher);
  }
  work.add_text("location", text_of(item, "publisher-place"));
  work.add_text("eventtitle", text_of(item, "event-title"));
  work.add_text("eventtitle", text_of(item, "event"));
  work.add_text("venue", text_of(item, "event-place"));
}

// biblatex's own words for the kinds of theses and reports, so that a style can translate them.
void add_genre(ImportedWork& work, const std::string& genre) {
  if (work.type() == "thesis" && genre.starts_with("Ph")) return work.add_text("type", "phdthesis");
  if (work.type() == "thesis" && genre.starts_with("Master")) return work.add_text("type", "mathesis");
  if (work.type() == "report" && genre == "Technical report") return work.add_text("type", "techreport");
  work.add_text("type", genre);
  if (work.type() == "thesis") work.add_text("type", "phdthesis");
  if (work.type() == "report") work.add_text("type", "techreport");
}

Entry entry_of(const json& item, TextEncoding encoding) {
  ImportedWork work(encoding);
  work.set_type(type_of(text_of(item, "type")));
  const std::string citation_key = text_of(item, "citation-key");
  work.set_key(citation_key.empty() ? text_of(item, "id") : citation_key);
  work.add_names("author", names_of(item, "author"));
  work.add_names("editor", names_of(item, "editor"));
  work.add_names("translator", names_of(item, "translator"));
  work.add_names("bookauthor", names_of(item, "container-author"));
  work.add_title("title", text_of(item, "title"));
  work.add_title("shorttitle", text_of(item, "title-short"));
  add_container(work, item);
  work.add_text("series", text_of(item, "collection-title"));
  add_date(work, item, "issued", "date");
  work.add_pages(text_of(item, "page"));
  work.add_text("edition", text_of(item, "edition"));
  work.add_text("chapter", text_of(item, "chapter-number"));
  work.add_text("pagetotal", text_of(item, "number-of-pages"));
  work.add_text("volumes", text_of(item, "number-of-volumes"));
  work.add_text("version", text_of(item, "version"));
  work.add_doi(text_of(item, "DOI"));
  add_eprint(work, item);
  add_publisher(work, item);
  add_genre(work, text_of(item, "genre"));
  add_date(work, item, "accessed", "urldate");
  work.add_verbatim("isbn", text_of(item, "ISBN"));
  work.add_verbatim("issn", text_of(item, "ISSN"));
  work.add_text("langid", text_of(item, "language"));
  work.add_text("abstract", text_of(item, "abstract"));
  work.add_text("note", text_of(item, "note"));
  work.add_text("keywords", text_of(item, "keyword"));
  return work.finish();
}

}  // namespace

tl::expected<std::vector<Entry>, ImportError> from_csl_json(std::string_view text, TextEncoding encoding) {
  bool is_too_deep = false;
  const auto within_depth = [&](int depth, json::parse_event_t, json&) {
    is_too_deep = is_too_deep || depth > static_cast<int>(import_depth_max);
    return !is_too_deep;
  };
  const json document = json::parse(text, within_depth, false);
  if (is_too_deep) return tl::unexpected(ImportError{"nests deeper than 64 levels"});
  if (document.is_discarded()) return tl::unexpected(ImportError{"no JSON"});
  const json items = document.is_object() && document.contains("items") ? document["items"]
                     : document.is_object()                             ? json::array({document})
                                                                        : document;
  std::vector<Entry> entries;
  bool are_items = items.is_array();
  for (const json& item : items) {
    are_items = are_items && item.is_object() && (item.contains("type") || item.contains("title"));
    if (!are_items) break;
    entries.push_back(entry_of(item, encoding));
  }
  if (!are_items) return tl::unexpected(ImportError{"no list of CSL items"});
  return entries;
}

}  // namespace bibsmith::bibtex
