#include "plugin/http/cayw.hpp"

#include <utility>

#include <nlohmann/json.hpp>

#include "plugin/http/cayw_pick.hpp"
#include "plugin/http/json_body.hpp"
#include "plugin/http/picker_page.hpp"
#include "plugin/json/json_member.hpp"
#include "plugin/rpc/methods.hpp"

namespace bibsmith::plugin {

namespace {

using json = nlohmann::ordered_json;

constexpr unsigned arxiv_results_max = 20;
constexpr const char* plain_text = "text/plain; charset=utf-8";

WebResponse json_response(json document) {
  return {200, "application/json", JsonDocument(std::move(document)).compact()};
}

class Cayw {
 public:
  Cayw(SessionPool& sessions, std::vector<std::string> libraries, std::string base, OpenPage open_page)
      : sessions_(sessions),
        libraries_(std::move(libraries)),
        base_(std::move(base)),
        open_page_(std::move(open_page)) {}

  WebResponse pick(const WebRequest& request, const std::stop_token& stop) {
    if (const std::string* probe = request.parameter("probe"); probe != nullptr && !probe->empty()) {
      return {200, plain_text, "ready"};
    }
    if (!format_citations({}, request)) return refusal_of(400, "there is no such format");
    const auto pick = picks_.open(choices_of(libraries_));
    if (!pick) return refusal_of(503, "too many pickers are open");
    const bool is_shown = open_page_(base_ + "/cayw/pick#" + pick->token());
    const auto citations = is_shown ? pick->wait(stop) : std::nullopt;
    picks_.close(pick);
    if (!is_shown) return refusal_of(500, "no browser can be opened");
    return {200, plain_text,
            format_citations(citations.value_or(std::vector<PickedCitation>{}), request).value_or("")};
  }

  WebResponse search(const WebRequest& request, const std::stop_token&) {
    const auto pick = picks_.find(request);
    if (!pick) return gone();
    json items = json::array();
    for (const PickChoice* choice : pick->search(text_in(object_of(request), "words"))) {
      items.push_back({{"key", choice->key},
                       {"title", choice->title},
                       {"authors", choice->authors},
                       {"year", choice->year},
                       {"file", choice->file}});
    }
    return json_response({{"items", std::move(items)}, {"arxiv", !libraries_.empty()}});
  }

  WebResponse search_arxiv(const WebRequest& request, const std::stop_token& stop) {
    if (!picks_.find(request)) return gone();
    return call("bibsmith/search",
                {{"words", text_in(object_of(request), "words")}, {"max", arxiv_results_max}}, stop);
  }

  // The paper goes into the first library; the page is told its key.
  WebResponse add(const WebRequest& request, const std::stop_token& stop) {
    if (!picks_.find(request)) return gone();
    if (libraries_.empty()) return refusal_of(400, "there is no library to add to");
    return call("bibsmith/bib.add",
                {{"file", libraries_.front()}, {"ids", {text_in(object_of(request), "id")}}}, stop);
  }

  WebResponse choose(const WebRequest& request, const std::stop_token&) {
    const auto pick = picks_.find(request);
    if (!pick) return gone();
    const json object = object_of(request);
    std::vector<PickedCitation> citations;
    if (const auto list = object.find("citations"); list != object.end() && list->is_array()) {
      for (const json& one : *list) {
        if (!one.is_object() || text_in(one, "key").empty()) continue;
        citations.push_back({text_in(one, "key"), text_in(one, "prefix"), text_in(one, "locator"),
                             text_in(one, "label"), text_in(one, "suffix"),
                             one.value("suppressAuthor", json()) == json(true)});
      }
    }
    pick->choose(std::move(citations));
    return json_response(json::object());
  }

 private:
  static WebResponse gone() { return refusal_of(401, "this picking is over"); }

  WebResponse call(std::string_view method, const json& parameters, const std::stop_token& stop) {
    const SessionPool::Lease session = sessions_.take();
    const MethodResult result = call_method(method, parameters, {*session, stop, {}});
    if (!result) return json_response({{"error", result.error().message}});
    return {200, "application/json", result->compact()};
  }

  SessionPool& sessions_;
  std::vector<std::string> libraries_;
  std::string base_;
  OpenPage open_page_;
  Picks picks_;
};

}  // namespace

void add_cayw(HttpServer& server, SessionPool& sessions, std::vector<std::string> libraries,
              OpenPage open_page) {
  const auto cayw =
      std::make_shared<Cayw>(sessions, std::move(libraries), server.base(), std::move(open_page));
  const auto bind = [&](WebResponse (Cayw::*method)(const WebRequest&, const std::stop_token&)) {
    return [cayw, method](const WebRequest& request, const std::stop_token& stop) {
      return ((*cayw).*method)(request, stop);
    };
  };
  server.add("GET", "/better-bibtex/cayw", Access::program, bind(&Cayw::pick));
  server.add("POST", "/cayw/search", Access::own_page, bind(&Cayw::search));
  server.add("POST", "/cayw/arxiv", Access::own_page, bind(&Cayw::search_arxiv));
  server.add("POST", "/cayw/add", Access::own_page, bind(&Cayw::add));
  server.add("POST", "/cayw/choose", Access::own_page, bind(&Cayw::choose));
  const auto page = [&](const char* path, const char* type, const char* text) {
    server.add("GET", path, Access::page, [type, text](const WebRequest&, const std::stop_token&) {
      return WebResponse{200, type, text};
    });
  };
  page("/cayw/pick", "text/html; charset=utf-8", picker_html);
  page("/cayw/picker.js", "text/javascript; charset=utf-8", picker_js);
  page("/cayw/picker.css", "text/css; charset=utf-8", picker_css);
}

}  // namespace bibsmith::plugin
