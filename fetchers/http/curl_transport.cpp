#include "fetchers/http/curl_transport.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <utility>

#include "fetchers/http/curl_library.hpp"

namespace bibsmith::fetchers {

namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

// A server that asks for more is asking for the impossible; callers cap far below.
constexpr std::chrono::seconds retry_after_max{24 * 60 * 60};

struct UrlParts {
  std::string scheme;
  std::string host;  // IPv6 with its brackets
};

struct HeaderListDeleter {
  void operator()(curl_slist* list) const { curl().slist_free_all(list); }
};

// What the callbacks of one request see.
struct Receiver {
  std::string body;
  std::size_t body_bytes_max = 0;
  bool too_large = false;
  std::stop_token stop;
};

std::size_t receive(char* bytes, std::size_t, std::size_t count, void* user) {
  auto& receiver = *static_cast<Receiver*>(user);
  // libcurl hands over decoded bytes, so that this also stops a compressed bomb.
  if (count > receiver.body_bytes_max - receiver.body.size()) {
    receiver.too_large = true;
    return 0;
  }
  receiver.body.append(bytes, count);
  return count;
}

int report_progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<Receiver*>(user)->stop.stop_requested() ? 1 : 0;
}

std::string url_part(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl().url_get(url, part, &text, 0) != CURLUE_OK) return {};
  std::string out = text;
  curl().free(text);
  return out;
}

UrlParts split_url(const std::string& text) {
  UrlParts parts;
  const std::unique_ptr<CURLU, decltype(curl().url_cleanup)> url(curl().url(), curl().url_cleanup);
  if (!url || curl().url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK) {
    return parts;
  }
  parts.scheme = url_part(url.get(), CURLUPART_SCHEME);
  parts.host = url_part(url.get(), CURLUPART_HOST);
  return parts;
}

bool is_loopback(const std::string& host) {
  if (host == "localhost" || host == "[::1]") return true;
  in_addr address{};
  return inet_pton(AF_INET, host.c_str(), &address) == 1 && (ntohl(address.s_addr) >> 24) == 127;
}

FetchError failure(FetchError::Code code, std::string message, const std::string& url) {
  return FetchError{.code = code, .message = std::move(message), .url = url};
}

FetchError lasting_failure(std::string message, const std::string& url) {
  FetchError error = failure(FetchError::Code::unreachable, std::move(message), url);
  error.lasting = true;
  return error;
}

// The scheme and host, or why this URL is not asked.
tl::expected<UrlParts, FetchError> check_url(const std::string& url) {
  UrlParts parts = split_url(url);
  if (parts.host.empty()) return tl::unexpected(lasting_failure("not a URL: '" + url + "'", url));
  if (parts.scheme == "https") return parts;
  if (parts.scheme != "http") {
    return tl::unexpected(lasting_failure("'" + parts.scheme + "' is not spoken, use https: " + url, url));
  }
  if (!is_loopback(parts.host)) {
    return tl::unexpected(
        lasting_failure("http to " + parts.host + " is refused, it is not encrypted; use https", url));
  }
  return parts;
}

std::string seconds_of(milliseconds span) {
  const auto tenths = (span.count() + 50) / 100;
  std::string out = std::to_string(tenths / 10);
  if (tenths % 10 != 0) out += "." + std::to_string(tenths % 10);
  return out + " s";
}

FetchError too_large(const HttpRequest& request, const std::string& host) {
  return failure(FetchError::Code::bad_response,
                 host + " sent more than " + std::to_string(request.body_bytes_max) + " bytes", request.url);
}

bool is_tls_failure(CURLcode code) {
  switch (code) {
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_SSL_ENGINE_SETFAILED:
      return true;
    default:
      return false;
  }
}

const char* environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : nullptr;
}

}  // namespace

std::string user_agent(std::string_view contact) {
  std::string shown;
  for (const char c : contact) {
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) shown += c;
  }
  std::string out = "bibsmith/" BIBSMITH_VERSION " (citation tool";
  if (!shown.empty()) out += "; contact: " + shown;
  return out + ")";
}

// One easy handle: it keeps what libcurl knows of names and TLS sessions.
struct CurlTransport::Handle {
  CURL* easy = nullptr;
  std::array<char, CURL_ERROR_SIZE> reason{};

  Handle() = default;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() { curl().easy_cleanup(easy); }

  template <typename T>
  void set(CURLoption option, T value) {
    curl().easy_setopt(easy, option, value);
  }

  template <typename T>
  T info(CURLINFO name, T fallback) const {
    T value = fallback;
    curl().easy_getinfo(easy, name, &value);
    return value;
  }

  std::string text(CURLINFO name) const {
    const char* value = info<const char*>(name, nullptr);
    return value == nullptr ? std::string{} : std::string{value};
  }

