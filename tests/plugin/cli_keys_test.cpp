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

constexpr const char* bib_text =
    "@misc{x, author = {Ann Roe}, year = 2001, crossref = {y}}\n"
    "@misc{y, author = {Bob Doe}, year = 2002}\n"
    "@misc{z, note = {nothing}}\n";
constexpr const char* tex_text = "\\cite{x,z} % \\cite{x}\n\\citep[p.~1]{y}\n";

}  // namespace

TEST_CASE("keys renames in the .bib and where it is cited, and prints the map") {
  CliProgram program;
  const std::string bib = program.path("refs.bib");
  const std::string tex = program.path("paper.tex");
  write_file(bib, bib_text);
  write_file(tex, tex_text);
  const std::vector<std::string> command = {"keys", bib, "--pattern", "[auth:lower][year]", "--tex", tex};
  const Run run = program.run(command);
  CHECK(run.status == 0);
  CHECK(run.out == "x\troe2001\ny\tdoe2002\n");
  CHECK(run.err ==
        "bibsmith: renamed 2 citations in " + tex + "\nbibsmith: z stays: the pattern finds nothing in it\n");
  CHECK(read_file(bib) ==
        "@misc{roe2001, author = {Ann Roe}, year = 2001, crossref = {doe2002}}\n"
        "@misc{doe2002, author = {Bob Doe}, year = 2002}\n"
        "@misc{z, note = {nothing}}\n");
  CHECK(read_file(tex) == "\\cite{roe2001,z} % \\cite{x}\n\\citep[p.~1]{doe2002}\n");
  const Run again = program.run(command);
  CHECK(again.status == 0);
  CHECK(again.out.empty());
}

TEST_CASE("keys --dry-run changes nothing") {
  CliProgram program;
  const std::string bib = program.path("refs.bib");
  const std::string tex = program.path("paper.tex");
  write_file(bib, bib_text);
  write_file(tex, tex_text);
  const Run run = program.run({"--json", "keys", bib, "--pattern", "[year]", "--tex", tex, "--dry-run"});
  CHECK(run.status == 0);
  CHECK(json::parse(run.out) == json::parse(R"({"file": ")" + bib + R"(", "written": false,
    "renamed": [{"old": "x", "new": "2001"}, {"old": "y", "new": "2002"}], "unnamed": ["z"],
    "citations": {")" + tex + R"(": 2}})"));
  CHECK(read_file(bib) == bib_text);
  CHECK(read_file(tex) == tex_text);
}

TEST_CASE("keys: a file that is missing changes none") {
  CliProgram program;
  const std::string bib = program.path("refs.bib");
  write_file(bib, bib_text);
  const Run run = program.run({"keys", bib, "--pattern", "[year]", "--tex", program.path("none.tex")});
  CHECK(run.status == 4);
  CHECK(run.err == "bibsmith: " + program.path("none.tex") + ": no such file\n");
  CHECK(read_file(bib) == bib_text);
  CHECK(program.run({"keys", program.path("none.bib"), "--pattern", "[year]"}).status == 4);
}

TEST_CASE("keys: a pattern that is wrong is a matter of usage") {
  CliProgram program;
  write_file(program.path("refs.bib"), bib_text);
  const Run run = program.run({"keys", program.path("refs.bib"), "--pattern", "[auth:loud]"});
  CHECK(run.status == 2);
  CHECK(run.err == "bibsmith: --pattern: no such modifier: 'loud' (at byte 7)\n");
}

TEST_CASE("keys of a file in UTF-16 are not looked for: it is refused") {
  CliProgram program;
  write_file(program.path("utf16.bib"), std::string("\xFF\xFE@\0", 4));
  const Run run = program.run({"keys", program.path("utf16.bib"), "--pattern", "[auth]"});
  CHECK(run.status == 4);
  CHECK(run.err == "bibsmith: " + program.path("utf16.bib") + ": text is UTF-16: convert it to UTF-8\n");
}
