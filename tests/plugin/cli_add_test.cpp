#include <algorithm>
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

TEST_CASE("add makes the file, and prints the keys") {
  CliProgram program;
  const std::string bib = program.path("refs.bib");
  const Run run = program.run({"add", "1706.03762", "1412.6980", "--to", bib});
  CHECK(run.status == 0);
  CHECK(run.out == "vaswani2017attention\nkingma2014adam\n");
  CHECK(run.err == "bibsmith: added 1706.03762 to " + bib + " as vaswani2017attention\n" +
                       "bibsmith: added 1412.6980 to " + bib + " as kingma2014adam\n");
  const std::string text = read_file(bib);
  CHECK(text.starts_with("@misc{vaswani2017attention,\n"));
  CHECK(text.find("\n}\n\n@misc{kingma2014adam,\n") != text.npos);
  CHECK(text.ends_with("\n}\n"));
}

TEST_CASE("add writes in the file's style and touches no other byte") {
  CliProgram program;
  const std::string bib = program.path("refs.bib");
  const std::string before =
      "% my papers\r\n"
      "@ARTICLE{zzz2001,\r\n"
      "\tAUTHOR = \"A. Zzz\",\r\n"
      "\tTITLE = \"Nothing\",\r\n"
      "\tYEAR = 2001\r\n"
      "}\r\n"
      "junk @ the end\r\n";
  write_file(bib, before);
  const Run run = program.run({"add", "1706.03762", "--to", bib});
  CHECK(run.status == 0);
  const std::string after = read_file(bib);
  // What was there is there, in order, around one insertion.
  std::size_t same = 0;
  while (same < before.size() && before[same] == after[same]) ++same;
  REQUIRE(after.size() > before.size());
  CHECK(after.substr(after.size() - (before.size() - same)) == before.substr(same));
  const std::string added = after.substr(same, after.size() - before.size());
  CHECK(added.find("@MISC{vaswani2017attention,\r\n") != added.npos);
  CHECK(added.find("\tTITLE = \"Attention Is All You Need\",\r\n") != added.npos);
  CHECK(added.find("\tYEAR = 2017") != added.npos);
}

TEST_CASE("add abbreviates journals in a file that does, unless the settings say otherwise") {
  CliProgram program;
  const std::string bib = program.path("refs.bib");
  const std::string before =
      "@string{pr = {Phys. Rev.}}\n"
      "@article{a, author = {A}, title = {B}, journal = pr # { D}, year = {2001}, volume = {1}, pages = "
      "{2}}\n"
      "@article{b, author = {A}, title = {C}, journal = {Nature}, year = {2001}, volume = {1}, pages = "
      "{2}}\n";
  write_file(bib, before);
  REQUIRE(program.run({"add", "1602.03837", "--to", bib}).status == 0);
  CHECK(read_file(bib).find("= {Phys. Rev. Lett.}") != std::string::npos);

  write_file(bib, before);
  const std::string config = program.path("full.toml");
  write_file(config, "[output]\njournals = \"full\"\n");
  REQUIRE(program.run({"--config", config, "add", "1602.03837", "--to", bib}).status == 0);
  CHECK(read_file(bib).find("= {Physical Review Letters}") != std::string::npos);
}

TEST_CASE("add follows the dialect of the file") {
  CliProgram program;
  const std::string bib = program.path("refs.bib");
  write_file(bib, "@online{a, author = {A}, title = {B}, date = {2001}, url = {http://x}}\n");
  REQUIRE(program.run({"add", "1706.03762", "--to", bib}).status == 0);
  CHECK(read_file(bib).find("@online{vaswani2017attention") != std::string::npos);
  CHECK(read_file(bib).find("2017-06-12") != std::string::npos);
}

TEST_CASE("add does not double what is there, under whatever key and form") {
  CliProgram program;
  const std::string bib = program.path("refs.bib");
  const std::string before =
      "@misc{transformer, eprint = {1706.03762v5}, archivePrefix = {arXiv}}\n\n"
      "@article{adam, doi = {10.48550/arXiv.1412.6980}}\n\n"
      "@misc{maldacena, url = \"https://arxiv.org/abs/hep-th/9711200\"}\n";
  write_file(bib, before);
  const Run run = program.run({"add", "1706.03762", "1412.6980", "hep-th/9711200v3", "--to", bib});
  CHECK(run.status == 0);
  CHECK(run.out.empty());
  CHECK(run.err == "bibsmith: 1706.03762 is already in " + bib + " as transformer (line 1)\n" +
                       "bibsmith: 1412.6980 is already in " + bib + " as adam (line 3)\n" +
                       "bibsmith: hep-th/9711200v3 is already in " + bib + " as maldacena (line 5)\n");
  CHECK(read_file(bib) == before);
  CHECK(program.arxiv().report().requests == 0);
}

TEST_CASE("add takes no key that the file has") {
  CliProgram program;
  const std::string bib = program.path("refs.bib");
  write_file(bib, "@misc{Vaswani2017Attention, title = {Another}}\n");
  const Run run = program.run({"add", "1706.03762", "--to", bib});
  CHECK(run.out == "vaswani2017attentiona\n");
}

TEST_CASE("where nothing can be added the file is as it was") {
  CliProgram program;
  const std::string bib = program.path("refs.bib");
  write_file(bib, "@misc{a}\n");
  CHECK(program.run({"add", "2411.99999", "--to", bib}).status == 1);
  CHECK(program.run({"add", "nonsense", "--to", bib}).status == 2);
  CHECK(program.run({"--offline", "add", "1706.03762", "--to", bib}).status == 3);
  CHECK(read_file(bib) == "@misc{a}\n");
  CHECK(program.run({"add", "2411.99999", "--to", program.path("new.bib")}).status == 1);
  CHECK_FALSE(std::filesystem::exists(program.path("new.bib")));
}

