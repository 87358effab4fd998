#include "plugin/pages/page_frame.hpp"

#include <cassert>

#include "plugin/pages/html_text.hpp"
#include "plugin/pages/page_assets.hpp"

namespace bibsmith::plugin {

namespace {

unsigned digit_of(char c) { return static_cast<unsigned>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10); }

}  // namespace

std::string policy_hash(std::string_view hex_digest) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  constexpr unsigned six_bits = 63;
  assert(hex_digest.size() == 64);
  std::string out = "sha256-";
  // Three hexadecimal digits are two of base64; 64 digits leave one, which is filled up.
  std::size_t i = 0;
  for (; i + 3 <= hex_digest.size(); i += 3) {
    const unsigned bits =
        digit_of(hex_digest[i]) << 8 | digit_of(hex_digest[i + 1]) << 4 | digit_of(hex_digest[i + 2]);
    out += alphabet[bits >> 6];
    out += alphabet[bits & six_bits];
  }
  out += alphabet[digit_of(hex_digest[i]) << 2];
  return out + "=";
}

std::string page_frame(std::string_view title, const SkipLink& skip, std::string_view content,
                       PageScript script) {
  std::string out =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '";
  out += policy_hash(page_css_sha256) + "'; script-src '";
  out += script == PageScript::none ? "none" : policy_hash(page_js_sha256);
  out +=
      "'; base-uri 'none'; form-action 'none'\">\n<meta name=\"referrer\" content=\"no-referrer\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>";
  out += html_text(without_direction_marks(title));
  out +=
      std::string("</title>\n<style>") + page_css + "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#";
  out += html_text(skip.id) + "\">" + html_text(skip.text) + "</a>\n<div class=\"page\">\n";
  out += content;
  out += "</div>\n";
  if (script == PageScript::papers) out += std::string("<script>") + page_js + "</script>\n";
  return out + "</body>\n</html>\n";
}

}  // namespace bibsmith::plugin
