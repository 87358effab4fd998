#pragma once

#include <string>
#include <utility>
#include <vector>

#include "plugin/json/json_document.hpp"
#include "plugin/session/library_undo.hpp"
#include "plugin/session/sync.hpp"

namespace bibsmith::plugin {

// docs/cli.md has the shapes.
JsonDocument json_of(const SyncAnswer& answer, const SyncRequest& request);
JsonDocument json_of(const LibraryUndoAnswer& answer, const std::string& library, bool is_written);
JsonDocument json_of_libraries(const std::vector<std::pair<std::string, std::string>>& libraries);
JsonDocument json_of(const std::vector<fetchers::LibraryMember>& members);
JsonDocument json_of(const std::vector<fetchers::LibraryEvent>& history);

}  // namespace bibsmith::plugin
