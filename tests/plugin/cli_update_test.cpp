#include <string>

#include "tests/plugin/cli_program.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using bibsmith::testing::CliProgram;
using bibsmith::testing::read_file;
using bibsmith::testing::Run;
using bibsmith::testing::write_file;

namespace {

const std::string before =
    "% mine\n"
    "@article{m,\n"
    "  title = {The large {N} limit of superconformal field theories and supergravity},\n"
    "  author = {Maldacena, J.}, \n"
    "  journal = {CoRR},\n"
    "  volume = {abs/hep-th/9711200},\n"
    "  year = {1997},\n"
    "}\n"
    "junk @comment{x}\n";
const std::string after =
    "% mine\n"
    "@article{m,\n"
    "  title = {The large {N} limit of superconformal field theories and supergravity},\n"
    "  author = {Maldacena, J.}, \n"
    "  journal = {Advances in Theoretical and Mathematical Physics},\n"
    "  volume = {2},\n"
    "  year = {1998},\n"
    "  pages = {231--252},\n"
    "  doi = {10.1023/A:1026654312961},\n"
    "  eprint = {hep-th/9711200},\n"
    "  archiveprefix = {arXiv},\n"
    "  primaryclass = {hep-th},\n"
    "}\n"
    "junk @comment{x}\n";

}  // namespace

TEST_CASE("update publishes a preprint, and a second run changes nothing") {
  CliProgram program;
  const std::string bib = program.path("refs.bib");
  write_file(bib, before);
  const Run check = program.run({"update", "--check", bib});
  CHECK(check.status == 1);
  CHECK(read_file(bib) == before);
  const Run run = program.run({"update", bib});
  CHECK(run.status == 0);
  CHECK(run.out == "m: published: journal, volume, pages, year, doi, eprint, archiveprefix, primaryclass\n");
  CHECK(run.err == "bibsmith: " + bib + ": 1 entries, 1 published\n");
  CHECK(read_file(bib) == after);
  const Run again = program.run({"update", "--offline", bib});
  CHECK(again.status == 0);
  CHECK(again.out.empty());
  CHECK(read_file(bib) == after);
}

TEST_CASE("update --diff, --dry-run and --json say what would change") {
  CliProgram program;
  const std::string bib = program.path("refs.bib");
  write_file(bib, before);
  const Run diff = program.run({"update", "--diff", bib});
  CHECK(diff.status == 0);
  CHECK(diff.out.starts_with("--- " + bib + "\n+++ " + bib + "\n@@ "));
  CHECK(diff.out.find("\n-  journal = {CoRR},\n") != std::string::npos);
  CHECK(diff.err.ends_with("1 published; nothing was written\n"));
  const Run json = program.run({"update", "--dry-run", "--json", bib});
  CHECK(json.out.find("\"status\": \"published\"") != std::string::npos);
  CHECK(json.out.find("\"old\": \"{CoRR}\"") != std::string::npos);
  CHECK(json.out.find("\"written\": false") != std::string::npos);
  CHECK(read_file(bib) == before);
}

TEST_CASE("update --diff shows in colour which words change") {
  CliProgram program;
  const std::string bib = program.path("refs.bib");
  write_file(bib, before);
  const Run plain = program.run({"update", "--diff", bib});
  CHECK(plain.out.find('\x1b') == std::string::npos);  // no terminal
  const Run colored = program.run({"--color", "always", "update", "--diff", bib});
  CHECK(colored.status == 0);
  CHECK(colored.out.find("\n\x1b[31m-  year = {\x1b[7m1997\x1b[27m},\x1b[0m\n"
                         "\x1b[32m+  year = {\x1b[7m1998\x1b[27m},\x1b[0m\n") != std::string::npos);
  CHECK(read_file(bib) == before);
}

TEST_CASE("update keeps what it is told to keep") {
  CliProgram program;
  const std::string bib = program.path("refs.bib");
  write_file(bib, before);
  const Run kept = program.run({"update", "--keep", "Volume,note", bib});
  CHECK(kept.out == "m: skipped: published since, but stays a preprint: volume is kept\n");
  // The word behind the option is all that it takes.
  const std::string other = program.path("other.bib");
  write_file(other, before);
  CHECK(program.run({"update", "--keep", "Volume,note", bib, other}).out == kept.out + kept.out);
  CHECK(program.run({"update", "--only", "other", bib}).out.empty());
  CHECK(read_file(bib) == before);
  CHECK(program.run({"update", "--no-publish", "--fields", "eprint,primaryclass", bib}).status == 0);
  CHECK(
      read_file(bib).find("  year = {1997},\n  eprint = {hep-th/9711200},\n  primaryclass = {hep-th},\n}") !=
      std::string::npos);
}

TEST_CASE("update tells not found from could not ask, and what it cannot read") {
  CliProgram program;
  const std::string bib = program.path("refs.bib");
  const std::string text =
      "@misc{gone, eprint = {2411.99999}, archiveprefix = {arXiv}}\n@misc{none, title = {x}}\n";
  write_file(bib, text);
  const Run gone = program.run({"update", bib});
  CHECK(gone.status == 1);
  CHECK(gone.out == "gone: not_found: arXiv has no paper 2411.99999\n");
  write_file(bib, before);
  const Run offline = program.run({"update", "--offline", bib});
  CHECK(offline.status == 3);
  CHECK(offline.out.starts_with("m: could_not_ask: "));
  const Run missing = program.run({"update", program.path("none.bib"), bib});
  CHECK(missing.status == 4);
  CHECK(missing.err.find("there is no file " + program.path("none.bib")) != std::string::npos);
  CHECK(read_file(bib) == after);
}

TEST_CASE("update --search finds a paper by title and authors, each of which must agree") {
  CliProgram program;
  const std::string bib = program.path("refs.bib");
  write_file(
      bib,
      "@misc{a, title={Attention is all you need}, author={Vaswani, Ashish and Shazeer, Noam}, year=2017}\n"
      "@misc{b, title={Attention is all you need}, author={Maldacena, Juan}, year=2017}\n"
      "@misc{c, title={Adam}, author={Kingma, Diederik P.}, year=2014}\n");
  CHECK(program.run({"update", "--dry-run", bib}).out.empty());
  const Run run = program.run({"update", "--search", bib});
  CHECK(run.status == 0);
  CHECK(run.out.find("a: updated: eprint, archiveprefix, primaryclass\n") != std::string::npos);
  CHECK(run.out.find("b: skipped: arXiv has no paper of this title and author\n") != std::string::npos);
  CHECK(run.out.find("c: skipped: arXiv's nearest, 1412.6980, differs by title\n") != std::string::npos);
  CHECK(read_file(bib).starts_with(
      "@misc{a, title={Attention is all you need}, author={Vaswani, Ashish and Shazeer, Noam}, "
      "year=2017, eprint={1706.03762}, archiveprefix={arXiv}, primaryclass={cs.CL}}\n@misc{b"));
}
