#include "bibtex/check/data_model.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

using R = Requirement;

// BibTeX.
constexpr std::array article = {R{"author"}, R{"title"}, R{"journal"}, R{"year"}};
constexpr std::array book = {R{"author|editor"}, R{"title"}, R{"publisher"}, R{"year"}};
constexpr std::array inbook = {R{"author|editor"}, R{"title"}, R{"chapter|pages"}, R{"publisher"}, R{"year"}};
constexpr std::array incollection = {R{"author"}, R{"title"}, R{"booktitle"}, R{"publisher"}, R{"year"}};
constexpr std::array inproceedings = {R{"author"}, R{"title"}, R{"booktitle"}, R{"year"}};
constexpr std::array thesis = {R{"author"}, R{"title"}, R{"school"}, R{"year"}};
constexpr std::array techreport = {R{"author"}, R{"title"}, R{"institution"}, R{"year"}};
constexpr std::array proceedings = {R{"title"}, R{"year"}};
constexpr std::array unpublished = {R{"author"}, R{"title"}, R{"note"}};
constexpr std::array only_title = {R{"title"}};

constexpr std::array bibtex_types = std::to_array<EntryType>({
    {"article", article},
    {"book", book},
    {"booklet", only_title},
    {"conference", inproceedings},
    {"inbook", inbook},
    {"incollection", incollection},
    {"inproceedings", inproceedings},
    {"manual", only_title},
    {"mastersthesis", thesis},
    {"misc", {}},
    {"phdthesis", thesis},
    {"proceedings", proceedings},
    {"techreport", techreport},
    {"unpublished", unpublished},
});

// biblatex: `year` and the other names of BibTeX are aliases that count
constexpr std::array blx_article = {R{"author"}, R{"journaltitle|journal"}, R{"title"}, R{"date|year"}};
constexpr std::array blx_book = {R{"author"}, R{"title"}, R{"date|year"}};
constexpr std::array blx_inbook = {R{"author"}, R{"title"}, R{"booktitle"}, R{"date|year"}};
constexpr std::array blx_booklet = {R{"author|editor"}, R{"title"}, R{"date|year"}};
constexpr std::array blx_collection = {R{"editor"}, R{"title"}, R{"date|year"}};
constexpr std::array blx_incollection = {R{"author"}, R{"editor", true}, R{"title"}, R{"booktitle"},
                                         R{"date|year"}};
constexpr std::array blx_titled = {R{"title"}, R{"date|year", true}};
constexpr std::array blx_online = {R{"title"}, R{"url|doi|eprint"}, R{"date|year|urldate", true}};
constexpr std::array blx_patent = {R{"author"}, R{"title"}, R{"number"}, R{"date|year"}};
constexpr std::array blx_proceedings = {R{"title"}, R{"date|year"}};
constexpr std::array blx_report = {R{"author"}, R{"title"}, R{"type"}, R{"institution"}, R{"date|year"}};
constexpr std::array blx_thesis = {R{"author"}, R{"title"}, R{"type"}, R{"institution|school"},
                                   R{"date|year"}};
constexpr std::array blx_old_report = {R{"author"}, R{"title"}, R{"institution"}, R{"date|year"}};
constexpr std::array blx_old_thesis = {R{"author"}, R{"title"}, R{"institution|school"}, R{"date|year"}};
constexpr std::array blx_unpublished = {R{"author"}, R{"title"}, R{"date|year", true}};
constexpr std::array blx_set = {R{"entryset"}};

