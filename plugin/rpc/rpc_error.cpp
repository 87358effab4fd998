#include "plugin/rpc/rpc_error.hpp"

namespace bibsmith::plugin {

RpcError rpc_error_of(const FileError& error) {
  using Code = FileError::Code;
  switch (error.code) {
    case Code::locked:
    case Code::changed:
      return {RpcCode::conflict, error.message, {}};
    case Code::interrupted:
      return {RpcCode::cancelled, error.message, {}};
    case Code::not_found:
    case Code::unreadable:
    case Code::unwritable:
    case Code::refused:
      break;
  }
  return {RpcCode::file, error.message, {}};
}

RpcError rpc_error_of(const FetchError& error) {
  using Code = FetchError::Code;
  RpcCode code = RpcCode::network;
  if (error.code == Code::offline) code = RpcCode::offline;
  if (error.code == Code::rate_limited) code = RpcCode::rate_limited;
  if (error.code == Code::cancelled) code = RpcCode::cancelled;
  return {code, error.message, error.retry_after};
}

RpcError plugin_error_of(const FetchError& error) {
  RpcError out = rpc_error_of(error);
  if (error.code == FetchError::Code::rejected || error.code == FetchError::Code::bad_response) {
    out.code = RpcCode::plugin;
  }
  return out;
}

}  // namespace bibsmith::plugin
