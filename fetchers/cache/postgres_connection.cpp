#include "fetchers/cache/postgres_connection.hpp"

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <charconv>
#include <optional>
#include <poll.h>

#include "fetchers/cache/postgres_address.hpp"
#include "fetchers/cache/pq_library.hpp"

namespace bibsmith::fetchers {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// false: the time is over.
bool wait_for(int socket, short events, steady_clock::time_point deadline) {
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
    pollfd one{.fd = socket, .events = events, .revents = 0};
    const int ready = ::poll(&one, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
    if (ready > 0) return true;
    if (ready == 0) return false;
    if (errno != EINTR) return true;  // libpq finds out what it is
  }
}

// postgresql.org/docs/15/errcodes-appendix.html
PostgresError::Code code_of(std::string_view state) {
  using Code = PostgresError::Code;
  if (state.starts_with("08") || state.starts_with("57P")) return Code::lost;
  if (state.starts_with("40") || state == "23505" || state == "55P03") return Code::conflict;
  if (state == "57014") return Code::timed_out;  // statement_timeout
  if (state == "42501") return Code::forbidden;
  return Code::other;
}

PostgresError timed_out() { return {PostgresError::Code::timed_out, {}, "it does not answer"}; }

}  // namespace

void PostgresRows::Clear::operator()(pg_result* result) const { pq().PQclear(result); }
void PostgresConnection::Finish::operator()(pg_conn* connection) const { pq().PQfinish(connection); }

std::size_t PostgresRows::size() const { return static_cast<std::size_t>(pq().PQntuples(result_.get())); }

std::size_t PostgresRows::affected() const {
  std::size_t count = 0;
  const std::string_view text = pq().PQcmdTuples(result_.get());
  std::from_chars(text.data(), text.data() + text.size(), count);
  return count;
}

std::string_view PostgresRows::text(std::size_t row, int column) const {
  assert(row < size() && column < pq().PQnfields(result_.get()));
  const int line = static_cast<int>(row);
  return {pq().PQgetvalue(result_.get(), line, column),
          static_cast<std::size_t>(pq().PQgetlength(result_.get(), line, column))};
}

bool PostgresRows::is_null(std::size_t row, int column) const {
  return pq().PQgetisnull(result_.get(), static_cast<int>(row), column) != 0;
}

std::int64_t PostgresRows::integer(std::size_t row, int column) const {
  const std::string_view bytes = text(row, column);
  std::uint64_t number = 0;
  if (pq().PQfformat(result_.get(), column) == 0) {  // as text: of run()
    if (bytes == "t") return 1;
    std::int64_t value = 0;
    std::from_chars(bytes.data(), bytes.data() + bytes.size(), value);
    return value;
  }
  // Two, four or eight bytes of two's complement, the first one the highest; or one, of a truth value.
  const bool is_negative = bytes.size() > 1 && (static_cast<unsigned char>(bytes[0]) & 0x80u) != 0;
  if (is_negative) number = ~std::uint64_t{0};
  for (const char c : bytes.substr(0, 8)) number = number << 8 | static_cast<unsigned char>(c);
  return static_cast<std::int64_t>(number);
}

PostgresCall& PostgresCall::text(std::string_view value) {
  values_.emplace_back(value);
  formats_.push_back(0);
  return *this;
}

PostgresCall& PostgresCall::integer(std::int64_t value) { return text(std::to_string(value)); }

PostgresCall& PostgresCall::bytes(std::string_view value) {
  text(value);
  formats_.back() = 1;
  return *this;
}

// The text form of an array (postgresql.org/docs/15/arrays.html, 8.15.6), each element quoted.
PostgresCall& PostgresCall::texts(std::span<const std::string> values) {
  std::string array = "{";
  for (const std::string& value : values) {
    array += array.size() == 1 ? "\"" : ",\"";
    for (const char c : value) {
      if (c == '"' || c == '\\') array += '\\';
      array += c;
    }
    array += '"';
  }
  return text(array + '}');
}

