#include <string>

#include <nlohmann/json.hpp>

#include "tests/plugin/cli_program.hpp"
#include "tests/support/catch.hpp"

using bibsmith::testing::CliProgram;
using bibsmith::testing::Run;
using bibsmith::testing::write_file;
using nlohmann::json;

TEST_CASE("export prints a whole file in another format") {
  CliProgram program;
  const std::string bib = program.path("refs.bib");
  write_file(bib,
             "@string{j = {Journal}}\n"
             "@article{a, title = {M{\\\"u}ller}, journal = j, year = 2001}\n"
             "@misc{A, note = {another key}}\n"
             "@misc{a, note = {the same key}}\n");
  const Run run = program.run({"export", bib, "--format", "csl-json"});
  CHECK(run.status == 0);
  CHECK(run.err == "bibsmith: a is there twice; the first entry is exported\n");
  const json items = json::parse(run.out);
  REQUIRE(items.size() == 2);
  CHECK(items[0]["title"] == "M\xC3\xBCller");
  CHECK(items[0]["container-title"] == "Journal");
  CHECK(items[1]["id"] == "A");
  CHECK(program.run({"export", bib, "--format", "ris"}).out.starts_with("TY  - JOUR\r\nID  - a\r\n"));
  CHECK(program.run({"export", bib, "--format", "hayagriva"}).out.starts_with("\"a\":\n  type: article\n"));
  CHECK(program.run({"export", bib, "--format", "biblatex"}).out.starts_with("@article{a,\n"));
  CHECK(program.run({"export", bib, "--format", "word"}).status == 2);
}

TEST_CASE("export: a file that cannot be read is status 4") {
  CliProgram program;
  const Run run = program.run({"export", program.path("none.bib"), "--format", "ris"});
  CHECK(run.status == 4);
  CHECK(run.err == "bibsmith: " + program.path("none.bib") + ": no such file\n");
}

TEST_CASE("get prints papers in the formats of other programs") {
  CliProgram program;
  const json items = json::parse(program.run({"get", "--format", "csl-json", "1706.03762"}).out);
  REQUIRE(items.size() == 1);
  CHECK(items[0]["id"] == "vaswani2017attention");
  CHECK(items[0]["type"] == "article");
  CHECK(items[0]["issued"] == json::parse(R"({"date-parts": [[2017, 6, 12]]})"));
  CHECK(items[0]["number"] == "arXiv:1706.03762");
  CHECK(program.run({"get", "--format", "ris", "1706.03762"})
            .out.find("UR  - https://arxiv.org/abs/1706.03762\r\n") != std::string::npos);
  CHECK(program.run({"get", "--format", "hayagriva", "1706.03762"}).out.find("    arxiv: \"1706.03762\"\n") !=
        std::string::npos);
}
