#include "plugin/session/settings.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using namespace bibsmith::plugin;
using bibsmith::bibtex::Dialect;
using bibsmith::bibtex::TextEncoding;
using bibsmith::testing::TempDir;
using bibsmith::testing::write_file;

namespace {

Environment made_up(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](const char* name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

struct Read {
  Settings settings;
  std::string error;
  std::vector<std::string> warnings;
};

Read read(const std::string& path, Trust trust) {
  Read out;
  const auto done = read_settings_file(path, trust, out.settings,
                                       [&](std::string_view line) { out.warnings.emplace_back(line); });
  if (!done) out.error = done.error().message;
  return out;
}

}  // namespace

TEST_CASE("a configuration file sets what it names") {
  const TempDir dir;
  const std::string path = dir / "config.toml";
  write_file(path,
             "[arxiv]\n"
             "contact = \"me@example.org\"\n"
             "interval_ms = 5000\n"
             "[cache]\n"
             "size_max_mb = 7\n"
             "fresh_hours = 2\n"
             "[output]\n"
             "dialect = \"biblatex\"\n"
             "encoding = \"utf8\"\n"
             "authors_max = 10\n"
             "year = \"cited_version\"\n"
             "[store]\n"
             "url = \"postgresql://db/papers\"\n");
  const Read got = read(path, Trust::user);
  CHECK(got.error.empty());
  CHECK(got.warnings.empty());
  CHECK(got.settings.contact == "me@example.org");
  CHECK(got.settings.arxiv_interval == std::chrono::seconds(5));
  CHECK(got.settings.cache_bytes_max == 7u << 20);
  CHECK(got.settings.cache_fresh == std::chrono::hours(2));
  CHECK(got.settings.dialect == Dialect::biblatex);
  CHECK(got.settings.encoding == TextEncoding::utf8);
  CHECK(got.settings.authors_max == 10);
  CHECK_FALSE(got.settings.first_version_year);
  CHECK(got.settings.store == "postgresql://db/papers");
}

TEST_CASE("sources can be left out, and stand elsewhere") {
  const TempDir dir;
  const std::string path = dir / "config.toml";
  write_file(path,
             "[sources]\ncontact = \"me@example.org\"\noai = false\ndatacite = false\ncrossref = false\ndblp "
             "= false\n"
             "[datacite]\nurl = \"https://d.example\"\n[crossref]\nurl = \"https://c.example\"\n"
             "[dblp]\nurl = \"https://b.example\"\n[openalex]\nurl = \"https://o.example\"\n");
  const Read got = read(path, Trust::user);
  CHECK(got.error.empty());
  CHECK(got.warnings.empty());
  CHECK(got.settings.contact == "me@example.org");
  CHECK_FALSE((got.settings.use_oai || got.settings.use_datacite || got.settings.use_crossref ||
               got.settings.use_dblp));
  CHECK(got.settings.datacite_url == "https://d.example");
  CHECK(got.settings.crossref_url == "https://c.example");
  CHECK(got.settings.dblp_url == "https://b.example");
  CHECK(got.settings.openalex_url == "https://o.example");
  // Whom a machine talks to is not for a project to say.
  const Read project = read(path, Trust::project);
  CHECK((project.settings.use_oai && project.settings.use_dblp));
  CHECK(project.settings.crossref_url == "https://api.crossref.org");
  CHECK(project.warnings.size() == 9);
}

TEST_CASE("mistakes in a configuration file are told with file and line") {
  const TempDir dir;
  const std::string path = dir / "config.toml";
  const auto [text, error] = GENERATE(table<std::string, std::string>({
      {"[output]\ndialect = \"latex\"\n", ":2: output.dialect must be \"bibtex\" or \"biblatex\""},
      {"[output]\nauthors_max = -1\n", ":2: output.authors_max must be a whole number, 0 or more"},
      {"[store]\nconnections = 0\n", ":2: store.connections must be a whole number from 1 to 16"},
      {"[store]\nconnections = 17\n", ":2: store.connections must be a whole number from 1 to 16"},
      {"[output]\nauthors_max = \"x\"\n", ":2: output.authors_max must be a whole number, 0 or more"},
      {"[arxiv]\noffline = 1\n", ":2: arxiv.offline must be true or false"},
      {"[arxiv]\ncontact = 1\n", ":2: arxiv.contact must be a string"},
  }));
  CAPTURE(text);
  write_file(path, text);
  CHECK(read(path, Trust::user).error == path + error);
}

TEST_CASE("a file that is no TOML, or not there, is an error") {
  const TempDir dir;
  write_file(dir / "config.toml", "[output\n");
  CHECK(read(dir / "config.toml", Trust::user).error.starts_with((dir / "config.toml") + ":1: "));
  CHECK(read(dir / "none.toml", Trust::user).error == "cannot read " + (dir / "none.toml"));
}

TEST_CASE("unknown settings are warned of") {
  const TempDir dir;
  const std::string path = dir / "config.toml";
  write_file(path, "colour = \"red\"\n[output]\nstyle = 1\n");
  const Read got = read(path, Trust::user);
  CHECK(got.error.empty());
  CHECK(got.warnings == std::vector<std::string>{path + ":1: unknown setting colour",
                                                 path + ":3: unknown setting output.style"});
}

TEST_CASE("a project's file decides how entries look, and nothing else") {
  const TempDir dir;
  const std::string path = dir / "bibsmith.toml";
  write_file(path, "[output]\ndialect = \"biblatex\"\n[arxiv]\nurl = \"https://evil.example/\"\n");
  const Read got = read(path, Trust::project);
  CHECK(got.settings.dialect == Dialect::biblatex);
  CHECK(got.settings.arxiv_url == Settings{}.arxiv_url);
  CHECK(got.warnings ==
        std::vector<std::string>{path + ":4: arxiv.url is for the user's own configuration, ignored here"});
}

TEST_CASE("the environment wins over files, the nearer file over the farther") {
  const TempDir dir;
  std::filesystem::create_directories(dir / "xdg/bibsmith");
  std::filesystem::create_directories(dir / "paper/chapters");
  write_file(dir / "xdg/bibsmith/config.toml",
             "[arxiv]\ncontact = \"user\"\nurl = \"https://file.example/\"\n[output]\nauthors_max = 1\n");
  write_file(dir / "paper/bibsmith.toml", "[output]\nauthors_max = 2\n");
  const Environment environment =
      made_up({{"XDG_CONFIG_HOME", dir / "xdg"}, {"BIBSMITH_ARXIV_URL", "http://127.0.0.1:1/api/query"}});
  const auto settings = load_settings("", dir / "paper/chapters", environment, {});
  REQUIRE(settings);
  CHECK(settings->authors_max == 2);
  CHECK(settings->contact == "user");
  CHECK(settings->arxiv_url == "http://127.0.0.1:1/api/query");
  CHECK(project_config_path(dir / "paper/chapters") == (dir / "paper/bibsmith.toml"));
  CHECK(project_config_path(dir / "paper/./chapters/..") == (dir / "paper/bibsmith.toml"));
}

TEST_CASE("a configuration file that was named must exist") {
  CHECK(load_settings("/nonexistent/x.toml", "", made_up({}), {}).error().message ==
        "cannot read /nonexistent/x.toml");
}

TEST_CASE("directories follow the XDG specification") {
  Settings settings;
  REQUIRE(finish_settings(settings, made_up({{"HOME", "/h"}, {"XDG_CACHE_HOME", "relative"}}), {}));
  CHECK(settings.cache_dir == "/h/.cache/bibsmith");
  CHECK(settings.state_dir == "/h/.local/state/bibsmith");

  settings = Settings{};
  REQUIRE(finish_settings(settings, made_up({{"XDG_CACHE_HOME", "/c"}, {"XDG_STATE_HOME", "/s"}}), {}));
  CHECK(settings.cache_dir == "/c/bibsmith");
  CHECK(settings.state_dir == "/s/bibsmith");

  settings = Settings{};
  settings.cache_dir = "/exact";
  REQUIRE(finish_settings(settings, made_up({{"HOME", "/h"}}), {}));
  CHECK(settings.cache_dir == "/exact");

  settings = Settings{};
  CHECK(finish_settings(settings, made_up({}), {}).error().message ==
        "neither HOME nor BIBSMITH_CACHE_DIR is set: set one of them");
}

TEST_CASE("arXiv's interval is shorter than 3 s for loopback only") {
  const auto [url, milliseconds] = GENERATE(table<std::string, int>({
      {"http://127.0.0.1:8080/api/query", 50},
      {"http://localhost:8080/api/query", 50},
      {"http://[::1]:8080/api/query", 50},
      {"https://export.arxiv.org/api/query", 3000},
      {"http://127.evil.example/api", 3000},
      {"http://127.0.0.1@evil.example/api", 3000},
      {"http://localhost.evil.example/api", 3000},
  }));
  CAPTURE(url);
  Settings settings;
  settings.arxiv_url = url;
  settings.arxiv_interval = std::chrono::milliseconds(50);
  std::vector<std::string> warnings;
  REQUIRE(finish_settings(settings, made_up({{"HOME", "/h"}}),
                          [&](std::string_view line) { warnings.emplace_back(line); }));
  CHECK(settings.arxiv_interval == std::chrono::milliseconds(milliseconds));
  CHECK(warnings.size() == (milliseconds == 3000 ? 1 : 0));
}

TEST_CASE("the variables of the environment are read") {
  Settings settings;
  REQUIRE(read_environment(made_up({{"BIBSMITH_OFFLINE", "1"},
                                    {"BIBSMITH_CACHE_DIR", "/c"},
                                    {"BIBSMITH_STATE_DIR", "/s"},
                                    {"BIBSMITH_OAI_URL", "http://127.0.0.1/oai"},
                                    {"BIBSMITH_DATACITE_URL", "http://127.0.0.1/d"},
                                    {"BIBSMITH_CROSSREF_URL", "http://127.0.0.1/c"},
                                    {"BIBSMITH_DBLP_URL", "http://127.0.0.1/b"},
                                    {"BIBSMITH_OPENALEX_URL", "http://127.0.0.1/o"},
                                    {"BIBSMITH_ARXIV_INTERVAL_MS", "75"}}),
                           settings));
  CHECK(settings.offline);
  CHECK(settings.cache_dir == "/c");
  CHECK(settings.state_dir == "/s");
  CHECK(settings.oai_url == "http://127.0.0.1/oai");
  CHECK(settings.datacite_url == "http://127.0.0.1/d");
  CHECK(settings.crossref_url == "http://127.0.0.1/c");
  CHECK(settings.dblp_url == "http://127.0.0.1/b");
  CHECK(settings.openalex_url == "http://127.0.0.1/o");
  CHECK(settings.arxiv_interval == std::chrono::milliseconds(75));
  CHECK(read_environment(made_up({{"BIBSMITH_ARXIV_INTERVAL_MS", "fast"}}), settings).error().message ==
        "BIBSMITH_ARXIV_INTERVAL_MS must be a whole number, got 'fast'");
  REQUIRE(read_environment(made_up({{"BIBSMITH_OFFLINE", "0"}}), settings));
  CHECK_FALSE(settings.offline);
}

TEST_CASE("an arXiv of this machine keeps to this machine") {
  Settings settings;
  settings.arxiv_url = "http://127.0.0.1:8080/api/query";
  settings.oai_url = "http://localhost:8080/oai";
  REQUIRE(finish_settings(settings, made_up({{"HOME", "/h"}}), {}));
  CHECK(settings.use_oai);
  CHECK_FALSE(settings.use_datacite);
  CHECK_FALSE(settings.use_crossref);
  CHECK_FALSE(settings.use_dblp);
  CHECK_FALSE(settings.use_openalex);

  Settings world;
  REQUIRE(finish_settings(world, made_up({{"HOME", "/h"}}), {}));
  CHECK((world.use_oai && world.use_datacite && world.use_crossref && world.use_dblp));
}
