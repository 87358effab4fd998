#include <algorithm>
#include <array>
#include <charconv>

#include "bibtex/import/formats.hpp"
#include "bibtex/import/imported_work.hpp"
#include "bibtex/syntax/byte_class.hpp"

namespace bibsmith::bibtex {

namespace {

struct TypePair {
  std::string_view ris;
  std::string_view biblatex;
};

// RIS specification of 2011, reference types.
constexpr std::array types = std::to_array<TypePair>({
    {"ABST", "article"},         {"ART", "artwork"},        {"BILL", "legislation"},
    {"BLOG", "online"},          {"BOOK", "book"},          {"CASE", "jurisdiction"},
    {"CHAP", "incollection"},    {"COMP", "software"},      {"CONF", "proceedings"},
    {"CPAPER", "inproceedings"}, {"DATA", "dataset"},       {"DICT", "inreference"},
    {"EBOOK", "book"},           {"ECHAP", "incollection"}, {"EDBOOK", "collection"},
    {"EJOUR", "article"},        {"ELEC", "online"},        {"ENCYC", "inreference"},
    {"INPR", "article"},         {"JFULL", "periodical"},   {"JOUR", "article"},
    {"MGZN", "article"},         {"MPCT", "movie"},         {"MUSIC", "music"},
    {"NEWS", "article"},         {"PAMP", "booklet"},       {"PAT", "patent"},
    {"PCOMM", "letter"},         {"RPRT", "report"},        {"SER", "book"},
    {"SLIDE", "unpublished"},    {"SOUND", "audio"},        {"STAND", "standard"},
    {"STAT", "legislation"},     {"THES", "thesis"},        {"UNPB", "unpublished"},
    {"UNPD", "unpublished"},     {"VIDEO", "video"},        {"WEB", "online"},
});

struct Line {
  std::string_view tag;
  std::string value;
};

bool is_tag_character(char c) { return (c >= 'A' && c <= 'Z') || is_digit(c); }

// "TY  - JOUR", also with other blanks around the hyphen, as some publishers write it. Empty: no tag.
std::string_view tag_of(std::string_view line, std::string_view& value) {
  if (line.size() < 4 || !is_tag_character(line[0]) || is_digit(line[0]) || !is_tag_character(line[1]))
    return {};
  std::size_t at = line.find_first_not_of(" \t", 2);
  if (at == line.npos || at == 2 || line[at] != '-') return {};
  at = line.find_first_not_of(" \t", at + 1);
  value = at == line.npos ? std::string_view{} : line.substr(at);
  return line.substr(0, 2);
}

// One reference: what stands between TY and ER.
class Reference {
 public:
  void add(std::string_view tag, std::string_view value) { lines_.push_back({tag, std::string(value)}); }
  // A line without a tag goes on with the one before.
  void go_on(std::string_view text) {
    if (!lines_.empty()) lines_.back().value += ' ' + std::string(text);
  }

  // The first of the tags that is there.
  std::string first(std::initializer_list<std::string_view> tags) const {
    for (const std::string_view tag : tags) {
      for (const Line& line : lines_) {
        if (line.tag == tag && !line.value.empty()) return line.value;
      }
    }
    return {};
  }
  std::vector<std::string> all(std::initializer_list<std::string_view> tags) const {
    std::vector<std::string> values;
    for (const Line& line : lines_) {
      if (std::ranges::find(tags, line.tag) != tags.end() && !line.value.empty())
        values.push_back(line.value);
    }
    return values;
  }

