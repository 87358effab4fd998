#include "plugin/session/new_entries.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "bibtex/compare/matcher.hpp"
#include "bibtex/edit/entry_edit.hpp"
#include "bibtex/model/dialect.hpp"
#include "bibtex/model/macros.hpp"
#include "bibtex/normalize/journal_form.hpp"
#include "bibtex/syntax/byte_class.hpp"
#include "bibtex/write/style.hpp"

namespace bibsmith::plugin {

namespace {

using bibtex::Block;
using bibtex::Document;

// Who said something that is in the entry: "arxiv-atom,crossref".
std::string sources_of(const CitedPaper& paper) {
  std::string sources;
  std::set<std::string> seen;
  for (const bibtex::FieldReason& reason : paper.normalized.reasons) {
    const std::string& source = paper.record->origin(reason.from).source;
    if (!seen.insert(source).second) continue;
    if (!sources.empty()) sources += ',';
    sources += source;
  }
  return sources;
}

// An insertion holds all entries that go to one place; in the history each has a line of its own.
std::vector<LabelledEdit> label(const bibtex::TextEdit& insertion,
                                const std::map<std::string, std::string>& sources, std::string_view reason) {
  const Document inserted = Document::parse(insertion.new_text);
  const std::vector<Block> entries = inserted.entries();
  std::vector<LabelledEdit> edits;
  std::size_t done = 0;
  for (const Block& entry : entries) {
    const bool is_last = entry.index == entries.back().index;
    const std::size_t end = is_last ? insertion.new_text.size() : entry.span.end;
    LabelledEdit one;
    one.edit = {insertion.span, insertion.new_text.substr(done, end - done)};
    one.key = inserted.text(entry.key);
    one.reason = reason;
    if (const auto source = sources.find(one.key); source != sources.end()) one.source = source->second;
    one.writes_value = true;
    edits.push_back(std::move(one));
    done = end;
  }
  return edits;
}

}  // namespace

std::optional<std::string> why_not_bibtex(const Document& document) {
  if (auto why = why_not_read(document)) return why;
  for (const Block& block : document.blocks()) {
    if (block.kind != bibtex::BlockKind::junk) return std::nullopt;
  }
  std::string_view text = document.text();
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  // Lines that begin with '%' or '#' are the head of a file whose first entry is still to come.
  char first = ' ';  // of the line, but for white space
  for (const char c : text) {
    if (bibtex::is_line_end(c)) {
      first = ' ';
    } else if (first == ' ' && !bibtex::is_white_space(c)) {
      first = c;
      if (first != '%' && first != '#') return "the file has text, but no entry: is it a .bib file?";
    }
  }
  return std::nullopt;
}

CiteOptions options_for_file(const Settings& settings, const Document& document) {
  CiteOptions options = cite_options(settings);
  if (!settings.dialect && document.entry_count() > 0) options.dialect = bibtex::measure_dialect(document);
  if (!settings.encoding) options.encoding = bibtex::measure_encoding(document, options.dialect);
  if (!settings.journals) options.journals = bibtex::measure_journals(document);
  options.is_taken = [&document](std::string_view key) { return document.find(key).has_value(); };
  return options;
}

std::map<std::string, EntryPlace> papers_in(const Document& document) {
  const bibtex::Macros macros(document);
  std::size_t line = 1;
  auto counted = document.text().begin();
  std::map<std::string, EntryPlace> papers;
  for (const Block& entry : document.entries()) {
    const auto begin = document.text().begin() + entry.span.begin;
    line += static_cast<std::size_t>(std::count(std::exchange(counted, begin), begin, '\n'));
    if (const auto id = bibtex::identify(document, macros, entry).arxiv_id) {
      papers.emplace(id->base(), EntryPlace{std::string(document.text(entry.key)), line});
    }
  }
  return papers;
}

NewEntry new_entry(const CitedPaper& paper) { return {paper.normalized.entry, sources_of(paper)}; }

std::vector<LabelledEdit> insertions(const Document& document, std::span<const NewEntry> new_entries,
                                     std::string_view reason) {
  std::vector<bibtex::Entry> entries;
  std::map<std::string, std::string> sources;
  for (const NewEntry& one : new_entries) {
    entries.push_back(one.entry);
    sources[one.entry.key] = one.source;
  }
  std::vector<LabelledEdit> edits;
  for (const bibtex::TextEdit& insertion :
       bibtex::insert_entries(document, entries, bibtex::measure_style(document))) {
    for (LabelledEdit& one : label(insertion, sources, reason)) edits.push_back(std::move(one));
  }
  return edits;
}

}  // namespace bibsmith::plugin
