#include "fetchers/arxiv/query.hpp"

#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "tests/support/catch.hpp"

using bibsmith::ArxivId;
using bibsmith::Date;
using namespace bibsmith::fetchers;

namespace {

std::string words(SearchField field, const char* text) {
  const auto query = SearchQuery::words(field, text);
  return query ? query->str() : "(none)";
}

std::string phrase(SearchField field, const char* text) {
  const auto query = SearchQuery::phrase(field, text);
  return query ? query->str() : "(none)";
}

std::string submitted(Date from, Date to) {
  const auto query = SearchQuery::submitted(from, to);
  return query ? query->str() : "(none)";
}

SearchQuery word(const char* text) { return *SearchQuery::words(SearchField::title, text); }

std::vector<ArxivId> ids_from(int first, int count) {
  std::vector<ArxivId> ids;
  for (int i = first; i < first + count; ++i) {
    std::string number = std::to_string(i);
    number.insert(0, 5 - number.size(), '0');
    ids.push_back(*ArxivId::parse("2101." + number));
  }
  return ids;
}

// Input -> what arXiv's own adapter makes of it.
std::map<std::string, std::string> rewrites() {
  std::map<std::string, std::string> out;
  std::ifstream in("../../shared/data/arxiv_query_rewrite.tsv");
  const auto unquoted = [](std::string json) {
    json = json.substr(1, json.size() - 2);
    for (std::size_t pos = json.find('\\'); pos != json.npos; pos = json.find('\\', pos + 1))
      json.erase(pos, 1);
    return json;
  };
  std::string line;
  std::getline(in, line);  // the names of the columns
  while (std::getline(in, line)) {
    const std::size_t tab = line.find('\t');
    const std::size_t end = line.find('\t', tab + 1);
    const std::string output = line.substr(tab + 1, end - tab - 1);
    if (output != "null") out[unquoted(line.substr(0, tab))] = unquoted(output);
  }
  return out;
}

}  // namespace

TEST_CASE("SearchQuery::words gives each word its field and joins them by AND") {
  CHECK(words(SearchField::title, "electron thermal conductivity") ==
        "ti:electron AND ti:thermal AND ti:conductivity");
  CHECK(words(SearchField::all, " machine\nlearning ") == "all:machine AND all:learning");
  CHECK(words(SearchField::author, "M\xC3\xBCller") == "au:M\xC3\xBCller");
  CHECK(words(SearchField::abstract_text, "C++") == "abs:C++");
  CHECK(words(SearchField::comment, "withdrawn") == "co:withdrawn");
  CHECK(words(SearchField::report_number, "ANL") == "rn:ANL");
  CHECK(words(SearchField::category, "cs.*") == "cat:cs.*");
  CHECK(words(SearchField::id, "1911.12281") == "id:1911.12281");
  CHECK(words(SearchField::doi, "10.1103/PhysRevD.76.013009") == "doi:10.1103/PhysRevD.76.013009");
}

TEST_CASE("SearchQuery::phrase quotes what is more than a word") {
  CHECK(phrase(SearchField::author, "del maestro") == "au:\"del maestro\"");
  CHECK(phrase(SearchField::author, "del_maestro") == "au:\"del maestro\"");
  CHECK(phrase(SearchField::author, "Maestro, Del") == "au:\"Maestro Del\"");
  CHECK(phrase(SearchField::author, "O'Neill") == "au:O'Neill");
  CHECK(phrase(SearchField::journal_ref, "Phys. Rev. D") == "jr:\"Phys. Rev. D\"");
}

TEST_CASE("SearchQuery takes a user's text for data") {
  CHECK(words(SearchField::title, "a AND b") == "ti:a AND ti:and AND ti:b");
  CHECK(words(SearchField::title, "NOT") == "ti:not");
  CHECK(words(SearchField::title, "x) OR (au:y") == "ti:x AND ti:or AND ti:au AND ti:y");
  CHECK(phrase(SearchField::title, "say \"cheese\" ANDNOT \\\"") == "ti:\"say cheese andnot\"");
  CHECK(words(SearchField::title, "submittedDate:[1 TO 2]") ==
        "ti:submittedDate AND ti:1 AND ti:to AND ti:2");
  CHECK(words(SearchField::title, "*lead tail* ?") == "ti:lead AND ti:tail*");
  CHECK(words(SearchField::title, "snake_case") == "ti:snake_case");
  for (const char* nothing : {"", " ", "()", "\":\"", "*", "\x01"}) {
    CHECK(words(SearchField::title, nothing) == "(none)");
    CHECK(phrase(SearchField::author, nothing) == "(none)");
  }
  CHECK(words(SearchField::title, std::string(5000, 'x').c_str()).size() == 1003);
}

TEST_CASE("SearchQuery joins with parentheses, so that no precedence matters") {
  const SearchQuery both = SearchQuery::both(word("a"), word("b"));
  CHECK(both.str() == "ti:a AND ti:b");
  CHECK(SearchQuery::either(both, word("c")).str() == "(ti:a AND ti:b) OR ti:c");
  CHECK(SearchQuery::without(word("c"), both).str() == "ti:c ANDNOT (ti:a AND ti:b)");
  CHECK(SearchQuery::both(word("a b"), word("c d")).str() == "(ti:a AND ti:b) AND (ti:c AND ti:d)");
}

