#include "plugin/lsp/workspace.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "plugin/lsp/uri.hpp"
#include "plugin/session/file_store.hpp"

namespace bibsmith::plugin {

namespace fs = std::filesystem;

namespace {

constexpr int folder_depth_max = 8;

std::string absolute(const fs::path& base, const std::string& name) {
  return (base / name).lexically_normal().string();
}

}  // namespace

const LineText& OpenDocument::lines() const {
  if (bib) return *bib;
  return *source;
}

std::string OpenDocument::text() const { return bib ? bib->text() : source->text(); }

void OpenDocument::replace(bibtex::Span span, std::string_view new_text) {
  if (bib) {
    bib->replace(span, new_text);
  } else {
    source->replace(span, new_text);
  }
}

OpenDocument& Workspace::open(const std::string& uri, std::string_view language_id, std::int64_t version,
                              std::string text) {
  auto document = std::make_unique<OpenDocument>();
  document->uri = uri;
  document->path = path_of_uri(uri);
  document->language = language_of(language_id, document->path);
  document->version = version;
  if (document->language == Language::bibtex) {
    const auto known = read_.find(document->path);
    if (known != read_.end() && known->second.bib && known->second.bib->document().holds(text)) {
      document->bib = std::move(known->second.bib);
    } else {
      read_.erase(document->path);  // first, so that not both are there at once
      document->bib = std::make_unique<BibFile>(std::move(text));
    }
  } else {
    document->source = std::make_unique<SourceFile>(std::move(text), document->language);
  }
  read_.erase(document->path);
  return *(documents_[uri] = std::move(document));
}

void Workspace::close(const std::string& uri) { documents_.erase(uri); }

OpenDocument* Workspace::find(const std::string& uri) {
  const auto found = documents_.find(uri);
  return found == documents_.end() ? nullptr : found->second.get();
}

const OpenDocument* Workspace::find(const std::string& uri) const {
  const auto found = documents_.find(uri);
  return found == documents_.end() ? nullptr : found->second.get();
}

const OpenDocument* Workspace::find_path(const std::string& path) const {
  for (const auto& [uri, document] : documents_) {
    if (document->path == path) return document.get();
  }
  return nullptr;
}

const BibFile* Workspace::read_bibliography(const std::string& path) {
  std::error_code error;
  const auto time = fs::last_write_time(path, error);
  const auto size = error ? 0 : fs::file_size(path, error);
  if (error || size > bib_file_bytes_max) {
    read_.erase(path);
    return nullptr;
  }
  ReadFile& known = read_[path];
  if (known.bib && known.time == time && known.size == size) return known.bib.get();
  auto text = read_file(path);
  if (!text || !*text) {
    read_.erase(path);
    return nullptr;
  }
  known = {time, size, std::make_unique<BibFile>(std::move(**text))};
  return known.bib.get();
}

void Workspace::add(std::vector<Bibliography>& list, const std::string& path) {
  if (std::ranges::any_of(list, [&](const Bibliography& one) { return one.path == path; })) return;
  if (const OpenDocument* open = find_path(path); open != nullptr && open->bib) {
    list.push_back({path, open->bib.get(), open});
  } else if (const BibFile* file = read_bibliography(path)) {
    list.push_back({path, file, nullptr});
  }
}

std::vector<Bibliography> Workspace::bibliographies_of(const OpenDocument& document) {
  std::vector<Bibliography> list;
  if (document.bib) list.push_back({document.path, document.bib.get(), &document});
  if (document.source) {
    const fs::path folder = fs::path(document.path).parent_path();
    for (const std::string& name : document.source->bibliographies()) {
      const std::size_t before = list.size();
      add(list, absolute(folder, name));
      // A chapter names the bibliography as its main file, which lies above, would.
      for (std::size_t i = 0; i < folders_.size() && list.size() == before; ++i)
        add(list, absolute(folders_[i], name));
    }
  }
  for (const std::string& path : configured_) add(list, path);
  return list.empty() ? all_bibliographies() : list;
}

std::vector<Bibliography> Workspace::all_bibliographies() {
  std::vector<Bibliography> list;
  for (const auto& [uri, document] : documents_) {
    if (document->bib) add(list, document->path);
  }
  for (const std::string& path : configured_) add(list, path);
  for (const std::string& path : files_with(Language::bibtex)) add(list, path);
  return list;
}

std::vector<std::string> Workspace::files_with(Language language) const {
  std::vector<std::string> paths;
  std::size_t seen = 0;
  for (const std::string& folder : folders_) {
    std::error_code error;
    fs::recursive_directory_iterator at(folder, fs::directory_options::skip_permission_denied, error);
    for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
      if (++seen > files_max) break;
      const std::string name = at->path().filename().string();
      if (at->is_directory(error)) {
        if (at.depth() >= folder_depth_max || name.starts_with('.') || name == "node_modules") {
          at.disable_recursion_pending();
        }
        continue;
      }
      const Language found = language_of({}, name);
      const bool is_wanted = language == Language::bibtex
                                 ? found == Language::bibtex
                                 : found != Language::bibtex && found != Language::other;
      if (is_wanted && at->is_regular_file(error)) paths.push_back(at->path().lexically_normal().string());
    }
  }
  std::ranges::sort(paths);
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
  return paths;
}

std::vector<Source> Workspace::sources() const {
  std::vector<Source> list;
  for (const auto& [uri, document] : documents_) {
    if (document->source) list.push_back({document->path, nullptr, document->source.get(), document.get()});
  }
  for (const std::string& path : files_with(Language::latex)) {
    if (find_path(path) != nullptr) continue;
    std::error_code error;
    if (fs::file_size(path, error) > source_bytes_max || error) continue;
    auto text = read_file(path);
    if (!text || !*text) continue;
    auto file = std::make_shared<const SourceFile>(std::move(**text), language_of({}, path));
    const SourceFile* raw = file.get();
    list.push_back({path, std::move(file), raw, nullptr});
  }
  return list;
}

}  // namespace bibsmith::plugin
