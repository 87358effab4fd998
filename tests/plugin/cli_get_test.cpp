#include <string>

#include <nlohmann/json.hpp>

#include "tests/plugin/cli_program.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using bibsmith::testing::CliProgram;
using bibsmith::testing::Run;
using nlohmann::json;

namespace {

std::size_t count_of(const std::string& text, const std::string& what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++count;
  return count;
}

}  // namespace

TEST_CASE("get prints an entry, dated by the first version") {
  CliProgram program;
  const Run run = program.run({"get", "1706.03762"});
  CHECK(run.status == 0);
  CHECK(run.err.empty());
  CHECK(run.out ==
        "@misc{vaswani2017attention,\n"
        "  author        = {Vaswani, Ashish and Shazeer, Noam and Parmar, Niki and Uszkoreit, Jakob and "
        "Jones, Llion "
        "and Gomez, Aidan N. and Kaiser, Lukasz and Polosukhin, Illia},\n"
        "  title         = {Attention Is All You Need},\n"
        "  year          = {2017},\n"
        "  month         = jun,\n"
        "  eprint        = {1706.03762},\n"
        "  archiveprefix = {arXiv},\n"
        "  primaryclass  = {cs.CL},\n"
        "  url           = {https://arxiv.org/abs/1706.03762},\n"
        "}\n");
}

TEST_CASE("get takes several ids in one request, in every form") {
  CliProgram program;
  const Run run = program.run({"get", "1706.03762", "hep-th/9901001", "https://arxiv.org/pdf/2303.08774v3"});
  CHECK(run.status == 0);
  CHECK(count_of(run.out, "@misc{") == 3);
  CHECK(run.out.find("{imamura1999string,") != run.out.npos);
  CHECK(run.out.find("eprint        = {2303.08774v3}") != run.out.npos);
  CHECK(run.out.find("author        = {OpenAI}") != run.out.npos);
  CHECK(program.arxiv().report().requests == 1);
}

TEST_CASE("get answers from the cache the second time") {
  CliProgram program;
  const Run first = program.run({"get", "1706.03762"});
  const Run second = program.run({"get", "arXiv:1706.03762"});
  CHECK(second.out == first.out);
  CHECK(program.arxiv().report().requests == 1);
  const Run offline = program.run({"--offline", "get", "1706.03762"});
  CHECK(offline.status == 0);
  CHECK(offline.out == first.out);
}

TEST_CASE(
    "a paper that does not exist, an id that is none and a source that cannot be asked are told apart") {
  CliProgram program;
  const Run missing = program.run({"get", "2411.99999", "1706.03762", "1706.03762v99"});
  CHECK(missing.status == 1);
  CHECK(count_of(missing.out, "@misc{") == 1);
  CHECK(missing.err ==
        "bibsmith: 2411.99999: arXiv has no such paper\n"
        "bibsmith: 1706.03762v99: arXiv has no such version of a paper\n");

  const Run invalid = program.run({"get", "1713.03762", "1706.03762"});
  CHECK(invalid.status == 2);
  CHECK(count_of(invalid.out, "@misc{") == 1);
  CHECK(invalid.err == "bibsmith: '1713.03762' is no arXiv id: month 13 does not exist (at byte 3)\n");

  const Run offline = program.run({"--offline", "get", "1412.6980"});
  CHECK(offline.status == 3);
  CHECK(offline.out.empty());
  CHECK(
      offline.err ==
      "bibsmith: 1412.6980: could not ask arXiv: not in the cache, and offline mode forbids to ask arXiv\n");
}

TEST_CASE("that a paper does not exist is remembered") {
  CliProgram program;
  CHECK(program.run({"get", "2411.99999"}).status == 1);
  const std::size_t requests = program.arxiv().report().requests;
  CHECK(program.run({"get", "2411.99999"}).status == 1);
  CHECK(program.arxiv().report().requests == requests);
}

TEST_CASE("get prints each paper once, and no key twice") {
  CliProgram program;
  const Run run = program.run({"get", "1706.03762", "arXiv:1706.03762", "1706.03762v1"});
  CHECK(count_of(run.out, "@misc{") == 2);
  CHECK(run.out.find("@misc{vaswani2017attention,") != run.out.npos);
  CHECK(run.out.find("@misc{vaswani2017attentiona,") != run.out.npos);
}

TEST_CASE("get reads ids from standard input") {
  CliProgram program;
  const Run run = program.run({"get", "-"}, "# my list\n1706.03762\r\n\n  1412.6980  \nhep-th/9711200");
  CHECK(run.status == 0);
  CHECK(count_of(run.out, "@misc{") == 2);
  CHECK(count_of(run.out, "@article{") == 1);  // Maldacena's came out in Adv. Theor. Math. Phys.
}

