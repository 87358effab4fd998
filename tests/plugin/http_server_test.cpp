#include "plugin/http/http_server.hpp"

#include <cstdio>
#include <fstream>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

#include "plugin/http/library_pages.hpp"
#include "tests/arxiv_emulator/emulator.hpp"
#include "tests/plugin/serve_world.hpp"
#include "tests/plugin/socket_client.hpp"
#include "tests/support/catch.hpp"

using namespace bibsmith::plugin;
using namespace bibsmith::testing;
using bibsmith::emulator::Emulator;
using json = nlohmann::ordered_json;

namespace {

const std::string token = "0123456789abcdef0123456789abcdef";

class Served {
 public:
  explicit Served(ServeWorld& world, HttpPatience patience = {}, EventPace pace = {})
      : server_(open(world, patience)) {
    server_.add("GET", "/for-programs", Access::program, [](const WebRequest&, const std::stop_token&) {
      return WebResponse{200, "text/plain", "yes"};
    });
    add_library_pages(server_, world.pool(), {world.path("refs.bib")}, pace);
    thread_ = std::jthread([this](const std::stop_token& stop) { server_.run(stop); });
  }

  SocketClient connect() const { return SocketClient::of_port(server_.port()); }
  std::string host() const { return "127.0.0.1:" + std::to_string(server_.port()); }
  // The answer to one request, from its status on, on a connection of its own.
  std::string ask(const std::string& head, const std::string& body = {}) const {
    SocketClient client = connect();
    client.send(head + (body.empty() ? "" : "Content-Length: " + std::to_string(body.size()) + "\r\n") +
                "Connection: close\r\n\r\n" + body);
    const std::string answer = client.until_closed();
    return answer.size() < 9 ? answer : answer.substr(9);
  }
  void request_stop() { thread_.request_stop(); }
  // The head of a good call; `headers` are added.
  std::string post(const std::string& headers = {}) const {
    return "POST /rpc HTTP/1.1\r\nHost: " + host() + "\r\nAuthorization: Bearer " + token +
           "\r\nContent-Type: application/json\r\n" + headers;
  }

 private:
  static HttpServer open(ServeWorld& world, HttpPatience patience) {
    auto server = HttpServer::open({.token = token, .patience = patience}, world.pool());
    REQUIRE(server);
    return *std::move(server);
  }

  HttpServer server_;
  std::jthread thread_;
};

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != text.npos);
  return text.replace(at, from.size(), to);
}

json body_of(const std::string& answer) { return json::parse(answer.substr(answer.find("\r\n\r\n") + 4)); }

}  // namespace

TEST_CASE("HTTP: a call, a batch, a notification, and what is no JSON") {
  ServeWorld world;
  const Served served(world);
  const std::string answer = served.ask(served.post(), id_request(1));
  CHECK(answer.starts_with("200 OK\r\n"));
  CHECK(answer.find("Content-Type: application/json\r\n") != answer.npos);
  CHECK(answer.find("Access-Control") == answer.npos);
  CHECK(body_of(answer)["result"]["base"] == "1706.03762");
  const json batch = body_of(served.ask(served.post(), "[" + id_request(1) + "," + id_request(2) + "]"));
  REQUIRE(batch.size() == 2);
  CHECK(batch[1]["id"] == 2);
  CHECK(served.ask(served.post(), R"({"jsonrpc":"2.0","method":"bibsmith/status"})").starts_with("204 "));
  CHECK(body_of(served.ask(served.post(), "{"))["error"]["code"] == -32700);
}

TEST_CASE("HTTP: a Host or an Origin that is not ours is refused, whatever is asked") {
  ServeWorld world;
  const Served served(world);
  const std::string good = served.post();
  const std::string host = "Host: " + served.host();
  for (const std::string bad : {"Host: evil.example", "Host: 127.0.0.1", "Host: 127.0.0.1:1",
                                "Host: ", "X-Host: none", "Host: 127.0.0.1.evil.example"}) {
    CAPTURE(bad);
    CHECK(served.ask(replaced(good, host, bad), id_request(1)).starts_with("403 "));
  }
  CHECK(served.ask(good + host + "\r\n", id_request(1)).starts_with("400 "));  // two of them
  for (const std::string origin : {"https://evil.example", "null", "http://127.0.0.1", "file://",
                                   "http://127.0.0.1:1", "http://evil.example/http://127.0.0.1"}) {
    CAPTURE(origin);
    CHECK(served.ask(served.post("Origin: " + origin + "\r\n"), id_request(1)).starts_with("403 "));
    CHECK(served.ask(replaced(served.post("Origin: " + origin + "\r\n"), "POST", "OPTIONS"))
              .starts_with("403 "));
  }
  CHECK(
      served.ask(served.post("Origin: http://" + served.host() + "\r\n"), id_request(1)).starts_with("200 "));
  CHECK(served.ask(replaced(good, "127.0.0.1:", "localhost:"), id_request(1)).starts_with("200 "));
}

