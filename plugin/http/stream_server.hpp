#pragma once

#include <stop_token>
#include <string>

#include "plugin/rpc/session_pool.hpp"

namespace bibsmith::plugin {

// One client of JSON-RPC on two descriptors (which may be one: a socket), until its input ends and all is
// answered, or `stop` is requested. Answers have the framing of the first message. Returns what was wrong
// with the stream; empty: nothing. [any thread]
std::string serve_stream(int in, int out, SessionPool& sessions, const std::stop_token& stop);

}  // namespace bibsmith::plugin
