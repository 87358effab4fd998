#include "plugin/latex/verify_sources.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "bibtex/match/reading_list.hpp"
#include "plugin/latex/cited_sources.hpp"
#include "plugin/latex/source_scan.hpp"

namespace bibsmith::plugin {

namespace {

// The bibliographies of the sources, with the keys that are cited; none: all are.
void add_cited(const std::vector<std::string>& sources, std::span<const std::string> folders,
               std::vector<ReferenceText>& texts, std::vector<FileError>& failures) {
  if (sources.empty()) return;
  const CitedSources read = read_sources(sources, folders);
  for (const std::string& problem : read.problems) failures.push_back({FileError::Code::unreadable, problem});
  std::optional<std::set<std::string>> keys;
  if (!read.cites_all) {
    keys.emplace();
    for (const CitedKey& cited : read.cited) keys->insert(cited.key);
  }
  for (const NamedBibliography& bibliography : read.bibliographies) {
    if (bibliography.exists) texts.push_back({bibliography.path, {}, keys});
  }
}

}  // namespace

VerifyAnswer verify_sources(Session& session, const std::vector<std::string>& paths,
                            std::span<const std::string> bibliography_folders, std::stop_token stop,
                            const FetchProgress& progress, std::FILE* input) {
  std::vector<std::string> sources;
  std::vector<ReferenceText> named;
  std::vector<FileError> failures;
  for (const std::string& path : paths) {
    if (source_format(path)) {
      sources.push_back(path);
    } else {
      named.push_back({path, {}, std::nullopt});
    }
  }
  add_cited(sources, bibliography_folders, named, failures);
  std::vector<ReferenceText> texts;
  std::set<std::string> seen;
  for (ReferenceText& one : named) {
    if (!seen.insert(one.path == "-" ? one.path : canonical_path(one.path)).second) continue;
    if (one.path == "-" && input != nullptr) {
      one.text = read_stream(input, bibtex::reading_list_bytes_max);
      texts.push_back(std::move(one));
      continue;
    }
    auto text = read_file(one.path);
    if (!text || !*text) {
      failures.push_back(text ? FileError{FileError::Code::not_found, one.path + ": no such file"}
                              : text.error());
      continue;
    }
    one.text = std::move(**text);
    texts.push_back(std::move(one));
  }
  VerifyAnswer answer = verify_texts(session, std::move(texts), std::move(stop), progress);
  answer.failures.insert(answer.failures.begin(), failures.begin(), failures.end());
  return answer;
}

}  // namespace bibsmith::plugin
