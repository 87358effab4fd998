#include <filesystem>
#include <fstream>
#include <iterator>
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

const std::string reading_list =
    "# To read\n"
    "Attention is all you need\n"
    "- Adam: A Method for Stochastic Optimisation (2014)\n"
    "A Paper that Nobody Wrote about Nothing at All\n";

json match_json(CliProgram& program, const std::string& list, std::vector<std::string> more = {}) {
  std::vector<std::string> arguments = {"--json", "match", "-"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return json::parse(program.run(arguments, list).out);
}

}  // namespace

TEST_CASE("match turns titles into entries") {
  CliProgram program;
  const Run run = program.run({"match", "-"}, "Attention is all you need\n");
  CHECK(run.status == 0);
  CHECK(run.out.find("@misc{vaswani2017attention,") == 0);
  CHECK(run.err == "bibsmith: 1 of 1 found\n");
  CHECK(program.arxiv().report().requests == 1);
}

TEST_CASE("a title of a list does not turn the direction of the terminal, nor drive it") {
  CliProgram program;
  const Run run = program.run({"--offline", "match", "--report", "-"},
                              "Something Entirely \xE2\x80\xAEUnknown\x1b[2J\xC2\x9B of Nobody\n");
  CHECK(run.out.find("Something Entirely") != run.out.npos);
  for (const std::string* text : {&run.out, &run.err}) {
    INFO(*text);
    CHECK(text->find("\xE2\x80\xAE") == text->npos);
    CHECK(text->find('\x1b') == text->npos);
    CHECK(text->find("\xC2\x9B") == text->npos);
  }
}

TEST_CASE("match reports what it found, and what it did not") {
  CliProgram program;
  const Run run = program.run({"match", "--report", "-"}, reading_list);
  CHECK(run.status == 1);
  CHECK(run.out ==
        "found\t2\t1706.03762\tAttention is all you need\tsame title\n"
        "found\t3\t1412.6980\tAdam: A Method for Stochastic Optimisation\ttitle but for typos, same year\n"
        "none\t4\t\tA Paper that Nobody Wrote about Nothing at All\t\n");
  CHECK(run.err == "bibsmith: 2 of 3 found\n");
}

TEST_CASE("what was matched once needs no network") {
  CliProgram program;
  REQUIRE(program.run({"match", "-"}, "Attention is all you need\n").status == 0);
  const auto requests = program.arxiv().report().requests;
  const Run run = program.run({"--offline", "match", "--report", "-"}, "Atention is all you nead\n");
  CHECK(run.status == 0);
  CHECK(run.out.starts_with("found\t1\t1706.03762\t"));
  CHECK(program.arxiv().report().requests == requests);
  const Run unknown =
      program.run({"--offline", "match", "--report", "-"}, "Something Else Entirely Unknown\n");
  CHECK(unknown.status == 3);
  CHECK(unknown.out.starts_with("could_not_ask\t1\t"));
}

TEST_CASE("match --to inserts, and does not double") {
  CliProgram program;
  const std::string file = program.path("refs.bib");
  const Run first = program.run({"match", "-", "--to", file}, reading_list);
  CHECK(first.status == 1);
  CHECK(first.out == "vaswani2017attention\nkingma2014adam\n");
  const std::string text = read_file(file);
  CHECK(program.run({"match", "-", "--to", file}, reading_list).out.empty());
  CHECK(read_file(file) == text);
}

TEST_CASE("match --json gives evidence for every item") {
  CliProgram program;
  const json document = match_json(program, reading_list);
  CHECK(document["form"] == "titles");
  CHECK(document["counts"]["found"] == 2);
  CHECK(document["counts"]["none"] == 1);
  CHECK(document["items"][0]["arxiv_id"] == "1706.03762");
  CHECK(document["items"][0]["road"] == "arxiv");
  CHECK(document["items"][0]["chosen"][0]["evidence"]["title"] == "same");
  CHECK(document["items"][2]["arxiv_id"].is_null());
  CHECK(document["headings"][0]["text"] == "# To read");
  CHECK(document["error"].is_null());
}

