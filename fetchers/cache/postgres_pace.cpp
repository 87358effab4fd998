#include "fetchers/cache/postgres_pace.hpp"

#include <algorithm>
#include <string_view>

namespace bibsmith::fetchers {

namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;

// Advisory locks have two numbers for a name: ours ("bibs"), and that of the group (FNV-1a,
// isthe.com/chongo/tech/comp/fnv).
constexpr std::int64_t our_locks = 0x62696273;

std::int64_t lock_of(std::string_view group) {
  std::uint32_t hash = 2166136261u;
  for (const char c : group) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return static_cast<std::int32_t>(hash);
}

PostgresCall lock_call(const char* sql, const std::string& group) {
  PostgresCall call(sql);
  call.integer(our_locks).integer(lock_of(group));
  return call;
}

}  // namespace

std::string PostgresPace::fail(const PostgresError& error) {
  failed_ = describe(options_.url, error);
  database_.reset();
  return failed_;
}

tl::expected<PostgresConnection*, std::string> PostgresPace::connection() {
  if (!failed_.empty()) return tl::unexpected(failed_);
  if (!database_) {
    auto database = open_postgres(options_);
    if (!database) return tl::unexpected(fail(database.error()));
    if (!database->can.advisory_locks) {
      return tl::unexpected(fail({PostgresError::Code::other,
                                  {},
                                  std::string(name_of(database->can.engine)) + " has no advisory locks"}));
    }
    database_ = std::move(*database);
  }
  return &database_->connection;
}

tl::expected<std::optional<SharedPace::State>, std::string> PostgresPace::try_turn(const std::string& group) {
  const auto ready = connection();
  if (!ready) return tl::unexpected(ready.error());
  PostgresCall state(
      "SELECT (extract(epoch FROM clock_timestamp() - last_start) * 1000000)::bigint, "
      "(extract(epoch FROM cool_down_end - clock_timestamp()) * 1000000)::bigint, refusals "
      "FROM bibsmith.pace WHERE source = $1");
  state.text(group);
  const PostgresCall calls[] = {lock_call("SELECT pg_try_advisory_lock($1, $2)", group), state};
  const auto results = (*ready)->transact(calls);
  if (!results) return tl::unexpected(fail(results.error()));
  if (results->front().integer(0, 0) == 0) return std::nullopt;
  State found;
  const PostgresRows& rows = results->back();
  if (rows.size() == 0) return found;
  if (!rows.is_null(0, 0)) found.since_start = microseconds(rows.integer(0, 0));
  found.cool_down_left = microseconds(std::max<std::int64_t>(rows.integer(0, 1), 0));
  found.refusals = static_cast<std::uint32_t>(std::max<std::int64_t>(rows.integer(0, 2), 0));
  return found;
}

tl::expected<void, std::string> PostgresPace::write(const std::string& group, const State& state) {
  const auto ready = connection();
  if (!ready) return tl::unexpected(ready.error());
  // -1: no request was sent yet.
  const auto since = state.since_start ? duration_cast<microseconds>(*state.since_start).count() : -1;
  PostgresCall call(
      "INSERT INTO bibsmith.pace (source, last_start, cool_down_end, refusals) VALUES ($1, "
      "CASE WHEN $2::bigint >= 0 THEN clock_timestamp() - $2::bigint * interval '1 microsecond' END, "
      "clock_timestamp() + $3::bigint * interval '1 microsecond', $4) ON CONFLICT (source) DO UPDATE SET "
      "last_start = excluded.last_start, cool_down_end = excluded.cool_down_end, refusals = "
      "excluded.refusals");
  call.text(group).integer(since).integer(duration_cast<microseconds>(state.cool_down_left).count());
  call.integer(state.refusals);
  const auto written = (*ready)->call(call);
  if (!written) return tl::unexpected(fail(written.error()));
  return {};
}

void PostgresPace::end_turn(const std::string& group) {
  if (!database_) return;  // the server ended it
  const auto done = database_->connection.call(lock_call("SELECT pg_advisory_unlock($1, $2)", group));
  if (!done) fail(done.error());
}

}  // namespace bibsmith::fetchers
