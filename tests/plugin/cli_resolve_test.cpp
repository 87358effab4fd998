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

constexpr const char* two_papers =
    "\\citation{arXiv:1706.03762,knuth}\n\\citation{1412.6980}\n\\bibdata{auto,mine}\n";

bool has(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }

}  // namespace

TEST_CASE("resolve fetches what is cited and missing, in one request, and then asks nobody") {
  CliProgram program;
  const std::string aux = program.path("main.aux");
  const std::string bib = program.path("auto.bib");
  write_file(aux, two_papers);
  Run run = program.run({"resolve", aux});
  CHECK(run.status == 0);
  CHECK(run.out == "arXiv:1706.03762\n1412.6980\n");
  CHECK(run.err == "bibsmith: added 1706.03762 to " + bib + " as arXiv:1706.03762\n" +
                       "bibsmith: added 1412.6980 to " + bib + " as 1412.6980\n");
  const std::string text = read_file(bib);
  CHECK(text.starts_with("@misc{arXiv:1706.03762,\n"));
  CHECK(has(text, "\n@misc{1412.6980,\n"));
  CHECK(program.arxiv().report().requests == 1);

  const auto written = std::filesystem::last_write_time(bib);
  run = program.run({"resolve", aux, "--to", bib});
  CHECK(run.status == 0);
  CHECK(run.out.empty());
  CHECK(run.err.empty());
  CHECK(read_file(bib) == text);
  CHECK(std::filesystem::last_write_time(bib) == written);
  CHECK(program.arxiv().report().requests == 1);
}

TEST_CASE("resolve: a bibliography that the source names is made, even if nothing goes into it") {
  CliProgram program;
  write_file(program.path("main.aux"), "\\citation{knuth}\n\\bibdata{auto,mine}\n");
  CHECK(program.run({"resolve", program.path("main.aux")}).status == 0);
  CHECK(read_file(program.path("auto.bib")) == "% bibsmith puts here what is cited by request keys.\n");
  CHECK_FALSE(std::filesystem::exists(program.path("mine.bib")));
  CHECK(program.arxiv().report().requests == 0);
}

TEST_CASE("resolve: a key that any of the bibliographies has is not missing") {
  CliProgram program;
  write_file(program.path("main.aux"), two_papers);
  write_file(program.path("mine.bib"),
             "@misc{arXiv:1706.03762, title = {x}}\n@online{a, ids = {b, 1412.6980}}\n");
  CHECK(program.run({"resolve", program.path("main.aux")}).out.empty());
  CHECK(program.arxiv().report().requests == 0);
}

TEST_CASE("resolve: without a place for entries nothing is done") {
  CliProgram program;
  write_file(program.path("main.aux"), "\\citation{1412.6980}\n\\bibdata{mine,yours}\n");
  const Run run = program.run({"resolve", program.path("main.aux")});
  CHECK(run.status == 4);
  CHECK(run.err ==
        "bibsmith: where shall new entries go? Name a file with --to, or let the source name auto.bib\n");
  CHECK(program.run({"resolve", program.path("no.aux")}).err ==
        "bibsmith: " + program.path("no.aux") + ": no such file\n");
}

TEST_CASE("resolve: what cannot be had does not hold up the others") {
  CliProgram program;
  write_file(program.path("main.aux"), "\\citation{1706.99999,1412.6980}\n\\bibdata{auto}\n");
  Run run = program.run({"resolve", program.path("main.aux")});
  CHECK(run.status == 1);
  CHECK(run.out == "1412.6980\n");
  CHECK(has(run.err, "bibsmith: 1706.99999: arXiv has no such paper\n"));
  const auto requests = program.arxiv().report().requests;
  run = program.run({"resolve", program.path("main.aux")});  // remembered
  CHECK(run.status == 1);
  CHECK(program.arxiv().report().requests == requests);
}

TEST_CASE("resolve: biblatex has one entry for a paper, BibTeX one for each key") {
  CliProgram program;
  write_file(program.path("main.tex"), "\\addbibresource{auto.bib}\\cite{arXiv:1412.6980,1412.6980}");
  CHECK(program.run({"resolve", program.path("main.tex")}).out == "arXiv:1412.6980\narXiv:1412.6980\n");
  const std::string biblatex = read_file(program.path("auto.bib"));
  CHECK(biblatex.starts_with("@online{arXiv:1412.6980,\n"));
  CHECK(has(biblatex, "ids           = {1412.6980}"));
  CHECK(program.run({"resolve", program.path("main.tex")}).out.empty());

  write_file(program.path("old.tex"), "\\bibliography{old}\\cite{arXiv:1412.6980,1412.6980}");
  CHECK(program.run({"resolve", program.path("old.tex")}).out == "arXiv:1412.6980\n1412.6980\n");
}

