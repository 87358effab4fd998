#include "bibtex/model/key_pattern.hpp"

#include <string>
#include <utility>
#include <vector>

#include "bibtex/model/inheritance.hpp"
#include "tests/support/catch.hpp"

using namespace bibsmith::bibtex;

namespace {

std::string key(const std::string& pattern, const std::string& entry) {
  const Document document = Document::parse(entry);
  const auto parsed = KeyPattern::parse(pattern);
  INFO(pattern);
  REQUIRE(parsed);
  return parsed->key(resolve_entry(document, Macros(document), document.entries().at(0), Dialect::biblatex));
}

std::string error(const std::string& pattern) {
  const auto parsed = KeyPattern::parse(pattern);
  if (parsed) return "none";
  return std::to_string(parsed.error().offset) + ": " + parsed.error().message;
}

}  // namespace

TEST_CASE("markers of names") {
  const std::string one = "@misc{k, author={Isaac Newton}}";
  const std::string two = "@misc{k, author={Newton, Isaac and James Maxwell}}";
  const std::string three = "@misc{k, author={Newton, Isaac and Maxwell, James and Albert Einstein}}";
  const std::string five =
      "@misc{k, author={Isaac Newton and James Maxwell and Albert Einstein and Niels Bohr and Paul Dirac}}";
  for (const auto& [pattern, wanted] : std::vector<std::pair<std::string, std::vector<std::string>>>{
           {"[auth]", {"Newton", "Newton", "Newton", "Newton"}},
           {"[auth3]", {"New", "New", "New", "New"}},
           {"[auth3_2]", {"", "Max", "Max", "Max"}},
           {"[authors]",
            {"Newton", "NewtonMaxwell", "NewtonMaxwellEinstein", "NewtonMaxwellEinsteinBohrDirac"}},
           {"[authors2]", {"Newton", "NewtonMaxwell", "NewtonMaxwellEtAl", "NewtonMaxwellEtAl"}},
           {"[authEtAl]", {"Newton", "NewtonMaxwell", "NewtonEtAl", "NewtonEtAl"}},
           {"[auth.etal]", {"Newton", "Newton.Maxwell", "Newton.etal", "Newton.etal"}},
           {"[auth.auth.ea]", {"Newton", "Newton.Maxwell", "Newton.Maxwell.ea", "Newton.Maxwell.ea"}},
           {"[authorsAlpha]", {"New", "NM", "NME", "NME+"}},
           {"[authshort]", {"Newton", "NM", "NME", "NME+"}},
           {"[authorLast]", {"Newton", "Maxwell", "Einstein", "Dirac"}},
           {"[authorIni]", {"Newto", "NewtoM", "NewtoME", "NewtoMEBD"}},
           {"[authIni4]", {"Newt", "NeMa", "NeME", "NMEB"}},
           {"[authForeIni]", {"I", "I", "I", "I"}},
       }) {
    CAPTURE(pattern);
    if (!wanted[0].empty()) CHECK(key(pattern, one) == wanted[0]);
    CHECK(key(pattern, two) == wanted[1]);
    CHECK(key(pattern, three) == wanted[2]);
    // "[authorsAlpha]" and "[authshort]" abbreviate from four names on.
    CHECK(key(pattern, five) == (pattern == "[authorsAlpha]" ? "NME+" : wanted[3]));
  }
  CHECK(key("[auth]", "@misc{k, editor={Marie Curie}}") == "Curie");
  CHECK(key("[pureauth]x[year]", "@misc{k, editor={Marie Curie}, year=1911}") == "x1911");
  CHECK(key("[edtr][editors]", "@misc{k, author={A B}, editor={Marie Curie and others}}") == "CurieCurie");
  CHECK(key("[auth]", "@misc{k, author={{The LIGO Collaboration}}}") == "TheLIGOCollaboration");
}

TEST_CASE("names and titles become ASCII") {
  CHECK(key("[auth]", "@misc{k, author={J{\\\"o}rg M{\\\"u}ller-L{\\\"u}denscheidt}}") ==
        "MullerLudenscheidt");
  CHECK(key("[auth]",
            "@misc{k, author={\xC3\x98"
            "degård, Ada}}") == "Odegard");
  CHECK(key("[veryshorttitle]", "@misc{k, title={\xC3\x89tudes}}") == "Etudes");
}

TEST_CASE("markers of titles") {
  const std::string entry = "@misc{k, title={An awesome paper on {JabRef}}}";
  CHECK(key("[title]", entry) == "AnAwesomePaperonJabref");
  CHECK(key("[fulltitle]", entry) == "AnawesomepaperonJabRef");
  CHECK(key("[camel]", entry) == "AnAwesomePaperOnJabref");
  CHECK(key("[camel2]", entry) == "AnAwesome");
  CHECK(key("[shorttitle]", entry) == "awesomepaperJabRef");
  CHECK(key("[shorttitleINI]", entry) == "apJ");
  CHECK(key("[veryshorttitle]", entry) == "awesome");
}

TEST_CASE("markers of numbers and of any field") {
  const std::string entry =
      "@article{k, year=1999, month=jan, pages={L41, 7--12}, journal={Journal of Big Things}, volume={12b}}";
  CHECK(key("[year]-[shortyear]", entry) == "1999-99");
  CHECK(key("[firstpage]_[lastpage]", entry) == "7_41");
  CHECK(key("[pageprefix]", entry) == "L");
  CHECK(key("[journal]", entry) == "JournalofBigThings");
  CHECK(key("[journal:abbr]", entry) == "JoBT");
  CHECK(key("[JOURNAL:abbr:lower]:[volume]", entry) == "jobt:12b");
  CHECK(key("[entrytype]", entry) == "article");
  CHECK(key("[year]", "@misc{k, date={2017-06-12}}") == "2017");
  CHECK(key("[journal]", "@article{k, journaltitle={JMLR}}") == "JMLR");
}

