// The TOML side of settings.hpp. What each name means stands in docs/cli.md.

#include <array>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include <toml++/toml.h>

#include "plugin/session/settings.hpp"

namespace bibsmith::plugin {

namespace {

constexpr std::size_t settings_bytes_max = 1 << 20;
constexpr std::string_view plugin_section = "plugin";
constexpr std::string_view accept_name = "verify.accept";

struct Source {
  const std::string& path;
  const toml::node& node;
  std::string name;  // "output.dialect"
};

std::string place_of(const Source& source) {
  return source.path + ":" + std::to_string(source.node.source().begin.line);
}

tl::unexpected<SettingsError> wrong(const Source& source, const std::string& expected) {
  return tl::unexpected(SettingsError{place_of(source) + ": " + source.name + " must be " + expected});
}

using Result = tl::expected<void, SettingsError>;

Result text(const Source& source, std::string& target) {
  const auto value = source.node.value_exact<std::string>();
  if (!value) return wrong(source, "a string");
  target = *value;
  return {};
}

Result count(const Source& source, std::int64_t& target) {
  const auto value = source.node.value_exact<std::int64_t>();
  if (!value || *value < 0 || *value > (std::int64_t{1} << 40))
    return wrong(source, "a whole number, 0 or more");
  target = *value;
  return {};
}

Result flag(const Source& source, bool& target) {
  const auto value = source.node.value_exact<bool>();
  if (!value) return wrong(source, "true or false");
  target = *value;
  return {};
}

// One of a few words.
template <typename T>
Result word(const Source& source, std::initializer_list<std::pair<std::string_view, T>> words, T& target) {
  const auto value = source.node.value_exact<std::string>();
  std::string expected;
  for (const auto& [name, meaning] : words) {
    if (value && *value == name) {
      target = meaning;
      return {};
    }
    expected += (expected.empty() ? "\"" : " or \"") + std::string(name) + '"';
  }
  return wrong(source, expected);
}

// A list of strings, or one.
Result texts(const Source& source, std::vector<std::string>& target) {
  target.clear();
  if (const auto one = source.node.value_exact<std::string>()) {
    target.push_back(*one);
    return {};
  }
  const toml::array* list = source.node.as_array();
  if (list == nullptr) return wrong(source, "a list of strings");
  for (const toml::node& element : *list) {
    const auto one = element.value_exact<std::string>();
    if (!one) return wrong(source, "a list of strings");
    target.push_back(*one);
  }
  return {};
}

struct Setting {
  std::string_view name;
  bool project_may = false;
  Result (*read)(const Source&, Settings&);
};

constexpr std::array settings_table = {
    Setting{"arxiv.url", false, [](const Source& s, Settings& to) { return text(s, to.arxiv_url); }},
    Setting{"arxiv.oai_url", false, [](const Source& s, Settings& to) { return text(s, to.oai_url); }},
    Setting{"sources.contact", false, [](const Source& s, Settings& to) { return text(s, to.contact); }},
    Setting{"datacite.url", false, [](const Source& s, Settings& to) { return text(s, to.datacite_url); }},
    Setting{"crossref.url", false, [](const Source& s, Settings& to) { return text(s, to.crossref_url); }},
    Setting{"dblp.url", false, [](const Source& s, Settings& to) { return text(s, to.dblp_url); }},
    Setting{"openalex.url", false, [](const Source& s, Settings& to) { return text(s, to.openalex_url); }},
    Setting{"sources.oai", false, [](const Source& s, Settings& to) { return flag(s, to.use_oai); }},
    Setting{"sources.datacite", false,
            [](const Source& s, Settings& to) { return flag(s, to.use_datacite); }},
    Setting{"sources.crossref", false,
            [](const Source& s, Settings& to) { return flag(s, to.use_crossref); }},
    Setting{"sources.dblp", false, [](const Source& s, Settings& to) { return flag(s, to.use_dblp); }},
    Setting{"sources.openalex", false,
            [](const Source& s, Settings& to) { return flag(s, to.use_openalex); }},
    Setting{"arxiv.contact", false, [](const Source& s, Settings& to) { return text(s, to.contact); }},
    Setting{"arxiv.interval_ms", false,
            [](const Source& s, Settings& to) {
              std::int64_t value = 0;
              const Result read = count(s, value);
              if (read) to.arxiv_interval = std::chrono::milliseconds(value);
              return read;
            }},
    Setting{"arxiv.patience_s", false,
            [](const Source& s, Settings& to) {
              std::int64_t value = 0;
              const Result read = count(s, value);
              if (read) to.arxiv_patience = std::chrono::seconds(value);
              return read;
            }},
    Setting{"arxiv.offline", false, [](const Source& s, Settings& to) { return flag(s, to.offline); }},
    Setting{"cache.dir", false, [](const Source& s, Settings& to) { return text(s, to.cache_dir); }},
    Setting{"cache.size_max_mb", false,
            [](const Source& s, Settings& to) {
              std::int64_t value = 0;
              const Result read = count(s, value);
              if (read) to.cache_bytes_max = static_cast<std::uint64_t>(value) << 20;
              return read;
            }},
    Setting{"cache.fresh_hours", false,
            [](const Source& s, Settings& to) {
              std::int64_t value = 0;
              const Result read = count(s, value);
              if (read) to.cache_fresh = std::chrono::hours(value);
              return read;
            }},
    Setting{"store.url", false, [](const Source& s, Settings& to) { return text(s, to.store); }},
    Setting{"store.connections", false,
            [](const Source& s, Settings& to) -> Result {
              std::int64_t value = 0;
              constexpr std::int64_t most = 16;
              if (!count(s, value) || value < 1 || value > most)
                return wrong(s, "a whole number from 1 to " + std::to_string(most));
              to.store_connections = static_cast<std::size_t>(value);
              return {};
            }},
    Setting{"state.dir", false, [](const Source& s, Settings& to) { return text(s, to.state_dir); }},
    Setting{"plugins.load", false, [](const Source& s, Settings& to) { return texts(s, to.plugins.load); }},
    Setting{"plugins.time_limit_ms", false,
            [](const Source& s, Settings& to) {
              std::int64_t value = 0;
              const Result read = count(s, value);
              if (read) to.plugins.time_limit = std::chrono::milliseconds(value);
              return read;
            }},
    Setting{"output.dialect", true,
            [](const Source& s, Settings& to) {
              bibtex::Dialect value{};
              const Result read = word(
                  s, {{"bibtex", bibtex::Dialect::bibtex}, {"biblatex", bibtex::Dialect::biblatex}}, value);
              if (read) to.dialect = value;
              return read;
            }},
    Setting{"output.encoding", true,
            [](const Source& s, Settings& to) {
              bibtex::TextEncoding value{};
              const Result read = word(
                  s, {{"latex", bibtex::TextEncoding::latex}, {"utf8", bibtex::TextEncoding::utf8}}, value);
              if (read) to.encoding = value;
              return read;
            }},
    Setting{"output.authors_max", true,
            [](const Source& s, Settings& to) {
              std::int64_t value = 0;
              const Result read = count(s, value);
              if (read) to.authors_max = static_cast<std::size_t>(value);
              return read;
            }},
    Setting{"output.year", true,
            [](const Source& s, Settings& to) {
              return word(s, {{"first_version", true}, {"cited_version", false}}, to.first_version_year);
            }},
    Setting{"output.published", true, [](const Source& s, Settings& to) { return flag(s, to.published); }},
    Setting{"output.journals", true,
            [](const Source& s, Settings& to) {
              bibtex::JournalForm value{};
              const Result read = word(
                  s, {{"full", bibtex::JournalForm::full}, {"abbreviated", bibtex::JournalForm::abbreviated}},
                  value);
              if (read) to.journals = value;
              return read;
            }},
};

// [plugin.NAME]: what the plugin of that name makes of it is its own affair.
Result read_plugin(const Source& source, Trust trust, Settings& settings, const Warn& warn) {
  const toml::table* table = source.node.as_table();
  if (table == nullptr) return wrong(source, "a table");
  if (trust == Trust::project) {
    if (warn)
      warn(place_of(source) + ": " + source.name + " is for the user's own configuration, ignored here");
    return {};
  }
  std::ostringstream json;
  json << toml::json_formatter{*table};
  settings.plugins.config[source.name.substr(plugin_section.size() + 1)] = json.str();
  return {};
}

// [verify.accept.KEY]
Result read_acceptances(const Source& source, Settings& settings) {
  const toml::table* const table = source.node.as_table();
  if (table == nullptr) return wrong(source, "a table");
  for (const auto& [key, node] : *table) {
    const Source one{source.path, node, source.name + '.' + std::string(key.str())};
    const toml::table* const accepted = node.as_table();
    if (accepted == nullptr || accepted->get("what") == nullptr || accepted->get("reason") == nullptr)
      return wrong(one, "a table with `what` and `reason`");
    Acceptance acceptance;
    if (auto read = texts({one.path, *accepted->get("what"), one.name + ".what"}, acceptance.what); !read)
      return read;
    const Source reason{one.path, *accepted->get("reason"), one.name + ".reason"};
    if (auto read = text(reason, acceptance.reason); !read) return read;
    if (acceptance.reason.empty()) return wrong(reason, "a sentence that tells why");
    settings.accepted.insert_or_assign(std::string(key.str()), std::move(acceptance));
  }
  return {};
}

Result read_one(const Source& source, Trust trust, Settings& settings, const Warn& warn) {
  if (source.name.starts_with(plugin_section) && source.name.size() > plugin_section.size() &&
      source.name[plugin_section.size()] == '.') {
    return read_plugin(source, trust, settings, warn);
  }
  if (source.name == accept_name) return read_acceptances(source, settings);
  for (const Setting& setting : settings_table) {
    if (setting.name != source.name) continue;
    if (trust == Trust::project && !setting.project_may) {
      if (warn)
        warn(place_of(source) + ": " + source.name + " is for the user's own configuration, ignored here");
      return {};
    }
    return setting.read(source, settings);
  }
  if (warn) warn(place_of(source) + ": unknown setting " + source.name);
  return {};
}

// The library as Debian builds it reports by exception; it ends here.
tl::expected<toml::table, SettingsError> parse(std::string_view text, const std::string& path) {
  try {
    return toml::parse(text, path);
  } catch (const toml::parse_error& error) {
    return tl::unexpected(SettingsError{path + ":" + std::to_string(error.source().begin.line) + ": " +
                                        std::string(error.description())});
  }
}

}  // namespace

tl::expected<void, SettingsError> read_settings_file(const std::string& path, Trust trust, Settings& settings,
                                                     const Warn& warn) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return tl::unexpected(SettingsError{"cannot read " + path});
  std::string bytes;
  bytes.resize(settings_bytes_max + 1);
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (in.bad()) return tl::unexpected(SettingsError{"cannot read " + path});  // a folder can be opened
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  if (bytes.size() > settings_bytes_max) return tl::unexpected(SettingsError{path + " is larger than 1 MiB"});

