#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fetchers/record/record.hpp"

namespace bibsmith::fetchers {

// A Record as bytes, all of it: unpacked(packed(r)) == r. The first byte is the version of this form. [any
// thread]
std::string packed(const Record& record);

// nullopt: the bytes are not what packed() writes, or were written by a later version. Any bytes are taken.
// [any thread]
std::optional<Record> unpacked(std::string_view bytes);

}  // namespace bibsmith::fetchers
