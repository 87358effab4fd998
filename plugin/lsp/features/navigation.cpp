#include <algorithm>

#include "bibtex/edit/rename_keys.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "plugin/lsp/features/features.hpp"
#include "plugin/session/request_key.hpp"

namespace bibsmith::plugin {

namespace {

bool holds(bibtex::Span span, std::uint32_t offset) { return span.begin <= offset && offset <= span.end; }

// Fields whose values name other entries.
bool names_entries(std::string_view field) {
  for (const std::string_view name : {"crossref", "xref", "xdata", "related", "entryset", "ids"}) {
    if (bibtex::equal_ignoring_case(field, name)) return true;
  }
  return false;
}

// The part between commas of a value "{a, b}" that holds the offset.
std::optional<bibtex::Span> listed_key(std::string_view text, bibtex::Span value, std::uint32_t offset) {
  constexpr std::string_view around = "{}\" \t\r\n";
  std::uint32_t begin = offset;
  while (begin > value.begin && text[begin - 1] != ',') --begin;
  std::uint32_t end = offset;
  while (end < value.end && text[end] != ',') ++end;
  while (begin < end && around.find(text[begin]) != around.npos) ++begin;
  while (end > begin && around.find(text[end - 1]) != around.npos) --end;
  if (begin >= end) return std::nullopt;
  return bibtex::Span{begin, end};
}

std::optional<KeyAt> key_in_bib(const BibFile& file, std::uint32_t offset) {
  const auto entry = file.entry_at(offset);
  if (!entry) return std::nullopt;
  const bibtex::Document& document = *entry->document;
  if (entry->block.key.size() > 0 && holds(entry->whole(entry->block.key), offset)) {
    return KeyAt{std::string(entry->key()), entry->whole(entry->block.key)};
  }
  for (const bibtex::FieldNode& field : document.fields(entry->block)) {
    if (!holds(entry->whole(field.value), offset) || !names_entries(document.text(field.name))) continue;
    const auto span = listed_key(document.text(), field.value, offset - entry->begin);
    if (span) return KeyAt{std::string(document.text(*span)), entry->whole(*span)};
  }
  return std::nullopt;
}

void add_citations(std::vector<FilePlace>& places, const std::vector<Source>& sources, std::string_view key) {
  for (const Source& source : sources) {
    for (const bibtex::Span& span : source.text->citations()) {
      if (span.in(source.text->text()) == key) places.push_back({source.path, span, source.text});
    }
  }
}

// What would end or split a key in one of the programs that read it.
std::string why_no_key(std::string_view key) {
  constexpr bibtex::ByteSet forbidden("{}(),=\\\"#%~' \t\r\n");
  if (key.empty()) return "a citation key is not empty";
  if (forbidden.any_in(key)) return "a citation key holds no spaces and none of { } ( ) , = \\ \" # % ~ '";
  return {};
}

}  // namespace

std::optional<KeyAt> key_at(const OpenDocument& document, std::uint32_t offset) {
  if (document.bib) return key_in_bib(*document.bib, offset);
  const bibtex::Span span = document.source->citation_at(offset);
  if (span.size() == 0) return std::nullopt;
  return KeyAt{std::string(span.in(document.source->text())), span};
}

std::vector<FilePlace> definition(Workspace& workspace, const OpenDocument& document, std::uint32_t offset) {
  std::vector<FilePlace> places;
  const auto key = key_at(document, offset);
  if (!key) return places;
  for (const Bibliography& one : workspace.bibliographies_of(document)) {
    if (const auto entry = one.file->find(key->key)) {
      places.push_back({one.path, entry->whole(entry->block.key), one.file});
    }
  }
  return places;
}

std::vector<FilePlace> references(Workspace& workspace, const OpenDocument& document, std::uint32_t offset,
                                  bool includes_definition, std::vector<Source>& sources) {
  const auto key = key_at(document, offset);
  if (!key) return {};
  std::vector<FilePlace> places;
  if (includes_definition) places = definition(workspace, document, offset);
  sources = workspace.sources();
  add_citations(places, sources, key->key);
  return places;
}

tl::expected<std::vector<FileEdit>, std::string> rename(Workspace& workspace, const OpenDocument& document,
                                                        std::uint32_t offset, const std::string& new_key,
                                                        std::vector<Source>& sources) {
  std::vector<FileEdit> edits;
  const auto key = key_at(document, offset);
  if (!key || key->key == new_key) return edits;
  if (const std::string why = why_no_key(new_key); !why.empty()) return tl::unexpected(why);
  for (const Bibliography& one : workspace.bibliographies_of(document)) {
    const auto taken = one.file->find(new_key);
    if (taken && !bibtex::equal_ignoring_case(new_key, key->key)) {
      return tl::unexpected(one.path + " has an entry '" + std::string(taken->key()) + "' already");
    }
    const bibtex::Document whole = bibtex::Document::parse(one.file->text());
    const auto entry = whole.find(key->key);
    if (!entry || whole.text(entry->key) != key->key) continue;
    for (bibtex::TextEdit& edit : bibtex::rename_keys(whole, {{entry->index, new_key}})) {
      edits.push_back({{one.path, edit.span, one.file}, std::move(edit.new_text)});
    }
  }
  sources = workspace.sources();
  std::vector<FilePlace> cited;
  add_citations(cited, sources, key->key);
  for (FilePlace& place : cited) edits.push_back({std::move(place), new_key});
  return edits;
}

std::vector<bibtex::TextEdit> request_key_edits(const SourceFile& source,
                                                const std::map<std::string, std::string>& keys) {
  std::map<std::uint32_t, bibtex::TextEdit> edits;  // by place
  const std::string& text = source.text();
  for (const bibtex::Span& span : source.citations()) {
    const auto asked = requested_paper(span.in(text));
    const auto key = asked ? keys.find(asked->base()) : keys.end();
    if (key != keys.end()) edits[span.begin] = {span, key->second};
  }
  for (const auto& [id, key] : keys) {
    const std::string asked = "arXiv:" + id;
    for (std::size_t at = text.find(asked); at != text.npos; at = text.find(asked, at + asked.size())) {
      const auto begin = static_cast<std::uint32_t>(at);
      const auto end = static_cast<std::uint32_t>(at + asked.size());
      const auto typed = typed_key(text, end, source.language());
      if (typed && typed->span.begin == begin && typed->span.end == end) {
        edits.try_emplace(begin, bibtex::TextEdit{typed->span, key});
      }
    }
  }
  std::vector<bibtex::TextEdit> list;
  for (auto& [place, edit] : edits) list.push_back(std::move(edit));
  return list;
}

}  // namespace bibsmith::plugin
