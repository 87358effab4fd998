#include "fetchers/cache/postgres_capabilities.hpp"

#include <charconv>

namespace bibsmith::fetchers {

namespace {

// The number behind "PostgreSQL ".
int version_in(std::string_view text) {
  constexpr std::string_view name = "PostgreSQL ";
  const std::size_t at = text.find(name);
  int version = 0;
  if (at == text.npos) return version;
  text.remove_prefix(at + name.size());
  std::from_chars(text.data(), text.data() + text.size(), version);
  return version;
}

}  // namespace

PostgresCapabilities capabilities_of(std::string_view version, std::string_view extensions) {
  using Engine = PostgresCapabilities::Engine;
  PostgresCapabilities can;
  const auto has = [&](std::string_view name) {
    return extensions.find(' ' + std::string(name) + ' ') != extensions.npos;
  };
  can.version = version_in(version);
  if (version.starts_with("CockroachDB")) {
    // Its advisory locks are there by name and lock nothing; it has no LISTEN and no hash partitions of this
    // syntax (cockroachlabs.com/docs/stable/postgresql-compatibility).
    can.engine = Engine::cockroach;
    return can;
  }
  // "PostgreSQL 11.2-YB-2.20.0.0-b0": advisory locks came with 2025.1, notifications are none
  // (docs.yugabyte.com, "PostgreSQL feature support"); both are left out until a test has seen them.
  if (version.find("-YB-") != version.npos) {
    can.engine = Engine::yugabyte;
    can.row_security = true;
    can.partitions = true;
    can.trigrams = has("pg_trgm");
    return can;
  }
  can.engine = has("citus") ? Engine::citus : Engine::postgres;
  can.advisory_locks = true;
  can.notifications = true;
  can.row_security = true;
  can.trigrams = has("pg_trgm");
  can.partitions = can.version >= 11;
  return can;
}

tl::expected<PostgresCapabilities, PostgresError> ask_capabilities(PostgresConnection& connection) {
  // A statement that the server has not ended by then is not one of ours; nor do we leave a transaction open.
  const auto said = connection.run(
      "SET statement_timeout = '60s'; SET idle_in_transaction_session_timeout = '60s'; "
      "SELECT version(), ' ' || coalesce(string_agg(extname::text, ' '), '') || ' ' FROM pg_extension");
  if (!said) return tl::unexpected(said.error());
  if (said->size() != 1) return PostgresCapabilities{};
  return capabilities_of(said->text(0, 0), said->text(0, 1));
}

std::string_view name_of(PostgresCapabilities::Engine engine) {
  switch (engine) {
    case PostgresCapabilities::Engine::citus:
      return "Citus";
    case PostgresCapabilities::Engine::yugabyte:
      return "YugabyteDB";
    case PostgresCapabilities::Engine::cockroach:
      return "CockroachDB";
    case PostgresCapabilities::Engine::postgres:
      break;
  }
  return "PostgreSQL";
}

}  // namespace bibsmith::fetchers
