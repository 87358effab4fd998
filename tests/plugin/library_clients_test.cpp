// Many clients on one library: whether a value is lost, and how fast it is.

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <poll.h>
#include <random>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "tests/plugin/sync_people.hpp"

using namespace bibsmith::plugin;
using bibsmith::fetchers::LibraryChange;
using bibsmith::fetchers::LibraryError;
using bibsmith::fetchers::PostgresLibrary;
using bibsmith::testing::Group;
using bibsmith::testing::opened;
using bibsmith::testing::Person;
using bibsmith::testing::PostgresServer;
using bibsmith::testing::TempDir;
using std::chrono::steady_clock;

namespace {

// Clients that edit and sync at random, each with a file and a state of its own, on one library. In each
// entry every client has a counter of its own, which it alone writes: at the end each counter has to be what
// its client last wrote, in every file and in the library. All write `note`: what stands there has to be a
// value that somebody wrote.
class Checker {
 public:
  Checker(PostgresServer& server, std::size_t clients) : server_(server), group_(server), counters_(clients) {
    Person first(group_.url);
    std::string text;
    for (int i = 0; i < entries; ++i) text += "@misc{e" + std::to_string(i) + ", note = {n}}\n\n";
    first.write(text);
    first.sync();
    for (std::size_t i = 0; i < counters_.size(); ++i) {
      people_.push_back(std::make_unique<Person>(group_.url));
      people_.back()->sync();
    }
  }

  // Each client goes on until `is_over`; the server is killed after each `kill_every` edits.
  void run(const std::function<bool(int edits)>& is_over, int kill_every) {
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < people_.size(); ++i) {
      threads.emplace_back([&, i] {
        std::mt19937 random(static_cast<unsigned>(i) + 1);
        while (!is_over(edits)) work(i, random);
        ++edits;  // wakes who waits
        edits.notify_all();
      });
    }
    for (int next = kill_every; !is_over(edits);) {
      edits.wait(edits.load());
      if (edits < next || is_over(edits)) continue;
      server_.kill();
      server_.restart();
      ++kills;
      next = edits + kill_every;
    }
    for (std::thread& thread : threads) thread.join();
  }

  // What is lost or invented; one line each.
  std::vector<std::string> findings() {
    for (int round = 0; round < 3; ++round) {
      for (std::size_t i = 0; i < people_.size(); ++i) {
        SyncRequest request = people_[i]->request();
        for (int e = 0; e < entries; ++e) request.keep_library.insert("e" + std::to_string(e));
        if (!people_[i]->try_sync(request)) {
          people_[i]->library = opened(group_.url);
          people_[i]->sync(request);
        }
      }
    }
    std::vector<std::string> found;
    for (std::size_t reader = 0; reader < people_.size(); ++reader) {
      const auto document = bibsmith::bibtex::Document::parse(people_[reader]->text());
      const auto file = bibsmith::bibtex::shared_entries(document);
      if (file.entries.size() != entries) found.push_back(std::to_string(file.entries.size()) + " entries");
      for (const auto& one : file.entries) {
        const std::string& key = one.said.at("@key");
        for (std::size_t i = 0; i < counters_.size(); ++i) {
          const auto value = one.said.find("c" + std::to_string(i));
          const std::string is = value == one.said.end() ? "{}" : value->second;
          const std::string should =
              counters_[i].contains(key) ? '{' + std::to_string(counters_[i][key]) + '}' : "{}";
          if (is != should)
            found.push_back("file " + std::to_string(reader) + ", " + key + ", counter " + std::to_string(i) +
                            ": " + is + " and not " + should);
        }
        const std::string note = one.said.contains("note") ? one.said.at("note") : "";
        if (!note.starts_with("{n")) found.push_back(key + ": note is " + note);
      }
    }
    return found;
  }

  int kills = 0;
  std::atomic<int> edits = 0;  // that reached the library
  std::atomic<int> failures = 0;

 private:
  static constexpr int entries = 12;

