#include <filesystem>
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
    "@misc{x, author = {Ann Roe}, year = 2001}\n"
    "@misc{y, author = {Bob Doe}, year = 2002}\n";

// The columns of history but for the time, which is the machine's.
std::string without_times(const std::string& out) {
  std::string kept;
  for (std::size_t at = 0; at < out.size();) {
    const std::size_t end = out.find('\n', at) + 1;
    std::string line = out.substr(at, end - at);
    if (line[0] != ' ') line.erase(line.find('\t'), line.find('\t', line.find('\t') + 1) - line.find('\t'));
    kept += line;
    at = end;
  }
  return kept;
}

}  // namespace

TEST_CASE("undo takes back add, format and keys one after the other") {
  CliProgram program;
  const std::string bib = program.path("refs.bib");
  write_file(bib, bib_text);
  REQUIRE(program.run({"add", "1706.03762", "--to", bib}).status == 0);
  const std::string added = read_file(bib);
  REQUIRE(program.run({"format", "--indent", "4", bib}).status == 0);
  const std::string formatted = read_file(bib);
  REQUIRE(formatted != added);
  REQUIRE(program.run({"keys", bib, "--pattern", "[auth:lower][year]"}).status == 0);

  const Run history = program.run({"history", bib});
  CHECK(history.status == 0);
  CHECK(without_times(history.out) ==
        "3\tkeys\tvaswani2017, roe2001, doe2002\t-\t-\n"
        "2\tformat\tvaswani2017attention, x, y\t-\t-\n"
        "1\tadd\tvaswani2017attention\tarxiv-atom\t-\n");

  const Run undo = program.run({"undo", bib});
  CHECK(undo.status == 0);
  CHECK(undo.out.empty());
  CHECK(undo.err == "bibsmith: took back change 3 (keys) of " + bib + ": 3 texts\n");
  CHECK(read_file(bib) == formatted);
  CHECK(program.run({"undo", bib}).status == 0);
  CHECK(read_file(bib) == added);
  CHECK(program.run({"undo", bib}).status == 0);
  CHECK(read_file(bib) == bib_text);
  const Run nothing = program.run({"undo", bib});
  CHECK(nothing.status == 1);
  CHECK(nothing.err == "bibsmith: there is nothing to take back in " + bib + "\n");
  CHECK(without_times(program.run({"history", bib}).out)
            .starts_with("6\tundo\tvaswani2017attention\t-\tundoes 1\n"));
}

TEST_CASE("undo --dry-run and --diff change nothing") {
  CliProgram program;
  const std::string bib = program.path("refs.bib");
  write_file(bib, bib_text);
  REQUIRE(program.run({"keys", bib, "--pattern", "[auth:lower][year]"}).status == 0);
  const std::string renamed = read_file(bib);
  const Run dry = program.run({"undo", "--dry-run", "-v", bib});
  CHECK(dry.status == 0);
  CHECK(dry.out.empty());
  CHECK(dry.err == "bibsmith: would take back change 1 (keys) of " + bib +
                       ": 2 texts\n"
                       "bibsmith:   undoes roe2001: x -> roe2001 (keys.key)\n"
                       "bibsmith:   undoes doe2002: y -> doe2002 (keys.key)\n");
  const Run diff = program.run({"undo", "--diff", bib});
  CHECK(diff.out == "--- " + bib + "\n+++ " + bib +
                        "\n@@ -1,2 +1,2 @@\n"
                        "-@misc{roe2001, author = {Ann Roe}, year = 2001}\n"
                        "+@misc{x, author = {Ann Roe}, year = 2001}\n"
                        "-@misc{doe2002, author = {Bob Doe}, year = 2002}\n"
                        "+@misc{y, author = {Bob Doe}, year = 2002}\n");
  CHECK(read_file(bib) == renamed);
}

