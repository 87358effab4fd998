#pragma once

#include <chrono>
#include <optional>

#include "tests/arxiv_emulator/answer.hpp"
#include "tests/arxiv_emulator/atom_endpoint.hpp"
#include "tests/arxiv_emulator/fault.hpp"
#include "tests/arxiv_emulator/loopback_server.hpp"

namespace bibsmith::emulator {

// What the client got in the end.
struct Outcome {
  int status = 0;  // 0: none
  bool good = false;
  std::optional<std::chrono::seconds> retry_after;
};

// The part of a fault that an endpoint does itself.
Distortion distortion_of(const std::optional<Fault>& fault);

void write_answer(Answer answer, httplib::Response& response);

// Does to the answer what the fault says. A stall waits here.
Outcome write_answer(Answer answer, const std::optional<Fault>& fault, const httplib::Request& request,
                     const LoopbackServer& server, httplib::Response& response);

inline constexpr std::size_t gzip_bomb_bytes = std::size_t{65} << 20;

}  // namespace bibsmith::emulator
