#include "plugin/extend/plugin.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include <nlohmann/json.hpp>

#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::plugin {

namespace {

using json = nlohmann::ordered_json;
using std::chrono::milliseconds;

constexpr int starts_max = 3;
constexpr std::size_t schemes_max = 32;
constexpr std::size_t name_bytes_max = 64;
constexpr std::size_t words_bytes_max = 300;
constexpr std::int64_t interval_ms_max = 600'000;
constexpr std::size_t ids_max_max = 1000;
// To say what one is takes no network.
constexpr milliseconds description_limit{5'000};

std::string words_of(const json& object, const char* name) {
  const auto member = object.find(name);
  if (member == object.end() || !member->is_string()) return {};
  return printable_line(member->get_ref<const std::string&>().substr(0, words_bytes_max));
}

bool is_name(const std::string& text) {
  return !text.empty() && text.size() <= name_bytes_max && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
}

// A name that the rules of formats and schemes let through; else a mistake.
tl::expected<std::string, std::string> name_of(const json& value, const char* what) {
  if (value.is_string() && is_name(value.get_ref<const std::string&>())) return value.get<std::string>();
  return tl::unexpected(std::string(what) + " must be of small letters, digits, '-' and '.'");
}

// Names that are ours: "arxiv:1706.03762" and "doi:10.1/2" go their own way.
bool is_reserved(const std::string& scheme) {
  return scheme == "arxiv" || scheme == "doi" || scheme == "http" || scheme == "https";
}

tl::expected<PluginDescription::Fetcher, std::string> read_fetcher(const json& object) {
  PluginDescription::Fetcher fetcher;
  const auto schemes = object.find("schemes");
  if (schemes == object.end() || !schemes->is_array() || schemes->empty() || schemes->size() > schemes_max) {
    return tl::unexpected(std::string("a fetcher must name its schemes, 32 at most"));
  }
  for (const json& one : *schemes) {
    auto scheme = name_of(one, "a scheme");
    if (!scheme) return tl::unexpected(scheme.error());
    if (is_reserved(*scheme))
      return tl::unexpected(std::string("the scheme " + *scheme + " is not for plugins"));
    fetcher.schemes.push_back(*std::move(scheme));
  }
  const auto most = object.find("ids_max");
  if (most != object.end() && most->is_number_unsigned()) {
    fetcher.ids_max = std::clamp<std::size_t>(most->get<std::size_t>(), 1, ids_max_max);
  }
  return fetcher;
}

// What the extension of that name is made of; nullptr: it is not there.
const json* extension(const json& all, const char* name) {
  const auto found = all.find(name);
  return found == all.end() || !found->is_object() ? nullptr : &*found;
}

std::int64_t number_of(const json& object, const char* name) {
  const auto member = object.find(name);
  return member != object.end() && member->is_number_integer() ? member->get<std::int64_t>() : 0;
}

}  // namespace

std::vector<std::string> extensions_of(const PluginDescription& description) {
  std::vector<std::string> names;
  if (description.fetcher) names.emplace_back("bibsmith.fetcher/1");
  if (!description.exporter.empty()) names.emplace_back("bibsmith.exporter/1");
  if (!description.importer.empty()) names.emplace_back("bibsmith.importer/1");
  if (description.makes_keys) names.emplace_back("bibsmith.keygen/1");
  if (description.normalizes) names.emplace_back("bibsmith.normalizer/1");
  if (description.resolves) names.emplace_back("bibsmith.resolver/1");
  return names;
}

tl::expected<PluginDescription, std::string> read_description(const json& answer) {
  if (!answer.is_object()) return tl::unexpected(std::string("its description is no object"));
  PluginDescription out;
  out.title = words_of(answer, "name");
  out.version = words_of(answer, "version");
  out.description = words_of(answer, "description");
  out.url = words_of(answer, "url");
  out.license = words_of(answer, "license");
  out.interval = milliseconds(std::clamp<std::int64_t>(number_of(answer, "interval_ms"), 0, interval_ms_max));
  const auto all = answer.find("extensions");
  if (all == answer.end() || !all->is_object())
    return tl::unexpected(std::string("its description has no extensions"));
  if (const json* one = extension(*all, "bibsmith.fetcher/1")) {
    auto fetcher = read_fetcher(*one);
    if (!fetcher) return tl::unexpected(fetcher.error());
    out.fetcher = *std::move(fetcher);
  }
  for (const auto& [name, format] :
       {std::pair{"bibsmith.exporter/1", &out.exporter}, std::pair{"bibsmith.importer/1", &out.importer}}) {
    const json* one = extension(*all, name);
    if (one == nullptr) continue;
    auto read = name_of(one->value("format", json()), "a format");
    if (!read) return tl::unexpected(read.error());
    *format = *std::move(read);
  }
  out.makes_keys = extension(*all, "bibsmith.keygen/1") != nullptr;
  out.resolves = extension(*all, "bibsmith.resolver/1") != nullptr;
  if (const json* one = extension(*all, "bibsmith.normalizer/1")) {
    out.normalizes = true;
    out.normalizer_order = static_cast<int>(std::clamp<std::int64_t>(number_of(*one, "order"), -1000, 1000));
  }
  return out;
}

Plugin::Plugin(PluginFile file, const PluginSettings& settings, PluginServices& services)
    : file_(std::move(file)), settings_(settings), services_(services), problem_(file_.problem) {}

const PluginDescription* Plugin::description() {
  if (!is_described_ && problem_.empty()) {
    is_described_ = true;
    const Result answer = start();
    if (!answer) {
      problem_ = answer.error().message;
    } else if (auto read = read_description(*answer); read) {
      description_ = *std::move(read);
    } else {
      problem_ = read.error();
    }
    if (!problem_.empty()) process_.reset();
  }
  return description_ ? &*description_ : nullptr;
}

Plugin::Result Plugin::start() {
  if (starts_++ >= starts_max) {
    return tl::unexpected(FetchError{FetchError::Code::bad_response, "failed too often"});
  }
  std::vector<std::string> command{file_.path};
  if (file_.kind == PluginFile::Kind::shared_object) {
    command = {settings_.program.empty() ? "bibsmith" : settings_.program, "plugin-host", file_.path};
  }
  process_ = std::make_unique<PluginProcess>(command, [this](std::string_view line) {
    services_.warn("plugin " + file_.name + ": " + std::string(line));
  });
  const auto config = settings_.config.find(file_.name);
  json given = json::object();
  if (config != settings_.config.end()) given = json::parse(config->second, nullptr, false);
  return process_->call(
      "plugin/describe", {{"protocol", 1}, {"version", BIBSMITH_VERSION}, {"config", std::move(given)}},
      std::min(settings_.time_limit, description_limit),
      [this](const std::string& method, const json& parameters) { return serve(method, parameters, {}); },
      {});
}

Plugin::Result Plugin::call(const std::string& method, const json& parameters, const std::stop_token& stop) {
  if (description() == nullptr) {
    return tl::unexpected(named({FetchError::Code::bad_response, problem_}));
  }
  if (!process_->problem().empty()) {
    if (const Result started = start(); !started) return tl::unexpected(named(started.error()));
  }
  Result result = process_->call(
      method, parameters, settings_.time_limit,
      [&](const std::string& asked, const json& given) { return serve(asked, given, stop); }, stop);
  if (!result) return tl::unexpected(named(result.error()));
  return result;
}

Plugin::Result Plugin::serve(const std::string& method, const json& parameters, const std::stop_token& stop) {
  const auto refused = [](std::string why) {
    return tl::unexpected(FetchError{FetchError::Code::rejected, std::move(why)});
  };
  if (!parameters.is_object()) return refused("the parameters must be an object");
  if (method == "host/log") {
    services_.warn("plugin " + file_.name + ": " + words_of(parameters, "message"));
    return json();
  }
  if (method != "host/http.get") return refused("the host has no such method");
  if (!description_) return refused("a plugin describes itself without the network");
  const json url = parameters.value("url", json());
  const json accept = parameters.value("accept", json());
  if (!url.is_string()) return refused("'url' must be a text");
  PluginRequest request;
  request.plugin = file_.name;
  request.url = url.get<std::string>();
  if (accept.is_string()) request.accept = accept.get<std::string>();
  request.interval = description_->interval;
  auto response = services_.get(request, stop);
  if (!response) return tl::unexpected(response.error());
  return json{{"status", response->status}, {"body", std::move(response->body)}};
}

FetchError Plugin::named(FetchError error) const {
  error.message = "plugin " + file_.name + ": " + error.message;
  return error;
}

}  // namespace bibsmith::plugin
