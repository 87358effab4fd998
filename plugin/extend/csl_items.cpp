#include "plugin/extend/csl_items.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "bibtex/export/export.hpp"
#include "bibtex/export/formats.hpp"
#include "bibtex/model/citation_key.hpp"
#include "bibtex/model/inheritance.hpp"
#include "bibtex/model/latex.hpp"
#include "bibtex/model/name.hpp"
#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::plugin {

namespace {

using json = nlohmann::ordered_json;
using bibtex::Entry;
using bibtex::TextEncoding;
using bibtex::Value;

// CSL 1.0.2, appendix III, and what biblatex calls it (manual, section 2.1.1). What is not here is @misc.
constexpr std::array<std::pair<std::string_view, std::string_view>, 23> types{{
    {"article", "online"},
    {"article-journal", "article"},
    {"article-magazine", "article"},
    {"article-newspaper", "article"},
    {"book", "book"},
    {"chapter", "incollection"},
    {"classic", "book"},
    {"collection", "collection"},
    {"dataset", "dataset"},
    {"entry-dictionary", "inreference"},
    {"entry-encyclopedia", "inreference"},
    {"manuscript", "unpublished"},
    {"pamphlet", "booklet"},
    {"paper-conference", "inproceedings"},
    {"patent", "patent"},
    {"periodical", "periodical"},
    {"post", "online"},
    {"post-weblog", "online"},
    {"report", "report"},
    {"software", "software"},
    {"standard", "report"},
    {"thesis", "thesis"},
    {"webpage", "online"},
}};

// Variables whose text goes into one field as it is.
constexpr std::array<std::pair<const char*, const char*>, 15> texts{{
    {"title", "title"},
    {"title-short", "shorttitle"},
    {"collection-title", "series"},
    {"volume", "volume"},
    {"edition", "edition"},
    {"chapter-number", "chapter"},
    {"number-of-pages", "pagetotal"},
    {"number-of-volumes", "volumes"},
    {"version", "version"},
    {"publisher-place", "location"},
    {"event-title", "eventtitle"},
    {"event-place", "venue"},
    {"note", "note"},
    {"abstract", "abstract"},
    {"keyword", "keywords"},
}};

// Fields that biblatex takes verbatim.
constexpr std::array<std::pair<const char*, const char*>, 4> verbatims{{
    {"DOI", "doi"},
    {"URL", "url"},
    {"ISBN", "isbn"},
    {"ISSN", "issn"},
}};

constexpr std::array<std::pair<const char*, const char*>, 4> people{{
    {"author", "author"},
    {"editor", "editor"},
    {"translator", "translator"},
    {"container-author", "bookauthor"},
}};

// White space collapsed; numbers are written out, since the schema allows them for many variables.
std::string text_of(const json& item, const char* name) {
  const auto member = item.find(name);
  if (member == item.end()) return {};
  if (member->is_number()) return member->dump();
  if (!member->is_string()) return {};
  std::string out;
  for (const char c : member->get_ref<const std::string&>()) {
    const bool is_space = static_cast<unsigned char>(c) <= 0x20;
    if (!is_space) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

// Braces would end the value that the text is put into.
std::string verbatim(std::string text) {
  std::erase_if(text, [](char c) { return c == '{' || c == '}' || c == '\\'; });
  return text;
}

class Builder {
 public:
  Builder(const json& item, TextEncoding encoding) : item_(item), encoding_(encoding) {
    const std::string type = text_of(item, "type");
    const auto* found = std::ranges::find(types, type, [](const auto& pair) { return pair.first; });
    entry_.type = found == types.end() ? "misc" : found->second;
  }

  Entry build() {
    for (const auto& [variable, field] : people) set_names(variable, field);
    set_text("title", "title");
    set_container();
    for (const auto& [variable, field] : texts) set_text(variable, field);
    set_number();
    set("pages", pages());
    set(entry_.type == "report"   ? "institution"
        : entry_.type == "thesis" ? "institution"
                                  : "publisher",
        latex(text_of(item_, "publisher")));
    if (entry_.type == "thesis" || entry_.type == "report") set_text("genre", "type");
    set("date", date("issued"));
    for (const auto& [variable, field] : verbatims) set(field, verbatim(text_of(item_, variable)));
    set("urldate", date("accessed"));
    set_text("language", "langid");
    return std::move(entry_);
  }

 private:
  std::string latex(const std::string& plain) const { return bibtex::to_latex(plain, encoding_).text; }

  void set(const char* field, std::string text) {
    if (!text.empty() && entry_.find(field) == nullptr) entry_.set(field, Value::braced(std::move(text)));
  }

  void set_text(const char* variable, const char* field) { set(field, latex(text_of(item_, variable))); }

  void set_names(const char* variable, const char* field) {
    const auto list = item_.find(variable);
    if (list == item_.end() || !list->is_array()) return;
    std::vector<bibtex::Name> names;
    for (const json& one : *list) {
      if (!one.is_object()) continue;
      bibtex::Name name;
      const std::string family = text_of(one, "family");
      if (family.empty()) {
        const std::string literal = text_of(one, "literal");
        name.literal = latex(literal.empty() ? text_of(one, "given") : literal);
      } else {
        std::string prefix = text_of(one, "dropping-particle");
        const std::string other = text_of(one, "non-dropping-particle");
        prefix += (prefix.empty() || other.empty() ? "" : " ") + other;
        name.given = latex(text_of(one, "given"));
        name.prefix = latex(prefix);
        name.family = latex(family);
        name.suffix = latex(text_of(one, "suffix"));
      }
      if (!name.family.empty() || !name.literal.empty()) names.push_back(std::move(name));
    }
    if (!names.empty()) set(field, bibtex::format_names(names, false));
  }

  void set_container() {
    const bool is_article = entry_.type == "article";
    set_text("container-title", is_article ? "journaltitle" : "booktitle");
    set_text("container-title-short", is_article ? "shortjournal" : "shorttitle");
  }

  // CSL's "issue" is biblatex's number of a periodical; what it calls "number" there is an article's.
  void set_number() {
    set_text("issue", "number");
    set_text("collection-number", "number");
    const std::string number = text_of(item_, "number");
    constexpr std::string_view arxiv = "arXiv:";
    if (entry_.type == "online" && number.starts_with(arxiv)) {
      set("eprint", verbatim(number.substr(arxiv.size())));
      set("eprinttype", "arxiv");
    } else {
      set(entry_.type == "article" ? "eid" : "number", latex(number));
    }
  }

  std::string pages() const {
    std::string out = latex(text_of(item_, "page"));
    // "–" and "-" between pages are "--" (btxdoc, section 4).
    std::string ranged;
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (out.compare(i, 3, "\xE2\x80\x93") == 0) {
        ranged += "--";
        i += 2;
      } else if (out[i] == '-') {
        ranged += "--";
        while (i + 1 < out.size() && out[i + 1] == '-') ++i;
      } else {
        ranged += out[i];
      }
    }
    return ranged;
  }

  static std::string day_of(const json& parts) {
    if (!parts.is_array() || parts.empty()) return {};
    constexpr std::array<std::int64_t, 3> largest{9999, 12, 31};
    std::string out;
    for (std::size_t i = 0; i < std::min<std::size_t>(parts.size(), 3); ++i) {
      const json& part = parts[i];
      std::int64_t value = 0;
      if (part.is_number_integer()) {
        value = part.get<std::int64_t>();
      } else if (part.is_string()) {  // the schema allows both
        const std::string& digits = part.get_ref<const std::string&>();
        if (digits.empty() || digits.size() > 4 || digits.find_first_not_of("0123456789") != digits.npos)
          break;
        value = std::stoll(digits);
      }
      if (value < 1 || value > largest.at(i)) break;
      const std::string digits = std::to_string(value);
      out += (i == 0 ? "" : "-") + std::string((i == 0 ? 4 : 2) - digits.size(), '0') + digits;
    }
    return out;
  }

  std::string date(const char* variable) const {
    const auto member = item_.find(variable);
    if (member == item_.end() || !member->is_object()) return {};
    const auto parts = member->find("date-parts");
    if (parts != member->end() && parts->is_array() && !parts->empty()) {
      const std::string first = day_of((*parts)[0]);
      const std::string last = parts->size() > 1 ? day_of((*parts)[1]) : "";
      if (!first.empty()) return last.empty() ? first : first + '/' + last;
    }
    const std::string raw = text_of(*member, "raw");
    const bool is_iso = raw.size() <= 21 && raw.find_first_not_of("0123456789-/") == raw.npos;
    return is_iso && raw.size() >= 4 ? raw : "";
  }

  const json& item_;
  TextEncoding encoding_;
  Entry entry_;
};

std::string key_of(const json& item, const Entry& entry) {
  const std::string wanted = text_of(item, "citation-key");
  if (is_citation_key(wanted)) return wanted;
  bibtex::KeySource source;
  const std::string authors = bibtex::field_text(entry, "author", "editor");
  if (const auto names = bibtex::split_names(authors); !names.empty()) {
    const bibtex::Name first = bibtex::read_name(names.front());
    source.author_is_literal = first.is_literal();
    source.author = first.is_literal() ? first.literal : first.prefix + ' ' + first.family;
  }
  const std::string date = bibtex::field_text(entry, "date", "year");
  if (date.size() >= 4) source.year = std::atoi(date.substr(0, 4).c_str());
  source.title = bibtex::field_text(entry, "title");
  return bibtex::citation_key(source);
}

}  // namespace

bool is_citation_key(const std::string& text) {
  constexpr std::size_t key_bytes_max = 200;
  constexpr std::string_view forbidden = "\"#%'(),={}~\\";
  return !text.empty() && text.size() <= key_bytes_max && text.find_first_of(forbidden) == text.npos &&
         std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) > 0x20; });
}