TEST_CASE("undo that finds its place edited ends with 1, says what stands there, and changes nothing") {
  CliProgram program;
  const std::string bib = program.path("refs.bib");
  REQUIRE(program.run({"add", "1706.03762", "--to", bib}).status == 0);
  std::string text = read_file(bib);
  text.replace(text.find("2017}"), 4, "2018");
  write_file(bib, text);
  const Run run = program.run({"undo", bib});
  CHECK(run.status == 1);
  CHECK(run.err == "bibsmith: " + bib +
                       ": vaswani2017attention: the entry was changed since, it reads now: "
                       "@misc{vaswani2017attention, author = {Vaswani, Ashish and Shazeer, Noam and Parm…\n"
                       "bibsmith: change 1 (add) cannot be taken back; nothing was changed\n");
  CHECK(read_file(bib) == text);
  const json out = json::parse(program.run({"--json", "undo", bib}).out);
  CHECK(out["written"] == false);
  CHECK(out["conflicts"].size() == 1);
  CHECK(out["conflicts"][0]["file"] == bib);
}

TEST_CASE("history and undo tell of all files of a command") {
  CliProgram program;
  const std::string bib = program.path("refs.bib");
  const std::string tex = program.path("paper.tex");
  write_file(bib, bib_text);
  write_file(tex, "\\cite{x}\n");
  REQUIRE(program.run({"keys", bib, "--pattern", "[auth:lower][year]", "--tex", tex}).status == 0);
  const Run history = program.run({"history", "-v", bib});
  CHECK(without_times(history.out) ==
        "1\tkeys\troe2001, doe2002\t-\t-\n"
        "  roe2001: x -> roe2001 (keys.key)\n"
        "  doe2002: y -> doe2002 (keys.key)\n"
        "  also changed " +
            std::filesystem::canonical(tex).string() + "\n");
  CHECK(without_times(program.run({"history", tex}).out) == "2\tkeys\t1 text\t-\t-\n");
  const json out = json::parse(program.run({"--json", "undo", tex}).out);
  CHECK(out["written"] == true);
  CHECK(out["undone"].size() == 2);
  CHECK(out["undone"][0]["file"] == tex);
  CHECK(out["undone"][0]["change"]["texts"] ==
        json::parse(R"([{"key": "", "old_key": "", "field": "", "reason": "keys.citation", "source": "",
                         "old": "x", "new": "roe2001"}])"));
  CHECK(read_file(bib) == bib_text);
  CHECK(read_file(tex) == "\\cite{x}\n");
}

TEST_CASE("history --json tells every text") {
  CliProgram program;
  const std::string bib = program.path("refs.bib");
  CHECK(json::parse(program.run({"--json", "history", bib}).out) ==
        json({{"file", bib}, {"changes", json::array()}}));
  CHECK(program.run({"history", bib}).err == "bibsmith: bibsmith has changed nothing in " + bib + "\n");
  REQUIRE(program.run({"add", "1706.03762", "--to", bib}).status == 0);
  const json change = json::parse(program.run({"--json", "history", bib}).out)["changes"][0];
  CHECK(change["number"] == 1);
  CHECK(change["command"] == "add");
  CHECK(change["entries"] == json({"vaswani2017attention"}));
  CHECK(change["sources"] == json({"arxiv-atom"}));
  CHECK(change["undone_by"].is_null());
  CHECK(change["texts"][0]["reason"] == "add.entry");
  CHECK(change["texts"][0]["new"] == read_file(bib));
}

TEST_CASE("undo of what is no file ends with 4") {
  CliProgram program;
  CHECK(program.run({"undo", program.path("none.bib")}).status == 4);
  CHECK(program.run({"undo", program.path("none.bib")}).err ==
        "bibsmith: " + program.path("none.bib") + ": no such file\n");
  CHECK(program.run({"undo", "/dev/null"}).err == "bibsmith: /dev/null is not a regular file\n");
  CHECK(program.run({"undo"}).status == 2);
}
