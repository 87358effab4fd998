// jemalloc reads this when the process makes its first allocation (jemalloc(3), TUNING);
// docs/decisions/0018-jemalloc-with-huge-pages.md has the reasons and what was measured.
extern "C" {
[[gnu::visibility("default")]] extern const char* malloc_conf;
const char* malloc_conf = "thp:always,narenas:2,dirty_decay_ms:120000,muzzy_decay_ms:0";
}
