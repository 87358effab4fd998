#include "plugin/http/stream_server.hpp"

#include <latch>
#include <sys/socket.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <nlohmann/json.hpp>

#include "plugin/http/unix_server.hpp"
#include "tests/arxiv_emulator/emulator.hpp"
#include "tests/plugin/serve_world.hpp"
#include "tests/plugin/socket_client.hpp"
#include "tests/support/catch.hpp"

using namespace bibsmith::plugin;
using namespace bibsmith::testing;
using bibsmith::emulator::Emulator;
using json = nlohmann::ordered_json;

namespace {

constexpr const char* get_request =
    R"({"jsonrpc":"2.0","id":"g","method":"bibsmith/entry.get","params":{"ids":["1706.03762"],"progress_token":7}})"
    "\n";

// A server on a socket in the folder of `world`, until the end of the scope.
class Served {
 public:
  explicit Served(ServeWorld& world) : server_(open(world.path("s"))) {
    thread_ = std::jthread([this, &world](const std::stop_token& stop) { server_.run(world.pool(), stop); });
  }

  SocketClient connect() const { return SocketClient::of_path(server_.path()); }
  void stop() {
    thread_.request_stop();
    thread_.join();
  }

 private:
  static UnixServer open(const std::string& path) {
    auto server = UnixServer::open(path);
    REQUIRE(server);
    return *std::move(server);
  }

  UnixServer server_;
  std::jthread thread_;
};

std::string problem_of(const std::string& path) {
  const auto server = UnixServer::open(path);
  return server ? "" : server.error();
}

// Waits for what another thread does; Emulator tells no better.
template <typename Condition>
void wait_until(const Condition& condition) {
  while (!condition()) std::this_thread::yield();
}

}  // namespace

TEST_CASE("standard input: answers in order, in the framing of the client, until the end") {
  ServeWorld world;
  int in[2];
  int out[2];
  REQUIRE(::pipe(in) == 0);
  REQUIRE(::pipe(out) == 0);
  std::string problem = "not run";
  std::jthread server([&] {
    problem = serve_stream(in[0], out[1], world.pool(), {});
    ::close(out[1]);
  });
  const std::string requests = id_request(1) + '\n' + id_request(2) + '\n';
  REQUIRE(::write(in[1], requests.data(), requests.size()) == static_cast<ssize_t>(requests.size()));
  ::close(in[1]);
  std::string answers;
  char chunk[4096];
  for (ssize_t count; (count = ::read(out[0], chunk, sizeof chunk)) > 0;) {
    answers.append(chunk, static_cast<std::size_t>(count));
  }
  server.join();
  CHECK(problem.empty());
  const std::size_t second = answers.find('\n') + 1;
  CHECK(json::parse(answers.substr(0, second))["id"] == 1);
  CHECK(json::parse(answers.substr(second))["id"] == 2);
  ::close(in[0]);
  ::close(out[0]);
}

TEST_CASE("a reader that does not read holds up nobody who wants to end") {
  // The answer does not fit into the pipe.
  ServeWorld world;
  int in[2];
  int out[2];
  REQUIRE(::pipe(in) == 0);
  REQUIRE(::pipe(out) == 0);
  std::string text;
  for (int i = 0; i < 3000; ++i)
    text += "@misc{k" + std::to_string(i) + ", title={A title of some length}}\n";
  const std::string request =
      json{{"jsonrpc", "2.0"}, {"id", 1}, {"method", "bibsmith/bib.parse"}, {"params", {{"text", text}}}}
          .dump() +
      '\n';
  std::jthread server([&](const std::stop_token& stop) { serve_stream(in[0], out[1], world.pool(), stop); });
  std::jthread writer([&] {
    for (std::string_view rest = request; !rest.empty();) {
      const ssize_t count = ::write(in[1], rest.data(), rest.size());
      if (count <= 0) break;
      rest.remove_prefix(static_cast<std::size_t>(count));
    }
  });
  char first = 0;
  REQUIRE(::read(out[0], &first, 1) == 1);  // it writes
  server.request_stop();
  server.join();
  writer.join();
  for (const int end : {in[0], in[1], out[0], out[1]}) ::close(end);
}

