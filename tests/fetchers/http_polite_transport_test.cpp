#include <chrono>
#include <stop_token>
#include <string>
#include <vector>

#include "fetchers/http/polite_transport.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/scripted_transport.hpp"
#include "tests/support/temp_dir.hpp"

using namespace bibsmith::fetchers;
using bibsmith::FetchError;
using bibsmith::testing::FakeClock;
using bibsmith::testing::ScriptedTransport;
using bibsmith::testing::TempDir;
using namespace std::chrono_literals;

namespace {

const HttpRequest request{.url = "https://export.arxiv.org/api/query?id_list=1"};

struct World {
  FakeClock clock;
  TempDir directory;
  RateLimiter limiter{directory.path(), "arxiv", clock};
  ScriptedTransport transport;

  PoliteTransport polite(RetryOptions options = {}) {
    options.jitter_seed = 1;
    return PoliteTransport(transport, limiter, clock, std::move(options));
  }
};

}  // namespace

TEST_CASE("PoliteTransport spaces requests by the limiter's interval") {
  World world;
  world.transport.answers(200, "a").answers(404, "b").answers(200, "c");
  auto polite = world.polite();
  CHECK(polite.send(request, {})->body == "a");
  CHECK(polite.send(request, {})->status == 404);
  CHECK(polite.send(request, {})->body == "c");
  CHECK(world.clock.sleeps == std::vector<std::chrono::nanoseconds>{3s, 3s});
}

TEST_CASE("PoliteTransport counts the interval from when the request left") {
  World world;
  world.transport.script.push_back([&](const HttpRequest&) -> ScriptedTransport::Answer {
    world.clock.now += 1s;  // to get the connection
    return HttpResponse{.status = 200, .body = "a", .sent_after = 1s, .received_by = 1s};
  });
  world.transport.answers(200, "b");
  auto polite = world.polite();
  CHECK(polite.send(request, {})->body == "a");
  CHECK(polite.send(request, {})->body == "b");
  CHECK(world.clock.sleeps == std::vector<std::chrono::nanoseconds>{3s});
}

TEST_CASE("PoliteTransport retries three times with growing back-off") {
  World world;
  world.transport.fails(FetchError::Code::unreachable)
      .fails(FetchError::Code::timed_out)
      .answers(502, "bad gateway")
      .answers(200, "good");
  auto polite = world.polite();
  const auto answer = polite.send(request, {});
  REQUIRE(answer);
  CHECK(answer->body == "good");
  const auto& sleeps = world.clock.sleeps;
  REQUIRE(sleeps.size() == 3);  // each back-off covers the interval
  const std::chrono::nanoseconds bases[] = {3s, 6s, 12s};
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(sleeps[i] >= bases[i]);
    CHECK(sleeps[i] <= bases[i] + bases[i] / 4);
  }
  CHECK(sleeps[0] != 3s);  // jitter
}

TEST_CASE("PoliteTransport hands over the last failure") {
  World world;
  for (int i = 0; i < 4; ++i) world.transport.answers(500, "broken " + std::to_string(i));
  auto polite = world.polite();
  const auto answer = polite.send(request, {});
  REQUIRE(answer);
  CHECK(answer->body == "broken 3");
  CHECK(world.transport.urls.size() == 4);

  for (int i = 0; i < 4; ++i) world.transport.fails(FetchError::Code::unreachable);
  const auto error = polite.send(request, {});
  REQUIRE_FALSE(error);
  CHECK(error.error().code == FetchError::Code::unreachable);
  CHECK(world.transport.urls.size() == 8);
}

TEST_CASE("PoliteTransport does not repeat what cannot get better") {
  World world;
  auto polite = world.polite();
  SECTION("a certificate") {
    world.transport.fails(FetchError::Code::unreachable, true);
    CHECK_FALSE(polite.send(request, {}));
  }
  SECTION("a protocol error") {
    world.transport.fails(FetchError::Code::bad_response);
    CHECK_FALSE(polite.send(request, {}));
  }
  SECTION("a 400") {
    world.transport.answers(400, "<feed/>");
    CHECK(polite.send(request, {}));
  }
  CHECK(world.transport.urls.size() == 1);
}

TEST_CASE("PoliteTransport asks again when the answer is empty or incomplete") {
  World world;
  SECTION("by default: white space under 200") {
    world.transport.answers(200, "").answers(200, " \n").answers(200, "full");
    CHECK(world.polite().send(request, {})->body == "full");
  }
  SECTION("as the caller says") {
    world.transport.answers(200, "half").answers(200, "");
    RetryOptions options;
    options.is_incomplete = [](const HttpResponse& response) { return response.body == "half"; };
    CHECK(world.polite(options).send(request, {})->body.empty());
  }
  SECTION("an empty 204 is complete") {
    world.transport.answers(204, "");
    CHECK(world.polite().send(request, {})->status == 204);
  }
}

TEST_CASE("PoliteTransport waits out a short pause that the server asks for") {
  World world;
  world.transport.answers(429, "Rate exceeded.", 20s).answers(200, "good");
  auto polite = world.polite();
  const auto answer = polite.send(request, {});
  REQUIRE(answer);
  CHECK(answer->body == "good");
  CHECK(world.clock.sleeps == std::vector<std::chrono::nanoseconds>{20s});
}

