#include "plugin/session/settings.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>

namespace bibsmith::plugin {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds arxiv_interval_min{3000};
constexpr int parent_folders_max = 64;

// The XDG base directory specification: a relative path in these variables counts as unset.
std::string base_directory(const Environment& environment, const char* variable, const char* below_home) {
  if (const auto set = environment(variable); set && set->starts_with('/')) return *set;
  const auto home = environment("HOME");
  return home && !home->empty() ? *home + below_home : std::string{};
}

tl::expected<std::uint64_t, SettingsError> number_of(const char* name, const std::string& text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    return tl::unexpected(SettingsError{std::string(name) + " must be a whole number, got '" + text + "'"});
  }
  return value;
}

}  // namespace

Environment process_environment() {
  return [](const char* name) -> std::optional<std::string> {
    // A program that runs with more rights than its caller does not let the caller say what it reads and
    // runs.
    const char* value = ::secure_getenv(name);
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  };
}

std::string user_config_path(const Environment& environment) {
  const std::string base = base_directory(environment, "XDG_CONFIG_HOME", "/.config");
  return base.empty() ? base : base + "/bibsmith/config.toml";
}

std::string project_config_path(const std::string& directory) {
  std::error_code error;
  fs::path folder = fs::absolute(directory.empty() ? "." : directory, error).lexically_normal();
  if (!folder.has_filename()) folder = folder.parent_path();  // "/home/me/" of "/home/me/."
  for (int i = 0; !error && i < parent_folders_max; ++i) {
    const fs::path candidate = folder / "bibsmith.toml";
    if (fs::is_regular_file(candidate, error)) return candidate.string();
    error.clear();
    if (!folder.has_relative_path()) break;
    folder = folder.parent_path();
  }
  return {};
}

tl::expected<void, SettingsError> read_environment(const Environment& environment, Settings& settings) {
  const auto text = [&](const char* name, std::string& target) {
    if (const auto value = environment(name); value && !value->empty()) target = *value;
  };
  text("BIBSMITH_ARXIV_URL", settings.arxiv_url);
  text("BIBSMITH_OAI_URL", settings.oai_url);
  text("BIBSMITH_DATACITE_URL", settings.datacite_url);
  text("BIBSMITH_CROSSREF_URL", settings.crossref_url);
  text("BIBSMITH_DBLP_URL", settings.dblp_url);
  text("BIBSMITH_OPENALEX_URL", settings.openalex_url);
  text("BIBSMITH_CACHE_DIR", settings.cache_dir);
  text("BIBSMITH_STATE_DIR", settings.state_dir);
  text("BIBSMITH_STORE", settings.store);
  text("BIBSMITH_CONTACT", settings.contact);
  text("BIBSMITH_PROGRAM", settings.plugins.program);
  std::string path;
  text("BIBSMITH_PLUGIN_PATH", path);
  for (std::size_t begin = 0; begin < path.size();) {
    const std::size_t end = std::min(path.find(':', begin), path.size());
    if (path[begin] == '/') settings.plugins.path.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  if (const auto value = environment("BIBSMITH_ARXIV_INTERVAL_MS"); value && !value->empty()) {
    const auto milliseconds = number_of("BIBSMITH_ARXIV_INTERVAL_MS", *value);
    if (!milliseconds) return tl::unexpected(milliseconds.error());
    settings.arxiv_interval = std::chrono::milliseconds(*milliseconds);
  }
  if (const auto value = environment("BIBSMITH_OFFLINE")) settings.offline = !value->empty() && *value != "0";
  return {};
}

tl::expected<Settings, SettingsError> load_settings(const std::string& config_path,
                                                    const std::string& directory,
                                                    const Environment& environment, const Warn& warn) {
  Settings settings;
  std::error_code error;
  const std::string user_path = config_path.empty() ? user_config_path(environment) : config_path;
  if (!config_path.empty() || (!user_path.empty() && fs::exists(user_path, error))) {
    if (auto read = read_settings_file(user_path, Trust::user, settings, warn); !read) {
      return tl::unexpected(read.error());
    }
  }
  if (const std::string project = project_config_path(directory); !project.empty()) {
    if (auto read = read_settings_file(project, Trust::project, settings, warn); !read) {
      return tl::unexpected(read.error());
    }
  }
  if (auto read = read_environment(environment, settings); !read) return tl::unexpected(read.error());
  return settings;
}

tl::expected<void, SettingsError> finish_settings(Settings& settings, const Environment& environment,
                                                  const Warn& warn) {
  struct Place {
    std::string* directory;
    const char* xdg;
    const char* below_home;
    const char* ours;
  };
  for (const Place& place :
       {Place{&settings.cache_dir, "XDG_CACHE_HOME", "/.cache", "BIBSMITH_CACHE_DIR"},
        Place{&settings.state_dir, "XDG_STATE_HOME", "/.local/state", "BIBSMITH_STATE_DIR"}}) {
    if (!place.directory->empty()) continue;
    const std::string base = base_directory(environment, place.xdg, place.below_home);
    if (base.empty()) {
      return tl::unexpected(
          SettingsError{std::string("neither HOME nor ") + place.ours + " is set: set one of them"});
    }
    *place.directory = base + "/bibsmith";
  }
  if (const auto home = environment("HOME"); home && home->starts_with('/')) {
    settings.plugins.directories.push_back(*home + "/.local/lib/bibsmith/plugins");
  }
  settings.plugins.directories.emplace_back(BIBSMITH_PLUGIN_DIRECTORY);
  std::error_code ignored;
  if (settings.plugins.program.empty() && fs::exists(BIBSMITH_INSTALLED_PROGRAM, ignored)) {
    settings.plugins.program = BIBSMITH_INSTALLED_PROGRAM;
  }
  if (settings.arxiv_interval < arxiv_interval_min && !is_loopback_url(settings.arxiv_url)) {
    if (warn) warn("arXiv's terms ask for 3 s between requests: the shorter interval is for loopback only");
    settings.arxiv_interval = arxiv_interval_min;
  }
  // Who has an arXiv of this machine means to stay on it: no other source of the world's is asked in its
  // place.
  if (is_loopback_url(settings.arxiv_url)) {
    settings.use_oai = settings.use_oai && is_loopback_url(settings.oai_url);
    settings.use_datacite = settings.use_datacite && is_loopback_url(settings.datacite_url);
    settings.use_crossref = settings.use_crossref && is_loopback_url(settings.crossref_url);
    settings.use_dblp = settings.use_dblp && is_loopback_url(settings.dblp_url);
    settings.use_openalex = settings.use_openalex && is_loopback_url(settings.openalex_url);
  }
  return {};
}

bool is_loopback_url(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == url.npos) return false;
  std::string_view host = url.substr(scheme + 3);
  host = host.substr(0, host.find_first_of("/?#"));
  if (host.find('@') != host.npos) return false;
  if (host.starts_with("[::1]")) return host.size() == 5 || host[5] == ':';
  host = host.substr(0, host.find(':'));
  if (host == "localhost") return true;
  // 127.a.b.c in digits only: "127.evil.example" is a name.
  return host.starts_with("127.") && host.find_first_not_of("0123456789.") == host.npos;
}

}  // namespace bibsmith::plugin
