#pragma once

#include "plugin/http/http_server.hpp"

namespace bibsmith::plugin {

// What those ask who keep a service running. GET /health/live: the server answers; GET /health: its store
// does too (503: not), which one question of the store finds out; GET /metrics, with a token: `watch` in the
// text format of Prometheus. `watch` outlives the server.
void add_service_pages(HttpServer& server, SessionPool& sessions, const ServiceWatch& watch);

}  // namespace bibsmith::plugin
