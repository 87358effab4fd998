#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

struct pg_conn;
struct pg_result;

namespace bibsmith::fetchers {

struct PostgresError {
  enum class Code : std::uint8_t {
    lost,       // not reached, or the connection broke: worth another connection
    timed_out,  // no sign of life for as long as we wait
    forbidden,  // by the rights of the user
    conflict,   // with another transaction: worth another try
    other,
  };
  Code code = Code::other;
  std::string state;    // SQLSTATE ("42P01"), if the server said one
  std::string message;  // one line without passwords
};

// The rows of one statement. Columns and rows count from 0; views live as long as the rows.
class PostgresRows {
 public:
  PostgresRows() = default;

  std::size_t size() const;      // rows that came
  std::size_t affected() const;  // rows that were changed
  std::string_view text(std::size_t row, int column) const;
  std::int64_t integer(std::size_t row, int column) const;  // of a whole number or a truth value
  bool is_null(std::size_t row, int column) const;

 private:
  friend class PostgresConnection;
  struct Clear {
    void operator()(pg_result* result) const;
  };
  explicit PostgresRows(pg_result* result) : result_(result) {}

  std::unique_ptr<pg_result, Clear> result_;
};

// One statement with its parameters ($1, $2, ...). The statement is prepared on first use in a connection.
class PostgresCall {
 public:
  explicit PostgresCall(std::string sql) : sql_(std::move(sql)) {}

  PostgresCall& text(std::string_view value);
  PostgresCall& integer(std::int64_t value);
  PostgresCall& bytes(std::string_view value);
  // For unnest($1::text[]).
  PostgresCall& texts(std::span<const std::string> values);

 private:
  friend class PostgresConnection;
  std::string sql_;
  std::vector<std::string> values_;
  std::vector<int> formats_;  // 0: text, 1: binary
};

// One connection to a server that speaks PostgreSQL's protocol. Nothing waits longer than the limits: a
// server that is paused is an error, as is one that is gone. Passwords and certificates are libpq's affair
// (the URL, .pgpass, PGPASSFILE, a service file) and in no message. One thread at a time.
class PostgresConnection {
 public:
  struct Options {
    std::string url;
    std::chrono::milliseconds connect_max{5000};
    std::chrono::milliseconds silence_max{15000};  // without a byte from the server or to it
  };
  using Result = tl::expected<PostgresRows, PostgresError>;
  using Results = tl::expected<std::vector<PostgresRows>, PostgresError>;

  static tl::expected<PostgresConnection, PostgresError> open(Options options);

  // Statements without parameters; the rows of the last one. More than one are one transaction.
  Result run(const std::string& sql);
  Result call(const PostgresCall& call);
  // All calls on one trip to the server and back, as one transaction: all or none.
  Results transact(std::span<const PostgresCall> calls);
  // `sql` is COPY ... FROM STDIN; `next` gives a piece of the stream, empty: the end.
  Result copy_in(const std::string& sql, const std::function<std::string()>& next);
  // The next notification of a LISTEN, waited for that long; its payload.
  tl::expected<std::optional<std::string>, PostgresError> notice(std::chrono::milliseconds wait);
  // False once a connection broke or was given up: another one has to be opened.
  bool is_open() const;

 private:
  struct Finish {
    void operator()(pg_conn* connection) const;
  };
  PostgresConnection(Options options, pg_conn* connection)
      : options_(std::move(options)), connection_(connection) {}

  PostgresError error_of(const pg_result* result) const;
  PostgresError give_up(PostgresError error);
  // Waits until the socket can be read (or written, if we have something to send) and moves bytes.
  tl::expected<void, PostgresError> move_bytes(bool must_send);
  tl::expected<void, PostgresError> flush();
  // The results up to the end of what was sent.
  Result take_results();
  // Queues the call; the statement is prepared first if it has to be.
  bool send(const PostgresCall& call);
  Results take_pipeline();

  Options options_;
  std::unique_ptr<pg_conn, Finish> connection_;
  std::map<std::string, std::string, std::less<>> prepared_;  // names of statements by their text
  std::uint64_t statements_ = 0;                              // prepared so far
  // What the server owes us for the pipeline under way.
  struct Owed {
    std::string prepares;  // the text of the statement; empty: it is the answer to a call
  };
  std::deque<Owed> owed_;
};

}  // namespace bibsmith::fetchers
