#include "tests/arxiv_emulator/fault.hpp"

#include "tests/arxiv_emulator/gzip_bomb.hpp"
#include "tests/support/catch.hpp"

using namespace bibsmith::emulator;
using namespace std::chrono_literals;

namespace {

std::string error_of(std::string_view specification) {
  const auto fault = parse_fault(specification);
  return fault ? "" : fault.error();
}

}  // namespace

TEST_CASE("kinds, options and the requests that are hit") {
  const auto once = parse_fault("429:retry-after=1@2");
  REQUIRE(once);
  CHECK(once->kind == Fault::Kind::too_many_requests);
  CHECK(once->retry_after_s == 1);
  CHECK_FALSE(once->hits(1));
  CHECK(once->hits(2));
  CHECK_FALSE(once->hits(3));
  CHECK(parse_fault("cut@2-3")->hits(3));
  CHECK_FALSE(parse_fault("cut@2-3")->hits(4));
  CHECK(parse_fault("cut@5-")->hits(1'000'000));
  CHECK(parse_fault("cut@*")->hits(1));
  CHECK(parse_fault("stall:0.05")->delay == 50ms);
  CHECK(parse_fault("stall")->delay == 30s);
  CHECK(parse_fault("drip:0.001@4")->delay == 1ms);
  for (const char* name : {"429", "503", "stall", "drip", "cut", "reset", "empty", "no-entries", "bad-xml",
                           "html", "redirect-loop", "downgrade", "gzip-bomb", "missing", "other-paper"}) {
    CHECK(name_of(parse_fault(name)->kind) == name);
  }
}

TEST_CASE("a rate hits the same requests in every run") {
  const auto fault = parse_fault("rate=0.3");
  REQUIRE(fault);
  CHECK(fault->kind == Fault::Kind::unavailable);
  int hits = 0;
  for (std::uint64_t number = 1; number <= 1000; ++number) {
    hits += fault->hits(number) ? 1 : 0;
  }
  CHECK(hits > 260);
  CHECK(hits < 340);
  CHECK(parse_fault("rate=0.5:429:retry-after=2@1-10")->kind == Fault::Kind::too_many_requests);
  CHECK_FALSE(parse_fault("rate=0")->hits(1));
  CHECK(parse_fault("rate=1")->hits(1));
}

TEST_CASE("specifications that are none") {
  CHECK(error_of("") == "fault '': unknown kind ''");
  CHECK(error_of("42") == "fault '42': unknown kind '42'");
  CHECK(error_of("429@0") == "fault '429@0': not a range of requests: '0'");
  CHECK(error_of("429@3-2") == "fault '429@3-2': not a range of requests: '3-2'");
  CHECK(error_of("429@") == "fault '429@': not a range of requests: ''");
  CHECK(error_of("429:retry-after=x") ==
        "fault '429:retry-after=x': expected whole seconds after 'retry-after='");
  CHECK(error_of("stall:x") == "fault 'stall:x': expected seconds from 0 to 600");
  CHECK(error_of("stall:601") == "fault 'stall:601': expected seconds from 0 to 600");
  CHECK(error_of("cut:1") == "fault 'cut:1': unknown option '1'");
  CHECK(error_of("rate=2") == "fault 'rate=2': expected a rate from 0 to 1");
  CHECK(error_of("rate=nan") == "fault 'rate=nan': expected a rate from 0 to 1");
  CHECK(error_of(std::string(300, 'x')) == "fault '" + std::string(64, 'x') + "': longer than 256 bytes");
}

TEST_CASE("the bomb is small and says how large it becomes") {
  const std::string bomb = gzip_bomb(std::size_t{65} << 20);
  CHECK(bomb.size() < 500'000);
  CHECK(bomb.substr(0, 3) == "\x1f\x8b\x08");
  const auto byte = [&bomb](std::size_t from_end) {
    return static_cast<unsigned>(static_cast<unsigned char>(bomb[bomb.size() - from_end]));
  };
  CHECK((byte(4) | byte(3) << 8 | byte(2) << 16 | byte(1) << 24) == 65u << 20);
}

TEST_CASE("a fault may be of one endpoint alone") {
  const auto fault = parse_fault("429:retry-after=1:on=atom@2-3");
  REQUIRE(fault);
  CHECK(fault->retry_after_s == 1);
  CHECK(fault->hits(2, "atom"));
  CHECK_FALSE(fault->hits(2, "oai"));
  CHECK_FALSE(fault->hits(1, "atom"));
  CHECK(parse_fault("cut").value().hits(1, "oai"));
  CHECK(parse_fault("cut:on=").error() == "fault 'cut:on=': expected an endpoint after 'on='");
}
