#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "bibtex/merge/merge_library.hpp"
#include "fetchers/cache/database.hpp"
#include "plugin/session/settings.hpp"

namespace bibsmith::plugin {

// Which file, and which library.
struct SyncedPair {
  std::string file;   // canonical_path()
  std::string store;  // shown_address()
  std::string library;
};

// What files and libraries last agreed on, in one SQLite file of the state directory. One thread at a time;
// many processes at once. Without it nothing is lost: entries are the same if their keys are, and what
// differs is a conflict. A file that is damaged or foreign is put aside as the cache does it.
class SyncBase {
 public:
  // `state_dir`/sync.sqlite, made on demand. The error is a line for the user.
  static tl::expected<SyncBase, std::string> open(const std::string& state_dir, const Warn& warn);

  struct Agreed {
    std::vector<bibtex::NumberedEntry> base;    // none: they never met
    std::vector<bibtex::NumberedEntry> pushed;  // see save_pushed()
    std::vector<bibtex::NumberedEntry> pulled;  // see save_pulled()
  };
  tl::expected<Agreed, std::string> load(const SyncedPair& pair);
  // Of these entries alone; what was pushed and pulled is told whole.
  tl::expected<Agreed, std::string> load(const SyncedPair& pair, const std::vector<std::int64_t>& numbers);
  // Replaces what was agreed on of these entries, and forgets what was pushed and pulled.
  tl::expected<void, std::string> save(const SyncedPair& pair, const std::vector<std::int64_t>& numbers,
                                       const std::vector<bibtex::NumberedEntry>& base);
  // Replaces the base, and forgets what was pushed and pulled.
  tl::expected<void, std::string> save(const SyncedPair& pair,
                                       const std::vector<bibtex::NumberedEntry>& base);
  // Keeps the base, and beside it what will be agreed on if a change reaches the library; number 0: a new
  // entry.
  tl::expected<void, std::string> save_pushed(const SyncedPair& pair,
                                              const std::vector<bibtex::NumberedEntry>& pushed);
  // The same of a change of the file.
  tl::expected<void, std::string> save_pulled(const SyncedPair& pair,
                                              const std::vector<bibtex::NumberedEntry>& pulled);

 private:
  SyncBase(std::string path, fetchers::Database database)
      : path_(std::move(path)), database_(std::move(database)) {}

  using Done = tl::expected<void, fetchers::DatabaseError>;
  Done write(const SyncedPair& pair, const std::vector<bibtex::NumberedEntry>& base);
  Done write(const SyncedPair& pair, const std::vector<std::int64_t>& numbers,
             const std::vector<bibtex::NumberedEntry>& base);
  Done insert(std::int64_t base, const std::vector<bibtex::NumberedEntry>& entries);
  Done write_sent(const SyncedPair& pair, std::string_view side,
                  const std::vector<bibtex::NumberedEntry>& sent);
  tl::expected<std::int64_t, fetchers::DatabaseError> number_of(const SyncedPair& pair);
  tl::unexpected<std::string> failed(const fetchers::DatabaseError& error) const;

  std::string path_;
  fetchers::Database database_;
};

}  // namespace bibsmith::plugin
