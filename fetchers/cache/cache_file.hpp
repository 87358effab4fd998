#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "fetchers/cache/own_database.hpp"
#include "fetchers/cache/store.hpp"

namespace bibsmith::fetchers {

// The sort of file that SqliteStore keeps and every store exports.
const DatabaseKind& cache_kind();

// What a source said it does not have, and when.
struct StoredMissing {
  Subject subject;
  std::chrono::sys_seconds retrieved{};
};

// Reads such a file, row by row. One thread at a time.
class CacheFileReader {
 public:
  // The error is what is wrong with the file, without its name.
  static tl::expected<CacheFileReader, std::string> open(const std::string& path);

  // In the order of source, subject and version; nullopt: there are no more.
  tl::expected<std::optional<StoredAnswer>, std::string> next_answer();
  tl::expected<std::optional<StoredMissing>, std::string> next_missing();

 private:
  CacheFileReader(Database database, Statement answers, Statement missing)
      : database_(std::move(database)), answers_(std::move(answers)), missing_(std::move(missing)) {}

  Database database_;
  Statement answers_;
  Statement missing_;
};

}  // namespace bibsmith::fetchers
