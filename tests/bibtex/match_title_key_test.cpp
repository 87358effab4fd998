#include "bibtex/match/title_key.hpp"
#include "tests/support/catch.hpp"

namespace bibsmith::bibtex {
namespace {

TEST_CASE("a title key holds the words of a title and nothing else") {
  CHECK(title_key("Scaling Laws in Linear Regression: Compute, Parameters, and Data") ==
        "scaling laws in linear regression compute parameters and data");
  CHECK(title_key("  How Well...Can  Newton's \"Method\" (do)? ") == "how well can newtons method do");
  CHECK(title_key("") == "");
  CHECK(title_key("?!…") == "");
}

TEST_CASE("TeX, HTML, accents and Greek letters read alike") {
  const auto same = [](std::string_view a, std::string_view b) {
    CAPTURE(a, b);
    CHECK(squeezed_key(title_key(a)) == squeezed_key(title_key(b)));
  };
  same("On Gr{\\\"o}bner Bases", "on Gröbner bases");
  same(
      "On Gr\xC3\xB6"
      "bner",
      "On Gro\xCC\x88"
      "bner");  // composed and not
  same("Learning $\\alpha$-stable laws", "Learning α-Stable Laws");
  same("Learning $\\alpha$-stable laws", "Learning alpha-stable laws");
  same("$L_2$ bounds", "L₂ Bounds");
  same("CO<sub>2</sub> &amp; CH$_4$", "CO2 and CH4");
  same("\\emph{Deep} {\\em learning}", "Deep Learning");
  same("Newton’s method", "Newton's Method");
  same("Fine-tuning", "finetuning");
  same("Fine–Tuning", "Fine Tuning");
  same("Schrödinger, again…", "Schrodinger, again...");
  same("$\\mathcal{O}(n)$ time", "O(n) time");
}

TEST_CASE("other scripts keep their letters") { CHECK(title_key("О ТЕОРИИ чисел") == "о теории чисел"); }

TEST_CASE("any bytes have a key, and a long title is cut") {
  CHECK(title_key("a\xFF"
                  "b\xC3") == "ayba");
  CHECK(title_key(std::string(100'000, 'x')).size() == title_key_bytes_max);
  CHECK(title_key("\\{{{$$ x") == "x");
}

TEST_CASE("a key comes apart into its words") {
  CHECK(key_words("a bc d") == std::vector<std::string_view>{"a", "bc", "d"});
  CHECK(key_words("").empty());
}

}  // namespace
}  // namespace bibsmith::bibtex