json csl_items(std::span<const Entry> entries) {
  json items = json::array();
  for (const Entry& entry : entries) {
    const json one =
        json::parse(bibtex::export_entries({&entry, 1}, bibtex::ExportFormat::csl_json), nullptr, false);
    items.push_back(one.is_array() && !one.empty() ? one[0] : json{{"id", entry.key}, {"type", "document"}});
  }
  return items;
}

Entry entry_of_csl(const json& item, bibtex::Dialect dialect, TextEncoding encoding) {
  Entry entry = Builder(item, encoding).build();
  entry.key = key_of(item, entry);
  return bibtex::to_dialect(entry, dialect);
}

void apply_csl_change(Entry& entry, const json& before, const json& after, bibtex::Dialect dialect,
                      TextEncoding encoding) {
  const Entry old_fields = entry_of_csl(before, dialect, encoding);
  const Entry new_fields = entry_of_csl(after, dialect, encoding);
  for (const bibtex::Field& field : new_fields.fields) {
    const bibtex::Field* old = old_fields.find(field.name);
    if (old == nullptr || old->value != field.value) entry.set(field.name, field.value);
  }
  for (const bibtex::Field& field : old_fields.fields) {
    if (new_fields.find(field.name) != nullptr) continue;
    std::erase_if(entry.fields, [&](const bibtex::Field& one) {
      return bibtex::equal_ignoring_case(one.name, field.name);
    });
  }
}

}  // namespace bibsmith::plugin
