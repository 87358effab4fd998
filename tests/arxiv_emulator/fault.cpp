#include "tests/arxiv_emulator/fault.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "tests/arxiv_emulator/text.hpp"

namespace bibsmith::emulator {
namespace {

using Kind = Fault::Kind;

struct KindName {
  std::string_view name;
  Kind kind;
  std::chrono::milliseconds delay_default;
};

constexpr KindName kinds[] = {
    {"429", Kind::too_many_requests, {}},
    {"503", Kind::unavailable, {}},
    {"stall", Kind::stall, std::chrono::milliseconds{30'000}},
    {"drip", Kind::drip, std::chrono::milliseconds{100}},
    {"cut", Kind::cut, {}},
    {"reset", Kind::reset, {}},
    {"empty", Kind::empty, {}},
    {"no-entries", Kind::no_entries, {}},
    {"bad-xml", Kind::bad_xml, {}},
    {"html", Kind::html, {}},
    {"redirect-loop", Kind::redirect_loop, {}},
    {"downgrade", Kind::downgrade, {}},
    {"gzip-bomb", Kind::gzip_bomb, {}},
    {"missing", Kind::missing, {}},
    {"other-paper", Kind::other_paper, {}},
    {"no-authors", Kind::no_authors, {}},
};

template <typename Number>
std::optional<Number> parse_number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// "1-3", "4", "4-", "*"
bool read_requests(std::string_view text, Fault& fault) {
  if (text == "*") return true;
  const std::size_t dash = text.find('-');
  const auto first = parse_number<std::uint64_t>(text.substr(0, dash));
  if (!first || *first == 0) return false;
  fault.first = *first;
  if (dash == text.npos) {
    fault.last = *first;
  } else if (dash + 1 < text.size()) {
    const auto last = parse_number<std::uint64_t>(text.substr(dash + 1));
    if (!last || *last < *first) return false;
    fault.last = *last;
  }
  return true;
}

// splitmix64: the same share of requests in every run, on every machine.
std::uint64_t scattered(std::uint64_t number) {
  number += 0x9E3779B97F4A7C15u;
  number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9u;
  number = (number ^ (number >> 27)) * 0x94D049BB133111EBu;
  return number ^ (number >> 31);
}

}  // namespace

bool Fault::hits(std::uint64_t number, std::string_view at) const {
  if (!endpoint.empty() && endpoint != at) return false;
  if (number < first || number > last) return false;
  return rate >= 1 || static_cast<double>(scattered(number) >> 11) * 0x1.0p-53 < rate;
}

std::string_view name_of(Kind kind) { return std::ranges::find(kinds, kind, &KindName::kind)->name; }

tl::expected<Fault, std::string> parse_fault(std::string_view specification) {
  const auto wrong = [specification](const std::string& why) {
    return tl::unexpected("fault '" + std::string(specification.substr(0, 64)) + "': " + why);
  };
  if (specification.size() > fault_specification_bytes_max) return wrong("longer than 256 bytes");
  Fault fault;
  std::string_view text = specification;
  if (const std::size_t at = text.find('@'); at != text.npos) {
    const std::string_view requests = text.substr(at + 1);
    if (!read_requests(requests, fault))
      return wrong("not a range of requests: '" + std::string(requests) + "'");
    text = text.substr(0, at);
  }
  std::vector<std::string_view> parts = split(text, ':');
  if (parts.front().starts_with("rate=")) {
    const auto rate = parse_number<double>(parts.front().substr(5));
    if (!rate || !(*rate >= 0 && *rate <= 1)) return wrong("expected a rate from 0 to 1");
    fault.rate = *rate;
    parts.erase(parts.begin());
    if (parts.empty()) parts.emplace_back("503");
  }
  const auto kind = std::ranges::find(kinds, parts.front(), &KindName::name);
  if (kind == std::end(kinds)) return wrong("unknown kind '" + std::string(parts.front()) + "'");
  fault.kind = kind->kind;
  fault.delay = kind->delay_default;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    constexpr std::string_view retry_after = "retry-after=";
    constexpr std::string_view on = "on=";
    const bool answers_status = fault.kind == Kind::too_many_requests || fault.kind == Kind::unavailable;
    const bool has_delay = fault.kind == Kind::stall || fault.kind == Kind::drip;
    if (parts[i].starts_with(on)) {
      fault.endpoint = parts[i].substr(on.size());
      if (fault.endpoint.empty()) return wrong("expected an endpoint after 'on='");
    } else if (answers_status && parts[i].starts_with(retry_after)) {
      const auto seconds = parse_number<int>(parts[i].substr(retry_after.size()));
      if (!seconds || *seconds < 0) return wrong("expected whole seconds after 'retry-after='");
      fault.retry_after_s = *seconds;
    } else if (has_delay) {
      const auto seconds = parse_number<double>(parts[i]);
      if (!seconds || !(*seconds >= 0 && *seconds <= 600)) return wrong("expected seconds from 0 to 600");
      fault.delay = std::chrono::milliseconds{std::llround(*seconds * 1000)};
    } else {
      return wrong("unknown option '" + std::string(parts[i]) + "'");
    }
  }
  return fault;
}

}  // namespace bibsmith::emulator
