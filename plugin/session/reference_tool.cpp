#include "plugin/session/reference_tool.hpp"

#include <utility>
#include <vector>

#include "fetchers/json/json.hpp"
#include "fetchers/record/ascii.hpp"
#include "plugin/session/export_file.hpp"

namespace bibsmith::plugin {

namespace {

using Code = ToolError::Code;

constexpr std::size_t library_bytes_max = 64u << 20;

tl::unexpected<ToolError> failed(Code code, std::string message) {
  return tl::unexpected(ToolError{code, std::move(message)});
}

bool is_good(const fetchers::HttpResponse& response) {
  return response.status >= 200 && response.status < 300;
}

// A name as one segment of a path; with `keeps_slash` as several.
std::string escaped(std::string_view text, bool keeps_slash) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  constexpr std::string_view unreserved = "-._~";
  std::string out;
  for (const char c : text) {
    const bool is_word = is_letter_or_digit(c);
    if (is_word || unreserved.find(c) != unreserved.npos || (keeps_slash && c == '/')) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += {'%', digits[byte >> 4], digits[byte & 15]};
  }
  return out;
}

// JabRef lists names, or objects that have them.
std::vector<std::string> libraries_in(const std::string& body) {
  // A list on its own is no document of parse_json: an object is.
  const auto json = fetchers::parse_json("{\"libraries\":" + body + "}");
  std::vector<std::string> names;
  if (!json) return names;
  for (const fetchers::Json& one : fetchers::member(*json, "libraries")) {
    const std::string name = one.is_object() ? fetchers::text(one, "id") : fetchers::text(one);
    if (!name.empty()) names.push_back(name);
  }
  return names;
}

}  // namespace

std::string_view name_of(ReferenceTool tool) { return tool == ReferenceTool::zotero ? "zotero" : "jabref"; }

tl::expected<fetchers::HttpResponse, ToolError> ReferenceToolClient::send(fetchers::HttpRequest request,
                                                                          const std::stop_token& stop) {
  request.url = url_ + request.url;
  request.body_bytes_max = library_bytes_max;
  auto response = transport_.send(request, stop);
  if (!response) return failed(Code::unreachable, response.error().message);
  return *std::move(response);
}

tl::expected<ReferenceTool, ToolError> ReferenceToolClient::find(const std::stop_token& stop) {
  const auto ping = send({.url = "/connector/ping"}, stop);
  if (!ping) return tl::unexpected(ping.error());
  if (is_good(*ping)) return ReferenceTool::zotero;
  const auto libraries = send({.url = "/libraries", .accept = "application/json"}, stop);
  if (!libraries) return tl::unexpected(libraries.error());
  if (is_good(*libraries)) return ReferenceTool::jabref;
  return failed(Code::refused, "what answers at " + url_ + " is neither Zotero nor JabRef");
}

tl::expected<std::string, ToolError> ReferenceToolClient::jabref_library(const std::string& wanted,
                                                                         const std::stop_token& stop) {
  const auto response = send({.url = "/libraries", .accept = "application/json"}, stop);
  if (!response) return tl::unexpected(response.error());
  const std::vector<std::string> names = libraries_in(response->body);
  for (const std::string& name : names) {
    if (wanted.empty() || name == wanted) return name;
  }
  return failed(Code::no_library,
                wanted.empty() ? "JabRef has no library open" : "JabRef has no library " + wanted + " open");
}

tl::expected<ReferenceToolClient::Pushed, ToolError> ReferenceToolClient::push(const std::string& bibtex,
                                                                               const std::string& library,
                                                                               const std::stop_token& stop) {
  const auto tool = find(stop);
  if (!tool) return tl::unexpected(tool.error());
  Pushed pushed{*tool, {}};
  fetchers::HttpRequest request{.url = "/connector/import"};
  if (*tool == ReferenceTool::jabref) {
    auto name = jabref_library(library, stop);
    if (!name) return tl::unexpected(name.error());
    pushed.library = *std::move(name);
    request.url = "/libraries/" + escaped(pushed.library, false) + "/entries";
  }
  request.body = bibtex;
  request.content_type = "application/x-bibtex";
  const auto response = send(std::move(request), stop);
  if (!response) return tl::unexpected(response.error());
  if (is_good(*response)) return pushed;
  return failed(Code::refused, std::string(name_of(*tool)) + " did not take the entries (status " +
                                   std::to_string(response->status) + ")");
}

tl::expected<ReferenceToolClient::Pulled, ToolError> ReferenceToolClient::pull(const std::string& library,
                                                                               bibtex::ExportFormat format,
                                                                               const std::stop_token& stop) {
  const auto tool = find(stop);
  if (!tool) return tl::unexpected(tool.error());
  Pulled pulled{*tool, library, {}, 0};
  fetchers::HttpRequest request;
  std::string from = "bib";
  if (*tool == ReferenceTool::zotero) {
    if (library.empty()) pulled.library = "users/0";
    request.url = "/api/" + escaped(pulled.library, true) + "/items?format=csljson";
    from = "csl-json";
  } else {
    auto name = jabref_library(library, stop);
    if (!name) return tl::unexpected(name.error());
    pulled.library = *std::move(name);
    request.url = "/libraries/" + escaped(pulled.library, false);
    request.accept = "application/x-bibtex";
  }
  const auto response = send(std::move(request), stop);
  if (!response) return tl::unexpected(response.error());
  if (*tool == ReferenceTool::zotero && response->status == 403) {
    return failed(Code::refused,
                  "Zotero does not let other programs read: allow it in its settings, under Advanced");
  }
  if (response->status == 404) return failed(Code::no_library, "there is no library " + pulled.library);
  if (!is_good(*response)) {
    return failed(Code::refused, std::string(name_of(*tool)) + " does not give its entries (status " +
                                     std::to_string(response->status) + ")");
  }
  const std::string_view to = format == bibtex::ExportFormat::bibtex ? "bibtex" : "";
  const auto entries = entries_of_text(response->body, std::string(name_of(*tool)), from, to);
  if (!*entries) return failed(Code::refused, entries->error().message);
  pulled.text = bibtex::export_entries((*entries)->entries, format);
  pulled.entries = (*entries)->entries.size();
  return pulled;
}

}  // namespace bibsmith::plugin
