#include "plugin/cli/github_text.hpp"

namespace bibsmith::plugin {

namespace {

std::string escaped(std::string_view text, bool in_property) {
  std::string out;
  for (const char c : text) {
    if (c == '%') {
      out += "%25";
    } else if (c == '\r') {
      out += "%0D";
    } else if (c == '\n') {
      out += "%0A";
    } else if (in_property && c == ':') {
      out += "%3A";
    } else if (in_property && c == ',') {
      out += "%2C";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

std::string github_property(std::string_view text) { return escaped(text, true); }
std::string github_message(std::string_view text) { return escaped(text, false); }

}  // namespace bibsmith::plugin
