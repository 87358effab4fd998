#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/json/json_document.hpp"
#include "plugin/rpc/methods.hpp"

namespace bibsmith::plugin {

inline constexpr std::size_t message_bytes_max = 64u << 20;
inline constexpr std::size_t batch_requests_max = 1000;

// One request of JSON-RPC 2.0 as it was read.
struct RpcRequest {
  std::optional<JsonDocument> id;  // a text, a number or null; none: a notification, which is not answered
  std::string method;
  JsonDocument parameters;
  // From the member "progress_token" of the parameters, which is not passed on: news of the call carry it.
  std::optional<JsonDocument> progress_token;
  std::optional<RpcError> error;  // it cannot be called, for this reason
};

// A message: one request, or a batch of them (section 6).
struct RpcMessage {
  std::vector<RpcRequest> requests;
  bool is_batch = false;
};

// What is wrong with a message is a request with an error, so that it gets its answer like any other.
RpcMessage read_message(std::string_view text);

// Calls the method that the request names.
MethodResult call(const RpcRequest& request, const CallContext& context);

// The response to a request that has an id.
std::string response_to(const RpcRequest& request, const MethodResult& result);

// "[a,b]"; empty without responses, because a batch of notifications is not answered.
std::string batch_of(const std::vector<std::string>& responses);

// The notification "bibsmith/progress".
std::string progress_message(const JsonDocument& token, std::size_t done, std::size_t total);

}  // namespace bibsmith::plugin
