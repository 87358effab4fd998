#include <algorithm>

#include "bibtex/edit/reformat.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "bibtex/write/style.hpp"
#include "fetchers/record/doi.hpp"
#include "plugin/lsp/features/features.hpp"
#include "plugin/session/request_key.hpp"

namespace bibsmith::plugin {

namespace {

constexpr std::size_t symbols_max = 2000;

Symbol symbol_of(const BibEntry& entry, const std::string& path, const BibFile& file) {
  Symbol symbol;
  symbol.name = entry.key();
  symbol.detail = shown_form_of(entry).line();
  symbol.place = {path, entry.whole(entry.block.span), &file};
  symbol.key = entry.whole(entry.block.key);
  return symbol;
}

// What stands between the delimiters of a value.
std::string_view inner_text(std::string_view value) {
  if (value.size() >= 2 && (value.front() == '{' || value.front() == '"'))
    return value.substr(1, value.size() - 2);
  return value;
}

std::string target_of(std::string_view field, std::string_view text) {
  if (bibtex::equal_ignoring_case(field, "doi")) {
    const auto doi = Doi::parse(text);
    return doi ? doi->url() : "";
  }
  if (bibtex::equal_ignoring_case(field, "eprint")) {
    const auto id = ArxivId::parse(text);
    return id ? "https://arxiv.org/abs/" + id->str() : "";
  }
  const bool is_web = text.starts_with("https://") || text.starts_with("http://");
  return bibtex::equal_ignoring_case(field, "url") && is_web ? std::string(text) : "";
}

std::optional<BibEntry> entry_of_key(Workspace& workspace, const OpenDocument& document, std::string_view key,
                                     std::string* path = nullptr) {
  for (const Bibliography& one : workspace.bibliographies_of(document)) {
    const auto entry = one.file->find(key);
    if (!entry) continue;
    if (path != nullptr) *path = one.path;
    return entry;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Hover> hover(Workspace& workspace, const OpenDocument& document, std::uint32_t offset) {
  const auto key = key_at(document, offset);
  if (!key) return std::nullopt;
  std::string path;
  if (const auto entry = entry_of_key(workspace, document, key->key, &path)) {
    return Hover{markdown_of(*entry), key->span, path, text_alone(*entry), abstract_of(*entry), {}};
  }
  const auto id = requested_paper(key->key);
  if (!id) return std::nullopt;
  return Hover{
      "[arXiv:" + id->str() + "](https://arxiv.org/abs/" + id->str() + "), which is in no bibliography yet",
      key->span,
      {},
      {},
      {},
      id};
}

std::vector<Symbol> document_symbols(const OpenDocument& document) {
  std::vector<Symbol> symbols;
  if (!document.bib) return symbols;
  for (const BibEntry& entry : document.bib->entries()) {
    if (entry.block.key.size() > 0) symbols.push_back(symbol_of(entry, document.path, *document.bib));
  }
  return symbols;
}

std::vector<Symbol> workspace_symbols(Workspace& workspace, std::string_view query) {
  std::vector<Symbol> symbols;
  for (const Bibliography& one : workspace.all_bibliographies()) {
    for (const BibFile::Match& match : one.file->search(query, symbols_max - symbols.size())) {
      symbols.push_back(symbol_of(match.entry, one.path, *one.file));
    }
    if (symbols.size() == symbols_max) break;
  }
  return symbols;
}

std::vector<Link> links(const OpenDocument& document) {
  std::vector<Link> found;
  if (!document.bib) return found;
  for (const BibEntry& entry : document.bib->entries()) {
    for (const bibtex::FieldNode& field : entry.document->fields(entry.block)) {
      const std::string_view text = inner_text(entry.document->text(field.value));
      std::string target = target_of(entry.document->text(field.name), text);
      if (!target.empty()) found.push_back({entry.whole(field.value), std::move(target)});
    }
  }
  return found;
}

std::vector<bibtex::Span> foldings(const OpenDocument& document) {
  std::vector<bibtex::Span> spans;
  if (!document.bib) return spans;
  for (const BibEntry& entry : document.bib->entries()) spans.push_back(entry.whole(entry.block.span));
  return spans;
}

std::vector<bibtex::TextEdit> formatting(const OpenDocument& document, std::optional<bibtex::Span> range) {
  if (!document.bib) return {};
  const bibtex::Document whole = bibtex::Document::parse(document.bib->text());
  bibtex::Layout layout;
  layout.style = bibtex::measure_style(whole);
  std::vector<bibtex::TextEdit> edits = bibtex::reformat(whole, layout);
  if (!range || whole.text().empty()) return edits;
  // Whole entries: a half of one would look like neither.
  const auto last = static_cast<std::uint32_t>(whole.text().size() - 1);
  const std::uint32_t begin = whole.block_at(std::min(range->begin, last)).span.begin;
  const std::uint32_t end = whole.block_at(std::min(range->end, last)).span.end;
  std::erase_if(edits,
                [&](const bibtex::TextEdit& edit) { return edit.span.end < begin || edit.span.begin > end; });
  return edits;
}

std::vector<DocumentFinding> citation_findings(Workspace& workspace, const OpenDocument& document) {
  std::vector<DocumentFinding> findings;
  if (!document.source || document.source->citations().empty()) return findings;
  const std::vector<Bibliography> bibliographies = workspace.bibliographies_of(document);
  const std::string& text = document.source->text();
  for (const bibtex::Span& span : document.source->citations()) {
    const std::string_view key = span.in(text);
    if (key == "*" || document.source->has_label(key)) continue;
    const auto has_key = [&](const Bibliography& one) {
      const auto entry = one.file->find(key);
      return entry && entry->key() == key;
    };
    if (std::ranges::any_of(bibliographies, has_key)) continue;
    const auto id = requested_paper(key);
    if (!id && (bibliographies.empty() || may_be_label(key, document.language))) continue;
    DocumentFinding finding;
    finding.span = span;
    finding.fetchable = id;
    finding.code = id ? "bibsmith.fetchable" : "bibsmith.unknown-key";
    finding.message = id ? "arXiv:" + id->str() + " is in no bibliography yet"
                         : "no bibliography has the key '" + std::string(key) + '\'';
    if (id) finding.severity = bibtex::Severity::note;
    findings.push_back(std::move(finding));
  }
  return findings;
}

std::vector<InlayHint> inlay_hints(Workspace& workspace, const OpenDocument& document, bibtex::Span range) {
  std::vector<InlayHint> hints;
  if (!document.source) return hints;
  for (const bibtex::Span& span : document.source->citations()) {
    if (span.end < range.begin || span.begin > range.end) continue;
    const auto entry = entry_of_key(workspace, document, span.in(document.source->text()));
    if (entry) hints.push_back({span.end, short_form_of(*entry)});
  }
  return hints;
}

std::vector<KeyToken> key_tokens(Workspace& workspace, const OpenDocument& document) {
  std::vector<KeyToken> tokens;
  if (!document.source) return tokens;
  const std::vector<Bibliography> bibliographies = workspace.bibliographies_of(document);
  for (const bibtex::Span& span : document.source->citations()) {
    const std::string_view key = span.in(document.source->text());
    const bool is_known = std::ranges::any_of(
        bibliographies, [&](const Bibliography& one) { return one.file->find(key).has_value(); });
    tokens.push_back({span, is_known});
  }
  return tokens;
}

}  // namespace bibsmith::plugin
