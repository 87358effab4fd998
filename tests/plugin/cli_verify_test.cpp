#include <string>

#include <nlohmann/json.hpp>

#include "tests/plugin/cli_program.hpp"
#include "tests/source_emulator/politeness.hpp"
#include "tests/source_emulator/source_emulator.hpp"
#include "tests/support/catch.hpp"

using bibsmith::emulator::SourceEmulator;
using bibsmith::testing::broken_rules;
using bibsmith::testing::CliProgram;
using bibsmith::testing::read_file;
using bibsmith::testing::Run;
using bibsmith::testing::write_file;
using nlohmann::json;

namespace {

// The command line with all sources on this machine.
struct World {
  CliProgram program;
  SourceEmulator sources;

  explicit World(std::chrono::milliseconds interval = std::chrono::milliseconds(20))
      : program({}, interval), sources({.records = {"data/invented_works.jsonl"}, .interval = interval}) {
    auto& environment = program.environment();
    environment["BIBSMITH_CONTACT"] = "tests@example.org";
    environment["BIBSMITH_OAI_URL"] = program.arxiv().oai_url();
    environment["BIBSMITH_DATACITE_URL"] = sources.datacite_url();
    environment["BIBSMITH_CROSSREF_URL"] = sources.crossref_url();
    environment["BIBSMITH_DBLP_URL"] = sources.dblp_url();
    environment["BIBSMITH_OPENALEX_URL"] = sources.openalex_url();
  }

  std::size_t requests() { return program.arxiv().report().requests + sources.requests(); }
  Run verify(const std::string& file, const std::string& text, std::vector<std::string> options = {}) {
    write_file(program.path(file), text);
    options.insert(options.begin(), {"verify", program.path(file)});
    return program.run(std::move(options));
  }
};

const std::string doi_entry =
    "@article{things, title = {On the {$K^+$} of Invented Things}, author = {van Example, Ada and Sample, "
    "Jr, B.},\n"
    "  journal = {Journal of Invented Things}, year = 2007, doi = {10.5555/JIT.76.013009}}\n";
const std::string dblp_entry =
    "@inproceedings{attention, title = {Attention to Invented Things}, author = {Ada Example and Bo "
    "O'Sample},\n"
    "  booktitle = {InvConf}, year = 2019}\n";
const std::string openalex_entry =
    "@article{shelves, title = {Open Things and Their Shelves}, author = {Eva Shelf},\n"
    "  journal = {Journal of Invented Things}, year = 2012}\n";
const std::string invented =
    "@article{nowhere, title = {Entirely Unheard Of Matters}, author = {No Body}, journal = {Nature}, year = "
    "2015}\n";

// "key=verdict" of each entry.
std::string verdicts(const json& answer) {
  std::string out;
  for (const json& entry : answer["entries"]) {
    out += entry["key"].get<std::string>() + '=' + entry["verdict"].get<std::string>() + ' ';
  }
  return out;
}

}  // namespace

TEST_CASE("verify finds works by DOI, in DBLP and in OpenAlex, and remembers also what it did not find") {
  World world(std::chrono::milliseconds(100));  // its pace is judged
  const std::string text = doi_entry + dblp_entry + openalex_entry + invented;
  const Run first = world.verify("refs.bib", text, {"--json"});
  const json answer = json::parse(first.out);
  CHECK(verdicts(answer) == "things=verified attention=verified shelves=verified nowhere=could_not_verify ");
  CHECK(first.status == 1);
  CHECK(answer["entries"][0]["records"][0]["source"] == "crossref");
  CHECK(answer["entries"][1]["records"][0]["source"] == "dblp");
  CHECK(answer["entries"][2]["records"][0]["source"] == "openalex");
  CHECK(answer["entries"][3]["records"].empty());
  CHECK(answer["entries"][3]["line"] == 7);
  CHECK(answer["counts"]["verified"] == 3);
  CHECK(first.err.find("3 of 4 verified, 0 with wrong fields, 1 could not be verified, 0 do not exist") !=
        std::string::npos);
  for (const char* source : {"crossref", "datacite", "dblp", "openalex"}) {
    INFO(source);
    CHECK(broken_rules(world.sources.report(source)) == std::vector<std::string>{});
  }

  const std::size_t requests = world.requests();
  const Run second = world.verify("refs.bib", text, {"--json"});
  CHECK(second.out == first.out);
  CHECK(world.requests() == requests);
  const Run offline = world.verify("refs.bib", text, {"--json", "--offline"});
  CHECK(offline.out == first.out);
}