TEST_CASE("a stream that cannot be followed gets one error and ends") {
  ServeWorld world;
  Served served(world);
  SocketClient client = served.connect();
  REQUIRE(client.send("Content-Length: x\r\n\r\n"));
  const std::string answer = client.until_closed();
  CHECK(answer.starts_with("Content-Length: "));
  const json error = json::parse(answer.substr(answer.find('{')))["error"];
  CHECK(error["code"] == -32700);
  CHECK(error["message"] == "a Content-Length that is no number of bytes");
}

TEST_CASE("what a client that ends its sending had asked is still answered") {
  ServeWorld world;
  Served served(world);
  SocketClient client = served.connect();
  REQUIRE(client.send(id_request(1) + '\n' + id_request(2)));  // the last line without its end
  client.end_sending();
  CHECK(json::parse(client.line())["id"] == 1);
  CHECK(json::parse(client.line())["id"] == 2);
  CHECK(client.line().empty());
}

TEST_CASE("the socket: only its user may connect, and it goes with its server") {
  ServeWorld world;
  struct stat known {};
  {
    Served served(world);
    REQUIRE(::stat(world.path("s").c_str(), &known) == 0);
    CHECK((known.st_mode & 07777) == 0600);
    REQUIRE(::stat(world.path("s.lock").c_str(), &known) == 0);
    CHECK((known.st_mode & 07777) == 0600);
  }
  CHECK(::stat(world.path("s").c_str(), &known) != 0);
  {
    const auto server = UnixServer::open(world.path("new/s"));
    REQUIRE(server);
    REQUIRE(::stat(world.path("new").c_str(), &known) == 0);
    CHECK((known.st_mode & 07777) == 0700);
  }
}

TEST_CASE("the socket: a living server, a stale socket, a file of that name") {
  ServeWorld world;
  const std::string path = world.path("s");
  {
    Served served(world);
    CHECK(problem_of(path) == "cannot listen on " + path + ": another bibsmith serves there");
    CHECK(served.connect().is_connected());
  }
  {
    // What a killed server leaves: the file of a socket at which nobody listens.
    auto server = UnixServer::open(path);
    REQUIRE(server);
    REQUIRE(::rename(path.c_str(), world.path("kept").c_str()) == 0);
  }
  REQUIRE(::rename(world.path("kept").c_str(), path.c_str()) == 0);
  CHECK_FALSE(SocketClient::of_path(path).is_connected());
  CHECK(problem_of(path).empty());
  write_file(path, "mine");
  CHECK(problem_of(path) == "cannot listen on " + path + ": there is a file of that name");
  CHECK(bibsmith::testing::read_file(path) == "mine");
  const std::string long_path = world.path(std::string(120, 'x'));
  CHECK(problem_of(long_path) ==
        "cannot listen on " + long_path + ": the name of a socket has at most 107 bytes");
}

TEST_CASE("128 clients are served, the 129th is told so") {
  ServeWorld world;
  Served served(world);
  std::vector<SocketClient> clients;
  for (std::size_t i = 0; i < socket_clients_max; ++i) {
    clients.push_back(served.connect());
    REQUIRE(clients.back().send(id_request(static_cast<int>(i)) + '\n'));
  }
  for (std::size_t i = 0; i < clients.size(); ++i) CHECK(json::parse(clients[i].line())["id"] == i);
  SocketClient one_more = served.connect();
  CHECK(json::parse(one_more.line())["error"]["message"] == "too many clients");
  CHECK(one_more.line().empty());
  // Who leaves makes room; a server that is stopped waits for nobody who is idle.
  clients.pop_back();
  wait_until([&] {
    SocketClient next = served.connect();
    return next.send(id_request(1) + '\n') && json::parse(next.line()).contains("result");
  });
  served.stop();
  CHECK(clients.front().line().empty());
}

TEST_CASE("32 clients at once: no failure, and each gets its own answers in order") {
  ServeWorld world;
  Served served(world);
  constexpr int clients = 32;
  constexpr int requests = 100;
  std::latch start(clients);
  std::atomic<int> right = 0;
  std::vector<std::jthread> threads;
  for (int c = 0; c < clients; ++c) {
    threads.emplace_back([&, c] {
      SocketClient client = served.connect();
      start.arrive_and_wait();
      for (int i = 0; i < requests; ++i) {
        client.send(id_request(c * requests + i) + '\n');
        const json answer = json::parse(client.line(), nullptr, false);
        if (answer.is_object() && answer["id"] == c * requests + i && answer.contains("result")) ++right;
      }
    });
  }
  threads.clear();
  CHECK(right == clients * requests);
}