TEST_CASE("PoliteTransport comes back with rate_limited when the pause is too long") {
  World world;
  world.transport.answers(429, "Rate exceeded.").answers(503, "");
  auto polite = world.polite();
  const auto answer = polite.send(request, {});
  REQUIRE_FALSE(answer);
  const FetchError& error = answer.error();
  CHECK(error.code == FetchError::Code::rate_limited);
  CHECK(error.http_status == 503);
  CHECK(error.url == request.url);
  CHECK(error.retry_after == 60s);  // the second refusal in a row: 30 s, then 60 s
  CHECK(error.message == "export.arxiv.org answers no more requests for now (HTTP 503); try again in 60 s");
  CHECK(world.clock.sleeps == std::vector<std::chrono::nanoseconds>{30s});

  SECTION("the next request waits no longer than its patience, and asks nothing") {
    RetryOptions impatient;
    impatient.patience = 5s;
    const auto next = world.polite(impatient).send(request, {});
    REQUIRE_FALSE(next);
    CHECK(next.error().code == FetchError::Code::rate_limited);
    CHECK(next.error().message == "arxiv asked for a pause; try again in 60 s");
    CHECK(next.error().url == request.url);
    CHECK(next.error().retry_after == 60s);
    CHECK(world.transport.urls.size() == 2);
  }
  SECTION("an answer resets the count of refusals") {
    world.clock.now += 60s;
    world.transport.answers(200, "good").answers(429, "").answers(200, "again");
    CHECK(polite.send(request, {}));
    CHECK(polite.send(request, {})->body == "again");
    CHECK(world.clock.sleeps.back() == 30s);
  }
}

TEST_CASE("is_refusal knows arXiv's words under any status") {
  CHECK(is_refusal({.status = 429}));
  CHECK(is_refusal({.status = 503}));
  CHECK(is_refusal({.status = 200, .body = "Rate exceeded."}));
  CHECK(is_refusal({.status = 403, .body = "\n Rate exceeded.\n"}));
  CHECK_FALSE(is_refusal({.status = 200, .body = "<title>Rate exceeded.</title>"}));
  CHECK_FALSE(is_refusal({.status = 500}));
  CHECK_FALSE(is_refusal({.status = 200}));
}

TEST_CASE("PoliteTransport never asks a fifth time, however short the pauses") {
  World world;
  for (int i = 0; i < 9; ++i) world.transport.answers(200, "Rate exceeded.", 1s);
  const auto answer = world.polite().send(request, {});
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == FetchError::Code::rate_limited);
  CHECK(world.transport.urls.size() == 4);
}

TEST_CASE("PoliteTransport stops while it waits") {
  World world;
  std::stop_source stop;
  world.clock.on_sleep = [&] { stop.request_stop(); };
  auto polite = world.polite();
  SECTION("for a back-off") { world.transport.answers(500, ""); }
  SECTION("for a pause") { world.transport.answers(429, ""); }
  const auto answer = polite.send(request, stop.get_token());
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == FetchError::Code::cancelled);
  CHECK(answer.error().url == request.url);
  CHECK(world.clock.sleeps.size() == 1);
}

TEST_CASE("an outage is found out once, and by one process for all") {
  World world;
  world.transport.fails(FetchError::Code::unreachable).answers(200, "a").fails(FetchError::Code::timed_out);
  Outage outage(world.directory.path(), "builds", world.clock);
  Outage of_another_process(world.directory.path(), "builds", world.clock);
  RetryOptions options;
  options.retries_max = 0;
  options.outage = &outage;
  auto polite = world.polite(options);
  CHECK(polite.send(request, {}).error().message == "scripted");
  CHECK(of_another_process.left() == outage_lasts);
  const auto error = polite.send(request, {}).error();
  CHECK(error.code == FetchError::Code::unreachable);
  CHECK(error.message == "not tried, since no server could be reached a moment ago; again in 60 s");
  options.outage = &of_another_process;
  CHECK_FALSE(world.polite(options).send(request, {}));
  CHECK(world.transport.urls.size() == 1);

  world.clock.sleep_for(outage_lasts, {});
  CHECK(polite.send(request, {})->body == "a");
  CHECK(outage.left() == 0s);
  CHECK_FALSE(polite.send(request, {}));  // silence counts too
  CHECK(outage.left() == outage_lasts);
  // Who has time for a try does not mind.
  world.transport.answers(200, "b");
  CHECK(world.polite().send(request, {})->body == "b");
}

TEST_CASE("an answer is no outage, whatever it says") {
  World world;
  world.transport.answers(404, "").answers(500, "").answers(503, "");
  Outage outage(world.directory.path(), "builds", world.clock);
  RetryOptions options;
  options.retries_max = 0;
  options.patience = 0s;
  options.outage = &outage;
  auto polite = world.polite(options);
  for (int i = 0; i < 3; ++i) polite.send(request, {});
  CHECK(outage.left() == 0s);
  CHECK(world.transport.urls.size() == 3);
}
