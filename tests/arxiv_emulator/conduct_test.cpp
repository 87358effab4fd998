#include "tests/arxiv_emulator/conduct.hpp"

#include "tests/support/catch.hpp"

using namespace bibsmith::emulator;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view good_agent = "bibsmith/0.1 (mailto:someone@example.org)";

// A client of which every request is a moment on a clock that the test sets.
struct Client {
  Conduct conduct{3000ms};
  Conduct::Time start{};

  void ask(std::chrono::milliseconds when, std::string target = "/api/query?id_list=1", int status = 200,
           std::optional<std::chrono::seconds> retry_after = {}, std::string_view agent = good_agent) {
    const Conduct::Request request{.endpoint = "atom",
                                   .method = "GET",
                                   .target = target + "&n=" + std::to_string(when.count()),
                                   .user_agent = std::string(agent),
                                   .batch = 1,
                                   .url_bytes = target.size()};
    conduct.request_started(request, start + when);
    conduct.request_answered(request, status, status == 200, retry_after, start + when);
  }
  using Rules = std::vector<std::string>;
  Rules broken() const { return conduct.report().broken_rules(); }
};

}  // namespace

TEST_CASE("three seconds between the starts of requests") {
  Client client;
  client.ask(0ms);
  client.ask(3000ms);
  client.ask(5950ms);  // within what clocks and the way may shorten
  CHECK(client.broken() == Client::Rules{});
  CHECK(client.conduct.report().spacing_min == 2950ms);
  client.ask(8790ms);
  CHECK(client.broken() == Client::Rules{"1 requests less than 3000 ms after the one before"});
}

TEST_CASE("a Retry-After is to be waited for") {
  Client client;
  client.ask(0ms, "/a", 429, 10s);
  client.ask(4000ms, "/a");
  CHECK(client.broken() == Client::Rules{"1 requests before a Retry-After had passed"});
}

TEST_CASE("one connection and one request at a time") {
  Conduct conduct(0ms);
  conduct.connections_open(1);
  CHECK(conduct.report().is_polite());
  conduct.connections_open(2);
  const Conduct::Request request{.endpoint = "atom", .user_agent = std::string(good_agent)};
  conduct.request_started(request, {});
  conduct.request_started(request, {});
  CHECK(conduct.report().broken_rules() ==
        std::vector<std::string>{"2 connections at the same time", "2 requests at the same time"});
}

TEST_CASE("a User-Agent names a program and a way to its people") {
  CHECK(is_descriptive(good_agent));
  CHECK(is_descriptive("bibsmith/0.1 (https://example.org/bibsmith)"));
  for (const char* agent : {"", "curl/7.88.1", "python-requests/2.31", "cpp-httplib/0.11.4", "bibsmith/0.1",
                            "curl/7.88.1 (me@example.org)"}) {
    CAPTURE(agent);
    CHECK_FALSE(is_descriptive(agent));
  }
  Client client;
  client.ask(0ms, "/a", 200, {}, "curl/7.88.1");
  CHECK(client.broken() == Client::Rules{"1 requests without a descriptive User-Agent"});
}

TEST_CASE("a request that was answered well is not repeated") {
  Conduct conduct(0ms);
  const Conduct::Request request{.endpoint = "atom", .method = "GET", .target = "/x", .user_agent = "a"};
  conduct.request_started(request, {});
  conduct.request_answered(request, 503, false, {}, {});
  conduct.request_started(request, {});
  conduct.request_answered(request, 200, true, {}, {});
  CHECK(conduct.report().repeated_requests == 0);
  conduct.request_started(request, {});
  CHECK(conduct.report().repeated_requests == 1);
  conduct.forget();
  CHECK(conduct.report().requests == 0);
}

TEST_CASE("the report as text and as JSON") {
  Client client;
  client.ask(0ms, "/a", 200, {}, "x\"\x01");
  const ConductReport report = client.conduct.report();
  CHECK(report.text() ==
        "requests: 1 (atom 1)\n"
        "answers: 200 1\n"
        "spacing: -, rule 3000 ms, 0 violations\n"
        "retry-after: 0 violations\n"
        "at the same time: 0 connections, 1 requests\n"
        "user agents: 'x\"\x01' 1; 1 requests without a descriptive one\n"
        "largest id_list: 1 ids; longest URL: 2 bytes\n"
        "repeated identical requests: 0\n"
        "verdict: not polite\n"
        "  1 requests without a descriptive User-Agent\n");
  CHECK(report.json() ==
        "{\n"
        "  \"polite\": false,\n"
        "  \"broken_rules\": [\"1 requests without a descriptive User-Agent\"],\n"
        "  \"requests\": 1,\n"
        "  \"requests_by_endpoint\": {\"atom\": 1},\n"
        "  \"answers_by_status\": {\"200\": 1},\n"
        "  \"interval_ms\": 3000,\n"
        "  \"spacing_min_ms\": null,\n"
        "  \"spacing_violations\": 0,\n"
        "  \"retry_after_violations\": 0,\n"
        "  \"connections_max\": 0,\n"
        "  \"requests_max\": 1,\n"
        "  \"user_agents\": {\"x\\\"\\u0001\": 1},\n"
        "  \"undescriptive_user_agents\": 1,\n"
        "  \"batch_max\": 1,\n"
        "  \"url_bytes_max\": 2,\n"
        "  \"repeated_requests\": 0\n"
        "}\n");
}
