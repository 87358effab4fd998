#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/http/group_clients.hpp"
#include "plugin/http/http_server.hpp"

namespace bibsmith::plugin {

// Whom a server lets in.
struct Doors {
  std::uint16_t port = 0;            // on 127.0.0.1
  std::string public_url;            // "https://bib.example.org"; empty: it has none
  std::vector<ServiceToken> tokens;  // any of them will do
};

// Why a request is refused before its body is read; nullopt: it is not. Pure. [any thread]
std::optional<WebResponse> refuse_by_head(const WebRequest& head, Access access, const Doors& doors);

// Which of the tokens the request shows. How long it takes tells nothing of where they differ.
std::optional<std::size_t> shown_token(const WebRequest& request, const std::vector<ServiceToken>& tokens);

// "https://bib.example.org" or "http://10.0.0.7:8080", without a path.
bool is_public_url(std::string_view url);

}  // namespace bibsmith::plugin
