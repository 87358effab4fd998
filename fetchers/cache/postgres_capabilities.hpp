#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "fetchers/cache/postgres_connection.hpp"

namespace bibsmith::fetchers {

// What an engine that speaks PostgreSQL's protocol can do beyond the SQL that all of them have. Nothing else
// in Bibsmith asks which engine it talks to. docs/stores.md has the table, with the sources.
struct PostgresCapabilities {
  enum class Engine : std::uint8_t { postgres, citus, yugabyte, cockroach };
  Engine engine = Engine::postgres;
  int version = 0;              // of PostgreSQL, or of the one that it says to be: 15
  bool advisory_locks = false;  // one turn for all machines of a group
  bool notifications = false;   // LISTEN and NOTIFY
  bool row_security = false;    // roles of a shared library
  bool trigrams = false;        // pg_trgm is installed in this database
  bool partitions = false;      // PARTITION BY HASH
};

// `version`: what SELECT version() says; `extensions`: names with a blank before and behind each.
PostgresCapabilities capabilities_of(std::string_view version, std::string_view extensions);

// Asks the server, and bounds what its statements may take; one trip.
tl::expected<PostgresCapabilities, PostgresError> ask_capabilities(PostgresConnection& connection);

std::string_view name_of(PostgresCapabilities::Engine engine);

}  // namespace bibsmith::fetchers
