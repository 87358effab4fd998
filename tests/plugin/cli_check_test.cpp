#include <string>

#include <nlohmann/json.hpp>

#include "tests/plugin/cli_program.hpp"
#include "tests/support/catch.hpp"

using bibsmith::testing::CliProgram;
using bibsmith::testing::Run;
using bibsmith::testing::write_file;
using nlohmann::json;

TEST_CASE("check says place, severity, message and code, and shows the line") {
  CliProgram program;
  const std::string bib = program.path("refs.bib");
  write_file(bib,
             "% mine\r\n"
             "@misc{a,\r\n"
             "\tauthor = {M\xC3\xBCller et al.}, doi = {https://doi.org/10.1000/1},\r\n"
             "\tpages = {1-2}\r\n"
             "}\r\n");
  const Run run = program.run({"check", bib});
  CHECK(run.status == 1);
  CHECK(run.out ==
        bib + ":3:12: warning: author: 'M\xC3\xBCller et al.': write 'and others' [check.et-al]\n" +
            "  \tauthor = {M\xC3\xBCller et al.}, doi = {https://doi.org/10.1000/1},\n"
            "  \t          ^~~~~~~~~~~~~\n" +
            bib +
            ":3:13: note: text is not ASCII: bibtex sorts and abbreviates such letters wrongly, bibtexu and "
            "biber do not [check.non-ascii]\n"
            "  \tauthor = {M\xC3\xBCller et al.}, doi = {https://doi.org/10.1000/1},\n"
            "  \t           ^\n" +
            bib +
            ":3:35: warning: styles add the address: write the doi as '10.1000/1' [check.doi-url]\n"
            "  \tauthor = {M\xC3\xBCller et al.}, doi = {https://doi.org/10.1000/1},\n"
            "  \t                                 ^~~~~~~~~~~~~~~~~~~~~~~~~\n" +
            bib +
            ":4:12: note: a range of pages is written with '--' [check.page-hyphen]\n"
            "  \tpages = {1-2}\n"
            "  \t          ^\n");
  CHECK(run.err == "bibsmith: 0 errors, 2 warnings, 2 notes\n");
}

TEST_CASE("check: notes alone are no failure, and a clean file is silent") {
  CliProgram program;
  write_file(program.path("notes.bib"), "@misc{a, pages = {1-2}}\n");
  CHECK(program.run({"check", program.path("notes.bib")}).status == 0);
  write_file(program.path("clean.bib"), "@misc{a, note = {x}}\n");
  const Run clean = program.run({"check", program.path("clean.bib")});
  CHECK(clean.status == 0);
  CHECK(clean.out.empty());
  CHECK(clean.err.empty());
}

TEST_CASE("check --only and --ignore choose codes and families") {
  CliProgram program;
  const std::string bib = program.path("refs.bib");
  write_file(bib, "@misc{a, year = {99} pages = {1-2}}\n");
  const auto codes = [&](std::vector<std::string> options) {
    options.insert(options.begin(), {"check", "--json", bib});
    std::string all;
    const json document = json::parse(program.run(options).out);
    for (const json& one : document["files"][0]["findings"]) {
      all += one["code"].get<std::string>() + ' ';
    }
    return all;
  };
  CHECK(codes({}) == "check.bad-year syntax.missing-comma check.page-hyphen ");
  CHECK(codes({"--only", "syntax"}) == "syntax.missing-comma ");
  CHECK(codes({"--only", "syntax,check.page-hyphen"}) == "syntax.missing-comma check.page-hyphen ");
  CHECK(codes({"--ignore", "check"}) == "syntax.missing-comma ");
  CHECK(codes({"--only", "check", "--ignore", "check.bad-year"}) == "check.page-hyphen ");
  const Run wrong = program.run({"check", bib, "--only", "check.nonsense"});
  CHECK(wrong.status == 2);
  CHECK(wrong.err == "bibsmith: check has no code 'check.nonsense' (see docs/check.md)\n");
}

TEST_CASE("check --format json gives places for programs") {
  CliProgram program;
  const std::string bib = program.path("refs.bib");
  write_file(bib, "\n@misc{a,\n  year = {\xC3\xA9 99}}\n");
  const Run run = program.run({"check", "--format", "json", "--only", "check.bad-year", bib});
  CHECK(run.status == 1);
  CHECK(json::parse(run.out) ==
        json::parse(R"({"files": [{"file": ")" + bib + R"(", "dialect": "bibtex", "findings": [
    {"code": "check.bad-year", "severity": "warning", "message": "year is 'é 99'", "key": "a", "line": 3,
     "column": 11, "end_line": 3, "end_column": 15, "offset": 20, "length": 5}]}],
    "failed": [], "errors": 0, "warnings": 1, "notes": 0})"));
}

TEST_CASE("check --format github writes workflow commands") {
  CliProgram program;
  const std::string bib = program.path("a,b.bib");
  write_file(bib, "@misc{a, title = {50% more}}\n");
  const Run run = program.run({"check", "--format", "github", bib});
  CHECK(run.status == 1);
  CHECK(run.out ==
        "::warning file=" + program.path("a%2Cb.bib") +
            ",line=1,col=21,endColumn=22,endLine=1,title=check.unescaped::'%25' means something to TeX: "
            "write '\\%25'\n");
}

