#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

#include "fetchers/cache/store.hpp"

namespace bibsmith::testing {

inline std::chrono::sys_seconds at(int when) { return std::chrono::sys_seconds(std::chrono::seconds(when)); }

inline fetchers::StoredAnswer answer(std::string name, std::uint16_t version, bool current, int when,
                                     std::string body = "<entry/>") {
  return fetchers::StoredAnswer{fetchers::Subject{"arxiv-atom", std::move(name), version}, current,
                                Origin{"arxiv-atom", "https://example.org/query", at(when)}, std::move(body)};
}

inline fetchers::Subject newest(std::string name) { return {"arxiv-atom", std::move(name), 0}; }
inline fetchers::Subject pinned(std::string name, std::uint16_t version) {
  return {"arxiv-atom", std::move(name), version};
}

}  // namespace bibsmith::testing
