#include "plugin/lsp/uri.hpp"

#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::plugin {

namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char low = bibtex::lower(c);
  return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

// RFC 3986, section 2.3, and the slash.
bool is_unreserved(char c) {
  const char low = bibtex::lower(c);
  return (low >= 'a' && low <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
         c == '~' || c == '/';
}

}  // namespace

std::string path_of_uri(std::string_view uri) {
  constexpr std::string_view scheme = "file://";
  if (!uri.starts_with(scheme)) return {};
  uri.remove_prefix(scheme.size());
  constexpr std::string_view host = "localhost";
  if (uri.starts_with(host)) uri.remove_prefix(host.size());
  if (!uri.starts_with('/')) return {};
  std::string path;
  for (std::size_t i = 0; i < uri.size(); ++i) {
    const int high = uri[i] == '%' && i + 2 < uri.size() ? hex_value(uri[i + 1]) : -1;
    const int low = high >= 0 ? hex_value(uri[i + 2]) : -1;
    if (low >= 0) {
      path += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      path += uri[i];
    }
  }
  return path.find('\0') == path.npos ? path : std::string{};
}

std::string uri_of_path(std::string_view path) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string uri = "file://";
  for (const char c : path) {
    if (is_unreserved(c)) {
      uri += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    uri += '%';
    uri += digits[byte >> 4];
    uri += digits[byte & 15];
  }
  return uri;
}

}  // namespace bibsmith::plugin
