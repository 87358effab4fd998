#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace bibsmith::emulator {

// FIPS 180-4. For feed ids only, not for security.
std::array<std::uint8_t, 20> sha1(std::string_view text);

// The last part of an Atom feed's <id>: base64 of the SHA-1 of the query as the title shows it, without
// the final "=". arXiv's engines have computed it this way since 2012.
std::string feed_id(std::string_view query);

}  // namespace bibsmith::emulator
