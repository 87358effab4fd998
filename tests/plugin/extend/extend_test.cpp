// Plugins good and bad: what one does wrong costs its own result, and nothing else.
#include <filesystem>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

#include "bibtex/write/write_entry.hpp"
#include "plugin/extend/csl_items.hpp"
#include "plugin/extend/plugins.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using namespace bibsmith;
using namespace bibsmith::plugin;
using bibsmith::testing::TempDir;
using json = nlohmann::ordered_json;
namespace fs = std::filesystem;

namespace {

struct Heard {
  std::vector<std::string> warnings;
  std::vector<PluginRequest> requests;
};

// A host without a network: each URL is answered with its own length.
class FakeServices final : public PluginServices {
 public:
  explicit FakeServices(Heard& heard) : heard_(heard) {}

  tl::expected<PluginResponse, FetchError> get(const PluginRequest& request,
                                               const std::stop_token&) override {
    heard_.requests.push_back(request);
    if (request.url.ends_with("offline")) {
      return tl::unexpected(FetchError{FetchError::Code::offline, "the network is forbidden"});
    }
    return PluginResponse{200, std::to_string(request.url.size())};
  }
  void warn(std::string_view line) override { heard_.warnings.emplace_back(line); }

 private:
  Heard& heard_;
};

// Plugins of the tests in a folder that nobody else can write to.
class World {
 public:
  // A built one: "demo" is demo.so of the build.
  std::string object(const std::string& name) {
    return copy(std::string(TEST_PLUGIN_FOLDER) + "/" + name + ".so", name + ".so");
  }
  std::string script(const std::string& name, const std::string& mode = "") {
    if (!mode.empty()) settings.config[name] = json{{"mode", mode}}.dump();
    return copy("plugin/extend/bibsmith-plugin-script.py", "bibsmith-plugin-" + name);
  }
  Plugins& plugins() {
    if (!plugins_) {
      settings.program = BIBSMITH_PROGRAM;
      plugins_ = std::make_unique<Plugins>(settings, std::make_unique<FakeServices>(heard));
    }
    return *plugins_;
  }
  // The one id, fetched: its title, or why not.
  std::string fetched(const std::string& id, const std::stop_token& stop = {}) {
    if (!plugins().takes(id)) return "nobody takes it";
    const PluginFetch answer = plugins().fetch(std::vector{id}, {}, stop);
    if (!answer.failures.empty()) return answer.failures[0].error.message;
    if (!answer.not_found.empty()) return "not found";
    return answer.found.at(0).entry.find("title")->value.pieces[0].text;
  }
  std::string problem_of(const std::string& name) {
    for (const PluginListing& one : plugins().list()) {
      if (one.file.name == name) return one.problem;
    }
    return "not listed";
  }

  TempDir dir;
  PluginSettings settings;
  Heard heard;

 private:
  std::string copy(const std::string& from, const std::string& name) {
    const std::string to = dir / name;
    fs::copy_file(from, to);
    fs::permissions(to, fs::perms::owner_all);
    return to;
  }

  std::unique_ptr<Plugins> plugins_;
};

bibtex::Entry book(const std::string& key, const std::string& title) {
  return {"book", key, {{"title", bibtex::Value::braced(title)}, {"year", bibtex::Value::braced("1999")}}};
}

}  // namespace

TEST_CASE("a shared object fetches, and says what it does not have") {
  World world;
  world.settings.load = {world.object("good")};
  CHECK(world.fetched("test:1") == "First {\\'e}");
  CHECK(world.fetched("TEST:1") == "not found");  // the plugin's ids are its own affair
  CHECK(world.fetched("other:1") == "nobody takes it");
  const PluginFetch both = world.plugins().fetch(std::vector<std::string>{"test:2", "test:other"}, {}, {});
  REQUIRE(both.found.size() == 1);
  CHECK(bibtex::write_entry(both.found[0].entry, {}) ==
        "@article{lee2002second,\n"
        "  author        = {Lee, Ann},\n"
        "  title         = {Second},\n"
        "  journal       = {J. Tests},\n"
        "  volume        = {7},\n"
        "  pages         = {1--9},\n"
        "  year          = {2002},\n"
        "  month         = mar,\n"
        "  doi           = {10.1000/2},\n"
        "}");
  REQUIRE(both.failures.size() == 1);
  CHECK(both.failures[0].id == "test:other");
  CHECK(both.failures[0].error.message == "plugin good: has no item");
  CHECK(world.heard.warnings.empty());
}

