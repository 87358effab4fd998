#pragma once

#include <string>

#include "plugin/session/verify.hpp"

namespace bibsmith::plugin {

// What a person reads: a paragraph for each reference that is not verified, or that bears a notice; with
// `all` for every one.
std::string text_of(const VerifyAnswer& answer, bool all);

// The same as annotations of GitHub Actions.
std::string github_of(const VerifyAnswer& answer);

}  // namespace bibsmith::plugin