TEST_CASE("verify: a wrong field, as text, as an annotation and as a page") {
  World world;
  std::string text = dblp_entry;
  text.replace(text.find("Ada Example and Bo O'Sample"), 27, "Zo Nobody and Xi Noone");
  const Run run = world.verify("refs.bib", text);
  CHECK(run.status == 1);
  const std::string bib = world.program.path("refs.bib");
  CHECK(run.out.starts_with(bib + ":1: wrong fields (author): attention\n"));
  CHECK(run.out.find("(dblp)") != std::string::npos);
  const Run github = world.verify("refs.bib", text, {"--format", "github"});
  CHECK(github.out.starts_with("::error file=" + bib +
                               ",line=1,title=wrong_fields::wrong fields (author): attention%0A"));
  const Run html = world.verify("refs.bib", text + invented, {"--format", "html"});
  CHECK(html.out.starts_with("<!DOCTYPE html>"));
  CHECK(html.out.find("<strong>wrong fields (author)</strong> · attention · " + bib + ", line 1") !=
        std::string::npos);
  CHECK(html.out.find("<tr class=\"wrong\"><th scope=\"row\">author</th>") != std::string::npos);
  CHECK(html.out.find("Entirely Unheard Of Matters") != std::string::npos);
  CHECK(html.out.find("<script") == std::string::npos);
}

TEST_CASE("verify: what others wrote neither drives the terminal nor turns its direction") {
  World world;
  const Run run = world.verify("refs.bib",
                               "@article{turned, title = {Unheard \xE2\x80\xAE Of \x1b[2J}, author = {No "
                               "\xE2\x80\xAE Body}, year = 2999}\n");
  CHECK(run.status == 1);
  CHECK(run.out.find("turned") != run.out.npos);
  for (const std::string* text : {&run.out, &run.err}) {
    CHECK(text->find("\xE2\x80\xAE") == text->npos);
    CHECK(text->find('\x1b') == text->npos);
  }
}

TEST_CASE("verify: markup of others stays text on the page") {
  World world;
  const Run html =
      world.verify("refs.bib", "@article{a<b, title = {<script>alert(1)</script> & more}, year = 2015}\n",
                   {"--format", "html"});
  CHECK(html.out.find("<script") == std::string::npos);
  CHECK(html.out.find("&lt;script&gt;") != std::string::npos);
}

TEST_CASE("verify without a network, or offline, says of nothing that it does not exist") {
  World world;
  const std::string text =
      doi_entry + dblp_entry + invented + "@misc{id, title = {T}, eprint = {1706.03762}, year = 2017}\n";
  SECTION("offline") {
    const Run run = world.verify("refs.bib", text, {"--json", "--offline"});
    CHECK(run.status == 3);
    CHECK(verdicts(json::parse(run.out)) ==
          "things=could_not_verify attention=could_not_verify nowhere=could_not_verify id=could_not_verify ");
    CHECK(world.requests() == 0);
  }
  SECTION("every source refuses") {
    REQUIRE(world.program.arxiv().set_faults({"503"}));
    REQUIRE(world.sources.set_faults({"503"}));
    const Run run = world.verify("refs.bib", text, {"--json"});
    CHECK(run.status == 3);
    CHECK(verdicts(json::parse(run.out)) ==
          "things=could_not_verify attention=could_not_verify nowhere=could_not_verify id=could_not_verify ");
    CHECK(json::parse(run.out)["could_not_ask"].size() >= 4);
    CHECK(run.err.find("could not ask dblp: 127.0.0.1") != std::string::npos);
  }
}

TEST_CASE("a source that fails does not spoil the others") {
  World world;
  REQUIRE(world.sources.set_faults({"503:on=crossref"}));
  const Run run = world.verify("refs.bib", dblp_entry + openalex_entry + doi_entry, {"--json"});
  CHECK(run.status == 3);
  CHECK(verdicts(json::parse(run.out)) == "attention=verified shelves=verified things=could_not_verify ");
  CHECK(world.sources.report("crossref").requests <= 2);
}

