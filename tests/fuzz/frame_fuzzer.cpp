// Messages on a stream: however the bytes are cut on their way, the same messages come out and the same end;
// no message is longer than is taken; and what is framed as it should be comes out as it went in.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "plugin/rpc/message_stream.hpp"

namespace {

using namespace bibsmith::plugin;

// What the kernel keeps of packets that nobody has read yet.
constexpr std::size_t packets_max = 60;
constexpr std::size_t text_bytes_max = 16000;

void require(bool holds) {
  if (!holds) __builtin_trap();
}

struct Outcome {
  std::vector<std::string> messages;
  std::string problem;

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

enum class Expected : std::uint8_t { header, line, either };

MessageReader reader_of(int descriptor, std::size_t bytes_max, Expected expected) {
  if (expected == Expected::either) return MessageReader(descriptor, bytes_max);
  return MessageReader(descriptor, bytes_max, expected == Expected::line ? Framing::line : Framing::header);
}

// Each part of the text is a packet, of which one at a time is read.
Outcome read_all(const std::vector<std::string_view>& parts, std::size_t bytes_max, Expected expected) {
  int ends[2] = {};
  require(::socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) == 0);
  for (const std::string_view part : parts) {
    require(::send(ends[1], part.data(), part.size(), MSG_DONTWAIT) == static_cast<ssize_t>(part.size()));
  }
  ::close(ends[1]);
  Outcome outcome;
  MessageReader reader = reader_of(ends[0], bytes_max, expected);
  for (;;) {
    auto message = reader.next({});
    if (!message) {
      outcome.problem = message.error().problem;
      break;
    }
    require(message->size() <= bytes_max);
    outcome.messages.push_back(*std::move(message));
  }
  ::close(ends[0]);
  return outcome;
}

std::vector<std::string_view> cut(std::string_view text, std::uint32_t seed) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    seed = seed * 1664525 + 1013904223;  // Numerical Recipes, section 7.1
    const bool is_last = parts.size() + 1 == packets_max;
    const std::size_t size =
        is_last ? text.size() : std::min<std::size_t>(text.size(), 1 + (seed >> 16) % 97);
    parts.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return parts;
}

std::vector<std::string_view> whole(std::string_view text) {
  if (text.empty()) return {};
  return {text};
}

// The text as messages, a byte of 1 between them, framed and read again.
void check_framed(std::string_view text, std::uint32_t seed) {
  std::vector<std::string> messages;
  std::string stream;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\1'), text.size());
    messages.emplace_back(text.substr(0, end));
    stream += framed(messages.back(), Framing::header);
    text.remove_prefix(std::min(text.size(), end + 1));
  }
  if (stream.size() > text_bytes_max) return;
  const Outcome outcome = read_all(cut(stream, seed), text_bytes_max, Expected::header);
  require(outcome.messages == messages && outcome.problem.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t choices = 4;
  if (size < choices || size > text_bytes_max) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + choices, size - choices);
  const std::uint32_t seed = data[0] * 256u + data[1];
  const auto expected = static_cast<Expected>(data[2] % 3);
  const std::size_t bytes_max = 1 + std::size_t{data[3]} * 8;
  require(read_all(whole(text), bytes_max, expected) == read_all(cut(text, seed), bytes_max, expected));
  check_framed(text, seed);
  return 0;
}
