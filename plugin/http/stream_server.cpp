#include "plugin/http/stream_server.hpp"

#include "plugin/rpc/conversation.hpp"
#include "plugin/rpc/message_stream.hpp"

namespace bibsmith::plugin {

namespace {

// The answer to what is no message: the client learns why it is cut off.
std::string refusal(const std::string& problem) {
  RpcRequest request{JsonDocument::null(), {}, JsonDocument::null(), {}, {}};
  return response_to(request, tl::unexpected(RpcError{RpcCode::parse_error, problem, {}}));
}

}  // namespace

std::string serve_stream(int in, int out, SessionPool& sessions, const std::stop_token& stop) {
  MessageReader reader(in, message_bytes_max);
  const auto send = [&](const std::string& message) {
    write_all(out, framed(message, reader.framing()), stop);
  };
  Conversation conversation(sessions, send);
  for (;;) {
    const auto message = reader.next(stop);
    if (message) {
      conversation.receive(*message);
      continue;
    }
    if (!stop.stop_requested()) conversation.finish();
    if (!message.error().problem.empty()) send(refusal(message.error().problem));
    return message.error().problem;
  }
}

}  // namespace bibsmith::plugin
