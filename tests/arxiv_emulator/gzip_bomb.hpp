#pragma once

#include <cstddef>
#include <string>

namespace bibsmith::emulator {

// A valid gzip member (RFC 1952) that expands to a well-formed XML document of `bytes` bytes, most of them
// spaces; about 160 times smaller. `bytes` must be at least 64.
std::string gzip_bomb(std::size_t bytes);

}  // namespace bibsmith::emulator
