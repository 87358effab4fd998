#pragma once

#include <string>
#include <string_view>

#include "fetchers/record/ascii.hpp"

namespace bibsmith::fetchers {

// Percent-encodes all but unreserved characters (RFC 3986, section 2.3) and those in `keep`. [any thread]
inline std::string url_encoded(std::string_view text, std::string_view keep = {}) {
  constexpr std::string_view unreserved = "-._~";
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_digit(c) || is_letter(c) || unreserved.find(c) != unreserved.npos || keep.find(c) != keep.npos) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += hex[byte >> 4];
    out += hex[byte & 15];
  }
  return out;
}

// "&mailto=me@example.org": who names an address is served by the polite pools of Crossref and OpenAlex.
// `separator` is '?' or '&'. Empty where `contact` is a page and no address. [any thread]
inline std::string mailto_parameter(std::string_view contact, char separator) {
  if (contact.find('@') == contact.npos || contact.find('/') != contact.npos) return {};
  return separator + ("mailto=" + url_encoded(contact, "@"));
}

}  // namespace bibsmith::fetchers
