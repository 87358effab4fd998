#pragma once

#include <string>
#include <utility>

#include "plugin/session/sync.hpp"
#include "tests/plugin/changes.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/postgres_server.hpp"

namespace bibsmith::testing {

inline std::string as_user(std::string url, const std::string& user) {
  return url.replace(url.find("user=postgres"), 13, "user=" + user);
}

inline fetchers::PostgresLibrary opened(const std::string& url) {
  auto library = fetchers::PostgresLibrary::open({.url = url});
  INFO((library ? std::string{} : library.error().message));
  REQUIRE(library);
  return std::move(*library);
}

// A library "group" with its owner's connection.
struct Group {
  std::string url;
  fetchers::PostgresLibrary owner;

  explicit Group(PostgresServer& server) : url(server.new_database()), owner(opened(url)) {
    REQUIRE(owner.create("group"));
  }
};

// A person with a file of the library.
struct Person {
  ChangePlace place;
  fetchers::PostgresLibrary library;
  std::string path = place / "refs.bib";

  explicit Person(const std::string& url) : library(opened(url)) {}

  plugin::SyncRequest request() const {
    plugin::SyncRequest made;
    made.file = path;
    made.library = "group";
    made.store = "postgresql://test";
    return made;
  }
  tl::expected<plugin::SyncAnswer, plugin::SyncError> try_sync(const plugin::SyncRequest& asked) {
    return plugin::sync_file(asked, library, place.context());
  }
  plugin::SyncAnswer sync() { return sync(request()); }
  plugin::SyncAnswer sync(const plugin::SyncRequest& asked) {
    auto answer = try_sync(asked);
    INFO((answer ? std::string{} : answer.error().message));
    REQUIRE(answer);
    return std::move(*answer);
  }
  std::string text() const { return read_file(path); }
  void write(const std::string& text) const { write_file(path, text); }
  void edit(const std::string& from, const std::string& to) const {
    std::string now = text();
    const std::size_t at = now.find(from);
    REQUIRE(at != now.npos);
    write(now.replace(at, from.size(), to));
  }
};

}  // namespace bibsmith::testing
