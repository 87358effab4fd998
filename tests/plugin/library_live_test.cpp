// Changes of a library that arrive at once, and changes that are taken back.

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <vector>

#include "plugin/session/file_store.hpp"
#include "plugin/session/follow.hpp"
#include "plugin/session/library_undo.hpp"
#include "plugin/session/sync_pull.hpp"
#include "tests/plugin/sync_people.hpp"

using namespace bibsmith::plugin;
using bibsmith::fetchers::LibraryError;
using bibsmith::fetchers::PostgresLibrary;
using bibsmith::testing::as_user;
using bibsmith::testing::Group;
using bibsmith::testing::opened;
using bibsmith::testing::Person;
using bibsmith::testing::PostgresServer;
using std::chrono::steady_clock;

namespace {

// Somebody whose file follows the library, on a thread of its own.
class Following {
 public:
  explicit Following(const std::string& url) : person(url) {
    thread_ = std::jthread([this, url](const std::stop_token& stop) {
      ChangeContext context = person.place.context();
      context.stop = stop;
      follow_library(
          person.request(), [&] { return PostgresLibrary::open({.url = url}); }, context,
          [this](const tl::expected<SyncAnswer, SyncError>& answer) {
            const std::lock_guard lock(mutex_);
            ++(answer ? syncs_ : errors_);
            if (!answer) why_ = answer.error().message;
            settled_ = answer ? answer->settled_text.value_or("") : std::string();
          });
    });
  }

  Person person;

  int syncs() const {
    const std::lock_guard lock(mutex_);
    return syncs_;
  }
  int errors() const {
    const std::lock_guard lock(mutex_);
    return errors_;
  }
  std::string settled() const {
    const std::lock_guard lock(mutex_);
    return settled_;
  }
  std::string why() const {
    const std::lock_guard lock(mutex_);
    return why_;
  }

