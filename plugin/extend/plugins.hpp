#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "bibtex/model/entry.hpp"
#include "plugin/extend/plugin.hpp"

namespace bibsmith::plugin {

// How entries of plugins look.
struct PluginEntryStyle {
  bibtex::Dialect dialect = bibtex::Dialect::bibtex;
  bibtex::TextEncoding encoding = bibtex::TextEncoding::latex;
};

struct PluginListing {
  PluginFile file;
  std::string problem;  // empty: it can be used
  PluginDescription description;
};

// What plugins made of ids of their schemes. Each id is in exactly one list.
struct PluginFetch {
  struct Found {
    std::string id;
    std::string plugin;
    bibtex::Entry entry;
  };
  struct Failure {
    std::string id;
    FetchError error;
  };
  std::vector<Found> found;
  std::vector<std::string> not_found;
  std::vector<Failure> failures;
};

// All plugins that the user has named, by what they can do. None is started before one of its kind is wanted.
// A failure names the plugin. [one thread at a time]
class Plugins {
 public:
  template <typename T>
  using Result = tl::expected<T, FetchError>;

  Plugins(PluginSettings settings, std::unique_ptr<PluginServices> services);
  ~Plugins();

  std::vector<PluginListing> list();

  // Whether the text is an id of a plugin's scheme.
  bool takes(std::string_view text);
  // Ids that takes() is true of.
  PluginFetch fetch(std::span<const std::string> ids, const PluginEntryStyle& style,
                    const std::stop_token& stop);

  // nullopt: no plugin writes (reads) that format.
  std::optional<Result<std::string>> write(const std::string& format, std::span<const bibtex::Entry> entries,
                                           const std::stop_token& stop);
  std::optional<Result<std::vector<bibtex::Entry>>> read(const std::string& format, const std::string& text,
                                                         const PluginEntryStyle& style,
                                                         const std::stop_token& stop);
  bool writes(std::string_view format);
  // New keys for entries, "" where the old one stays. nullopt: no plugin of that name makes keys.
  std::optional<Result<std::vector<std::string>>> keys(const std::string& plugin,
                                                       std::span<const bibtex::Entry> entries,
                                                       const std::stop_token& stop);

  // Changes new entries as the plugins say. What a plugin that fails would have changed stays, with a
  // warning.
  void normalize(std::span<bibtex::Entry* const> entries, const PluginEntryStyle& style,
                 const std::stop_token& stop);
  // DOIs of what was published, for preprints; empty where no plugin knows.
  std::vector<std::string> resolve(std::span<const bibtex::Entry> entries, const std::stop_token& stop);

 private:
  using Has = std::function<bool(const PluginDescription&)>;

  Plugin* first(const Has& has);
  Plugin* fetcher_of(std::string_view text);
  void fetch_from(Plugin& plugin, std::span<const std::string> ids, const PluginEntryStyle& style,
                  const std::stop_token& stop, PluginFetch& out);

  PluginSettings settings_;
  std::unique_ptr<PluginServices> services_;
  std::vector<std::unique_ptr<Plugin>> plugins_;
};

}  // namespace bibsmith::plugin
