// jemalloc reads this when the process makes its first allocation (jemalloc(3), TUNING);
// docs/decisions/0018-jemalloc-with-huge-pages.md has the reasons and what was measured.
#include <algorithm>
#include <string_view>

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

}  // namespace
