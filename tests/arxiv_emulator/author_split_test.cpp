#include "tests/arxiv_emulator/author_split.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "tests/arxiv_emulator/shared_rows.hpp"
#include "tests/support/catch.hpp"

using bibsmith::emulator::author_line_pieces;
using bibsmith::emulator::split_author_line_utf;
using bibsmith::emulator::SplitAuthor;

namespace {

// [keyname, forenames, suffix, affiliations…], as the recorded rows have it.
using Row = std::vector<std::string>;

std::vector<Row> split(std::string_view line) {
  std::vector<Row> rows;
  for (const SplitAuthor& author : split_author_line_utf(line)) {
    Row row = {author.keyname, author.forenames, author.suffix};
    row.insert(row.end(), author.affiliations.begin(), author.affiliations.end());
    rows.push_back(std::move(row));
  }
  return rows;
}

using Rows = std::vector<Row>;

// How many rows of a recorded file come out otherwise; the first few are shown.
void compare_with_recorded(const std::string& file, std::size_t expected_rows) {
  std::size_t rows = 0;
  std::size_t different = 0;
  for (const std::string& line : bibsmith::testing::shared_rows(file)) {
    const auto row = nlohmann::json::parse(line);
    ++rows;
    const auto parsed = row.at("parsed").get<Rows>();
    const auto ours = split(row.at("authors_raw").get<std::string>());
    if (parsed == ours) continue;
    ++different;
    const auto at = std::ranges::mismatch(parsed, ours);
    UNSCOPED_INFO(
        row.at("id") << ": expected " << (at.in1 == parsed.end() ? "end" : nlohmann::json(*at.in1).dump())
                     << ", got " << (at.in2 == ours.end() ? "end" : nlohmann::json(*at.in2).dump()));
  }
  if (rows == 0) return;
  CHECK(rows == expected_rows);
  CHECK(different == 0);
}

}  // namespace

TEST_CASE("one person: surname, particles, suffix") {
  CHECK(split("").empty());
  CHECK(split("Simeon Warner") == Rows{{"Warner", "Simeon", ""}});
  CHECK(split("Simeon Warner Jr") == Rows{{"Warner", "Simeon", "Jr"}});
  CHECK(split("Simeon Warner Sr.") == Rows{{"Warner", "Simeon", "Sr."}});
  CHECK(split("SM. Warner") == Rows{{"Warner", "SM.", ""}});
  CHECK(split("S.M. Warner") == Rows{{"Warner", "S. M.", ""}});
  CHECK(split("John Von Neumann") == Rows{{"Von Neumann", "John", ""}});
  CHECK(split("Herbert Van de Sompel") == Rows{{"Van de Sompel", "Herbert", ""}});
  CHECK(split("del Norte") == Rows{{"Norte", "del", ""}});
  CHECK(split("Fred del Norte") == Rows{{"del Norte", "Fred", ""}});
  CHECK(split("Plato") == Rows{{"Plato", "", ""}});
  CHECK(split(R"(Charles Jean de la Vall\'ee Poussin)") ==
        Rows{{"Poussin", "Charles Jean de la Vallée", ""}});
  CHECK(split("Kumar V") == Rows{{"V", "Kumar", ""}});
  CHECK(split("Keerthi Vasan G.C.") == Rows{{"C.", "Keerthi Vasan G.", ""}});
}

TEST_CASE("lists of persons") {
  CHECK(split("Matthew Everitt, Robert M. Heath and Viv Kendon") ==
        Rows{{"Everitt", "Matthew", ""}, {"Heath", "Robert M.", ""}, {"Kendon", "Viv", ""}});
  CHECK(split("Wei Zhang & Li Wang") == Rows{{"Zhang", "Wei", ""}, {"Wang", "Li", ""}});
  CHECK(split(R"(Wei Zhang \& Li Wang)") == Rows{{"Wang", R"(Wei Zhang \& Li)", ""}});
  CHECK(split("Anatoly Zlotnik and Jr-Shin Li") == Rows{{"Zlotnik", "Anatoly", ""}, {"Li", "Jr-Shin", ""}});
  CHECK(split("Fred Bloggs, Sr.") == Rows{{"Bloggs", "Fred", ""}, {"Sr.", "", ""}});
  CHECK(split("Fred Bloggs, III") == Rows{{"Bloggs", "Fred", ""}, {"III", "", ""}});
  CHECK(split("Smith, John; Doe, Jane") == Rows{{"Smith", "", ""}, {"Doe", "John;", ""}, {"Jane", "", ""}});
}

