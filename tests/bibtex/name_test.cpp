#include "bibtex/model/name.hpp"

#include <string>

#include "tests/bibtex/shared_rows.hpp"
#include "tests/support/catch.hpp"

namespace bibsmith::bibtex {
namespace {

TEST_CASE("Names are read by BibTeX's rules") {
  struct Case {
    const char* text;
    Name name;
  };
  const Case cases[] = {
      {"", {}},
      {" , ", {}},
      {"Plato", {"", "", "Plato", "", ""}},
      {"Ashish Vaswani", {"Ashish", "", "Vaswani", "", ""}},
      {"Ludwig van Beethoven", {"Ludwig", "van", "Beethoven", "", ""}},
      {"van Beethoven, Ludwig", {"Ludwig", "van", "Beethoven", "", ""}},
      {"King, Jr, Martin Luther", {"Martin Luther", "", "King", "Jr", ""}},
      {"Charles Louis Xavier Joseph de la Vall{\\'e}e Poussin",
       {"Charles Louis Xavier Joseph", "de la", "Vall{\\'e}e Poussin", "", ""}},
      {"{Planck Collaboration}", {"", "", "{Planck Collaboration}", "", ""}},
      {"Jean-Paul~Sartre", {"Jean-Paul", "", "Sartre", "", ""}},
      {"Tain-chi Lu", {"Tain", "chi", "Lu", "", ""}},
      {"{\\AA}sa {\\aa}berg Lind", {"{\\AA}sa", "{\\aa}berg", "Lind", "", ""}},
      {"Ivezić, Željko", {"Željko", "", "Ivezić", "", ""}},
      {"a, b, c, d", {"c d", "", "a", "b", ""}},
      {"x} y", {"", "x", "y", "", ""}},
  };
  for (const Case& one : cases) {
    CAPTURE(one.text);
    CHECK(parse_name(one.text) == one.name);
  }
}

TEST_CASE("Names in biblatex's extended format are read by the names of their parts") {
  struct Case {
    const char* text;
    Name name;
  };
  const Case cases[] = {
      {"family=Berg, given=Marc, prefix=van den, useprefix=true", {"Marc", "van den", "Berg", "", ""}},
      {"given = {Hans Peter}, Family = Harman", {"{Hans Peter}", "", "Harman", "", ""}},
      {"given=Jean, prefix=\"de la\", prefix-i=d, family=Rousseau", {"Jean", "de la", "Rousseau", "", ""}},
      {"\"family={Smith, Jones}, suffix=Jr\"", {"", "", "{Smith, Jones}", "Jr", ""}},
      {"given=Plato", {"", "", "Plato", "", ""}},
      // The usual format, in spite of the sign.
      {"Sm\\=ith, Ann", {"Ann", "", "Sm\\=ith", "", ""}},
      {"{family=x}", {"", "", "{family=x}", "", ""}},
      {"family=x, y", {"y", "", "family=x", "", ""}},
  };
  for (const Case& one : cases) {
    CAPTURE(one.text);
    CHECK(read_name(one.text) == one.name);
  }
}

TEST_CASE("A field is cut into names at and") {
  using Names = std::vector<std::string_view>;
  CHECK(split_names("A. B and C. D AND\n others") == Names{"A. B", "C. D", "others"});
  CHECK(split_names("{Barnes and Noble} and X") == Names{"{Barnes and Noble}", "X"});
  CHECK(split_names("Sand and Andy") == Names{"Sand", "Andy"});
  CHECK(split_names("and and and") == Names{"and", "and"});
  CHECK(split_names("").empty());
}

TEST_CASE("A name is written so that BibTeX reads its parts back") {
  struct Case {
    Name name;
    const char* text;
  };
  const Case cases[] = {
      {{"Ashish", "", "Vaswani", "", ""}, "Vaswani, Ashish"},
      {{"Floris", "van der", "Tak", "", ""}, "van der Tak, Floris"},
      {{"Martin Luther", "", "King", "Jr", ""}, "King, Jr, Martin Luther"},
      {{"C.-P.", "", "Yuan", "", ""}, "Yuan, C.-P."},
      {{"Claudia", "", "Mendes de Oliveira", "", ""}, "{Mendes de Oliveira}, Claudia"},
      {{"J.", "", "al-Khalili", "", ""}, "{al-Khalili}, J."},
      {{"J.", "Van", "Hoof", "", ""}, "Van Hoof, J."},
      {{"Agnieszka", "", "Świerczewska-Gwiazda", "", ""}, "{Świerczewska-Gwiazda}, Agnieszka"},
      {{"", "", "Plato", "", ""}, "Plato"},
      {{"", "", "Wang Li", "", ""}, "{Wang Li}"},
      {{"", "van", "Beethoven", "", ""}, "van Beethoven"},
      {{"", "Van der", "Meer", "", ""}, "{Van der Meer}"},
      {{"", "", "King", "Jr", ""}, "{King Jr}"},
      {{"Research and Development", "", "Smith", "", ""}, "Smith, {Research and Development}"},
      {{"A, B", "", "Smith", "", ""}, "Smith, {A, B}"},
      {{"and", "", "Smith", "", ""}, "Smith, {and}"},
      {{"", "", "", "", "Planck Collaboration"}, "{Planck Collaboration}"},
      {{"", "", "", "", "{Planck Collaboration}"}, "{Planck Collaboration}"},
      {{"J}", "", "{Smith", "", ""}, "Smith, J"},
      {{"Jo", "", "", "", ""}, "{Jo}"},
      {{}, ""},
  };
  for (const Case& one : cases) {
    CAPTURE(one.text);
    CHECK(format_name(one.name) == one.text);
  }
  CHECK(format_names({{"A.", "", "B", "", ""}, {"", "", "others", "", ""}}, true) ==
        "B, A. and {others} and others");
}

std::string comparable(std::string text) {
  for (char& c : text) {
    if (c == '~') c = ' ';
  }
  return text;
}

TEST_CASE("Conformance: names on which all readers agree", "[conformance]") {
  std::size_t rows = 0;
  std::size_t right = 0;
  for (const auto& row : testing::shared_rows("bibtex_names_dev.jsonl")) {
    if (row["agree"].size() != 4) continue;
    ++rows;
    const auto text = row["name"].get<std::string>();
    const Name ours = parse_name(text);
    const bool same = comparable(ours.given) == row["first"] && comparable(ours.prefix) == row["von"] &&
                      comparable(ours.family) == row["last"] && comparable(ours.suffix) == row["jr"];
    right += same ? 1U : 0U;
    if (!same)
      UNSCOPED_INFO(text << " => " << ours.given << "|" << ours.prefix << "|" << ours.family << "|"
                         << ours.suffix);
  }
  INFO(right << " of " << rows);
  CHECK(right * 1000 >= rows * 995);
}

TEST_CASE("Conformance: names as bibtex itself reads them", "[conformance]") {
  std::size_t rows = 0;
  std::size_t right = 0;
  for (const auto& row : testing::shared_rows("bibtex_names_dev.jsonl")) {
    ++rows;
    const auto text = row["name"].get<std::string>();
    const Name ours = parse_name(text);
    const bool same = comparable(ours.given) == row["first"] && comparable(ours.prefix) == row["von"] &&
                      comparable(ours.family) == row["last"] && comparable(ours.suffix) == row["jr"];
    right += same ? 1U : 0U;
    if (!same)
      UNSCOPED_INFO(text << " => " << ours.given << "|" << ours.prefix << "|" << ours.family << "|"
                         << ours.suffix);
  }
  INFO(right << " of " << rows);
  CHECK(right * 1000 >= rows * 995);
}

TEST_CASE("Names are written without braces only where BibTeX reads them back") {
  const auto written = [](const char* given, const char* family) {
    return format_names({{given, "", family, "", ""}}, false);
  };
  CHECK(written("Alexander", "Anderson") == "Anderson, Alexander");
  CHECK(written("Jean-Pierre", "Mac-Mahon") == "Mac-Mahon, Jean-Pierre");
  CHECK(written("C.-P.", "Yuan") == "Yuan, C.-P.");
  CHECK(written("A.", "al-Rahman") == "{al-Rahman}, A.");
  CHECK(written("Black and", "White") == "White, {Black and}");
  CHECK(written("and", "White") == "White, {and}");
  CHECK(written("Anton AND", "White") == "White, {Anton AND}");
}

TEST_CASE("append_plain_name leaves alone what needs a second look") {
  std::string names = "Doe, J.";
  CHECK(append_plain_name(names, {"A.-B.", "", "O'Neil", "", ""}));
  CHECK(names == "Doe, J. and O'Neil, A.-B.");
  const std::string before = names;
  for (const Name& name :
       {Name{"A.", "van", "Dam", "", ""}, Name{"A.", "", "B", "Jr", ""}, Name{"", "", "", "", "CERN"},
        Name{"A.", "", "O''Neil", "", ""}, Name{"A.", "", "Two Words", "", ""}, Name{"É.", "", "B", "", ""},
        Name{"", "", "Plato", "", ""}}) {
    CHECK_FALSE(append_plain_name(names, name));
    CHECK(names == before);
  }
}

}  // namespace
}  // namespace bibsmith::bibtex
