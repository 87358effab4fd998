#include "bibtex/model/bibtex_text.hpp"

#include <string>

#include "tests/bibtex/shared_rows.hpp"
#include "tests/support/catch.hpp"

namespace bibsmith::bibtex {
namespace {

TEST_CASE("change.case$ keeps what is braced, the first letter and the one behind a colon") {
  CHECK(change_case("A Title: Of {BERT} and {\\L}ukasz", Case::title) == "A title: Of {BERT} and {\\l}ukasz");
  CHECK(change_case("{\\'E}cole {\\'E}cole", Case::title) == "{\\'E}cole {\\'e}cole");
  CHECK(change_case("$H_0$ and {$H_0$}", Case::title) == "$h_0$ and {$H_0$}");
  CHECK(change_case("abc {\\ss} {\\ae}", Case::upper) == "ABC {SS} {\\AE}");
  CHECK(change_case("", Case::lower).empty());
}

TEST_CASE("purify$ keeps letters, digits and spaces") {
  CHECK(purify("{\\'E}t{\\OE} \\LaTeX, 5-x~y!") == "EtOE LaTeX 5 x y");
  CHECK(purify("{\\'") == "");
}

TEST_CASE("text.length$, text.prefix$ and width$ count special characters once") {
  CHECK(text_length("{\\'E}t{ab}") == 4);
  CHECK(text_prefix("{\\'E}t{ab}c", 3) == "{\\'E}t{a}");
  CHECK(width("{\\ss}i") == 778);
}

// The recording went through a .bbl file, where BibTeX breaks long lines at white space.
std::string spaces_joined(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c != ' ' || out.empty() || out.back() != ' ') out += c;
  }
  return out;
}

TEST_CASE("Conformance: titles as bibtex changes them", "[conformance]") {
  std::size_t rows = 0;
  for (const auto& row : testing::shared_rows("bibtex_titles_dev.jsonl")) {
    const auto title = row["title"].get<std::string>();
    const auto& truth = row["bibtex"];
    CAPTURE(title);
    ++rows;
    CHECK(change_case(title, Case::title) == truth["t"].get<std::string>());
    CHECK(change_case(title, Case::lower) == truth["l"].get<std::string>());
    CHECK(change_case(title, Case::upper) == truth["u"].get<std::string>());
    CHECK(spaces_joined(purify(title)) == spaces_joined(truth["purify"].get<std::string>()));
    CHECK(text_length(title) == truth["len"].get<std::size_t>());
    CHECK(text_prefix(title, 5) == truth["prefix5"].get<std::string>());
    CHECK(width(title) == truth["width"].get<std::size_t>());
  }
  INFO(rows);
  SUCCEED();
}

}  // namespace
}  // namespace bibsmith::bibtex
