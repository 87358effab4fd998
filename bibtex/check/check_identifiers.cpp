#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "bibtex/check/findings.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/byte_class.hpp"

namespace bibsmith::bibtex {

namespace {

bool starts_with_ignoring_case(std::string_view text, std::string_view start) {
  return text.size() >= start.size() && equal_ignoring_case(text.substr(0, start.size()), start);
}

// What stands before the DOI in "https://doi.org/10.1000/182" or "doi:10.1000/182", or in the address of a
// publisher or proxy ("http://doi.acm.org/10.1145/1"); 0: nothing.
std::size_t doi_prefix_bytes(std::string_view text) {
  std::size_t bytes = 0;
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (starts_with_ignoring_case(text, scheme)) bytes = scheme.size();
  }
  for (const std::string_view host : {"doi.org/", "dx.doi.org/", "www.doi.org/", "doi:", "doi "}) {
    if (starts_with_ignoring_case(text.substr(bytes), host)) return bytes + host.size();
  }
  const std::size_t slash = bytes > 0 ? text.find("/10.") : std::string_view::npos;
  return slash == std::string_view::npos ? 0 : slash + 1;
}

// "10." and a registrant of digits and dots, '/', and a suffix without white space (DOI handbook, 2.2).
bool is_doi(std::string_view text) {
  if (!text.starts_with("10.")) return false;
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos || slash + 1 == text.size()) return false;
  const std::string_view registrant = text.substr(3, slash - 3);
  if (registrant.empty() || !is_digit(registrant.front())) return false;
  if (!std::all_of(registrant.begin(), registrant.end(), [](char c) { return is_digit(c) || c == '.'; })) {
    return false;
  }
  return std::none_of(text.begin(), text.end(), is_white_space);
}

void check_doi(const EntryCheck& check, const FieldNode& field) {
  const std::string doi = check.macros.value_text(check.document, field);
  if (doi.empty() || is_doi(doi)) return;
  const Span span = text_span(check.document, field);
  const std::size_t prefix = doi_prefix_bytes(doi);
  std::string_view bare = std::string_view(doi).substr(prefix);
  while (!bare.empty() && bare.front() == ' ') bare.remove_prefix(1);
  if (prefix > 0 && is_doi(bare)) {
    check.findings.add("check.doi-url", Severity::warning, span,
                       "styles add the address: write the doi as " + in_quotes(bare));
  } else {
    check.findings.add("check.bad-doi", Severity::warning, span,
                       in_quotes(doi) + " is no doi: it is 10.NUMBER/SUFFIX");
  }
}

bool has_address(std::string_view text) {
  return text.find("http://") != std::string_view::npos || text.find("https://") != std::string_view::npos ||
         text.find("\\url") != std::string_view::npos;
}

// The hyphen of the first "12-34" in the text: digits, one hyphen, digits.
std::optional<std::size_t> single_hyphen(std::string_view pages) {
  for (std::size_t at = 1; at + 1 < pages.size(); ++at) {
    if (pages[at] == '-' && is_digit(pages[at - 1]) && is_digit(pages[at + 1])) return at;
  }
  return std::nullopt;
}

void check_pages(const EntryCheck& check, const FieldNode& field) {
  const std::vector<PieceNode> pieces = check.document.pieces(field);
  if (pieces.size() != 1) return;
  const std::string_view pages = check.document.text(pieces[0].inner);
  const auto hyphen = single_hyphen(pages);
  if (!hyphen || pages.find("--") != std::string_view::npos) return;
  const auto at = pieces[0].inner.begin + static_cast<std::uint32_t>(*hyphen);
  check.findings.add("check.page-hyphen", Severity::note, Span{at, at + 1},
                     "a range of pages is written with '--'");
}

}  // namespace

void check_identifiers(const EntryCheck& check) {
  if (const auto field = check.document.find_field(check.block, "doi")) check_doi(check, *field);
  if (const auto field = check.document.find_field(check.block, "pages")) check_pages(check, *field);
  if (const auto field = check.document.find_field(check.block, "note")) {
    const std::string note = check.macros.value_text(check.document, *field);
    if (has_address(note) && !check.document.find_field(check.block, "url")) {
      check.findings.add("check.url-in-note", Severity::note, text_span(check.document, *field),
                         "an address belongs in the field url");
    }
  }
}

}  // namespace bibsmith::bibtex
