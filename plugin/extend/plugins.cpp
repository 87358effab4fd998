#include "plugin/extend/plugins.hpp"

#include <algorithm>
#include <map>

#include <nlohmann/json.hpp>

#include "bibtex/syntax/ascii.hpp"
#include "fetchers/record/doi.hpp"
#include "plugin/extend/csl_items.hpp"

namespace bibsmith::plugin {

namespace {

using json = nlohmann::ordered_json;

FetchError wrong(const Plugin& plugin, const std::string& what) {
  return {FetchError::Code::bad_response, "plugin " + plugin.file().name + ": " + what};
}

// An array of as many elements as were handed in.
tl::expected<json, FetchError> call_for_each(Plugin& plugin, const char* method,
                                             std::span<const bibtex::Entry> entries,
                                             const std::stop_token& stop) {
  auto answer = plugin.call(method, {{"items", csl_items(entries)}}, stop);
  if (!answer || (answer->is_array() && answer->size() == entries.size())) return answer;
  return tl::unexpected(wrong(plugin, "answered with no list of " + std::to_string(entries.size())));
}

}  // namespace

Plugins::Plugins(PluginSettings settings, std::unique_ptr<PluginServices> services)
    : settings_(std::move(settings)), services_(std::move(services)) {
  for (PluginFile& file : find_plugins(settings_)) {
    if (!file.problem.empty()) services_->warn("plugin " + file.name + " is not used: " + file.problem);
    plugins_.push_back(std::make_unique<Plugin>(std::move(file), settings_, *services_));
  }
}

Plugins::~Plugins() = default;

std::vector<PluginListing> Plugins::list() {
  std::vector<PluginListing> out;
  for (const auto& plugin : plugins_) {
    const PluginDescription* description = plugin->description();
    out.push_back(
        {plugin->file(), plugin->problem(), description != nullptr ? *description : PluginDescription{}});
  }
  return out;
}

Plugin* Plugins::first(const Has& has) {
  for (const auto& plugin : plugins_) {
    const bool was_usable = plugin->problem().empty();
    const PluginDescription* description = plugin->description();
    if (description != nullptr && has(*description)) return plugin.get();
    if (was_usable && description == nullptr) {
      services_->warn("plugin " + plugin->file().name + " is not used: " + plugin->problem());
    }
  }
  return nullptr;
}

Plugin* Plugins::fetcher_of(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == text.npos || colon == 0) return nullptr;
  const std::string scheme = bibtex::in_lower_case(text.substr(0, colon));
  return first([&](const PluginDescription& one) {
    return one.fetcher && std::ranges::find(one.fetcher->schemes, scheme) != one.fetcher->schemes.end();
  });
}

bool Plugins::takes(std::string_view text) { return !plugins_.empty() && fetcher_of(text) != nullptr; }

PluginFetch Plugins::fetch(std::span<const std::string> ids, const PluginEntryStyle& style,
                           const std::stop_token& stop) {
  PluginFetch out;
  std::vector<std::pair<Plugin*, std::vector<std::string>>> shares;
  for (const std::string& id : ids) {
    Plugin* plugin = fetcher_of(id);
    if (plugin == nullptr) continue;
    auto share = std::ranges::find(shares, plugin, [](const auto& one) { return one.first; });
    if (share == shares.end()) share = shares.insert(shares.end(), {plugin, {}});
    if (std::ranges::find(share->second, id) == share->second.end()) share->second.push_back(id);
  }
  for (const auto& [plugin, wanted] : shares) {
    const std::size_t most = plugin->description()->fetcher->ids_max;
    for (std::size_t at = 0; at < wanted.size(); at += most) {
      fetch_from(*plugin, std::span(wanted).subspan(at, std::min(most, wanted.size() - at)), style, stop,
                 out);
    }
  }
  return out;
}

void Plugins::fetch_from(Plugin& plugin, std::span<const std::string> ids, const PluginEntryStyle& style,
                         const std::stop_token& stop, PluginFetch& out) {
  const auto fail_all = [&](const FetchError& error) {
    for (const std::string& id : ids) out.failures.push_back({id, error});
  };
  const auto answer = plugin.call("fetcher/fetch", {{"ids", ids}}, stop);
  if (!answer) return fail_all(answer.error());
  if (!answer->is_array()) return fail_all(wrong(plugin, "answered with no list"));
  std::map<std::string, const json*> known;
  for (const json& one : *answer) {
    const json id = one.is_object() ? one.value("id", json()) : json();
    if (!id.is_string()) return fail_all(wrong(plugin, "answered with an element that has no id"));
    known.emplace(id.get<std::string>(), &one);  // the first counts
  }
  for (const std::string& id : ids) {
    const auto found = known.find(id);
    if (found == known.end()) {
      out.not_found.push_back(id);
      continue;
    }
    const json& one = *found->second;
    const auto item = one.find("item");
    if (item != one.end() && item->is_object()) {
      out.found.push_back({id, plugin.file().name, entry_of_csl(*item, style.dialect, style.encoding)});
    } else {
      const json error = one.value("error", json());
      out.failures.push_back(
          {id, wrong(plugin, error.is_string() ? printable_line(error.get<std::string>()) : "has no item")});
    }
  }
}

