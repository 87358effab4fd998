#pragma once

#include <chrono>
#include <functional>

#include "plugin/session/sync.hpp"

namespace bibsmith::plugin {

// Between two looks at the file. What is being written is left alone until two looks see the same.
inline constexpr std::chrono::milliseconds follow_looks{50};
// Before a store that was away is asked again, and a sync that failed is tried again.
inline constexpr std::chrono::milliseconds follow_pause{1000};

using OpenLibrary = std::function<tl::expected<fetchers::PostgresLibrary, fetchers::LibraryError>()>;
// Hears of each sync, and once of a store that is away or of what a sync fails for: an error ends nothing,
// and may be gone at the next try.
using Followed = std::function<void(const tl::expected<SyncAnswer, SyncError>& answer)>;

// sync_file(), at once and then whenever the file or the library changes, until context.stop. A file that
// goes away meanwhile is waited for, and not made again. `open` is asked anew when the connection breaks.
void follow_library(const SyncRequest& request, const OpenLibrary& open, const ChangeContext& context,
                    const Followed& told);

}  // namespace bibsmith::plugin
