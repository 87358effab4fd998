#include "fetchers/cache/own_database.hpp"

#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>

namespace bibsmith::fetchers {

namespace {

namespace fs = std::filesystem;

// Held while a file is put aside, so that a second process does not put the new one aside too.
class FileLock {
 public:
  explicit FileLock(const std::string& path)
      : descriptor_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    if (descriptor_ >= 0) ::flock(descriptor_, LOCK_EX);
  }
  ~FileLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  int descriptor_;
};

enum class Condition : std::uint8_t { ready, empty, foreign, older, newer };

tl::expected<Condition, DatabaseError> condition_of(Database& database, const DatabaseKind& kind) {
  const auto id = database.number("PRAGMA application_id");
  if (!id) return tl::unexpected(id.error());
  const auto version = database.number("PRAGMA user_version");
  if (!version) return tl::unexpected(version.error());
  const auto tables = database.number("SELECT count(*) FROM sqlite_schema");
  if (!tables) return tl::unexpected(tables.error());
  if (*id == kind.application_id) {
    if (*version < kind.version) return Condition::older;
    return *version > kind.version ? Condition::newer : Condition::ready;
  }
  return *tables == 0 && *id == 0 ? Condition::empty : Condition::foreign;
}

tl::expected<void, DatabaseError> create_schema(Database& database, const DatabaseKind& kind) {
  if (auto done = database.run(kind.before_schema); !done) return done;
  auto transaction = Transaction::begin(database);
  if (!transaction) return tl::unexpected(transaction.error());
  // Another process may have been faster.
  const auto condition = condition_of(database, kind);
  if (!condition) return tl::unexpected(condition.error());
  if (*condition != Condition::empty) return {};
  if (auto done = database.run(kind.schema); !done) return done;
  const std::string marks = "PRAGMA application_id = " + std::to_string(kind.application_id) +
                            "; PRAGMA user_version = " + std::to_string(kind.version);
  if (auto done = database.run(marks.c_str()); !done) return done;
  return transaction->commit();
}

// Makes the version before into this one.
tl::expected<void, DatabaseError> upgrade(Database& database, const DatabaseKind& kind) {
  if (std::string_view(kind.upgrade).empty()) return {};
  auto transaction = Transaction::begin(database);
  if (!transaction) return tl::unexpected(transaction.error());
  const auto version = database.number("PRAGMA user_version");  // another process may have been faster
  if (!version) return tl::unexpected(version.error());
  if (*version != kind.version - 1) return {};
  if (auto done = database.run(kind.upgrade); !done) return done;
  const std::string mark = "PRAGMA user_version = " + std::to_string(kind.version);
  if (auto done = database.run(mark.c_str()); !done) return done;
  return transaction->commit();
}

// Renames the file (and SQLite's companions) to the first free "PATH.set-aside-N"; returns the new name.
tl::expected<std::string, std::string> set_aside(const std::string& path, const DatabaseKind& kind) {
  for (int n = 1; n < 1000; ++n) {
    const std::string target = path + ".set-aside-" + std::to_string(n);
    std::error_code error;
    if (fs::exists(fs::symlink_status(target, error))) continue;
    fs::rename(path, target, error);
    if (error) {
      return tl::unexpected("cannot put the damaged " + std::string(kind.what) + ' ' + path +
                            " aside: " + error.message());
    }
    for (const char* companion : {"-wal", "-shm"}) fs::rename(path + companion, target + companion, error);
    return target;
  }
  return tl::unexpected("too many damaged files beside " + path + ", remove some");
}

// A connection to a file that is ours and ready, or why there is none. SQLite's own locks keep two
// processes from making the schema twice.
tl::expected<Database, DatabaseError> open_ready(const std::string& path, const DatabaseKind& kind) {
  auto database = Database::open(path, Database::Open::read_write_create);
  if (!database) return database;
  auto condition = condition_of(*database, kind);
  if (condition && *condition == Condition::empty) {
    if (auto created = create_schema(*database, kind); !created) return tl::unexpected(created.error());
    condition = condition_of(*database, kind);
  }
  if (condition && *condition == Condition::older) {
    if (auto upgraded = upgrade(*database, kind); !upgraded) return tl::unexpected(upgraded.error());
    condition = condition_of(*database, kind);
  }
  if (!condition) return tl::unexpected(condition.error());
  if (*condition == Condition::foreign) {
    return tl::unexpected(
        DatabaseError{DatabaseError::Code::damaged, "not a " + std::string(kind.what) + " of bibsmith"});
  }
  if (*condition == Condition::older) {
    return tl::unexpected(
        DatabaseError{DatabaseError::Code::damaged, "written by an older bibsmith, whose form is not read"});
  }
  if (*condition == Condition::newer) {
    return tl::unexpected(DatabaseError{DatabaseError::Code::other, "written by a newer bibsmith"});
  }
  if (auto done = database->run(kind.each_time); !done) return tl::unexpected(done.error());
  return database;
}

}  // namespace

std::string describe(const std::string& path, const DatabaseKind& kind, const DatabaseError& error) {
  const std::string name = "the " + std::string(kind.what) + ' ' + path;
  switch (error.code) {
    case DatabaseError::Code::damaged:
      return name + " is damaged (" + error.message + ")";
    case DatabaseError::Code::unwritable:
      return name + " cannot be written (" + error.message + ")";
    case DatabaseError::Code::busy:
      return name + " is held by another process";
    case DatabaseError::Code::other:
      break;
  }
  return name + " failed (" + error.message + ")";
}

tl::expected<bool, DatabaseError> is_of_kind(Database& database, const DatabaseKind& kind) {
  const auto condition = condition_of(database, kind);
  if (!condition) return tl::unexpected(condition.error());
  return *condition == Condition::ready;
}

tl::expected<Database, std::string> open_own_database(const std::string& path, const DatabaseKind& kind,
                                                      const std::function<void(std::string_view)>& warn) {
  std::error_code error;
  const fs::path folder = fs::path(path).parent_path();
  if (!folder.empty()) fs::create_directories(folder, error);  // empty: a bare name, in the working folder
  if (error) {
    return tl::unexpected("cannot make the " + std::string(kind.what) + " folder " + folder.string() + ": " +
                          error.message());
  }
  auto database = open_ready(path, kind);
  if (!database && database.error().code == DatabaseError::Code::damaged) {
    const FileLock lock(path + ".lock");
    database = open_ready(path, kind);  // another process may have mended it meanwhile
    if (!database && database.error().code == DatabaseError::Code::damaged) {
      const auto target = set_aside(path, kind);
      if (!target) return tl::unexpected(target.error());
      if (warn) {
        warn(describe(path, kind, database.error()) + "; it was put aside as " + *target +
             " and a new one begun");
      }
      database = open_ready(path, kind);
    }
  }
  if (!database) return tl::unexpected(describe(path, kind, database.error()));
  return std::move(*database);
}

}  // namespace bibsmith::fetchers