TEST_CASE("files that cannot be changed end with status 4 and a reason") {
  CliProgram program;
  std::filesystem::create_directories(program.path("folder"));
  const Run folder = program.run({"add", "1706.03762", "--to", program.path("folder")});
  CHECK(folder.status == 4);
  CHECK(folder.err == "bibsmith: " + program.path("folder") + " is a directory\n");

  write_file(program.path("utf16.bib"), std::string("\xFF\xFE@\0m\0i\0s\0c\0", 12));
  const Run utf16 = program.run({"add", "1706.03762", "--to", program.path("utf16.bib")});
  CHECK(utf16.status == 4);
  CHECK(utf16.err.find("text is UTF-16: convert it to UTF-8") != utf16.err.npos);
}

TEST_CASE("add refuses a file that is no .bib file") {
  CliProgram program;
  const std::string path = program.path("paper.tex");
  for (const std::string& text :
       {std::string("\\documentclass{article}\n% a comment\n"), std::string("\x89PNG\r\n\x1a\n\0\0", 10),
        std::string("a list of references\n"), std::string(500, '\0')}) {
    write_file(path, text);
    const Run run = program.run({"add", "1706.03762", "--to", path});
    CHECK(run.status == 4);
    CHECK(run.err == "bibsmith: " + path + ": the file has text, but no entry: is it a .bib file?\n");
    CHECK(read_file(path) == text);
  }
  for (const char* text :
       {"", "\n\n", "% mine\n # too\r\n", "\xEF\xBB\xBF% mine\n", "@string{a = 1}", "@comment{x}"}) {
    CAPTURE(text);
    write_file(path, text);
    CHECK(program.run({"add", "1706.03762", "--to", path}).status == 0);
    CHECK(read_file(path).starts_with(text));
  }
}

TEST_CASE("a file in Latin-1 stays one: what is added is ASCII") {
  CliProgram program;
  const std::string bib = program.path("refs.bib");
  const std::string before = "@book{m, author = {M\xFCller}, title = {\xC4pfel}}\n";
  write_file(bib, before);
  REQUIRE(program.run({"add", "1810.04805", "hep-th/9711200", "--to", bib}).status == 0);
  const std::string after = read_file(bib);
  CHECK(after.starts_with(before));
  CHECK(std::all_of(after.begin() + static_cast<std::ptrdiff_t>(before.size()), after.end(),
                    [](char c) { return static_cast<unsigned char>(c) < 0x80; }));
}

TEST_CASE("add --json tells what was added, was there, and failed") {
  CliProgram program;
  const std::string bib = program.path("refs.bib");
  write_file(bib, "\n@misc{adam, eprint = {1412.6980}}\n");
  const Run run = program.run({"--json", "add", "1706.03762", "1412.6980", "2411.99999", "--to", bib});
  const json document = json::parse(run.out);
  CHECK(document["changed"] == true);
  CHECK(document["added"][0]["key"] == "vaswani2017attention");
  CHECK(document["present"] == json::array({{{"id", "1412.6980"}, {"key", "adam"}, {"line", 2}}}));
  CHECK(document["not_found"] == json::array({"2411.99999"}));
  CHECK(run.status == 1);
}

TEST_CASE("adding several papers at once is adding them one by one") {
  const std::vector<std::string> ids = {"1706.03762", "1412.6980", "hep-th/9711200", "1602.03837"};
  const std::string before =
      GENERATE(as<std::string>{}, "", "@misc{zzz}", "@misc{zzz}\n\n\n", "% only junk",
               "@misc{a}\n@misc{b}\n@misc{m}\n@misc{z}\n", "@misc{z}\n@misc{a}\n\n% end\n");
  CAPTURE(before);
  CliProgram program;
  write_file(program.path("once.bib"), before);
  write_file(program.path("one.bib"), before);
  std::vector<std::string> arguments = {"add", "--to", program.path("once.bib")};
  arguments.insert(arguments.end(), ids.begin(), ids.end());
  REQUIRE(program.run(arguments).status == 0);
  for (const std::string& id : ids)
    REQUIRE(program.run({"add", id, "--to", program.path("one.bib")}).status == 0);
  CHECK(read_file(program.path("once.bib")) == read_file(program.path("one.bib")));
}

TEST_CASE("add tells of an entry with the title and authors of the paper, and adds it all the same") {
  CliProgram program;
  const std::string bib = program.path("refs.bib");
  write_file(
      bib,
      "% mine\n@inproceedings{adam, title = {Adam: A Method for {Stochastic} Optimization}, author = {D. P. "
      "Kingma and J. Ba}, year = 2015}\n");
  const Run run = program.run({"add", "1412.6980", "--to", bib});
  CHECK(run.status == 0);
  CHECK(run.out == "kingma2014adam\n");
  CHECK(run.err ==
        "bibsmith: added 1412.6980 to " + bib + " as kingma2014adam\nbibsmith: 1412.6980 may be in " + bib +
            " already: adam (line 2) has its title and authors; bibsmith dedupe looks for such entries\n");
  write_file(bib, "@book{adam, title = {Adam}, author = {Kingma, D.}, year = 2015}\n");
  const json answer = json::parse(program.run({"--json", "add", "1412.6980", "--to", bib}).out);
  CHECK(answer["possible_duplicates"].empty());
}
