#include "bibtex/model/inheritance.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>
#include <utility>
#include <vector>

#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/byte_class.hpp"

namespace bibsmith::bibtex {

namespace {

using Words = std::initializer_list<std::string_view>;

bool is_any(std::string_view word, Words words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view one) { return equal_ignoring_case(word, one); });
}

// biblatex manual, \DefaultInheritance: what no child takes.
bool is_never_inherited(std::string_view name) {
  return is_any(name, {"ids", "crossref", "xref", "xdata", "entryset", "entrysubtype", "execute", "label",
                       "options", "presort", "related", "relatedtype", "relatedoptions", "shorthand",
                       "relatedstring", "shorthandintro", "sortkey"});
}

// The name under which a child of type `child` takes the field `name` of a parent of type `parent`; empty:
// not at all (biblatex manual, appendix B).
std::string inherited_name(std::string_view parent, std::string_view child, std::string_view name) {
  const bool is_in_book = is_any(child, {"inbook", "bookinbook", "suppbook"});
  const bool is_in_collection = is_any(child, {"incollection", "inreference", "suppcollection"});
  const bool is_in_proceedings = is_any(child, {"inproceedings", "conference"});
  const bool is_part = (is_any(parent, {"book"}) && is_in_book) ||
                       (is_any(parent, {"collection", "reference"}) && is_in_collection) ||
                       (is_any(parent, {"proceedings"}) && is_in_proceedings);
  const bool is_volume =
      (is_any(parent, {"mvbook"}) && (is_in_book || is_any(child, {"book"}))) ||
      (is_any(parent, {"mvcollection", "mvreference"}) &&
       (is_in_collection || is_any(child, {"collection", "reference"}))) ||
      (is_any(parent, {"mvproceedings"}) && (is_in_proceedings || is_any(child, {"proceedings"})));
  const bool is_issue = is_any(parent, {"periodical"}) && is_any(child, {"article", "suppperiodical"});
  if (!is_part && !is_volume && !is_issue) return std::string(name);
  if (is_any(name, {"title", "subtitle", "titleaddon"})) {
    return (is_part ? "book" : is_volume ? "main" : "journal") + in_lower_case(name);
  }
  if (is_any(name, {"shorttitle", "sorttitle", "indextitle", "indexsorttitle"})) return {};
  return std::string(name);
}

// An entry in the making: takes the first field of each name.
class Collector {
 public:
  explicit Collector(Entry& entry) : entry_(entry) {
    for (const Field& field : entry.fields) names_.insert(field.name);
  }

  void add(std::string_view name, std::string text) {
    if (text.empty()) return;
    std::string lower_name = in_lower_case(name);
    if (!names_.insert(lower_name).second) return;
    entry_.fields.push_back(Field{std::move(lower_name), Value::braced(std::move(text))});
  }

  // The same for what a parent has, up to inherited_bytes_max.
  void inherit(std::string_view name, const std::string& text) {
    inherited_bytes_ += name.size() + text.size();
    if (inherited_bytes_ <= inherited_bytes_max) add(name, text);
  }

 private:
  Entry& entry_;
  std::unordered_set<std::string> names_;
  std::size_t inherited_bytes_ = 0;
};

// The parts of "a, b ,c".
std::vector<std::string> split_list(std::string_view list) {
  std::vector<std::string> parts;
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    std::string_view part = list.substr(0, comma);
    while (!part.empty() && is_white_space(part.front())) part.remove_prefix(1);
    while (!part.empty() && is_white_space(part.back())) part.remove_suffix(1);
    if (!part.empty()) parts.emplace_back(part);
    if (comma == std::string_view::npos) break;
    list.remove_prefix(comma + 1);
  }
  return parts;
}

// Takes the fields of the containers that `entry` names in xdata, and of those that these name.
void add_xdata(const Document& document, const Macros& macros, Entry& entry) {
  std::vector<std::string> queue = split_list(field_text(entry, "xdata"));
  Collector collector(entry);
  for (std::size_t next = 0; next < queue.size() && next < parents_max; ++next) {
    const std::optional<Block> block = document.find(queue[next]);
    if (!block) continue;
    const Entry container = expand_entry(document, macros, *block);
    for (const Field& field : container.fields) {
      if (!is_never_inherited(field.name)) collector.inherit(field.name, field.value.pieces[0].text);
    }
    for (std::string& key : split_list(field_text(container, "xdata"))) {
      if (std::find(queue.begin(), queue.end(), key) == queue.end()) queue.push_back(std::move(key));
    }
  }
}

void add_crossref(const Document& document, const Macros& macros, Dialect dialect, Entry& entry) {
  std::string key = field_text(entry, "crossref");
  Collector collector(entry);
  std::vector<std::string> seen;
  while (!key.empty() && seen.size() < parents_max &&
         std::find(seen.begin(), seen.end(), key) == seen.end()) {
    const std::optional<Block> block = document.find(key);
    if (!block) return;
    seen.push_back(key);
    Entry parent = expand_entry(document, macros, *block);
    if (dialect == Dialect::biblatex) add_xdata(document, macros, parent);
    for (const Field& field : parent.fields) {
      if (is_never_inherited(field.name)) continue;
      const std::string name =
          dialect == Dialect::biblatex ? inherited_name(parent.type, entry.type, field.name) : field.name;
      if (!name.empty()) collector.inherit(name, field.value.pieces[0].text);
    }
    if (dialect == Dialect::bibtex) return;
    key = field_text(parent, "crossref");
  }
}

}  // namespace

Entry expand_entry(const Document& document, const Macros& macros, const Block& block) {
  Entry entry;
  entry.type = in_lower_case(document.text(block.type));
  entry.key = document.text(block.key);
  Collector collector(entry);
  for (const FieldNode& field : document.fields(block)) {
    collector.add(document.text(field.name), macros.value_text(document, field));
  }
  return entry;
}

Entry resolve_entry(const Document& document, const Macros& macros, const Block& block, Dialect dialect) {
  Entry entry = expand_entry(document, macros, block);
  if (dialect == Dialect::biblatex) add_xdata(document, macros, entry);
  add_crossref(document, macros, dialect, entry);
  return entry;
}

std::string field_text(const Entry& entry, std::string_view name) {
  std::string text;
  if (const Field* field = entry.find(name)) {
    for (const Piece& piece : field->value.pieces) text += piece.text;
  }
  return text;
}

std::string field_text(const Entry& entry, std::string_view name, std::string_view other) {
  std::string text = field_text(entry, name);
  return text.empty() ? field_text(entry, other) : text;
}

}  // namespace bibsmith::bibtex
