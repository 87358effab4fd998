#include "fetchers/profile/teaser.hpp"

namespace bibsmith::fetchers {

std::string teaser(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool begins_character = (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80;
    if (!begins_character) continue;
    if (count++ < teaser_characters) continue;
    text = text.substr(0, i);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return std::string(text) + "...";
  }
  return std::string(text);
}

}  // namespace bibsmith::fetchers
