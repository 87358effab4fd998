#include "tests/arxiv_emulator/conduct.hpp"

#include <algorithm>

#include "tests/arxiv_emulator/text.hpp"

namespace bibsmith::emulator {
namespace {

using std::chrono::milliseconds;

// The first word of the User-Agent that these send when nobody has set one.
constexpr std::string_view generic_agents[] = {
    "curl",       "libcurl", "wget",           "python-requests", "python-urllib", "aiohttp",
    "java",       "okhttp",  "go-http-client", "cpp-httplib",     "axios",         "node",
    "node-fetch", "undici",  "perl",           "libwww-perl",     "ruby",          "mozilla"};

std::string json_string(std::string_view text) {
  constexpr std::string_view hexadecimal = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte >= 0x7F) {  // header bytes: Latin-1 at best
      out += "\\u00";
      out += hexadecimal[byte >> 4];
      out += hexadecimal[byte & 15];
    } else {
      out += c;
    }
  }
  return out + "\"";
}

template <typename Map, typename Name>
std::string json_object(const Map& map, Name name) {
  std::string out = "{";
  for (const auto& [key, count] : map) {
    if (out.size() > 1) out += ", ";
    out += name(key) + ": " + std::to_string(count);
  }
  return out + "}";
}

template <typename Map, typename Name>
std::string listed(const Map& map, Name name) {
  std::string out;
  for (const auto& [key, count] : map) {
    out += (out.empty() ? "" : ", ") + name(key) + " " + std::to_string(count);
  }
  return out.empty() ? "none" : out;
}

std::size_t fingerprint(const Conduct::Request& request) {
  return std::hash<std::string>{}(request.method + " " + request.target);
}

std::string quoted(const std::string& text) { return "'" + text + "'"; }
std::string plain(const std::string& text) { return text; }
std::string number(int value) { return std::to_string(value); }
std::string json_number(int value) { return json_string(std::to_string(value)); }

}  // namespace

bool is_descriptive(std::string_view user_agent) {
  const std::string text = lower(user_agent);
  const std::string product = text.substr(0, text.find_first_of("/ "));
  if (product.empty() || std::ranges::find(generic_agents, product) != std::end(generic_agents)) return false;
  return text.find('@') != text.npos || text.find("http://") != text.npos ||
         text.find("https://") != text.npos;
}

milliseconds spacing_tolerance(milliseconds interval) { return std::max(milliseconds{5}, interval / 20); }

std::vector<std::string> ConductReport::broken_rules() const {
  std::vector<std::string> broken;
  const auto add = [&broken](std::size_t count, const std::string& what) {
    if (count != 0) broken.push_back(std::to_string(count) + " " + what);
  };
  add(spacing_violations,
      "requests less than " + std::to_string(interval.count()) + " ms after the one before");
  add(retry_after_violations, "requests before a Retry-After had passed");
  add(connections_max > 1 ? connections_max : 0, "connections at the same time");
  add(requests_max > 1 ? requests_max : 0, "requests at the same time");
  add(undescriptive_user_agents, "requests without a descriptive User-Agent");
  return broken;
}

std::string ConductReport::text() const {
  std::string out =
      "requests: " + std::to_string(requests) + " (" + listed(requests_by_endpoint, plain) + ")\n";
  out += "answers: " + listed(answers_by_status, number) + "\n";
  out +=
      "spacing: " + (spacing_min ? std::to_string(spacing_min->count()) + " ms at least" : std::string("-")) +
      ", rule " + std::to_string(interval.count()) + " ms, " + std::to_string(spacing_violations) +
      " violations\n";
  out += "retry-after: " + std::to_string(retry_after_violations) + " violations\n";
  out += "at the same time: " + std::to_string(connections_max) + " connections, " +
         std::to_string(requests_max) + " requests\n";
  out += "user agents: " + listed(user_agents, quoted) + "; " + std::to_string(undescriptive_user_agents) +
         " requests without a descriptive one\n";
  out += "largest id_list: " + std::to_string(batch_max) +
         " ids; longest URL: " + std::to_string(url_bytes_max) + " bytes\n";
  out += "repeated identical requests: " + std::to_string(repeated_requests) + "\n";
  const auto broken = broken_rules();
  out += broken.empty() ? "verdict: polite\n" : "verdict: not polite\n";
  for (const std::string& rule : broken) out += "  " + rule + "\n";
  return out;
}