TEST_CASE("resolve --ids gives usual keys and keeps the citations") {
  CliProgram program;
  write_file(program.path("main.tex"), "\\addbibresource{auto.bib}\\cite{arXiv:1412.6980}");
  CHECK(program.run({"resolve", program.path("main.tex"), "--ids"}).out == "kingma2014adam\n");
  CHECK(has(read_file(program.path("auto.bib")), "ids           = {arXiv:1412.6980}"));
  CHECK(program.run({"resolve", program.path("main.tex"), "--ids"}).out.empty());
}

TEST_CASE("resolve --rewrite cites the papers by usual keys") {
  CliProgram program;
  const std::string tex = program.path("main.tex");
  const std::string part = program.path("part.tex");
  write_file(tex, "\\bibliography{auto}\\cite{arXiv:1412.6980, x} % \\cite{1412.6980}\n\\input{part}");
  write_file(part, "\\citep[p.~3]{1706.03762}");
  const std::string map = program.path("map.tsv");
  const Run run = program.run({"resolve", tex, "--rewrite", "--map", map});
  CHECK(run.status == 0);
  CHECK(run.out == "arXiv:1412.6980\tkingma2014adam\n1706.03762\tvaswani2017attention\n");
  CHECK(read_file(map) == run.out);
  CHECK(read_file(tex) == "\\bibliography{auto}\\cite{kingma2014adam, x} % \\cite{1412.6980}\n\\input{part}");
  CHECK(read_file(part) == "\\citep[p.~3]{vaswani2017attention}");
  CHECK(program.run({"undo", tex}).status == 0);
  CHECK(read_file(tex).find("arXiv:1412.6980") != std::string::npos);

  // A paper that is there under another key is cited by that.
  write_file(program.path("auto.bib"), "@misc{adam, eprint = {1412.6980}, archiveprefix = {arXiv}}\n");
  write_file(tex, "\\bibliography{auto}\\cite{1412.6980}");
  CHECK(program.run({"resolve", tex, "--rewrite"}).out == "1412.6980\tadam\n");
  CHECK(read_file(tex) == "\\bibliography{auto}\\cite{adam}");

  write_file(program.path("main.aux"), two_papers);
  CHECK(program.run({"resolve", program.path("main.aux"), "--rewrite"}).err ==
        "bibsmith: keys are rewritten in the sources: name the .tex file, and not what LaTeX made of it\n");
}

TEST_CASE("resolve tells of the same paper under another key") {
  CliProgram program;
  write_file(program.path("main.aux"), "\\citation{1412.6980}\n\\bibdata{auto,mine}\n");
  write_file(program.path("mine.bib"), "@misc{adam, eprint = {1412.6980}, archiveprefix = {arXiv}}\n");
  const Run run = program.run({"resolve", program.path("main.aux")});
  CHECK(run.out == "1412.6980\n");
  CHECK(has(run.err, "1412.6980 stands in " + program.path("mine.bib") + " as adam too: cite that"));
}

TEST_CASE("a lock file makes the same bibliography again, without a network") {
  CliProgram program;
  const std::string aux = program.path("main.aux");
  const std::string bib = program.path("auto.bib");
  const std::string lock = program.path("bibsmith.lock");
  write_file(aux, two_papers);
  REQUIRE(program.run({"resolve", aux, "--lock", lock}).status == 0);
  const std::string text = read_file(bib);
  const std::string locked = read_file(lock);
  CHECK(
      has(locked, "key = \"arXiv:1706.03762\"\nid = \"1706.03762\"\nversion = 7\nsource = \"arxiv-atom\"\n"));
  const auto requests = program.arxiv().report().requests;

  // Nothing is new: nothing changes. The lock beside the source is found by itself.
  REQUIRE(program.run({"resolve", aux}).status == 0);
  CHECK(read_file(lock) == locked);

  // Another machine: no cache, no .bib file.
  std::filesystem::remove(bib);
  std::filesystem::remove_all(program.environment().at("BIBSMITH_CACHE_DIR"));
  const Run run = program.run({"resolve", aux, "--locked"});
  CHECK(run.status == 0);
  CHECK(run.out == "arXiv:1706.03762\n1412.6980\n");
  CHECK(read_file(bib) == text);
  CHECK(program.run({"resolve", aux, "--locked"}).status == 0);
  CHECK(program.arxiv().report().requests == requests);
}