TEST_CASE("SearchQuery::submitted completes partial dates") {
  CHECK(submitted({2023}, {2024}) == "submittedDate:[202301010000 TO 202412312359]");
  CHECK(submitted({2023, 2}, {2023, 2}) == "submittedDate:[202302010000 TO 202302282359]");
  CHECK(submitted({2024, 2}, {2024, 2}) == "submittedDate:[202402010000 TO 202402292359]");
  CHECK(submitted({2023, 1, 5}, {2023, 1, 31}) == "submittedDate:[202301050000 TO 202301312359]");
  CHECK(submitted({}, {2023}) == "(none)");
  CHECK(submitted({2023}, {}) == "(none)");
  CHECK(submitted({2024}, {2023}) == "(none)");
}

TEST_CASE("arXiv's adapter leaves our queries as they are") {
  const auto known = rewrites();
  if (known.empty()) {
    WARN("the recorded rewrites are not there");
    return;
  }
  const auto left_alone = [&](const SearchQuery& query) {
    INFO(query.str());
    REQUIRE(known.count(query.str()) == 1);
    CHECK(known.at(query.str()) == query.str());
  };
  left_alone(*SearchQuery::words(SearchField::all, "electron"));
  left_alone(*SearchQuery::words(SearchField::all, "electron proton"));
  left_alone(*SearchQuery::phrase(SearchField::author, "del maestro"));
  left_alone(*SearchQuery::phrase(SearchField::title, "quantum criticality"));
  left_alone(*SearchQuery::phrase(SearchField::title, "electron thermal conductivity"));
  left_alone(*SearchQuery::phrase(SearchField::journal_ref, "Phys. Rev. D"));
  left_alone(*SearchQuery::words(SearchField::category, "cs.AI"));
  left_alone(*SearchQuery::words(SearchField::category, "math.*"));
  left_alone(SearchQuery::either(*SearchQuery::words(SearchField::category, "cs.AI"),
                                 *SearchQuery::words(SearchField::category, "cs.LG")));
  left_alone(
      SearchQuery::either(SearchQuery::both(*SearchQuery::phrase(SearchField::author, "Smith"), word("x")),
                          *SearchQuery::words(SearchField::category, "hep-th")));
  left_alone(*SearchQuery::words(SearchField::author, "O'Neill"));
  left_alone(*SearchQuery::words(SearchField::all, "C++"));
  left_alone(*SearchQuery::words(SearchField::abstract_text, "请检索"));

  // Of a range the brackets become quotes, nothing else.
  CHECK(known.at("submittedDate:[202301010600 TO 202401010600]") ==
        "submittedDate:\"202301010600 TO 202401010600\"");
  // What the same texts would have become if sent as they are.
  CHECK(known.at("ti:electron thermal conductivity") == "ti:electron OR all:thermal OR all:conductivity");
  CHECK(known.at("all:AND") == "AND");
}

TEST_CASE("search_url encodes the query") {
  const SearchQuery query = SearchQuery::both(*SearchQuery::phrase(SearchField::author, "del maestro"),
                                              *SearchQuery::words(SearchField::all, "C++"));
  CHECK(search_url(arxiv_endpoint, query, {}) ==
        "https://export.arxiv.org/api/query?search_query=au%3A%22del+maestro%22+AND+all%3AC%2B%2B"
        "&start=0&max_results=100&sortBy=relevance&sortOrder=descending");
  CHECK(
      search_url("http://localhost:1/q", word("a"),
                 {.start = 9990, .size = 10, .sort_by = SortBy::submitted, .order = SortOrder::ascending}) ==
      "http://localhost:1/q?search_query=ti%3Aa&start=9990&max_results=10&sortBy=submittedDate&sortOrder="
      "ascending");
  CHECK(search_url("e", word("a"), {.sort_by = SortBy::last_updated}) ==
        "e?search_query=ti%3Aa&start=0&max_results=100&sortBy=lastUpdatedDate&sortOrder=descending");
}

TEST_CASE("IdListUrl sends raw commas and the number of ids") {
  IdListUrl url(arxiv_endpoint);
  CHECK(url.add(*ArxivId::parse("1707.08567v1")));
  CHECK(url.add(*ArxivId::parse("math.GT/0309136")));
  CHECK(url.count() == 2);
  CHECK(url.str() == "https://export.arxiv.org/api/query?id_list=1707.08567v1,math/0309136&max_results=2");
}

TEST_CASE("IdListUrl is full to the byte") {
  const auto ids = ids_from(1, 2000);
  IdListUrl url(arxiv_endpoint);
  std::size_t count = 0;
  while (url.add(ids[count])) ++count;
  CHECK(count == 676);
  CHECK(url.count() == 676);
  CHECK(url.str().size() <= url_bytes_max);
  CHECK(url.str().size() + std::string(",2101.00001").size() > url_bytes_max);
  CHECK(url.str().ends_with(ids[675].str() + "&max_results=676"));

  // "e?id_list=2101.00001,2101.00002&max_results=2" has 45 bytes.
  const auto fits = [&ids](std::size_t bytes_max) {
    IdListUrl two("e", bytes_max);
    return two.add(ids[0]) && two.add(ids[1]);
  };
  CHECK(fits(45));
  CHECK_FALSE(fits(44));
  IdListUrl narrow("e", 0);  // takes one all the same
  CHECK(narrow.add(ids[0]));
  CHECK_FALSE(narrow.add(ids[1]));
}