tl::expected<PostgresConnection, PostgresError> PostgresConnection::open(Options options) {
  if (!pq().error.empty()) return tl::unexpected(PostgresError{PostgresError::Code::other, {}, pq().error});
  const char* const names[] = {"dbname", "client_encoding", "fallback_application_name", nullptr};
  const char* const values[] = {options.url.c_str(), "UTF8", "bibsmith", nullptr};
  PostgresConnection made(options, pq().PQconnectStartParams(names, values, 1));
  pg_conn* connection = made.connection_.get();
  if (connection == nullptr) {
    return tl::unexpected(PostgresError{PostgresError::Code::other, {}, "out of memory"});
  }
  pq().PQsetNoticeProcessor(
      connection, [](void*, const char*) {}, nullptr);
  if (shown_address(options.url).ends_with("://...")) {  // libpq's message may quote the password
    return tl::unexpected(
        PostgresError{PostgresError::Code::other, {}, "no address: postgresql://USER@HOST/DATABASE is one"});
  }
  const auto deadline = steady_clock::now() + options.connect_max;
  auto next = pq().PQstatus(connection) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
  while (next == PGRES_POLLING_WRITING || next == PGRES_POLLING_READING) {
    const short events = next == PGRES_POLLING_WRITING ? POLLOUT : POLLIN;
    if (!wait_for(pq().PQsocket(connection), events, deadline))
      return tl::unexpected(made.give_up(timed_out()));
    next = pq().PQconnectPoll(connection);
  }
  if (next != PGRES_POLLING_OK) {
    PostgresError error = made.error_of(nullptr);
    error.code = PostgresError::Code::lost;
    return tl::unexpected(made.give_up(std::move(error)));
  }
  pq().PQsetnonblocking(connection, 1);
  return made;
}

bool PostgresConnection::is_open() const { return pq().PQstatus(connection_.get()) == CONNECTION_OK; }

// nullptr: the connection's own error.
PostgresError PostgresConnection::error_of(const pg_result* result) const {
  PostgresError error;
  const char* state = result != nullptr ? pq().PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr;
  const char* primary =
      result != nullptr ? pq().PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : nullptr;
  if (state != nullptr) error.state = shown_message(state, {});
  error.code = code_of(error.state);
  if (error.state.empty() && !is_open()) error.code = PostgresError::Code::lost;
  error.message =
      shown_message(primary != nullptr ? primary : pq().PQerrorMessage(connection_.get()), options_.url);
  if (error.message.empty()) error.message = "the connection broke";
  return error;
}

// What came of a connection that is late is not waited for: it is closed, in whatever state it is.
PostgresError PostgresConnection::give_up(PostgresError error) {
  connection_.reset();
  prepared_.clear();
  owed_.clear();
  return error;
}

tl::expected<void, PostgresError> PostgresConnection::move_bytes(bool must_send) {
  const auto deadline = steady_clock::now() + options_.silence_max;
  const auto events = static_cast<short>(must_send ? POLLIN | POLLOUT : POLLIN);
  if (!wait_for(pq().PQsocket(connection_.get()), events, deadline))
    return tl::unexpected(give_up(timed_out()));
  if (pq().PQconsumeInput(connection_.get()) == 0) return tl::unexpected(give_up(error_of(nullptr)));
  return {};
}

tl::expected<void, PostgresError> PostgresConnection::flush() {
  for (;;) {
    const int left = pq().PQflush(connection_.get());
    if (left == 0) return {};
    if (left < 0) return tl::unexpected(give_up(error_of(nullptr)));
    // The server may wait for us to read before it reads on.
    if (auto moved = move_bytes(true); !moved) return moved;
  }
}

PostgresConnection::Result PostgresConnection::take_results() {
  PostgresRows last;
  std::optional<PostgresError> failed;
  if (auto flushed = flush(); !flushed) return tl::unexpected(flushed.error());
  for (;;) {
    while (pq().PQisBusy(connection_.get()) != 0) {
      if (auto moved = move_bytes(false); !moved) return tl::unexpected(moved.error());
    }
    PostgresRows rows(pq().PQgetResult(connection_.get()));
    if (!rows.result_) break;
    const auto status = pq().PQresultStatus(rows.result_.get());
    if (status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE) {
      if (!failed) failed = error_of(rows.result_.get());
    }
    last = std::move(rows);
    if (status == PGRES_COPY_IN) break;
  }
  if (failed) {
    if (!is_open()) return tl::unexpected(give_up(std::move(*failed)));
    return tl::unexpected(std::move(*failed));
  }
  return last;
}

PostgresConnection::Result PostgresConnection::run(const std::string& sql) {
  if (!is_open()) return tl::unexpected(PostgresError{PostgresError::Code::lost, {}, "the connection broke"});
  if (pq().PQsendQuery(connection_.get(), sql.c_str()) == 0)
    return tl::unexpected(give_up(error_of(nullptr)));
  return take_results();
}

PostgresConnection::Result PostgresConnection::call(const PostgresCall& call) {
  auto results = transact({&call, 1});
  if (!results) return tl::unexpected(results.error());
  return std::move(results->front());
}