constexpr std::array biblatex_types = std::to_array<EntryType>({
    {"article", blx_article},
    {"artwork", {}},
    {"audio", {}},
    {"bibnote", {}},
    {"book", blx_book},
    {"bookinbook", blx_inbook},
    {"booklet", blx_booklet},
    {"collection", blx_collection},
    {"commentary", {}},
    {"conference", blx_inbook},
    {"customa", {}},
    {"customb", {}},
    {"customc", {}},
    {"customd", {}},
    {"custome", {}},
    {"customf", {}},
    {"dataset", blx_titled},
    {"electronic", blx_online},
    {"image", {}},
    {"inbook", blx_inbook},
    {"incollection", blx_incollection},
    {"inproceedings", blx_inbook},
    {"inreference", blx_incollection},
    {"jurisdiction", {}},
    {"legal", {}},
    {"legislation", {}},
    {"letter", {}},
    {"manual", blx_titled},
    {"mastersthesis", blx_old_thesis},
    {"misc", blx_titled},
    {"movie", {}},
    {"music", {}},
    {"mvbook", blx_book},
    {"mvcollection", blx_collection},
    {"mvproceedings", blx_proceedings},
    {"mvreference", blx_collection},
    {"online", blx_online},
    {"patent", blx_patent},
    {"performance", {}},
    {"periodical", blx_collection},
    {"phdthesis", blx_old_thesis},
    {"proceedings", blx_proceedings},
    {"reference", blx_collection},
    {"report", blx_report},
    {"review", {}},
    {"set", blx_set},
    {"software", blx_titled},
    {"standard", {}},
    {"suppbook", blx_inbook},
    {"suppcollection", blx_incollection},
    {"suppperiodical", {}},
    {"techreport", blx_old_report},
    {"thesis", blx_thesis},
    {"unpublished", blx_unpublished},
    {"video", {}},
    {"www", blx_online},
    {"xdata", {}},
});

// IEEEtran.bst, urlbst, natbib's and Zotero's exports, hobby styles in TeX Live.
constexpr std::array custom_types = std::to_array<std::string_view>({
    "ieeetranbstctl",
    "url",
    "webpage",
    "web",
    "internet",
    "day",
    "lecture",
    "talk",
    "presentation",
    "poster",
    "game",
    "program",
    "hidden",
    "newspaper",
    "speech",
    "control",
    "glossdef",
    "remark",
});

constexpr std::array name_fields = std::to_array<std::string_view>(
    {"author", "editor", "editora", "editorb", "editorc", "translator", "bookauthor", "annotator",
     "commentator", "introduction", "foreword", "afterword", "holder", "shortauthor", "shorteditor", "namea",
     "nameb", "namec"});

constexpr std::array typeset_fields = std::to_array<std::string_view>(
    {"author",         "editor",      "editora",      "editorb",      "editorc",      "translator",
     "bookauthor",     "title",       "subtitle",     "titleaddon",   "booktitle",    "booksubtitle",
     "booktitleaddon", "maintitle",   "mainsubtitle", "journal",      "journaltitle", "journalsubtitle",
     "shortjournal",   "issuetitle",  "eventtitle",   "series",       "publisher",    "address",
     "location",       "institution", "school",       "organization", "note",         "howpublished",
     "addendum",       "edition",     "volume",       "number",       "pages",        "chapter",
     "type",           "venue",       "shorttitle"});

