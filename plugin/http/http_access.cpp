#include "plugin/http/http_access.hpp"

#include <string_view>

namespace bibsmith::plugin {

namespace {

bool is_own_host(std::string_view host, std::uint16_t port) {
  const std::string suffix = ":" + std::to_string(port);
  return host == "127.0.0.1" + suffix || host == "localhost" + suffix;
}

// Only a browser sends these (Fetch standard, "Origin header"; W3C "Fetch Metadata Request Headers").
bool is_of_own_page(const WebRequest& head, std::uint16_t port) {
  const std::string* origin = head.header("origin");
  if (origin == nullptr) return head.count("origin") == 0;
  constexpr std::string_view scheme = "http://";
  return origin->starts_with(scheme) && is_own_host(std::string_view(*origin).substr(scheme.size()), port);
}

bool is_of_program(const WebRequest& head) {
  const std::string* site = head.header("sec-fetch-site");
  const bool is_foreign = site == nullptr ? head.count("sec-fetch-site") > 0 : *site != "none";
  return head.count("origin") == 0 && head.count("referer") == 0 && !is_foreign;
}

bool is_json(const WebRequest& head) {
  const std::string* type = head.header("content-type");
  if (type == nullptr) return false;
  constexpr std::string_view json = "application/json";
  return type->starts_with(json) &&
         (type->size() == json.size() || (*type)[json.size()] == ';' || (*type)[json.size()] == ' ');
}

}  // namespace

bool has_token(const WebRequest& request, const std::string& token) {
  constexpr std::string_view scheme = "Bearer ";
  const std::string* given = request.header("authorization");
  if (given == nullptr || !given->starts_with(scheme)) return false;
  const std::string_view shown = std::string_view(*given).substr(scheme.size());
  if (shown.size() != token.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < token.size(); ++i) {
    difference |=
        static_cast<unsigned>(static_cast<unsigned char>(shown[i]) ^ static_cast<unsigned char>(token[i]));
  }
  return difference == 0;
}

std::optional<WebResponse> refuse_by_head(const WebRequest& head, Access access, std::uint16_t port,
                                          const std::string& token) {
  const std::string* host = head.header("host");
  if (host == nullptr || !is_own_host(*host, port) || !is_of_own_page(head, port) ||
      (access == Access::program && !is_of_program(head))) {
    return refusal_of(403, "this server answers its own pages and programs of this machine only");
  }
  if (access == Access::token && !has_token(head, token)) {
    return refusal_of(401, "the token is missing or wrong");
  }
  // A form of a foreign page cannot send this type without asking first.
  if ((access == Access::token || access == Access::own_page) && !is_json(head)) {
    return refusal_of(415, "send application/json");
  }
  return std::nullopt;
}

}  // namespace bibsmith::plugin
