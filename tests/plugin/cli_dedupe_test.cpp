#include <string>

#include <nlohmann/json.hpp>

#include "tests/plugin/cli_program.hpp"
#include "tests/support/catch.hpp"

using bibsmith::testing::CliProgram;
using bibsmith::testing::read_file;
using bibsmith::testing::Run;
using bibsmith::testing::write_file;
using nlohmann::json;

namespace {

constexpr const char* preprint =
    "@misc{pre,\n"
    "  title = {On Small and Other Things},\n"
    "  author = {Doe, Jane},\n"
    "  year = 2017,\n"
    "  eprint = {1706.03762},\n"
    "  archiveprefix = {arXiv}\n"
    "}\n";
constexpr const char* published =
    "@article{pub,\n"
    "  title = {On Small and Other Things},\n"
    "  author = {Doe, Jane},\n"
    "  journal = {Annalen},\n"
    "  year = 2018\n"
    "}\n";
constexpr const char* merged =
    "@article{pub,\n"
    "  title = {On Small and Other Things},\n"
    "  author = {Doe, Jane},\n"
    "  journal = {Annalen},\n"
    "  year = 2018,\n"
    "  eprint = {1706.03762},\n"
    "  archiveprefix = {arXiv}\n"
    "}\n";

}  // namespace

TEST_CASE("dedupe reports, and changes nothing") {
  CliProgram program;
  const std::string bib = program.path("refs.bib");
  const std::string text = std::string("% mine\n") + preprint + "\n" + published;
  write_file(bib, text);
  const Run run = program.run({"dedupe", bib});
  CHECK(run.status == 1);
  CHECK(run.out ==
        "same-work: pre (line 2), pub (line 10, best)\n"
        "  differ in year, eprint, archiveprefix, journal\n");
  CHECK(run.err == "bibsmith: " + bib + ": 1 group of duplicates\n");
  CHECK(read_file(bib) == text);
  write_file(bib, published);
  const Run none = program.run({"dedupe", bib});
  CHECK(none.status == 0);
  CHECK(none.out.empty());
  const Run missing = program.run({"dedupe", program.path("none.bib")});
  CHECK(missing.status == 4);
  CHECK(missing.err == "bibsmith: " + program.path("none.bib") + ": no such file\n");
}

TEST_CASE("dedupe --merge --tex leaves one entry, cites it everywhere, and undo takes it back") {
  CliProgram program;
  const std::string bib = program.path("refs.bib");
  const std::string tex = program.path("paper.tex");
  const std::string text = std::string("% mine\n") + preprint + "\n% between\n" + published +
                           "\n@incollection{x, title = {X}, xref = {pre}}\n";
  const std::string cites =
      "\\cite{pre} \\citep[p.~1]{x, pub,\n pre} \\cite{pre,pub} \\cite{x,x} % \\cite{pre}\n";
  write_file(bib, text);
  write_file(tex, cites);
  for (const char* option : {"--dry-run", "--diff"}) {
    const Run plan = program.run({"dedupe", "--merge", bib, "--tex", tex, option});
    CHECK(plan.status == 0);
    CHECK(read_file(bib) == text);
    CHECK(read_file(tex) == cites);
  }
  const Run run = program.run({"dedupe", "--merge", bib, "--tex", tex});
  CHECK(run.status == 0);
  CHECK(run.out == "same-work: pre (line 2), pub (line 11, best)\n  merged: eprint, archiveprefix\n");
  CHECK(run.err == "bibsmith: " + bib +
                       ": merged 1, left 0 of 1 groups of duplicates\nbibsmith: renamed 4 citations in " +
                       tex + "\n");
  CHECK(read_file(bib) ==
        std::string("% mine\n% between\n") + merged + "\n@incollection{x, title = {X}, xref = {pub}}\n");
  CHECK(read_file(tex) == "\\cite{pub} \\citep[p.~1]{x, pub} \\cite{pub} \\cite{x,x} % \\cite{pre}\n");
  CHECK(program.run({"dedupe", "--merge", bib, "--tex", tex}).status == 0);
  REQUIRE(program.run({"undo", bib}).status == 0);
  CHECK(read_file(bib) == text);
  CHECK(read_file(tex) == cites);
}