TEST_CASE("a collaboration is known at the start only") {
  CHECK(split("BELLE Collaboration: A Person, Nother Person") ==
        Rows{{"BELLE Collaboration", "", ""}, {"Person", "A", ""}, {"Person", "Nother", ""}});
  CHECK(split("The DELPHI Collaboration, J. Abdallah, et al") ==
        Rows{{"The DELPHI Collaboration", "", ""}, {"Abdallah", "J.", ""}});
  CHECK(
      split("LIGO Scientific Collaboration, Virgo Collaboration: J. Abadie") ==
      Rows{{"LIGO Scientific Collaboration", "", ""}, {"Virgo Collaboration", "", ""}, {"Abadie", "J.", ""}});
  CHECK(split("J. Smith, on behalf of the LHCb Collaboration") ==
        Rows{{"Smith", "J.", ""}, {"Collaboration", "on behalf of the LHCb", ""}});
  CHECK(split("J. Smith for the ATLAS Collaboration") ==
        Rows{{" Smith for the ATLAS Collaboration", "", ""}});
  CHECK(split("ATLAS, CMS and LHCb collaborations") ==
        Rows{{"ATLAS", "", ""}, {"CMS", "", ""}, {"collaborations", "LHCb", ""}});
  CHECK(split("Pierre Auger Collaboration: A. Aab et al") ==
        Rows{{"Pierre Auger Collaboration", "", ""}, {"al", "A. Aab et", ""}});
}

TEST_CASE("affiliations: one, numbered ones, and those shared with the next author") {
  CHECK(split("sum won (lab a; lab b)") == Rows{{"won", "sum", "", "lab a; lab b"}});
  CHECK(split("sum won(1,2)((1)lab a,(2)lab b)") == Rows{{"won", "sum", "", "lab a", "lab b"}});
  CHECK(split("a.b.first, c.d.second (affil)") ==
        Rows{{"first", "a. b.", "", "affil"}, {"second", "c. d.", "", "affil"}});
  CHECK(split("a.b.first, c.d.second (1), e.f.third, g.h.forth (2,3) ((1) affil1, (2) affil2, (3) affil3)") ==
        Rows{{"first", "a. b.", "", "affil1"},
             {"second", "c. d.", "", "affil1"},
             {"third", "e. f.", "", "affil2", "affil3"},
             {"forth", "g. h.", "", "affil2", "affil3"}});
  CHECK(
      split(
          R"(E. Trigueros P\'aez (1 and 2) and R. H. Barb\'a (3) ((1) Alicante, (2) CAB, (3) La Serena))") ==
      Rows{{"Páez", "E. Trigueros", "", "Alicante", "CAB"}, {"Barbá", "R. H.", "", "La Serena"}});
  CHECK(split("A. Author (MIT (Cambridge)), B. Author (CERN)") ==
        Rows{{"Author", "A.", "", "MIT"}, {"Author", "B.", "", "CERN"}});
  CHECK(split("sum won ((lab a), (lab b))") == Rows{{"won", "sum", ""}});
}

TEST_CASE("the first stage keeps separators and parentheses") {
  using Pieces = std::vector<std::string>;
  CHECK(author_line_pieces("BELLE Collaboration: A Person, Nother Person") ==
        Pieces{"BELLE Collaboration", ":", "A Person", ",", "Nother Person"});
  CHECK(author_line_pieces("An Author     (affil)") == Pieces{"An Author", "(affil)"});
  CHECK(author_line_pieces("John Von Neumann, Fred Bloggs, Jr, et al") ==
        Pieces{"John Von Neumann", ",", "Fred Bloggs, Jr", ",", "et al"});
  CHECK(author_line_pieces("sum won ( whatever affil  data   unmunged  )") ==
        Pieces{"sum won", "( whatever affil data unmunged )"});
}

TEST_CASE("unbalanced and odd lines are split somehow") {
  for (const char* line :
       {"(", ")", "((", "a) b (c", ",,,:", "(1", " and ", "\xff\xfe", "x ((", "et al", "]a"}) {
    CHECK_NOTHROW(split(line));
  }
  CHECK(split(std::string(20'000, '(')).empty());
}

TEST_CASE("recorded author lines of 340 papers") { compare_with_recorded("authors_split_dev.jsonl", 340); }

TEST_CASE("recorded hard author lines of 591 papers") {
  compare_with_recorded("authors_listings_dev.jsonl", 591);
}
