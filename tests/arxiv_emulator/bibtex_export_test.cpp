#include "tests/arxiv_emulator/bibtex_export.hpp"

#include <nlohmann/json.hpp>

#include "tests/arxiv_emulator/moment.hpp"
#include "tests/arxiv_emulator/shared_rows.hpp"
#include "tests/support/catch.hpp"

using namespace bibsmith::emulator;

namespace {

StoredPaper paper(std::string id, std::string title, std::string authors, std::string category, int year) {
  StoredPaper out;
  out.id = std::move(id);
  out.title = std::move(title);
  out.authors = std::move(authors);
  out.categories = {std::move(category)};
  out.versions = {{.number = 1, .created = *parse_moment(std::to_string(year) + "-03-01")}};
  return out;
}

std::vector<StoredPaper> one_paper_with_two_versions() {
  StoredPaper out = paper("0704.0003", "On  Things", "A. B. van der Tak, C. Doe Jr", "hep-th", 2007);
  out.doi = "10.1000/x";
  out.versions.push_back({.number = 2, .created = *parse_moment("2009-01-02"), .title = "Of Things"});
  return {out};
}

}  // namespace

TEST_CASE("the export has arXiv's order, spaces and year of the last version") {
  const Archive archive(one_paper_with_two_versions());
  CHECK(answer_bibtex(archive, "0704.0003").body ==
        "@misc{vandertak2009things,\n"
        "      title={Of Things}, \n"
        "      author={A. B. van der Tak and C. Doe Jr},\n"
        "      year={2009},\n"
        "      eprint={0704.0003},\n"
        "      archivePrefix={arXiv},\n"
        "      primaryClass={hep-th},\n"
        "      doi={https://doi.org/10.1000/x},\n"
        "      url={https://arxiv.org/abs/0704.0003}, \n"
        "}");
  const std::string first = answer_bibtex(archive, "0704.0003v1").body;
  CHECK(first.find("year={2007}") != first.npos);
  CHECK(first.find("title={On Things}") != first.npos);
}

TEST_CASE("bodies for ids that name nothing") {
  const Archive archive(one_paper_with_two_versions());
  const Answer unknown = answer_bibtex(archive, "0704.9999");
  CHECK(unknown.status == 404);
  CHECK(unknown.body == "{'reason': 'not_found'}");
  CHECK(answer_bibtex(archive, "hep-th/9901999").body == "{'reason': 'not_found'}");
  const Answer version = answer_bibtex(archive, "0704.0003v3");
  CHECK(version.status == 404);
  CHECK(version.body == "{'reason': 'version_not_found'}");
  for (const char* id : {"", "cs", "None", "0906.3ab1", "0713.0001", "hep-th/9913001", "0704.0003v0",
                         "0704.0003v", "hep-th/", "/9901001", "0704.0003v99999", "v1"}) {
    CAPTURE(id);
    const Answer bad = answer_bibtex(archive, id);
    CHECK(bad.status == 400);
    CHECK(bad.body == "{'reason': 'bad_id'}");
  }
}

TEST_CASE("the subject class of an old id is dropped") {
  CHECK(parse_requested_id("math.GT/0309136v2").paper == "math/0309136");
  CHECK(parse_requested_id("math.GT/0309136v2").version == 2);
}

TEST_CASE("keys keep letters of all scripts and lose everything else") {
  const StoredPaper stored =
      paper("2001.00001", "The (of, $D^+\\to K$ – “Ärger” system", R"(\'Emile \"Ozil)", "x", 2020);
  const std::string text = bibtex_export(stored, stored.versions.front());
  CHECK(text.substr(0, text.find(',')) == "@misc{özil2020ofdtok");
}

TEST_CASE("recorded exports of 340 papers, byte for byte") {
  std::size_t rows = 0;
  for (const std::string& line : bibsmith::testing::shared_rows("bibtex_export_dev.jsonl")) {
    const auto row = nlohmann::json::parse(line);
    ++rows;
    StoredPaper stored = paper(row.at("id"), row.at("title_raw"), row.at("authors_raw"), row.at("primary"),
                               row.at("year_latest_version").get<int>());
    if (!row.at("doi").is_null()) stored.doi = row.at("doi").get<std::string>();
    CHECK(bibtex_export(stored, stored.versions.front()) == row.at("bibtex").get<std::string>());
  }
  if (rows != 0) CHECK(rows == 340);
}
