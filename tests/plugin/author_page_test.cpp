#include "plugin/pages/author_page.hpp"

#include <string>

#include "plugin/cli/author_output.hpp"
#include "plugin/pages/chart.hpp"
#include "plugin/pages/html_text.hpp"
#include "plugin/pages/library_page.hpp"
#include "plugin/pages/page_frame.hpp"
#include "plugin/session/author_corrections.hpp"
#include "plugin/session/author_facts.hpp"
#include "plugin/session/author_search.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using namespace bibsmith;
using namespace bibsmith::plugin;

namespace {

constexpr const char* script =
    "</script></pre></bdi><script>alert(1)</script><img src=x onerror='alert(2)'>\"'";
constexpr const char* turned =
    "\xE2\x80\xAE"
    "elbat\xE2\x81\xA6";  // right-to-left override, isolate

// An answer in which every text that others write is `text`.
AuthorAnswer hostile(const std::string& text) {
  Record record;
  record.arxiv_id = *ArxivId::parse("2406.08466v2");
  record.title = text;
  record.authors = {{.name = text}, {.name = "Jason D. Lee"}};
  record.abstract = text;
  record.comment = text;
  record.journal_ref = text;
  record.categories = {"cs.LG", text};
  record.published = {2024, 6, 12};
  record.origins.push_back({});
  AuthorAnswer answer;
  answer.asked = text;
  CitedPaper cited{text, *ArxivId::parse("2406.08466"), std::make_shared<const Record>(record),
                   bibtex::normalize(record, {}), false};
  const std::vector<fetchers::AuthoredPaper> facts = {authored_paper(record, &cited.normalized)};
  const fetchers::NamedPaper named[] = {{0, 0}};
  answer.profile = fetchers::profile_of(facts, named);
  answer.profile.name = text;
  answer.profile.affiliations = {{text, 1}};
  answer.profile.orcid = text;
  answer.statistics = fetchers::statistics_of(facts, named);
  answer.statistics.venues = {{text, 1}};
  answer.statistics.years = {{text, 1}};
  answer.similar.push_back({.name = text, .similarity = 0.5, .words = {text}, .common_neighbours = {text}});
  answer.papers.push_back({std::move(cited), text, text, 1, {{"name", text, 1}}});
  return answer;
}

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++count;
  return count;
}

}  // namespace

