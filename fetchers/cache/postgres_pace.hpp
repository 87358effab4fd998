#pragma once

#include <optional>
#include <string>
#include <utility>

#include "fetchers/cache/postgres_parts.hpp"
#include "fetchers/record/shared_pace.hpp"

namespace bibsmith::fetchers {

// The pace of all machines that share a store: an advisory lock for the turn, a row for the state, times by
// the server's clock. A connection of its own, opened on first use; once it fails it stays failed, so that
// nobody waits for it twice. The server ends the turn of a connection that broke.
class PostgresPace final : public SharedPace {
 public:
  explicit PostgresPace(PostgresConnection::Options options) : options_(std::move(options)) {}

  tl::expected<std::optional<State>, std::string> try_turn(const std::string& group) override;
  tl::expected<void, std::string> write(const std::string& group, const State& state) override;
  void end_turn(const std::string& group) override;

 private:
  tl::expected<PostgresConnection*, std::string> connection();
  std::string fail(const PostgresError& error);

  PostgresConnection::Options options_;
  std::optional<PostgresDatabase> database_;
  std::string failed_;
};

}  // namespace bibsmith::fetchers
