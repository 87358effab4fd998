#include "plugin/session/add.hpp"

#include <map>
#include <set>
#include <utility>

#include "bibtex/edit/entry_edit.hpp"
#include "bibtex/model/dialect.hpp"
#include "bibtex/model/macros.hpp"
#include "bibtex/normalize/journal_form.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/byte_class.hpp"
#include "bibtex/syntax/document.hpp"
#include "bibtex/update/duplicates.hpp"
#include "bibtex/update/matcher.hpp"
#include "bibtex/write/style.hpp"

namespace bibsmith::plugin {

namespace {

using bibtex::Block;
using bibtex::Document;

// What is wrong with a file as a place for entries; nullopt: nothing. A slip of the finger (paper.tex, a
// picture) must not cost the user his file.
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

CiteOptions options_for(const Settings& settings, const Document& document) {
  CiteOptions options = cite_options(settings);
  if (!settings.dialect && document.entry_count() > 0) options.dialect = bibtex::measure_dialect(document);
  if (!settings.encoding) options.encoding = bibtex::measure_encoding(document, options.dialect);
  if (!settings.journals) options.journals = bibtex::measure_journals(document);
  options.is_taken = [&document](std::string_view key) { return document.find(key).has_value(); };
  return options;
}

struct Present {
  std::string key;
  std::size_t line = 0;
};

std::map<std::string, Present> papers_in(const Document& document) {
  const bibtex::Macros macros(document);
  std::size_t line = 1;
  auto counted = document.text().begin();
  std::map<std::string, Present> papers;
  for (const Block& entry : document.entries()) {
    const auto begin = document.text().begin() + entry.span.begin;
    line += static_cast<std::size_t>(std::count(std::exchange(counted, begin), begin, '\n'));
    if (const auto id = bibtex::identify(document, macros, entry).arxiv_id) {
      papers.emplace(id->base(), Present{std::string(document.text(entry.key)), line});
    }
  }
  return papers;
}

std::size_t line_of(const Document& document, const Block& block) {
  const auto begin = document.text().begin();
  return static_cast<std::size_t>(std::count(begin, begin + block.span.begin, '\n')) + 1;
}

std::vector<PossibleDuplicate> possible_duplicates(const Document& document,
                                                   const std::vector<CitedPaper>& papers) {
  std::vector<bibtex::Entry> entries;
  for (const CitedPaper& paper : papers) entries.push_back(paper.normalized.entry);
  std::vector<PossibleDuplicate> found;
  const auto same = bibtex::find_same_works(document, bibtex::Macros(document), entries);
  for (std::size_t i = 0; i < papers.size(); ++i) {
    for (const std::uint32_t index : same[i]) {
      const Block block = document.block(index);
      found.push_back({papers[i].id, std::string(document.text(block.key)), line_of(document, block)});
    }
  }
  return found;
}

// Entries of plugins have no id that a .bib file keeps: the same title and authors are the same work.
void drop_present(const Document& document, AddAnswer& answer) {
  std::vector<PluginFetch::Found>& found = answer.cited.of_plugins.found;
  if (found.empty()) return;
  std::vector<bibtex::Entry> entries;
  for (const PluginFetch::Found& one : found) entries.push_back(one.entry);
  const auto same = bibtex::find_same_works(document, bibtex::Macros(document), entries);
  std::vector<PluginFetch::Found> absent;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (same[i].empty()) {
      absent.push_back(std::move(found[i]));
      continue;
    }
    const Block block = document.block(same[i].front());
    answer.present_of_plugins.push_back(
        {found[i].id, std::string(document.text(block.key)), line_of(document, block)});
  }
  found = std::move(absent);
}

// Who said something that is in the entry: "arxiv-atom,crossref".
std::string sources_of(const CitedPaper& paper) {
  std::string sources;
  std::set<std::string> seen;
  for (const bibtex::FieldReason& reason : paper.normalized.reasons) {
    const std::string& source = paper.record.origin(reason.from).source;
    if (!seen.insert(source).second) continue;
    if (!sources.empty()) sources += ',';
    sources += source;
  }
  return sources;
}

// An insertion holds all entries that go to one place; in the history each has a line of its own.
std::vector<LabelledEdit> label(const bibtex::TextEdit& insertion,
                                const std::map<std::string, std::string>& sources) {
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
    one.reason = "add.entry";
    if (const auto source = sources.find(one.key); source != sources.end()) one.source = source->second;
    one.writes_value = true;
    edits.push_back(std::move(one));
    done = end;
  }
  return edits;
}

std::vector<LabelledEdit> insertions(const Document& document, const CiteAnswer& cited) {
  const std::vector<bibtex::Entry> entries = entries_of(cited);
  std::map<std::string, std::string> sources;
  for (const CitedPaper& paper : cited.papers) sources[paper.normalized.entry.key] = sources_of(paper);
  for (const PluginFetch::Found& one : cited.of_plugins.found) {
    sources[one.entry.key] = "plugin:" + one.plugin;
  }
  std::vector<LabelledEdit> edits;
  for (const bibtex::TextEdit& insertion :
       bibtex::insert_entries(document, entries, bibtex::measure_style(document))) {
    for (LabelledEdit& one : label(insertion, sources)) edits.push_back(std::move(one));
  }
  return edits;
}

}  // namespace

tl::expected<PlannedAdd, FileError> plan_add(Session& session, std::span<const std::string> ids,
                                             const bibtex::Document& document, const std::string& path,
                                             std::stop_token stop, const FetchProgress& progress) {
  if (const auto why = why_not_bibtex(document)) {
    return file_error(FileError::Code::refused, path + ": " + *why);
  }
  PlannedAdd planned;
  AddAnswer& answer = planned.answer;
  const std::map<std::string, Present> present = papers_in(document);
  std::vector<std::string> absent;
  std::set<std::string> reported;
  for (const std::string& asked : ids) {
    const auto id = ArxivId::parse(asked);
    const auto entry = id ? present.find(id->base()) : present.end();
    if (entry == present.end()) {
      absent.push_back(asked);
    } else if (reported.insert(id->base()).second) {
      answer.present.push_back({asked, *id, entry->second.key, entry->second.line});
    }
  }
  answer.cited = cite(session, absent, options_for(session.settings(), document), std::move(stop), progress);
  answer.possible_duplicates = possible_duplicates(document, answer.cited.papers);
  drop_present(document, answer);
  planned.edits = insertions(document, answer.cited);
  answer.changed = !planned.edits.empty();
  return planned;
}

tl::expected<AddAnswer, FileError> add(Session& session, std::span<const std::string> ids,
                                       const std::string& path, std::stop_token stop,
                                       const FetchProgress& progress) {
  AddAnswer answer;
  const auto plan = [&](const FileText& text) -> tl::expected<std::vector<LabelledEdit>, FileError> {
    // Called anew when another program changed the file meanwhile: the second time the papers come from the
    // cache.
    auto planned = plan_add(session, ids, text.document(), path, stop, progress);
    if (!planned) return tl::unexpected(planned.error());
    answer = std::move(planned->answer);
    return std::move(planned->edits);
  };
  const auto changed = change_file(path, "add", session.change_context(), plan);
  if (!changed) return tl::unexpected(changed.error());
  answer.changed = *changed;
  return answer;
}

}  // namespace bibsmith::plugin
