#pragma once

#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "fetchers/record/fetcher.hpp"
#include "plugin/session/check.hpp"
#include "plugin/session/session.hpp"

namespace bibsmith::plugin {

// The codes of what the sources know better, in the order of docs/check.md.
std::span<const std::string_view> online_codes();

// Adds to the files of `answer` what the sources know of their entries: withdrawn, published since, another
// title or other authors by now, an id or a DOI that leads to another work. The files are not changed.
// Returns why sources could not be asked, one line a reason; what could not be asked is no finding.
std::vector<std::string> check_online(Session& session, CheckAnswer& answer, const CheckFilter& filter,
                                      std::stop_token stop, const FetchProgress& progress);

}  // namespace bibsmith::plugin