std::string ConductReport::json() const {
  std::string out = "{\n  \"polite\": ";
  out += is_polite() ? "true" : "false";
  out += ",\n  \"broken_rules\": [";
  for (const std::string& rule : broken_rules()) out += (out.back() == '[' ? "" : ", ") + json_string(rule);
  out += "],\n  \"requests\": " + std::to_string(requests);
  out += ",\n  \"requests_by_endpoint\": " + json_object(requests_by_endpoint, json_string);
  out += ",\n  \"answers_by_status\": " + json_object(answers_by_status, json_number);
  out += ",\n  \"interval_ms\": " + std::to_string(interval.count());
  out += ",\n  \"spacing_min_ms\": " +
         (spacing_min ? std::to_string(spacing_min->count()) : std::string("null"));
  out += ",\n  \"spacing_violations\": " + std::to_string(spacing_violations);
  out += ",\n  \"retry_after_violations\": " + std::to_string(retry_after_violations);
  out += ",\n  \"connections_max\": " + std::to_string(connections_max);
  out += ",\n  \"requests_max\": " + std::to_string(requests_max);
  out += ",\n  \"user_agents\": " + json_object(user_agents, json_string);
  out += ",\n  \"undescriptive_user_agents\": " + std::to_string(undescriptive_user_agents);
  out += ",\n  \"batch_max\": " + std::to_string(batch_max);
  out += ",\n  \"url_bytes_max\": " + std::to_string(url_bytes_max);
  out += ",\n  \"repeated_requests\": " + std::to_string(repeated_requests) + "\n}\n";
  return out;
}

Conduct::Conduct(milliseconds interval) { report_.interval = interval; }

void Conduct::connections_open(std::size_t count) {
  const std::lock_guard lock(mutex_);
  report_.connections_max = std::max(report_.connections_max, count);
}

void Conduct::request_started(const Request& request, Time when) {
  const std::lock_guard lock(mutex_);
  ++report_.requests;
  ++report_.requests_by_endpoint[request.endpoint];
  report_.requests_max = std::max(report_.requests_max, ++in_flight_);
  if (last_start_) {
    const auto spacing = std::chrono::floor<milliseconds>(when - *last_start_);
    report_.spacing_min = std::min(report_.spacing_min.value_or(spacing), spacing);
    if (spacing + spacing_tolerance(report_.interval) < report_.interval) ++report_.spacing_violations;
  }
  last_start_ = when;
  if (const auto pause = not_before_.find(request.endpoint); pause != not_before_.end()) {
    if (when < pause->second) ++report_.retry_after_violations;
    not_before_.erase(pause);
  }
  if (report_.user_agents.size() < remembered_user_agents_max ||
      report_.user_agents.contains(request.user_agent)) {
    ++report_.user_agents[request.user_agent];
  }
  if (!is_descriptive(request.user_agent)) ++report_.undescriptive_user_agents;
  report_.batch_max = std::max(report_.batch_max, request.batch);
  report_.url_bytes_max = std::max(report_.url_bytes_max, request.url_bytes);
  const auto earlier = answered_well_.find(fingerprint(request));
  if (earlier != answered_well_.end() && earlier->second) ++report_.repeated_requests;
}

void Conduct::request_answered(const Request& request, int status, bool good,
                               std::optional<std::chrono::seconds> retry_after, Time when) {
  const std::lock_guard lock(mutex_);
  if (in_flight_ > 0) --in_flight_;
  ++report_.answers_by_status[status];
  if (retry_after) {
    not_before_[request.endpoint] = when + *retry_after - spacing_tolerance(report_.interval);
  }
  if (answered_well_.size() < remembered_requests_max) {
    answered_well_[fingerprint(request)] = good;
  }
}

ConductReport Conduct::report() const {
  const std::lock_guard lock(mutex_);
  return report_;
}

void Conduct::forget() {
  const std::lock_guard lock(mutex_);
  const milliseconds interval = report_.interval;
  report_ = {};
  report_.interval = interval;
  last_start_.reset();
  not_before_.clear();
  answered_well_.clear();
}

}  // namespace bibsmith::emulator
