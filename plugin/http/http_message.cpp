#include "plugin/http/http_message.hpp"

#include <algorithm>
#include <charconv>

#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/byte_class.hpp"

namespace bibsmith::plugin {

namespace {

// RFC 9110, section 5.6.2: "token".
bool is_token(std::string_view text) {
  constexpr std::string_view others = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return bibtex::is_digit(c) || (bibtex::lower(c) >= 'a' && bibtex::lower(c) <= 'z') ||
           others.find(c) != others.npos;
  });
}

bool is_field_text(std::string_view text) {
  return std::ranges::all_of(text, [&](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == '\t' || (byte >= 0x20 && byte != 0x7F);
  });
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t";
  const std::size_t first = text.find_first_not_of(blank);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

int digit_of(char c) {
  if (bibtex::is_digit(c)) return c - '0';
  const char low = bibtex::lower(c);
  return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

tl::unexpected<WebResponse> bad(const char* why) { return tl::unexpected(refusal_of(400, why)); }

// "/path?a=1&b" of the request line.
bool read_target(std::string_view target, WebRequest& request) {
  if (!target.starts_with('/') || target.find('#') != target.npos) return false;
  const std::size_t mark = target.find('?');
  auto path = decoded(target.substr(0, mark), false);
  if (!path) return false;
  request.path = *std::move(path);
  std::string_view rest = mark == target.npos ? std::string_view{} : target.substr(mark + 1);
  while (!rest.empty()) {
    const std::string_view one = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), one.size() + 1));
    const std::size_t sign = one.find('=');
    auto name = decoded(one.substr(0, sign), true);
    auto value = decoded(sign == one.npos ? std::string_view{} : one.substr(sign + 1), true);
    if (!name || !value) return false;
    if (!name->empty()) request.query.emplace_back(*std::move(name), *std::move(value));
  }
  return true;
}

// What the headers say of the body and the connection; false: they contradict each other.
bool read_framing(WebRequest& request) {
  if (request.count("content-length") > 1 || request.count("host") > 1) return false;
  if (const std::string* length = request.header("content-length")) {
    const char* end = length->data() + length->size();
    const auto [stopped, error] = std::from_chars(length->data(), end, request.body_bytes);
    if (error != std::errc{} || stopped != end) return false;
  }
  if (const std::string* connection = request.header("connection")) {
    const std::string words = bibtex::in_lower_case(*connection);
    if (words.find("close") != words.npos) request.keeps_connection = false;
  }
  if (const std::string* expect = request.header("expect")) {
    request.waits_for_continue = bibtex::in_lower_case(*expect) == "100-continue";
  }
  return true;
}

std::string_view reason_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 204:
      return "No Content";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 411:
      return "Length Required";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Error";
  }
}

}  // namespace

const std::string* WebRequest::header(std::string_view name) const {
  const std::string* found = nullptr;
  for (const auto& [known, value] : headers) {
    if (known != name) continue;
    if (found != nullptr) return nullptr;
    found = &value;
  }
  return found;
}

std::size_t WebRequest::count(std::string_view name) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(headers, [&](const auto& header) { return header.first == name; }));
}

const std::string* WebRequest::parameter(std::string_view name) const {
  for (const auto& [known, value] : query) {
    if (known == name) return &value;
  }
  return nullptr;
}

WebResponse refusal_of(int status, const std::string& why) {
  return {status, "text/plain; charset=utf-8", why + '\n'};
}

std::optional<std::string> decoded(std::string_view text, bool plus_is_space) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '+' && plus_is_space) {
      out += ' ';
    } else if (text[at] != '%') {
      out += text[at];
    } else {
      const int high = at + 2 < text.size() ? digit_of(text[at + 1]) : -1;
      const int low = at + 2 < text.size() ? digit_of(text[at + 2]) : -1;
      if (high < 0 || low < 0) return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      at += 2;
    }
  }
  return out;
}

tl::expected<WebRequest, WebResponse> read_head(std::string_view head) {
  constexpr std::string_view line_end = "\r\n";
  WebRequest request;
  bool is_first = true;
  std::size_t lines = 0;
  while (!head.empty()) {
    const std::string_view line = head.substr(0, head.find(line_end));
    head.remove_prefix(std::min(head.size(), line.size() + line_end.size()));
    if (line.empty()) break;
    if (++lines > head_lines_max) return tl::unexpected(refusal_of(431, "too many headers"));
    if (!is_field_text(line)) return bad("a control character in the head");
    if (std::exchange(is_first, false)) {
      const std::size_t target = line.find(' ');
      const std::size_t version = line.rfind(' ');
      if (target == line.npos || version == target) return bad("this is no request line");
      request.method = line.substr(0, target);
      const std::string_view protocol = line.substr(version + 1);
      if (protocol != "HTTP/1.1" && protocol != "HTTP/1.0") {
        return tl::unexpected(refusal_of(505, "this server speaks HTTP/1.1"));
      }
      request.keeps_connection = protocol == "HTTP/1.1";
      if (!is_token(request.method) || !read_target(line.substr(target + 1, version - target - 1), request)) {
        return bad("this is no request line");
      }
      continue;
    }
    const std::size_t colon = line.find(':');
    if (colon == line.npos || !is_token(line.substr(0, colon))) return bad("this is no header");
    request.headers.emplace_back(bibtex::in_lower_case(line.substr(0, colon)),
                                 trimmed(line.substr(colon + 1)));
  }
  if (is_first) return bad("this is no request line");
  if (request.count("transfer-encoding") > 0) {
    return tl::unexpected(refusal_of(411, "send the body with a Content-Length"));
  }
  if (!read_framing(request)) return bad("the headers contradict each other");
  return request;
}

std::string text_of(const WebResponse& response, bool is_last, bool is_head_only) {
  std::string out = "HTTP/1.1 " + std::to_string(response.status) + ' ';
  out += reason_of(response.status);
  if (response.status != 204 && !response.stream)
    out += "\r\nContent-Length: " + std::to_string(response.body.size());
  if (!response.content_type.empty()) out += "\r\nContent-Type: " + response.content_type;
  for (const auto& [name, value] : response.headers) out += "\r\n" + name + ": " + value;
  if (is_last) out += "\r\nConnection: close";
  out += "\r\n\r\n";
  if (!is_head_only) out += response.body;
  return out;
}

}  // namespace bibsmith::plugin
