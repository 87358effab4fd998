#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "fetchers/profile/author_profile.hpp"
#include "fetchers/profile/same_person.hpp"
#include "fetchers/profile/similar_authors.hpp"
#include "plugin/session/cite.hpp"
#include "plugin/session/session.hpp"

namespace bibsmith::plugin {

struct AuthorRequest {
  // A name ("Jason D. Lee", "Lee, Jason D."), arXiv's author id ("lee_j_1") or an ORCID; may be empty where
  // `ids` are given.
  std::string who;
  std::vector<std::string> ids;         // if there are any: these papers, in this order, and no search
  std::vector<std::string> theirs;      // arXiv ids: corrections, kept for later
  std::vector<std::string> not_theirs;  // the same
  bool similar = true;                  // look for similar authors: one more request
};

// A paper of the person.
struct AuthorPaper {
  CitedPaper cited;
  std::string venue;
  std::string teaser;
  double certainty = 1;                         // that it is theirs
  std::vector<fetchers::PersonReason> reasons;  // empty where nothing had to be told apart
};

// Somebody else of that name, as far as their papers tell.
struct Namesake {
  fetchers::AuthorProfile profile;
  std::vector<std::string> ids;  // newest first
};

struct AuthorAnswer {
  std::string asked;
  fetchers::AuthorProfile profile;  // its name is never empty
  fetchers::AuthorStatistics statistics;
  std::vector<fetchers::SimilarAuthor> similar;
  std::vector<AuthorPaper> papers;  // newest first; in the order of request.ids
  std::vector<Namesake> namesakes;
  std::uint64_t searched = 0;  // results of the search that were looked at
  std::uint64_t matching = 0;  // results that there are
  bool is_local = false;       // offline: the local index was searched, and it may lack papers
  // What could not be had. `error`: papers may be missing; `similar_error`: similar authors alone.
  std::optional<FetchError> error;
  std::optional<FetchError> similar_error;
  std::vector<InvalidId> invalid;
  std::vector<ArxivId> not_found;
  std::vector<FetchResult::Failure> failures;
};

struct AuthorError {
  enum class Code : std::uint8_t { usage, no_such_author, file };
  Code code = Code::usage;
  std::string message;
};

// arXiv's first results of a search for a name; who has more namesakes has to say which papers are theirs.
inline constexpr std::uint32_t author_results_max = 2000;

// Everything about one author: one request for up to 500 papers of the name, one for the works of those that
// they write with. What comes goes into the cache. Offline both are searches of the local index.
tl::expected<AuthorAnswer, AuthorError> author(Session& session, const AuthorRequest& request,
                                               const std::stop_token& stop = {},
                                               const FetchProgress& progress = {});

}  // namespace bibsmith::plugin
