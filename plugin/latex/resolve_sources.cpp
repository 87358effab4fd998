#include "plugin/latex/resolve_sources.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "plugin/session/request_key.hpp"

namespace bibsmith::plugin {

namespace {

std::vector<bibtex::Span> keys_in(const std::string& path, std::string_view text) {
  return scan_source(text, source_format(path).value_or(SourceFormat::tex)).keys;
}

bool is_written_by_people(SourceFormat format) {
  return format != SourceFormat::aux && format != SourceFormat::bcf;
}

bool asks(const std::string& key, bool by_title) {
  return requested_paper(key) || (by_title && title_request(key));
}

// Whether the sources can be changed; empty: yes.
std::string why_not_renamed(const CitedSources& read, bool by_title) {
  if (!std::all_of(read.formats.begin(), read.formats.end(), is_written_by_people)) {
    return "keys are rewritten in the sources: name the .tex file, and not what LaTeX made of it";
  }
  for (const CitedKey& cited : read.cited) {
    if (!asks(cited.key, by_title)) continue;
    for (const ReadSource& source : read.sources) {
      if (source.path != cited.path || source.is_inside) continue;
      return source.path + " cites " + cited.key +
             ", but is outside of the folder of the source: not changed";
    }
  }
  return {};
}

}  // namespace

std::string bibliography_to_fill(const CitedSources& read) {
  const auto is_ours = [](const NamedBibliography& one) { return one.is_inside; };
  for (const NamedBibliography& one : read.bibliographies) {
    if (is_ours(one) && std::filesystem::path(one.path).filename() == "auto.bib") return one.path;
  }
  if (read.bibliographies.size() == 1 && is_ours(read.bibliographies.front())) {
    return read.bibliographies.front().path;
  }
  return {};
}

tl::expected<ResolveSourcesAnswer, FileError> resolve_sources(Session& session,
                                                              const ResolveSourcesRequest& request,
                                                              std::stop_token stop,
                                                              const FetchProgress& progress) {
  ResolveSourcesAnswer answer;
  answer.read = read_sources(request.sources, request.bibliography_folders);
  const CitedSources& read = answer.read;
  if (read.sources.empty() && !read.problems.empty()) {
    return file_error(FileError::Code::unreadable, read.problems.front());
  }
  answer.to = request.to.empty() ? bibliography_to_fill(read) : request.to;

  ResolveRequest resolving;
  bool has_requests = false;
  for (const CitedKey& cited : read.cited) {
    resolving.keys.push_back(cited.key);
    has_requests = has_requests || asks(cited.key, request.by_title);
  }
  if (answer.to.empty()) {
    if (!has_requests && request.lock.empty()) return answer;
    return file_error(FileError::Code::not_found,
                      "where shall new entries go? Name a file with --to, or let the source name auto.bib");
  }
  for (const NamedBibliography& one : read.bibliographies) {
    resolving.bibliographies.push_back(one.path);
    const bool is_target = one.path == answer.to && !one.exists;
    resolving.makes_empty = resolving.makes_empty || is_target;
  }
  resolving.to = answer.to;
  resolving.dialect = read.is_biblatex ? bibtex::Dialect::biblatex : bibtex::Dialect::bibtex;
  resolving.request_keys = request.request_keys;
  resolving.map = request.map;
  resolving.lock = request.lock;
  resolving.is_locked = request.is_locked;
  resolving.by_title = request.by_title;
  if (request.request_keys == RequestKeys::renamed) {
    if (std::string why = why_not_renamed(read, request.by_title); !why.empty()) {
      return file_error(FileError::Code::refused, std::move(why));
    }
    for (const ReadSource& source : read.sources) {
      if (source.is_inside) resolving.sources.push_back(source.path);
    }
    resolving.find_keys = keys_in;
  }
  auto resolved = resolve(session, resolving, std::move(stop), progress);
  if (!resolved) return tl::unexpected(resolved.error());
  answer.resolved = std::move(*resolved);
  return answer;
}

}  // namespace bibsmith::plugin
