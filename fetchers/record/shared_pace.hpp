#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include <tl/expected.hpp>

namespace bibsmith {

// Where the pace towards a source is kept for more machines than one: whoever has the turn of a group may
// talk to its servers. One thread at a time. Errors are a line for the user; a pace that cannot be shared is
// no reason not to ask.
class SharedPace {
 public:
  // Relative to the moment of the call, for the clocks of machines differ.
  struct State {
    std::optional<std::chrono::nanoseconds> since_start;  // of the last request
    std::chrono::nanoseconds cool_down_left{};
    std::uint32_t refusals = 0;  // in a row
  };

  virtual ~SharedPace() = default;

  // Takes the turn and tells the state; nullopt: another has it. Never waits for it. The turn of a process
  // that dies ends.
  virtual tl::expected<std::optional<State>, std::string> try_turn(const std::string& group) = 0;
  // For who has the turn.
  virtual tl::expected<void, std::string> write(const std::string& group, const State& state) = 0;
  virtual void end_turn(const std::string& group) = 0;
};

}  // namespace bibsmith
