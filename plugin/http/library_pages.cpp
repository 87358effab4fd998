#include "plugin/http/library_pages.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include <nlohmann/json.hpp>

#include "plugin/http/json_body.hpp"
#include "plugin/http/library_files.hpp"
#include "plugin/json/json_document.hpp"
#include "plugin/json/json_member.hpp"
#include "plugin/pages/author_page.hpp"
#include "plugin/pages/library_page.hpp"
#include "plugin/pages/page_assets.hpp"
#include "plugin/session/author.hpp"
#include "plugin/session/library.hpp"
#include "plugin/session/search.hpp"

namespace bibsmith::plugin {

namespace {

using json = nlohmann::ordered_json;

constexpr std::uint32_t search_results_max = 50;

WebResponse html(std::string text) { return {200, "text/html; charset=utf-8", std::move(text)}; }

WebResponse could_not_ask(const FetchError& error) {
  return refusal_of(502, "could not ask arXiv: " + error.message);
}

WebResponse author_of(SessionPool& sessions, const WebRequest& request, const std::stop_token& stop) {
  AuthorRequest asked;
  asked.who = text_in(object_of(request), "who");
  const SessionPool::Lease session = sessions.take();
  const auto answer = author(*session, asked, stop);
  if (!answer) {
    return refusal_of(answer.error().code == AuthorError::Code::no_such_author ? 404 : 400,
                      answer.error().message);
  }
  if (answer->error && answer->papers.empty()) return could_not_ask(*answer->error);
  return html(author_content(*answer));
}

WebResponse search_of(SessionPool& sessions, const WebRequest& request, const std::stop_token& stop) {
  const json object = object_of(request);
  SearchRequest asked;
  asked.words = text_in(object, "words");
  asked.title = text_in(object, "title");
  asked.author = text_in(object, "author");
  asked.results_max = search_results_max;
  const SessionPool::Lease session = sessions.take();
  const auto result = search(*session, asked, stop);
  if (!result) return refusal_of(400, result.error().message);
  if (result->error && result->records.empty()) return could_not_ask(*result->error);
  return html(search_content(*result));
}

// Only the files that were named on the command line: a page shows no others.
tl::expected<std::string, WebResponse> file_of(const std::vector<std::string>& libraries,
                                               const WebRequest& request) {
  std::string file = text_in(object_of(request), "file");
  if (std::ranges::find(libraries, file) == libraries.end()) {
    return tl::unexpected(refusal_of(404, "this is none of the files that are served"));
  }
  return file;
}

// With the state of the file that they are of, or an older one: who hears of another state asks again.
WebResponse entries_of(const std::string& file) {
  const std::string state = state_of_file(file);
  const auto entries = library_entries(file);
  if (!entries) return refusal_of(500, entries.error().message);
  WebResponse response = html(library_content(file, *entries));
  response.headers.emplace_back("ETag", '"' + state + '"');
  return response;
}

}  // namespace

void add_library_pages(HttpServer& server, SessionPool& sessions, std::vector<std::string> libraries,
                       EventPace pace) {
  const auto page = [&](const char* path, const char* type, const char* text) {
    server.add("GET", path, Access::page, [type, text](const WebRequest&, const std::stop_token&) {
      return WebResponse{200, type, text};
    });
  };
  page("/", "text/html; charset=utf-8", library_html);
  page("/pages/page.css", "text/css; charset=utf-8", page_css);
  page("/pages/page.js", "text/javascript; charset=utf-8", page_js);
  page("/pages/library.css", "text/css; charset=utf-8", library_css);
  page("/pages/library.js", "text/javascript; charset=utf-8", library_js);
  const auto files = std::make_shared<const std::vector<std::string>>(std::move(libraries));
  server.add("POST", "/pages/files", Access::token, [files](const WebRequest&, const std::stop_token&) {
    return WebResponse{200, "application/json", JsonDocument(json{{"files", *files}}).compact()};
  });
  server.add("POST", "/pages/entries", Access::token,
             [files](const WebRequest& request, const std::stop_token&) {
               const auto file = file_of(*files, request);
               return file ? entries_of(*file) : file.error();
             });
  server.add("POST", "/pages/events", Access::token,
             [files, events = FileEvents(pace)](const WebRequest& request, const std::stop_token&) {
               const auto file = file_of(*files, request);
               return file ? events.stream(*file) : file.error();
             });
  server.add("POST", "/pages/author", Access::token,
             [&sessions](const WebRequest& request, const std::stop_token& stop) {
               return author_of(sessions, request, stop);
             });
  server.add("POST", "/pages/search", Access::token,
             [&sessions](const WebRequest& request, const std::stop_token& stop) {
               return search_of(sessions, request, stop);
             });
}

}  // namespace bibsmith::plugin
