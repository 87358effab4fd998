#include <string>
#include <vector>

#include "fetchers/profile/author_profile.hpp"
#include "fetchers/profile/category_area.hpp"
#include "fetchers/profile/same_person.hpp"
#include "fetchers/profile/similar_authors.hpp"
#include "fetchers/profile/teaser.hpp"
#include "tests/support/catch.hpp"

using namespace bibsmith;
using namespace bibsmith::fetchers;

namespace {

// "Jason D. Lee": the last word is the family name.
PersonName name(const std::string& shown) {
  const std::size_t space = shown.rfind(' ');
  return space == std::string::npos ? person_name(shown, "", shown)
                                    : person_name(shown.substr(space + 1), shown.substr(0, space), shown);
}

AuthoredPaper paper(std::string id, std::int16_t year, std::vector<std::string> categories,
                    const std::vector<std::string>& authors) {
  AuthoredPaper out;
  out.id = std::move(id);
  out.submitted = {year, 1, 1};
  out.categories = std::move(categories);
  for (const std::string& author : authors) out.authors.push_back(name(author));
  return out;
}

std::vector<std::string> ids(const std::vector<AuthoredPaper>& papers, const PersonPapers& person) {
  std::vector<std::string> out;
  for (const AttributedPaper& one : person.papers) out.push_back(papers[one.named.paper].id);
  return out;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("names agree in full, in a shorter form, by initials, or not") {
  const auto agreement = [](const char* a, const char* b) { return compare(name(a), name(b)); };
  CHECK(agreement("Jason D. Lee", "Jason D. Lee") == NameAgreement::full);
  CHECK(agreement("Simon S. Du", "Simon Shaolei Du") == NameAgreement::full);
  CHECK(agreement("Jian-Guo Liu", "Jianguo Liu") == NameAgreement::full);
  CHECK(agreement("Jason D. Lee", "Jason Lee") == NameAgreement::partial);
  CHECK(agreement("Jason D. Lee", "J. D. Lee") == NameAgreement::initials);
  CHECK(agreement("Jason D. Lee", "J.D. Lee") == NameAgreement::initials);
  CHECK(agreement("Jason D. Lee", "JD Lee") == NameAgreement::initials);
  CHECK(agreement("C.-P. Yuan", "Chien-Peng Yuan") == NameAgreement::initials);
  CHECK(agreement("Jason D. Lee", "Lee") == NameAgreement::initials);
  CHECK(agreement("Jason D. Lee", "Jason B. Lee") == NameAgreement::none);
  CHECK(agreement("Jason D. Lee", "John D. Lee") == NameAgreement::none);
  CHECK(agreement("Jason Lee", "Jason Leeds") == NameAgreement::none);
  CHECK(agreement("J. Lee", "K. Lee") == NameAgreement::none);
  PersonName organisation = name("Planck Collaboration");
  organisation.is_organisation = true;
  CHECK(compare(organisation, organisation) == NameAgreement::none);
  CHECK(coauthor_key(name("Simon S. Du")) == "du, simon");
  CHECK(is_full_key("du, simon"));
  CHECK_FALSE(is_full_key("du, s"));
  CHECK(coauthor_key(organisation).empty());
}

TEST_CASE("areas gather the archives between which people go to and fro") {
  CHECK(area_of("cs.LG") == area_of("math.ST"));
  CHECK(area_of("stat.ML") == area_of("eess.SP"));
  CHECK(area_of("math.AG") != area_of("math.ST"));
  CHECK(area_of("astro-ph") == area_of("astro-ph.GA"));
  CHECK(area_of("hep-ex") != area_of("astro-ph.GA"));
  CHECK(area_of("no-such") == CategoryArea::unknown);
}

TEST_CASE("a person is found among namesakes by co-authors, fields and years") {
  const std::vector<AuthoredPaper> papers = {
      paper("a1", 2018, {"cs.LG", "stat.ML"}, {"Jason D. Lee", "Qi Lei"}),
      paper("a2", 2019, {"cs.LG"}, {"Simon S. Du", "Jason D. Lee", "Qi Lei"}),
      paper("a3", 2020, {"math.ST"}, {"Jason D. Lee", "Adel Javanmard"}),  // nobody shared, a near field
      paper("a4", 2013, {"stat.ML"},
            {"Jason Lee", "Simon Shaolei Du"}),                      // a shorter name, a shared co-author
      paper("b1", 2019, {"cs.CL"}, {"Jason Lee", "Kyunghyun Cho"}),  // a shorter name, nobody shared
      paper("c1", 2001, {"astro-ph"}, {"Jason D. Lee", "Vera Star"}),
      paper("c2", 2002, {"astro-ph"}, {"Jason D. Lee", "Vera Star"}),
      paper("d1", 2019, {"cs.LG"}, {"Jason B. Lee", "Qi Lei"}),  // another middle name
      paper("e1", 2019, {"cs.LG"}, {"Kangwook Lee"}),
  };
  const auto people = tell_apart(papers, name("Jason D. Lee"), {});
  REQUIRE(people.size() == 3);
  CHECK(ids(papers, people[0]) == Ids{"a1", "a2", "a3", "a4"});
  CHECK(ids(papers, people[1]) == Ids{"c1", "c2"});
  CHECK(ids(papers, people[2]) == Ids{"b1"});
  CHECK(people[0].papers[0].certainty > 0.9);
  CHECK(people[0].papers[0].reasons[0].text == "the name is the one that was asked for, Jason D. Lee");
  const auto& of_coauthors = people[0].papers[3].reasons;
  CHECK(std::any_of(of_coauthors.begin(), of_coauthors.end(), [](const PersonReason& reason) {
    return reason.code == "co-authors" &&
           reason.text == "Simon Shaolei Du is a co-author of other papers too";
  }));
}

TEST_CASE("a common co-author's name in another field proves nothing") {
  const std::vector<AuthoredPaper> papers = {
      paper("a1", 2018, {"cs.LG"}, {"Jason D. Lee", "Wei Wang"}),
      paper("a2", 2019, {"cs.LG"}, {"Jason D. Lee", "Wei Wang"}),
      paper("b1", 2000, {"hep-ph"}, {"Jason D. Lee", "Wei Wang"}),
  };
  CHECK(ids(papers, tell_apart(papers, name("Jason D. Lee"), {})[0]) == Ids{"a1", "a2"});
}

TEST_CASE("names that exclude each other are never one person's, whoever is shared") {
  const std::vector<AuthoredPaper> papers = {
      paper("a1", 2018, {"cs.LG"}, {"Jason D. Lee", "Qi Lei"}),
      paper("a2", 2018, {"cs.LG"}, {"Jason D. Lee", "Qi Lei"}),
      paper("b1", 2018, {"cs.LG"}, {"Jason B. Lee", "Qi Lei"}),
      paper("x1", 2018, {"cs.LG"}, {"Jason Lee", "Qi Lei"}),
  };
  const auto people = tell_apart(papers, name("Jason Lee"), {});
  for (const PersonPapers& person : people) {
    const Ids found = ids(papers, person);
    const bool has_a = std::find(found.begin(), found.end(), "a1") != found.end();
    const bool has_b = std::find(found.begin(), found.end(), "b1") != found.end();
    CHECK_FALSE((has_a && has_b));
  }
}

TEST_CASE("ORCIDs decide") {
  std::vector<AuthoredPaper> papers = {paper("a1", 2018, {"cs.LG"}, {"Jason Lee", "Qi Lei"}),
                                       paper("a2", 2019, {"cs.LG"}, {"Jason Lee", "Qi Lei"}),
                                       paper("b1", 2001, {"hep-ph"}, {"Jason Lee", "Vera Star"}),
                                       paper("c1", 2019, {"cs.LG"}, {"Jason Lee", "Qi Lei"})};
  papers[0].authors[0].orcid = papers[2].authors[0].orcid = "0000-0002-1825-0097";
  papers[3].authors[0].orcid = "0000-0001-5109-3700";
  CHECK(ids(papers, tell_apart(papers, name("Jason Lee"), {})[0]) == Ids{"a1", "a2", "b1"});
}

TEST_CASE("what the user said counts before all evidence") {
  const std::vector<AuthoredPaper> papers = {paper("a1", 2018, {"cs.LG"}, {"Jason D. Lee", "Qi Lei"}),
                                             paper("a2", 2019, {"cs.LG"}, {"Jason D. Lee", "Qi Lei"}),
                                             paper("b1", 2001, {"hep-ph"}, {"Jason D. Lee", "Vera Star"}),
                                             paper("b2", 2002, {"hep-ph"}, {"Jason D. Lee", "Vera Star"})};
  const auto chosen = tell_apart(papers, name("Jason D. Lee"), {{"b1"}, {}});
  CHECK(ids(papers, chosen[0]) == Ids{"b1", "b2"});
  CHECK(chosen[0].papers[0].certainty == 1);
  CHECK(chosen[0].papers[0].reasons[0].code == "user");
  CHECK(ids(papers, tell_apart(papers, name("Jason D. Lee"), {{}, {"a1"}})[0]) != Ids{"a1", "a2"});
  CHECK(ids(papers, tell_apart(papers, name("Jason D. Lee"), {{"a1", "b1"}, {"a2"}})[0]) ==
        Ids{"a1", "b1", "b2"});
}

TEST_CASE("no paper of the name: the person has none") {
  const auto people = tell_apart({}, name("Jason D. Lee"), {});
  REQUIRE(people.size() == 1);
  CHECK(people[0].papers.empty());
}

TEST_CASE("profile and statistics count each paper once") {
  std::vector<AuthoredPaper> papers = {
      paper("1", 2018, {"cs.LG", "stat.ML"}, {"Jason D. Lee", "Simon S. Du"}),
      paper("2", 2020, {"cs.LG"}, {"Simon Shaolei Du", "Jason D. Lee", "Qi Lei"}),
      paper("3", 2020, {"math.ST"}, {"Jason Lee"})};
  papers[0].pages = 10;
  papers[1].pages = 31;
  papers[0].versions = 3;
  papers[2].versions = 1;
  papers[0].is_published = true;
  papers[0].venue = "ICML";
  const auto named = papers_of_name(papers, name("Jason D. Lee"));
  const AuthorProfile profile = profile_of(papers, named);
  CHECK(profile.name == "Jason D. Lee");
  CHECK(profile.name_forms == std::vector<NamedCount>{{"Jason D. Lee", 2}, {"Jason Lee", 1}});
  CHECK(profile.fields == std::vector<NamedCount>{{"cs.LG", 2}, {"math.ST", 1}});
  CHECK(profile.first.iso() == "2018-01-01");
  CHECK(profile.last.iso() == "2020-01-01");
  const AuthorStatistics statistics = statistics_of(papers, named);
  CHECK(statistics.papers == 3);
  CHECK(statistics.years == std::vector<NamedCount>{{"2018", 1}, {"2019", 0}, {"2020", 2}});
  REQUIRE(statistics.co_authors.size() == 2);
  CHECK(statistics.co_authors[0].name == "Simon Shaolei Du");
  CHECK(statistics.co_authors[0].forms == Ids{"Simon Shaolei Du", "Simon S. Du"});
  CHECK(statistics.co_authors[0].papers == 2);
  CHECK(statistics.co_authors[0].first_year == 2018);
  CHECK(statistics.co_authors[0].last_year == 2020);
  CHECK(statistics.authors.mean() == 2);
  CHECK(statistics.alone == 1);
  CHECK(statistics.pages.total == 41);
  CHECK(statistics.pages.papers == 2);
  CHECK(statistics.pages.most == 31);
  CHECK(statistics.revised == 1);
  CHECK(statistics.published == 1);
  CHECK(statistics.venues == std::vector<NamedCount>{{"ICML", 1}});
}

TEST_CASE("authors are similar by words and by co-authors") {
  std::vector<AuthoredPaper> papers = {paper("1", 2018, {"cs.LG"}, {"Jason D. Lee", "Qi Lei"}),
                                       paper("2", 2019, {"cs.LG"}, {"Jason D. Lee", "Qi Lei"}),
                                       paper("3", 2019, {"cs.LG"}, {"Near Person", "Qi Lei"}),
                                       paper("4", 2019, {"cs.LG"}, {"Near Person", "Qi Lei"}),
                                       paper("5", 2019, {"hep-ph"}, {"Far Stranger", "Some One"}),
                                       paper("6", 2019, {"hep-ph"}, {"Far Stranger", "Some One"}),
                                       paper("7", 2019, {"hep-ph"}, {"Once Only"})};
  for (const std::size_t i : {0u, 1u, 2u, 3u}) papers[i].words = {"gradient", "descent"};
  for (const std::size_t i : {4u, 5u}) papers[i].words = {"boson", "decay"};
  const std::vector<NamedPaper> theirs = {{0, 0}, {1, 0}};
  const auto similar = similar_authors(papers, theirs);
  // Nobody of one paper, nobody without anything in common; and what Qi Lei has in common are joint papers.
  REQUIRE(similar.size() == 1);
  CHECK(similar[0].name == "Near Person");
  CHECK(similar[0].shared_words == Approx(1));
  CHECK(similar[0].shared_co_authors == Approx(1));
  CHECK(similar[0].similarity == Approx(1));
  CHECK(similar[0].common_neighbours == Ids{"Qi Lei"});
  CHECK(similar[0].words == Ids{"descent", "gradient"});
}

TEST_CASE("a teaser is cut at 200 characters, not bytes") {
  CHECK(teaser("Short.") == "Short.");
  const std::string full(200, 'x');
  CHECK(teaser(full) == full);
  CHECK(teaser(full + "y") == full + "...");
  std::string accents;
  for (int i = 0; i < 201; ++i) accents += "é";
  CHECK(teaser(accents) == accents.substr(0, 400) + "...");
  CHECK(teaser(std::string(199, 'x') + " yz") == std::string(199, 'x') + "...");
}