TEST_CASE("a retracted work is not verified without a word about it") {
  World world;
  const Run run = world.verify("refs.bib",
                               "@article{cold, title = {Cold Things}, author = {Hasty, D.}, journal = "
                               "{Journal of Invented Things}, year = 1989, "
                               "doi = {10.5555/retracted.1}}\n");
  CHECK(run.out.find("notice: retracted, 10.5555/notice.1") != std::string::npos);
}

TEST_CASE("verify: arXiv flags no withdrawn paper in its feed, and the comment tells") {
  World world;
  const std::string text =
      "@misc{lower, title = {Lower order eigenvalues of the biharmonic operator}, author = {Huang, Guangyue "
      "and Ma, Bingqing}, eprint = {0906.3336}, archiveprefix = {arXiv}, year = 2009}\n";
  const Run run = world.verify("refs.bib", text);
  CHECK(run.status == 0);
  CHECK(run.out.find("notice: withdrawn") != run.out.npos);
  const json answer = json::parse(world.verify("refs.bib", text, {"--json"}).out);
  CHECK(verdicts(answer) == "lower=verified ");
  CHECK(answer["entries"][0]["notices"][0]["kind"] == "withdrawn");
}

TEST_CASE("verify: the version that is cited is the one that is compared, in the same request") {
  World world;
  const std::string first =
      "@misc{gpt, title = {{GPT-4} Technical Report}, author = {OpenAI}, eprint = {2303.08774v1}, "
      "archiveprefix = {arXiv}, year = 2023}\n";
  std::string sixth = first;
  sixth.replace(sixth.find("gpt"), 3, "six").replace(sixth.find("v1}"), 3, "v6}");
  const std::string other =
      "@misc{lower, title = {Lower order eigenvalues of the biharmonic operator}, author = {Huang, Guangyue "
      "and Ma, Bingqing}, eprint = {0906.3336}, archiveprefix = {arXiv}, year = 2009}\n";
  const Run run = world.verify("refs.bib", first + other + sixth, {"--json"});
  CHECK(verdicts(json::parse(run.out)) == "gpt=verified lower=verified six=wrong_fields ");
  CHECK(world.requests() == 1);
}

TEST_CASE("verify: a paper and its newest version, cited both, are one request and are kept") {
  World world;
  const std::string paper =
      "@misc{lower, title = {Lower order eigenvalues of the biharmonic operator}, author = {Huang, Guangyue "
      "and Ma, Bingqing}, eprint = {0906.3336}, archiveprefix = {arXiv}, year = 2009}\n";
  std::string newest = paper;
  newest.replace(newest.find("lower"), 5, "newest").replace(newest.find("3336}"), 5, "3336v2}");
  const Run run = world.verify("refs.bib", newest + paper, {"--json"});
  CHECK(verdicts(json::parse(run.out)) == "newest=verified lower=verified ");
  CHECK(world.requests() == 1);
  CHECK(world.verify("refs.bib", newest + paper, {"--json", "--offline"}).out == run.out);
}

TEST_CASE("verify: a version that arXiv does not have does not unmake the paper") {
  World world;
  const std::string text =
      "@misc{lower, title = {Lower order eigenvalues of the biharmonic operator}, author = {Huang, Guangyue "
      "and Ma, Bingqing}, eprint = {0906.3336v9}, archiveprefix = {arXiv}, year = 2009}\n"
      "@misc{none, title = {Entirely Unheard Of Matters}, author = {No Body}, eprint = {0906.9999v2}, "
      "archiveprefix = {arXiv}, year = 2009}\n";
  const Run run = world.verify("refs.bib", text, {"--json"});
  const json answer = json::parse(run.out);
  CHECK(verdicts(answer) == "lower=verified none=does_not_exist ");
}

TEST_CASE("verify: the year of a journal_ref is that of its venue") {
  World world;
  const Run run = world.verify(
      "refs.bib",
      "@article{decomposition, title = {Decomposition numbers for finite Coxeter groups and generalised "
      "non-crossing partitions}, author = {Krattenthaler, Christian and M{\\\"u}ller, Thomas}, journal = "
      "{Transactions of the American Mathematical Society}, volume = 362, year = 2010, eprint = {0704.0199}, "
      "archiveprefix = {arXiv}}\n",
      {"--json"});
  CHECK(verdicts(json::parse(run.out)) == "decomposition=verified ");
}