TEST_CASE("a .bib file without identifiers, ids, and references are matched too") {
  CliProgram program;
  const json bib =
      match_json(program,
                 "@article{v, title = {Attention Is All You Need}, author = {Vaswani, Ashish and "
                 "Shazeer, Noam}, year = 2017}\n"
                 "@article{w, title = {Attention Is All You Need}, author = {Somebody Else}}\n");
  CHECK(bib["items"][0]["status"] == "found");
  CHECK(bib["items"][0]["key"] == "v");
  CHECK(bib["items"][1]["status"] == "none");
  CHECK(bib["items"][1]["refused"][0]["evidence"]["authors"] == false);
  const json ids = match_json(program, "https://arxiv.org/abs/1706.03762v5\n");
  CHECK(ids["items"][0]["road"] == "id");
  const json references = match_json(program,
                                     "[1] A. Vaswani, N. Shazeer, and N. Parmar. Attention is all\n"
                                     "you need. In NeurIPS, 2017.\n");
  CHECK(references["form"] == "references");
  CHECK(references["items"][0]["arxiv_id"] == "1706.03762");
}

TEST_CASE("a list that cannot be read, and arXiv that cannot be asked, are said") {
  CliProgram program({"429@*"});
  CHECK(program.run({"match", program.path("none.txt")}).status == 4);
  program.environment()["BIBSMITH_ARXIV_URL"] = "http://127.0.0.1:9/api/query";
  const Run run = program.run({"match", "--report", "-"}, "Attention is all you need\n");
  CHECK(run.status == 3);
  CHECK(run.out.starts_with("could_not_ask\t1\t\tAttention"));
  CHECK(program.run({"match", "-"}, "").status == 1);
}

TEST_CASE("a paper that cannot be asked for by its id leaves the other items found or not found") {
  CliProgram program({"html:on=atom@1", "html:on=oai"});
  program.environment()["BIBSMITH_DATACITE_URL"] = "http://127.0.0.1:9";
  const Run run = program.run({"match", "--report", "-"},
                              "arXiv:2401.00001 On the Things of Some Kind\n"
                              "Something Else Entirely Unknown to Anybody\nAttention is all you need\n");
  CHECK(run.status == 3);
  INFO(run.out << run.err << program.arxiv().report().requests);
  CHECK(run.out.find("could_not_ask\t1\t") != run.out.npos);
  CHECK(run.out.find("none\t2\t") != run.out.npos);
  CHECK(run.out.find("found\t3\t1706.03762") != run.out.npos);
}

TEST_CASE("offline, search answers from the index") {
  CliProgram program;
  const Run empty = program.run({"--offline", "search", "attention"});
  CHECK(empty.status == 3);
  CHECK(empty.err.find("the local index is empty") != std::string::npos);
  REQUIRE(program.run({"get", "1706.03762", "1412.6980"}).status == 0);
  const auto requests = program.arxiv().report().requests;
  CHECK(program.run({"--offline", "search", "atention", "--author", "vaswani"})
            .out.starts_with("1706.03762\t2017\t"));
  CHECK(program.run({"search", "--local", "--title", "adam"}).out.starts_with("1412.6980\t"));
  CHECK(program.run({"search", "--local", "nothing of the kind"}).status == 1);
  CHECK(program.arxiv().report().requests == requests);
}

