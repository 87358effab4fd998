#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "fetchers/http/transport.hpp"

namespace bibsmith::fetchers {

// "bibsmith/0.1.0 (citation tool; contact: me@example.org)": arXiv asks tools to say who they are
// (info.arxiv.org/help/api/tou.html). Control characters of `contact` are dropped.
std::string user_agent(std::string_view contact);

struct CurlOptions {
  std::string user_agent = fetchers::user_agent("");
  std::chrono::milliseconds connect_max = std::chrono::seconds(10);
  // Slower than this for that long is a stall.
  std::size_t stall_bytes_per_second = 100;
  std::chrono::seconds stall_max{30};
  std::chrono::milliseconds total_max = std::chrono::seconds(120);  // redirects included
  int redirects_max = 3;
  // Certificate authorities. Empty: CURL_CA_BUNDLE, SSL_CERT_FILE and SSL_CERT_DIR of the environment,
  // then the system's.
  std::string ca_file;
  std::string ca_directory;
};

// Transport over libcurl. The connection ends with the answer: between two requests of ours another process
// may have its turn, and arXiv's terms allow one connection in all. TLS sessions are resumed.
//
// Only https is spoken, with certificates verified; plain http is allowed to this machine alone
// (localhost, 127.0.0.0/8, [::1]). A redirect obeys the same rule and never leads from https to http.
// The proxy variables of the environment are honoured (libcurl's own https_proxy, all_proxy, no_proxy), but
// not for this machine. libcurl is loaded and started by the first send(), not before. [one thread at a time]
class CurlTransport final : public Transport {
 public:
  explicit CurlTransport(CurlOptions options = {});
  ~CurlTransport() override;

  // Loads and starts libcurl, which the first send() does else. [any thread]
  static void prepare();

  tl::expected<HttpResponse, FetchError> send(const HttpRequest& request, std::stop_token stop) override;

 private:
  struct Handle;  // hides libcurl

  CurlOptions options_;
  std::unique_ptr<Handle> handle_;
};

}  // namespace bibsmith::fetchers