TEST_CASE("clients that vanish, in any state, harm nobody") {
  ServeWorld world;
  Served served(world);
  const std::string message = id_request(1) + '\n';
  for (std::size_t cut = 0; cut <= message.size(); cut += 9) served.connect().send(message.substr(0, cut));
  served.connect().send("Content-Length: 100\r\n\r\n{\"half\":");
  {
    // It sends many requests and never reads.
    const SocketClient client = served.connect();
    std::string many;
    for (int i = 0; i < 2000; ++i) many += message;
    client.send(many);
  }
  SocketClient client = served.connect();
  client.send(message);
  CHECK(json::parse(client.line())["id"] == 1);
}

TEST_CASE("progress comes before the answer, with the token of the request") {
  Emulator emulator({.records = {"data/sample_papers.jsonl"}, .interval = std::chrono::milliseconds(1)});
  REQUIRE(emulator.problem().empty());
  ServeWorld world(emulator.atom_url());
  Served served(world);
  SocketClient client = served.connect();
  REQUIRE(client.send(get_request));
  json message = json::parse(client.line());
  std::size_t news = 0;
  for (; message.contains("method"); message = json::parse(client.line()), ++news) {
    CHECK(message["method"] == "bibsmith/progress");
    CHECK(message["params"]["token"] == 7);
    CHECK(message["params"]["total"] == 1);
  }
  CHECK(news > 0);
  CHECK(message["id"] == "g");
  CHECK(message["result"]["entries"].size() == 1);
}

TEST_CASE("a request that runs is cancelled while arXiv keeps it waiting; the next one is answered") {
  Emulator emulator({.records = {"data/sample_papers.jsonl"},
                     .interval = std::chrono::milliseconds(1),
                     .faults = {"stall:60@1"}});
  ServeWorld world(emulator.atom_url());
  Served served(world);
  SocketClient client = served.connect();
  REQUIRE(client.send(get_request));
  wait_until([&] { return emulator.report().requests > 0; });
  REQUIRE(client.send(R"({"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":"g"}})"
                      "\n" +
                      id_request(2) + '\n'));
  json message = json::parse(client.line());
  while (message.contains("method")) message = json::parse(client.line());
  CHECK(message["id"] == "g");
  CHECK(message["error"]["code"] == -32800);
  CHECK(json::parse(client.line())["id"] == 2);
}

TEST_CASE("a server that is to end, and a client that is gone, stop what runs") {
  Emulator emulator({.records = {"data/sample_papers.jsonl"},
                     .interval = std::chrono::milliseconds(1),
                     .faults = {"stall:60"}});
  ServeWorld world(emulator.atom_url());
  Served served(world);
  {
    const SocketClient client = served.connect();
    REQUIRE(client.send(get_request));
    wait_until([&] { return emulator.report().requests > 0; });
  }
  SocketClient client = served.connect();
  REQUIRE(client.send(get_request));
  client.end_sending();  // it waits for the answer all the same
  wait_until([&] { return emulator.report().requests > 1; });
  served.stop();
  CHECK(client.line().empty());
}

TEST_CASE("what is wrong with arXiv's answer is told, and the stream goes on") {
  Emulator emulator({.records = {"data/sample_papers.jsonl"},
                     .interval = std::chrono::milliseconds(1),
                     .faults = {"bad-xml@*"}});
  ServeWorld world(emulator.atom_url());
  Served served(world);
  SocketClient client = served.connect();
  REQUIRE(
      client.send(R"({"jsonrpc":"2.0","id":1,"method":"bibsmith/entry.get","params":{"ids":"1706.03762"}})"
                  "\n" +
                  id_request(2) + '\n'));
  const json answer = json::parse(client.line());
  CHECK(answer["result"]["could_not_ask"].size() == 1);
  CHECK(json::parse(client.line())["id"] == 2);
}