TEST_CASE("get gives the published entry, the preprint on request, and says why") {
  CliProgram program;
  const Run published = program.run({"get", "--explain", "hep-th/9711200"});
  CHECK(published.status == 0);
  CHECK(published.out.find("@article{maldacena1997large,") != published.out.npos);
  CHECK(published.out.find("journal       = {Advances in Theoretical and Mathematical Physics},") !=
        published.out.npos);
  CHECK(published.out.find("eprint        = {hep-th/9711200},") != published.out.npos);
  CHECK(published.out.find("url ") == published.out.npos);
  CHECK(published.out.find(
            "\n% journal        its name in full and by ISO 4 is known (arxiv-atom journal_ref)\n") !=
        published.out.npos);
  CHECK(published.out.find("\n% published, by the witness of journal_ref") != published.out.npos);

  const Run preprint = program.run({"get", "--no-publish", "hep-th/9711200"});
  CHECK(preprint.out.find("@misc{maldacena1997large,") != preprint.out.npos);
  CHECK(preprint.out.find("journal ") == preprint.out.npos);
  // A version that is named is that version.
  CHECK(program.run({"get", "hep-th/9711200v1"}).out.starts_with("@misc{maldacena1997large,"));

  const Run as_json = program.run({"get", "--json", "--explain", "hep-th/9711200"});
  CHECK(as_json.out.find("\"published\": true") != as_json.out.npos);
  CHECK(as_json.out.find("\"rule\": \"capitals protected, text made safe for LaTeX\"") != as_json.out.npos);

  const std::string config = program.path("short.toml");
  bibsmith::testing::write_file(config, "[output]\njournals = \"abbreviated\"\n");
  CHECK(program.run({"--config", config, "get", "hep-th/9711200"}).out.find("= {Adv. Theor. Math. Phys.},") !=
        std::string::npos);
}

TEST_CASE("get writes biblatex, UTF-8 and short author lists") {
  CliProgram program;
  const Run run = program.run({"get", "--format", "biblatex", "--authors-max", "2", "1706.03762"});
  CHECK(run.status == 0);
  CHECK(run.out.find("@online{vaswani2017attention,") == 0);
  CHECK(run.out.find("{Vaswani, Ashish and Shazeer, Noam and others}") != run.out.npos);
  CHECK(run.out.find("{2017-06-12}") != run.out.npos);
  CHECK(run.out.find("eprinttype") != run.out.npos);
}

TEST_CASE("get writes the dialect of the settings, unless an option names another") {
  CliProgram program;
  bibsmith::testing::write_file(program.path("config.toml"), "[output]\ndialect = \"biblatex\"\n");
  const std::vector<std::string> get = {"--config", program.path("config.toml"), "get", "1706.03762"};
  CHECK(program.run(get).out.find("@online{vaswani2017attention,") == 0);
  std::vector<std::string> get_json = get;
  get_json.emplace_back("--json");
  CHECK(json::parse(program.run(get_json).out)["format"] == "biblatex");
  std::vector<std::string> get_bibtex = get;
  get_bibtex.insert(get_bibtex.end(), {"--format", "bibtex"});
  CHECK(program.run(get_bibtex).out.find("@misc{vaswani2017attention,") == 0);
}

TEST_CASE("get --json is one document with everything in it") {
  CliProgram program;
  const Run run = program.run({"get", "--json", "1706.03762", "2411.99999", "xyz"});
  CHECK(run.status == 2);
  const json document = json::parse(run.out);
  CHECK(document["format"] == "bibtex");
  REQUIRE(document["entries"].size() == 1);
  const json& entry = document["entries"][0];
  CHECK(entry["id"] == "1706.03762");
  CHECK(entry["key"] == "vaswani2017attention");
  CHECK(entry["fields"]["eprint"] == "1706.03762");
  CHECK(entry["record"]["version"] == 7);
  CHECK(entry["source"] == "arxiv-atom");
  CHECK(entry["stale"] == false);
  CHECK(document["not_found"] == json::array({"2411.99999"}));
  CHECK(document["invalid"][0]["asked"] == "xyz");
  CHECK(document["could_not_ask"].empty());
}

TEST_CASE("when arXiv refuses, that is said, and an older answer is used if there is one") {
  CliProgram program;
  REQUIRE(program.run({"get", "1706.03762"}).status == 0);
  REQUIRE(program.arxiv().set_faults({"429:retry-after=3600"}));
  bibsmith::testing::write_file(program.path("config.toml"),
                                "[cache]\nfresh_hours = 0\n[arxiv]\npatience_s = 0\n");

  const Run run = program.run({"--config", program.path("config.toml"), "get", "1706.03762", "1412.6980"});
  CHECK(run.status == 3);
  CHECK(count_of(run.out, "@misc{") <= 1);
  CHECK(run.err.find("1412.6980: could not ask arXiv: ") != run.err.npos);
  CHECK(run.err.find("no such paper") == run.err.npos);
}

TEST_CASE("a rate limit that cannot be shared is warned of, and the entry comes all the same") {
  CliProgram program;
  bibsmith::testing::write_file(program.path("state"), "a file, not a folder");
  const Run run = program.run({"get", "1706.03762"});
  CHECK(run.status == 0);
  CHECK(run.out.find("vaswani2017attention") != run.out.npos);
  CHECK(run.err.starts_with("bibsmith: requests are paced for this process alone: cannot use " +
                            program.path("state") + "/loopback.rate: "));
  CHECK(count_of(run.err, "\n") == 1);
}

TEST_CASE("a cache that cannot be used is warned of, and the entry comes all the same") {
  CliProgram program;
  bibsmith::testing::write_file(program.path("cache"), "a file, not a folder");
  const Run run = program.run({"get", "1706.03762"});
  CHECK(run.status == 0);
  CHECK(run.out.find("vaswani2017attention") != run.out.npos);
  CHECK(run.err == "bibsmith: cannot make the cache folder " + program.path("cache") +
                       ": Not a directory; going on without it\n");
}
