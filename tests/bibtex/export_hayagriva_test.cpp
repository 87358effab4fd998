#include <string>

#include "tests/bibtex/export_entries.hpp"
#include "tests/support/catch.hpp"

using namespace bibsmith::bibtex;
using namespace bibsmith::testing;

TEST_CASE("Hayagriva of an article") {
  CHECK(exported(article_text, ExportFormat::hayagriva) ==
        "\"turing1936\":\n"
        "  type: article\n"
        "  title: \"On Computable Numbers: \xC3\x89tudes of x_1\"\n"
        "  author:\n"
        "    - name: \"Turing\"\n"
        "      given-name: \"Alan M.\"\n"
        "    - name: \"Waerden\"\n"
        "      given-name: \"Bartel\"\n"
        "      prefix: \"van der\"\n"
        "      suffix: \"Jr.\"\n"
        "    - name: \"Ernst & Young\"\n"
        "    - name: \"others\"\n"
        "  date: 1937-01\n"
        "  page-range: \"230\xE2\x80\x93"
        "265\"\n"
        "  serial-number:\n"
        "    doi: \"10.1112/plms/s2-42.1.230\"\n"
        "  parent:\n"
        "    type: periodical\n"
        "    title: \"Proceedings of the London Math. Society\"\n"
        "    volume: 42\n"
        "    issue: 1\n"
        "    serial-number:\n"
        "      issn: \"0024-6115\"\n");
}

TEST_CASE("Hayagriva of a preprint, a chapter and a page of the web") {
  CHECK(exported(preprint_text, ExportFormat::hayagriva) ==
        "\"vaswani2017\":\n"
        "  type: article\n"
        "  title: \"Attention Is All You Need\"\n"
        "  author:\n"
        "    - name: \"Vaswani\"\n"
        "      given-name: \"Ashish\"\n"
        "  date: 2017\n"
        "  serial-number:\n"
        "    arxiv: \"1706.03762\"\n");
  const std::string chapter = exported(chapter_text, ExportFormat::hayagriva);
  CHECK(chapter.substr(0, chapter.find("\"p\":")) ==
        "\"c\":\n"
        "  type: anthos\n"
        "  title: \"T\"\n"
        "  author:\n"
        "    - name: \"B\"\n"
        "      given-name: \"A\"\n"
        "  date: 2001\n"
        "  edition: \"Second\"\n"
        "  page-range: \"1\xE2\x80\x93"
        "9\"\n"
        "  parent:\n"
        "    type: anthology\n"
        "    title: \"The Book\"\n"
        "    editor:\n"
        "      - name: \"F\"\n"
        "        given-name: \"E\"\n"
        "    publisher:\n"
        "      name: \"P\"\n"
        "      location: \"L\"\n"
        "    serial-number:\n"
        "      isbn: \"0-19-853453-1\"\n"
        "    parent:\n"
        "      type: anthology\n"
        "      title: \"S\"\n"
        "      volume: 3\n");
  CHECK(exported(online_text, ExportFormat::hayagriva) ==
        "\"o\":\n"
        "  type: web\n"
        "  title: \"Site: More\"\n"
        "  author:\n"
        "    - name: \"The Team\"\n"
        "  date: 2019-12-01\n"
        "  url:\n"
        "    value: \"http://x.org/a_b\"\n"
        "    date: 2020-02-03\n");
}

TEST_CASE("Hayagriva quotes what YAML would misread, and has each key once") {
  CHECK(exported("@misc{a:b, title = {say \"x\" \\textbackslash{}}}\n@misc{a:b, title = {y}}",
                 ExportFormat::hayagriva) ==
        "\"a:b\":\n"
        "  type: misc\n"
        "  title: \"say \\\"x\\\" \\\\\"\n");
  CHECK(exported("@misc{, note = {x}}", ExportFormat::hayagriva) ==
        "\"without-key\":\n"
        "  type: misc\n"
        "  note: \"x\"\n");
  CHECK(exported("", ExportFormat::hayagriva) == "{}\n");
}

TEST_CASE("Hayagriva has the DOI alone, and what howpublished says") {
  CHECK(exported("@misc{a, doi = {doi:10.1000/1}, howpublished = {\\url{https://x.org/a_b}}}",
                 ExportFormat::hayagriva) ==
        "\"a\":\n"
        "  type: misc\n"
        "  serial-number:\n"
        "    doi: \"10.1000/1\"\n"
        "  url: \"https://x.org/a_b\"\n");
  CHECK(exported("@misc{a, howpublished = {Self-published}}", ExportFormat::hayagriva) ==
        "\"a\":\n"
        "  type: misc\n"
        "  publisher:\n"
        "    name: \"Self-published\"\n");
  CHECK(exported("@article{a, journal = {\\prl}}", ExportFormat::hayagriva) ==
        "\"a\":\n"
        "  type: article\n"
        "  parent:\n"
        "    type: periodical\n"
        "    title: \"Physical Review Letters\"\n");
}

TEST_CASE("Hayagriva of a book keeps its ISBN and its series") {
  CHECK(exported("@book{a, title = {T}, series = {S}, number = 3, volume = 2, isbn = {0-19-853453-1}}",
                 ExportFormat::hayagriva) ==
        "\"a\":\n"
        "  type: book\n"
        "  title: \"T\"\n"
        "  volume: 2\n"
        "  serial-number:\n"
        "    isbn: \"0-19-853453-1\"\n"
        "  parent:\n"
        "    type: anthology\n"
        "    title: \"S\"\n"
        "    volume: 3\n");
  CHECK(exported("@proceedings{a, series = {LNCS}, isbn = {1}}", ExportFormat::hayagriva) ==
        "\"a\":\n"
        "  type: proceedings\n"
        "  serial-number:\n"
        "    isbn: \"1\"\n"
        "  parent:\n"
        "    type: anthology\n"
        "    title: \"LNCS\"\n");
}