  void work(std::size_t i, std::mt19937& random) {
    Person& person = *people_[i];
    const std::string key = "e" + std::to_string(random() % entries);
    std::string text = person.text();
    const std::size_t at = text.find("@misc{" + key + ",");
    if (at == text.npos) return;
    const int next = ++counters_[i][key];
    const std::string field = "\n  c" + std::to_string(i) + ' ';
    const std::size_t end = text.find("\n}", at);
    const std::size_t old = text.find(field, at);
    const auto set_value = [&](std::size_t from, const std::string& value) {
      const std::size_t begin = text.find('{', from) + 1;
      text.replace(begin, text.find('}', begin) - begin, value);
    };
    if (old < end) {
      set_value(old, std::to_string(next));
    } else {
      text.insert(text.find(',', at) + 1, field + "= {" + std::to_string(next) + "},");
    }
    const std::size_t note = text.find("note", at);
    if (random() % 3 == 0 && note != text.npos)
      set_value(note, 'n' + std::to_string(i) + "." + std::to_string(next));
    person.write(text);
    SyncRequest request = person.request();
    (random() % 2 == 0 ? request.keep_file : request.keep_library).insert(key);
    if (person.try_sync(request)) {
      ++edits;
      edits.notify_all();
      return;
    }
    ++failures;
    auto again = PostgresLibrary::open({.url = group_.url});
    if (again) person.library = std::move(*again);
  }

  PostgresServer& server_;
  Group group_;
  std::vector<std::unique_ptr<Person>> people_;
  std::vector<std::map<std::string, int>> counters_;  // of each client, by citation key
};

void check_library(const std::function<bool(int edits)>& is_over, int kill_every) {
  const auto server = PostgresServer::start();
  if (server == nullptr) return;
  Checker checker(*server, 8);
  checker.run(is_over, kill_every);
  const auto findings = checker.findings();
  WARN(checker.edits << " edits, of which " << checker.failures << " met no server at first, "
                     << checker.kills << " kills, " << findings.size() << " findings");
  CHECK(checker.kills > 0);
  for (const std::string& finding : findings) FAIL_CHECK(finding);
}

}  // namespace

TEST_CASE(
    "eight clients edit one library at random while the server is killed: no value is lost or invented") {
  check_library([](int edits) { return edits >= 200; }, 90);
}

// session_tests "[ten-minutes]"
TEST_CASE("the same for ten minutes", "[.][ten-minutes]") {
  const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(10);
  check_library([end](int) { return std::chrono::steady_clock::now() > end; }, 1000);
}

namespace {

double seconds_since(steady_clock::time_point begin) {
  return std::chrono::duration<double>(steady_clock::now() - begin).count();
}

// A line to the server that takes 10 ms each way, and counts how often it turns round: how many trips a
// client makes.
class SlowLine {
 public:
  explicit SlowLine(const std::string& server_folder) : server_(server_folder + "/.s.PGSQL.5432") {
    listener_ = ::socket(AF_UNIX, SOCK_STREAM, 0);
    const sockaddr_un address = address_of(folder_ / ".s.PGSQL.5432");
    REQUIRE(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(::listen(listener_, 1) == 0);
    thread_ = std::thread([this] { serve(); });
  }
  ~SlowLine() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  SlowLine(const SlowLine&) = delete;
  SlowLine& operator=(const SlowLine&) = delete;

  std::string folder() const { return folder_.path().string(); }
  std::atomic<int> trips = 0;

 private:
  static sockaddr_un address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    return address;
  }
  void serve() {
    for (int client = 0; (client = ::accept(listener_, nullptr, nullptr)) >= 0;) {
      const int server = ::socket(AF_UNIX, SOCK_STREAM, 0);
      const sockaddr_un address = address_of(server_);
      if (::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
        carry(client, server);
      ::close(server);
      ::close(client);
    }
  }
  // What comes within a way is carried together: a line delays, it does not narrow.
  void carry(int client, int server) {
    bool was_client = false;
    std::string bytes(1 << 20, '\0');
    for (;;) {
      pollfd both[] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
      if (::poll(both, 2, 60000) <= 0) return;
      const bool is_client = both[0].revents != 0;
      if (is_client && !was_client) ++trips;
      const bool turns = is_client != was_client;
      was_client = is_client;
      if (turns) std::this_thread::sleep_for(std::chrono::milliseconds(10));
      const ssize_t count = ::read(is_client ? client : server, bytes.data(), bytes.size());
      if (count <= 0) return;
      for (ssize_t done = 0; done < count;) {
        const ssize_t sent =
            ::write(is_client ? server : client, bytes.data() + done, static_cast<std::size_t>(count - done));
        if (sent <= 0) return;
        done += sent;
      }
    }
  }

  std::string server_;
  TempDir folder_;
  int listener_ = -1;
  std::thread thread_;
};

std::string many_entries(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    const std::string n = std::to_string(i);
    text += "@article{key" + n + ",\n  author = {Smith, Jane and Jones, Ben and Miller, Ann " + n +
            "},\n  title = {A Title of Some Words about the Number " + n +
            "},\n  journal = {Journal of Numbers},\n  year = {2020},\n  volume = {" + n +
            "},\n  pages = {1--20},\n  doi = {10.1000/number." + n + "},\n}\n\n";
  }
  return text;
}

}  // namespace

