#include "fetchers/http/transport.hpp"

namespace bibsmith::fetchers {

std::string_view host_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme != url.npos) url.remove_prefix(scheme + 3);
  return url.substr(0, url.find_first_of("/?#"));
}

}  // namespace bibsmith::fetchers