bool Plugins::writes(std::string_view format) {
  return first([&](const PluginDescription& one) { return one.exporter == format; }) != nullptr;
}

std::optional<Plugins::Result<std::string>> Plugins::write(const std::string& format,
                                                           std::span<const bibtex::Entry> entries,
                                                           const std::stop_token& stop) {
  Plugin* plugin = first([&](const PluginDescription& one) { return one.exporter == format; });
  if (plugin == nullptr || format.empty()) return std::nullopt;
  auto answer = plugin->call("exporter/write", {{"format", format}, {"items", csl_items(entries)}}, stop);
  if (!answer) return tl::unexpected(answer.error());
  if (!answer->is_string()) return tl::unexpected(wrong(*plugin, "answered with no text"));
  return answer->get<std::string>();
}

std::optional<Plugins::Result<std::vector<bibtex::Entry>>> Plugins::read(const std::string& format,
                                                                         const std::string& text,
                                                                         const PluginEntryStyle& style,
                                                                         const std::stop_token& stop) {
  Plugin* plugin = first([&](const PluginDescription& one) { return one.importer == format; });
  if (plugin == nullptr || format.empty()) return std::nullopt;
  const auto answer = plugin->call("importer/read", {{"format", format}, {"text", text}}, stop);
  if (!answer) return tl::unexpected(answer.error());
  if (!answer->is_array()) return tl::unexpected(wrong(*plugin, "answered with no list"));
  std::vector<bibtex::Entry> entries;
  for (const json& item : *answer) {
    if (!item.is_object()) return tl::unexpected(wrong(*plugin, "answered with an item that is no object"));
    entries.push_back(entry_of_csl(item, style.dialect, style.encoding));
  }
  return entries;
}

std::optional<Plugins::Result<std::vector<std::string>>> Plugins::keys(const std::string& name,
                                                                       std::span<const bibtex::Entry> entries,
                                                                       const std::stop_token& stop) {
  const auto named = std::ranges::find(plugins_, name, [](const auto& one) { return one->file().name; });
  if (named == plugins_.end()) return std::nullopt;
  Plugin& plugin = **named;
  if (plugin.description() == nullptr) return tl::unexpected(wrong(plugin, plugin.problem()));
  if (!plugin.description()->makes_keys) return std::nullopt;
  const auto answer = call_for_each(plugin, "keygen/keys", entries, stop);
  if (!answer) return tl::unexpected(answer.error());
  std::vector<std::string> keys;
  for (const json& key : *answer) {
    const std::string text = key.is_string() ? key.get<std::string>() : "";
    if (!key.is_string() || (!text.empty() && !is_citation_key(text))) {
      return tl::unexpected(wrong(plugin, "made a key that no program takes: " + printable_line(text)));
    }
    keys.push_back(text);
  }
  return keys;
}

void Plugins::normalize(std::span<bibtex::Entry* const> entries, const PluginEntryStyle& style,
                        const std::stop_token& stop) {
  if (plugins_.empty() || entries.empty()) return;
  first([](const PluginDescription&) { return false; });  // describes them all
  std::vector<Plugin*> wanted;
  for (const auto& plugin : plugins_) {
    if (plugin->description() != nullptr && plugin->description()->normalizes) wanted.push_back(plugin.get());
  }
  std::ranges::stable_sort(wanted, {}, [](Plugin* one) { return one->description()->normalizer_order; });
  for (Plugin* plugin : wanted) {
    std::vector<bibtex::Entry> copies;
    for (const bibtex::Entry* entry : entries) copies.push_back(*entry);
    const json before = csl_items(copies);
    const auto after = call_for_each(*plugin, "normalizer/apply", copies, stop);
    if (!after) {
      services_->warn(after.error().message);
      continue;
    }
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if ((*after)[i].is_object()) {
        apply_csl_change(*entries[i], before[i], (*after)[i], style.dialect, style.encoding);
      }
    }
  }
}

std::vector<std::string> Plugins::resolve(std::span<const bibtex::Entry> entries,
                                          const std::stop_token& stop) {
  std::vector<std::string> dois(entries.size());
  if (plugins_.empty() || entries.empty()) return dois;
  Plugin* plugin = first([](const PluginDescription& one) { return one.resolves; });
  if (plugin == nullptr) return dois;
  const auto answer = call_for_each(*plugin, "resolver/resolve", entries, stop);
  if (!answer) {
    services_->warn(answer.error().message);
    return dois;
  }
  for (std::size_t i = 0; i < dois.size(); ++i) {
    const auto doi = (*answer)[i].is_string() ? Doi::parse((*answer)[i].get<std::string>()) : std::nullopt;
    if (doi) dois[i] = doi->str();
  }
  return dois;
}

}  // namespace bibsmith::plugin
