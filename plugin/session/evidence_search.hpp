#pragma once

#include <deque>
#include <functional>
#include <span>
#include <stop_token>
#include <vector>

#include "bibtex/verify/claim.hpp"
#include "bibtex/verify/evidence.hpp"
#include "bibtex/verify/judge.hpp"
#include "plugin/session/session.hpp"

namespace bibsmith::plugin {

// What was found out about one reference, with the records that the evidence points to.
struct FoundEvidence {
  std::deque<Record> records;
  bibtex::Evidence evidence;
  bibtex::Verdict verdict;

  FoundEvidence() = default;
  FoundEvidence(const FoundEvidence&) = delete;
  FoundEvidence& operator=(const FoundEvidence&) = delete;
  FoundEvidence(FoundEvidence&&) = default;  // a deque that moves leaves its elements where they are
  FoundEvidence& operator=(FoundEvidence&&) = default;
};

// Asks the sources about references, no more than it takes to judge them, and judges.
//
// The local index first: what it confirms is asked of nobody. Then own identifiers, all in batches: arXiv
// ids, of the version that is cited, then DOIs. What is still open after that is looked up by its title, in
// one source after the other: first where works of its kind are most likely to be, several titles in one
// request where a source takes them. A reference is closed when its work is found and all that it says is
// compared, or when no source is left. A source that cannot be asked is left out from then on, not waited
// for, and named in the evidence of each reference that it would have been asked about. What a setting leaves
// out is not named. The same answers give the same evidence, whether from the cache or not. `done` hears of
// the references closed and of all. Errors: none; see the answers in the evidence. [one thread at a time]
std::vector<FoundEvidence> search_evidence(Session& session, std::span<const bibtex::Claim> claims,
                                           const bibtex::JudgeOptions& options, std::stop_token stop = {},
                                           const FetchProgress& progress = {});

}  // namespace bibsmith::plugin
