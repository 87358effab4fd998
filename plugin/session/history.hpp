#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "fetchers/cache/database.hpp"
#include "plugin/session/compact_packer.hpp"
#include "plugin/session/fingerprint.hpp"
#include "plugin/session/settings.hpp"

namespace bibsmith::plugin {

// One stretch of text that a change replaced, with what is needed to find it again.
struct RecordedSpan {
  std::uint64_t offset = 0;  // of new_text, in the new file
  std::string key;           // as in LabelledEdit
  std::string old_key;
  std::string field;
  std::string reason;
  std::string source;
  std::string old_text;
  std::string new_text;
  std::string head;  // what stood before and behind it in the new file, up to context_bytes
  std::string tail;

  static constexpr std::size_t context_bytes = 64;

  friend bool operator==(const RecordedSpan&, const RecordedSpan&) = default;
};

// One change of one file.
struct RecordedChange {
  std::int64_t number = 0;
  std::int64_t work = 0;  // the same for all files of one command
  std::string file;       // canonical_path()
  std::chrono::sys_seconds time{};
  std::string command;
  bool is_done = false;
  Fingerprint before;
  Fingerprint after;
  bool has_spans = true;  // false: there was too much text to keep, so that it cannot be taken back
  std::optional<std::int64_t> undoes;
  std::optional<std::int64_t> undone_by;
  std::vector<RecordedSpan> spans;
};

// Spans one behind the other, in the form in which the history keeps them. A file may have a hundred
// thousand: they are never all there as texts of their own.
class PackedSpans {
 public:
  void add(const RecordedSpan& span);

  PackedBytes finish() { return packer_.finish(); }
  std::uint64_t text_bytes() const { return text_bytes_; }  // what Limits::change_bytes_max counts
  // By the old key of each entry that got another one, the new key.
  const std::map<std::string, std::string>& renamed() const { return renamed_; }

 private:
  CompactPacker packer_;
  std::uint64_t text_bytes_ = 0;
  std::map<std::string, std::string> renamed_;
};

// The values that a change has written. They are packed as they come, for a large one has tens of thousands.
class PackedValues {
 public:
  // `field` in lower case; `value` as comparable_value() gives it.
  void add(std::string_view key, std::string_view field, std::string_view value);

  PackedBytes finish() { return packer_.finish(); }

 private:
  CompactPacker packer_;
};

// A change that is about to be made; number, work and is_done of `change` are the history's, and its spans
// stand in `spans`.
struct NewChange {
  RecordedChange change;
  PackedSpans spans;
  PackedValues written;
};

struct HistoryError {
  std::string message;  // one line
};

// By citation key and field name in lower case.
using WrittenValues = std::map<std::pair<std::string, std::string>, std::string>;

// Adds what PackedValues has packed; a later value of one field counts. False: these are no such bytes.
bool read_values(const PackedBytes& packed, WrittenValues& values);

// What Bibsmith changed in files, in one SQLite file (WAL) of the state directory; docs/undo.md describes it.
// One thread at a time; many processes at once. A file that is damaged or foreign is put aside as the cache
// does it.
//
// A change is entered before its rename and confirmed after it. Whoever is killed in between leaves one that
// settle() judges by the file.
class History {
 public:
  struct Limits {
    std::uint64_t bytes_max = 64ull << 20;  // of the file; the oldest changes go first
    std::uint64_t change_bytes_max = 16ull
                                     << 20;  // of the texts of one change; those of a larger are not kept
  };

  // `state_dir`/history.sqlite, made on demand.
  static tl::expected<History, HistoryError> open(const std::string& state_dir, const Warn& warn,
                                                  Limits limits);
  static tl::expected<History, HistoryError> open(const std::string& state_dir, const Warn& warn) {
    return open(state_dir, warn, Limits{});
  }

  // Enters the changes of one command, all or none; returns their `work`.
  tl::expected<std::int64_t, HistoryError> enter(std::vector<NewChange> changes);
  // They are in place. Evicts what is too old for the bounds.
  tl::expected<void, HistoryError> confirm(std::int64_t work);
  // They were not made.
  tl::expected<void, HistoryError> drop(std::int64_t work);
  // Judges changes of `file` that were entered and not confirmed: those that made its present text are done,
  // the others never happened. Call it with the file locked.
  tl::expected<void, HistoryError> settle(const std::string& file, std::string_view present);

  // The changes of a file, newest first, with their spans; unconfirmed ones too.
  tl::expected<std::vector<RecordedChange>, HistoryError> changes_of(const std::string& file);
  // The files that one command changed, in its order.
  tl::expected<std::vector<std::string>, HistoryError> files_of_work(std::int64_t work);

  // What Bibsmith last wrote into a file, as far as it was not taken back.
  tl::expected<WrittenValues, HistoryError> last_written(const std::string& file);

 private:
  History(std::string path, Limits limits, fetchers::Database database)
      : path_(std::move(path)), limits_(limits), database_(std::move(database)) {}

  tl::expected<void, fetchers::DatabaseError> enter_all(std::vector<NewChange>& changes, std::int64_t& work);
  tl::expected<void, fetchers::DatabaseError> enter_spans(NewChange& change);
  tl::expected<void, fetchers::DatabaseError> enter_written(NewChange& change);
  tl::expected<void, fetchers::DatabaseError> evict();
  tl::expected<void, fetchers::DatabaseError> evict_oldest();
  tl::expected<void, fetchers::DatabaseError> keep_written(const std::string& file,
                                                           std::int64_t last_leaving);
  tl::expected<std::vector<RecordedChange>, fetchers::DatabaseError> load(const std::string& file);
  // Of the changes up to number `last`.
  tl::expected<WrittenValues, fetchers::DatabaseError> load_written(const std::string& file,
                                                                    std::int64_t last);
  tl::unexpected<HistoryError> failed(const fetchers::DatabaseError& error) const;

  std::string path_;
  Limits limits_;
  fetchers::Database database_;
};

}  // namespace bibsmith::plugin
