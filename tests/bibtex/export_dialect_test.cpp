#include <string>

#include "tests/bibtex/export_entries.hpp"
#include "tests/support/catch.hpp"

using namespace bibsmith::bibtex;
using namespace bibsmith::testing;

TEST_CASE("biblatex becomes BibTeX") {
  CHECK(exported("@online{o, title = {Site}, subtitle = {More}, date = {2019-12-01}, eprint = {1}, "
                 "eprinttype = {arxiv},\n"
                 "  location = {L}}\n"
                 "@thesis{t, type = {mathesis}, institution = {I}, date = {2001/2003}, journaltitle = {J}}\n",
                 ExportFormat::bibtex) ==
        "@misc{o,\n"
        "  title         = {Site: More},\n"
        "  year          = {2019},\n"
        "  month         = dec,\n"
        "  eprint        = {1},\n"
        "  archiveprefix = {arxiv},\n"
        "  address       = {L},\n"
        "}\n"
        "\n"
        "@mastersthesis{t,\n"
        "  school        = {I},\n"
        "  year          = {2001--2003},\n"
        "  journal       = {J},\n"
        "}\n");
}

TEST_CASE("names in the extended format become usual ones in BibTeX") {
  const std::string names = exported(
      "@misc{a, author = {family=Berg, given=Marc, prefix=van den, useprefix=true and Sm\\=ith, Ann and "
      "others}}",
      ExportFormat::bibtex);
  CHECK(names.find("{van den Berg, Marc and Sm\\=ith, Ann and others}") != std::string::npos);
}

TEST_CASE("BibTeX becomes biblatex") {
  CHECK(exported("@string{j = {J}}\n"
                 "@article{a, journal = j, year = 2019, month = dec, address = {L}}\n"
                 "@phdthesis{t, school = {S}, year = {to appear}}\n",
                 ExportFormat::biblatex) ==
        "@article{a,\n"
        "  journaltitle  = {J},\n"
        "  date          = {2019-12},\n"
        "  location      = {L},\n"
        "}\n"
        "\n"
        "@thesis{t,\n"
        "  type          = {phdthesis},\n"
        "  institution   = {S},\n"
        "  year          = {to appear},\n"
        "}\n");
}

TEST_CASE("names of formats") {
  CHECK(export_format("csl-json") == ExportFormat::csl_json);
  CHECK(export_format("ris") == ExportFormat::ris);
  CHECK(export_format("hayagriva") == ExportFormat::hayagriva);
  CHECK_FALSE(export_format("word"));
}
