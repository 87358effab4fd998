#include <chrono>
#include <stop_token>
#include <string>

#include "fetchers/http/curl_transport.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/loopback_server.hpp"
#include "tests/support/scoped_environment.hpp"

using bibsmith::FetchError;
using bibsmith::fetchers::CurlOptions;
using bibsmith::fetchers::CurlTransport;
using bibsmith::fetchers::HttpRequest;
using bibsmith::fetchers::user_agent;
using bibsmith::testing::http_answer;
using bibsmith::testing::LoopbackServer;
using bibsmith::testing::ScopedEnvironment;
using namespace std::chrono_literals;

namespace {

// 100,000 times 'a'.
std::string gzip_of_as() {
  return std::string(
             "\x1f\x8b\x08\0\0\0\0\0\x02\x03\xed\xc1\x31\x01\0\0\0\xc2\xa0\xac\xeb\x5f\xc2\x1a\x1e\x40\x01",
             27) +
         std::string(96, '\0') + std::string("\xaf\x06\x87\xfa\xe2\x1b\xa0\x86\x01\0", 10);
}

FetchError error_of(CurlTransport& transport, const HttpRequest& request) {
  const auto answer = transport.send(request, {});
  REQUIRE_FALSE(answer);
  return answer.error();
}

}  // namespace

TEST_CASE("user_agent names the tool and whom to write to") {
  CHECK(user_agent("") == "bibsmith/" BIBSMITH_VERSION " (citation tool)");
  CHECK(user_agent("me@example.org") == "bibsmith/" BIBSMITH_VERSION
                                        " (citation tool; contact: me@example.org)");
  CHECK(user_agent("x\r\nHost: evil") == "bibsmith/" BIBSMITH_VERSION
                                         " (citation tool; contact: xHost: evil)");
}

TEST_CASE("CurlTransport posts a body where there is a type for it") {
  LoopbackServer server([](const std::string&) { return http_answer(201, "[]"); });
  CurlTransport transport;
  HttpRequest request{.url = server.url("/import")};
  request.body = "@misc{a}\r\n\r\n";  // the server takes what ends so for whole
  request.content_type = "application/x-bibtex";
  const auto answer = transport.send(request, {});
  REQUIRE(answer);
  CHECK(answer->status == 201);
  const std::string head = server.heads().at(0);
  CHECK(head.starts_with("POST /import HTTP/1.1\r\n"));
  CHECK(head.find("Content-Type: application/x-bibtex\r\n") != head.npos);
  CHECK(head.find("Content-Length: 12\r\n") != head.npos);
  CHECK(head.find("Expect") == head.npos);
  // The next request is a plain one again.
  REQUIRE(transport.send({.url = server.url("/")}, {}));
  CHECK(server.heads().back().starts_with("GET / HTTP/1.1\r\n"));
}

TEST_CASE("CurlTransport hands over status, type and body of any answer") {
  LoopbackServer server([](const std::string&) {
    return http_answer(404, "no such thing", "Content-Type: text/plain\r\nRetry-After: 17\r\n");
  });
  CurlTransport transport;
  const auto answer = transport.send({.url = server.url("/a?b=c,d"), .accept = "application/atom+xml"}, {});
  REQUIRE(answer);
  CHECK(answer->status == 404);
  CHECK(answer->content_type == "text/plain");
  CHECK(answer->body == "no such thing");
  CHECK(answer->final_url == server.url("/a?b=c,d"));
  CHECK(answer->retry_after == 17s);
  CHECK(answer->sent_after > 0us);
  CHECK(answer->received_by >= answer->sent_after);
  const std::string head = server.heads().at(0);
  CHECK(head.starts_with("GET /a?b=c,d HTTP/1.1\r\n"));
  CHECK(head.find("\r\nAccept: application/atom+xml\r\n") != std::string::npos);
  CHECK(head.find("\r\nUser-Agent: bibsmith/" BIBSMITH_VERSION " (citation tool)\r\n") != std::string::npos);
  CHECK(head.find("\r\nAccept-Encoding: ") != std::string::npos);
}

