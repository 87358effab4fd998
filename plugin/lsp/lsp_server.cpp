#include "plugin/lsp/lsp_server.hpp"

#include <cerrno>
#include <csignal>
#include <sys/types.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <nlohmann/json.hpp>

#include "fetchers/json/json.hpp"
#include "plugin/json/json_member.hpp"
#include "plugin/lsp/uri.hpp"
#include "plugin/rpc/message_stream.hpp"

namespace bibsmith::plugin {

namespace {

using json = nlohmann::ordered_json;

constexpr std::size_t message_depth_max = 100;
// A bibliography of the largest size, each byte of which may be an escape of two.
constexpr std::size_t lsp_message_bytes_max = 2 * std::size_t{bibtex::text_bytes_max} + (1u << 20);
constexpr std::chrono::seconds client_watch_interval{5};
constexpr int server_not_initialized = -32002;  // LSP 3.17, "ErrorCodes"

std::string dump(const json& value) {
  return value.dump(-1, ' ', false, nlohmann::detail::error_handler_t::replace);
}

bool is_set(const json& object, const char* pointer) {
  const json::json_pointer place(pointer);
  return object.contains(place) && object[place].is_boolean() && object[place].get<bool>();
}

bool has(const json& object, const char* pointer) {
  const json::json_pointer place(pointer);
  return object.contains(place) && !object[place].is_null();
}

ClientAbilities abilities_of(const json& capabilities) {
  ClientAbilities client;
  client.pulls_diagnostics = has(capabilities, "/textDocument/diagnostic");
  client.refreshes_diagnostics = is_set(capabilities, "/workspace/diagnostics/refreshSupport");
  client.refreshes_lenses = is_set(capabilities, "/workspace/codeLens/refreshSupport");
  client.shows_progress = is_set(capabilities, "/window/workDoneProgress");
  client.takes_document_changes = is_set(capabilities, "/workspace/workspaceEdit/documentChanges");
  client.confirms_changes = has(capabilities, "/workspace/workspaceEdit/changeAnnotationSupport");
  client.asks_configuration = is_set(capabilities, "/workspace/configuration");
  client.registers_watchers = is_set(capabilities, "/workspace/didChangeWatchedFiles/dynamicRegistration");
  client.takes_hierarchy =
      is_set(capabilities, "/textDocument/documentSymbol/hierarchicalDocumentSymbolSupport");
  return client;
}

// The encoding that both know, the client's order of preference kept but for UTF-8, which costs nothing.
bibtex::ColumnUnit unit_of(const json& capabilities) {
  const json::json_pointer place("/general/positionEncodings");
  bibtex::ColumnUnit unit = bibtex::ColumnUnit::utf16_units;
  if (!capabilities.contains(place) || !capabilities[place].is_array()) return unit;
  bool is_first = true;
  for (const json& encoding : capabilities[place]) {
    if (encoding == "utf-8") return bibtex::ColumnUnit::bytes;
    if (is_first && encoding == "utf-32") unit = bibtex::ColumnUnit::code_points;
    is_first = false;
  }
  return unit;
}

const char* name_of(bibtex::ColumnUnit unit) {
  switch (unit) {
    case bibtex::ColumnUnit::bytes:
      return "utf-8";
    case bibtex::ColumnUnit::code_points:
      return "utf-32";
    case bibtex::ColumnUnit::utf16_units:
      break;
  }
  return "utf-16";
}

json capabilities_of(const ClientAbilities& client, bibtex::ColumnUnit unit) {
  json capabilities = {
      {"positionEncoding", name_of(unit)},
      {"textDocumentSync", {{"openClose", true}, {"change", 2}, {"save", true}}},
      {"completionProvider",
       {{"triggerCharacters", {"{", ",", "@", "[", "<", ":", "/", "."}}, {"resolveProvider", true}}},
      {"hoverProvider", true},
      {"definitionProvider", true},
      {"referencesProvider", true},
      {"documentSymbolProvider", true},
      {"workspaceSymbolProvider", true},
      {"documentLinkProvider", {{"resolveProvider", false}}},
      {"foldingRangeProvider", true},
      {"documentFormattingProvider", true},
      {"documentRangeFormattingProvider", true},
      {"renameProvider", {{"prepareProvider", true}}},
      {"inlayHintProvider", true},
      {"codeLensProvider", {{"resolveProvider", false}}},
      {"codeActionProvider",
       {{"codeActionKinds",
         {"quickfix", "source.fixAll.bibsmith", "source.organizeBibliography.bibsmith",
          "source.verify.bibsmith", "refactor.rewrite.bibsmith"}}}},
      {"semanticTokensProvider",
       {{"legend", {{"tokenTypes", {"variable"}}, {"tokenModifiers", {"deprecated"}}}}, {"full", true}}},
      {"executeCommandProvider",
       {{"commands",
         {"bibsmith.fetch", "bibsmith.updateFile", "bibsmith.call", "bibsmith.search", "bibsmith.dedupe",
          "bibsmith.mergeDuplicates", "bibsmith.normalise", "bibsmith.useUsualKeys", "bibsmith.verify",
          "bibsmith.accept", "bibsmith.export", "bibsmith.status"}}}},
      {"workspace",
       {{"workspaceFolders", {{"supported", true}, {"changeNotifications", true}}},
        {"fileOperations",
         {{"willRename",
           {{"filters",
             {{{"scheme", "file"}, {"pattern", {{"glob", "**/*.{bib,tex,ltx,md,markdown,qmd,Rmd,typ,org}"}}}},
              {{"scheme", "file"}, {"pattern", {{"glob", "**"}, {"matches", "folder"}}}}}}}}}}}}};
  if (client.pulls_diagnostics) {
    capabilities["diagnosticProvider"] = {
        {"identifier", "bibsmith"}, {"interFileDependencies", true}, {"workspaceDiagnostics", false}};
  }
  return capabilities;
}

}  // namespace

LspServer::LspServer(SessionPool& sessions, Send send)
    : send_(std::move(send)), jobs_(sessions, 2), lookups_(sessions, 1) {}

LspServer::~LspServer() = default;

void LspServer::receive(std::string message) {
  // What is read here need not wait for its turn: a cancellation must overtake what it cancels.
  auto parsed = std::make_shared<json>();
  if (fetchers::is_deeper(message, message_depth_max)) {
    *parsed = json::value_t::discarded;
  } else {
    *parsed = json::parse(message, nullptr, false);
  }
  if (parsed->is_object() && text_in(*parsed, "method") == "$/cancelRequest" && parsed->contains("params") &&
      (*parsed)["params"].is_object() && (*parsed)["params"].contains("id")) {
    const std::lock_guard lock(cancelled_mutex_);
    cancelled_.insert(dump((*parsed)["params"]["id"]));
  }
  loop_.post([this, parsed]() mutable {
    handle(*parsed);
    parsed.reset();
    if (is_memory_loose_) give_back_memory();
  });
}

void LspServer::lose_client() {
  loop_.post([this] { loop_.quit(); });
}

int LspServer::run() {
  loop_.run();
  return status_;
}

void LspServer::handle(json& message) {
  if (message.is_discarded()) {
    send({{"jsonrpc", "2.0"},
          {"id", nullptr},
          {"error", {{"code", -32700}, {"message", "the message is no JSON"}}}});
    return;
  }
  const bool has_id = message.is_object() && message.contains("id");
  const std::string method = message.is_object() ? text_in(message, "method") : "";
  json none = json::object();
  json& parameters = message.is_object() && message.contains("params") ? message["params"] : none;
  if (method.empty()) {
    const auto reply = has_id && message["id"].is_number_integer()
                           ? replies_.find(message["id"].get<std::int64_t>())
                           : replies_.end();
    if (reply == replies_.end()) {
      if (!has_id) {
        send({{"jsonrpc", "2.0"}, {"id", nullptr}, {"error", {{"code", -32600}, {"message", "no request"}}}});
      }
      return;
    }
    const Reply call = std::move(reply->second);
    replies_.erase(reply);
    call(message);
  } else if (has_id) {
    handle_request(message["id"], method, parameters);
  } else {
    handle_notification(method, parameters);
  }
}

void LspServer::handle_request(const json& id, const std::string& method, const json& parameters) {
  const auto refuse = [&](int code, const std::string& why) {
    send({{"jsonrpc", "2.0"}, {"id", id}, {"error", {{"code", code}, {"message", why}}}});
  };
  if (was_cancelled(id)) return refuse(-32800, "cancelled");
  if (method == "initialize") {
    if (is_initialized_) return refuse(-32600, "initialize comes once");
    return respond(id, initialize(parameters));
  }
  if (!is_initialized_) return refuse(server_not_initialized, "initialize comes first");
  if (is_shut_down_) return refuse(-32600, "the server is shut down");
  try {
    if (const auto given = answer(id, method, parameters)) respond(id, *given);
  } catch (const json::exception& mistake) {
    // What a client left out or gave another type than the protocol says.
    refuse(-32602, std::string("the parameters are not those of ") + method + ": " + mistake.what());
  }
}

std::optional<LspServer::Answer> LspServer::answer(const json& id, const std::string& method,
                                                   const json& parameters) {
  if (method == "shutdown") {
    is_shut_down_ = true;
    return json();
  }
  if (method == "workspace/executeCommand") {
    execute(id, parameters);
    return std::nullopt;
  }
  if (method == "completionItem/resolve") return resolve_completion(parameters);
  if (method == "workspace/symbol") {
    json symbols = json::array();
    for (const Symbol& symbol : workspace_symbols(workspace_, text_in(parameters, "query"))) {
      symbols.push_back({{"name", symbol.name},
                         {"kind", 20},  // Key
                         {"containerName", symbol.detail},
                         {"location", place_of(symbol.place)}});
    }
    return symbols;
  }
  if (method == "workspace/willRenameFiles") return rename_named_files(parameters);
  if (method == "textDocument/hover") return hover_at(id, parameters);
  if (method == "textDocument/completion") {
    json local = completion(parameters);
    if (complete_remotely(id, parameters, local)) return std::nullopt;
    return local;
  }
  return answer_about(method, parameters);
}

void LspServer::handle_notification(const std::string& method, json& parameters) {
  if (method == "exit") {
    status_ = is_shut_down_ ? 0 : 1;
    return loop_.quit();
  }
  if (!is_initialized_) return;
  try {
    if (method == "initialized") return initialized();
    if (method == "textDocument/didOpen") return did_open(parameters);
    if (method == "textDocument/didChange") return did_change(parameters);
    if (method == "textDocument/didClose") return did_close(parameters);
    if (method == "textDocument/didSave") {
      const OpenDocument* saved = document_of(parameters);
      if (saved != nullptr && saved->bib) learn_later(*saved);
      return schedule_findings();
    }
    if (method == "workspace/didChangeWatchedFiles") return did_change_files(parameters);
    if (method == "workspace/didChangeConfiguration") {
      if (parameters.contains("settings")) read_settings(parameters["settings"]);
      return schedule_findings();
    }
    if (method == "workspace/didChangeWorkspaceFolders") {
      std::vector<std::string> folders = workspace_.folders();
      for (const json& folder : parameters.at("event").at("removed")) {
        std::erase(folders, path_of_uri(folder.at("uri").get<std::string>()));
      }
      for (const json& folder : parameters.at("event").at("added")) {
        folders.push_back(path_of_uri(folder.at("uri").get<std::string>()));
      }
      workspace_.set_folders(std::move(folders));
      return schedule_findings();
    }
    const std::string token = method == "window/workDoneProgress/cancel"
                                  ? dump(parameters.value("token", json()))
                              : method == "$/cancelRequest" ? dump(parameters.value("id", json()))
                                                            : "";
    if (const auto stop = stops_.find(token); stop != stops_.end()) stop->second.request_stop();
    // What was asked for before is answered, or runs, by now: the note of its cancellation is not kept.
    if (method == "$/cancelRequest") was_cancelled(parameters.value("id", json()));
  } catch (const json::exception&) {
    // A notification has no answer; what cannot be read is passed over.
    show_message(2, "bibsmith cannot read a '" + method + "' of this editor");
  }
}

json LspServer::initialize(const json& parameters) {
  is_initialized_ = true;
  const json capabilities = parameters.value("capabilities", json::object());
  client_ = abilities_of(capabilities);
  unit_ = unit_of(capabilities);
  const json process = parameters.value("processId", json());
  if (process.is_number_integer()) client_process_ = process.get<std::int64_t>();
  std::vector<std::string> folders;
  const json listed = parameters.value("workspaceFolders", json());
  if (listed.is_array()) {
    for (const json& folder : listed) folders.push_back(path_of_uri(folder.at("uri").get<std::string>()));
  }
  if (folders.empty()) {
    const std::string root = path_of_uri(text_in(parameters, "rootUri"));
    folders.push_back(root.empty() ? text_in(parameters, "rootPath") : root);
  }
  std::erase(folders, "");
  workspace_.set_folders(std::move(folders));
  read_settings(parameters.value("initializationOptions", json()));
  watch_client();
  return {{"capabilities", capabilities_of(client_, unit_)},
          {"serverInfo", {{"name", "bibsmith"}, {"version", BIBSMITH_VERSION}}}};
}

void LspServer::initialized() {
  if (client_.registers_watchers) {
    json watchers = json::array();
    watchers.push_back({{"globPattern", "**/*.bib"}});
    request("client/registerCapability",
            {{"registrations",
              {{{"id", "bibsmith-files"},
                {"method", "workspace/didChangeWatchedFiles"},
                {"registerOptions", {{"watchers", watchers}}}}}}},
            {});
  }
  if (client_.asks_configuration) {
    request("workspace/configuration", {{"items", {{{"section", "bibsmith"}}}}},
            [this](const json& response) {
              const json result = response.value("result", json());
              if (result.is_array() && !result.empty()) read_settings(result[0]);
              schedule_findings();
            });
  }
}

void LspServer::read_settings(const json& given) {
  if (!given.is_object()) return;
  // Some clients wrap them in their section, some do not.
  const json settings = given.value("bibsmith", given);
  if (!settings.is_object()) return;
  const auto flag = [&](const char* pointer, bool& target) {
    const json::json_pointer place(pointer);
    if (settings.contains(place) && settings[place].is_boolean()) target = settings[place].get<bool>();
  };
  flag("/completion/includeLocal", settings_.completes_local);
  flag("/completion/remote", settings_.completes_remote);
  flag("/inlayHints/enabled", settings_.shows_inlay_hints);
  flag("/diagnostics/enabled", settings_.has_diagnostics);
  if (const std::string target = text_in(settings, "target"); !target.empty()) settings_.target = target;
  const auto list = [&](const char* name) {
    std::vector<std::string> texts;
    const json member = settings.value(name, json());
    if (member.is_string()) texts.push_back(member.get<std::string>());
    if (member.is_array()) {
      for (const json& one : member) {
        if (one.is_string()) texts.push_back(one.get<std::string>());
      }
    }
    return texts;
  };
  if (settings.contains("peers")) {
    const auto peers = list("peers");
    settings_.peers = {peers.begin(), peers.end()};
  }
  const std::string coexist = text_in(settings, "coexist");
  if (coexist == "none") settings_.peers.clear();
  if (!coexist.empty() && coexist != "auto" && coexist != "none") settings_.peers.insert(coexist);
  if (settings.contains("bibliographies")) {
    std::vector<std::string> paths;
    for (const std::string& name : list("bibliographies")) {
      const std::filesystem::path path = name;
      if (path.is_absolute() || workspace_.folders().empty()) {
        paths.push_back(path.lexically_normal().string());
      } else {
        for (const std::string& folder : workspace_.folders()) {
          paths.push_back((std::filesystem::path(folder) / path).lexically_normal().string());
        }
      }
    }
    workspace_.set_bibliographies(std::move(paths));
  }
}

// A server whose client died without a word would live for ever.
void LspServer::watch_client() {
  if (client_process_ <= 0) return;
  if (::kill(static_cast<pid_t>(client_process_), 0) != 0 && errno == ESRCH) return loop_.quit();
  loop_.after(client_watch_interval, "client", [this] { watch_client(); });
}

void LspServer::respond(const json& id, const Answer& answer) {
  json response{{"jsonrpc", "2.0"}, {"id", id}};
  if (answer) {
    response["result"] = *answer;
  } else {
    response["error"] = {{"code", static_cast<int>(answer.error().code)},
                         {"message", answer.error().message}};
  }
  send(response);
}

void LspServer::notify(const std::string& method, json parameters) {
  send({{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(parameters)}});
}

void LspServer::request(const std::string& method, json parameters, Reply reply) {
  const std::int64_t id = next_request_++;
  if (reply) replies_[id] = std::move(reply);
  send({{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", std::move(parameters)}});
}

// What a text of many megabytes took on its way is free now, but the allocator keeps it for the threads that
// asked for it.
void LspServer::give_back_memory() {
  is_memory_loose_ = false;
#ifdef __GLIBC__
  ::malloc_trim(0);
#endif
}

void LspServer::show_message(int type, const std::string& text) {
  notify("window/showMessage", {{"type", type}, {"message", text}});
}

void LspServer::send(const json& message) { send_(dump(message)); }

bool LspServer::was_cancelled(const json& id) {
  const std::lock_guard lock(cancelled_mutex_);
  return cancelled_.erase(dump(id)) > 0;
}

int serve_lsp(int in, int out, SessionPool& sessions, const std::stop_token& stop) {
  std::mutex mutex;
  LspServer server(sessions, [&](const std::string& message) {
    const std::lock_guard lock(mutex);
    write_all(out, framed(message, Framing::header), stop);
  });
  std::stop_source reading;
  const std::stop_callback on_stop(stop, [&] { reading.request_stop(); });
  std::jthread reader([&] {
    MessageReader messages(in, lsp_message_bytes_max, Framing::header);
    for (auto message = messages.next(reading.get_token()); message;
         message = messages.next(reading.get_token())) {
      server.receive(*std::move(message));
    }
    server.lose_client();
  });
  const int status = server.run();
  reading.request_stop();
  return status;
}

}  // namespace bibsmith::plugin
