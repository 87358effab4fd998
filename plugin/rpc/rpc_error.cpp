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

}  // namespace bibsmith::plugin
