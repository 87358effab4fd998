#pragma once

#include <string>

#include <tl/expected.hpp>

#include "plugin/session/acceptance.hpp"
#include "plugin/session/file_change.hpp"

namespace bibsmith::plugin {

// The bibsmith.toml that takes an acceptance: the nearest one in `directory` or above it, or a new one there.
std::string acceptance_path(const std::string& directory);

// Writes an acceptance to the end of the file at `path`, which is made where there is none; `undo` takes it
// back. Errors: those of change_files(), and `refused` for what with_acceptance() says no to.
tl::expected<void, FileError> accept_reference(const std::string& path, const std::string& key,
                                               const Acceptance& acceptance, const ChangeContext& context);

}  // namespace bibsmith::plugin
