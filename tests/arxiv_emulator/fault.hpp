#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

namespace bibsmith::emulator {

// Something that goes wrong on purpose, and with which requests. The kinds are described in README.md.
struct Fault {
  enum class Kind : std::uint8_t {
    too_many_requests,
    unavailable,
    stall,
    drip,
    cut,
    reset,
    empty,
    no_entries,
    bad_xml,
    html,
    redirect_loop,
    downgrade,
    gzip_bomb,
    missing,
    other_paper,
    no_authors,
  };
  Kind kind = Kind::unavailable;
  std::optional<int> retry_after_s;    // of 429 and 503
  std::chrono::milliseconds delay{0};  // of a stall, in all; of a drip, before each byte
  std::uint64_t first = 1;             // the requests that it hits, counted from 1
  std::uint64_t last = std::numeric_limits<std::uint64_t>::max();
  double rate = 1;       // the share of these requests
  std::string endpoint;  // "atom", "oai", …; empty: all

  // Whether request `number`, to `at`, is hit; always the same answer for the same number.
  bool hits(std::uint64_t number, std::string_view at = {}) const;
};

// Reads "429:retry-after=1@1-3", "stall:5@4", "cut", "rate=0.3", "rate=0.1:429". The grammar is in README.md.
// The error names the specification: "fault '42': unknown kind '42'".
tl::expected<Fault, std::string> parse_fault(std::string_view specification);

// The kind as a specification writes it.
std::string_view name_of(Fault::Kind kind);

inline constexpr std::chrono::milliseconds fault_delay_max{600'000};
inline constexpr std::size_t fault_specification_bytes_max = 256;

}  // namespace bibsmith::emulator