TEST_CASE("--locked lists what is missing and what was changed") {
  CliProgram program;
  const std::string aux = program.path("main.aux");
  write_file(aux, "\\citation{1412.6980}\n\\bibdata{auto}\n");
  CHECK(program.run({"resolve", aux, "--locked"}).err ==
        "bibsmith: " + program.path("bibsmith.lock") + ": no such file; resolve --lock makes it\n");
  REQUIRE(program.run({"resolve", aux, "--lock", program.path("bibsmith.lock")}).status == 0);
  write_file(aux, "\\citation{1412.6980,1706.03762,hep-th/9901001}\n\\bibdata{auto}\n");
  std::string bib = read_file(program.path("auto.bib"));
  bib.replace(bib.find("Adam"), 4, "Eve");
  write_file(program.path("auto.bib"), bib);
  const Run run = program.run({"resolve", aux, "--locked", "--json"});
  CHECK(run.status == 1);
  const json answer = json::parse(run.out);
  CHECK(answer["not_locked"] == json{"1706.03762", "hep-th/9901001"});
  CHECK(answer["not_as_locked"] == json{"1412.6980"});
  CHECK(has(run.err,
            "1706.03762 is neither in a .bib file nor in the lock file: run resolve without --locked\n"));
  CHECK(program.arxiv().report().requests == 1);
}

TEST_CASE("tex-run always runs the tool and returns its status") {
  CliProgram program;
  const std::string base = program.path("main");
  write_file(base + ".aux", "\\citation{1412.6980}\n\\bibdata{auto}\n");
  CHECK(program.run({"tex-run", "bibtex", base, "--", "sh", "-c", "exit 7"}).status == 7);
  CHECK(std::filesystem::exists(program.path("auto.bib")));
  CHECK(program.run({"tex-run", "bibtex", base, "--", "sh", "-c", "kill -TERM $$"}).status == 128 + 15);
  CHECK(program.run({"tex-run", "biber", program.path("none"), "--", "true"}).status == 0);
  const Run absent = program.run({"tex-run", "bibtex", base, "--", "no-such-program-here"});
  CHECK(absent.status == 127);
  CHECK(absent.err == "bibsmith: cannot run no-such-program-here: No such file or directory\n");
  write_file(program.path("config.toml"), "oops");
  CHECK(program
            .run({"--config", program.path("config.toml"), "tex-run", "bibtex", base, "--", "sh", "-c",
                  "exit 5"})
            .status == 5);
}

TEST_CASE("tex-run: what could not be fetched is a warning with the remedy") {
  CliProgram program;
  const std::string base = program.path("main");
  write_file(base + ".aux", "\\citation{1412.6980}\n\\bibdata{auto}\n");
  const Run run = program.run({"--offline", "tex-run", "bibtex", base, "--", "true"});
  CHECK(run.status == 0);
  CHECK(has(run.err, "1412.6980: could not ask arXiv"));
  CHECK(has(run.err,
            "undefined for now: 1412.6980\nbibsmith: the build goes on; a later one asks again, or run "
            "bibsmith resolve " +
                base + ".aux --to " + program.path("auto.bib") + "\n"));
  CHECK(program.run({"tex-run", "bibtex", base, "--locked", "--", "true"}).status == 1);
}

TEST_CASE("tex-run without a network: one try, and none by the next builds; resolve tries all the same") {
  CliProgram program({"reset"});
  program.environment()["BIBSMITH_OAI_URL"] = program.arxiv().oai_url();
  const std::string base = program.path("main");
  write_file(base + ".aux", "\\citation{1412.6980,1706.03762}\n\\bibdata{auto}\n");
  const std::vector<std::string> build = {"tex-run", "bibtex", base, "--", "true"};
  Run run = program.run(build);
  CHECK(run.status == 0);
  CHECK(has(run.err, "1412.6980: could not ask arXiv"));
  CHECK(has(run.err, "bibsmith resolve " + base + ".aux --to " + program.path("auto.bib") + "\n"));
  CHECK(program.arxiv().report().requests == 1);  // of two sources

  run = program.run(build);
  CHECK(run.status == 0);
  CHECK(has(run.err, "1412.6980: could not ask arXiv"));
  CHECK(has(run.err, "not tried, since no server could be reached a moment ago; again in "));
  CHECK(program.arxiv().report().requests == 1);

  CHECK(program.run({"resolve", base + ".aux"}).status == 3);
  CHECK(program.arxiv().report().requests > 2);
}