  const auto parsed = parse(bytes, path);
  if (!parsed) return tl::unexpected(parsed.error());
  for (const auto& [key, node] : *parsed) {
    const std::string section(key.str());
    const toml::table* table = node.as_table();
    if (table == nullptr) {
      if (auto read = read_one({path, node, section}, trust, settings, warn); !read) return read;
      continue;
    }
    for (const auto& [name, value] : *table) {
      const Source source{path, value, section + '.' + std::string(name.str())};
      if (auto read = read_one(source, trust, settings, warn); !read) return read;
    }
  }
  return {};
}

tl::expected<std::string, std::string> with_acceptance(std::string text, const std::string& key,
                                                       const Acceptance& acceptance) {
  const auto before = parse(text, "bibsmith.toml");
  if (!before) return tl::unexpected(before.error().message);
  if ((*before)["verify"]["accept"][key]) {
    return tl::unexpected("bibsmith.toml has an acceptance of " + key + " already: change it there");
  }
  const auto quoted = [](const std::string& one) {
    std::ostringstream out;
    out << toml::toml_formatter{toml::value{one}, toml::format_flags::none};
    return out.str();
  };
  std::string what;
  for (const std::string& one : acceptance.what) what += (what.empty() ? "" : ", ") + quoted(one);
  if (!text.empty() && !text.ends_with('\n')) text += '\n';
  text += (text.empty() ? "" : "\n") + std::string("[verify.accept.") + quoted(key) + "]\nwhat = [" + what +
          "]\nreason = " + quoted(acceptance.reason) + '\n';
  // `verify` may be a value there, or a table that was closed.
  if (const auto after = parse(text, "bibsmith.toml"); !after) return tl::unexpected(after.error().message);
  return text;
}

}  // namespace bibsmith::plugin