TEST_CASE("a snapshot in JSON lines is imported, and gives entries offline") {
  CliProgram program;
  const std::string file = program.path("snapshot.json");
  const auto line = [](const std::string& id, const std::string& title) {
    return json{{"id", id},
                {"submitter", "Ann"},
                {"authors", "Ann Author, Bob Builder Jr"},
                {"title", title},
                {"comments", "3 pages"},
                {"journal-ref", nullptr},
                {"doi", nullptr},
                {"report-no", nullptr},
                {"categories", "cs.LG stat.ML"},
                {"license", nullptr},
                {"abstract", "  We study\n it."},
                {"versions", json::array({{{"version", "v1"}, {"created", "Mon, 2 Apr 2007 19:18:42 GMT"}},
                                          {{"version", "v2"}, {"created", "Tue, 3 Apr 2018 19:18:42 GMT"}}})},
                {"update_date", "2018-04-04"},
                {"authors_parsed", json::array({{"Author", "Ann", ""}, {"Builder", "Bob", "Jr"}})}}
               .dump() +
           '\n';
  };
  write_file(file, line("0704.0001", "On\n  the First Paper") + "{\"id\": 3}\n\nnonsense\n" +
                       line("0704.0002", "On the Second Paper"));
  const Run run = program.run({"cache", "import", file});
  CHECK(run.status == 0);
  CHECK(run.err.find("2 records") != std::string::npos);
  CHECK(run.err.find("2 left out, the first: line 2") != std::string::npos);
  const Run entry = program.run({"--offline", "match", "-"}, "On the Frist Paper\n");
  CHECK(entry.status == 0);
  CHECK(entry.out.find("= {Author, Ann and Builder, Jr, Bob}") != std::string::npos);
  CHECK(entry.out.find("= {2007}") != std::string::npos);
  CHECK(program.run({"--offline", "get", "0704.0002"}).status == 0);
  CHECK(program.arxiv().report().requests == 0);
  const json again = json::parse(program.run({"--json", "cache", "import", file}).out);
  CHECK(again["records"] == 2);
  CHECK(again["kind"] == "snapshot");
  CHECK(program.run({"cache", "clear"}).status == 0);
  CHECK(program.run({"--offline", "get", "0704.0002"}).status == 3);
}

TEST_CASE("pages of OAI-PMH are imported, one behind the other") {
  CliProgram program;
  const auto page = [](const std::string& id, const std::string& title) {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<OAI-PMH "
           "xmlns=\"http://www.openarchives.org/OAI/2.0/"
           "\"><ListRecords><record><header><identifier>oai:arXiv.org:" +
           id +
           "</identifier><datestamp>2018-04-04</datestamp></header><metadata><arXiv "
           "xmlns=\"http://arxiv.org/OAI/arXiv/\"><id>" +
           id +
           "</id><created>2007-04-02</created><authors><author><keyname>Author</keyname><forenames>Ann</"
           "forenames>"
           "</author></authors><title>" +
           title +
           "</title><categories>cs.LG</categories><abstract>It is.</abstract></arXiv></metadata></record>"
           "<record><header status=\"deleted\"><identifier>oai:arXiv.org:0704.9999</identifier>"
           "<datestamp>2018-04-04</datestamp></header></record></ListRecords></OAI-PMH>\n";
  };
  write_file(program.path("pages.xml"),
             page("0704.0001", "On Pages") + page("0704.0002", "On More Pages") + "<html>");
  const json answer = json::parse(program.run({"--json", "cache", "import", program.path("pages.xml")}).out);
  CHECK(answer["kind"] == "oai");
  CHECK(answer["records"] == 2);
  CHECK(answer["left_out"] == 3);
  CHECK(answer["first_left_out"] == "page 1: oai:arXiv.org:0704.9999 was deleted");
  CHECK(program.run({"--offline", "search", "pages"}).out ==
        "0704.0002\t2007\tAnn Author\tOn More Pages\n0704.0001\t2007\tAnn Author\tOn Pages\n");
}

TEST_CASE("what cannot be imported is said") {
  CliProgram program;
  write_file(program.path("empty"), "");
  write_file(program.path("text"), "hello\n");
  write_file(program.path("bad.json"), "{\n");
  CHECK(program.run({"cache", "import", program.path("none")}).err ==
        "bibsmith: cannot import " + program.path("none") + ": it cannot be opened\n");
  CHECK(program.run({"cache", "import", program.path("empty")}).status == 4);
  CHECK(program.run({"cache", "import", program.path("text")}).status == 4);
  CHECK(program.run({"cache", "import", program.path("bad.json")}).status == 4);
}

TEST_CASE("a harvest fills the index, page by page, and goes on after it was cut off") {
  CliProgram program;
  program.environment()["BIBSMITH_OAI_URL"] = program.arxiv().oai_url();
  const json all = json::parse(program.run({"--json", "harvest"}).out);
  CHECK(all["finished"] == true);
  CHECK(all["records"].get<int>() > 10);
  CHECK(program.run({"--offline", "get", "1706.03762"}).status == 0);
  const json news = json::parse(program.run({"--json", "harvest"}).out);
  CHECK(news["from"] != "");
  CHECK(program.run({"--offline", "harvest"}).status == 3);
  CHECK(program.run({"harvest", "--from", "soon"}).status == 2);
}
