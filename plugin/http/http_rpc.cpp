#include "plugin/http/http_rpc.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

namespace bibsmith::plugin {

namespace {

using json = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

// They work on what the client sends, ask sources, or name files that are looked at below; no other
// parameter of theirs is the name of a file.
constexpr std::array<std::string_view, 17> group_methods = {
    "bibsmith/status",     "bibsmith/id.parse",    "bibsmith/entry.get", "bibsmith/search",
    "bibsmith/author",     "bibsmith/match",       "bibsmith/bib.parse", "bibsmith/bib.check",
    "bibsmith/bib.verify", "bibsmith/bib.plan",    "bibsmith/bib.add",   "bibsmith/bib.update",
    "bibsmith/bib.undo",   "bibsmith/bib.history", "bibsmith/convert",   "bibsmith/key.generate",
    "bibsmith/tex.scan"};

// Also a name in a form that the method refuses: it is none of the files.
bool names_others(const json& value, const std::vector<std::string>& files) {
  if (value.is_null()) return false;
  if (value.is_array()) {
    return std::ranges::any_of(value, [&](const json& one) { return names_others(one, files); });
  }
  return !value.is_string() || std::ranges::find(files, value.get_ref<const std::string&>()) == files.end();
}

std::optional<RpcError> wait_of(const RpcClient& client) {
  const auto wait = client.take ? client.take() : std::nullopt;
  if (!wait) return std::nullopt;
  return RpcError{RpcCode::rate_limited, "too many requests", std::chrono::ceil<std::chrono::seconds>(*wait)};
}

}  // namespace

std::optional<RpcError> refuse_for_group(const RpcRequest& request, const std::vector<std::string>& files) {
  if (request.error) return std::nullopt;
  if (std::ranges::find(group_methods, request.method) == group_methods.end()) {
    return RpcError{RpcCode::method_not_found, "there is no such method for a group's clients", {}};
  }
  const json& parameters = request.parameters.value();
  if (!parameters.is_object()) return std::nullopt;
  const auto member = [&](const char* name) {
    const auto found = parameters.find(name);
    return found == parameters.end() ? json() : *found;
  };
  // Beside a text the file is a name that it goes by, and is not opened.
  const bool is_of_text = member("text").is_string();
  if ((!is_of_text && names_others(member("file"), files)) || names_others(member("files"), files)) {
    return RpcError{RpcCode::invalid_params, "a group's clients name only the files that are served", {}};
  }
  return std::nullopt;
}

WebResponse answer_rpc(const RpcService& service, const WebRequest& request, const RpcClient& client,
                       const std::stop_token& stop) {
  const RpcMessage message = read_message(request.body);
  const SessionPool::Lease session = service.sessions.take();
  std::vector<std::string> responses;
  for (const RpcRequest& one : message.requests) {
    if (stop.stop_requested()) break;
    const auto begin = Clock::now();
    std::optional<RpcError> refused = &one == &message.requests.front() ? std::nullopt : wait_of(client);
    if (!refused && service.group_files) refused = refuse_for_group(one, *service.group_files);
    const MethodResult result =
        refused ? MethodResult(tl::unexpected(*std::move(refused))) : call(one, {*session, stop, {}});
    if (service.watch != nullptr) {
      const Method* method = find_method(one.method);
      service.watch->called(method != nullptr ? method->name : "other", client.name,
                            result ? 0 : static_cast<int>(result.error().code),
                            std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begin));
    }
    if (one.id) responses.push_back(response_to(one, result));
  }
  if (responses.empty()) return {204, {}, {}};
  return {200, "application/json", message.is_batch ? batch_of(responses) : std::move(responses.front())};
}

}  // namespace bibsmith::plugin
