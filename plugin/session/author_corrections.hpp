#pragma once

#include <span>
#include <string>

#include <tl/expected.hpp>

#include "fetchers/profile/same_person.hpp"
#include "plugin/session/file_change.hpp"

namespace bibsmith::plugin {

// What the user said of whose papers are whose, kept in a text file of the state folder that people can edit,
// a line each:
//
//   + 2212.03714 jason d lee
//   - hep-ph/9901001 jason d lee
//
// Lines that begin with '#', and those that cannot be read, are left alone.
inline constexpr std::size_t corrections_bytes_max = 4u << 20;

std::string corrections_path(const std::string& state_dir);

// The name as the file has it: letters and digits in lower case, words apart. An author id stays as it is.
std::string corrections_name(const fetchers::PersonName& name);

// Those of one name. A file that does not exist has none. Errors: it cannot be read, or is too large.
tl::expected<fetchers::Corrections, FileError> read_corrections(const std::string& path,
                                                                const std::string& name);

// Enters papers (arXiv ids without version) for that name; what the file said of them before goes. Nothing
// else in the file changes.
tl::expected<void, FileError> keep_corrections(const std::string& path, const std::string& name,
                                               const fetchers::Corrections& corrections,
                                               const ChangeContext& context);

}  // namespace bibsmith::plugin
