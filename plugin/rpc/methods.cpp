#include "plugin/rpc/methods.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <string>

#include <nlohmann/json.hpp>

#include "fetchers/json/json.hpp"
#include "plugin/rpc/method_groups.hpp"

namespace bibsmith::plugin {

namespace {

using json = nlohmann::ordered_json;

constexpr std::size_t parameters_depth_max = 64;

MethodResult call_status(Parameters& parameters, const CallContext& context);

constexpr std::array all_methods = {
    Method{"bibsmith/status", false, call_status},
    Method{"bibsmith/id.parse", false, call_id_parse},
    Method{"bibsmith/entry.get", false, call_entry_get},
    Method{"bibsmith/search", false, call_search},
    Method{"bibsmith/author", true, call_author},
    Method{"bibsmith/match", false, call_match},
    Method{"bibsmith/bib.parse", false, call_bib_parse},
    Method{"bibsmith/bib.check", false, call_bib_check},
    Method{"bibsmith/bib.verify", false, call_bib_verify},
    Method{"bibsmith/bib.plan", false, call_bib_plan},
    Method{"bibsmith/bib.add", true, call_bib_add},
    Method{"bibsmith/bib.update", true, call_bib_update},
    Method{"bibsmith/bib.dedupe", true, call_bib_dedupe},
    Method{"bibsmith/bib.keys", true, call_bib_keys},
    Method{"bibsmith/bib.format", true, call_bib_format},
    Method{"bibsmith/bib.undo", true, call_bib_undo},
    Method{"bibsmith/bib.history", false, call_bib_history},
    Method{"bibsmith/convert", false, call_convert},
    Method{"bibsmith/key.generate", false, call_key_generate},
    Method{"bibsmith/tex.scan", false, call_tex_scan},
    Method{"bibsmith/tex.resolve", true, call_tex_resolve},
    Method{"bibsmith/zotero.push", true, call_zotero_push},
    Method{"bibsmith/zotero.pull", false, call_zotero_pull},
    Method{"bibsmith/cache.stats", false, call_cache_stats},
    Method{"bibsmith/plugin.list", false, call_plugin_list},
};

MethodResult call_status(Parameters& parameters, const CallContext& context) {
  if (auto mistake = parameters.mistake()) return tl::unexpected(*std::move(mistake));
  json out{{"name", "bibsmith"},
           {"version", BIBSMITH_VERSION},
           {"offline", context.session.settings().offline},
           {"methods", json::array()}};
  for (const Method& method : all_methods) {
    out["methods"].push_back({{"name", method.name}, {"writes", method.writes}});
  }
  return JsonDocument(std::move(out));
}

}  // namespace

std::span<const Method> methods() { return all_methods; }

const Method* find_method(std::string_view name) {
  const auto* found = std::ranges::find(all_methods, name, &Method::name);
  return found == all_methods.end() ? nullptr : found;
}

MethodResult call_method(std::string_view name, const json& parameters, const CallContext& context) {
  const Method* method = find_method(name);
  if (method == nullptr) {
    return tl::unexpected(RpcError{RpcCode::method_not_found, "there is no such method", {}});
  }
  try {
    Parameters reader(parameters);
    return method->call(reader, context);
  } catch (const std::exception& bug) {
    return tl::unexpected(
        RpcError{RpcCode::internal_error, std::string("internal error: ") + bug.what(), {}});
  }
}

MethodResult call_method(std::string_view name, std::string_view parameters, const CallContext& context) {
  if (parameters.empty()) return call_method(name, json(), context);
  if (fetchers::is_deeper(parameters, parameters_depth_max)) {
    return tl::unexpected(RpcError{RpcCode::invalid_params, "the parameters nest too deeply", {}});
  }
  const json object = json::parse(parameters, nullptr, false);
  if (object.is_discarded()) {
    return tl::unexpected(RpcError{RpcCode::parse_error, "the parameters are no JSON", {}});
  }
  return call_method(name, object, context);
}

}  // namespace bibsmith::plugin
