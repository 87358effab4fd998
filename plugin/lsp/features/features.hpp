#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "bibtex/edit/text_edit.hpp"
#include "bibtex/syntax/diagnostic.hpp"
#include "fetchers/record/arxiv_id.hpp"
#include "plugin/lsp/workspace.hpp"

// What the language server can tell, each a function of the workspace and a place in a document. Places are
// bytes; the server turns them into the lines and columns that a client counts. Nothing here waits for a
// network or a person.
namespace bibsmith::plugin {

// A place in a file of the workspace. `lines` is valid until the workspace changes.
struct FilePlace {
  std::string path;
  bibtex::Span span;
  const LineText* lines = nullptr;
};

// A change of a text, in a file of the workspace.
struct FileEdit {
  FilePlace place;
  std::string new_text;
};

enum class CompletionKind : std::uint8_t { entry, fetchable, type, field, value };

struct Completion {
  CompletionKind kind = CompletionKind::entry;
  std::string label;
  std::string detail;
  std::string filter_text;  // what a client matches what is typed with
  std::string new_text;
  std::string source;  // of an entry: the path of its bibliography
};

struct CompletionList {
  bibtex::Span span;              // of the document, which each item replaces
  std::vector<Completion> items;  // best first; typing on may bring others
};

inline constexpr std::size_t completions_max = 200;

// Keys by anything that is known of their entries, ids that can be fetched, and in a bibliography types,
// fields and macros.
std::optional<CompletionList> complete(Workspace& workspace, const OpenDocument& document,
                                       std::uint32_t offset, bool includes_local);

// `markdown` is what the file says. What else is known of the paper depends on the cache (news_markdown()).
struct Hover {
  std::string markdown;
  bibtex::Span span;
  std::string path;           // of the bibliography
  std::string entry;          // as text_alone() has it; empty: there is none
  std::string abstract;       // of the entry
  std::optional<ArxivId> id;  // without an entry: the paper that the key asks for
};
std::optional<Hover> hover(Workspace& workspace, const OpenDocument& document, std::uint32_t offset);

// The key at a place, cited or defined, and its entry.
struct KeyAt {
  std::string key;
  bibtex::Span span;
};
std::optional<KeyAt> key_at(const OpenDocument& document, std::uint32_t offset);

// Citation keys that ask for a paper by its id, made into keys as people choose them: those of entries, with
// all that names them, and of citations whose paper a bibliography of the document has under any key. Nothing
// is fetched: what no bibliography has stays. `sources` are those of the workspace.
std::vector<FileEdit> usual_keys(Workspace& workspace, const OpenDocument& document,
                                 const std::vector<Source>& sources);
// Whether it would change the key at that place.
bool has_usual_key(Workspace& workspace, const OpenDocument& document, std::uint32_t offset);

std::vector<FilePlace> definition(Workspace& workspace, const OpenDocument& document, std::uint32_t offset);

// Where the key at a place is cited, in all sources of the workspace. `sources` keeps what the places show.
std::vector<FilePlace> references(Workspace& workspace, const OpenDocument& document, std::uint32_t offset,
                                  bool includes_definition, std::vector<Source>& sources);

// Another name for the key at a place: in its bibliography, in entries that name it, and where it is cited.
// Empty: nothing to rename there. An error is a key that cannot be.
tl::expected<std::vector<FileEdit>, std::string> rename(Workspace& workspace, const OpenDocument& document,
                                                        std::uint32_t offset, const std::string& new_key,
                                                        std::vector<Source>& sources);

struct Symbol {
  std::string name;
  std::string detail;
  FilePlace place;  // of the whole entry
  bibtex::Span key;
};
std::vector<Symbol> document_symbols(const OpenDocument& document);
std::vector<Symbol> workspace_symbols(Workspace& workspace, std::string_view query);

struct Link {
  bibtex::Span span;
  std::string target;
};
std::vector<Link> links(const OpenDocument& document);

// The entries of a bibliography, to fold.
std::vector<bibtex::Span> foldings(const OpenDocument& document);

// White space of a bibliography put in order; `range`: of the entries that it touches.
std::vector<bibtex::TextEdit> formatting(const OpenDocument& document, std::optional<bibtex::Span> range);

// A finding about a document. Codes begin with "bibsmith." where they concern citations, and are those of
// docs/check.md in a bibliography.
struct DocumentFinding {
  std::string code;
  bibtex::Severity severity = bibtex::Severity::warning;
  bibtex::Span span;
  std::string message;
  std::optional<ArxivId> fetchable;  // the paper that a key asks for
};
// Of a source: keys that no bibliography has, and among them ids that can be fetched.
std::vector<DocumentFinding> citation_findings(Workspace& workspace, const OpenDocument& document);

// Entries of a parsed bibliography that are the same paper, each at its key but for the best of them. Linear
// in the number of entries.
std::vector<DocumentFinding> duplicate_findings(const bibtex::Document& document);

// A file or folder that gets another path.
struct FileRename {
  std::string from;
  std::string to;
};
// The names of those files in the sources that name them (\bibliography, \addbibresource, \input, …), written
// as they were: with the end that LaTeX adds or without it, from the source's folder or one of `folders`.
std::vector<FileEdit> rename_files(const std::vector<FileRename>& renames,
                                   const std::vector<std::string>& folders,
                                   const std::vector<Source>& sources);

// The version of its paper written into the eprint of an entry, in its whole text. nullopt: that is the
// version already, or there is no such field.
std::optional<bibtex::TextEdit> pin_version(const BibEntry& entry, std::uint16_t version);

struct InlayHint {
  std::uint32_t offset = 0;
  std::string label;
};
std::vector<InlayHint> inlay_hints(Workspace& workspace, const OpenDocument& document, bibtex::Span range);

// The keys of a source with whether they are known, for colours.
struct KeyToken {
  bibtex::Span span;
  bool is_known = false;
};
std::vector<KeyToken> key_tokens(Workspace& workspace, const OpenDocument& document);

// Every citation that asks for a paper by its id gets its citation key. `keys` are by the id without a
// version. A citation that is still being typed, so that its end is missing, counts too.
std::vector<bibtex::TextEdit> request_key_edits(const SourceFile& source,
                                                const std::map<std::string, std::string>& keys);

}  // namespace bibsmith::plugin
