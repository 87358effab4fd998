#include "fetchers/cache/postgres_parts.hpp"

#include <optional>
#include <utility>
#include <vector>

#include "fetchers/cache/postgres_address.hpp"
#include "fetchers/cache/postgres_schema.hpp"

namespace bibsmith::fetchers {

namespace {

// Tables that belong together, with the version of their form.
struct Part {
  const char* name;
  std::int64_t version;
  const char* schema;
  bool (*is_for)(const PostgresCapabilities& can);
};

bool every_engine(const PostgresCapabilities&) { return true; }

constexpr Part parts[] = {
    {"cache", 1, postgres_cache_schema, every_engine},
    {"pace", 1, postgres_pace_schema, [](const PostgresCapabilities& can) { return can.advisory_locks; }},
    {"libraries", 1, postgres_library_schema,
     [](const PostgresCapabilities& can) { return can.row_security; }},
    {"notices", 1, postgres_notices_schema,
     [](const PostgresCapabilities& can) { return can.row_security && can.notifications; }},
    {"records", 1, postgres_records_schema, [](const PostgresCapabilities& can) { return can.partitions; }},
};

constexpr const char* base =
    "CREATE SCHEMA IF NOT EXISTS bibsmith;"
    "CREATE TABLE IF NOT EXISTS bibsmith.formats (part text PRIMARY KEY, version bigint NOT NULL);"
    "GRANT USAGE ON SCHEMA bibsmith TO PUBLIC;"
    "GRANT SELECT ON bibsmith.formats TO PUBLIC;";

PostgresError other(std::string message) { return {PostgresError::Code::other, {}, std::move(message)}; }

// The parts that are not there yet.
tl::expected<std::vector<const Part*>, PostgresError> missing_parts(PostgresConnection& connection,
                                                                    const PostgresCapabilities& can) {
  std::vector<const Part*> missing;
  const auto found = connection.run("SELECT part, version FROM bibsmith.formats");
  const bool is_new = !found && (found.error().state == "42P01" || found.error().state == "3F000");
  if (!found && !is_new) return tl::unexpected(found.error());
  for (const Part& part : parts) {
    if (!part.is_for(can)) continue;
    std::optional<std::int64_t> version;
    for (std::size_t row = 0; found && row < found->size(); ++row) {
      if (found->text(row, 0) == part.name) version = found->integer(row, 1);
    }
    if (!version) missing.push_back(&part);
    if (version && *version != part.version) {
      return tl::unexpected(
          other(*version > part.version ? "written by a newer bibsmith" : "written by an older bibsmith"));
    }
  }
  return missing;
}

tl::expected<void, PostgresError> make_parts(PostgresConnection& connection,
                                             const std::vector<const Part*>& missing) {
  const auto encoding = connection.run("SELECT current_setting('server_encoding')");
  if (!encoding) return tl::unexpected(encoding.error());
  if (encoding->size() == 1 && encoding->text(0, 0) != "UTF8") {
    return tl::unexpected(other("the database is not in UTF-8"));
  }
  std::string sql = base;
  for (const Part* part : missing) {
    sql += part->schema;
    sql += "\nINSERT INTO bibsmith.formats (part, version) VALUES ('" + std::string(part->name) + "', " +
           std::to_string(part->version) + ");";
  }
  const auto made = connection.run(sql);  // one transaction
  if (!made) return tl::unexpected(made.error());
  return {};
}

// Whether anything had to be made.
tl::expected<bool, PostgresError> make_ready(PostgresDatabase& database) {
  constexpr int tries_max = 5;
  for (int round = 0;; ++round) {
    const auto missing = missing_parts(database.connection, database.can);
    if (!missing) return tl::unexpected(missing.error());
    if (missing->empty()) return round > 0;
    const auto made = make_parts(database.connection, *missing);
    // Another client may have been faster, in one of many ways to say so; then nothing is missing any more.
    if (!made && (round == tries_max || !database.connection.is_open())) return tl::unexpected(made.error());
    if (!made && made.error().code == PostgresError::Code::forbidden) return tl::unexpected(made.error());
  }
}

}  // namespace

tl::expected<PostgresDatabase, PostgresError> open_postgres(const PostgresConnection::Options& options) {
  auto connection = PostgresConnection::open(options);
  if (!connection) return tl::unexpected(connection.error());
  auto can = ask_capabilities(*connection);
  if (!can) return tl::unexpected(can.error());
  PostgresDatabase database{std::move(*connection), *can};
  const auto made = make_ready(database);
  if (!made) return tl::unexpected(made.error());
  if (*made) {  // an extension too, perhaps
    can = ask_capabilities(database.connection);
    if (!can) return tl::unexpected(can.error());
    database.can = *can;
  }
  return database;
}

std::string describe(const std::string& url, const PostgresError& error) {
  const std::string name = "the store " + shown_address(url);
  switch (error.code) {
    case PostgresError::Code::lost:
      return name + " cannot be reached (" + error.message + ")";
    case PostgresError::Code::timed_out:
      return name + " does not answer";
    case PostgresError::Code::forbidden:
      return name + " forbids it (" + error.message + ")";
    case PostgresError::Code::conflict:
      return name + " is held by others (" + error.message + ")";
    case PostgresError::Code::other:
      break;
  }
  return name + " failed (" + error.message + ")";
}

}  // namespace bibsmith::fetchers