// session_tests "[library-figures]"
TEST_CASE("a library of 10,000 entries over a line of 20 ms, and 50 writers", "[.][library-figures]") {
  const auto server = PostgresServer::start();
  if (server == nullptr) return;
  Group group(*server);
  Person anna(group.url);
  anna.write(many_entries(10000));
  auto begin = steady_clock::now();
  anna.sync();
  WARN("10,000 entries into the library: " << seconds_since(begin) << " s");

  const std::size_t at = group.url.find("?host=") + 6;
  const std::string folder = group.url.substr(at, group.url.find('&', at) - at);
  {
    SlowLine line(folder);
    std::string url = group.url;
    url.replace(at, folder.size(), line.folder());
    begin = steady_clock::now();
    auto library = opened(url);
    const auto state = library.read("group");
    WARN("opened and read over 20 ms: " << seconds_since(begin) << " s, " << line.trips << " trips");
    REQUIRE(state);
    CHECK(state->rows.size() == 10000);
  }
  {
    SlowLine line(folder);
    std::string url = group.url;
    url.replace(at, folder.size(), line.folder());
    begin = steady_clock::now();
    Person ben(url);
    ben.sync();
    WARN("synced into a new file over 20 ms: " << seconds_since(begin) << " s, " << line.trips << " trips");
  }

  REQUIRE(group.owner.create("numbers"));
  std::vector<LibraryChange> first;
  for (int i = 0; i < 20; ++i) {
    const std::string key = "k" + std::to_string(i);
    first.push_back({0, 0, key, "@misc{" + key + ",\n  n = {0},\n}\n"});
  }
  REQUIRE(group.owner.change("numbers", first));
  constexpr int writers = 50;
  constexpr int edits_each = 40;
  std::atomic<int> refused = 0;
  std::vector<std::thread> threads;
  begin = steady_clock::now();
  for (int w = 0; w < writers; ++w) {
    threads.emplace_back([&, w] {
      auto library = PostgresLibrary::open({.url = group.url});
      std::mt19937 random(static_cast<unsigned>(w));
      for (int done = 0; library && done < edits_each;) {
        const auto state = library->read("numbers");
        if (!state) return;
        const auto& row = state->rows[random() % state->rows.size()];
        const std::size_t from = row.text.find("n = {") + 5;
        const int value = std::stoi(row.text.substr(from));
        const std::string key = row.text.substr(6, row.text.find(',') - 6);
        const auto changed = library->change(
            "numbers", {{row.number, row.revision, key,
                         "@misc{" + key + ",\n  n = {" + std::to_string(value + 1) + "},\n}\n"}});
        if (changed) {
          ++done;
        } else {
          ++refused;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const double seconds = seconds_since(begin);
  int sum = 0;
  const auto state = group.owner.read("numbers");
  REQUIRE(state);
  for (const auto& row : state->rows) sum += std::stoi(row.text.substr(row.text.find("n = {") + 5));
  WARN(writers << " writers: " << writers * edits_each / seconds << " edits a second, " << refused
               << " refused and made anew; counted " << sum << " of " << writers * edits_each);
  CHECK(sum == writers * edits_each);
}
