#include "plugin/session/title_sources.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>

#include "bibtex/normalize/venues.hpp"
#include "fetchers/record/ascii.hpp"
#include "fetchers/record/query_words.hpp"

namespace bibsmith::plugin {

namespace {

constexpr std::string_view arxiv = "arxiv-atom";
constexpr std::string_view crossref = "crossref";
constexpr std::string_view dblp = "dblp";
constexpr std::string_view openalex = "openalex";

bool is_one_of(std::string_view type, std::initializer_list<std::string_view> types) {
  return std::ranges::find(types, type) != types.end();
}

// What the names of journals have in them that DBLP reads: it covers computing and what borders on it
// (dblp.org/faq, "What does dblp cover"). "Learning" and "security" alone are of other fields too.
bool is_name_of_computing(std::string_view venue) {
  constexpr std::array<std::string_view, 34> marks = {
      "comput",       "informat", "intelligen", "software",    "algorithm", "neural",    "robot",
      "cybern",       "acm ",     "ieee",       "pattern rec", "data min",  "database",  "data eng",
      "knowl",        "cryptol",  "network",    "graphics",    "speech",    "linguist",  " logic",
      "program",      "symbolic", "automat",    "multimedia",  "mach. le",  "machine l", "learn. res",
      "learning res", "siam j",   "signal pro", "inf. ",       "web",       "hci"};
  std::string lower_case(venue);
  std::ranges::transform(lower_case, lower_case.begin(), lower);
  return std::ranges::any_of(
      marks, [&](std::string_view mark) { return lower_case.find(mark) != std::string::npos; });
}

}  // namespace

std::vector<std::string_view> title_sources(const bibtex::Claim& claim) {
  if (query_words({claim.title, {}}).empty()) return {};  // "$\\alpha$" cannot be searched for
  if (claim.is_preprint) return {arxiv, dblp, crossref, openalex};
  const bool is_of_computing = bibtex::find_venue(claim.venue) != nullptr ||
                               bibtex::find_venue_title(claim.venue) != nullptr ||
                               is_one_of(claim.type, {"inproceedings", "conference"});
  if (is_of_computing) return {dblp, crossref, arxiv, openalex};
  if (!is_one_of(claim.type, {"article", "misc", "unpublished", ""})) return {crossref, openalex};
  if (claim.venue.empty() || is_name_of_computing(claim.venue)) return {crossref, dblp, arxiv, openalex};
  return {crossref, openalex, arxiv};
}

}  // namespace bibsmith::plugin