TEST_CASE("subset writes what is cited, with what it needs, byte for byte") {
  CliProgram program;
  const std::string refs =
      "@preamble{\"\\newcommand{\\x}{y}\"}\n\n@string{acm = \"ACM\"}\n@string{press = acm # \" Press\"}\n"
      "@string{unused = \"U\"}\n\n@inproceedings{a,  title={A},\n crossref = {Proc}}\n\n@misc{b, title = "
      "{B}}\n\n"
      "@proceedings{proc, publisher = press}\n";
  write_file(program.path("refs.bib"), refs);
  write_file(program.path("main.aux"), "\\citation{a,nobody}\n\\bibdata{refs}\n");
  const std::string small = program.path("small.bib");
  const Run run = program.run({"subset", program.path("main.aux"), "--to", small});
  CHECK(run.status == 1);
  CHECK(run.err ==
        "bibsmith: nobody is cited, but in no .bib file that the source names\n"
        "bibsmith: wrote 2 entries to " +
            small + "\n");
  CHECK(
      read_file(small) ==
      "@preamble{\"\\newcommand{\\x}{y}\"}\n\n@string{acm = \"ACM\"}\n\n@string{press = acm # \" Press\"}\n\n"
      "@inproceedings{a,  title={A},\n crossref = {Proc}}\n\n@proceedings{proc, publisher = press}\n");
  CHECK(program.run({"subset", program.path("main.aux"), "--to", program.path("refs.bib")}).status == 4);
  CHECK(read_file(program.path("refs.bib")) == refs);

  write_file(program.path("main.aux"), "\\citation{*}\n\\bibdata{refs}\n");
  const json all =
      json::parse(program.run({"subset", program.path("main.aux"), "--to", small, "--json"}).out);
  CHECK(all["entries"] == json{"a", "b", "proc"});
  CHECK(all["missing"].empty());
}

