#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "fetchers/record/fetcher.hpp"
#include "plugin/session/file_store.hpp"

namespace bibsmith::plugin {

// Why a method gives no result. Numbers of JSON-RPC 2.0 (section 5.1), of LSP 3.17 ("ErrorCodes"), and of
// our own between -32050 and -32001; docs/json-rpc.md lists them.
enum class RpcCode : int {
  parse_error = -32700,
  invalid_request = -32600,
  method_not_found = -32601,
  invalid_params = -32602,
  internal_error = -32603,
  not_found = -32001,
  network = -32010,
  rate_limited = -32011,
  conflict = -32012,  // another program changed the file, or holds it
  offline = -32013,
  file = -32014,    // cannot be read or written
  busy = -32015,    // more than this server takes at once
  plugin = -32016,  // a plugin failed
  cancelled = -32800,
};

struct RpcError {
  RpcCode code = RpcCode::internal_error;
  std::string message;  // one line
  std::optional<std::chrono::seconds> retry_after;
};

RpcError rpc_error_of(const FileError& error);
RpcError rpc_error_of(const FetchError& error);
// Of a plugin: what is no word of the network's is its own failure.
RpcError plugin_error_of(const FetchError& error);

}  // namespace bibsmith::plugin
