// `bibsmith serve` for a group: tokens, limits, health, numbers and logs.

#include <fstream>
#include <future>
#include <sys/stat.h>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

#include "plugin/http/group_clients.hpp"
#include "plugin/http/http_rpc.hpp"
#include "plugin/http/http_server.hpp"
#include "plugin/http/service_pages.hpp"
#include "tests/arxiv_emulator/emulator.hpp"
#include "tests/plugin/serve_world.hpp"
#include "tests/plugin/socket_client.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/postgres_server.hpp"

using namespace bibsmith::plugin;
using namespace bibsmith::testing;
using bibsmith::emulator::Emulator;
using std::chrono::milliseconds;
using std::chrono::seconds;
using json = nlohmann::ordered_json;

namespace {

const std::string anna(32, 'a');
const std::string ben(32, 'b');

std::string problem_of(const std::string& text) {
  const auto tokens = parse_tokens(text);
  return tokens ? "" : tokens.error();
}

// A group's server with Anna and Ben.
class Service {
 public:
  explicit Service(ServeWorld& world, HttpOptions options = {}) : server_(open(world, std::move(options))) {
    add_service_pages(server_, world.pool(), world.watch());
    server_.add("GET", "/slow", Access::page, [this](const WebRequest&, const std::stop_token&) {
      begun.set_value();
      may_end.get_future().wait();
      return WebResponse{200, "text/plain", "done"};
    });
    thread_ = std::jthread([this](const std::stop_token& stop) { server_.run(stop); });
  }

  // The answer, from its status on.
  std::string ask(const std::string& line, const std::string& headers = {}, const std::string& body = {},
                  const std::string& host = {}) const {
    SocketClient client = SocketClient::of_port(server_.port());
    client.send(line + " HTTP/1.1\r\nHost: " + (host.empty() ? here() : host) + "\r\n" + headers +
                (body.empty() ? "" : "Content-Length: " + std::to_string(body.size()) + "\r\n") +
                "Connection: close\r\n\r\n" + body);
    const std::string answer = client.until_closed();
    return answer.size() < 9 ? answer : answer.substr(9);
  }
  std::string call(const std::string& token, const std::string& body) const {
    return ask("POST /rpc", bearer(token) + "Content-Type: application/json\r\n", body);
  }
  std::string here() const { return "127.0.0.1:" + std::to_string(server_.port()); }
  static std::string bearer(const std::string& token) { return "Authorization: Bearer " + token + "\r\n"; }
  std::string url() const { return server_.url(); }
  void request_stop() { thread_.request_stop(); }

  std::promise<void> begun;
  std::promise<void> may_end;

 private:
  static HttpServer open(ServeWorld& world, HttpOptions options) {
    options.tokens = {{"anna", anna}, {"ben", ben}};
    options.watch = &world.watch();
    auto server = HttpServer::open(options, world.pool());
    REQUIRE(server);
    return *std::move(server);
  }

  HttpServer server_;
  std::jthread thread_;
};

json body_of(const std::string& answer) { return json::parse(answer.substr(answer.find("\r\n\r\n") + 4)); }

std::string get_request(const std::string& id) {
  return R"({"jsonrpc":"2.0","id":1,"method":"bibsmith/entry.get","params":{"ids":")" + id + "\"}}";
}

}  // namespace

TEST_CASE("tokens: a name and a token a line") {
  const auto tokens = parse_tokens("# the group\n\nanna " + anna + "\n  ben@home\t" + ben + "\r\n");
  REQUIRE(tokens);
  REQUIRE(tokens->size() == 2);
  CHECK((*tokens)[0].name == "anna");
  CHECK((*tokens)[1].name == "ben@home");
  CHECK((*tokens)[1].token == ben);
  CHECK(problem_of("anna") == "1: a line has a name and a token");
  CHECK(problem_of("\nanna " + anna + " more") == "2: a line has a name and a token");
  CHECK(problem_of("an\"na " + anna) == "1: a name has letters, digits and ._@-, at most 64");
  CHECK(problem_of("anna short") == "1: a token has 32 to 256 letters, digits and -._~+/=");
  CHECK(problem_of("anna " + anna + "\x01") == "1: a token has 32 to 256 letters, digits and -._~+/=");
  CHECK(problem_of("anna " + anna + "\nben " + anna) == "2: this token is that of a line before");
}

