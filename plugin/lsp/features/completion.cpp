#include <algorithm>
#include <array>

#include "bibtex/check/data_model.hpp"
#include "bibtex/model/dialect.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "plugin/lsp/features/features.hpp"
#include "plugin/session/request_key.hpp"

namespace bibsmith::plugin {

namespace {

bool is_word(char c) {
  const char low = bibtex::lower(c);
  return (low >= 'a' && low <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

constexpr std::array<std::string_view, 24> entry_types = {
    "article",      "book",          "booklet",     "collection",    "dataset",    "inbook",
    "incollection", "inproceedings", "manual",      "mastersthesis", "misc",       "online",
    "patent",       "phdthesis",     "proceedings", "report",        "software",   "techreport",
    "thesis",       "unpublished",   "mvbook",      "mvcollection",  "periodical", "xdata"};

constexpr std::array<std::string_view, 44> fields = {
    "abstract",     "address", "annotation",   "archiveprefix", "author", "booktitle", "chapter",
    "crossref",     "date",    "doi",          "edition",       "editor", "eprint",    "eprintclass",
    "eprinttype",   "file",    "howpublished", "institution",   "isbn",   "issn",      "journal",
    "journaltitle", "key",     "keywords",     "langid",        "month",  "note",      "number",
    "organization", "pages",   "primaryclass", "publisher",     "school", "series",    "shorttitle",
    "subtitle",     "title",   "translator",   "type",          "url",    "urldate",   "volume",
    "xdata",        "year"};

constexpr std::array<std::string_view, 12> months = {"jan", "feb", "mar", "apr", "may", "jun",
                                                     "jul", "aug", "sep", "oct", "nov", "dec"};

void add_words(CompletionList& list, CompletionKind kind, std::span<const std::string_view> words,
               std::string_view typed) {
  for (const std::string_view word : words) {
    if (!bibtex::equal_ignoring_case(word.substr(0, typed.size()), typed)) continue;
    list.items.push_back({kind, std::string(word), {}, std::string(word), std::string(word), {}});
  }
}

// In a bibliography: a type behind '@', a macro or month behind '=', else a field name at the start of a
// line.
std::optional<CompletionList> complete_in_bib(const OpenDocument& document, std::uint32_t offset) {
  constexpr std::uint32_t context_bytes = 4096;
  const BibFile& file = *document.bib;
  const std::uint32_t from = offset - std::min(offset, context_bytes);
  std::string before;  // of the segments around
  for (const auto& segment : file.document().segments()) {
    const std::string& text = segment.document.text();
    const std::uint32_t end = segment.begin + static_cast<std::uint32_t>(text.size());
    if (end <= from || segment.begin >= offset) continue;
    const std::uint32_t begin = std::max(from, segment.begin);
    before += std::string_view(text).substr(begin - segment.begin, std::min(end, offset) - begin);
  }
  std::size_t word = before.size();
  while (word > 0 && is_word(before[word - 1])) --word;
  const std::string_view typed = std::string_view(before).substr(word);
  std::size_t mark = word;
  while (mark > 0 && (before[mark - 1] == ' ' || before[mark - 1] == '\t')) --mark;
  const char last = mark > 0 ? before[mark - 1] : '\n';

  CompletionList list;
  list.span = {offset - static_cast<std::uint32_t>(typed.size()), offset};
  if (last == '@') {
    add_words(list, CompletionKind::type, entry_types, typed);
  } else if (last == '=' || last == '#') {
    for (const auto& segment : file.document().segments()) {
      for (const bibtex::Block& block : segment.document.blocks()) {
        if (block.kind != bibtex::BlockKind::string) continue;
        for (const bibtex::FieldNode& macro : segment.document.fields(block)) {
          const std::string name(segment.document.text(macro.name));
          list.items.push_back(
              {CompletionKind::value, name, std::string(segment.document.text(macro.value)), name, name, {}});
          if (list.items.size() == completions_max) break;
        }
      }
    }
    add_words(list, CompletionKind::value, months, typed);
  } else if ((last == '\n' || last == ',') && file.entry_at(offset)) {
    add_words(list, CompletionKind::field, fields, typed);
    for (Completion& item : list.items) item.new_text += " = {";
  } else {
    return std::nullopt;
  }
  return list;
}

}  // namespace

std::optional<CompletionList> complete(Workspace& workspace, const OpenDocument& document,
                                       std::uint32_t offset, bool includes_local) {
  if (document.bib) return complete_in_bib(document, offset);
  const auto typed = typed_key(document.source->text(), offset, document.language);
  if (!typed) return std::nullopt;
  CompletionList list;
  list.span = typed->span;
  const auto id = requested_paper(typed->typed);
  bool is_there = false;
  if (includes_local) {
    for (const Bibliography& one : workspace.bibliographies_of(document)) {
      const auto matches =
          one.file->search(typed->typed, completions_max - std::min(list.items.size(), completions_max));
      for (const BibFile::Match& match : matches) {
        const std::string key(match.entry.key());
        const std::string shown = shown_form_of(match.entry).line();
        list.items.push_back(
            {CompletionKind::entry, key, shown, typed->typed + ' ' + key + ' ' + shown, key, one.path});
        is_there = is_there || (id && match.score > 2);
      }
    }
  }
  if (id && !is_there) {
    const std::string key = "arXiv:" + id->str();
    list.items.push_back(
        {CompletionKind::fetchable, key, "fetch this paper from arXiv", typed->typed + ' ' + key, key, {}});
  }
  return list;
}

}  // namespace bibsmith::plugin
