#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/lsp/bib_file.hpp"
#include "plugin/lsp/source_file.hpp"

namespace bibsmith::plugin {

// A document that an editor has open: what counts is its text there, not the file. Either a bibliography or
// a source.
struct OpenDocument {
  std::string uri;
  std::string path;  // empty: the URI is not of a file
  Language language = Language::other;
  std::int64_t version = 0;
  std::unique_ptr<BibFile> bib;
  std::unique_ptr<SourceFile> source;

  const LineText& lines() const;
  std::string text() const;
  // Precondition: the span lies in the text.
  void replace(bibtex::Span span, std::string_view new_text);
};

// A bibliography of the workspace, open or on the disk.
struct Bibliography {
  std::string path;
  const BibFile* file = nullptr;           // valid until the workspace changes
  const OpenDocument* document = nullptr;  // where it is open
};

// A source of the workspace, open or on the disk.
struct Source {
  std::string path;
  std::shared_ptr<const SourceFile> file;  // owned here where it was read for this call
  const SourceFile* text = nullptr;
  const OpenDocument* document = nullptr;
};

// All that the language server knows of files: what is open, the bibliographies that it read, and where the
// rest of the project is.
class Workspace {
 public:
  // Of one folder these files are looked at; what is more is left out.
  static constexpr std::size_t files_max = 10000;
  static constexpr std::uintmax_t source_bytes_max = 16u << 20;

  void set_folders(std::vector<std::string> paths) { folders_ = std::move(paths); }
  const std::vector<std::string>& folders() const { return folders_; }
  // Bibliographies of every document, from the settings.
  void set_bibliographies(std::vector<std::string> paths) { configured_ = std::move(paths); }

  OpenDocument& open(const std::string& uri, std::string_view language_id, std::int64_t version,
                     std::string text);
  void close(const std::string& uri);
  // nullptr: not open.
  OpenDocument* find(const std::string& uri);
  const OpenDocument* find(const std::string& uri) const;
  const OpenDocument* find_path(const std::string& path) const;
  const std::map<std::string, std::unique_ptr<OpenDocument>>& documents() const { return documents_; }

  // A file on the disk changed, came or went.
  void forget(const std::string& path) { read_.erase(path); }

  // The bibliographies that a document uses: those that it names, those of the settings, and if there are
  // none of either, all that lie in the folders. Files that cannot be read are left out.
  std::vector<Bibliography> bibliographies_of(const OpenDocument& document);
  std::vector<Bibliography> all_bibliographies();

  // Every source in the folders, as it is in the editor or on the disk.
  std::vector<Source> sources() const;

 private:
  const BibFile* read_bibliography(const std::string& path);
  void add(std::vector<Bibliography>& list, const std::string& path);
  std::vector<std::string> files_with(Language language) const;

  // What a file on the disk held when it was read.
  struct ReadFile {
    std::filesystem::file_time_type time;
    std::uintmax_t size = 0;
    std::unique_ptr<BibFile> bib;
  };

  std::vector<std::string> folders_;
  std::vector<std::string> configured_;
  std::map<std::string, std::unique_ptr<OpenDocument>> documents_;  // by URI
  std::map<std::string, ReadFile> read_;                            // by path
};

// The text of an entry for people, in Markdown: authors (year), title, where it appeared, identifiers.
std::string markdown_of(const BibEntry& entry);

// The abstract that an entry has, as plain text.
std::string abstract_of(const BibEntry& entry);

// The key that an entry gets where nobody chose one: "vaswani2017attention".
std::string usual_key_of(const BibEntry& entry);

// A text that says of the entry what the whole file does: behind the @string blocks, if it names macros.
std::string text_alone(const BibEntry& entry);

// An entry on one line.
struct ShownEntry {
  std::string who;    // "Vaswani et al. (2017)"
  std::string title;  // plain

  std::string line() const { return who + (who.empty() || title.empty() ? "" : ". ") + title; }
};
ShownEntry shown_form_of(const BibEntry& entry);

// "Vaswani et al. (2017)"
std::string short_form_of(const BibEntry& entry);

}  // namespace bibsmith::plugin