TEST_CASE("tokens: a file that others may read is refused") {
  const TempDir dir;
  const std::string path = dir / "tokens";
  CHECK(read_tokens(path).error() == path + " does not exist");
  std::ofstream(path) << "anna " << anna << '\n';
  ::chmod(path.c_str(), 0640);
  CHECK(read_tokens(path).error() == path + " is open to others: chmod 600 it, and make new tokens");
  ::chmod(path.c_str(), 0600);
  CHECK(read_tokens(path)->size() == 1);
  std::ofstream(path) << "# nobody\n";
  CHECK(read_tokens(path).error() == path + " has no token");
  std::ofstream(path) << "anna nonsense\n";
  CHECK(read_tokens(path).error() == path + ":1: a token has 32 to 256 letters, digits and -._~+/=");
}

TEST_CASE("the rate of each client is its own: a sixth of a minute's at once, then evenly") {
  const RateLimit::Clock::time_point start{seconds(1000)};
  RateLimit limit(2, 60);
  for (int i = 0; i < 10; ++i) CHECK_FALSE(limit.take(0, start));
  CHECK(limit.take(0, start) == seconds(1));
  CHECK(limit.take(0, start + milliseconds(400)) == milliseconds(600));
  CHECK_FALSE(limit.take(1, start));
  CHECK_FALSE(limit.take(0, start + seconds(1)));
  CHECK(limit.take(0, start + seconds(1)) == seconds(1));
  for (int i = 0; i < 10; ++i) CHECK_FALSE(limit.take(0, start + std::chrono::hours(1)));
  CHECK(limit.take(0, start + std::chrono::hours(1)));
  RateLimit none(1, 0);
  for (int i = 0; i < 1000; ++i) CHECK_FALSE(none.take(0, start));
  RateLimit rare(1, 1);
  CHECK_FALSE(rare.take(0, start));
  CHECK(rare.take(0, start) == seconds(60));
}

TEST_CASE("numbers in the text format of Prometheus") {
  Metrics metrics;
  metrics.answered("POST", "/rpc", 200, std::chrono::microseconds(7500));
  metrics.answered("POST", "/rpc", 200, seconds(40));
  metrics.answered("other", "other", 400, std::chrono::microseconds(0));
  metrics.called("bibsmith/entry.get", true);
  metrics.called("other", false);
  metrics.rate_limited();
  bibsmith::fetchers::StoreCounts store;
  store.hits = 3;
  store.misses = 2;
  store.errors = 1;
  const std::string text = metrics.text(store);
  const auto has = [&](const std::string& line) {
    return ("\n" + text).find("\n" + line + "\n") != text.npos;
  };
  CHECK(has("# TYPE bibsmith_http_requests_total counter"));
  CHECK(has(R"(bibsmith_http_requests_total{method="POST",path="/rpc",status="200"} 2)"));
  CHECK(has(R"(bibsmith_http_requests_total{method="other",path="other",status="400"} 1)"));
  CHECK(has("# TYPE bibsmith_http_request_duration_seconds histogram"));
  CHECK(has(R"(bibsmith_http_request_duration_seconds_bucket{path="/rpc",le="0.005"} 0)"));
  CHECK(has(R"(bibsmith_http_request_duration_seconds_bucket{path="/rpc",le="0.01"} 1)"));
  CHECK(has(R"(bibsmith_http_request_duration_seconds_bucket{path="/rpc",le="30"} 1)"));
  CHECK(has(R"(bibsmith_http_request_duration_seconds_bucket{path="/rpc",le="+Inf"} 2)"));
  CHECK(has(R"(bibsmith_http_request_duration_seconds_sum{path="/rpc"} 40.0075)"));
  CHECK(has(R"(bibsmith_http_request_duration_seconds_count{path="/rpc"} 2)"));
  CHECK(has(R"(bibsmith_rpc_calls_total{method="bibsmith/entry.get",result="good"} 1)"));
  CHECK(has(R"(bibsmith_rpc_calls_total{method="other",result="error"} 1)"));
  CHECK(has("bibsmith_rate_limited_total 1"));
  CHECK(has("bibsmith_store_errors_total 1"));
  CHECK(has("bibsmith_cache_hits_total 3"));
  CHECK(has("bibsmith_cache_misses_total 2"));
}

