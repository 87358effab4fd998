#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "plugin/http/http_message.hpp"
#include "plugin/http/service_watch.hpp"
#include "plugin/rpc/json_rpc.hpp"
#include "plugin/rpc/session_pool.hpp"

namespace bibsmith::plugin {

// How JSON-RPC over HTTP is answered.
struct RpcService {
  SessionPool& sessions;
  ServiceWatch* watch = nullptr;  // may be none
  // The clients are a group's and not the person who started the server: methods that look at other files of
  // this machine, or change them, are not theirs. nullopt: they may do what that person may.
  std::optional<std::vector<std::string>> group_files;
};

// Why a group's client may not have the request done; nullopt: it may. Pure. [any thread]
std::optional<RpcError> refuse_for_group(const RpcRequest& request, const std::vector<std::string>& files);

// Who asks.
struct RpcClient {
  std::string name;  // of its token, for the log
  // Asked before each further request of a batch; the time is how long it has to wait. May be empty.
  std::function<std::optional<std::chrono::steady_clock::duration>()> take;
};

WebResponse answer_rpc(const RpcService& service, const WebRequest& request, const RpcClient& client,
                       const std::stop_token& stop);

}  // namespace bibsmith::plugin
