#include "plugin/session/add.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "bibtex/model/macros.hpp"
#include "bibtex/syntax/document.hpp"
#include "bibtex/update/duplicates.hpp"
#include "plugin/session/new_entries.hpp"

namespace bibsmith::plugin {

namespace {

using bibtex::Block;
using bibtex::Document;

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

// Everything that was found, as entries of the file.
std::vector<NewEntry> new_entries(const CiteAnswer& cited) {
  std::vector<NewEntry> entries;
  for (const CitedPaper& paper : cited.papers) entries.push_back(new_entry(paper));
  for (const PluginFetch::Found& one : cited.of_plugins.found) {
    entries.push_back({one.entry, "plugin:" + one.plugin});
  }
  return entries;
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
  const std::map<std::string, EntryPlace> present = papers_in(document);
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
  answer.cited =
      cite(session, absent, options_for_file(session.settings(), document), std::move(stop), progress);
  answer.possible_duplicates = possible_duplicates(document, answer.cited.papers);
  drop_present(document, answer);
  planned.edits = insertions(document, new_entries(answer.cited), "add.entry");
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
