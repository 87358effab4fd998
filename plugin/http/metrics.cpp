#include "plugin/http/metrics.hpp"

#include <cstdio>

#include "fetchers/cache/counted_store.hpp"

namespace bibsmith::plugin {

namespace {

void begin(std::string& out, std::string_view name, std::string_view type, std::string_view help) {
  out += "# HELP " + std::string(name) + ' ' + std::string(help) + '\n';
  out += "# TYPE " + std::string(name) + ' ' + std::string(type) + '\n';
}

void add(std::string& out, std::string_view name, std::uint64_t value, const std::string& labels = {}) {
  out += name;
  if (!labels.empty()) out += '{' + labels + '}';
  out += ' ' + std::to_string(value) + '\n';
}

std::string label(std::string_view name, std::string_view value) {
  return std::string(name) + "=\"" + std::string(value) + '"';
}

// "0.005", "2.5", "10".
std::string seconds_of(std::chrono::microseconds time) {
  char text[32];
  std::snprintf(text, sizeof text, "%.10g", static_cast<double>(time.count()) / 1e6);
  return text;
}

}  // namespace

void Metrics::answered(std::string_view method, std::string_view path, int status,
                       std::chrono::microseconds took) {
  const std::lock_guard lock(mutex_);
  ++requests_[{std::string(method), std::string(path), status}];
  Durations& durations = durations_[std::string(path)];
  ++durations.count;
  durations.sum += took;
  for (std::size_t i = 0; i < duration_bounds_ms.size(); ++i) {
    if (took <= std::chrono::milliseconds(duration_bounds_ms[i])) ++durations.at_most[i];
  }
}

void Metrics::called(std::string_view method, bool is_good) {
  const std::lock_guard lock(mutex_);
  ++calls_[{std::string(method), is_good}];
}

void Metrics::rate_limited() {
  const std::lock_guard lock(mutex_);
  ++rate_limited_;
}

std::string Metrics::text(const fetchers::StoreCounts& store) const {
  const std::lock_guard lock(mutex_);
  std::string out;
  begin(out, "bibsmith_http_requests_total", "counter", "Requests of HTTP that were answered.");
  for (const auto& [key, count] : requests_) {
    const auto& [method, path, status] = key;
    add(out, "bibsmith_http_requests_total", count,
        label("method", method) + ',' + label("path", path) + ',' + label("status", std::to_string(status)));
  }
  constexpr std::string_view name = "bibsmith_http_request_duration_seconds";
  begin(out, name, "histogram", "From the first byte of a request to the first of its answer.");
  for (const auto& [path, durations] : durations_) {
    const std::string of_path = label("path", path);
    const std::string bucket = std::string(name) + "_bucket";
    for (std::size_t i = 0; i < duration_bounds_ms.size(); ++i) {
      const std::string bound = seconds_of(std::chrono::milliseconds(duration_bounds_ms[i]));
      add(out, bucket, durations.at_most[i], of_path + ',' + label("le", bound));
    }
    add(out, bucket, durations.count, of_path + ',' + label("le", "+Inf"));
    out += std::string(name) + "_sum{" + of_path + "} " + seconds_of(durations.sum) + '\n';
    add(out, std::string(name) + "_count", durations.count, of_path);
  }
  begin(out, "bibsmith_rpc_calls_total", "counter", "Calls of JSON-RPC over HTTP.");
  for (const auto& [key, count] : calls_) {
    add(out, "bibsmith_rpc_calls_total", count,
        label("method", key.first) + ',' + label("result", key.second ? "good" : "error"));
  }
  const auto counter = [&](std::string_view counted, std::string_view help, std::uint64_t value) {
    begin(out, counted, "counter", help);
    add(out, counted, value);
  };
  counter("bibsmith_rate_limited_total", "Requests that were refused because their client asked too often.",
          rate_limited_);
  counter("bibsmith_store_errors_total", "Calls of the store that failed.", store.errors);
  counter("bibsmith_cache_hits_total", "Look-ups in the store that found an answer.", store.hits);
  counter("bibsmith_cache_misses_total", "Answers that a source had to be asked for.", store.misses);
  return out;
}

}  // namespace bibsmith::plugin