TEST_CASE("check knows the macros of the files before") {
  CliProgram program;
  write_file(program.path("strings.bib"), "@string{press = {The Press}}\n");
  write_file(program.path("refs.bib"), "@misc{a, publisher = press}\n");
  CHECK(program.run({"check", program.path("strings.bib"), program.path("refs.bib")}).status == 0);
  CHECK(program.run({"check", program.path("refs.bib")}).status == 1);
}

TEST_CASE("check: a file that cannot be read is status 4, the others are checked") {
  CliProgram program;
  write_file(program.path("refs.bib"), "@misc{a, year = {99}}\n");
  const Run run = program.run({"check", program.path("none.bib"), program.path("refs.bib")});
  CHECK(run.status == 4);
  CHECK(run.out.find("check.bad-year") != run.out.npos);
  CHECK(run.err.starts_with("bibsmith: " + program.path("none.bib") + ": no such file\n"));
}

TEST_CASE("check shows the part of a long line that matters, and drives no terminal") {
  CliProgram program;
  const std::string bib = program.path("refs.bib");
  write_file(bib, "@misc{a, note = {" + std::string(1000, 'x') + "}, title = {\x1B[31mA & B}, abstract = {" +
                      std::string(1000, 'y') + "}}\n");
  const Run run = program.run({"check", bib, "--only", "check.unescaped"});
  CHECK(run.out.size() < 500);
  CHECK(run.out.find('\x1B') == run.out.npos);
  CHECK(run.out.find("\n  ...xxx") != run.out.npos);
}

TEST_CASE("check --online tells of a newer version than the one that is cited, and what changed in it") {
  CliProgram program;
  const std::string bib = program.path("refs.bib");
  write_file(
      bib,
      "@misc{a, title={Adam: A Method for Stochastic Optimization}, author={Kingma, D. P. and Ba, J.}, "
      "eprint={1412.6980v1}, archiveprefix={arXiv}}\n"
      "@misc{b, title={Adam: A Method for Stochastic Optimization}, author={Kingma, D. P. and Ba, J.}, "
      "eprint={1412.6980v9}, archiveprefix={arXiv}}\n"
      "@misc{c, title={An Old Name of This}, author={Kingma, D. P. and Ba, J.}, "
      "eprint={1412.6980v2}, archiveprefix={arXiv}}\n");
  const Run run = program.run({"check", "--online", "--only", "online.superseded", bib});
  CHECK(run.status == 0);  // notes alone
  CHECK(run.out.find(bib + ":1:7: note: v1 is cited, arXiv has v9 [online.superseded]\n") !=
        std::string::npos);
  CHECK(run.out.find(bib + ":3:7: note: v2 is cited, arXiv has v9, titled 'Adam: A Method for Stochastic "
                           "Optimization' [online.superseded]\n") != std::string::npos);
  CHECK(run.out.find(":2:") == std::string::npos);
}

TEST_CASE("check --online says what the sources know better") {
  CliProgram program;
  const std::string bib = program.path("refs.bib");
  write_file(
      bib,
      "@misc{a, title={Elements}, author={Euclid}, year=1999, eprint={1706.03762}, archiveprefix={arXiv}}\n"
      "@misc{b, title={The large {N} limit of superconformal field theories and supergravity}, "
      "author={Maldacena, J.}, year=1997, eprint={hep-th/9711200}, archiveprefix={arXiv}}\n"
      "@misc{c, title={x}, author={A. B.}, year=2024, eprint={2411.99999}, archiveprefix={arXiv}}\n"
      "@misc{d, title={Attention is what you need}, author={Vaswani, A. and Shazeer, N. and others}, "
      "year=2017, "
      "eprint={1706.03762}, archiveprefix={arXiv}}\n");
  const Run run = program.run({"check", "--online", "--only", "online", bib});
  CHECK(run.status == 1);
  CHECK(run.out.find(
            bib + ":1:7: warning: 1706.03762 is 'Attention Is All You Need', another title by other authors "
                  "[online.other-work]") != std::string::npos);
  CHECK(run.out.find("[online.published]") != std::string::npos);
  CHECK(run.out.find("[online.not-found]") != std::string::npos);
  CHECK(run.out.find("[online.title-differs]") != std::string::npos);
  CHECK(program.run({"check", "--online", "--ignore", "online", "--only", "check.doi-url", bib}).out.empty());
  CHECK(program.run({"check", "--only", "online.published", "--online", bib}).status == 0);
  CHECK(program.run({"check", bib, "--only", "online"}).out.empty());
  const Run offline = program.run(
      {"--store", program.path("none.sqlite"), "--offline", "check", "--online", "--only", "online", bib});
  CHECK(offline.status == 3);
  CHECK(offline.out.empty());
  CHECK(offline.err.find("could not ask: ") != std::string::npos);
}
