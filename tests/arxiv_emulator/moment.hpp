#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace bibsmith::emulator {

// Reads the two ways in which arXiv's files write a moment, "Mon, 2 Apr 2007 19:18:42 GMT" and
// "2008-09-24 12:33:17", and ISO 8601 ("2008-09-24T12:33:17Z", "2008-09-24"). Always GMT.
std::optional<std::chrono::sys_seconds> parse_moment(std::string_view text);

std::string iso_moment(std::chrono::sys_seconds moment);     // "2007-04-02T19:18:42Z"
std::string iso_day(std::chrono::sys_seconds moment);        // "2007-04-02"
std::string mail_moment(std::chrono::sys_seconds moment);    // "Mon, 02 Apr 2007 19:18:42 GMT"
std::string minute_digits(std::chrono::sys_seconds moment);  // "200704021918"

}  // namespace bibsmith::emulator