TEST_CASE("check main.tex looks at the citations") {
  CliProgram program;
  write_file(program.path("refs.bib"),
             "@misc{a, eprint = {1706.03762v1}, archiveprefix = {arXiv}}\n"
             "@misc{b, eprint = {1706.03762}, archiveprefix = {arXiv}}\n@misc{c, title = {C}}\n");
  const std::string tex = program.path("main.tex");
  write_file(tex,
             "\\usepackage[french]{babel}\\usepackage{natbib}\n\\cite{a,b,d}\n\\cite{arXiv:1412.6980}"
             "\\bibliography{refs}\n");
  const auto lines = [&](const std::vector<std::string>& options) {
    std::vector<std::string> arguments{"check", "--format", "json"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    arguments.push_back(tex);
    std::vector<std::string> found;
    const json answer = json::parse(program.run(arguments).out);
    for (const json& file : answer["files"]) {
      for (const json& one : file["findings"]) {
        found.push_back(one["line"].dump() + " " + one["code"].get<std::string>() + " " +
                        one["key"].get<std::string>());
      }
    }
    return found;
  };
  CHECK(lines({}) == std::vector<std::string>{"2 cite.duplicate b", "2 cite.undefined d",
                                              "3 cite.undefined arXiv:1412.6980",
                                              "3 cite.unsafe-key arXiv:1412.6980", "3 cite.unused c"});
  CHECK(lines({"--only", "cite.unused"}) == std::vector<std::string>{"3 cite.unused c"});
  CHECK(lines({"--only", "cite.newer-version", "--online"}) ==
        std::vector<std::string>{"1 cite.newer-version a"});
  CHECK(program.run({"check", tex, "--ignore", "cite"}).status == 0);

  write_file(tex, "\\cite{a}\\nocite{*}\\bibliography{refs,IEEEabrv}\\cite{from.IEEEabrv}");
  CHECK(lines({}).empty());
  write_file(program.path("a.md"), "---\nbibliography: doi.bib\n---\n@doi:10.1002/(SICI)1\n");
  write_file(program.path("doi.bib"), "@misc{doi:10.1002/(SICI)1, title = {x}}\n");
  CHECK(has(program.run({"check", program.path("a.md")}).out,
            "is read as 'doi:10.1002': write @{doi:10.1002/(SICI)1} for Pandoc"));
}

TEST_CASE("resolve --titles: a key of title words is the paper of that title, kept as the key") {
  CliProgram program;
  const std::string tex = program.path("main.tex");
  const std::string bib = program.path("auto.bib");
  const std::string lock = program.path("bibsmith.lock");
  write_file(tex, "\\bibliography{auto}\\cite{attention-is-all-you-need,arXiv:1412.6980,knuth1984tex}");
  CHECK(program.run({"resolve", tex}).out == "arXiv:1412.6980\n");  // only on request
  const Run run = program.run({"resolve", tex, "--titles", "--lock", lock});
  CHECK(run.status == 0);
  CHECK(run.out == "attention-is-all-you-need\n");
  CHECK(run.err == "bibsmith: added 1706.03762 to " + bib + " as attention-is-all-you-need\n");
  CHECK(has(read_file(bib), "@misc{attention-is-all-you-need,\n"));
  const auto requests = program.arxiv().report().requests;
  CHECK(requests == 2);  // the id, and the search, which brings the record

  // From now on nobody needs to know that it was a title: neither the next run, nor one from the lock.
  CHECK(program.run({"resolve", tex, "--titles"}).out.empty());
  const std::string text = read_file(bib);
  CHECK(has(read_file(lock), "key = \"attention-is-all-you-need\"\nid = \"1706.03762\"\n"));
  std::filesystem::remove(bib);
  CHECK(program.run({"--offline", "resolve", tex, "--locked"}).status == 0);
  CHECK(has(read_file(bib), "@misc{attention-is-all-you-need,\n"));
  CHECK(program.arxiv().report().requests == requests);

  // A lock that is made later knows the paper from the entry.
  write_file(bib, text);
  std::filesystem::remove(lock);
  CHECK(program.run({"resolve", tex, "--titles", "--lock", lock}).status == 0);
  CHECK(has(read_file(lock), "key = \"attention-is-all-you-need\"\nid = \"1706.03762\"\n"));
}

TEST_CASE("resolve --titles --rewrite: titles with spaces become usual keys, and the map has them") {
  CliProgram program;
  const std::string tex = program.path("main.tex");
  const std::string map = program.path("map.tsv");
  const std::string before = "\\bibliography{auto}\\cite{Attention is All You Need, x}";
  write_file(tex, before);
  Run run = program.run({"resolve", tex, "--titles"});
  CHECK(run.status == 1);
  CHECK(has(run.err,
            "bibsmith: Attention is All You Need: no entry can have a key with spaces: write hyphens, or "
            "use --rewrite\n"));
  CHECK(program.arxiv().report().requests == 0);
  run = program.run({"resolve", tex, "--titles", "--rewrite", "--map", map});
  CHECK(run.status == 0);
  CHECK(run.out == "Attention is All You Need\tvaswani2017attention\n");
  CHECK(read_file(map) == run.out);
  CHECK(read_file(tex) == "\\bibliography{auto}\\cite{vaswani2017attention, x}");
  CHECK(program.run({"undo", tex}).status == 0);
  CHECK(read_file(tex) == before);
}

TEST_CASE("resolve --titles refuses a title that only resembles, and an author who is another") {
  CliProgram program;
  const std::string tex = program.path("main.tex");
  write_file(tex,
             "\\bibliography{auto}\\cite{attention-is-not-all-you-need,nobody:attention-is-all-you-need,"
             "a-paper-that-nobody-wrote}");
  const Run run = program.run({"--json", "resolve", tex, "--titles"});
  CHECK(run.status == 1);
  const json answer = json::parse(run.out);
  CHECK(answer["added"].empty());
  REQUIRE(answer["titles"].size() == 3);
  for (const json& one : answer["titles"]) {
    INFO(one.dump());
    CHECK(one["status"] == "none");
  }
  CHECK(answer["titles"][0]["asked"] == "attention-is-not-all-you-need");
  CHECK(answer["titles"][0]["papers"][0]["id"] == "1706.03762");
  CHECK(answer["unresolved"].size() == 3);
  CHECK(read_file(program.path("auto.bib")).find("@") == std::string::npos);
  CHECK(has(program.run({"resolve", tex, "--titles"}).err,
            "bibsmith: attention-is-not-all-you-need: no paper of that title was found; the nearest is "
            "1706.03762, 'Attention Is All You Need'\n"));
}

TEST_CASE("resolve --titles: without a network the local index is asked, and what it lacks is told") {
  CliProgram program;
  write_file(program.path("a.tex"), "\\bibliography{a}\\cite{1706.03762}");
  CHECK(program.run({"resolve", program.path("a.tex")}).status == 0);
  write_file(program.path("b.tex"),
             "\\bibliography{b}\\cite{AttentionIsAllYouNeed,a-paper-that-nobody-wrote}");
  const Run run = program.run({"--offline", "resolve", program.path("b.tex"), "--titles"});
  CHECK(run.status == 3);
  CHECK(run.out == "AttentionIsAllYouNeed\n");
  CHECK(has(run.err,
            "bibsmith: could not ask arXiv about 1 titles: not in the local index, and offline mode "
            "forbids to ask arXiv\n"));
}
