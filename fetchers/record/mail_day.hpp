#pragma once

#include <string_view>

#include "fetchers/record/date.hpp"

namespace bibsmith {

// The day of "Mon, 2 Apr 2007 19:18:42 GMT" (RFC 5322, section 3.3, always in GMT); unknown for anything
// else. [any thread]
Date mail_day(std::string_view text);

}  // namespace bibsmith
