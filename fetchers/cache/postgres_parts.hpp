#pragma once

#include <string>

#include <tl/expected.hpp>

#include "fetchers/cache/postgres_capabilities.hpp"
#include "fetchers/cache/postgres_connection.hpp"

namespace bibsmith::fetchers {

// A connection to a store of a group whose tables are there and of a form that we read.
struct PostgresDatabase {
  PostgresConnection connection;
  PostgresCapabilities can;
};

// Opens it. In a database without Bibsmith's tables they are made, in the schema "bibsmith", by the first who
// opens it and may do so; two at once do not disturb each other. A database of a newer form is left alone and
// refused. Two trips behind the connecting.
tl::expected<PostgresDatabase, PostgresError> open_postgres(const PostgresConnection::Options& options);

// What failed, as a line for the user: "the store postgresql://db/papers cannot be reached (...)".
std::string describe(const std::string& url, const PostgresError& error);

}  // namespace bibsmith::fetchers
