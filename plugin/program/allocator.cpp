// jemalloc reads this when the process makes its first allocation (jemalloc(3), TUNING);
// docs/decisions/0018-jemalloc-with-huge-pages.md has the reasons and what was measured.
#include <algorithm>
#include <cstddef>
#include <string_view>

#include <sqlite3.h>

// Programs of ours that use no SQLite do not load it for this.
#pragma weak sqlite3_config

extern "C" {
[[gnu::visibility("default")]] extern const char* malloc_conf;
const char* malloc_conf =
    // Nothing is given back: a few pages break a huge one into small, and its main arena gives back at once
    // what is free in one piece of 8 MiB, whatever oversize_threshold says, unless the time is without end.
    "thp:always,narenas:2,dirty_decay_ms:-1,muzzy_decay_ms:0,"
    // A large piece comes out of what reserve_ranges() got, too, and so does a small one.
    "oversize_threshold:0,lg_extent_max_active_fit:30";
void* mallocx(std::size_t bytes, int flags) noexcept;
void dallocx(void* memory, int flags) noexcept;
int mallctl(const char* name, void* old_value, std::size_t* old_bytes, void* new_value,
            std::size_t new_bytes) noexcept;
}
// A jemalloc whose names have a prefix does without what is done by these.
#pragma weak mallocx
#pragma weak dallocx
#pragma weak mallctl

namespace {

// A server lives for days: what was freed goes back to the system, and a huge page of which a part is in use
// could not.
bool is_server = false;

void choose_for_servers(int argc, char** argv, char**) {
  constexpr std::string_view servers[] = {"lsp", "serve", "watch"};
  is_server = std::any_of(argv, argv + argc, [&servers](const char* word) {
    return std::find(std::begin(servers), std::end(servers), word) != std::end(servers);
  });
  if (is_server) malloc_conf = "narenas:2,dirty_decay_ms:10000,muzzy_decay_ms:0";
}

// Before the constructors of all libraries (System V ABI, gABI 5: DT_PREINIT_ARRAY), of which some allocate.
[[gnu::section(".preinit_array"), gnu::used]] void (*const choose_first)(int, char**,
                                                                         char**) = choose_for_servers;

// The system lays a range of addresses at the beginning of a huge page only if it is some of them long, and
// those that jemalloc asks for are of all sizes: their edges, most of a small one, would be pages of 4 KiB.
// Each arena begins with one long range, of which nothing is touched before it is used.
[[gnu::constructor]] void reserve_ranges() {
  if (is_server || mallocx == nullptr || dallocx == nullptr || mallctl == nullptr) return;
  constexpr std::size_t range_bytes = 64u << 20;
  constexpr int past_the_cache = 1 << 8;  // MALLOCX_TCACHE_NONE of jemalloc(3)
  constexpr const char* purges[] = {"arena.0.purge", "arena.1.purge"};
  for (int arena = 0; arena < 2; ++arena) {
    const int flags = ((arena + 1) << 20) | past_the_cache;  // MALLOCX_ARENA
    if (void* const range = mallocx(range_bytes, flags); range != nullptr) dallocx(range, flags);
    // Told that nothing of it is in use, jemalloc takes from its beginning; else a small command touches
    // more of it.
    (void)mallctl(purges[arena], nullptr, nullptr, nullptr, 0);
  }
}

// SQLite counts the bytes of all that it allocates, for sqlite3_status(), each time behind a lock. Nobody
// asks here, and it is a fifth of the time of an import. Before SQLite is first used (sqlite3_config()).
[[gnu::constructor]] void count_no_allocations() {
  if (sqlite3_config != nullptr) sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

}  // namespace