// The rest of both data models (btxdoc, section 3.2; blx-dm.def).
constexpr std::array other_fields = std::to_array<std::string_view>({"abstract",
                                                                     "annotation",
                                                                     "annote",
                                                                     "authortype",
                                                                     "bookpagination",
                                                                     "crossref",
                                                                     "date",
                                                                     "day",
                                                                     "doi",
                                                                     "editoratype",
                                                                     "editorbtype",
                                                                     "editorctype",
                                                                     "editortype",
                                                                     "eid",
                                                                     "entryset",
                                                                     "entrysubtype",
                                                                     "eprint",
                                                                     "eprintclass",
                                                                     "eprinttype",
                                                                     "eventdate",
                                                                     "eventtitleaddon",
                                                                     "execute",
                                                                     "file",
                                                                     "gender",
                                                                     "ids",
                                                                     "indexsorttitle",
                                                                     "indextitle",
                                                                     "isan",
                                                                     "isbn",
                                                                     "ismn",
                                                                     "isrn",
                                                                     "issn",
                                                                     "issue",
                                                                     "issuesubtitle",
                                                                     "issuetitleaddon",
                                                                     "iswc",
                                                                     "journaltitleaddon",
                                                                     "key",
                                                                     "keywords",
                                                                     "label",
                                                                     "langid",
                                                                     "langidopts",
                                                                     "language",
                                                                     "library",
                                                                     "lista",
                                                                     "listb",
                                                                     "listc",
                                                                     "listd",
                                                                     "liste",
                                                                     "listf",
                                                                     "mainsubtitle",
                                                                     "maintitleaddon",
                                                                     "month",
                                                                     "nameaddon",
                                                                     "nameatype",
                                                                     "namebtype",
                                                                     "namectype",
                                                                     "options",
                                                                     "origdate",
                                                                     "origlanguage",
                                                                     "origlocation",
                                                                     "origpublisher",
                                                                     "origtitle",
                                                                     "pagetotal",
                                                                     "pagination",
                                                                     "part",
                                                                     "presort",
                                                                     "pubstate",
                                                                     "related",
                                                                     "relatedoptions",
                                                                     "relatedstring",
                                                                     "relatedtype",
                                                                     "reprinttitle",
                                                                     "shorthand",
                                                                     "shorthandintro",
                                                                     "shortseries",
                                                                     "sortkey",
                                                                     "sortname",
                                                                     "sortshorthand",
                                                                     "sorttitle",
                                                                     "sortyear",
                                                                     "url",
                                                                     "urldate",
                                                                     "usera",
                                                                     "userb",
                                                                     "userc",
                                                                     "userd",
                                                                     "usere",
                                                                     "userf",
                                                                     "verba",
                                                                     "verbb",
                                                                     "verbc",
                                                                     "version",
                                                                     "volumes",
                                                                     "xdata",
                                                                     "xref",
                                                                     "year"});

// Written by arXiv, ADS, INSPIRE, DBLP, Zotero, JabRef, Mendeley, BibDesk, CiteULike, the ACM, the IEEE.
constexpr std::array custom_fields = std::to_array<std::string_view>({"adsnote",
                                                                      "adsurl",
                                                                      "affiliation",
                                                                      "archive",
                                                                      "archiveprefix",
                                                                      "articleno",
                                                                      "arxivid",
                                                                      "bibsource",
                                                                      "biburl",
                                                                      "city",
                                                                      "citeulike-article-id",
                                                                      "code",
                                                                      "collaboration",
                                                                      "comment",
                                                                      "comments",
                                                                      "contents",
                                                                      "copyright",
                                                                      "country",
                                                                      "creationdate",
                                                                      "doi-url",
                                                                      "ee",
                                                                      "fjournal",
                                                                      "generator",
                                                                      "groups",
                                                                      "intype",
                                                                      "issue_date",
                                                                      "issn-l",
                                                                      "keyword",
                                                                      "lastchecked",
                                                                      "lccn",
                                                                      "modificationdate",
                                                                      "mrclass",
                                                                      "mrnumber",
                                                                      "mrreviewer",
                                                                      "numpages",
                                                                      "optnote",
                                                                      "owner",
                                                                      "paperid",
                                                                      "pdf",
                                                                      "pmc",
                                                                      "pmcid",
                                                                      "pmid",
                                                                      "posted-at",
                                                                      "primaryclass",
                                                                      "priority",
                                                                      "ps",
                                                                      "qualityassured",
                                                                      "readstatus",
                                                                      "refid",
                                                                      "reportnumber",
                                                                      "review",
                                                                      "reviewer",
                                                                      "rights",
                                                                      "shortbooktitle",
                                                                      "slaccitation",
                                                                      "tags",
                                                                      "timestamp",
                                                                      "translators",
                                                                      "uri",
                                                                      "urn",
                                                                      "username",
                                                                      "zblnumber",
                                                                      "zbl",
                                                                      "bibkey",
                                                                      "size",
                                                                      "price",
                                                                      "rating",
                                                                      "added-at",
                                                                      "interhash",
                                                                      "intrahash",
                                                                      "biburl",
                                                                      "description",
                                                                      "local-url",
                                                                      "lastaccessed",
                                                                      "acmid",
                                                                      "isbn-13",
                                                                      "isbn-10",
                                                                      "nationality",
                                                                      "yearfiled",
                                                                      "monthfiled",
                                                                      "dayfiled",
                                                                      "assignee",
                                                                      "revision",
                                                                      "paper",
                                                                      "cover",
                                                                      "hal_id",
                                                                      "hal_version",
                                                                      "summary",
                                                                      "hal-id"});