TEST_CASE("a shared object crashes, hangs, leaves or lies in a call, and is there again for the next") {
  World world;
  world.settings.load = {world.object("good")};
  // Short where it has to pass; a busy machine needs more for all else.
  std::chrono::milliseconds& limit = world.settings.time_limit;
  limit = std::chrono::milliseconds(20'000);
  SECTION("crashes") { CHECK(world.fetched("test:crash") == "plugin good: crashed (Aborted)"); }
  SECTION("leaves") { CHECK(world.fetched("test:exit") == "plugin good: ended with status 3"); }
  SECTION("hangs") {
    limit = std::chrono::milliseconds(4000);
    CHECK(world.fetched("test:hang") == "plugin good: did not answer within 4000 ms");
  }
  SECTION("writes no JSON") {
    CHECK(world.fetched("test:garbage") == "plugin good: answered with what is no JSON");
  }
  SECTION("answers with another shape") {
    CHECK(world.fetched("test:no-list") == "plugin good: answered with no list");
  }
  SECTION("does not answer") { CHECK(world.fetched("test:no-answer") == "plugin good: gave no answer"); }
  SECTION("fails, with words for a terminal") {
    CHECK(world.fetched("test:refused") == "plugin good: the server  is down [31m");
  }
  SECTION("prints") {
    CHECK(world.fetched("test:prints") == "not found");
    REQUIRE(world.plugins().takes("test:1"));
  }
  CHECK(world.fetched("test:1") == "First {\\'e}");
}

TEST_CASE("a plugin that fails again and again is left alone") {
  World world;
  world.settings.load = {world.object("good")};
  for (int i = 0; i < 3; ++i) CHECK(world.fetched("test:crash") == "plugin good: crashed (Aborted)");
  CHECK(world.fetched("test:1") == "plugin good: failed too often");
}

TEST_CASE("a plugin that is wrong from the start is not used, and the others are") {
  World world;
  const std::string name = GENERATE("crash-at-load", "hang-at-load", "lying-small", "lying-large",
                                    "lying-extension", "other-abi", "no-entry", "create-fails", "no-object");
  CAPTURE(name);
  world.settings.time_limit = std::chrono::milliseconds(name == "hang-at-load" ? 500 : 20'000);
  if (name == "no-object") {
    bibsmith::testing::write_file(world.dir / "no-object.so", "ELF it is not");
    world.settings.load = {world.dir / "no-object.so"};
  } else {
    world.settings.load = {world.object(name)};
  }
  if (name != "hang-at-load") world.settings.load.push_back(world.object("good"));
  const std::map<std::string, std::string> problems{
      {"crash-at-load", "crashed (Aborted)"},
      {"hang-at-load", "did not answer within 500 ms"},
      {"lying-small", "exports no bibsmith_plugin_entry_1 of the size that it must have"},
      {"lying-large", "exports no bibsmith_plugin_entry_1 of the size that it must have"},
      {"lying-extension", "its bibsmith.fetcher/1 is not of the size that it must have"},
      {"other-abi", "was built for the plugin interface 99, this is 1"},
      {"no-entry", "exports no bibsmith_plugin_entry_1 of the size that it must have"},
      {"create-fails", "set [plugin.create-fails] token"},
  };
  if (name == "no-object") {
    CHECK(world.problem_of(name).starts_with("cannot be loaded: "));
  } else {
    CHECK(world.problem_of(name) == problems.at(name));
  }
  if (name != "hang-at-load") CHECK(world.fetched("test:1") == "First {\\'e}");
}

TEST_CASE("a plugin that was built against an older header works") {
  World world;
  world.settings.load = {world.object("older-header")};
  const auto listed = world.plugins().list();
  REQUIRE(listed.size() == 1);
  CHECK(listed[0].problem.empty());
  CHECK(listed[0].description.description == "Older");
  CHECK(listed[0].description.license.empty());
  CHECK(world.fetched("test:1") == "First {\\'e}");
}

TEST_CASE("a plugin that runs is cancelled: one that looks comes back, one that does not is killed") {
  World world;
  world.settings.load = {world.object("good")};
  std::stop_source stop;
  const std::string id = GENERATE("test:until-cancelled", "test:hang");
  REQUIRE(world.plugins().takes(id));
  std::jthread other([&] { stop.request_stop(); });
  CHECK(world.fetched(id, stop.get_token()) == "plugin good: cancelled");
  other.join();
  CHECK(world.fetched("test:1") == "First {\\'e}");
}

TEST_CASE("a plugin asks the network through the host") {
  World world;
  world.settings.load = {world.object("good")};
  CHECK(world.fetched("test:http://x.example/abc") == "200 20");
  REQUIRE(world.heard.requests.size() == 1);
  CHECK(world.heard.requests[0].plugin == "good");
  CHECK(world.heard.requests[0].url == "http://x.example/abc");
  CHECK(world.heard.requests[0].accept == "text/plain");
  CHECK(world.fetched("test:http://x.example/offline") == "plugin good: the network is forbidden");
}

TEST_CASE("a shared object writes, reads, and makes keys") {
  World world;
  world.settings.load = {world.object("good")};
  world.settings.config["good"] = R"({"token":"t"})";
  const std::vector<bibtex::Entry> entries{book("first", "One"), book("second", "Two")};
  CHECK(world.plugins().writes("test-text"));
  CHECK_FALSE(world.plugins().writes("word"));
  CHECK_FALSE(world.plugins().write("word", entries, {}).has_value());
  const auto written = world.plugins().write("test-text", std::span(entries).first(1), {});
  REQUIRE((written && *written));
  CHECK(**written ==
        "config {\"token\":\"t\"}\nitems [{\"id\":\"first\",\"type\":\"book\","
        "\"issued\":{\"date-parts\":[[1999]]},\"title\":\"One\"}]\n");
  const auto read = world.plugins().read("test-text", "any", {}, {});
  REQUIRE((read && *read));
  CHECK((*read)->at(0).key == "read");
  CHECK(world.plugins().read("test-text", "bad", {}, {})->error().message == "plugin good: line 1: bad");
  CHECK_FALSE(world.plugins().read("word", "", {}, {}).has_value());
  CHECK(**world.plugins().keys("good", entries, {}) == std::vector<std::string>{"key1", ""});
  CHECK_FALSE(world.plugins().keys("none", entries, {}).has_value());
  const std::vector<bibtex::Entry> bad{book("first", "Bad key")};
  CHECK(world.plugins().keys("good", bad, {})->error().message ==
        "plugin good: made a key that no program takes: a, b");
}

TEST_CASE("rules of a plugin change what they change, and no more; a resolver names DOIs") {
  World world;
  world.settings.load = {world.object("rules")};
  bibtex::Entry entry{"misc",
                      "a",
                      {{"title", bibtex::Value::braced("On {E}insteins $x_1$")},
                       {"month", bibtex::Value::macro("mar")},
                       {"note", bibtex::Value::braced("\\emph{kept}")}}};
  bibtex::Entry* entries[] = {&entry};
  world.plugins().normalize(entries, {}, {});
  CHECK(bibtex::write_entry(entry, {}).starts_with("@misc{a,\n  title         = {Best: On Einsteins"));
  CHECK(entry.find("month")->value == bibtex::Value::macro("mar"));
  CHECK(entry.find("note")->value == bibtex::Value::braced("\\emph{kept}"));
  CHECK(world.plugins().resolve({&entry, 1}, {}) == std::vector<std::string>{"10.1000/published"});
}

TEST_CASE("a program in any language is a plugin") {
  World world;
  world.settings.load = {world.script("script")};
  CHECK(world.fetched("script:1") == "Page");
  CHECK(world.fetched("script:error") == "plugin script: no route");
  CHECK(world.fetched("script:no-id") == "plugin script: answered with an element that has no id");
  CHECK(world.fetched("script:talks") == "Page");
  CHECK(world.plugins().list()[0].description.description == "one line [0m");
}

TEST_CASE("what a program writes to standard error is told, printable") {
  World world;
  world.settings.load = {world.script("script")};
  CHECK(world.fetched("script:talks") == "Page");
  CHECK(world.fetched("script:1") == "Page");  // by then it has come
  CHECK(world.heard.warnings == std::vector<std::string>{"plugin script: a word on standard error "});
}

TEST_CASE("what a program started ends with it") {
  World world;
  world.settings.load = {world.script("script")};
  // It has to pass, but first a busy machine must have started Python.
  world.settings.time_limit = std::chrono::milliseconds(5000);
  // Its child holds the output open: the plugin is gone, and nothing comes.
  CHECK(world.fetched("script:child") == "plugin script: did not answer within 5000 ms");
}

TEST_CASE("a program that breaks the protocol is not used") {
  World world;
  const auto [mode, problem] = GENERATE(table<std::string, std::string>({
      {"garbage", "wrote what is no message: Hello, I am a plugin!"},
      {"deep", "wrote JSON that nests too deeply"},
      {"large", "wrote a message of more than 16 MiB"},
      {"no-description", "its description is no object"},
      {"reserved", "the scheme arxiv is not for plugins"},
      {"bad-format", "a format must be of small letters, digits, '-' and '.'"},
      {"exits", "ended with status 5"},
      {"begs", "asks more of the host than it may"},
  }));
  world.settings.load = {world.script("script", mode)};
  CHECK(world.problem_of("script") == problem);
  CHECK(world.heard.warnings.size() <= plugin_requests_max);
}

TEST_CASE("only what is named, and nobody else could have written, is run") {
  World world;
  CHECK(find_plugins(world.settings).empty());
  CHECK_FALSE(world.settings.names_any());
  const std::string file = world.script("script");

  SECTION("by its name, from the folders for plugins") {
    world.settings.directories = {world.dir / "none", world.dir / ""};
    world.settings.load = {"script", "missing"};
    const auto found = find_plugins(world.settings);
    REQUIRE(found.size() == 2);
    CHECK(found[0].problem.empty());
    CHECK(fs::equivalent(found[0].path, file));
    CHECK(found[1].problem == "no plugin of that name is in a plugin folder");
  }
  SECTION("a folder of BIBSMITH_PLUGIN_PATH, all of it that looks like a plugin, each name once") {
    bibsmith::testing::write_file(world.dir / "notes.txt", "none");
    world.settings.path = {world.dir / ""};
    world.settings.load = {file};
    CHECK(find_plugins(world.settings).size() == 1);
  }
  SECTION("a file that others may write") {
    fs::permissions(file, fs::perms::others_write, fs::perm_options::add);
    CHECK(trust_problem(file) == fs::canonical(file).string() + " may be written by other users");
    world.settings.load = {file};
    CHECK(world.fetched("script:1") == "nobody takes it");
    CHECK(world.heard.warnings.at(0).starts_with("plugin script is not used: "));
  }
  SECTION("a folder that others may write") {
    fs::permissions(world.dir.path(), fs::perms::group_write, fs::perm_options::add);
    CHECK(trust_problem(file).ends_with(" may be written by other users"));
    fs::permissions(world.dir.path(), fs::perms::owner_all);
    CHECK(trust_problem(file).empty());
  }
  SECTION("a link to such a file") {
    fs::create_symlink(file, world.dir / "bibsmith-plugin-link");
    fs::permissions(file, fs::perms::group_write, fs::perm_options::add);
    world.settings.load = {world.dir / "bibsmith-plugin-link"};
    CHECK(find_plugins(world.settings).at(0).problem.ends_with("may be written by other users"));
  }
  SECTION("no program, no file, a folder") {
    fs::permissions(file, fs::perms::owner_read);
    world.settings.load = {file, "/nonexistent/plugin", world.dir / ""};
    const auto found = find_plugins(world.settings);
    REQUIRE(found.size() >= 2);
    CHECK((found[0].problem.ends_with(" may not be executed") || ::geteuid() == 0));
    CHECK(found[1].problem == "/nonexistent/plugin: no such file");
  }
}

TEST_CASE("CSL items of every kind of member become entries, and hostile ones nothing worse") {
  const auto entry = [](const char* item) {
    return bibtex::write_entry(
        entry_of_csl(json::parse(item), bibtex::Dialect::biblatex, bibtex::TextEncoding::utf8), {});
  };
  CHECK(entry(R"({})") == "@misc{unknown,\n}");
  CHECK(
      entry(
          R"({"type":7,"title":["x"],"author":"y","issued":{"date-parts":[["2020","x"]]},"DOI":"10.1/{a}\\b"})") ==
      "@misc{2020,\n  date          = {2020},\n  doi           = {10.1/ab},\n}");
  CHECK(
      entry(
          R"({"type":"chapter","title":"A & B","container-title":"C","author":[{"family":"Berg","given":"J.",)"
          R"("non-dropping-particle":"van den"},{"literal":"CERN"},7],"issued":{"date-parts":[[2001,2,3],[2001,2,4]]}})") ==
      "@incollection{vandenberg2001b,\n"
      "  author        = {van den Berg, J. and {CERN}},\n"
      "  title         = {A \\& B},\n"
      "  booktitle     = {C},\n"
      "  date          = {2001-02-03/2001-02-04},\n"
      "}");
  CHECK(
      entry(
          R"({"type":"article","number":"arXiv:1706.03762","issued":{"date-parts":[[99999]]},"citation-key":"a b"})") ==
      "@online{unknown,\n  eprint        = {1706.03762},\n  eprinttype    = {arxiv},\n}");
}