TEST_CASE("a group's clients name no file of the machine but those that are served") {
  const std::vector<std::string> files = {"refs.bib"};
  const auto refused = [&](const std::string& method, const json& parameters) {
    const json request = {{"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", parameters}};
    const RpcMessage message = read_message(request.dump());
    REQUIRE(message.requests.size() == 1);
    const auto why = refuse_for_group(message.requests[0], files);
    return why ? why->message : "";
  };
  const std::string no_file = "a group's clients name only the files that are served";
  const std::string no_method = "there is no such method for a group's clients";
  CHECK(refused("bibsmith/bib.parse", {{"text", "@misc{a}"}}).empty());
  CHECK(refused("bibsmith/bib.parse", {{"text", "@misc{a}"}, {"file", "/etc/passwd"}}).empty());
  CHECK(refused("bibsmith/bib.parse", {{"file", "refs.bib"}}).empty());
  CHECK(refused("bibsmith/bib.parse", {{"file", "/etc/passwd"}}) == no_file);
  CHECK(refused("bibsmith/bib.parse", {{"file", "./refs.bib"}}) == no_file);
  CHECK(refused("bibsmith/bib.parse", {{"text", nullptr}, {"file", "/etc/passwd"}}) == no_file);
  CHECK(refused("bibsmith/bib.update", {{"files", {"refs.bib", "/etc/passwd"}}}) == no_file);
  CHECK(refused("bibsmith/bib.update", {{"files", "/etc/passwd"}}) == no_file);
  CHECK(refused("bibsmith/bib.update", {{"files", {"refs.bib"}}}).empty());
  CHECK(refused("bibsmith/bib.add", {{"file", "/tmp/new.bib"}, {"ids", "1706.03762"}}) == no_file);
  CHECK(refused("bibsmith/entry.get", {{"ids", "1706.03762"}}).empty());
  for (const std::string method : {"bibsmith/tex.resolve", "bibsmith/bib.keys", "bibsmith/bib.dedupe",
                                   "bibsmith/zotero.push", "bibsmith/plugin.list", "bibsmith/none"}) {
    CHECK(refused(method, json::object()) == no_method);
  }
}

TEST_CASE("each of a group's tokens opens, has a rate of its own, and stands in no log") {
  ServeWorld world;
  const Service service(world, {.requests_a_minute = 12});
  CHECK(service.url() == "http://" + service.here());
  CHECK(service.call(std::string(32, 'c'), id_request(1)).starts_with("401 "));
  CHECK(service.call(anna, id_request(1)).starts_with("200 "));
  CHECK(service.call(anna, id_request(2)).starts_with("200 "));
  const std::string refused = service.call(anna, id_request(3));
  CHECK(refused.starts_with("429 Too Many Requests\r\n"));
  const std::size_t after = refused.find("\r\nRetry-After: ");
  REQUIRE(after != refused.npos);
  CHECK(std::stoi(refused.substr(after + 15)) >= 1);
  CHECK(std::stoi(refused.substr(after + 15)) <= 5);
  // A batch counts as what it holds.
  const json batch =
      body_of(service.call(ben, "[" + id_request(1) + "," + id_request(2) + "," + id_request(3) + "]"));
  CHECK(batch[1].contains("result"));
  CHECK(batch[2]["error"]["code"] == -32011);
  CHECK(service.call(ben, id_request(1)).starts_with("429 "));

  CHECK(service.ask("GET /metrics").starts_with("401 "));
  const std::string metrics = service.ask("GET /metrics?token=" + anna, Service::bearer(anna));
  CHECK(metrics.starts_with("200 "));
  CHECK(metrics.find("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n") != metrics.npos);
  CHECK(metrics.find(R"(requests_total{method="POST",path="/rpc",status="429"} 2)") != metrics.npos);
  CHECK(metrics.find("bibsmith_rate_limited_total 3") != metrics.npos);
  CHECK(metrics.find("anna") == metrics.npos);
  service.ask("GET /none/" + anna);
  std::size_t calls = 0;
  for (const std::string& line : world.log()) {
    CHECK(line.find(anna) == line.npos);
    const json event = json::parse(line);
    CHECK(event["time"].get<std::string>().size() == 20);
    if (event["event"] == "call") ++calls;
    if (event["event"] == "request" && event["status"] == 200) CHECK(event["client"] != "");
    if (event["event"] == "request" && event["status"] == 404) CHECK(event["path"] == "other");
  }
  CHECK(calls == 5);
}

