// What other programs make of our exports. Each case is skipped, with a message, where its program is
// missing.
#include <cstdlib>
#include <filesystem>
#include <string>

#include <nlohmann/json.hpp>

#include "tests/bibtex/export_entries.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/other_programs.hpp"
#include "tests/support/temp_dir.hpp"

using namespace bibsmith::bibtex;
using namespace bibsmith::testing;
using nlohmann::json;

namespace {

const std::string all_text = article_text + preprint_text + chapter_text + online_text;

}  // namespace

TEST_CASE("pandoc reads our CSL-JSON as we mean it") {
  if (!has_program("pandoc")) return;
  const TempDir dir;
  write_file(dir / "refs.json", exported(all_text, ExportFormat::csl_json));
  const json again = json::parse(output_of("pandoc -f csljson -t csljson '" + (dir / "refs.json") + "'"));
  REQUIRE(again.size() == 5);
  CHECK(again[0]["author"][1]["family"] == "Waerden");
  CHECK(again[0]["issued"]["date-parts"] == json::parse("[[1937, 1]]"));
  CHECK(again[0]["page"] ==
        "230\xE2\x80\x93"
        "265");
  CHECK(again[1]["type"] == "article");
  CHECK(again[2]["container-title"] == "The Book");
  CHECK(again[4]["accessed"]["date-parts"] == json::parse("[[2020, 2, 3]]"));

  write_file(dir / "paper.md", "See @turing1936 and @c.\n");
  const std::string page = output_of("pandoc --citeproc -t plain --wrap=none --bibliography '" +
                                     (dir / "refs.json") + "' '" + (dir / "paper.md") + "'");
  CHECK(page.find("See Turing et al. (1937) and B (2001).") != page.npos);
  CHECK(page.find("Proceedings of the London Math. Society 42 (1): 230\xE2\x80\x93"
                  "65") != page.npos);
}

TEST_CASE("bibutils reads our RIS as we mean it") {
  if (!has_program("ris2xml")) return;
  const TempDir dir;
  write_file(dir / "refs.ris", exported(all_text, ExportFormat::ris));
  const std::string mods = output_of("ris2xml '" + (dir / "refs.ris") + "' 2>/dev/null");
  for (const char* part :
       {"<namePart type=\"family\">Turing</namePart>", "<title>On Computable Numbers</title>",
        "<subTitle>\xC3\x89tudes of x_1</subTitle>", "<title>Proceedings of the London Math. Society</title>",
        "<start>230</start>", "<end>265</end>",
        "<identifier type=\"doi\">10.1112/plms/s2-42.1.230</identifier>",
        "<identifier type=\"citekey\">turing1936</identifier>", "<title>The Book</title>",
        "<publisher>P</publisher>"}) {
    CAPTURE(part);
    CHECK(mods.find(part) != mods.npos);
  }
}

TEST_CASE("a YAML reader takes our Hayagriva") {
  if (!has_program("python3") || std::system("python3 -c 'import yaml' >/dev/null 2>&1") != 0) {
    WARN("python3 with yaml is not installed: not tested");
    return;
  }
  const TempDir dir;
  write_file(dir / "refs.yml", exported(all_text, ExportFormat::hayagriva));
  const json library =
      json::parse(output_of("python3 -c 'import json, sys, yaml; json.dump(yaml.safe_load(open(sys.argv[1], "
                            "encoding=\"utf-8\")), sys.stdout, default=str)' '" +
                            (dir / "refs.yml") + "'"));
  CHECK(library.size() == 5);
  CHECK(library["turing1936"]["parent"]["volume"] == 42);
  CHECK(library["c"]["parent"]["parent"]["title"] == "S");
}
