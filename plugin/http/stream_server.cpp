#include "plugin/http/stream_server.hpp"

#include <thread>

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
  const auto write = [&](const std::string& message) {
    return write_all(out, framed(message, reader.framing()), stop);
  };
  Conversation conversation(sessions, [&](const std::string& message) {
    if (!write(message)) conversation.abandon();
  });
  const std::stop_callback on_stop(stop, [&] { conversation.abandon(); });
  for (;;) {
    const auto message = reader.next(stop);
    if (message) {
      conversation.receive(*message);
      continue;
    }
    // A client may close its end for writing and still read; one that is gone needs no answers.
    std::jthread watch([&](const std::stop_token& done) {
      if (wait_for_hang_up(out, done)) conversation.abandon();
    });
    conversation.finish();
    watch = {};
    if (!message.error().problem.empty()) write(refusal(message.error().problem));
    return message.error().problem;
  }
}

}  // namespace bibsmith::plugin
