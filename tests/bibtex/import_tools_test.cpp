// Whether what other programs write arrives here as they mean it. Each case is skipped, with a message, where
// its program is missing.
#include <nlohmann/json.hpp>

#include "bibtex/import/import.hpp"
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

TEST_CASE("pandoc's CSL-JSON and ours become the same entries") {
  if (!has_program("pandoc")) return;
  const TempDir dir;
  write_file(dir / "refs.bib", all_text);
  const auto entries = import_entries(output_of("pandoc -f biblatex -t csljson '" + (dir / "refs.bib") + "'"),
                                      ImportFormat::csl_json);
  REQUIRE(entries);
  REQUIRE(entries->size() == 5);
  CHECK(entries->at(0).type == "article");
  CHECK(field_text(entries->at(0), "date") == "1937-01");
  CHECK(field_text(entries->at(0), "pages") == "230--265");
  CHECK(field_text(entries->at(0), "doi") == "10.1112/plms/s2-42.1.230");
  CHECK(entries->at(2).type == "incollection");
  CHECK(field_text(entries->at(2), "booktitle") == "The book");  // pandoc lowers titles
}

TEST_CASE("pandoc's citeproc prints what we import as it prints the original") {
  if (!has_program("pandoc")) return;
  const TempDir dir;
  write_file(dir / "refs.bib", all_text);
  write_file(dir / "paper.md", "@turing1936 @vaswani2017 @c @o\n");
  const auto printed = [&](const std::string& name) {
    return output_of("pandoc --citeproc -t plain --wrap=none --bibliography '" + (dir / name) + "' '" +
                     (dir / "paper.md") + "'");
  };
  const std::string csl = exported(all_text, ExportFormat::csl_json);
  write_file(dir / "ours.json", csl);
  const auto entries = import_entries(csl, ImportFormat::csl_json);
  REQUIRE(entries);
  write_file(dir / "again.bib", export_entries(*entries, ExportFormat::biblatex));
  write_file(dir / "again.json", export_entries(*entries, ExportFormat::csl_json));
  CHECK(printed("again.json") == printed("ours.json"));
  CHECK(printed("again.bib")
            .find("“On Computable Numbers: Études of x_1.” Proceedings of the London Math. Society "
                  "42 (1): 230–65") != std::string::npos);
}

TEST_CASE("bibutils' RIS becomes entries") {
  if (!has_program("xml2ris")) return;
  const TempDir dir;
  write_file(dir / "refs.bib", article_text);
  const auto entries = import_entries(
      output_of("bib2xml '" + (dir / "refs.bib") + "' 2>/dev/null | xml2ris 2>/dev/null"), ImportFormat::ris);
  REQUIRE(entries);
  REQUIRE(entries->size() == 1);
  const Entry& entry = entries->front();
  CHECK(entry.type == "article");
  CHECK(entry.key == "turing1936");
  CHECK(field_text(entry, "author").starts_with("Turing, Alan M."));
  CHECK(field_text(entry, "journaltitle") == "Proceedings of the London Math. Society");
  CHECK(field_text(entry, "volume") == "42");
  CHECK(field_text(entry, "pages") == "230--265");
  CHECK(field_text(entry, "date") == "1937-01");
}

TEST_CASE("JabRef's RIS becomes entries, and JabRef reads ours") {
  if (!has_program("jabref")) return;
  const TempDir dir;
  write_file(dir / "refs.bib", article_text);
  const auto jabref = [&](const std::string& arguments) {
    output_of("HOME='" + (dir / "") + "' jabref --nogui " + arguments + " 2>&1");
  };
  jabref("-i '" + (dir / "refs.bib") + "' -o '" + (dir / "theirs.ris") + ",ris'");
  const auto entries = import_entries(read_file(dir / "theirs.ris"), ImportFormat::ris);
  REQUIRE(entries);
  REQUIRE(entries->size() == 1);
  CHECK(field_text(entries->front(), "date") == "1937-01");
  CHECK(field_text(entries->front(), "doi") == "10.1112/plms/s2-42.1.230");
  CHECK(field_text(entries->front(), "pages") == "230--265");

  write_file(dir / "ours.ris", exported(article_text, ExportFormat::ris));
  jabref("-i '" + (dir / "ours.ris") + ",ris' -o '" + (dir / "again.bib") + "'");
  const auto again = resolved_entries(read_file(dir / "again.bib"));
  REQUIRE(again.size() == 1);
  CHECK(field_text(again.front(), "journal") == "Proceedings of the London Math. Society");
  CHECK(field_text(again.front(), "volume") == "42");
}
