#include "fetchers/record/doi.hpp"

#include <algorithm>
#include <array>

#include "fetchers/record/ascii.hpp"

namespace bibsmith {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t doi_bytes_max = 1024;

bool strip_prefix(std::string_view& text, std::string_view prefix) {
  if (!starts_with_ignoring_case(text, prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = percent_decoded_byte(text.substr(i));
    out += byte ? static_cast<char>(*byte) : text[i];
    if (byte) i += 2;
  }
  return out;
}

// A closing bracket belongs to the DOI only if it was opened in it: "10.1016/S0550-3213(98)00004-5".
bool is_unbalanced_close(std::string_view text) {
  constexpr std::array pairs = {"()"sv, "[]"sv, "<>"sv, "{}"sv};
  for (const std::string_view pair : pairs) {
    if (text.back() == pair[1]) {
      return std::ranges::count(text, pair[1]) > std::ranges::count(text, pair[0]);
    }
  }
  return false;
}

std::string_view without_trailing_prose(std::string_view text) {
  while (!text.empty() &&
         (".,;:\"'"sv.find(text.back()) != std::string_view::npos || is_unbalanced_close(text))) {
    text.remove_suffix(1);
  }
  return text;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// "10." + registrant of digits and dots + "/" + suffix without blanks or control characters.
bool is_well_formed(std::string_view text) {
  if (!text.starts_with("10.") || text.size() > doi_bytes_max) return false;
  const std::size_t slash = text.find('/');
  if (slash == text.npos || slash + 1 == text.size()) return false;
  const std::string_view registrant = text.substr(3, slash - 3);
  if (registrant.size() < 4 || !is_digit(registrant.front()) || registrant.back() == '.') return false;
  if (!std::ranges::all_of(registrant, [](char c) { return is_digit(c) || c == '.'; })) return false;
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) > ' ' && c != 0x7F; });
}

}  // namespace

Doi::Doi(std::string text) : text_(std::move(text)), canonical_(text_) {
  std::ranges::transform(canonical_, canonical_.begin(), lower);
}

std::optional<Doi> Doi::parse(std::string_view text) {
  text = trimmed(text);
  if (text.size() > 3 * doi_bytes_max) return std::nullopt;
  bool is_link = false;
  // Authors write "doi:https://doi.org/10.…" and "https://doi.org/doi:10.…" too.
  for (bool again = true; again;) {
    again = strip_prefix(text, "doi:") || strip_prefix(text, "doi ");
    if (strip_prefix(text, "https://") || strip_prefix(text, "http://")) again = is_link = true;
    for (const std::string_view host : {"dx.doi.org/"sv, "www.doi.org/"sv, "doi.org/"sv}) {
      if (strip_prefix(text, host)) again = is_link = true;
    }
    text = trimmed(text);
  }
  const std::string decoded = is_link ? percent_decoded(text) : std::string();
  const std::string_view core = without_trailing_prose(is_link ? std::string_view(decoded) : text);
  if (!is_well_formed(core)) return std::nullopt;
  return Doi(std::string(core));
}

std::string Doi::url() const {
  // RFC 3986: what a path segment may hold, and the slash.
  constexpr std::string_view safe = "-._~!$&'()*+,;=:@/";
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out = "https://doi.org/";
  for (const char c : text_) {
    const bool alphanumeric = is_digit(c) || is_letter(c);
    if (alphanumeric || safe.find(c) != safe.npos) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += hex[byte >> 4];
      out += hex[byte & 15];
    }
  }
  return out;
}

std::optional<ArxivId> Doi::arxiv_id() const {
  constexpr std::string_view prefix = "10.48550/arxiv.";
  if (!canonical_.starts_with(prefix)) return std::nullopt;
  const auto id = ArxivId::parse(std::string_view(text_).substr(prefix.size()));
  return id ? std::optional(*id) : std::nullopt;
}

void add_dois(std::vector<Doi>& dois, std::string_view text) {
  while (!text.empty()) {
    std::size_t end = static_cast<std::size_t>(std::ranges::find_if(text, is_space) - text.begin());
    if (end == text.size()) end = text.npos;
    for (const std::string_view next : {";10.", ",10."}) end = std::min(end, text.find(next));
    if (auto doi = Doi::parse(text.substr(0, end)); doi && std::ranges::find(dois, *doi) == dois.end()) {
      dois.push_back(*std::move(doi));
    }
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
}

}  // namespace bibsmith