TEST_CASE("modifiers") {
  const std::string entry = "@misc{k, author={Isaac NEWTON}, title={deep thoughts}, note={a big Note}}";
  CHECK(key("[auth:lower]", entry) == "newton");
  CHECK(key("[note:upper]", entry) == "ABIGNOTE");
  CHECK(key("[note:capitalize]", entry) == "ABigNote");
  CHECK(key("[note:titlecase]", entry) == "ABigNote");
  CHECK(key("[note:sentencecase]", entry) == "Abignote");
  CHECK(key("[note:camel]", entry) == "ABigNote");
  CHECK(key("[auth:truncate3:lower]", entry) == "new");
  CHECK(key("[publisher:(none)]", entry) == "none");
  CHECK(key("[auth:(none)]", entry) == "NEWTON");
  CHECK(key("[note:regex(\"(\\w+) big\",\"$1-small\")]", entry) == "a-smallNote");
  CHECK(key("[note:regex(\"[]:]\",\"x\"):lower]", entry) == "abignote");
}

TEST_CASE("an expression that runs away ends and changes nothing") {
  const std::string entry = "@misc{k, note={" + std::string(200, 'a') + "}}";
  CHECK(key("[note:regex(\"^(a+)+$b\",\"x\"):truncate5]", entry) == "aaaaa");
}

TEST_CASE("a pattern that finds nothing gives no key") {
  CHECK(key("x[auth]_[year]", "@misc{k, note={n}}").empty());
  CHECK(key("[auth]", "@misc{k, author={}}").empty());
}

TEST_CASE("a pattern that is wrong is refused with the place") {
  CHECK(error("") == "0: pattern has no marker, such as [auth]");
  CHECK(error("abc") == "0: pattern has no marker, such as [auth]");
  CHECK(error("[auth") == "0: '[' is never closed");
  CHECK(error("a]") == "1: ']' without '['");
  CHECK(error("[auth] [year]") == "6: a citation key cannot hold ' '");
  CHECK(error("[]") == "1: expected the name of a marker, got ''");
  CHECK(error("[auth:loud]") == "6: no such modifier: 'loud'");
  CHECK(error("[auth:truncate]") == "6: expected a number behind 'truncate', as in truncate8");
  CHECK(error("[auth:regex(\"a\")]") == "6: expected regex(\"EXPRESSION\",\"REPLACEMENT\")");
  CHECK(error("[auth:regex(\"(\",\"\")]") == "6: not a regular expression: (");
  CHECK(error(std::string(2000, 'a')) == "1024: pattern is longer than 1024 bytes");
}

TEST_CASE("formulas of Better BibTeX") {
  const std::string paper =
      "@article{k, author={Vaswani, Ashish and Shazeer, Noam and Parmar, Niki}, journal={Neural Systems}, "
      "title={Attention is all you need for {TeX}}, date={2017-06}, pages={5--9}}";
  for (const auto& [formula, wanted] : std::vector<std::pair<std::string, std::string>>{
           {"auth.lower + shorttitle(3,3) + year", "vaswaniAttentionAllYou2017"},
           {"auth.lower+shorttitle(3,1)+year", "vaswaniAttentionallyou2017"},
           {"[auth:lower][shorttitle3_3][year]", "vaswaniAttentionAllYou2017"},
           {"[auth:lower]_[year]", "vaswani_2017"},
           {"Auth(3).upper + shortyear", "VAS17"},
           {"auth(0,2)", "Shazeer"},
           {"auth(2,2)", "Sh"},
           {"authors(2) + '_' + year", "VaswaniShazeerEtAl_2017"},
           {"authors", "VaswaniShazeerParmar"},
           {"authEtAl + \":\" + year", "VaswaniEtAl:2017"},
           {"authAuthEa", "Vaswani.Shazeer.ea"},
           {"veryshorttitle", "Attention"},
           {"veryshorttitle(2, 2)", "AttentionAll"},
           {"shorttitle", "Attentionallyou"},
           {"title.substring(1,9)", "Attention"},
           {"journal.abbr + firstpage.clean.ascii", "NS5"},
           {"type + year", "article2017"},
       }) {
    CAPTURE(formula);
    CHECK(key(formula, paper) == wanted);
  }
}

TEST_CASE("what is no formula of Better BibTeX") {
  CHECK(error("auth + foo") == "7: no such function: 'foo'");
  CHECK(error("auth.lowr") == "5: no such filter: 'lowr'");
  CHECK(error("auth year") == "5: expected '+', got 'y'");
  CHECK(error("auth +") == "6: no such function: ''");
  CHECK(error("auth(1,2,3)") == "0: auth takes 2 numbers at most");
  CHECK(error("auth(x)") == "5: expected a number up to 999");
  CHECK(error("auth(1000)") == "5: expected a number up to 999");
  CHECK(error("auth(1") == "6: expected ',' or ')'");
  CHECK(error("auth + 'x") == "7: the text is never closed");
  CHECK(error("auth + '[x]'") == "4: a citation key cannot hold ' '");
  CHECK(error("year-[auth]") == "none");
  CHECK(error("auth + 'a b'") == "0: a citation key cannot hold ' '");
  CHECK(error("'x'") == "0: pattern has no marker, such as [auth]");
  CHECK(error("foo + auth") == "3: a citation key cannot hold ' '");
}
