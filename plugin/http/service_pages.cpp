#include "plugin/http/service_pages.hpp"

namespace bibsmith::plugin {

namespace {

bool store_answers(SessionPool& sessions) {
  const SessionPool::Lease session = sessions.take();
  if ((*session).has_lost_store()) return false;
  const auto store = (*session).open_store();
  return store && (*store)->holds("arxiv-atom");  // whether it does is all the same
}

WebResponse health(bool is_ready) {
  return {is_ready ? 200 : 503, "application/json",
          std::string(R"({"live":true,"ready":)") + (is_ready ? "true}" : "false}")};
}

}  // namespace

void add_service_pages(HttpServer& server, SessionPool& sessions, const ServiceWatch& watch) {
  server.add("GET", "/health/live", Access::page, [](const WebRequest&, const std::stop_token&) {
    return WebResponse{200, "application/json", R"({"live":true})"};
  });
  server.add("GET", "/health", Access::page, [&sessions](const WebRequest&, const std::stop_token&) {
    return health(store_answers(sessions));
  });
  server.add("GET", "/metrics", Access::bearer, [&watch](const WebRequest&, const std::stop_token&) {
    return WebResponse{200, "text/plain; version=0.0.4; charset=utf-8", watch.metrics()};
  });
}

}  // namespace bibsmith::plugin