TEST_CASE("CurlTransport knows by when the server had a request, however long the answer took") {
  LoopbackServer server([](const std::string&) {
    std::string body;
    for (int i = 0; i < 60'000; ++i) body.insert(0, 1, static_cast<char>('a' + i % 26));  // takes long
    return http_answer(200, body.substr(0, 10));
  });
  CurlTransport transport;
  CurlTransport::prepare();
  const auto answer = transport.send({.url = server.url()}, {});
  REQUIRE(answer);
  // The host is an address, so that all before the sending is the connection's making.
  CHECK(answer->received_by >= answer->sent_after);
  CHECK(answer->received_by <= 2 * answer->sent_after);
}

TEST_CASE("CurlTransport reads Retry-After as a date") {
  std::string date = "Fri, 31 Dec 2100 23:59:59 GMT";
  LoopbackServer server(
      [&](const std::string&) { return http_answer(503, "", "Retry-After: " + date + "\r\n"); });
  CurlTransport transport;
  auto answer = transport.send({.url = server.url()}, {});
  REQUIRE(answer);
  CHECK(answer->retry_after == 24h);  // cut

  date = "Fri, 31 Dec 1999 23:59:59 GMT";
  answer = transport.send({.url = server.url()}, {});
  REQUIRE(answer);
  CHECK_FALSE(answer->retry_after);
}

TEST_CASE("CurlTransport leaves no connection open between requests") {
  LoopbackServer server([](const std::string&) { return http_answer(200, "x"); });
  CurlTransport transport;
  for (int i = 0; i < 3; ++i) REQUIRE(transport.send({.url = server.url()}, {}));
  CHECK(server.heads().size() == 3);
  CHECK(server.connections() == 3);
}

TEST_CASE("CurlTransport unpacks, and limits what comes out") {
  LoopbackServer server(
      [](const std::string&) { return http_answer(200, gzip_of_as(), "Content-Encoding: gzip\r\n"); });
  CurlTransport transport;
  const auto answer = transport.send({.url = server.url(), .body_bytes_max = 100000}, {});
  REQUIRE(answer);
  CHECK(answer->body == std::string(100000, 'a'));

  const FetchError error = error_of(transport, {.url = server.url(), .body_bytes_max = 99999});
  CHECK(error.code == FetchError::Code::bad_response);
  CHECK(error.message == "127.0.0.1 sent more than 99999 bytes");
}

TEST_CASE("CurlTransport refuses a body that announces too much") {
  LoopbackServer server([](const std::string&) {
    return std::string("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nabc");
  });
  CurlTransport transport;
  const FetchError error = error_of(transport, {.url = server.url()});
  CHECK(error.code == FetchError::Code::bad_response);
  CHECK(error.message == "127.0.0.1 sent more than 16777216 bytes");
}

TEST_CASE("CurlTransport names a body that does not unpack") {
  LoopbackServer server(
      [](const std::string&) { return http_answer(200, "not gzip at all", "Content-Encoding: gzip\r\n"); });
  CurlTransport transport;
  const FetchError error = error_of(transport, {.url = server.url()});
  CHECK(error.code == FetchError::Code::bad_response);
  CHECK(error.message == "127.0.0.1 sent a body that does not unpack");
}

TEST_CASE("CurlTransport does not take half a body for an answer") {
  LoopbackServer server([](const std::string&) {
    return std::string("HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\nabc");
  });
  CurlTransport transport;
  const FetchError error = error_of(transport, {.url = server.url()});
  CHECK(error.code == FetchError::Code::unreachable);
  CHECK(error.message.starts_with("lost the connection to 127.0.0.1: "));
  CHECK_FALSE(error.lasting);
}

TEST_CASE("CurlTransport follows three redirects and no more") {
  int left = 3;
  LoopbackServer server([&](const std::string&) {
    if (left-- > 0) return http_answer(302, "moved", "Location: /next\r\n");
    return http_answer(200, "here");
  });
  CurlTransport transport;
  const auto answer = transport.send({.url = server.url("/first")}, {});
  REQUIRE(answer);
  CHECK(answer->body == "here");
  CHECK(answer->final_url == server.url("/next"));

  left = 4;
  const FetchError error = error_of(transport, {.url = server.url("/first")});
  CHECK(error.code == FetchError::Code::bad_response);
  CHECK(error.message == "127.0.0.1 redirects more than 3 times");
}

TEST_CASE("CurlTransport follows no redirect to clear text elsewhere") {
  for (const std::string target :
       {"http://example.org/", "ftp://127.0.0.1/", "file:///etc/passwd", "http://127.0.0.1.example.org/"}) {
    LoopbackServer server(
        [&](const std::string&) { return http_answer(301, "", "Location: " + target + "\r\n"); });
    CurlTransport transport;
    const FetchError error = error_of(transport, {.url = server.url()});
    CHECK(error.code == FetchError::Code::bad_response);
    CHECK(error.message == "127.0.0.1 redirects to " + target + ", which is not allowed");
    CHECK(error.lasting);
  }
}

TEST_CASE("CurlTransport speaks http to this machine alone") {
  CurlTransport transport;
  const auto refused = [&](const std::string& url) {
    const FetchError error = error_of(transport, {.url = url});
    CHECK(error.code == FetchError::Code::unreachable);
    CHECK(error.lasting);
    CHECK(error.url == url);
    return error.message;
  };
  CHECK(refused("http://export.arxiv.org/api/query") ==
        "http to export.arxiv.org is refused, it is not encrypted; use https");
  CHECK(refused("http://localhost@example.org/") ==
        "http to example.org is refused, it is not encrypted; use https");
  CHECK(refused("http://127.example.org/") ==
        "http to 127.example.org is refused, it is not encrypted; use https");
  CHECK(refused("gopher://127.0.0.1/") == "'gopher' is not spoken, use https: gopher://127.0.0.1/");
  CHECK(refused("nonsense") == "not a URL: 'nonsense'");
  CHECK(refused("") == "not a URL: ''");

  LoopbackServer server([](const std::string&) { return http_answer(200, "x"); });
  CHECK(transport.send({.url = server.url_on("http://localhost", "/")}, {}));
}

TEST_CASE("CurlTransport verifies whom it talks to") {
  LoopbackServer server([](const std::string&) { return http_answer(200, "x"); });
  CurlTransport transport;
  const HttpRequest request{.url = server.url_on("https://127.0.0.1", "/")};
  FetchError error = error_of(transport, request);
  CHECK(error.code == FetchError::Code::unreachable);
  CHECK(error.message.starts_with("no secure connection to 127.0.0.1: "));
  CHECK(error.lasting);

  const ScopedEnvironment no_bundle("CURL_CA_BUNDLE", nullptr);
  const ScopedEnvironment no_directory("SSL_CERT_DIR", nullptr);
  for (const char* name : {"CURL_CA_BUNDLE", "SSL_CERT_FILE"}) {
    const ScopedEnvironment bundle(name, "/nonexistent/ca.pem");
    error = error_of(transport, request);
    CHECK(error.message.find("/nonexistent/ca.pem") != std::string::npos);
    CHECK(error.lasting);
  }
}

TEST_CASE("CurlTransport goes through the proxy of the environment") {
  LoopbackServer proxy([](const std::string&) { return http_answer(403, "", "Connection: close\r\n"); });
  const ScopedEnvironment none("no_proxy", nullptr);
  const ScopedEnvironment none_upper("NO_PROXY", nullptr);
  const ScopedEnvironment https("https_proxy", proxy.url().c_str());
  CurlTransport transport;
  const FetchError error = error_of(transport, {.url = "https://export.arxiv.org/api/query"});
  CHECK(error.code == FetchError::Code::unreachable);
  CHECK(proxy.heads().at(0).starts_with("CONNECT export.arxiv.org:443 HTTP/1.1\r\n"));

  // but never to this machine
  const ScopedEnvironment http("http_proxy", proxy.url().c_str());
  LoopbackServer server([](const std::string&) { return http_answer(200, "direct"); });
  const auto answer = transport.send({.url = server.url()}, {});
  REQUIRE(answer);
  CHECK(answer->body == "direct");
  CHECK(proxy.heads().size() == 1);
}

TEST_CASE("CurlTransport gives up on silence") {
  LoopbackServer server([](const std::string&) { return std::string{}; });
  CurlTransport transport(CurlOptions{.total_max = 400ms});
  const FetchError error = error_of(transport, {.url = server.url()});
  CHECK(error.code == FetchError::Code::timed_out);
  CHECK(error.message.starts_with("127.0.0.1 was silent or too slow; gave up after "));
  CHECK_FALSE(error.lasting);
}

TEST_CASE("CurlTransport tells a refused connection") {
  std::string url;
  {
    const LoopbackServer gone([](const std::string&) { return std::string{}; });
    url = gone.url();
  }
  CurlTransport transport;
  const FetchError error = error_of(transport, {.url = url});
  CHECK(error.code == FetchError::Code::unreachable);
  CHECK(error.message.starts_with("cannot connect to 127.0.0.1: "));
  CHECK(error.url == url);
}

TEST_CASE("CurlTransport stops when asked") {
  std::stop_source stop;
  LoopbackServer server([&](const std::string&) {
    stop.request_stop();
    return std::string{};
  });
  CurlTransport transport;
  auto answer = transport.send({.url = server.url()}, stop.get_token());
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == FetchError::Code::cancelled);
  CHECK(answer.error().message == "request to 127.0.0.1 was cancelled");

  answer = transport.send({.url = server.url()}, stop.get_token());
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == FetchError::Code::cancelled);
  CHECK(server.heads().size() == 1);
}
