#include "bibtex/edit/placement.hpp"

#include "bibtex/syntax/byte_class.hpp"

namespace bibsmith::bibtex {

std::uint32_t skip_blanks(std::string_view text, std::uint32_t at) {
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
  return at;
}

std::uint32_t skip_white_space(std::string_view text, std::uint32_t at) {
  while (at < text.size() && is_white_space(text[at])) ++at;
  return at;
}

std::uint32_t skip_line_end(std::string_view text, std::uint32_t at) {
  if (text.substr(at).starts_with("\r\n")) return at + 2;
  return at < text.size() && is_line_end(text[at]) ? at + 1 : at;
}

std::uint32_t begin_of_line(std::string_view text, std::uint32_t at) {
  while (at > 0 && !is_line_end(text[at - 1])) --at;
  return at;
}

}  // namespace bibsmith::bibtex
