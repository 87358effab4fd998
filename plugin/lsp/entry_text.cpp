#include <array>
#include <charconv>
#include <string>
#include <string_view>

#include "bibtex/export/plain_entry.hpp"
#include "bibtex/model/citation_key.hpp"
#include "bibtex/model/inheritance.hpp"
#include "bibtex/model/macros.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "plugin/lsp/paper_text.hpp"
#include "plugin/lsp/workspace.hpp"

namespace bibsmith::plugin {

namespace {

constexpr std::size_t names_max = 6;

// The fields that one line shows of an entry. Two hundred such lines are made for a keystroke: abstracts and
// the like are passed over.
constexpr std::array<std::string_view, 6> shown_fields = {"author", "editor", "date",
                                                          "year",   "title",  "subtitle"};

bool names_macros(const BibEntry& entry) {
  for (const bibtex::FieldNode& field : entry.document->fields(entry.block)) {
    for (const bibtex::PieceNode& piece : entry.document->pieces(field)) {
      if (piece.kind == bibtex::PieceKind::macro) return true;
    }
  }
  return false;
}

bibtex::Entry expanded(const bibtex::Document& document, const bibtex::Macros& macros,
                       const bibtex::Block& block, bool is_whole) {
  if (is_whole) return bibtex::expand_entry(document, macros, block);
  bibtex::Entry entry;
  for (const std::string_view name : shown_fields) {
    const auto field = document.find_field(block, name);
    if (field) entry.set(name, bibtex::Value::braced(macros.value_text(document, *field)));
  }
  return entry;
}

// With macros expanded, wherever in the file they are defined. Few entries name any, and only those pay.
bibtex::Entry entry_of(const BibEntry& entry, bool is_whole) {
  static const bibtex::Macros months;
  if (entry.strings->empty() || !names_macros(entry)) {
    return expanded(*entry.document, months, entry.block, is_whole);
  }
  const bibtex::Document alone = bibtex::Document::parse(text_alone(entry));
  const auto entries = alone.entries();
  if (entries.empty()) return expanded(*entry.document, months, entry.block, is_whole);
  return expanded(alone, bibtex::Macros(alone), entries.back(), is_whole);
}

std::string family_of(const bibtex::PlainName& name) {
  if (!name.literal.empty()) return name.literal;
  return name.prefix.empty() ? name.family : name.prefix + ' ' + name.family;
}

std::string full_name(const bibtex::PlainName& name) {
  if (!name.literal.empty()) return name.literal;
  std::string text = name.given.empty() ? "" : name.given + ' ';
  text += family_of(name);
  return name.suffix.empty() ? text : text + ' ' + name.suffix;
}

std::vector<bibtex::PlainName> people_of(const bibtex::Entry& entry) {
  auto names = bibtex::plain_names(entry, "author");
  return names.empty() ? bibtex::plain_names(entry, "editor") : names;
}

std::string year_of(const bibtex::Entry& entry) {
  const std::string date = bibtex::plain_text(entry, "date", "year");
  return date.substr(0, date.find_first_of("-/"));
}

void add_part(std::string& text, const std::string& part, const char* before) {
  if (!part.empty()) text += before + escaped_markdown(part);
}

}  // namespace

std::string text_alone(const BibEntry& entry) {
  std::string text = entry.strings->empty() || !names_macros(entry) ? std::string() : *entry.strings;
  return text += entry.document->text(entry.block.span);
}

std::string abstract_of(const BibEntry& entry) {
  return bibtex::plain_text(entry_of(entry, true), "abstract");
}

std::string usual_key_of(const BibEntry& block) {
  const bibtex::Entry entry = entry_of(block, false);
  const auto names = people_of(entry);
  bibtex::KeySource source;
  if (!names.empty()) {
    source.author = family_of(names.front());
    source.author_is_literal = !names.front().literal.empty();
  }
  const std::string year = year_of(entry);
  std::from_chars(year.data(), year.data() + year.size(), source.year);
  source.title = bibtex::plain_title(entry, "");
  return bibtex::citation_key(source);
}

std::string short_form_of(const BibEntry& block) { return shown_form_of(block).who; }

ShownEntry shown_form_of(const BibEntry& block) {
  const bibtex::Entry entry = entry_of(block, false);
  const auto names = people_of(entry);
  std::string text;
  if (!names.empty()) text = family_of(names.front());
  if (names.size() == 2) text += " and " + family_of(names.back());
  if (names.size() > 2) text += " et al.";
  const std::string year = year_of(entry);
  if (!year.empty()) text += (text.empty() ? "(" : " (") + year + ')';
  return {std::move(text), bibtex::plain_title(entry, "")};
}

std::string markdown_of(const BibEntry& block) {
  const bibtex::Entry entry = entry_of(block, true);
  std::string text;
  const auto names = people_of(entry);
  for (std::size_t i = 0; i < names.size() && i < names_max; ++i) {
    text += (i == 0 ? "" : ", ") + escaped_markdown(full_name(names[i]));
  }
  if (names.size() > names_max) text += " and " + std::to_string(names.size() - names_max) + " more";
  add_part(text, year_of(entry), text.empty() ? "" : " · ");
  const std::string title = bibtex::plain_title(entry, "");
  if (!title.empty()) text += (text.empty() ? "**" : "\n\n**") + escaped_markdown(title) + "**";
  std::string where = bibtex::plain_text(entry, "journaltitle", "journal");
  if (where.empty()) where = bibtex::plain_text(entry, "booktitle");
  if (where.empty()) where = bibtex::plain_text(entry, "publisher");
  if (!where.empty()) {
    text += "\n\n*" + escaped_markdown(where) + '*';
    add_part(text, bibtex::plain_text(entry, "volume"), " ");
    add_part(text, bibtex::plain_pages(entry), ", ");
  }
  const std::string doi = bibtex::verbatim_text(entry, "doi");
  const std::string eprint = bibtex::arxiv_eprint(entry);
  if (!eprint.empty())
    text += "\n\n[arXiv:" + escaped_markdown(eprint) + "](https://arxiv.org/abs/" + eprint + ')';
  if (!doi.empty()) text += "\n\n[doi:" + escaped_markdown(doi) + "](https://doi.org/" + doi + ')';
  return text;
}

}  // namespace bibsmith::plugin