TEST_CASE("text becomes HTML that means nothing but itself") {
  CHECK(html_text("a < b & \"c\" 'd'>") == "a &lt; b &amp; &quot;c&quot; &#39;d&#39;&gt;");
  CHECK(html_text("\xff\x01\x7f") == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(html_text("é\t\n") == "é\t\n");
  CHECK(isolated("x<") == "x&lt;");
  CHECK(isolated("é<") == "<bdi>é&lt;</bdi>");
  CHECK(without_direction_marks(std::string("a") + turned + "b") == "aelbatb");
  CHECK(without_direction_marks("שלום é") == "שלום é");
}

TEST_CASE("no text of a record leaves its place on the page") {
  const std::string page = author_page(hostile(script));
  CHECK(count(page, "<script") == 1);
  CHECK(count(page, "</script") == 1);
  CHECK(count(page, "<img") == 0);
  CHECK(count(page, "onerror='") == 0);
  CHECK(count(page, "&lt;script&gt;alert(1)") > 10);
  CHECK(page.find("style-src 'sha256-") != page.npos);
  CHECK(page.find("http://") == page.npos);
}

TEST_CASE("marks that turn the direction of writing stay in an element that ends them") {
  const std::string page = author_page(hostile(turned));
  const std::string inside = std::string("<bdi>") + turned + "</bdi>";
  CHECK(count(page, inside) > 5);
  // What is not isolated are the entry's own lines, of a left-to-right <pre>, and values that nobody sees.
  const std::string title = page.substr(page.find("<title>"), page.find("</title>") - page.find("<title>"));
  CHECK(title == "<title>elbat: papers on arXiv");
  CHECK(page.find(std::string("aria-label=\"") + turned) == page.npos);
}

TEST_CASE("the terminal gets no control characters and no marks of direction") {
  const std::string text = author_text(hostile(std::string("\x1b]0;owned\x07\x1b[2J") + turned));
  CHECK(text.find('\x1b') == text.npos);
  CHECK(text.find('\x07') == text.npos);
  CHECK(text.find("\xE2\x80\xAE") == text.npos);
  CHECK(text.find("]0;owned[2Jelbat") != text.npos);
}

TEST_CASE("TeX that reads files is text in the entries of the page") {
  const std::string page = author_page(hostile("\\input{/etc/passwd} } \\write18{id} @misc{x, title={y}}"));
  const std::size_t begin = page.find("<pre tabindex=\"0\">");
  const std::string entry = page.substr(begin, page.find("</pre>", begin) - begin);
  CHECK(entry.find("\\input") == entry.npos);
  CHECK(entry.find("\\write18") == entry.npos);
  CHECK(count(entry, "\n@") == 0);
}

TEST_CASE("entries of files and results of searches are as safe") {
  LibraryEntry entry;
  entry.key = entry.title = entry.venue = entry.category = entry.doi = entry.text = entry.date = script;
  entry.arxiv_id = script;
  entry.authors = {script};
  const std::string library = library_content(script, std::span(&entry, 1));
  CHECK(count(library, "<script") == 0);
  CHECK(count(library, "<img") == 0);
  fetchers::SearchResult result;
  Record& record = result.records.emplace_back();
  record.title = record.abstract = record.journal_ref = script;
  record.authors = {{.name = script}};
  record.categories = {script};
  const std::string found = search_content(result);
  CHECK(count(found, "<script") == 0);
  CHECK(count(found, "<img") == 0);
  CHECK(found.find("class=\"add\"") == found.npos);  // it has no id
}

TEST_CASE("a policy names a script by its digest in base64") {
  // The digest of the empty text (FIPS 180-4), and as base64.
  CHECK(policy_hash("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855") ==
        "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
}

TEST_CASE("a chart tells its numbers to those who do not see it") {
  const fetchers::NamedCount years[] = {{"2019", 1}, {"2020", 0}, {"2021", 4}};
  const std::string chart = bar_chart("Papers a year", years);
  CHECK(chart.find("aria-label=\"2019: 1, 2020: 0, 2021: 4\"") != chart.npos);
  CHECK(count(chart, "<rect") == 2);
  CHECK(bar_chart("Nothing", {}).empty());
}

TEST_CASE("a name is searched for in its forms") {
  const auto forms = [](const bibtex::Name& name) {
    std::string out;
    for (const std::string& form : search_forms(name)) out += (out.empty() ? "" : "|") + form;
    return out;
  };
  CHECK(forms({.given = "Jason D.", .family = "Lee"}) ==
        "Jason D. Lee|J. D. Lee|J.D. Lee|Jason Lee|Lee Jason D.");
  CHECK(forms({.given = "J. D.", .family = "Lee"}) == "J. D. Lee|J.D. Lee|Lee J. D.");
  CHECK(forms({.given = "Aad", .prefix = "van der", .family = "Vaart"}) ==
        "Aad van der Vaart|A. van der Vaart|van der Vaart Aad");
  CHECK(forms({.given = "Kianté", .family = "Brantley"}).find("|Kiante Brantley|") != std::string::npos);
  CHECK(forms({.family = "Plato"}) == "Plato");
  CHECK(search_for_person({.given = "Ada", .family = "Abel"})->str().ends_with("(au:Ada AND au:Abel)"));
  CHECK_FALSE(search_for_person({.given = "\"(", .family = "):"}));
  CHECK(is_author_id("lee_j_1"));
  CHECK(is_author_id("van-der-vaart_a_12"));
  CHECK_FALSE(is_author_id("Lee_j_1"));
  CHECK_FALSE(is_author_id("lee_j"));
  CHECK_FALSE(is_author_id("_j_1"));
  CHECK_FALSE(is_author_id("../../etc_1"));
}

TEST_CASE("names of records are compared without TeX and accents") {
  Record record;
  record.authors = {
      {.name = "Kianté Brantley"}, {.name = "Ludwig van der Berg"}, {.name = "Planck Collaboration"}};
  const auto names = person_names(record);
  REQUIRE(names.size() == 3);
  CHECK(names[0].given == std::vector<std::string>{"kiante"});
  CHECK(names[0].shown == "Kianté Brantley");
  CHECK(names[1].family == "berg");
  CHECK(names[2].is_organisation);
}

TEST_CASE("corrections are kept, and replace those of before") {
  const testing::TempDir dir;
  const std::string path = corrections_path(dir / "state");
  fetchers::SystemClock clock;
  ChangeContext context;
  context.state_dir = dir / "state";
  context.clock = &clock;
  REQUIRE(keep_corrections(path, "jason d lee", {{"2212.03714"}, {"hep-ph/9901001"}}, context));
  REQUIRE(keep_corrections(path, "other", {{"1706.03762"}, {}}, context));
  REQUIRE(keep_corrections(path, "jason d lee", {{}, {"2212.03714"}}, context));
  const auto read = read_corrections(path, "jason d lee");
  REQUIRE(read);
  CHECK(read->theirs.empty());
  CHECK(read->not_theirs == std::set<std::string>{"2212.03714", "hep-ph/9901001"});
  CHECK(**read_file(path) ==
        "# Whose papers are whose, as you told bibsmith author: + theirs, - not theirs.\n"
        "- hep-ph/9901001 jason d lee\n"
        "+ 1706.03762 other\n"
        "- 2212.03714 jason d lee\n");
  CHECK(read_corrections(dir / "absent", "x")->theirs.empty());
}
