#pragma once

#include <string>
#include <string_view>

namespace bibsmith::bibtex {

// The name under which the dialects' two names for one thing are compared: "journal" for "journaltitle",
// "year" for "date". `name` is in lower case.
std::string_view common_name(std::string_view name);

// Whether what `goes` says is in what `stays` says, in other words perhaps: "1-20" in "1--20", "Mar." in "3",
// "Phys. Rev. D" in "Physical Review D", "A. Doe and others" in "Ann Doe and Bob Roe", a title without
// subtitle in the whole one, a DOI with its link in the bare one. Values of the field `name`, a
// common_name(), with macros expanded. [any thread]
bool same_value(std::string_view name, const std::string& stays, const std::string& goes);

// A field that programs write about the entry and not about the work: "timestamp", "bdsk-url-1".
bool is_bookkeeping(std::string_view name);

}  // namespace bibsmith::bibtex
