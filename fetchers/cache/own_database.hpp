#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "fetchers/cache/database.hpp"

namespace bibsmith::fetchers {

// A sort of SQLite file that is ours, and how it is begun. The texts are literals.
struct DatabaseKind {
  const char* what = "";            // for messages: "cache"
  std::int64_t application_id = 0;  // SQLite's mark of whose file it is
  std::int64_t version = 1;         // of the schema, in user_version
  const char* before_schema = "";   // what must be set before the first table
  const char* schema = "";
  const char* upgrade = "";    // what makes this version of the one before; empty: that is put aside
  const char* each_time = "";  // what is set at each opening
};

// Opens the file at `path`, or begins it, with its folder. A file of the version before is upgraded where
// the kind says how. One that is damaged, of an older version, or none of this kind, is renamed to
// "NAME.set-aside-N" (never deleted), a new one takes its place, and `warn` hears of it. A file of a newer
// version is left alone and refused. The error is a line for the user.
tl::expected<Database, std::string> open_own_database(const std::string& path, const DatabaseKind& kind,
                                                      const std::function<void(std::string_view)>& warn);

// Whether an open file is of this kind, and of no newer version.
tl::expected<bool, DatabaseError> is_of_kind(Database& database, const DatabaseKind& kind);

// What failed, as a line for the user.
std::string describe(const std::string& path, const DatabaseKind& kind, const DatabaseError& error);

}  // namespace bibsmith::fetchers
