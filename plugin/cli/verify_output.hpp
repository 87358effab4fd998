#pragma once

#include <string>

#include "plugin/session/verify.hpp"

namespace bibsmith::plugin {

// What a person reads: a paragraph for each reference that is not verified, or that bears a notice; with
// `all` for every one.
std::string text_of(const VerifyAnswer& answer, bool all);

// The same as annotations of GitHub Actions.
std::string github_of(const VerifyAnswer& answer);

// A page that stands alone, for a co-author or an editor: every reference, what was compared and who said
// what. Nothing is loaded from elsewhere.
std::string html_of(const VerifyAnswer& answer);

// "wrong fields: author, year", "does not exist", ...: a verdict in words.
std::string words_of(const bibtex::Verdict& verdict);

}  // namespace bibsmith::plugin
