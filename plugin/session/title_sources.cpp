#include "plugin/session/title_sources.hpp"

#include <algorithm>
#include <array>

#include "bibtex/normalize/venues.hpp"

namespace bibsmith::plugin {

namespace {

constexpr std::string_view arxiv = "arxiv-atom";
constexpr std::string_view crossref = "crossref";
constexpr std::string_view dblp = "dblp";
constexpr std::string_view openalex = "openalex";

bool is_one_of(std::string_view type, std::initializer_list<std::string_view> types) {
  return std::ranges::find(types, type) != types.end();
}

}  // namespace

std::vector<std::string_view> title_sources(const bibtex::Claim& claim) {
  if (claim.title.empty()) return {};
  if (claim.is_preprint) return {arxiv, dblp, crossref, openalex};
  const bool is_of_computing = bibtex::find_venue(claim.venue) != nullptr ||
                               bibtex::find_venue_title(claim.venue) != nullptr ||
                               is_one_of(claim.type, {"inproceedings", "conference"});
  if (is_of_computing) return {dblp, crossref, openalex, arxiv};
  if (is_one_of(claim.type, {"article", "misc", "unpublished", ""})) return {crossref, openalex, dblp, arxiv};
  return {crossref, openalex};
}

}  // namespace bibsmith::plugin
