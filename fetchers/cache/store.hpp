#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "fetchers/record/record.hpp"

namespace bibsmith::fetchers {

// What an answer is about.
struct Subject {
  std::string source;         // as in Origin: "arxiv-atom"
  std::string name;           // arXiv id without version, a DOI in lower case, or the words of a search
  std::uint16_t version = 0;  // 0: the newest; else that one

  friend auto operator<=>(const Subject&, const Subject&) = default;
};

// One raw answer, as received.
struct StoredAnswer {
  Subject subject;       // with the version that the answer states
  bool current = false;  // it was the newest version when it was asked for
  Origin origin;
  std::string body;
};

struct StoreError {
  std::string message;
};

struct StoreStats {
  std::string place;  // a path or a URL
  std::uint64_t answers = 0;
  std::uint64_t missing = 0;
  std::uint64_t bytes = 0;
  std::uint64_t bytes_max = 0;  // 0: no bound
  std::chrono::sys_seconds oldest{};
};

// What will be looked up next: in how many steps, and all subjects that may be asked for, made on demand;
// their versions do not matter.
struct LookUps {
  std::size_t count = 0;
  std::function<std::vector<Subject>()> subjects;
};

// How far a reader of all answers has come.
struct StorePosition {
  std::int64_t row = 0;
  std::chrono::sys_seconds retrieved{};

  friend bool operator==(const StorePosition&, const StorePosition&) = default;
};

// Where raw answers are kept between runs. One thread at a time; many processes at once.
//
// A store that fails is no reason to fail: the caller goes on without it and tells the user once.
class Store {
 public:
  virtual ~Store() = default;

  // Hold it for many look-ups in a row: they see one state of the store, and are faster. Nothing may be kept
  // meanwhile. A store that is far away fetches all of them at once.
  virtual std::shared_ptr<void> reading(const LookUps& /*look_ups*/) { return nullptr; }

  // The newest answer for the subject that is not older than `oldest`. A named version never ages: pass
  // an `oldest` of zero.
  virtual tl::expected<std::optional<StoredAnswer>, StoreError> find(const Subject& subject,
                                                                     std::chrono::sys_seconds oldest) = 0;
  // Whether there is any answer of the source, or in a reading() any about what it named: who asks for
  // thousands of papers need not look for each.
  // A store that cannot tell says yes.
  virtual tl::expected<bool, StoreError> holds(std::string_view /*source*/) { return true; }
  virtual tl::expected<bool, StoreError> is_missing(const Subject& subject,
                                                    std::chrono::sys_seconds oldest) = 0;
  // false: nothing is, in this reading(), and is_missing() need not be asked for each of thousands.
  virtual bool may_have_missing() { return true; }

  // All or none.
  virtual tl::expected<void, StoreError> keep(std::span<const StoredAnswer> answers) = 0;
  virtual tl::expected<void, StoreError> keep_missing(std::span<const Subject> subjects,
                                                      std::chrono::sys_seconds when) = 0;

  using Visit = std::function<void(const StoredAnswer& answer)>;
  // Calls `visit` with the answers that were kept since `position`, some of them once more, and returns the
  // position behind them. A store that cannot tell has none.
  virtual tl::expected<StorePosition, StoreError> visit_since(const StorePosition& position,
                                                              const Visit& /*visit*/) {
    return position;
  }

  virtual tl::expected<StoreStats, StoreError> stats() = 0;
  virtual tl::expected<void, StoreError> clear() = 0;
  // One file that import_from() of another machine reads. `path` must not exist.
  virtual tl::expected<void, StoreError> export_to(const std::string& path) = 0;
  // Newer answers win.
  virtual tl::expected<void, StoreError> import_from(const std::string& path) = 0;

  // Given up for good: no call asks it any more. Who goes on for long opens another one.
  virtual bool is_lost() const { return false; }
};

}  // namespace bibsmith::fetchers
