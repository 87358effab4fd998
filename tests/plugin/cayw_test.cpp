#include <string>
#include <thread>

#include "plugin/http/cayw_format.hpp"
#include "plugin/http/cayw_pick.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using namespace bibsmith::plugin;
using bibsmith::testing::TempDir;

namespace {

const PickedCitation plain{"a", "", "", "", "", false};
const PickedCitation second{"b", "", "", "", "", false};
const PickedCitation full{"a", "see", "7", "chapter", "end", false};
const PickedCitation page{"a", "see", "7", "", "", false};
const PickedCitation alone{"a", "", "", "", "", true};

std::string formatted(const std::vector<PickedCitation>& citations, Headers query) {
  WebRequest request;
  request.query = std::move(query);
  return format_citations(citations, request).value_or("none");
}

std::string in(const char* format, const std::vector<PickedCitation>& citations) {
  return formatted(citations, {{"format", format}});
}

}  // namespace

TEST_CASE("citations in the formats of Better BibTeX's editors") {
  CHECK(formatted({plain, second}, {}) == "\\cite{a,b}");
  CHECK(in("latex", {page}) == "\\cite[see][7]{a}");
  CHECK(in("latex", {full}) == "\\cite[see][ch. 7, end]{a}");
  CHECK(in("latex", {{"a", "see", "", "", "", false}}) == "\\cite[see][]{a}");
  CHECK(in("latex", {alone}) == "\\citeyear{a}");
  CHECK(in("latex", {alone, second}) == "\\citeyear{a}\\cite{b}");
  CHECK(in("natbib", {plain}) == "\\citep{a}");
  CHECK(in("citet", {plain}) == "\\citet{a}");
  CHECK(formatted({plain}, {{"format", "latex"}, {"command", "footcite"}}) == "\\footcite{a}");
  CHECK(in("biblatex", {plain, second}) == "\\autocite{a,b}");
  CHECK(in("biblatex", {page, second}) == "\\autocites[see][7]{a}{b}");
  CHECK(in("biblatex", {alone}) == "\\autocite*{a}");
  CHECK(in("pandoc", {full, second}) == "see @a, ch. 7 end; @b");
  CHECK(in("pandoc", {alone}) == "-@a");
  CHECK(in("pandoc", {{"doi:10.1(2)", "", "", "", "", false}}) == "@{doi:10.1(2)}");
  CHECK(formatted({plain}, {{"format", "pandoc"}, {"brackets", "1"}}) == "[@a]");
  CHECK(in("mmd", {page, second}) == "[see][#a][#b][]");
  CHECK(in("typst", {page, second}) == "see @a[p. 7] @b");
  CHECK(in("typst", {{"hep-th/9901001", "", "7", "", "", false}}) ==
        "#cite(label(\"hep-th/9901001\"), supplement: [p. 7])");
  CHECK(in("typst", {alone}) == "#cite(label(\"a\"), form: \"year\")");
  CHECK(in("asciidoctor-bibtex", {page, second}) == "cite:[a(7), b]");
  CHECK(in("jekyll", {page, second}) == "{% cite a -L page -l 7 b %}");
  CHECK(in("json", {plain}) ==
        R"([{"citationKey":"a","prefix":"","locator":"","label":"","suffix":"","suppressAuthor":false}])");
  CHECK(formatted({plain, second}, {{"format", "playground"},
                                    {"citeprefix", "<"},
                                    {"keyprefix", "("},
                                    {"keypostfix", ")"},
                                    {"separator", ";"},
                                    {"citepostfix", ">"}}) == "<(a);(b)>");
  for (const char* format : {"latex", "biblatex", "pandoc", "mmd", "typst", "asciidoctor-bibtex", "jekyll"}) {
    CHECK(in(format, {}).empty());
  }
  CHECK(in("scannable-cite", {plain}) == "none");
}

TEST_CASE("works are found by all words, in any case and accent-free order, keys first") {
  const TempDir dir;
  bibsmith::testing::write_file(
      dir / "refs.bib",
      "@article{x, author = {Donald Knuth}, title = {On {M\\\"u}nster}, year = 1999}\n"
      "@book{muenster, editor = {Ann Lee and B C and D E and F G}, title = {Other}, date = {2001-02}}\n"
      "@misc{, title = {no key}}\n");
  Pick pick("token", choices_of({dir / "none.bib", dir / "refs.bib"}));
  CHECK(pick.search("").size() == 2);
  REQUIRE(pick.search("KNUTH m\xC3\x9Cnster").size() == 1);
  CHECK(pick.search("knuth")[0]->year == "1999");
  CHECK(pick.search("knuth other").empty());
  REQUIRE(pick.search("muen").size() == 1);
  CHECK(pick.search("muen")[0]->authors == "Lee, C, E \xE2\x80\xA6");
}

TEST_CASE("a picking waits for the person, and only its token finds it") {
  Picks picks;
  const auto pick = picks.open({});
  REQUIRE(pick);
  WebRequest request;
  CHECK(picks.find(request) == nullptr);
  request.headers = {{"authorization", "Bearer " + pick->token()}};
  CHECK(picks.find(request) == pick);
  std::jthread person([&] { pick->choose({plain}); });
  CHECK(pick->wait({}).value().front().key == "a");
  std::stop_source stop;
  stop.request_stop();
  CHECK_FALSE(Pick("t", {}).wait(stop.get_token()));
  picks.close(pick);
  CHECK(picks.find(request) == nullptr);
  for (std::size_t i = 0; i < picks_max; ++i) CHECK(picks.open({}) != nullptr);
  CHECK(picks.open({}) == nullptr);
}
