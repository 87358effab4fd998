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

constexpr const char* untidy =
    "% mine\n"
    "@misc{a,\n"
    "  author = {A},\n"
    "    year=2001,\n"
    "  note = {n}\n"
    "  }\n"
    "\n"
    "@misc{b,\n"
    "  note = {n}\n"
    "}\n";
constexpr const char* tidy =
    "% mine\n"
    "@misc{a,\n"
    "  author = {A},\n"
    "  year = 2001,\n"
    "  note = {n}\n"
    "}\n"
    "\n"
    "@misc{b,\n"
    "  note = {n}\n"
    "}\n";

}  // namespace

TEST_CASE("format gives every entry the look that most have") {
  CliProgram program;
  const std::string bib = program.path("refs.bib");
  write_file(bib, untidy);
  const Run run = program.run({"format", bib});
  CHECK(run.status == 0);
  CHECK(run.out.empty());
  CHECK(run.err == "bibsmith: formatted " + bib + "\n");
  CHECK(read_file(bib) == tidy);
  CHECK(program.run({"format", bib}).err.empty());
}

TEST_CASE("format --check and --diff change nothing") {
  CliProgram program;
  const std::string bib = program.path("refs.bib");
  write_file(bib, untidy);
  const Run check = program.run({"format", "--check", bib});
  CHECK(check.status == 1);
  CHECK(check.err == "bibsmith: would format " + bib + "\n");
  const Run diff = program.run({"format", "--diff", bib});
  CHECK(diff.status == 0);
  CHECK(diff.out == "--- " + bib + "\n+++ " + bib +
                        "\n@@ -1,9 +1,9 @@\n"
                        " % mine\n"
                        " @misc{a,\n"
                        "   author = {A},\n"
                        "-    year=2001,\n"
                        "+  year = 2001,\n"
                        "   note = {n}\n"
                        "-  }\n"
                        "+}\n"
                        " \n"
                        " @misc{b,\n"
                        "   note = {n}\n");
  CHECK(read_file(bib) == untidy);
  write_file(bib, tidy);
  CHECK(program.run({"format", "--check", "--diff", bib}).status == 0);
}

TEST_CASE("format takes an indent, a column, delimiters and case") {
  CliProgram program;
  const std::string bib = program.path("refs.bib");
  write_file(bib, "@MISC{a, NOTE = \"n\", YEAR = 2001}\n");
  REQUIRE(program
              .run({"format", "--indent", "tab", "--align", "8", "--delimiters", "braces", "--case", "lower",
                    bib})
              .status == 0);
  CHECK(read_file(bib) == "@misc{a,\n\tnote    = {n},\n\tyear    = 2001}\n");
  CHECK(program.run({"format", "--indent", "x", bib}).status == 2);
  CHECK(program.run({"format", "--align", "1000", bib}).status == 2);
}

TEST_CASE("format --json tells what changed") {
  CliProgram program;
  const std::string bib = program.path("refs.bib");
  write_file(bib, untidy);
  const json document = json::parse(program.run({"--json", "format", "--check", bib}).out);
  CHECK(document["written"] == false);
  CHECK(document["files"][0]["file"] == bib);
  CHECK(document["files"][0]["changed"] == true);
}

TEST_CASE("format: a file that cannot be read is status 4") {
  CliProgram program;
  const Run none = program.run({"format", program.path("none.bib")});
  CHECK(none.status == 4);
  CHECK(none.err == "bibsmith: " + program.path("none.bib") + ": no such file\n");
  write_file(program.path("utf16.bib"), std::string("\xFF\xFE@\0m\0i\0s\0c\0", 12));
  const Run utf16 = program.run({"format", program.path("utf16.bib")});
  CHECK(utf16.status == 4);
  CHECK(utf16.err == "bibsmith: " + program.path("utf16.bib") + ": text is UTF-16: convert it to UTF-8\n");
}