  // Of the last perform(), since its start.
  microseconds time(CURLINFO name) const { return microseconds(info<curl_off_t>(name, 0)); }
  microseconds time_of_receipt() const;

  void configure(const CurlOptions& options, const HttpRequest& request, Receiver& receiver);
  void trust(const CurlOptions& options);
  CURLcode perform(const std::string& url, bool to_this_machine, milliseconds time_left);
  FetchError explain(CURLcode code, const CurlOptions& options, const HttpRequest& request,
                     const std::string& host, const Receiver& receiver) const;
};

void CurlTransport::Handle::configure(const CurlOptions& options, const HttpRequest& request,
                                      Receiver& receiver) {
  curl().easy_reset(easy);  // forgets the settings alone
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_ERRORBUFFER, reason.data());
  set(CURLOPT_USERAGENT, options.user_agent.c_str());
  set(CURLOPT_ACCEPT_ENCODING, "");  // all that libcurl can undo
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FORBID_REUSE, 1L);
  set(CURLOPT_FOLLOWLOCATION, 0L);  // send() follows, with its own rule
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_max.count()));
  set(CURLOPT_LOW_SPEED_LIMIT, static_cast<long>(options.stall_bytes_per_second));
  set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(options.stall_max.count()));
  set(CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(request.body_bytes_max));
  set(CURLOPT_WRITEFUNCTION, &receive);
  set(CURLOPT_WRITEDATA, &receiver);
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, &report_progress);
  set(CURLOPT_XFERINFODATA, &receiver);
  trust(options);
}

// libcurl reads the proxy variables itself, those of certificates only curl(1) does: the same order here.
void CurlTransport::Handle::trust(const CurlOptions& options) {
  if (!options.ca_file.empty() || !options.ca_directory.empty()) {
    if (!options.ca_file.empty()) set(CURLOPT_CAINFO, options.ca_file.c_str());
    if (!options.ca_directory.empty()) set(CURLOPT_CAPATH, options.ca_directory.c_str());
  } else if (const char* bundle = environment("CURL_CA_BUNDLE")) {
    set(CURLOPT_CAINFO, bundle);
  } else {
    if (const char* directory = environment("SSL_CERT_DIR")) set(CURLOPT_CAPATH, directory);
    if (const char* file = environment("SSL_CERT_FILE")) set(CURLOPT_CAINFO, file);
  }
}

// By when the server had the request: before it answered, and no later than a request takes that goes its way
// as slowly as all went that made the connection, over and back. Those reach the server: through a proxy TLS
// does. What libcurl does between the connection and the sending is no way.
microseconds CurlTransport::Handle::time_of_receipt() const {
  const microseconds sent = time(CURLINFO_PRETRANSFER_TIME_T);
  const microseconds connected = std::max(time(CURLINFO_CONNECT_TIME_T),
                                          time(CURLINFO_APPCONNECT_TIME_T));  // the latter is 0 without TLS
  const microseconds connecting = connected - time(CURLINFO_NAMELOOKUP_TIME_T);
  return std::min(time(CURLINFO_STARTTRANSFER_TIME_T), sent + connecting);
}

CURLcode CurlTransport::Handle::perform(const std::string& url, bool to_this_machine,
                                        milliseconds time_left) {
  reason[0] = '\0';
  set(CURLOPT_URL, url.c_str());
  // A proxy would have the request leave the machine in clear text. nullptr: as no_proxy says.
  set(CURLOPT_NOPROXY, to_this_machine ? "*" : nullptr);
  // 0 would mean no limit.
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(std::max(time_left, milliseconds(1)).count()));
  return curl().easy_perform(easy);
}

FetchError CurlTransport::Handle::explain(CURLcode code, const CurlOptions& options,
                                          const HttpRequest& request, const std::string& host,
                                          const Receiver& receiver) const {
  const std::string detail = reason[0] != '\0' ? reason.data() : curl().easy_strerror(code);
  if (receiver.too_large || code == CURLE_FILESIZE_EXCEEDED) return too_large(request, host);
  if (is_tls_failure(code)) {
    return lasting_failure("no secure connection to " + host + ": " + detail, request.url);
  }
  switch (code) {
    case CURLE_ABORTED_BY_CALLBACK:
      return failure(FetchError::Code::cancelled, "request to " + host + " was cancelled", request.url);
    case CURLE_OPERATION_TIMEDOUT: {
      if (info<curl_off_t>(CURLINFO_PRETRANSFER_TIME_T, 0) == 0) {
        return failure(FetchError::Code::unreachable,
                       "no connection to " + host + " within " + seconds_of(options.connect_max),
                       request.url);
      }
      const milliseconds spent(info<curl_off_t>(CURLINFO_TOTAL_TIME_T, 0) / 1000);
      return failure(FetchError::Code::timed_out,
                     host + " was silent or too slow; gave up after " + seconds_of(spent), request.url);
    }
    case CURLE_COULDNT_RESOLVE_HOST:
      return failure(FetchError::Code::unreachable, "cannot find the host " + host + "; is the network up?",
                     request.url);
    case CURLE_COULDNT_RESOLVE_PROXY:
      return failure(FetchError::Code::unreachable,
                     "cannot find the proxy on the way to " + host + "; see https_proxy", request.url);
    case CURLE_COULDNT_CONNECT:
      return failure(FetchError::Code::unreachable, "cannot connect to " + host + ": " + detail, request.url);
    case CURLE_BAD_CONTENT_ENCODING:
      return failure(FetchError::Code::bad_response, host + " sent a body that does not unpack", request.url);
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
      return failure(FetchError::Code::bad_response, host + " did not answer in HTTP: " + detail,
                     request.url);
    default:
      return failure(FetchError::Code::unreachable, "lost the connection to " + host + ": " + detail,
                     request.url);
  }
}

