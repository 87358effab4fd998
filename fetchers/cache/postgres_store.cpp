#include "fetchers/cache/postgres_store.hpp"

#include <algorithm>
#include <iterator>
#include <span>
#include <tuple>
#include <utility>

#include "fetchers/cache/postgres_address.hpp"
#include "fetchers/record/plain_text.hpp"

namespace bibsmith::fetchers {

namespace {

constexpr int conflicts_max = 5;
constexpr std::size_t subjects_a_call = 500;

bool is_storable(const Subject& subject) { return plain_text(subject.name) == subject.name; }

std::int64_t seconds_of(std::chrono::sys_seconds time) { return time.time_since_epoch().count(); }

// With two parameters: the sources and the names of the subjects.
PostgresCall call_for(std::string sql, std::span<const Subject> subjects) {
  std::vector<std::string> sources;
  std::vector<std::string> names;
  for (const Subject& subject : subjects) {
    sources.push_back(subject.source);
    names.push_back(subject.name);
  }
  PostgresCall call(std::move(sql));
  call.texts(sources).texts(names);
  return call;
}

}  // namespace

tl::expected<std::unique_ptr<PostgresStore>, StoreError> PostgresStore::open(Options options) {
  auto database = open_postgres(options);
  if (!database) return tl::unexpected(StoreError{describe(options.url, database.error())});
  return std::unique_ptr<PostgresStore>(new PostgresStore(std::move(options), std::move(*database)));
}

StoredAnswer PostgresStore::answer_at(const PostgresRows& rows, std::size_t row) {
  StoredAnswer answer;
  answer.subject = {std::string(rows.text(row, 0)), std::string(rows.text(row, 1)),
                    static_cast<std::uint16_t>(rows.integer(row, 2))};
  answer.current = rows.integer(row, 3) != 0;
  answer.origin.source = answer.subject.source;
  answer.origin.retrieved = std::chrono::sys_seconds(std::chrono::seconds(rows.integer(row, 4)));
  answer.origin.url = std::string(rows.text(row, 5));
  answer.body = std::string(rows.text(row, 6));
  return answer;
}

StoreError PostgresStore::failed(const PostgresError& error) const {
  return StoreError{describe(options_.url, error)};
}

PostgresConnection::Results PostgresStore::transact(std::span<const PostgresCall> calls) {
  bool was_lost = false;
  for (int conflicts = 0;;) {
    if (given_up_) return tl::unexpected(*given_up_);
    if (!database_.connection.is_open()) {
      auto database = open_postgres(options_);
      if (!database) {
        given_up_ = database.error();
        continue;
      }
      database_ = std::move(*database);
    }
    auto results = database_.connection.transact(calls);
    if (results) return results;
    using Code = PostgresError::Code;
    const Code code = results.error().code;
    if (code == Code::timed_out) given_up_ = results.error();
    const bool again = (code == Code::lost && !std::exchange(was_lost, true)) ||
                       (code == Code::conflict && conflicts++ < conflicts_max);
    if (!again) return results;
  }
}

std::shared_ptr<void> PostgresStore::reading(const LookUps& look_ups) {
  Ahead ahead;
  // If it fails each look-up asks for itself, and says why it cannot.
  if (!fetch_ahead(look_ups.subjects(), ahead)) return nullptr;
  ahead_ = std::move(ahead);
  return std::shared_ptr<void>(this, [](PostgresStore* store) { store->ahead_.reset(); });
}

tl::expected<void, PostgresError> PostgresStore::fetch_ahead(const std::vector<Subject>& subjects,
                                                             Ahead& ahead) {
  std::vector<Subject> names;
  for (const Subject& subject : subjects) {
    ahead.answers.try_emplace({subject.source, subject.name});
    ahead.missing.try_emplace({subject.source, subject.name});
  }
  for (const auto& [name, none] : ahead.answers) {
    Subject subject{name.first, name.second, 0};
    if (is_storable(subject)) names.push_back(std::move(subject));
  }
  std::vector<PostgresCall> calls;
  for (std::size_t begin = 0; begin < names.size(); begin += subjects_a_call) {
    const auto some = std::span(names).subspan(begin, std::min(subjects_a_call, names.size() - begin));
    calls.push_back(
        call_for("SELECT a.source, a.subject, a.version, a.current, a.retrieved, a.url, a.body "
                 "FROM unnest($1::text[], $2::text[]) AS n (source, subject) "
                 "JOIN bibsmith.answers AS a ON a.source = n.source AND a.subject = n.subject",
                 some));
    calls.push_back(
        call_for("SELECT m.source, m.subject, m.version, m.retrieved "
                 "FROM unnest($1::text[], $2::text[]) AS n (source, subject) "
                 "JOIN bibsmith.missing AS m ON m.source = n.source AND m.subject = n.subject",
                 some));
  }
  if (calls.empty()) return {};
  const auto results = transact(calls);
  if (!results) return tl::unexpected(results.error());
  for (std::size_t i = 0; i < results->size(); ++i) {
    const PostgresRows& rows = (*results)[i];
    for (std::size_t row = 0; row < rows.size(); ++row) {
      const Ahead::Name name{rows.text(row, 0), rows.text(row, 1)};
      if (i % 2 == 0) {
        ahead.answers[name].push_back(answer_at(rows, row));
      } else {
        ahead.missing[name].push_back({rows.integer(row, 2), rows.integer(row, 3)});
      }
    }
  }
  return {};
}

tl::expected<std::optional<StoredAnswer>, StoreError> PostgresStore::find(const Subject& subject,
                                                                          std::chrono::sys_seconds oldest) {
  if (!is_storable(subject)) return std::nullopt;
  if (ahead_) {
    const auto known = ahead_->answers.find({subject.source, subject.name});
    if (known != ahead_->answers.end()) {
      const StoredAnswer* best = nullptr;
      for (const StoredAnswer& one : known->second) {
        const bool fits = subject.version == 0 ? one.current : one.subject.version == subject.version;
        if (!fits || one.origin.retrieved < oldest) continue;
        if (best == nullptr || one.subject.version > best->subject.version) best = &one;
      }
      return best != nullptr ? std::optional(*best) : std::nullopt;
    }
  }
  PostgresCall call(
      "SELECT source, subject, version, current, retrieved, url, body FROM bibsmith.answers "
      "WHERE source = $1 AND subject = $2 AND retrieved >= $3 AND (version = $4 OR ($4 = 0 AND current)) "
      "ORDER BY current DESC, version DESC "
      "LIMIT 1");
  call.text(subject.source).text(subject.name).integer(seconds_of(oldest)).integer(subject.version);
  const auto results = transact({&call, 1});
  if (!results) return tl::unexpected(failed(results.error()));
  const PostgresRows& rows = results->front();
  if (rows.size() == 0) return std::nullopt;
  return answer_at(rows, 0);
}

tl::expected<bool, StoreError> PostgresStore::holds(std::string_view source) {
  if (ahead_) {
    return std::any_of(ahead_->answers.begin(), ahead_->answers.end(), [&](const auto& known) {
      return known.first.first == source && !known.second.empty();
    });
  }
  PostgresCall call("SELECT EXISTS (SELECT 1 FROM bibsmith.answers WHERE source = $1)");
  call.text(source);
  const auto results = transact({&call, 1});
  if (!results) return tl::unexpected(failed(results.error()));
  return results->front().size() == 1 && results->front().integer(0, 0) != 0;
}

tl::expected<bool, StoreError> PostgresStore::is_missing(const Subject& subject,
                                                         std::chrono::sys_seconds oldest) {
  if (!is_storable(subject)) return false;
  if (ahead_) {
    const auto known = ahead_->missing.find({subject.source, subject.name});
    if (known != ahead_->missing.end()) {
      return std::any_of(known->second.begin(), known->second.end(), [&](const Ahead::Missing& one) {
        return (one.version == 0 || one.version == subject.version) && one.retrieved >= seconds_of(oldest);
      });
    }
  }
  PostgresCall call(
      "SELECT EXISTS (SELECT 1 FROM bibsmith.missing WHERE source = $1 AND subject = $2 "
      "AND version IN (0, $3) AND retrieved >= $4)");
  call.text(subject.source).text(subject.name).integer(subject.version).integer(seconds_of(oldest));
  const auto results = transact({&call, 1});
  if (!results) return tl::unexpected(failed(results.error()));
  return results->front().size() == 1 && results->front().integer(0, 0) != 0;
}

tl::expected<void, StoreError> PostgresStore::keep(std::span<const StoredAnswer> answers) {
  // Everyone locks rows in one order, or two who keep the same papers would wait for each other.
  std::vector<const StoredAnswer*> in_order;
  for (const StoredAnswer& answer : answers) {
    if (is_storable(answer.subject)) in_order.push_back(&answer);
  }
  std::stable_sort(in_order.begin(), in_order.end(), [](const StoredAnswer* a, const StoredAnswer* b) {
    return std::tie(a->subject.source, a->subject.name) < std::tie(b->subject.source, b->subject.name);
  });
  std::vector<PostgresCall> calls;
  for (const StoredAnswer* answer : in_order) {
    const Subject& subject = answer->subject;
    if (answer->current) {
      calls.emplace_back(
          "UPDATE bibsmith.answers SET current = false WHERE source = $1 AND subject = $2 AND current");
      calls.back().text(subject.source).text(subject.name);
    }
    calls.emplace_back(
        "INSERT INTO bibsmith.answers (source, subject, version, current, retrieved, url, body) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (source, subject, version) DO UPDATE SET "
        "current = excluded.current, retrieved = excluded.retrieved, url = excluded.url, body = "
        "excluded.body");
    calls.back().text(subject.source).text(subject.name).integer(subject.version);
    calls.back().text(answer->current ? "true" : "false").integer(seconds_of(answer->origin.retrieved));
    calls.back().text(plain_text(answer->origin.url)).bytes(answer->body);
    calls.emplace_back(
        "DELETE FROM bibsmith.missing WHERE source = $1 AND subject = $2 AND version IN (0, $3)");
    calls.back().text(subject.source).text(subject.name).integer(subject.version);
  }
  if (calls.empty()) return {};
  if (const auto kept = transact(calls); !kept) return tl::unexpected(failed(kept.error()));
  return {};
}

tl::expected<void, StoreError> PostgresStore::keep_missing(std::span<const Subject> subjects,
                                                           std::chrono::sys_seconds when) {
  std::vector<Subject> in_order;
  std::copy_if(subjects.begin(), subjects.end(), std::back_inserter(in_order), is_storable);
  std::sort(in_order.begin(), in_order.end());
  std::vector<PostgresCall> calls;
  for (const Subject& subject : in_order) {
    calls.emplace_back(
        "INSERT INTO bibsmith.missing (source, subject, version, retrieved) VALUES ($1, $2, $3, $4) "
        "ON CONFLICT (source, subject, version) DO UPDATE SET retrieved = excluded.retrieved");
    calls.back().text(subject.source).text(subject.name).integer(subject.version).integer(seconds_of(when));
  }
  if (calls.empty()) return {};
  if (const auto kept = transact(calls); !kept) return tl::unexpected(failed(kept.error()));
  return {};
}

tl::expected<StoreStats, StoreError> PostgresStore::stats() {
  const PostgresCall calls[] = {
      PostgresCall(
          "SELECT count(*), coalesce(min(retrieved), 0), coalesce(sum(octet_length(body)), 0)::bigint "
          "FROM bibsmith.answers"),
      PostgresCall("SELECT count(*) FROM bibsmith.missing")};
  const auto results = transact(calls);
  if (!results) return tl::unexpected(failed(results.error()));
  StoreStats stats;
  stats.place = shown_address(options_.url);
  const PostgresRows& answers = results->front();
  stats.answers = static_cast<std::uint64_t>(answers.integer(0, 0));
  stats.oldest = std::chrono::sys_seconds(std::chrono::seconds(answers.integer(0, 1)));
  stats.bytes = static_cast<std::uint64_t>(answers.integer(0, 2));
  stats.missing = static_cast<std::uint64_t>(results->back().integer(0, 0));
  return stats;
}

tl::expected<void, StoreError> PostgresStore::clear() {
  const PostgresCall calls[] = {PostgresCall("DELETE FROM bibsmith.answers"),
                                PostgresCall("DELETE FROM bibsmith.missing")};
  if (const auto done = transact(calls); !done) return tl::unexpected(failed(done.error()));
  return {};
}

}  // namespace bibsmith::fetchers
