#include "tests/bench/rivals.hpp"

#if BIBSMITH_HAS_BTPARSE
#include <cstdio>

extern "C" {
#include <btparse.h>
}
#endif

namespace bibsmith::bench {

bool parse_with_btparse(const std::string& path) {
#if BIBSMITH_HAS_BTPARSE
  std::FILE* const file = std::fopen(path.c_str(), "r");
  if (file == nullptr) return false;
  // Its messages about the text would be printed, which is no part of parsing.
  std::FILE* const messages = std::freopen("/dev/null", "w", stderr);
  bt_initialize();
  std::string name = path;
  boolean is_good = 0;
  while (AST* const entry = bt_parse_entry(file, name.data(), 0, &is_good)) bt_free_ast(entry);
  bt_cleanup();
  std::fclose(file);
  return messages != nullptr;
#else
  static_cast<void>(path);
  return false;
#endif
}

}  // namespace bibsmith::bench
