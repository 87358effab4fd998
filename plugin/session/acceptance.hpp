#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "bibtex/verify/verdict.hpp"

namespace bibsmith::plugin {

// What somebody has looked at and found right, whatever the records say. It stands in the project's
// bibsmith.toml, [verify.accept.KEY], where all who work on the text see it.
struct Acceptance {
  // Fields that may be contradicted ("year"), and verdicts ("could_not_verify", "does_not_exist").
  std::vector<std::string> what;
  std::string reason;  // never empty
};

// By citation key.
using Acceptances = std::map<std::string, Acceptance, std::less<>>;

// What has to be accepted of the verdict: the wrong fields, or the verdict itself. Empty: it is verified.
std::vector<std::string> to_accept(const bibtex::Verdict& verdict);

// Whether all that speaks against the reference was accepted: what is found later is a finding again.
bool covers(const Acceptance& acceptance, const bibtex::Verdict& verdict);

// The text of a bibsmith.toml with one more acceptance at its end; every byte that was there stays. Errors,
// one line: the text is no TOML, or has an acceptance for the key. [any thread]
tl::expected<std::string, std::string> with_acceptance(std::string text, const std::string& key,
                                                       const Acceptance& acceptance);

}  // namespace bibsmith::plugin
