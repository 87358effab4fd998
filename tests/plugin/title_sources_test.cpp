#include "plugin/session/title_sources.hpp"

#include <string>

#include "tests/support/catch.hpp"

using bibsmith::bibtex::Claim;
using bibsmith::plugin::title_sources;

namespace {

std::string sources(const std::string& type, const std::string& venue, const std::string& title = "On Keys") {
  Claim claim;
  claim.type = type;
  claim.title = title;
  claim.venue = venue;
  std::string out;
  for (const std::string_view source : title_sources(claim)) out += std::string(source) + ' ';
  return out;
}

}  // namespace

TEST_CASE("a title is looked for first where works of its kind are") {
  CHECK(sources("inproceedings", "Any Conference") == "dblp crossref arxiv-atom openalex ");
  CHECK(sources("article", "ICML") == "dblp crossref arxiv-atom openalex ");
  CHECK(sources("article", "J. Mach. Learn. Res.") == "crossref dblp arxiv-atom openalex ");
  CHECK(sources("article", "") == "crossref dblp arxiv-atom openalex ");
  // DBLP reads no such journal.
  CHECK(sources("article", "Biological Conservation") == "crossref openalex arxiv-atom ");
  CHECK(sources("book", "") == "crossref openalex ");
  Claim preprint;
  preprint.title = "On Keys";
  preprint.is_preprint = true;
  CHECK(title_sources(preprint).front() == "arxiv-atom");
}

TEST_CASE("a title without a word is looked for nowhere") {
  CHECK(sources("article", "ICML", "").empty());
  CHECK(sources("article", "ICML", "$$ --").empty());
}
