#pragma once

#include <span>
#include <stop_token>
#include <string_view>

#include <nlohmann/json_fwd.hpp>
#include <tl/expected.hpp>

#include "plugin/json/json_document.hpp"
#include "plugin/rpc/parameters.hpp"
#include "plugin/rpc/rpc_error.hpp"
#include "plugin/session/session.hpp"

namespace bibsmith::plugin {

// What a call is given beside its parameters.
struct CallContext {
  Session& session;
  std::stop_token stop;
  FetchProgress progress;  // may be empty
};

using MethodResult = tl::expected<JsonDocument, RpcError>;

// One verb of the session under the name that all programs call it by: JSON-RPC (bibsmith serve), the C ABI
// (bibsmith_call) and the commands of the language server. docs/json-rpc.md gives parameters and results.
struct Method {
  std::string_view name;  // "bibsmith/entry.get"
  bool writes;            // files of the user
  MethodResult (*call)(Parameters& parameters, const CallContext& context);
};

// All of them, in the order of the documentation.
std::span<const Method> methods();

// nullptr: there is none of that name.
const Method* find_method(std::string_view name);

// Calls the method of that name. Never throws: what a library throws is an internal error.
MethodResult call_method(std::string_view name, const nlohmann::ordered_json& parameters,
                         const CallContext& context);
// The same with the parameters as a JSON text; empty: none.
MethodResult call_method(std::string_view name, std::string_view parameters, const CallContext& context);

}  // namespace bibsmith::plugin
