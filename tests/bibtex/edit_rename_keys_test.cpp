#include <string>
#include <vector>

#include "bibtex/edit/rename_keys.hpp"
#include "tests/support/catch.hpp"

using namespace bibsmith::bibtex;

namespace {

std::string renamed(const std::string& text, const std::string& pattern) {
  const Document document = Document::parse(text);
  const auto parsed = KeyPattern::parse(pattern);
  REQUIRE(parsed);
  const KeyPlan plan = plan_keys(document, *parsed, Dialect::bibtex);
  const auto changed = apply_edits(text, rename_keys(document, plan.renames));
  REQUIRE(changed);
  const Document again = Document::parse(*changed);
  CHECK(plan_keys(again, *parsed, Dialect::bibtex).renames.empty());  // stable
  return *changed;
}

}  // namespace

TEST_CASE("keys are renamed, and so is what names them") {
  CHECK(renamed("@misc{x, author={Ann Roe}, year=2001, crossref={Y}, related={z , y}, ids={x1}}\n"
                "@misc{y, author={Bob Doe}, year=2002, entryset = \"x,nobody\"}\n"
                "@misc{z, note={no name}}\n",
                "[auth:lower][year]") ==
        "@misc{roe2001, author={Ann Roe}, year=2001, crossref={doe2002}, related={z , doe2002}, ids={x1}}\n"
        "@misc{doe2002, author={Bob Doe}, year=2002, entryset = \"roe2001,nobody\"}\n"
        "@misc{z, note={no name}}\n");
}

TEST_CASE("entries that would get one key are told apart, and stay so when more come") {
  CHECK(renamed("@misc{x, year=2001}@misc{y, year=2001}@misc{z, year=2001}", "k[year]") ==
        "@misc{k2001, year=2001}@misc{k2001a, year=2001}@misc{k2001b, year=2001}");
  CHECK(renamed("@misc{new, year=2001}@misc{k2001, year=2001}@misc{k2001b, year=2001}", "k[year]") ==
        "@misc{k2001a, year=2001}@misc{k2001, year=2001}@misc{k2001b, year=2001}");
  // BibTeX takes keys that differ in case for one.
  CHECK(renamed("@misc{x, author={A ROE}}@misc{y, author={B Roe}}", "[auth]") ==
        "@misc{ROE, author={A ROE}}@misc{Roea, author={B Roe}}");
  CHECK(renamed("@misc{k2001, note={n}}@misc{y, year=2001}", "[author][year:regex(\"^\",\"k\")]") ==
        "@misc{k, note={n}}@misc{k2001, year=2001}");
}

TEST_CASE("an entry for which the pattern finds nothing keeps its key") {
  const Document document = Document::parse("@misc{a, note={n}}\n@misc{, year=2001}\n@misc{b, year=2002}");
  const KeyPlan plan = plan_keys(document, *KeyPattern::parse("[year]"), Dialect::bibtex);
  REQUIRE(plan.unnamed.size() == 2);
  REQUIRE(plan.renames.size() == 1);
  CHECK(plan.renames[0].new_key == "2002");
}
