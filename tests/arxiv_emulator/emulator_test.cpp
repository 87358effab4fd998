#include "tests/arxiv_emulator/emulator.hpp"

#include <chrono>

#include <httplib.h>

#include "tests/support/catch.hpp"

using namespace bibsmith::emulator;
using namespace std::chrono_literals;

namespace {

constexpr const char* good_agent = "bibsmith-test/1 (mailto:someone@example.org)";
constexpr const char* one_paper = "/api/query?id_list=1706.03762&max_results=1";

EmulatorOptions options(std::vector<std::string> faults = {}) {
  return {.records = {"data/sample_papers.jsonl"}, .interval = 0ms, .faults = std::move(faults)};
}

// A client as polite as arXiv asks, that never waits long.
httplib::Client client_of(const Emulator& emulator) {
  httplib::Client client("127.0.0.1", emulator.port());
  client.set_default_headers({{"User-Agent", good_agent}});
  client.set_read_timeout(5s);
  client.set_keep_alive(true);
  return client;
}

std::size_t count(const std::string& text, std::string_view what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("the four endpoints answer, and a polite client is called polite") {
  Emulator emulator(options());
  REQUIRE(emulator.problem() == "");
  auto client = client_of(emulator);
  const auto atom = client.Get(one_paper);
  REQUIRE(atom);
  CHECK(atom->status == 200);
  CHECK(atom->get_header_value("Content-Type") == "application/atom+xml; charset=utf-8");
  CHECK(count(atom->body, "<title>Attention Is All You Need</title>") == 1);
  const auto oai = client.Get("/oai?verb=GetRecord&identifier=oai:arXiv.org:1706.03762&metadataPrefix=arXiv");
  REQUIRE(oai);
  CHECK(count(oai->body, "<keyname>Vaswani</keyname>") == 1);
  const auto bibtex = client.Get("/bibtex/hep-th/9711200");
  REQUIRE(bibtex);
  CHECK(count(bibtex->body, "@misc{maldacena1998largenlimitsuperconformal,") == 1);
  const auto abs = client.Get("/abs/1602.03837");
  REQUIRE(abs);
  CHECK(count(abs->body, "<meta name=\"citation_author\" content=\"The LIGO Scientific Collaboration\">") ==
        1);
  CHECK(client.Get("/elsewhere")->status == 404);

  const ConductReport report = emulator.report();
  CHECK(report.requests == 5);
  CHECK(report.requests_by_endpoint ==
        std::map<std::string, std::size_t>{{"abs", 1}, {"atom", 1}, {"bibtex", 1}, {"oai", 1}, {"other", 1}});
  CHECK(report.connections_max == 1);
  CHECK(report.batch_max == 1);
  CHECK(report.broken_rules() == std::vector<std::string>{});
}

TEST_CASE("early versions have the lines they had") {
  Emulator emulator(options());
  auto client = client_of(emulator);
  CHECK(count(client.Get("/api/query?id_list=2303.08774v1")->body, "<author>") == 1);
  CHECK(count(client.Get("/api/query?id_list=2303.08774")->body, "<author>") == 11);
}

TEST_CASE("POST takes forms, long ones and unlabelled ones too") {
  Emulator emulator(options());
  auto client = client_of(emulator);
  const auto form =
      client.Post("/api/query", "id_list=1706.03762&max_results=1", "application/x-www-form-urlencoded");
  REQUIRE(form);
  CHECK(count(form->body, "<entry>") == 1);
  std::string list = "1706.03762";
  for (int i = 1000; i < 2000; ++i) list += ",1801.0" + std::to_string(i);
  const auto longer =
      client.Post("/api/query", "max_results=2000&id_list=" + list, "application/x-www-form-urlencoded");
  REQUIRE(longer);
  CHECK(longer->status == 200);
  CHECK(count(longer->body, "<entry>") == 1);
  CHECK(emulator.report().batch_max == 1001);
  const auto unlabelled = client.Post("/api/query", "id_list=1706.03762", "");
  REQUIRE(unlabelled);
  CHECK(count(unlabelled->body, "<entry>") == 1);
}

TEST_CASE("other paths and methods of the API are error feeds") {
  Emulator emulator(options());
  auto client = client_of(emulator);
  const auto legacy = client.Get("/api/query/search_query?x");
  REQUIRE(legacy);
  CHECK(legacy->status == 404);
  CHECK(count(legacy->body, "<id>https://arxiv.org/api/errors</id>") == 1);
  const auto other = client.Delete("/api/query");
  REQUIRE(other);
  CHECK(other->status == 405);
  CHECK(count(other->body, "<summary>The method is not allowed for the requested URL.</summary>") == 1);
}

TEST_CASE("a request line over eight kilobytes is too long") {
  Emulator emulator(options());
  auto client = client_of(emulator);
  const auto answer = client.Get("/api/query?id_list=" + std::string(9000, '1'));
  REQUIRE(answer);
  CHECK(answer->status == 414);
}

TEST_CASE("haste, a second connection and a library's User-Agent are noticed") {
  EmulatorOptions strict = options();
  strict.interval = 60s;
  Emulator emulator(strict);
  auto client = client_of(emulator);
  REQUIRE(client.Get(one_paper));
  httplib::Client second("127.0.0.1", emulator.port());
  second.set_keep_alive(true);
  REQUIRE(second.Get(one_paper));
  const ConductReport report = emulator.report();
  CHECK(report.broken_rules() ==
        std::vector<std::string>{"1 requests less than 60000 ms after the one before",
                                 "2 connections at the same time",
                                 "1 requests without a descriptive User-Agent"});
  CHECK(report.repeated_requests == 1);
}

TEST_CASE("a client that closes and comes again has one connection") {
  Emulator emulator(options());
  for (int i = 0; i < 20; ++i) {
    auto client = client_of(emulator);
    REQUIRE(client.Get(one_paper));
  }
  CHECK(emulator.report().connections_max == 1);
}

TEST_CASE("refusals") {
  Emulator emulator(options({"429@1", "429:retry-after=7@2", "503@3"}));
  auto client = client_of(emulator);
  const auto first = client.Get(one_paper);
  CHECK(first->status == 429);
  CHECK(first->body == "Rate exceeded.");
  CHECK_FALSE(first->has_header("Retry-After"));
  CHECK(client.Get(one_paper)->get_header_value("Retry-After") == "7");
  CHECK(client.Get(one_paper)->status == 503);
  CHECK(client.Get(one_paper)->status == 200);
  CHECK(emulator.report().retry_after_violations == 1);
}

TEST_CASE("bodies that are not what they should be") {
  Emulator emulator(
      options({"empty@1", "no-entries@2", "bad-xml@3", "html@4", "other-paper@5", "missing@6"}));
  auto client = client_of(emulator);
  const auto empty = client.Get(one_paper);
  CHECK(empty->status == 200);
  CHECK(empty->body.empty());
  const auto none = client.Get(one_paper);
  CHECK(count(none->body, "<opensearch:totalResults>0<") == 1);
  CHECK(count(none->body, "<entry>") == 0);
  const auto bad = client.Get(one_paper);
  CHECK(bad->body.ends_with("<broken & gone"));
  const auto html = client.Get(one_paper);
  CHECK(html->get_header_value("Content-Type") == "text/html; charset=utf-8");
  const auto other = client.Get(one_paper);
  CHECK(count(other->body, "abs/1706.03762") == 0);
  CHECK(count(other->body, "<entry>") == 1);
  const auto missing = client.Get("/api/query?id_list=1706.03762,1810.04805,1512.03385,1412.6980");
  CHECK(count(missing->body, "<entry>") == 2);
}

TEST_CASE("redirects that never end and that leave for another host") {
  Emulator emulator(options({"redirect-loop@1-30", "downgrade@31"}));
  auto client = client_of(emulator);
  const auto once = client.Get(one_paper);
  CHECK(once->status == 302);
  CHECK(once->get_header_value("Location") == one_paper);
  client.set_follow_location(true);
  CHECK(client.Get(one_paper).error() == httplib::Error::ExceedRedirectCount);
  REQUIRE(emulator.set_faults({"downgrade"}));
  client.set_follow_location(false);
  const auto downgrade = client.Get(one_paper);
  CHECK(downgrade->status == 301);
  CHECK(downgrade->get_header_value("Location") == "http://arxiv.invalid" + std::string(one_paper));
}

TEST_CASE("answers that break off, drip, or do not come") {
  Emulator emulator(options({"cut@1", "reset@2", "stall:0.02@3", "stall:60@4", "drip:0@5", "drip:60@6"}));
  auto client = client_of(emulator);
  CHECK_FALSE(client.Get(one_paper));
  CHECK_FALSE(client.Get(one_paper));
  CHECK(client.Get(one_paper)->status == 200);
  client.set_read_timeout(20ms);
  CHECK_FALSE(client.Get(one_paper));
  client.set_read_timeout(5s);
  const auto dripped = client.Get(one_paper);
  REQUIRE(dripped);
  CHECK(dripped->body.ends_with("</feed>\n"));
  client.set_read_timeout(20ms);
  CHECK_FALSE(client.Get(one_paper));
}

TEST_CASE("the emulator stops while a client waits for a stalled answer") {
  auto emulator = std::make_unique<Emulator>(options({"stall:600"}));
  const int port = emulator->port();
  std::thread waiting([port] {
    httplib::Client client("127.0.0.1", port);
    CHECK_FALSE(client.Get(one_paper));
  });
  while (emulator->report().requests == 0) std::this_thread::yield();
  emulator.reset();
  waiting.join();
}

TEST_CASE("a bomb is small on the way and large when it is opened") {
  Emulator emulator(options({"gzip-bomb"}));
  auto client = client_of(emulator);
  client.set_read_timeout(std::chrono::seconds(120));  // packing it takes a sanitizer long
  client.set_decompress(false);
  const auto packed = client.Get(one_paper);
  REQUIRE(packed);
  CHECK(packed->get_header_value("Content-Encoding") == "gzip");
  CHECK(packed->body.size() < 500'000);
  client.set_decompress(true);
  std::size_t opened = 0;
  const auto whole = client.Get(one_paper, [&opened](const char*, std::size_t size) {
    opened += size;
    return true;
  });
  CHECK(whole);
  CHECK(opened == std::size_t{65} << 20);
}

TEST_CASE("faults and the report while it runs") {
  Emulator emulator(options());
  auto client = client_of(emulator);
  CHECK(client.Post("/control/fault?spec=429@1&spec=503@2", "", "text/plain")->body == "faults: 2\n");
  CHECK(client.Get(one_paper)->status == 429);
  CHECK(client.Get(one_paper)->status == 503);
  CHECK(client.Post("/control/fault", "", "text/plain")->body == "faults: 0\n");
  CHECK(client.Get(one_paper)->status == 200);
  const auto wrong = client.Post("/control/fault?spec=no", "", "text/plain");
  CHECK(wrong->status == 400);
  CHECK(wrong->body == "fault 'no': unknown kind 'no'\n");
  CHECK(count(client.Get("/control/report")->body, "\"requests\": 3,") == 1);
  CHECK(count(client.Post("/control/report", "", "text/plain")->body, "\"requests\": 0,") == 1);
  CHECK(client.Get("/")->status == 200);
}

TEST_CASE("what keeps it from starting is said") {
  CHECK(Emulator({.records = {"no/such.jsonl"}}).problem() == "no/such.jsonl: cannot be read");
  CHECK(Emulator({.faults = {"42"}}).problem() == "fault '42': unknown kind '42'");
  const Emulator first(options());
  EmulatorOptions same_port = options();
  same_port.port = first.port();
  CHECK(Emulator(same_port).problem() == "port " + std::to_string(first.port()) + " cannot be listened on");
}