TEST_CASE("HTTP: the token and the type are demanded before the body is read") {
  ServeWorld world;
  const Served served(world);
  const std::string right = "Authorization: Bearer " + token;
  for (const std::string& wrong : {"Authorization: Bearer " + token + "0", std::string("X-No: token"),
                                   "Authorization: Basic " + token, std::string("Authorization: Bearer ")}) {
    CAPTURE(wrong);
    // A body that never comes is not waited for.
    SocketClient client = served.connect();
    client.send(replaced(served.post(), right, wrong) + "Content-Length: 1000\r\n\r\n");
    CHECK(client.http_answer().find(" 401 ") == 8);
  }
  CHECK(served.ask(replaced(served.post(), "application/json", "text/plain"), id_request(1))
            .starts_with("415 "));
  CHECK(served.ask(replaced(served.post(), "application/json", "application/jsonx"), id_request(1))
            .starts_with("415 "));
  CHECK(
      served
          .ask(replaced(served.post(), "application/json", "application/json; charset=utf-8"), id_request(1))
          .starts_with("200 "));
  CHECK(served.ask(replaced(served.post(), "POST /rpc", "GET /rpc")).starts_with("405 "));
  CHECK(served.ask(replaced(served.post(), "/rpc", "/none"), "{}").starts_with("404 "));
  CHECK(served.ask(replaced(served.post(), "POST /rpc", "GET /")).starts_with("200 "));
}

TEST_CASE("HTTP: what is for programs of this machine answers no page") {
  ServeWorld world;
  const Served served(world);
  const std::string get = "GET /for-programs?x=1 HTTP/1.1\r\nHost: " + served.host() + "\r\n";
  CHECK(served.ask(get).starts_with("200 "));
  CHECK(served.ask(get + "Sec-Fetch-Site: none\r\n").starts_with("200 "));  // typed by the user
  for (const std::string sign :
       {"Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site", "Sec-Fetch-Site: same-origin",
        "Referer: https://evil.example/", "Origin: null"}) {
    CAPTURE(sign);
    CHECK(served.ask(get + sign + "\r\n").starts_with("403 "));
  }
}

TEST_CASE("HTTP: heads that are doubtful are refused") {
  ServeWorld world;
  const Served served(world);
  CHECK(served.ask("nonsense\r\n").starts_with("400 "));
  CHECK(served.ask("GET / HTTP/2.0\r\n").starts_with("505 "));
  CHECK(served.ask("GET http://x/ HTTP/1.1\r\n").starts_with("400 "));
  CHECK(served.ask("GET /%zz HTTP/1.1\r\n").starts_with("400 "));
  CHECK(served.ask(served.post(" folded\r\n"), "{}").starts_with("400 "));
  CHECK(served.ask(served.post("Bad Name: x\r\n"), "{}").starts_with("400 "));
  CHECK(served.ask(served.post("X: a\x01\r\n"), "{}").starts_with("400 "));
  CHECK(served.ask(served.post("X: a\nY: b\r\n"), "{}").starts_with("400 "));
  CHECK(served.ask(served.post("Content-Length: 2\r\n"), "{}").starts_with("400 "));  // two of them
  CHECK(served.ask(served.post("Content-Length: -2\r\n")).starts_with("400 "));
  CHECK(served.ask(served.post("Content-Length: 99999999999999999999\r\n")).starts_with("400 "));
  CHECK(served.ask(served.post("Transfer-Encoding: chunked\r\n")).starts_with("411 "));
  CHECK(served.ask(served.post("Content-Length: 67108865\r\n")).starts_with("413 "));
  CHECK(served.ask(served.post("X: " + std::string(17000, 'y') + "\r\n"), "{}").starts_with("431 "));
  std::string many;
  for (int i = 0; i < 100; ++i) many += "X: y\r\n";
  CHECK(served.ask(served.post(many), "{}").starts_with("431 "));
}

