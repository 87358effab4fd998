#include "plugin/session/index_evidence.hpp"

#include <utility>

namespace bibsmith::plugin {

namespace {

using bibtex::Question;
using Works = tl::expected<std::vector<fetchers::IndexedWork>, fetchers::IndexError>;

// Many works bear a title such as "Introduction".
constexpr std::size_t titled_max = 20;

}  // namespace

tl::expected<std::vector<IndexedCandidate>, fetchers::IndexError> index_candidates(
    fetchers::RecordIndex& index, const bibtex::Claim& claim) {
  std::vector<IndexedCandidate> candidates;
  std::string why;
  const auto take = [&](Works works, Question question) {
    if (!works) {
      why = works.error().message;
      return;
    }
    if (works->size() > titled_max) works->resize(titled_max);
    for (fetchers::IndexedWork& work : *works) candidates.push_back({std::move(work.record), question});
  };
  if (claim.arxiv_id) take(index.with(*claim.arxiv_id), Question::arxiv_id);
  if (claim.doi) {
    const auto id = claim.doi->arxiv_id();
    take(id ? index.with(*id) : index.with(*claim.doi), Question::doi);
  }
  if (!claim.title.empty()) take(index.titled(claim.title), Question::title);
  if (candidates.empty() && !claim.title.empty()) take(index.like(claim.title), Question::title);
  if (!why.empty()) return tl::unexpected(fetchers::IndexError{std::move(why)});
  return candidates;
}

}  // namespace bibsmith::plugin
