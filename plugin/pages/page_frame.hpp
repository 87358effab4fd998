#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bibsmith::plugin {

// The element that people who use the keyboard look for.
struct SkipLink {
  std::string_view id;
  std::string_view text;  // "Skip to the papers"
};

enum class PageScript : std::uint8_t { none, papers };

// A whole document around `content`, which is HTML with a main element. It has its style and its script in
// itself and asks for nothing else: its content security policy lets no other script run and nothing be
// loaded. `title` is plain text.
std::string page_frame(std::string_view title, const SkipLink& skip, std::string_view content,
                       PageScript script);

// "sha256-…" of a digest in hexadecimal digits, as a content security policy wants it (W3C "Content Security
// Policy Level 3", section 2.3.1). Precondition: 64 digits.
std::string policy_hash(std::string_view hex_digest);

}  // namespace bibsmith::plugin
