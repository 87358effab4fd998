#pragma once

#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/latex/cited_sources.hpp"
#include "plugin/session/check.hpp"
#include "plugin/session/session.hpp"

namespace bibsmith::plugin {

// The codes of what is wrong between sources and bibliographies, in the order of docs/check.md.
std::span<const std::string_view> citation_codes();

// Adds to `answer` what is wrong with the citations of the sources: keys that nothing defines, entries that
// nothing cites, one paper under two cited keys, keys that a program in use cannot read. Files without a
// finding are not in the answer.
void check_sources(const CitedSources& read, const CheckFilter& filter, CheckAnswer& answer);

// The same for what only arXiv knows: a cited entry names a version, and there is a newer one. Returns why it
// could not be asked, one line a reason.
std::vector<std::string> check_cited_versions(Session& session, const CitedSources& read,
                                              const CheckFilter& filter, CheckAnswer& answer,
                                              std::stop_token stop, const FetchProgress& progress);

}  // namespace bibsmith::plugin