TEST_CASE("HTTP: one connection takes many requests, also those sent ahead") {
  ServeWorld world;
  const Served served(world);
  SocketClient client = served.connect();
  const auto request = [&](int id) {
    const std::string body = id_request(id);
    return served.post("Content-Length: " + std::to_string(body.size()) + "\r\n\r\n") + body;
  };
  client.send(request(1) + request(2));
  CHECK(body_of(client.http_answer())["id"] == 1);
  CHECK(body_of(client.http_answer())["id"] == 2);
  client.send(request(3));
  CHECK(body_of(client.http_answer())["id"] == 3);
  const std::string body = id_request(4);
  client.send(
      served.post("Expect: 100-continue\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n"));
  CHECK(client.http_answer() == "HTTP/1.1 100 Continue\r\n\r\n");
  client.send(body);
  CHECK(body_of(client.http_answer())["id"] == 4);
}

TEST_CASE("HTTP: idle and slow clients are cut off, and hold up nobody") {
  using std::chrono::milliseconds;
  ServeWorld world;
  const Served served(world, {.idle = milliseconds(1000), .request = milliseconds(1000)});
  SocketClient idle = served.connect();
  SocketClient slow_head = served.connect();
  slow_head.send("POST /rpc HT");
  SocketClient slow_body = served.connect();
  slow_body.send(served.post("Content-Length: 1000\r\n\r\n{"));
  CHECK(served.ask(served.post(), id_request(1)).starts_with("200 "));
  CHECK(idle.until_closed().empty());
  CHECK(slow_head.until_closed().starts_with("HTTP/1.1 408 "));
  CHECK(slow_body.until_closed().starts_with("HTTP/1.1 408 "));
}

TEST_CASE("HTTP: more connections than there may be are told so") {
  ServeWorld world;
  const Served served(world);
  std::vector<SocketClient> clients;
  const std::string body = id_request(1);
  const std::string request =
      served.post("Content-Length: " + std::to_string(body.size()) + "\r\n\r\n") + body;
  for (std::size_t i = 0; i < http_clients_max; ++i) {
    clients.push_back(served.connect());
    clients.back().send(request);
  }
  for (SocketClient& client : clients) CHECK(client.http_answer().starts_with("HTTP/1.1 200 "));
  CHECK(served.connect().until_closed().starts_with("HTTP/1.1 503 "));
}

TEST_CASE("HTTP: a client that goes away stops its call") {
  Emulator emulator({.records = {"data/sample_papers.jsonl"},
                     .interval = std::chrono::milliseconds(1),
                     .faults = {"stall:60"}});
  ServeWorld world(emulator.atom_url());
  const Served served(world);
  const SocketClient client = served.connect();
  const std::string body =
      R"({"jsonrpc":"2.0","id":1,"method":"bibsmith/entry.get","params":{"ids":"1706.03762"}})";
  client.send(served.post("Content-Length: " + std::to_string(body.size()) + "\r\n\r\n") + body);
  while (emulator.report().requests == 0) std::this_thread::yield();
  // The end of the scope: the client goes first, and the server waits for all calls.
}

TEST_CASE("HTTP: the ports of Zotero and JabRef, and one that is taken, are refused") {
  ServeWorld world;
  const auto problem = [&](std::uint16_t port) {
    const auto server = HttpServer::open({.port = port}, world.pool());
    return server ? "" : server.error();
  };
  CHECK(problem(23119) == "port 23119 is that of Zotero or JabRef; take another");
  CHECK(problem(2087) == "port 2087 is that of Zotero or JabRef; take another");
  const auto first = HttpServer::open({}, world.pool());
  REQUIRE(first);
  CHECK(first->url() == first->base() + "/#token=" + first->token());
  CHECK(first->token().size() == 32);
  CHECK(problem(first->port()) ==
        "cannot listen on 127.0.0.1, port " + std::to_string(first->port()) + ": Address already in use");
}