TEST_CASE("verify of what an .aux cites, and of a .bbl") {
  World world;
  write_file(world.program.path("refs.bib"), dblp_entry + invented);
  const Run aux = world.verify("main.aux", "\\citation{attention}\n\\bibdata{refs}\n", {"--json"});
  CHECK(verdicts(json::parse(aux.out)) == "attention=verified ");
  CHECK(aux.status == 0);
  const Run bbl =
      world.verify("main.bbl",
                   "\\begin{thebibliography}{1}\n\n\\bibitem{attention}\nAda Example and Bo O'Sample.\n"
                   "\\newblock Attention to invented things.\n\\newblock In {\\em InvConf}, 2019.\n\n"
                   "\\end{thebibliography}\n",
                   {"--json"});
  CHECK(verdicts(json::parse(bbl.out)) == "attention=verified ");
  CHECK(json::parse(bbl.out)["entries"][0]["line"] == 3);
}

TEST_CASE("verify: files that cannot be read") {
  World world;
  write_file(world.program.path("refs.bib"), dblp_entry);
  const Run run =
      world.program.run({"verify", world.program.path("none.bib"), world.program.path("refs.bib"), "--json"});
  CHECK(run.status == 4);
  CHECK(verdicts(json::parse(run.out)) == "attention=verified ");
  CHECK(run.err.find("none.bib: no such file") != std::string::npos);
}

TEST_CASE("verify: what the local index confirms is asked of nobody") {
  World world;
  write_file(
      world.program.path("snapshot.json"),
      R"({"id": "2101.99999", "title": "Things in an Index", "authors": "Ida Dex, Bo Line", )"
      R"("authors_parsed": [["Dex", "Ida", ""], ["Line", "Bo", ""]], "abstract": "Short.", )"
      R"("categories": "cs.DL", "versions": [{"version": "v1", "created": "Mon, 4 Jan 2021 00:00:00 GMT"}], )"
      R"("update_date": "2021-01-05"})"
      "\n");
  REQUIRE(world.program.run({"cache", "import", world.program.path("snapshot.json")}).status == 0);
  const std::string entry =
      "@misc{dex, title = {Things in an Index}, author = {Dex, Ida and Line, Bo}, eprint = {2101.99999}, "
      "year = "
      "2021}\n";
  const Run run = world.verify("refs.bib", entry, {"--json"});
  CHECK(verdicts(json::parse(run.out)) == "dex=verified ");
  CHECK(json::parse(run.out)["entries"][0]["records"][0]["source"] == "arxiv-snapshot");
  CHECK(world.requests() == 0);

  // An accusation needs another look.
  std::string wrong = entry;
  wrong.replace(wrong.find("Line, Bo"), 8, "Nobody, Z");
  const Run accused = world.verify("refs.bib", wrong, {"--json", "--offline"});
  CHECK(verdicts(json::parse(accused.out)) == "dex=wrong_fields ");
  CHECK(world.requests() == 0);
  world.verify("refs.bib", wrong, {"--json"});
  CHECK(world.requests() > 0);
}

