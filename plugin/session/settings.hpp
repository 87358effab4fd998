#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "bibtex/model/entry.hpp"
#include "bibtex/normalize/journal_names.hpp"
#include "plugin/extend/plugin_file.hpp"
#include "plugin/session/acceptance.hpp"

namespace bibsmith::plugin {

// Everything that a user can set, with its built-in value. docs/cli.md lists names and places.
struct Settings {
  // Endpoints of sources.
  std::string arxiv_url = "https://export.arxiv.org/api/query";
  std::string oai_url = "https://oaipmh.arxiv.org/oai";
  std::string datacite_url = "https://api.datacite.org";  // this and the next three: "/dois" and so on follow
  std::string crossref_url = "https://api.crossref.org";
  std::string dblp_url = "https://dblp.org";
  std::string openalex_url = "https://api.openalex.org";
  // Which of them may be asked. arXiv's Atom interface always is.
  bool use_oai = true;
  bool use_datacite = true;
  bool use_crossref = true;
  bool use_dblp = true;
  bool use_openalex = true;
  std::chrono::milliseconds arxiv_interval{3000};  // below 3000 only for a loopback endpoint
  std::chrono::seconds arxiv_patience{60};         // how long to wait for arXiv when it asks for a pause
  std::string contact;                             // in the User-Agent, so that a source can write to you
  bool offline = false;

  std::string cache_dir;  // of cache.sqlite
  std::string state_dir;  // of what processes share: the rate limit, locks
  std::string store;      // a SQLite file or the URL of a group's database; empty: a file in cache_dir
  std::size_t store_connections = 2;  // that an import into a group's store uses
  std::uint64_t cache_bytes_max = 512ull << 20;
  std::chrono::hours cache_fresh{24};

  // How new entries look.
  std::optional<bibtex::Dialect> dialect;  // none: that of the file, or BibTeX
  std::optional<bibtex::TextEncoding>
      encoding;                 // none: that of the file, or LaTeX for BibTeX, UTF-8 for biblatex
  std::size_t authors_max = 0;  // 0: all
  bool first_version_year = true;
  bool published = true;  // published entries where the record is sure enough; false: preprints always
  std::optional<bibtex::JournalForm> journals;  // none: that of the file, or in full

  // What people found right when they verified the references.
  Acceptances accepted;

  PluginSettings plugins;
};

struct SettingsError {
  std::string message;  // one line that names file, line and remedy
};

// The environment, so that tests can make one up. nullopt: not set.
using Environment = std::function<std::optional<std::string>(const char* name)>;
Environment process_environment();

using Warn = std::function<void(std::string_view)>;

// The user's configuration file: $XDG_CONFIG_HOME/bibsmith/config.toml, or ~/.config/bibsmith/config.toml.
std::string user_config_path(const Environment& environment);
// The nearest bibsmith.toml in `directory` or above it; empty: none.
std::string project_config_path(const std::string& directory);

// Who may say what: a file that came with a project decides how entries look, never whom we talk to or
// where we write.
enum class Trust : std::uint8_t { user, project };

// Reads one TOML file into `settings`. Unknown names are warned of, wrong types are errors.
tl::expected<void, SettingsError> read_settings_file(const std::string& path, Trust trust, Settings& settings,
                                                     const Warn& warn);
// The BIBSMITH_* variables.
tl::expected<void, SettingsError> read_environment(const Environment& environment, Settings& settings);

// Weakest first: built in, the user's file (or `config_path`, which then must exist), the project's file
// above `directory`, the environment. Options of the command line come on top of the result; then finish().
tl::expected<Settings, SettingsError> load_settings(const std::string& config_path,
                                                    const std::string& directory,
                                                    const Environment& environment, const Warn& warn);

// Fills the directories that nobody set and enforces the limits ("at least 3 s for arXiv").
tl::expected<void, SettingsError> finish_settings(Settings& settings, const Environment& environment,
                                                  const Warn& warn);

// http or https to this machine itself: localhost, 127.0.0.0/8, [::1].
bool is_loopback_url(std::string_view url);

}  // namespace bibsmith::plugin
