#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bibsmith::emulator {

// Text functions that several files of the emulator need. ASCII unless said otherwise. [any thread]

bool is_space(char c);
bool is_digit(char c);
bool is_letter(char c);
std::string lower(std::string_view text);
std::string_view trim(std::string_view text);
// The parts are views into `text`, which must live as long.
std::vector<std::string_view> split(std::string_view text, char separator);
std::vector<std::string_view> split(std::string&& text, char separator) = delete;
// Every run of white space becomes one space; none at the ends.
std::string collapse_space(std::string_view text);

void append_utf8(std::string& out, char32_t code_point);
// The code point that starts at `at`, which is moved behind it. A byte that starts none is its own value.
char32_t next_code_point(std::string_view text, std::size_t& at);

// For element content and for attribute values in double quotes. As the serializer behind arXiv does: &, <
// and >, in attributes also the quote; characters that XML 1.0 forbids are left out.
std::string xml_text(std::string_view text);
std::string xml_attribute(std::string_view text);

// Percent-decodes, with "+" as space; a broken escape stays as it is.
std::string url_decoded(std::string_view text);
// Percent-encodes all but unreserved characters and those in `keep`; a space becomes `space`.
std::string url_encoded(std::string_view text, std::string_view keep, std::string_view space);

}  // namespace bibsmith::emulator