template <std::size_t size>
bool is_in(std::string_view word, const std::array<std::string_view, size>& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view one) { return equal_ignoring_case(word, one); });
}

// Whether one letter more, less, other or two exchanged make `a` of `b`.
bool is_one_slip(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > 1) return false;
  std::size_t same = 0;
  while (same < a.size() && lower(a[same]) == lower(b[same])) ++same;
  if (same == a.size()) return true;
  if (a.size() < b.size()) return equal_ignoring_case(a.substr(same), b.substr(same + 1));
  if (equal_ignoring_case(a.substr(same + 1), b.substr(same + 1))) return true;
  return same + 1 < a.size() && lower(a[same]) == lower(b[same + 1]) &&
         lower(a[same + 1]) == lower(b[same]) && equal_ignoring_case(a.substr(same + 2), b.substr(same + 2));
}

constexpr std::size_t slip_bytes_min = 5;  // shorter words are too near to one another

template <std::size_t size>
std::string_view near_word(std::string_view name, const std::array<std::string_view, size>& words) {
  const auto near = std::find_if(words.begin(), words.end(), [&](std::string_view one) {
    return one.size() >= slip_bytes_min && is_one_slip(name, one);
  });
  return near == words.end() ? std::string_view() : *near;
}

template <std::size_t size>
const EntryType* find_type(std::string_view name, const std::array<EntryType, size>& types) {
  const auto type = std::find_if(types.begin(), types.end(),
                                 [&](const EntryType& one) { return equal_ignoring_case(name, one.name); });
  return type == types.end() ? nullptr : &*type;
}

}  // namespace

const EntryType* find_entry_type(Dialect dialect, std::string_view name) {
  return dialect == Dialect::bibtex ? find_type(name, bibtex_types) : find_type(name, biblatex_types);
}

bool is_custom_type(std::string_view name) { return is_in(name, custom_types); }

bool is_known_field(std::string_view name) {
  if (is_in(name, name_fields) || is_in(name, typeset_fields) || is_in(name, other_fields) ||
      is_in(name, custom_fields)) {
    return true;
  }
  // BibDesk, Mendeley, JabRef, Emacs (OPTnote, ALTeditor), and the ends that biblatex gives to date parts.
  for (const std::string_view prefix : {"bdsk-", "date-", "mendeley-", "jabref-", "__", "opt", "alt", "x-",
                                        "citeulike-", "user-", "comment-", "bib_", "creationdate"}) {
    if (name.size() > prefix.size() && equal_ignoring_case(name.substr(0, prefix.size()), prefix))
      return true;
  }
  const std::size_t plus = name.find('+');  // biblatex's annotations: author+an
  return plus != std::string_view::npos && is_known_field(name.substr(0, plus));
}

bool is_name_field(std::string_view name) { return is_in(name, name_fields); }
bool is_typeset_field(std::string_view name) { return is_in(name, typeset_fields); }

std::string_view near_field(std::string_view name) {
  std::string_view near = near_word(name, typeset_fields);
  if (near.empty()) near = near_word(name, other_fields);
  return near;
}

std::string_view near_entry_type(std::string_view name) {
  for (const EntryType& type : biblatex_types) {
    if (type.name.size() >= slip_bytes_min && is_one_slip(name, type.name)) return type.name;
  }
  return {};
}

}  // namespace bibsmith::bibtex