 private:
  mutable std::mutex mutex_;
  int syncs_ = 0;
  int errors_ = 0;
  std::string why_;      // the last error
  std::string settled_;  // the file, as the last sync left it with nothing open
  std::jthread thread_;
};

// False: it did not come true in a minute.
bool comes_true(const std::function<bool()>& is_true) {
  const auto end = steady_clock::now() + std::chrono::minutes(1);
  while (!is_true()) {
    if (steady_clock::now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

bool has(const Person& person, const std::string& words) {
  return std::filesystem::exists(person.path) && person.text().find(words) != std::string::npos;
}

// As an editor waits for a file: it is read when it is another one, and not all the time, for that would keep
// the processor from who writes it.
void wait_for_text(const std::string& path, const std::string& words) {
  for (ino_t seen = 0;; std::this_thread::sleep_for(std::chrono::milliseconds(1))) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0 || status.st_ino == seen) continue;
    seen = status.st_ino;
    const auto text = read_file(path);
    if (text && *text && (*text)->find(words) != std::string::npos) return;
  }
}

std::vector<std::string> keys_of(PostgresLibrary& library) {
  std::vector<std::string> keys;
  const auto state = library.read("group");
  REQUIRE(state);
  for (const auto& row : state->rows) keys.push_back(row.text.substr(6, row.text.find(',') - 6));
  std::ranges::sort(keys);
  return keys;
}

}  // namespace

TEST_CASE("who follows a library has each change at once, and the library each of the file's") {
  const auto server = PostgresServer::start();
  if (server == nullptr) return;
  const Group group(*server);
  Person anna(group.url);
  anna.write("@misc{a, year = {2001}}\n");
  anna.sync();
  Following ben(group.url);
  REQUIRE(comes_true([&] { return has(ben.person, "2001"); }));
  anna.edit("2001", "2002");
  anna.sync();
  REQUIRE(comes_true([&] { return has(ben.person, "2002"); }));
  // Once all is settled the library has nothing new: what the file says is news all the same.
  REQUIRE(comes_true([&] { return ben.settled() == ben.person.text(); }));
  ben.person.edit("@misc{a", "@misc{b, year = {1999}}\n@misc{a");
  const bool is_pushed = comes_true([&] {
    anna.sync();
    return has(anna, "1999");
  });
  CAPTURE(ben.why(), ben.person.text());
  REQUIRE(is_pushed);

  // A file that goes away is not made again, and takes nothing with it; when it is back it is what counts.
  const std::string text = ben.person.text();
  std::filesystem::remove(ben.person.path);
  anna.edit("2002", "2003");
  anna.sync();
  const auto rows = opened(group.url).read("group");
  REQUIRE(rows);
  CHECK(rows->rows.size() == 2);
  CHECK_FALSE(std::filesystem::exists(ben.person.path));
  ben.person.write(text);
  REQUIRE(comes_true([&] { return has(ben.person, "2003"); }));

  // A server that was away is found again.
  server->kill();
  REQUIRE(comes_true([&] { return ben.errors() > 0; }));
  server->restart();
  anna.library = opened(group.url);
  anna.edit("2003", "2004");
  anna.sync();
  REQUIRE(comes_true([&] { return has(ben.person, "2004"); }));
  CHECK(ben.errors() == 1);
}

TEST_CASE("a settled file takes what changed in the library, and reads nothing else") {
  PostgresServer* server = PostgresServer::shared();
  if (server == nullptr) return;
  const Group group(*server);
  Person anna(group.url);
  Person ben(group.url);
  anna.write("@misc{a, year = {1}}\n@misc{b, year = {1}}\n@misc{c, year = {1}}\n");
  anna.sync();
  SyncAnswer last = ben.sync();
  const auto pull = [&] {
    REQUIRE(last.settled_text);
    const SettledSync settled{*last.settled_text, last.revision};
    auto pulled = pull_changes(ben.request(), ben.library, ben.place.context(), settled);
    INFO((pulled ? std::string{} : pulled.error().message));
    REQUIRE(pulled);
    if (*pulled) last = **pulled;
    return pulled->has_value();
  };
  const auto nothing_is_left = [&] {
    const SyncAnswer again = ben.sync();
    CHECK_FALSE(again.changed_file);
    CHECK_FALSE(again.changed_library);
    CHECK(last.settled_text == ben.text());
    CHECK(last.revision == again.revision);
  };
  REQUIRE(pull());
  CHECK_FALSE(last.changed_file);

  anna.write("@misc{a, year = {2}}\n@misc{c, year = {1}}\n@misc{d, year = {4}}\n");
  anna.sync();
  REQUIRE(pull());
  CHECK(last.file.added == std::vector<std::string>{"d"});
  CHECK(last.file.changed == std::vector<std::string>{"a"});
  CHECK(last.file.removed == std::vector<std::string>{"b"});
  CHECK(ben.text().find("{2}") != std::string::npos);
  CHECK(ben.text().find("@misc{b") == std::string::npos);
  nothing_is_left();

  anna.edit("@misc{c", "@misc{renamed");
  anna.sync();
  REQUIRE(pull());
  CHECK(ben.text().find("@misc{renamed") != std::string::npos);
  CHECK(ben.text().find("@misc{c,") == std::string::npos);
  nothing_is_left();

  // A file that somebody has edited meanwhile needs a whole sync.
  anna.edit("{2}", "{3}");
  anna.sync();
  const std::string edited = "% mine\n" + ben.text();
  ben.write(edited);
  CHECK_FALSE(pull());
  CHECK(ben.text() == edited);
  CHECK(ben.sync().changed_file);
  CHECK(ben.text().find("{3}") != std::string::npos);
}

TEST_CASE("a change tells those who know the library's name that there is one, and nobody what it is") {
  PostgresServer* server = PostgresServer::shared();
  if (server == nullptr) return;
  server->add_user("listener_");
  Group group(*server);
  auto member = opened(group.url);
  auto stranger = opened(as_user(group.url, "listener_"));
  CHECK(stranger.listen("group").error().code == LibraryError::Code::not_found);
  REQUIRE(member.listen("group"));
  CHECK(member.wait(std::chrono::milliseconds(0)).value() == std::nullopt);
  REQUIRE(group.owner.change("group", {{0, 0, "a", "@misc{a,\n}\n"}}));
  CHECK(member.wait(std::chrono::seconds(60)).value() == 1);
  CHECK(member.wait(std::chrono::milliseconds(0)).value() == std::nullopt);
}

TEST_CASE("a change of a library is taken back, part by part, whoever made it") {
  PostgresServer* server = PostgresServer::shared();
  if (server == nullptr) return;
  server->add_user("undo_anna");
  server->add_user("undo_ben");
  Group group(*server);
  REQUIRE(group.owner.set_role("group", "undo_anna", "writer"));
  REQUIRE(group.owner.set_role("group", "undo_ben", "reader"));
  auto anna = opened(as_user(group.url, "undo_anna"));
  auto ben = opened(as_user(group.url, "undo_ben"));
  REQUIRE(group.owner.change("group", {{0, 0, "a", "@misc{a,\n  note = {old},\n  year = {2001},\n}\n"},
                                       {0, 0, "b", "@misc{b,\n}\n"}}));  // 1
  REQUIRE(anna.change("group", {{1, 1, "a", "@misc{a,\n  note = {new},\n  year = {2001},\n}\n"},
                                {2, 1, "b", std::nullopt},
                                {0, 0, "c", "@misc{c,\n}\n"}}));  // 2
  REQUIRE(
      group.owner.change("group", {{1, 2, "a", "@misc{a,\n  note = {new},\n  year = {2002},\n}\n"}}));  // 3
  const auto hers = group.owner.history("group", {.person = "undo_anna"});
  REQUIRE(hers);
  REQUIRE(hers->size() == 3);
  CHECK(std::ranges::all_of(*hers, [](const auto& one) { return one.revision == 2; }));

  const auto planned = undo_library_change(anna, "group", 2, true);
  REQUIRE(planned);
  CHECK(planned->library.changed == std::vector<std::string>{"a"});
  CHECK(keys_of(anna) == std::vector<std::string>{"a", "c"});
  CHECK(undo_library_change(ben, "group", 2, false).error().code == LibraryError::Code::forbidden);

  const auto undone = undo_library_change(anna, "group", 2, false);
  REQUIRE(undone);
  CHECK(undone->person == "undo_anna");
  CHECK(undone->revision == 4);
  CHECK(undone->library.added == std::vector<std::string>{"b"});
  CHECK(undone->library.removed == std::vector<std::string>{"c"});
  CHECK(undone->conflicts.empty());
  CHECK(keys_of(anna) == std::vector<std::string>{"a", "b"});
  CHECK(anna.read("group")->rows[0].text == "@misc{a,\n  note = {old},\n  year = {2002},\n}\n");
  // And that again.
  REQUIRE(undo_library_change(anna, "group", 4, false));
  CHECK(keys_of(anna) == std::vector<std::string>{"a", "c"});
  CHECK(anna.read("group")->rows[0].text == "@misc{a,\n  note = {new},\n  year = {2002},\n}\n");
}

TEST_CASE("what others changed since is not taken back, and told") {
  PostgresServer* server = PostgresServer::shared();
  if (server == nullptr) return;
  Group group(*server);
  PostgresLibrary& library = group.owner;
  REQUIRE(library.change("group", {{0, 0, "a", "@misc{a,\n  note = {1},\n}\n"}}));
  REQUIRE(library.change("group", {{1, 1, "a", "@misc{a,\n  note = {2},\n}\n"}}));
  REQUIRE(library.change("group", {{1, 2, "a", "@misc{a,\n  note = {3},\n}\n"}}));
  const auto kept = undo_library_change(library, "group", 2, false);
  REQUIRE(kept);
  REQUIRE(kept->conflicts.size() == 1);
  CHECK(kept->conflicts[0].parts == std::vector{bibsmith::bibtex::PartConflict{"note", "{2}", "{1}", "{3}"}});
  CHECK(kept->revision == 3);
  // The entry was added by the first change, and changed since.
  CHECK(undo_library_change(library, "group", 1, false)->conflicts.size() == 1);
  // Its citation key belongs to another one by now.
  REQUIRE(library.change("group", {{1, 3, "", std::nullopt}}));
  REQUIRE(library.change("group", {{0, 0, "A", "@misc{A,\n}\n"}}));
  const auto taken = undo_library_change(library, "group", 4, false);
  REQUIRE(taken);
  REQUIRE(taken->conflicts.size() == 1);
  CHECK(taken->conflicts[0].parts[0].part == "@key");
  CHECK(keys_of(library) == std::vector<std::string>{"A"});
  CHECK(undo_library_change(library, "group", 77, false).error().message ==
        "the library group has no change 77");
}

// session_tests "[follow-figures]"
TEST_CASE("how soon an edit is seen by another client", "[.][follow-figures]") {
  const auto server = PostgresServer::start();
  if (server == nullptr) return;
  for (const int entries : {100, 1000, 10000}) {
    const Group group(*server);
    Person anna(group.url);
    std::string text = "@misc{first, year = {0}}\n";
    for (int i = 0; i < entries; ++i) {
      const std::string n = std::to_string(i);
      text += "@article{key" + n +
              ",\n  author = {Smith, Jane and Jones, Ben},\n  title = {A Title about the Number " + n +
              "},\n  journal = {Journal of Numbers},\n  year = {2020},\n  doi = {10.1000/" + n + "},\n}\n\n";
    }
    anna.write(text);
    anna.sync();
    Following ben(group.url);
    REQUIRE(comes_true([&] { return ben.syncs() > 0; }));
    auto writer = opened(group.url);
    std::vector<double> milliseconds;
    for (int round = 1; round <= 21; ++round) {
      const auto state = writer.read("group");
      REQUIRE(state);
      const auto& row = state->rows.front();
      const std::string year = "20" + std::to_string(10 + round);
      REQUIRE(writer.change(
          "group", {{row.number, row.revision, "first", "@misc{first,\n  year = {" + year + "},\n}\n"}}));
      const auto begin = steady_clock::now();
      wait_for_text(ben.person.path, "{" + year + "}");
      milliseconds.push_back(std::chrono::duration<double, std::milli>(steady_clock::now() - begin).count());
    }
    std::ranges::sort(milliseconds);
    WARN(entries << " entries: from the end of the change to the other's file, median " << milliseconds[10]
                 << " ms, worst of 21 " << milliseconds.back() << " ms");
  }
}
