#include "tests/source_emulator/source_emulator.hpp"

#include <string>

#include "tests/support/catch.hpp"

using namespace bibsmith::emulator;
using nlohmann::json;

namespace {

Works world() {
  const auto works = load_works("data/invented_works.jsonl");
  REQUIRE(works);
  return *works;
}

Answer crossref(const std::string& path, const std::string& query = {},
                Distortion distortion = Distortion::none) {
  return answer_crossref(world(), path, Form::parse(query), distortion);
}

Answer datacite(const std::string& path, const std::string& query = {},
                Distortion distortion = Distortion::none) {
  return answer_datacite(world(), path, Form::parse(query), distortion);
}

std::string dblp(const std::string& query, Distortion distortion = Distortion::none) {
  return answer_dblp(world(), "/search/publ/api", Form::parse(query), distortion).body;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t pos = 0; (pos = text.find(part, pos)) != text.npos; pos += part.size()) ++found;
  return found;
}

}  // namespace

TEST_CASE("Crossref: one work, in any case, or 404") {
  const Answer one = crossref("/works/10.5555/jit.76.013009");
  CHECK(one.status == 200);
  CHECK(json::parse(one.body)["message"]["DOI"] == "10.5555/JIT.76.013009");
  CHECK(crossref("/works/10.5555/none").status == 404);
  CHECK(crossref("/works/10.5555/none").body == "Resource not found.");
}

TEST_CASE("Crossref: a filter of DOIs, rows, and the members that were selected") {
  const json list = json::parse(
      crossref(
          "/works",
          "filter=doi:10.5555/retracted.1,doi:10.5555/jit.76.013009,doi:10.5555/x&rows=3&select=DOI,title")
          .body);
  CHECK(list["message"]["total-results"] == 2);
  REQUIRE(list["message"]["items"].size() == 2);
  CHECK(list["message"]["items"][0]["DOI"] == "10.5555/retracted.1");
  CHECK(list["message"]["items"][0].size() == 2);
  CHECK(json::parse(crossref("/works", "filter=doi:10.5555/retracted.1,doi:10.5555/jit.76.013009&rows=1")
                        .body)["message"]["items"]
            .size() == 1);
  CHECK(crossref("/works", "filter=doi:10.5555/x&rows=1001").status == 400);
  CHECK(crossref("/works", "filter=dio:10.5555/x").status == 400);
  CHECK(batch_of("crossref", Form::parse("filter=doi:a,doi:b")) == 2);
}

TEST_CASE("DataCite: one DOI, or a query of quoted ones") {
  CHECK(json::parse(datacite("/dois/10.48550/arXiv.1412.6980").body)["data"]["id"] ==
        "10.48550/arxiv.1412.6980");
  CHECK(datacite("/dois/10.48550/arXiv.1412.9999").status == 404);
  const std::string query = "query=doi:(%2210.48550/arxiv.1412.6980%22%20OR%20%2210.5281/zenodo.42%22)";
  CHECK(json::parse(datacite("/dois", query).body)["data"].size() == 2);
  CHECK(json::parse(datacite("/dois", query + "&page%5Bsize%5D=1").body)["data"].size() == 1);
  CHECK(datacite("/dois", "query=doi:(10.5281/zenodo.42)").status == 400);
  CHECK(batch_of("datacite", Form::parse(query)) == 2);
}

TEST_CASE("DBLP: all words begin words of the entry") {
  CHECK(count(dblp("q=attention%20invented%20example&format=xml"), "<hit ") == 2);
  CHECK(count(dblp("q=attent&format=xml&h=1"), "<hit ") == 1);
  CHECK(count(dblp("q=attention%20nets&format=xml"), "<hit ") == 0);
  CHECK(count(dblp("q=osample&format=xml"), "<author pid=\"2\">Bo O'Sample</author>") == 2);
  CHECK(dblp("q=nets&format=xml").find("<title>Things &amp; Their Nets.</title>") != std::string::npos);
}

TEST_CASE("answers go wrong on demand") {
  CHECK(json::parse(crossref("/works", "filter=doi:10.5555/retracted.1", Distortion::no_authors)
                        .body)["message"]["items"][0]
            .count("author") == 0);
  CHECK(json::parse(
            crossref("/works/10.5555/retracted.1", "", Distortion::other_papers).body)["message"]["DOI"] !=
        "10.5555/retracted.1");
  CHECK(crossref("/works/10.5555/retracted.1", "", Distortion::no_entries).status == 404);
  CHECK(count(dblp("q=attention&format=xml", Distortion::half_missing), "<hit ") == 1);
  CHECK(count(dblp("q=attention&format=xml", Distortion::no_authors), "<authors>") == 0);
  CHECK(json::parse(datacite("/dois/10.5281/zenodo.42", "", Distortion::other_papers).body)["data"]["id"] !=
        "10.5281/zenodo.42");
}

TEST_CASE("what cannot be loaded says where") {
  CHECK(load_works("data/none.jsonl").error() == "data/none.jsonl: cannot be read");
  const SourceEmulator emulator({.records = {"data/sample_papers.jsonl"}});
  CHECK(emulator.problem() == "data/sample_papers.jsonl:1: expected an object with 'source' and 'work'");
}
