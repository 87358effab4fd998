#include "fetchers/cache/postgres_library.hpp"

#include <charconv>

#include "fetchers/cache/postgres_address.hpp"

namespace bibsmith::fetchers {

namespace {

LibraryError no_such(const std::string& library) {
  return {LibraryError::Code::not_found,
          "there is no library " + shown_message(library, {}) + " that you may read"};
}

std::optional<std::string> text_or_null(const PostgresRows& rows, std::size_t row, int column) {
  if (rows.is_null(row, column)) return std::nullopt;
  return std::string(rows.text(row, column));
}

}  // namespace

tl::expected<PostgresLibrary, LibraryError> PostgresLibrary::open(PostgresConnection::Options options) {
  auto database = open_postgres(options);
  if (!database) {
    return tl::unexpected(LibraryError{LibraryError::Code::failed, describe(options.url, database.error())});
  }
  if (!database->can.row_security) {
    return tl::unexpected(LibraryError{
        LibraryError::Code::failed, "the store " + shown_address(options.url) + " has no libraries: " +
                                        std::string(name_of(database->can.engine)) + " has no row security"});
  }
  return PostgresLibrary(std::move(options), std::move(*database));
}

LibraryError PostgresLibrary::failed(const PostgresError& error) const {
  using Code = LibraryError::Code;
  const bool is_stale = error.state == "BS001" || error.code == PostgresError::Code::conflict;
  const Code code = is_stale                                       ? Code::stale
                    : error.code == PostgresError::Code::forbidden ? Code::forbidden
                                                                   : Code::failed;
  return {code, describe(options_.url, error)};
}

tl::expected<LibraryState, LibraryError> PostgresLibrary::read(const std::string& library) {
  PostgresCall rows(
      "SELECT entry, revision, text FROM bibsmith.entries WHERE library = $1 AND NOT is_deleted ORDER BY "
      "entry");
  rows.text(library);
  return read_rows(library, rows);
}

tl::expected<LibraryState, LibraryError> PostgresLibrary::read_since(const std::string& library,
                                                                     std::int64_t revision,
                                                                     std::int64_t rows_max) {
  // The history is in order of revisions, the entries are not: there is no need to look at each.
  PostgresCall rows(
      "SELECT e.entry, e.revision, CASE WHEN e.is_deleted THEN '' ELSE e.text END FROM bibsmith.entries AS e "
      "WHERE e.library = $1 AND e.entry = ANY (ARRAY(SELECT c.entry FROM bibsmith.changes AS c "
      "WHERE c.library = $1 AND c.revision > $2)) ORDER BY e.entry LIMIT $3");
  rows.text(library).integer(revision).integer(rows_max);
  return read_rows(library, rows);
}

// Of rows with entry, revision and text. The revision is asked first: rows may be newer, and are read again.
tl::expected<LibraryState, LibraryError> PostgresLibrary::read_rows(const std::string& library,
                                                                    const PostgresCall& rows) {
  PostgresCall state("SELECT revision, bibsmith.role_in(library) FROM bibsmith.libraries WHERE library = $1");
  state.text(library);
  const PostgresCall calls[] = {state, rows};
  const auto results = database_.connection.transact(calls);
  if (!results) return tl::unexpected(failed(results.error()));
  if (results->front().size() == 0) return tl::unexpected(no_such(library));
  LibraryState out;
  out.revision = results->front().integer(0, 0);
  out.role = std::string(results->front().text(0, 1));
  const PostgresRows& found = results->back();
  out.rows.reserve(found.size());
  for (std::size_t row = 0; row < found.size(); ++row) {
    out.rows.push_back({found.integer(row, 0), found.integer(row, 1), std::string(found.text(row, 2))});
  }
  return out;
}

tl::expected<std::int64_t, LibraryError> PostgresLibrary::change(const std::string& library,
                                                                 const std::vector<LibraryChange>& changes) {
  std::vector<std::string> numbers;
  std::vector<std::string> seen;
  std::vector<std::string> keys;
  std::vector<std::string> texts;
  for (const LibraryChange& change : changes) {
    numbers.push_back(std::to_string(change.number));
    seen.push_back(std::to_string(change.seen));
    keys.push_back(change.key);
    texts.push_back(change.text.value_or(std::string{}));  // no entry has an empty text
  }
  PostgresCall call(
      "SELECT bibsmith.change_library($1, $2::bigint[], $3::bigint[], "
      "(SELECT array_agg(nullif(k, '') ORDER BY n) FROM unnest($4::text[]) WITH ORDINALITY AS x (k, n)), "
      "(SELECT array_agg(nullif(t, '') ORDER BY n) FROM unnest($5::text[]) WITH ORDINALITY AS x (t, n)))");
  call.text(library).texts(numbers).texts(seen).texts(keys).texts(texts);
  const auto rows = database_.connection.call(call);
  if (!rows) return tl::unexpected(failed(rows.error()));
  return rows->integer(0, 0);
}

tl::expected<void, LibraryError> PostgresLibrary::create(const std::string& library) {
  PostgresCall call("SELECT bibsmith.create_library($1)");
  call.text(library);
  const auto done = database_.connection.call(call);
  if (done) return {};
  LibraryError error = failed(done.error());
  if (done.error().state == "23505") {
    error = {LibraryError::Code::failed, "a library " + shown_message(library, {}) + " is there already"};
  }
  return tl::unexpected(std::move(error));
}

tl::expected<void, LibraryError> PostgresLibrary::need_role(const std::string& library) {
  PostgresCall call("SELECT bibsmith.role_in($1) IS NOT NULL");
  call.text(library);
  const auto rows = database_.connection.call(call);
  if (!rows) return tl::unexpected(failed(rows.error()));
  if (rows->integer(0, 0) == 0) return tl::unexpected(no_such(library));
  return {};
}

tl::expected<void, LibraryError> PostgresLibrary::set_role(const std::string& library,
                                                           const std::string& person,
                                                           const std::string& role) {
  if (auto may = need_role(library); !may) return may;
  PostgresCall call("SELECT bibsmith.set_role($1, $2, nullif($3, ''))");
  call.text(library).text(person).text(role);
  const auto done = database_.connection.call(call);
  if (!done) return tl::unexpected(failed(done.error()));
  return {};
}

tl::expected<std::vector<std::pair<std::string, std::string>>, LibraryError> PostgresLibrary::list() {
  const auto rows = database_.connection.call(PostgresCall(
      "SELECT library, role FROM bibsmith.members WHERE person = session_user ORDER BY library"));
  if (!rows) return tl::unexpected(failed(rows.error()));
  std::vector<std::pair<std::string, std::string>> out;
  for (std::size_t row = 0; row < rows->size(); ++row)
    out.emplace_back(rows->text(row, 0), rows->text(row, 1));
  return out;
}

tl::expected<std::vector<LibraryMember>, LibraryError> PostgresLibrary::members(const std::string& library) {
  if (auto may = need_role(library); !may) return tl::unexpected(may.error());
  PostgresCall call("SELECT person, role FROM bibsmith.members WHERE library = $1 ORDER BY person");
  call.text(library);
  const auto rows = database_.connection.call(call);
  if (!rows) return tl::unexpected(failed(rows.error()));
  std::vector<LibraryMember> out;
  for (std::size_t row = 0; row < rows->size(); ++row)
    out.push_back({std::string(rows->text(row, 0)), std::string(rows->text(row, 1))});
  return out;
}

tl::expected<std::vector<LibraryEvent>, LibraryError> PostgresLibrary::history(const std::string& library,
                                                                               const HistoryQuery& query) {
  if (auto may = need_role(library); !may) return tl::unexpected(may.error());
  PostgresCall call(
      "SELECT revision, entry, person, extract(epoch FROM made)::bigint, old_text, new_text "
      "FROM bibsmith.changes WHERE library = $1 AND ($2 = '' OR person = $2) AND ($3 = 0 OR revision = $3) "
      "ORDER BY revision DESC, entry LIMIT $4");
  call.text(library).text(query.person).integer(query.revision).integer(query.events_max);
  const auto rows = database_.connection.call(call);
  if (!rows) return tl::unexpected(failed(rows.error()));
  std::vector<LibraryEvent> out;
  for (std::size_t row = 0; row < rows->size(); ++row) {
    out.push_back({rows->integer(row, 0), rows->integer(row, 1), std::string(rows->text(row, 2)),
                   rows->integer(row, 3), text_or_null(*rows, row, 4), text_or_null(*rows, row, 5)});
  }
  return out;
}

tl::expected<void, LibraryError> PostgresLibrary::listen(const std::string& library) {
  if (auto may = need_role(library); !may) return may;
  followed_ = library;
  if (!database_.can.notifications) return {};
  PostgresCall call("SELECT bibsmith.channel_of($1)");
  call.text(library);
  const auto channel = database_.connection.call(call);
  if (!channel) return tl::unexpected(failed(channel.error()));
  // "bibsmith_" and hexadecimal digits.
  const auto done = database_.connection.run("LISTEN " + std::string(channel->text(0, 0)));
  if (!done) return tl::unexpected(failed(done.error()));
  return {};
}

tl::expected<std::optional<std::int64_t>, LibraryError> PostgresLibrary::ask_revision() {
  PostgresCall call("SELECT revision FROM bibsmith.libraries WHERE library = $1");
  call.text(followed_);
  const auto rows = database_.connection.call(call);
  if (!rows) return tl::unexpected(failed(rows.error()));
  if (rows->size() == 0) return tl::unexpected(no_such(followed_));
  return rows->integer(0, 0);
}

tl::expected<std::optional<std::int64_t>, LibraryError> PostgresLibrary::wait(
    std::chrono::milliseconds time) {
  constexpr std::chrono::seconds between_questions{2};
  const auto told = database_.connection.notice(time);
  if (!told) return tl::unexpected(failed(told.error()));
  if (database_.can.notifications) {
    if (!*told) return std::nullopt;
    std::int64_t revision = 0;
    std::from_chars((*told)->data(), (*told)->data() + (*told)->size(), revision);
    return revision;
  }
  const auto now = std::chrono::steady_clock::now();
  if (now - asked_ < between_questions) return std::nullopt;
  asked_ = now;
  return ask_revision();
}

}  // namespace bibsmith::fetchers
