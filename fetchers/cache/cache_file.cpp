#include "fetchers/cache/cache_file.hpp"

#include "fetchers/cache/schema.hpp"

namespace bibsmith::fetchers {

namespace {

std::chrono::sys_seconds time_in(const Statement& row, int column) {
  return std::chrono::sys_seconds(std::chrono::seconds(row.integer(column)));
}

}  // namespace

// An answer has 2 to 4 KB: a page holds several, and a batch of hundreds is few pages to write. An empty
// cache is not worth waiting for the disk: if the power fails now, the file is found damaged and a new one
// begun.
const DatabaseKind& cache_kind() {
  static constexpr DatabaseKind kind{
      .what = "cache",
      .application_id = 0x62696273,  // "bibs"
      .version = 1,
      .before_schema =
          "PRAGMA synchronous = OFF; PRAGMA page_size = 16384; PRAGMA auto_vacuum = INCREMENTAL; "
          "PRAGMA journal_mode = WAL",
      .schema = cache_schema,
      // 8 MiB of pages: a batch of answers is written once, at its end, and not spilled in between.
      .each_time = "PRAGMA synchronous = NORMAL; PRAGMA cache_size = -8192; PRAGMA wal_autocheckpoint = 0",
  };
  return kind;
}

tl::expected<CacheFileReader, std::string> CacheFileReader::open(const std::string& path) {
  auto database = Database::open(path, Database::Open::read_only);
  if (!database) return tl::unexpected(database.error().message);
  const auto is_cache = is_of_kind(*database, cache_kind());
  if (!is_cache) return tl::unexpected(is_cache.error().message);
  if (!*is_cache) return tl::unexpected(std::string("not a cache of bibsmith"));
  auto answers = database->prepare(
      "SELECT source, subject, version, current, retrieved, url, body FROM answers "
      "ORDER BY source, subject, version");
  if (!answers) return tl::unexpected(answers.error().message);
  auto missing = database->prepare(
      "SELECT source, subject, version, retrieved FROM missing ORDER BY source, subject, version");
  if (!missing) return tl::unexpected(missing.error().message);
  return CacheFileReader(std::move(*database), std::move(*answers), std::move(*missing));
}

tl::expected<std::optional<StoredAnswer>, std::string> CacheFileReader::next_answer() {
  const auto row = answers_.step();
  if (!row) return tl::unexpected(row.error().message);
  if (!*row) return std::nullopt;
  StoredAnswer answer;
  answer.subject = {std::string(answers_.text(0)), std::string(answers_.text(1)),
                    static_cast<std::uint16_t>(answers_.integer(2))};
  answer.current = answers_.integer(3) != 0;
  answer.origin.source = answer.subject.source;
  answer.origin.retrieved = time_in(answers_, 4);
  answer.origin.url = std::string(answers_.text(5));
  answer.body = std::string(answers_.text(6));
  return answer;
}

tl::expected<std::optional<StoredMissing>, std::string> CacheFileReader::next_missing() {
  const auto row = missing_.step();
  if (!row) return tl::unexpected(row.error().message);
  if (!*row) return std::nullopt;
  StoredMissing one;
  one.subject = {std::string(missing_.text(0)), std::string(missing_.text(1)),
                 static_cast<std::uint16_t>(missing_.integer(2))};
  one.retrieved = time_in(missing_, 3);
  return one;
}

}  // namespace bibsmith::fetchers
