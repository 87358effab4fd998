#include <string>

#include "tests/plugin/cli_program.hpp"
#include "tests/support/catch.hpp"

using bibsmith::testing::CliProgram;
using bibsmith::testing::Run;

TEST_CASE("help and version go to standard output") {
  CliProgram program;
  const Run help = program.run({"--help"});
  CHECK(help.status == 0);
  CHECK(help.out.find("bibsmith get 1706.03762") != help.out.npos);
  CHECK(help.err.empty());
  for (const char* command : {"get", "add", "search", "match", "harvest", "cache"}) {
    const Run sub = program.run({command, "--help"});
    CHECK(sub.status == 0);
    CHECK_FALSE(sub.out.empty());
  }
  CHECK(program.run({"--version"}).out == "bibsmith " BIBSMITH_VERSION "\n");
}

TEST_CASE("a wrong command line is one line on standard error and status 2") {
  CliProgram program;
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {},
           {"frobnicate"},
           {"get"},
           {"get", "--format", "word", "1706.03762"},
           {"get", "--no-such-option", "1706.03762"},
           {"add", "1706.03762"},
           {"search", "--max", "0", "x"},
           {"cache"},
           {"-q", "-v", "get", "1706.03762"},
       }) {
    const Run run = program.run(arguments);
    CAPTURE(arguments, run.err);
    CHECK(run.status == 2);
    CHECK(run.out.empty());
    CHECK(run.err.starts_with("bibsmith: "));
    CHECK(run.err.find('\n') == run.err.size() - 1);
  }
  CHECK(program.arxiv().report().requests == 0);
}

TEST_CASE("a mistake in the command line is named") {
  CliProgram program;
  const std::string commands =
      "get, add, search, match, harvest, author, update, dedupe, cache, check, verify, format, keys, undo, "
      "history, sync, "
      "library, export, plugin, "
      "resolve, tex-run, subset, watch, serve";
  CHECK(program.run({}).err == "bibsmith: name a command: " + commands + " or lsp (see bibsmith --help)\n");
  CHECK(program.run({"frobnicate"}).err == "bibsmith: there is no command 'frobnicate': " + commands +
                                               " and lsp are there (see bibsmith --help)\n");
  CHECK(program.run({"cache"}).err ==
        "bibsmith: name an action: stats, clear, path, export or import (see bibsmith cache --help)\n");
  CHECK(program.run({"get"}).err == "bibsmith: ID is required (see bibsmith get --help)\n");
  CHECK(program.run({"get", "--no-such-option", "1706.03762"}).err ==
        "bibsmith: the following argument was not expected: --no-such-option (see bibsmith get --help)\n");
  CHECK(program.run({"plugin"}).err == "bibsmith: name an action: list (see bibsmith plugin --help)\n");
  CHECK(program.run({"get", "--format", "word", "1706.03762"}).err ==
        "bibsmith: --format: word is none of bibtex, biblatex, csl-json, ris, hayagriva, nor a plugin's (see "
        "bibsmith get --help)\n");
}

TEST_CASE("the help of each command points to the common options") {
  CliProgram program;
  for (const char* command : {"get", "add", "search", "match", "harvest", "cache"}) {
    const Run help = program.run({command, "--help"});
    CHECK(help.out.find("Every command takes --json, --offline") != help.out.npos);
  }
  CHECK(program.run({"cache", "export", "--help"}).out.find("bibsmith cache export answers.sqlite") !=
        std::string::npos);
}

TEST_CASE("common options stand before or behind the command") {
  CliProgram program;
  CHECK(program.run({"--offline", "get", "1706.03762"}).status == 3);
  CHECK(program.run({"get", "--offline", "1706.03762"}).status == 3);
  CHECK(program.run({"get", "1706.03762", "--offline"}).status == 3);
}

TEST_CASE("a configuration with a mistake is a matter of usage") {
  CliProgram program;
  bibsmith::testing::write_file(program.path("bad.toml"), "[output]\ndialect = 3\n");
  const Run run = program.run({"--config", program.path("bad.toml"), "get", "1706.03762"});
  CHECK(run.status == 2);
  CHECK(run.err ==
        "bibsmith: " + program.path("bad.toml") + ":2: output.dialect must be \"bibtex\" or \"biblatex\"\n");
}

TEST_CASE("a configuration that is a folder cannot be read") {
  CliProgram program;
  const Run run = program.run({"--config", program.path(""), "get", "1706.03762"});
  CHECK(run.status == 2);
  CHECK(run.err == "bibsmith: cannot read " + program.path("") + "\n");
}

TEST_CASE("-q leaves errors alone on standard error") {
  CliProgram program;
  const Run run = program.run({"-q", "add", "1706.03762", "2411.99999", "--to", program.path("refs.bib")});
  CHECK(run.status == 1);
  CHECK(run.err == "bibsmith: 2411.99999: arXiv has no such paper\n");
}

TEST_CASE("colour only where it is wanted") {
  CliProgram program;
  const Run always = program.run({"--color", "always", "--offline", "get", "1706.03762"});
  CHECK(always.err.starts_with("\x1b[1;31mbibsmith:\x1b[0m 1706.03762: could not ask arXiv"));
  const Run automatic =
      program.run({"--offline", "get", "1706.03762"});  // standard error is no terminal here
  CHECK(automatic.err.starts_with("bibsmith: 1706.03762: could not ask arXiv"));
}