TEST_CASE("verify: what was accepted, with a reason, is no finding until something else is found") {
  World world;
  std::string text = dblp_entry;
  text.replace(text.find("2019"), 4, "2016");
  const std::string config = world.program.path("bibsmith.toml");
  write_file(config, "# ours\n[output]\nauthors_max = 9 # enough");
  REQUIRE(world.verify("refs.bib", text).status == 1);
  CHECK(world.verify("refs.bib", text, {"--accept", "attention"}).status == 2);
  CHECK(world.verify("refs.bib", text, {"--accept", "nobody", "--reason", "x"}).status == 2);
  // What could not be asked about is nothing to accept.
  CHECK(world.verify("new.bib", invented, {"--offline", "--accept", "nowhere", "--reason", "x"}).status == 3);
  const Run done =
      world.verify("refs.bib", text, {"--accept", "attention", "--reason", "the \"print\" edition"});
  CHECK(done.status == 0);
  CHECK(done.err.find("accepted wrong fields (year) of attention") != done.err.npos);
  CHECK(read_file(config) ==
        "# ours\n[output]\nauthors_max = 9 # enough\n\n[verify.accept.\"attention\"]\nwhat = [\"year\"]\n"
        "reason = \"the \\\"print\\\" edition\"\n");

  const Run accepted = world.verify("refs.bib", text);
  CHECK(accepted.status == 0);
  CHECK(accepted.out.empty());
  CHECK(accepted.err.find("0 of 1 verified, 1 with wrong fields") != accepted.err.npos);
  CHECK(accepted.err.find("; 1 accepted") != accepted.err.npos);
  const Run all = world.verify("refs.bib", text, {"-v"});
  CHECK(all.out.find("accepted (wrong fields (year)): attention\n  because: the \"print\" edition\n") !=
        all.out.npos);
  const json answer = json::parse(world.verify("refs.bib", text, {"--json"}).out);
  CHECK(answer["entries"][0]["accepted"] == "the \"print\" edition");
  CHECK(answer["counts"]["accepted"] == 1);
  CHECK(world.verify("refs.bib", text, {"--format", "html"}).out.find("<strong>Accepted:</strong>") !=
        text.npos);

  std::string worse = text;
  worse.replace(worse.find("Ada Example and Bo O'Sample"), 27, "Zo Nobody and Xi Noone");
  CHECK(world.verify("refs.bib", worse).status == 1);
  CHECK(world.verify("refs.bib", text, {"--accept", "attention", "--reason", "again"}).status == 4);
  CHECK(world.program.run({"undo", config}).status == 0);
  CHECK(read_file(config) == "# ours\n[output]\nauthors_max = 9 # enough");
}

TEST_CASE("verify: a list of references as people paste it") {
  World world;
  const std::string list =
      "References\n[1] A. Example and B. O'Sample. Attention to Invented Things. In InvConf, 2019.\n"
      "[2] N. Body. Entirely Unheard Of\n    Matters. Nature, 2015.\n";
  const Run run = world.verify("list.txt", list, {"--json"});
  const json answer = json::parse(run.out);
  CHECK(verdicts(answer) ==
        "Attention to Invented Things=verified Entirely Unheard Of Matters=could_not_verify ");
  CHECK(answer["entries"][1]["line"] == 3);
  const Run pasted = world.program.run({"verify", "-"}, list);
  CHECK(pasted.out.starts_with("-:3: could not verify: Entirely Unheard Of Matters\n"));
  CHECK(world.program.run({"verify", "-"}, dblp_entry).status == 0);
}

TEST_CASE("verify against DBLP's dump and OpenAlex's snapshot, without a network") {
  World world;
  write_file(world.program.path("dblp.xml"),
             "<?xml version=\"1.0\"?>\n<!DOCTYPE dblp SYSTEM \"dblp.dtd\">\n<dblp>\n"
             "<inproceedings mdate=\"2020-01-01\" key=\"conf/inv/D19\">\n<author>Dee Ump</author>\n"
             "<title>Things in a Dump.</title>\n<booktitle>InvConf</booktitle>\n<year>2019</year>\n"
             "</inproceedings>\n</dblp>\n");
  write_file(
      world.program.path("openalex.jsonl"),
      R"({"id": "https://openalex.org/W1", "title": "Things in a Snapshot", "publication_year": 2012, )"
      R"("authorships": [{"author": {"display_name": "Sue Nap"}}], "doi": "https://doi.org/10.5555/snap", )"
      R"("primary_location": {"source": {"display_name": "Journal of Snaps", "type": "journal"}}})"
      "\n{}\n");
  const Run run = world.program.run(
      {"cache", "import", world.program.path("dblp.xml"), world.program.path("openalex.jsonl"), "--json"});
  CHECK(run.status == 0);
  CHECK(run.out.find("\"dblp\"") != run.out.npos);
  CHECK(run.err.find("1 left out, the first: line 2: the work has no title") != run.err.npos);
  const Run verified = world.verify("refs.bib",
                                    "@inproceedings{dump, title = {Things in a Dump}, author = {Ump, Dee}, "
                                    "booktitle = {InvConf}, year = 2019}\n"
                                    "@article{snap, title = {Things in a Snapshot}, author = {Nap, S.}, "
                                    "journal = {Journal of Snaps}, year = 2012}\n",
                                    {"--json", "--offline"});
  CHECK(verdicts(json::parse(verified.out)) == "dump=verified snap=verified ");
  CHECK(verified.status == 0);
  CHECK(world.requests() == 0);
}
