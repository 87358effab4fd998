#include "plugin/session/author_index.hpp"

#include <set>
#include <utility>

#include "fetchers/index/record_index.hpp"

namespace bibsmith::plugin {

namespace {

FetchError offline_error(std::string message) {
  return {.code = FetchError::Code::offline, .message = std::move(message)};
}

FetchError nothing_to_search() {
  return offline_error(
      "a search for an author needs arXiv, and offline mode forbids to ask; the local index is empty, see "
      "bibsmith cache import");
}

}  // namespace

std::vector<std::string> indexed_names(const bibtex::Name& name) {
  if (name.is_literal()) return {name.literal};
  const std::string family = name.prefix.empty() ? name.family : name.prefix + ' ' + name.family;
  const std::string first = name.given.substr(0, name.given.find(' '));
  const bool is_whole = first.size() > 2 && !first.ends_with('.');
  if (!is_whole) return {family};
  return {first + ' ' + family, family};
}

fetchers::SearchResult search_index_for(Session& session, std::span<const std::string> names,
                                        std::size_t each_max) {
  fetchers::SearchResult result;
  fetchers::RecordIndex* const index = session.index();
  const auto stats = index != nullptr ? index->stats() : tl::unexpected(fetchers::IndexError{});
  if (!stats || stats->works == 0) {
    result.error = nothing_to_search();
    return result;
  }
  std::set<ArxivId> known;
  for (const std::string& name : names) {
    auto works = index->search({.author = name, .results_max = each_max});
    if (!works) {
      result.error = offline_error(works.error().message);
      break;
    }
    for (fetchers::IndexedWork& work : *works) {
      const bool is_paper = work.record.arxiv_id && fetchers::is_arxiv_record(work.record);
      if (is_paper && known.insert(work.record.arxiv_id->without_version()).second) {
        result.records.push_back(std::move(work.record));
      }
    }
  }
  result.total_results = result.records.size();
  return result;
}

}  // namespace bibsmith::plugin
