#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "fetchers/http/transport.hpp"

namespace bibsmith::fetchers {

// Why the body of an answer cannot be XML at all; nullopt: it may be. `noun` is what was expected, and begins
// with a vowel: "Atom feed". [any thread]
std::optional<FetchError> why_not_xml(std::string_view body, std::size_t bytes_max, std::string_view noun);

// Why an answer is none, by its status alone: refusals (is_refusal) are rate_limited, other 4xx rejected, the
// rest but 200 bad_response. nullopt: 200. Carries `request_url` and the status. [any thread]
std::optional<FetchError> why_no_answer(const HttpResponse& response, const std::string& request_url);

// The error of a reader, with the host, the request and the status of the answer that it read. [any thread]
FetchError error_in_answer(FetchError error, const HttpResponse& response, const std::string& request_url);

}  // namespace bibsmith::fetchers
