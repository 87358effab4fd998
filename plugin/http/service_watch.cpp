#include "plugin/http/service_watch.hpp"

#include <nlohmann/json.hpp>

#include "plugin/session/time_text.hpp"

namespace bibsmith::plugin {

namespace {

using json = nlohmann::ordered_json;

json event_of(std::string_view level, std::string_view event) {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return {{"time", time_of(now)}, {"level", level}, {"event", event}};
}

// With three digits behind the point.
double milliseconds_of(std::chrono::microseconds time) { return static_cast<double>(time.count()) / 1000; }

// What others wrote may be no UTF-8; a log is read all the same.
std::string line_of(const json& event) { return event.dump(-1, ' ', false, json::error_handler_t::replace); }

}  // namespace

void ServiceWatch::answered(const AnsweredRequest& request) {
  metrics_.answered(request.method, request.path, request.status, request.took);
  if (!log_) return;
  json event = event_of(request.status < 500 ? "info" : "warning", "request");
  event["method"] = request.method;
  event["path"] = request.path;
  event["status"] = request.status;
  event["bytes"] = request.bytes;
  event["duration_ms"] = milliseconds_of(request.took);
  event["client"] = request.client;
  const std::lock_guard lock(log_mutex_);
  log_(line_of(event));
}

void ServiceWatch::called(std::string_view method, std::string_view client, int code,
                          std::chrono::microseconds took) {
  metrics_.called(method, code == 0);
  if (!log_) return;
  json event = event_of("info", "call");
  event["method"] = method;
  event["code"] = code;
  event["duration_ms"] = milliseconds_of(took);
  event["client"] = client;
  const std::lock_guard lock(log_mutex_);
  log_(line_of(event));
}

void ServiceWatch::said(std::string_view level, std::string_view message) {
  if (!log_) return;
  json event = event_of(level, "message");
  event["message"] = message;
  const std::lock_guard lock(log_mutex_);
  log_(line_of(event));
}

}  // namespace bibsmith::plugin