TEST_CASE("HTTP: the pages of the library hold no data, and what they ask for needs the token") {
  ServeWorld world;
  std::ofstream(world.path("refs.bib")) << "@misc{lee, title={A <b>bold</b> claim}, author={Ann Lee}}";
  const Served served(world);
  const std::string host = "Host: " + served.host() + "\r\n";
  const std::string page = served.ask("GET / HTTP/1.1\r\n" + host);
  CHECK(page.starts_with("200 "));
  CHECK(page.find("Content-Type: text/html; charset=utf-8\r\n") != page.npos);
  CHECK(page.find("script-src 'self'") != page.npos);
  CHECK(page.find("refs.bib") == page.npos);
  for (const std::string path :
       {"/pages/page.css", "/pages/page.js", "/pages/library.css", "/pages/library.js"}) {
    CAPTURE(path);
    CHECK(served.ask("GET " + path + " HTTP/1.1\r\n" + host).starts_with("200 "));
  }
  const std::string right = "Authorization: Bearer " + token;
  const auto ask = [&](const std::string& path, const json& body, bool has_token = true) {
    const std::string head = replaced(served.post(), "/rpc", path);
    return served.ask(has_token ? head : replaced(head, right, "X-No: token"), body.dump());
  };
  const json file = {{"file", world.path("refs.bib")}};
  for (const std::string path :
       {"/pages/files", "/pages/entries", "/pages/events", "/pages/author", "/pages/search"}) {
    CAPTURE(path);
    CHECK(ask(path, file, false).starts_with("401 "));
  }
  CHECK(body_of(ask("/pages/files", json::object()))["files"][0] == world.path("refs.bib"));
  const std::string entries = ask("/pages/entries", file);
  CHECK(entries.starts_with("200 "));
  CHECK(entries.find("A &lt;b&gt;bold&lt;/b&gt; claim") != entries.npos);
  CHECK(ask("/pages/entries", {{"file", "/etc/passwd"}}).starts_with("404 "));
  CHECK(ask("/pages/entries", {{"file", 7}}).starts_with("404 "));
  CHECK(ask("/pages/events", {{"file", "/etc/passwd"}}).starts_with("404 "));
  CHECK(ask("/pages/author", {{"who", ""}}).starts_with("400 "));
  CHECK(ask("/pages/author", {{"who", "Ann Lee"}}).starts_with("502 "));  // offline
  CHECK(ask("/pages/search", {{"words", "x"}}).starts_with("502 "));
  CHECK(ask("/pages/search", json::object()).starts_with("400 "));
}

TEST_CASE("HTTP: a page hears of each change of its file, and as many pages as may be") {
  ServeWorld world;
  const std::string file = world.path("refs.bib");
  std::ofstream(file) << "@misc{a, year={2001}}";
  Served served(world, {.drain = std::chrono::hours(1)},
                {.looks = std::chrono::milliseconds(1), .heartbeat = std::chrono::milliseconds(20)});
  const std::string body = json{{"file", file}}.dump();
  const auto listen = [&] {
    SocketClient client = served.connect();
    client.send(replaced(served.post(), "/rpc", "/pages/events") +
                "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    return client;
  };
  const auto next = [](SocketClient& client, std::string_view begin) {
    std::string line = client.line();
    for (int i = 0; i < 100'000 && !line.starts_with(begin); ++i) line = client.line();
    return line;
  };
  SocketClient first = listen();
  CHECK(first.line() == "HTTP/1.1 200 OK\r");
  CHECK(next(first, "Content-Type") == "Content-Type: text/event-stream\r");
  const std::string before = next(first, "data: ");
  CHECK(before == "data: " + state_of_file(file));
  CHECK(next(first, ":") == ":");  // the heart beats
  const std::string entries = served.ask(replaced(served.post(), "/rpc", "/pages/entries"), body);
  CHECK(entries.find("ETag: \"" + before.substr(6) + "\"\r\n") != entries.npos);

  std::ofstream(file) << "@misc{a, year={20022}}";
  const std::string after = next(first, "data: ");
  CHECK(after != before);
  CHECK(after == "data: " + state_of_file(file));
  REQUIRE(std::remove(file.c_str()) == 0);
  CHECK(next(first, "data: ") == "data: none");

  std::vector<SocketClient> others;
  for (std::size_t i = 1; i < event_streams_max; ++i) {
    others.push_back(listen());
    CHECK(others.back().line() == "HTTP/1.1 200 OK\r");
  }
  CHECK(listen().line() == "HTTP/1.1 503 Service Unavailable\r");
  CHECK(served.ask(served.post(), id_request(1)).starts_with("200 "));  // all else goes on
  others.pop_back();
  bool is_free = false;  // the place of who went away
  for (int i = 0; i < 10'000 && !is_free; ++i) is_free = listen().line() == "HTTP/1.1 200 OK\r";
  CHECK(is_free);

  // Nobody waits an hour for them.
  served.request_stop();
  CHECK(first.until_closed().find("data") == std::string::npos);
}