TEST_CASE("undo of a merge works after an edit elsewhere in the file") {
  CliProgram program;
  const std::string bib = program.path("refs.bib");
  const std::string tex = program.path("paper.tex");
  const std::string text = std::string(preprint) + "\n" + published + "\n@misc{x, title = {X}}\n";
  write_file(bib, text);
  write_file(tex, "\\cite{pre}\n");
  REQUIRE(program.run({"dedupe", "--merge", bib, "--tex", tex}).status == 0);
  write_file(bib, read_file(bib) + "@misc{y, title = {Y}}\n");
  REQUIRE(program.run({"undo", bib}).status == 0);
  CHECK(read_file(bib) == text + "@misc{y, title = {Y}}\n");
}

TEST_CASE("a BibTeX file does not lose keys that may be cited") {
  CliProgram program;
  const std::string bib = program.path("refs.bib");
  const std::string text = std::string(preprint) + published;
  write_file(bib, text);
  const Run run = program.run({"dedupe", "--merge", bib});
  CHECK(run.status == 1);
  CHECK(run.out ==
        "same-work: pre (line 1), pub (line 8, best)\n"
        "  left.cited: pre may be cited, and BibTeX knows one key for an entry: name the TeX files with "
        "--tex\n");
  CHECK(read_file(bib) == text);
  // the same entry twice has no other key to lose
  write_file(bib, std::string(published) + "\n" + published);
  CHECK(program.run({"dedupe", "--merge", bib}).status == 0);
  CHECK(read_file(bib) == published);
}

TEST_CASE("a biblatex file keeps the keys in ids") {
  CliProgram program;
  const std::string bib = program.path("refs.bib");
  write_file(bib,
             "@online{a, title = {T}, author = {Doe, Jane}, date = {2017}, eprint = {1706.03762}, eprinttype "
             "= {arxiv}}\n"
             "\n"
             "@online{b, title = {T}, author = {Doe, J.}, date = {2017}, eprint = {1706.03762}, eprinttype = "
             "{arxiv}}\n");
  CHECK(program.run({"dedupe", "--merge", bib}).status == 0);
  CHECK(read_file(bib) ==
        "@online{a, title = {T}, author = {Doe, Jane}, date = {2017}, eprint = {1706.03762}, eprinttype = "
        "{arxiv}, ids "
        "= {b}}\n");
}

TEST_CASE("contradictions are left, the other groups are merged") {
  CliProgram program;
  const std::string bib = program.path("refs.bib");
  const std::string left =
      "@article{a, doi = {10.1000/1}, year = 2017}\n"
      "@article{a, doi = {10.1000/1}, year = 2018}\n";
  write_file(
      bib,
      left + "@article{c, doi = {10.1000/2}, year = 2018}\n@article{c, doi = {10.1000/2}, volume = 3}\n");
  const Run run = program.run({"--json", "dedupe", "--merge", bib});
  CHECK(run.status == 1);
  const json answer = json::parse(run.out);
  CHECK(answer["file"] == bib);
  CHECK(answer["written"] == true);
  REQUIRE(answer["groups"].size() == 2);
  CHECK(answer["groups"][0] == json::parse(R"({"reason": "same-doi", "merged": false,
    "entries": [{"key": "a", "line": 1, "best": true}, {"key": "a", "line": 2, "best": false}],
    "fields": [{"name": "year", "values": ["2017", "2018"]}], "added": [],
    "left": [{"code": "left.year", "message": "year is '2017' in a and '2018' in a"}]})"));
  CHECK(answer["groups"][1]["merged"] == true);
  CHECK(answer["groups"][1]["added"] == json::array({"volume"}));
  CHECK(read_file(bib) == left + "@article{c, doi = {10.1000/2}, year = 2018, volume = 3}\n");
}

TEST_CASE("duplicates of a file in UTF-16 are not looked for: it is refused") {
  CliProgram program;
  write_file(program.path("utf16.bib"), std::string("\xFF\xFE@\0", 4));
  const Run run = program.run({"dedupe", program.path("utf16.bib")});
  CHECK(run.status == 4);
  CHECK(run.err == "bibsmith: " + program.path("utf16.bib") + ": text is UTF-16: convert it to UTF-8\n");
}