TEST_CASE("a proxy's address is a Host and an Origin of ours; others stay refused") {
  ServeWorld world;
  const Service service(world, {.public_url = "https://bib.example.org"});
  const std::string line = "POST /rpc";
  const std::string headers = Service::bearer(anna) + "Content-Type: application/json\r\n";
  const auto status = [&](const std::string& host, const std::string& origin) {
    return service
        .ask(line, headers + (origin.empty() ? "" : "Origin: " + origin + "\r\n"), id_request(1), host)
        .substr(0, 3);
  };
  CHECK(status("bib.example.org", "https://bib.example.org") == "200");
  CHECK(status("Bib.Example.org", "") == "200");
  CHECK(status("bib.example.org", "http://bib.example.org") == "403");
  CHECK(status("bib.example.org", "https://evil.example") == "403");
  CHECK(status("bib.example.org.evil.example", "") == "403");
  CHECK(status("evil.example", "https://bib.example.org") == "403");
  CHECK(status("", "") == "200");
}

TEST_CASE("a request that was begun is answered after the end was asked for, and none is taken any more") {
  ServeWorld world;
  Service service(world, {.patience = {.drain = seconds(60)}});
  std::string answer;
  SocketClient idle = SocketClient::of_port(static_cast<std::uint16_t>(std::stoi(service.here().substr(10))));
  std::thread client([&] { answer = service.ask("GET /slow"); });
  service.begun.get_future().wait();
  service.request_stop();
  CHECK(idle.until_closed().empty());
  service.may_end.set_value();
  client.join();
  CHECK(answer.starts_with("200 "));
  CHECK(answer.ends_with("done"));
}

TEST_CASE("health: the server lives, and is ready as long as its store answers") {
  ServeWorld own;
  const Service alone(own);
  CHECK(alone.ask("GET /health/live").starts_with("200 "));
  CHECK(body_of(alone.ask("GET /health")) == json{{"live", true}, {"ready", true}});
  const auto server = PostgresServer::start();
  if (server == nullptr) return;
  const std::string url = server->new_database();
  ServeWorld world({}, url);
  const Service service(world);
  CHECK(service.ask("GET /health").starts_with("200 "));
  server->kill();
  const std::string away = service.ask("GET /health");
  CHECK(away.starts_with("503 "));
  CHECK(body_of(away) == json{{"live", true}, {"ready", false}});
  CHECK(service.ask("GET /health/live").starts_with("200 "));
  CHECK(service.call(anna, id_request(1)).starts_with("200 "));
  CHECK(world.watch().store().errors > 0);
  server->restart();
  CHECK(service.ask("GET /health").starts_with("200 "));
}

TEST_CASE("two instances on one store: what one has asked for the other finds") {
  PostgresServer* server = PostgresServer::shared();
  if (server == nullptr) return;
  Emulator emulator({.records = {"data/sample_papers.jsonl"}, .interval = milliseconds(1)});
  const std::string url = server->new_database();
  ServeWorld first(emulator.atom_url(), url);
  ServeWorld second(emulator.atom_url(), url);
  const Service one(first);
  const Service two(second);
  const auto key_of = [](const std::string& answer) {
    return body_of(answer)["result"]["entries"][0]["key"];
  };
  CHECK(key_of(one.call(anna, get_request("1706.03762"))) == "vaswani2017attention");
  CHECK(key_of(two.call(ben, get_request("1706.03762"))) == "vaswani2017attention");
  CHECK(emulator.report().requests == 1);
  CHECK(first.watch().store().misses > 0);
  CHECK(second.watch().store().hits == 1);
}
