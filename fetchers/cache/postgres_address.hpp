#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace bibsmith::fetchers {

// "postgresql://..." or "postgres://...", as libpq takes them
// (postgresql.org/docs/15/libpq-connect.html#LIBPQ-CONNSTRING).
bool is_postgres_url(std::string_view url);

// Any address of a store as it may be shown: without passwords.
// "postgresql://anna@db.example.org:5433/papers". What no one can read is shown as its scheme alone, for the
// rest may be a password.
std::string shown_address(std::string_view url);

// What a server or libpq says, as one line of at most 500 bytes that drives no terminal and holds no password
// of `url`.
std::string shown_message(std::string_view message, std::string_view url);

}  // namespace bibsmith::fetchers
