#include "plugin/session/request_key.hpp"

#include <algorithm>
#include <array>

#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::plugin {

namespace {

constexpr std::size_t request_key_bytes_max = 100;
constexpr std::array prefixes = std::to_array<std::string_view>({"arxiv:", "doi:10.48550/", "10.48550/"});

bool starts_with_folded(std::string_view text, std::string_view lower_case_prefix) {
  return text.size() > lower_case_prefix.size() &&
         std::equal(lower_case_prefix.begin(), lower_case_prefix.end(), text.begin(),
                    [](char wanted, char c) { return wanted == bibtex::lower(c); });
}

}  // namespace

std::optional<ArxivId> requested_paper(std::string_view key) {
  if (key.size() > request_key_bytes_max) return std::nullopt;
  const bool is_printable = std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < '\x7F'; });
  if (!is_printable) return std::nullopt;
  const bool has_prefix = std::any_of(prefixes.begin(), prefixes.end(), [key](std::string_view prefix) {
    return starts_with_folded(key, prefix);
  });
  // Most keys are none of this: only what looks like an id is parsed.
  if (!has_prefix && key.find('.') == key.npos && key.find('/') == key.npos) return std::nullopt;
  const auto id = ArxivId::parse(key);
  if (!id || (!has_prefix && id->str() != key)) return std::nullopt;
  return *id;
}

}  // namespace bibsmith::plugin