 private:
  std::vector<Line> lines_;
};

// 0: no number.
int number_of(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() ? number : 0;
}

// "2017/06/12/text", "2017///Spring", "2017"; "1937/january" as JabRef has it.
std::optional<DateValue> date_of(std::string_view text) {
  std::array<std::string_view, 3> parts;
  for (std::string_view& part : parts) {
    part = text.substr(0, text.find_first_of("/-"));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
  }
  DatePart date;
  date.year = number_of(parts[0]);
  if (date.year == 0) return std::nullopt;
  date.month = parse_month(parts[1]);
  const int day = number_of(parts[2]);
  if (date.month != 0 && day >= 1 && day <= 31) date.day = static_cast<std::uint8_t>(day);
  return DateValue{date, {}, false};
}

std::vector<Name> names_of(const std::vector<std::string>& texts) {
  std::vector<Name> names;
  for (const std::string& text : texts) {
    // The specification asks for "Family, Given"; without a comma it is an organisation.
    Name name = text.find(',') == text.npos ? Name{{}, {}, {}, {}, text} : plain_name(text);
    names.push_back(std::move(name));
  }
  return names;
}

void add_container(ImportedWork& work, const Reference& reference) {
  if (work.type() == "article") {
    work.add_text("journaltitle", reference.first({"T2", "JF", "JO", "BT", "JA"}));
    const std::string short_name = reference.first({"J2", "JA"});
    if (short_name != reference.first({"T2", "JF", "JO", "BT", "JA"}))
      work.add_text("shortjournal", short_name);
    work.add_text("series", reference.first({"T3"}));
  } else if (work.type() == "book" || work.type() == "thesis" || work.type() == "report") {
    work.add_text("series", reference.first({"T2", "T3"}));
  } else {
    // Of papers in proceedings C3 is the title of these, T2 the name of the conference (EndNote, Zotero).
    const std::string proceedings = work.type() == "inproceedings" ? reference.first({"C3"}) : "";
    work.add_title("booktitle", proceedings);
    const std::string conference = reference.first({"T2"});
    if (!proceedings.empty() && conference != proceedings) work.add_title("eventtitle", conference);
    work.add_title("booktitle", reference.first({"BT", "T2", "JO", "JF"}));
    work.add_text("series", reference.first({"T3"}));
  }
}

void add_links(ImportedWork& work, const Reference& reference) {
  work.add_doi(reference.first({"DO", "DOI"}));
  for (const std::string& url : reference.all({"UR", "L1", "L2", "LK", "M3"})) {
    if (url.find("arxiv.org/") != url.npos) work.add_arxiv(url);
    // Some publishers give the DOI nowhere else.
    if (url.find("doi.org/10.") != url.npos && !work.has("doi")) work.add_doi(url);
    work.add_url(url);
  }
  for (const std::string& number : reference.all({"AN", "M1", "C1"})) {
    if (number.starts_with("arXiv:")) work.add_arxiv(number);
  }
}

void add_pages(ImportedWork& work, const Reference& reference) {
  const std::string start = reference.first({"SP"});
  const std::string end = reference.first({"EP"});
  work.add_pages(end.empty() || end == start ? start : start.empty() ? end : start + "\xE2\x80\x93" + end);
}

// IEEE Xplore and Zotero write CONF, which is the type of proceedings, for one paper in them too.
bool is_paper_of_conference(std::string_view type, const Reference& reference) {
  return type == "CONF" && !reference.first({"AU", "A1"}).empty() &&
         !reference.first({"T2", "BT", "C3", "SP"}).empty();
}

Entry entry_of(std::string_view type, const Reference& reference, TextEncoding encoding) {
  ImportedWork work(encoding);
  const auto known = std::ranges::find(types, type, &TypePair::ris);
  work.set_type(known == types.end() ? "misc" : known->biblatex);
  if (is_paper_of_conference(type, reference)) work.set_type("inproceedings");
  work.set_key(reference.first({"ID"}));
  work.add_names("author", names_of(reference.all({"AU", "A1"})));
  work.add_names("editor", names_of(reference.all({"ED", work.type() == "article" ? "ED" : "A2"})));
  work.add_names("translator", names_of(reference.all({"A4"})));
  work.add_title("title", reference.first({"TI", "T1", "CT"}));
  // Of a book BT is its own title (RIS specification of 2001).
  if (work.type() == "book") work.add_title("title", reference.first({"BT"}));
  work.add_title("shorttitle", reference.first({"ST"}));
  add_container(work, reference);
  const auto day = date_of(reference.first({"DA"}));
  const auto year = date_of(reference.first({"PY", "Y1"}));
  // Where they differ the year is the year of the work; DA may be the day of the record.
  if (day && (!year || !year->begin || day->begin->year == year->begin->year)) work.add_date("date", *day);
  if (year) work.add_date("date", *year);
  work.add_text("volume", reference.first({"VL"}));
  work.add_text("number", reference.first({"IS", "CP"}));
  add_pages(work, reference);
  work.add_text("edition", reference.first({"ET"}));
  const bool is_of_institution = work.type() == "thesis" || work.type() == "report";
  work.add_text(is_of_institution ? "institution" : "publisher", reference.first({"PB"}));
  work.add_text("location", reference.first({"CY", "PP"}));
  const std::string type_of_work = reference.first({"M3"});  // JabRef keeps the DOI there
  if (type_of_work.find("://") == type_of_work.npos) work.add_text("type", type_of_work);
  work.add_verbatim(work.type() == "article" || work.type() == "periodical" ? "issn" : "isbn",
                    reference.first({"SN"}));
  add_links(work, reference);
  if (work.has("eprint") && work.type() == "unpublished") work.set_type("online");
  if (const auto accessed = date_of(reference.first({"Y2"}))) work.add_date("urldate", *accessed);
  work.add_text("langid", reference.first({"LA"}));
  std::string keywords;
  for (const std::string& word : reference.all({"KW"})) keywords += (keywords.empty() ? "" : ", ") + word;
  work.add_text("keywords", keywords);
  work.add_text("abstract", reference.first({"AB", "N2"}));
  work.add_text("note", reference.first({"N1"}));
  return work.finish();
}

}  // namespace

tl::expected<std::vector<Entry>, ImportError> from_ris(std::string_view text, TextEncoding encoding) {
  std::vector<Entry> entries;
  std::string type;
  Reference reference;
  const auto finish = [&] {
    if (!type.empty()) entries.push_back(entry_of(type, reference, encoding));
    type.clear();
    reference = {};
  };
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    std::string_view value;
    const std::string_view tag = tag_of(line, value);
    if (tag == "TY") {
      finish();  // some files leave ER out
      type = value.substr(0, value.find_last_not_of(" \t") + 1);
      if (type.empty()) type = "GEN";
    } else if (tag == "ER") {
      finish();
    } else if (type.empty()) {
      continue;  // a heading of the program that wrote the file
    } else if (!tag.empty()) {
      reference.add(tag, value);
    } else if (line.find_first_not_of(" \t") != line.npos) {
      reference.go_on(line);
    }
  }
  finish();
  if (entries.empty()) return tl::unexpected(ImportError{"no reference of RIS: no line begins with TY"});
  return entries;
}

}  // namespace bibsmith::bibtex
