#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "bibtex/check/check.hpp"
#include "bibtex/edit/reformat.hpp"
#include "bibtex/edit/rename_keys.hpp"
#include "tests/support/catch.hpp"

using namespace bibsmith::bibtex;

namespace {

constexpr const char* folder = "../../shared/data/bib";

template <typename Look>
void for_each_file(Look look) {
  if (!std::filesystem::is_directory(folder)) {
    WARN("no " << folder << ": real .bib files were not looked at");
    return;
  }
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    std::ifstream in(file.path(), std::ios::binary);
    CAPTURE(file.path().filename().string());
    look(Document::parse({std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()}));
  }
}

}  // namespace

TEST_CASE("real files: findings are sorted and lie in the text") {
  for_each_file([](const Document& document) {
    std::uint32_t last = 0;
    for (const Diagnostic& finding : check(document)) {
      CHECK(finding.span.begin >= last);
      CHECK(finding.span.begin <= finding.span.end);
      CHECK(finding.span.end <= document.text().size());
      CHECK_FALSE(finding.message.empty());
      last = finding.span.begin;
    }
  });
}

TEST_CASE("real files: laid out twice is laid out once, and says the same") {
  for_each_file([](const Document& document) {
    Layout layout;
    layout.style = measure_style(document);
    const auto changed = apply_edits(document.text(), reformat(document, layout));
    REQUIRE(changed);
    const Document again = Document::parse(*changed);
    CHECK(is_same_content(document, again, layout));
    Layout measured_again;
    measured_again.style = measure_style(again);
    CHECK(reformat(again, measured_again).empty());

    const Layout all{{}, true, true};
    const auto canonical = apply_edits(document.text(), reformat(document, all));
    REQUIRE(canonical);
    const Document third = Document::parse(*canonical);
    CHECK(is_same_content(document, third, all));
    CHECK(reformat(third, all).empty());
  });
}

TEST_CASE("real files: keys are renamed once") {
  const auto pattern = KeyPattern::parse("[auth:lower][year][veryshorttitle:lower]");
  REQUIRE(pattern);
  for_each_file([&](const Document& document) {
    const KeyPlan plan = plan_keys(document, *pattern, Dialect::bibtex);
    const auto changed = apply_edits(document.text(), rename_keys(document, plan.renames));
    REQUIRE(changed);
    const Document again = Document::parse(*changed);
    CHECK(again.entry_count() == document.entry_count());
    CHECK(plan_keys(again, *pattern, Dialect::bibtex).renames.empty());
  });
}