bool PostgresConnection::send(const PostgresCall& call) {
  auto known = prepared_.find(call.sql_);
  std::string name = known != prepared_.end() ? known->second : std::string{};
  if (name.empty()) {
    name = "bibsmith_" + std::to_string(++statements_);
    if (pq().PQsendPrepare(connection_.get(), name.c_str(), call.sql_.c_str(), 0, nullptr) == 0) return false;
    prepared_.emplace(call.sql_, name);
    owed_.push_back({call.sql_});
  }
  std::vector<const char*> values;
  std::vector<int> lengths;
  for (const std::string& value : call.values_) {
    values.push_back(value.c_str());
    lengths.push_back(static_cast<int>(value.size()));
  }
  owed_.push_back({});
  return pq().PQsendQueryPrepared(connection_.get(), name.c_str(), static_cast<int>(values.size()),
                                  values.data(), lengths.data(), call.formats_.data(), 1) != 0;
}

// A call has one result and a null behind it, the end of the pipeline a result of its own
// (postgresql.org/docs/15/libpq-pipeline-mode.html). After an error what follows it is skipped.
PostgresConnection::Results PostgresConnection::take_pipeline() {
  std::vector<PostgresRows> all;
  std::optional<PostgresError> failed;
  int nulls = 0;  // in a row
  for (;;) {
    if (auto flushed = flush(); !flushed) return tl::unexpected(flushed.error());
    while (pq().PQisBusy(connection_.get()) != 0) {
      if (auto moved = move_bytes(false); !moved) return tl::unexpected(moved.error());
    }
    PostgresRows rows(pq().PQgetResult(connection_.get()));
    if (!rows.result_) {
      if (!is_open() || ++nulls > 2) return tl::unexpected(give_up(error_of(nullptr)));
      continue;
    }
    nulls = 0;
    const auto status = pq().PQresultStatus(rows.result_.get());
    if (status == PGRES_PIPELINE_SYNC) break;
    const bool is_good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
    if (!is_good && !failed) failed = error_of(rows.result_.get());
    if (!is_good && !is_open()) return tl::unexpected(give_up(std::move(*failed)));
    if (owed_.empty()) return tl::unexpected(give_up({PostgresError::Code::other, {}, "an answer too many"}));
    const Owed owed = std::move(owed_.front());
    owed_.pop_front();
    if (!owed.prepares.empty()) {
      if (!is_good) prepared_.erase(owed.prepares);
    } else if (is_good) {
      all.push_back(std::move(rows));
    }
  }
  owed_.clear();
  if (failed) return tl::unexpected(std::move(*failed));
  return all;
}

PostgresConnection::Results PostgresConnection::transact(std::span<const PostgresCall> calls) {
  if (!is_open()) return tl::unexpected(PostgresError{PostgresError::Code::lost, {}, "the connection broke"});
  bool sent = pq().PQenterPipelineMode(connection_.get()) != 0;
  for (const PostgresCall& call : calls) sent = sent && send(call);
  sent = sent && pq().PQpipelineSync(connection_.get()) != 0;
  if (!sent) return tl::unexpected(give_up(error_of(nullptr)));
  auto results = take_pipeline();
  if (is_open()) pq().PQexitPipelineMode(connection_.get());
  return results;
}

tl::expected<std::optional<std::string>, PostgresError> PostgresConnection::notice(milliseconds wait) {
  const auto deadline = steady_clock::now() + wait;
  for (;;) {
    if (!is_open())
      return tl::unexpected(PostgresError{PostgresError::Code::lost, {}, "the connection broke"});
    if (PGnotify* told = pq().PQnotifies(connection_.get())) {
      std::string payload = told->extra;
      pq().PQfreemem(told);
      return payload;
    }
    if (!wait_for(pq().PQsocket(connection_.get()), POLLIN, deadline)) return std::nullopt;
    if (pq().PQconsumeInput(connection_.get()) == 0) return tl::unexpected(give_up(error_of(nullptr)));
  }
}

PostgresConnection::Result PostgresConnection::copy_in(const std::string& sql,
                                                       const std::function<std::string()>& next) {
  auto begun = run(sql);
  if (!begun) return begun;
  for (std::string piece = next(); !piece.empty(); piece = next()) {
    for (;;) {
      const int put = pq().PQputCopyData(connection_.get(), piece.data(), static_cast<int>(piece.size()));
      if (put < 0) return tl::unexpected(give_up(error_of(nullptr)));
      if (put > 0) break;
      if (auto flushed = flush(); !flushed) return tl::unexpected(flushed.error());
    }
    if (auto flushed = flush(); !flushed) return tl::unexpected(flushed.error());
  }
  for (;;) {
    const int put = pq().PQputCopyEnd(connection_.get(), nullptr);
    if (put < 0) return tl::unexpected(give_up(error_of(nullptr)));
    if (put > 0) break;
    if (auto flushed = flush(); !flushed) return tl::unexpected(flushed.error());
  }
  return take_results();
}

}  // namespace bibsmith::fetchers