CurlTransport::CurlTransport(CurlOptions options) : options_(std::move(options)) {}
CurlTransport::~CurlTransport() = default;

void CurlTransport::prepare() { (void)curl(); }

tl::expected<HttpResponse, FetchError> CurlTransport::send(const HttpRequest& request, std::stop_token stop) {
  const auto begin = std::chrono::steady_clock::now();
  if (!curl().error.empty()) return tl::unexpected(lasting_failure(curl().error, request.url));
  auto parts = check_url(request.url);
  if (!parts) return tl::unexpected(parts.error());
  if (stop.stop_requested()) {
    return tl::unexpected(
        failure(FetchError::Code::cancelled, "request to " + parts->host + " was cancelled", request.url));
  }
  if (!handle_) {
    handle_ = std::make_unique<Handle>();
    handle_->easy = curl().easy_init();
  }
  if (handle_->easy == nullptr) return tl::unexpected(lasting_failure("libcurl does not start", request.url));

  Receiver receiver{.body_bytes_max = request.body_bytes_max, .stop = std::move(stop)};
  handle_->configure(options_, request, receiver);
  std::unique_ptr<curl_slist, HeaderListDeleter> headers;
  const auto add_header = [&](const std::string& line) {
    headers.reset(curl().slist_append(headers.release(), line.c_str()));
  };
  if (!request.accept.empty()) add_header("Accept: " + request.accept);
  if (!request.content_type.empty()) {
    add_header("Content-Type: " + request.content_type);
    add_header("Expect:");  // no round trip before the body
    handle_->set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    handle_->set(CURLOPT_POSTFIELDS, request.body.data());
  }
  if (headers) handle_->set(CURLOPT_HTTPHEADER, headers.get());

  HttpResponse response;
  response.final_url = request.url;
  milliseconds time_left = options_.total_max;
  for (int redirects = 0;; ++redirects) {
    receiver.body.clear();
    const auto until_perform =
        std::chrono::duration_cast<microseconds>(std::chrono::steady_clock::now() - begin);
    const CURLcode code = handle_->perform(response.final_url, is_loopback(parts->host), time_left);
    if (code != CURLE_OK) {
      return tl::unexpected(handle_->explain(code, options_, request, parts->host, receiver));
    }
    response.sent_after = until_perform + handle_->time(CURLINFO_PRETRANSFER_TIME_T);
    response.received_by = until_perform + handle_->time_of_receipt();
    const std::string target = handle_->text(CURLINFO_REDIRECT_URL);
    if (target.empty()) break;

    if (redirects == options_.redirects_max) {
      return tl::unexpected(
          failure(FetchError::Code::bad_response,
                  parts->host + " redirects more than " + std::to_string(options_.redirects_max) + " times",
                  request.url));
    }
    auto next = check_url(target);
    if (!next || (parts->scheme == "https" && next->scheme != "https")) {
      FetchError error =
          failure(FetchError::Code::bad_response,
                  parts->host + " redirects to " + target + ", which is not allowed", request.url);
      error.lasting = true;
      return tl::unexpected(std::move(error));
    }
    parts = std::move(next);
    response.final_url = target;
    time_left -= milliseconds(handle_->info<curl_off_t>(CURLINFO_TOTAL_TIME_T, 0) / 1000);
  }

  response.status = static_cast<int>(handle_->info<long>(CURLINFO_RESPONSE_CODE, 0));
  response.content_type = handle_->text(CURLINFO_CONTENT_TYPE);
  response.body = std::move(receiver.body);
  // Of a date libcurl makes a span already; 0 says that there was none.
  if (const auto seconds = handle_->info<curl_off_t>(CURLINFO_RETRY_AFTER, 0); seconds > 0) {
    response.retry_after = std::min(std::chrono::seconds(seconds), retry_after_max);
  }
  return response;
}

}  // namespace bibsmith::fetchers
