#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "plugin/session/sync.hpp"

namespace bibsmith::plugin {

// A sync that left nothing open, neither in the file nor in the library.
struct SettledSync {
  std::string text;           // of the file, behind it
  std::int64_t revision = 0;  // of the library
};

// sync_file() for a file that is still as it was settled: reads what changed in the library since, and merges
// that alone; the cost of all else is that of one change of the file. nullopt: it has to be a whole sync, and
// nothing was changed. That is so if the file is another one by now, or much changed, or a change meets
// another entry of the file.
tl::expected<std::optional<SyncAnswer>, SyncError> pull_changes(const SyncRequest& request,
                                                                fetchers::PostgresLibrary& library,
                                                                const ChangeContext& context,
                                                                const SettledSync& settled);

}  // namespace bibsmith::plugin
