// jemalloc reads this when the process makes its first allocation (jemalloc(3), TUNING);
// docs/decisions/0018-jemalloc-with-huge-pages.md has the reasons and what was measured.
#include <algorithm>
#include <string_view>

#include <sqlite3.h>

// Programs of ours that use no SQLite do not load it for this.
#pragma weak sqlite3_config

extern "C" {
[[gnu::visibility("default")]] extern const char* malloc_conf;
const char* malloc_conf = "thp:always,narenas:2,dirty_decay_ms:120000,muzzy_decay_ms:0";
}

namespace {

// A server lives for days: what was freed goes back to the system, and a huge page of which a part is in use
// could not.
void choose_for_servers(int argc, char** argv, char**) {
  constexpr std::string_view servers[] = {"lsp", "serve", "watch"};
  const bool is_server = std::any_of(argv, argv + argc, [&servers](const char* word) {
    return std::find(std::begin(servers), std::end(servers), word) != std::end(servers);
  });
  if (is_server) malloc_conf = "narenas:2,dirty_decay_ms:10000,muzzy_decay_ms:0";
}

// Before the constructors of all libraries (System V ABI, gABI 5: DT_PREINIT_ARRAY), of which some allocate.
[[gnu::section(".preinit_array"), gnu::used]] void (*const choose_first)(int, char**,
                                                                         char**) = choose_for_servers;

// SQLite counts the bytes of all that it allocates, for sqlite3_status(), each time behind a lock. Nobody
// asks here, and it is a fifth of the time of an import. Before SQLite is first used (sqlite3_config()).
[[gnu::constructor]] void count_no_allocations() {
  if (sqlite3_config != nullptr) sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

}  // namespace
