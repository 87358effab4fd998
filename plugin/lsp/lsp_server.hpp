#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>
#include <tl/expected.hpp>

#include "plugin/lsp/event_loop.hpp"
#include "plugin/lsp/features/features.hpp"
#include "plugin/lsp/verification.hpp"
#include "plugin/lsp/workspace.hpp"
#include "plugin/rpc/rpc_error.hpp"
#include "plugin/rpc/session_pool.hpp"
#include "plugin/session/check_online.hpp"

namespace bibsmith::plugin {

// What a client said of itself at the start, as far as it matters.
struct ClientAbilities {
  bool pulls_diagnostics = false;
  bool refreshes_diagnostics = false;
  bool refreshes_lenses = false;
  bool shows_progress = false;
  bool takes_document_changes = false;  // versioned edits
  bool confirms_changes = false;        // edits that ask first
  bool asks_configuration = false;
  bool registers_watchers = false;
  bool takes_hierarchy = false;  // of document symbols
};

// The settings "bibsmith.*" of a client. docs/lsp.md lists them.
struct LspSettings {
  std::string target;           // new entries go there where a document names no bibliography
  std::set<std::string> peers;  // servers beside this one: "texlab", "digestif"
  bool completes_local = true;
  bool completes_remote = true;
  bool shows_inlay_hints = false;
  bool has_diagnostics = true;
};

// The language server without its streams: takes messages, sends messages (LSP 3.17). All but receive() and
// cancel() runs on the thread of its loop.
class LspServer {
 public:
  using Send = std::function<void(const std::string& message)>;

  LspServer(SessionPool& sessions, Send send);
  ~LspServer();

  // A message as it came in. [any thread]
  void receive(std::string message);
  // The stream ended without "exit", or the client is dead. [any thread]
  void lose_client();
  // Serves until "exit" or the loss of the client; the status of the process: 0 if "shutdown" came first.
  int run();

 private:
  using json = nlohmann::ordered_json;
  using Answer = tl::expected<json, RpcError>;
  using Reply = std::function<void(const json& response)>;

  // lsp_server.cpp: messages and the life of the server
  void handle(json& message);  // takes texts out of it
  void handle_request(const json& id, const std::string& method, const json& parameters);
  void handle_notification(const std::string& method, json& parameters);
  std::optional<Answer> answer(const json& id, const std::string& method, const json& parameters);
  void respond(const json& id, const Answer& answer);
  void notify(const std::string& method, json parameters);
  void request(const std::string& method, json parameters, Reply reply);
  void send(const json& message);
  bool was_cancelled(const json& id);
  json initialize(const json& parameters);
  void initialized();
  void read_settings(const json& settings);
  void watch_client();
  void show_message(int type, const std::string& text);
  void give_back_memory();

  // lsp_sync.cpp: documents, and places in them
  void did_open(json& parameters);
  void did_change(const json& parameters);
  void did_close(const json& parameters);
  void did_change_files(const json& parameters);
  void documents_changed(const OpenDocument* document);
  OpenDocument* document_of(const json& parameters);
  json range_of(const LineText& lines, bibtex::Span span) const;
  bibtex::Span span_of(const LineText& lines, const json& range) const;
  std::uint32_t offset_of(const OpenDocument& document, const json& parameters) const;
  // "texlab" and "digestif" do it already, for documents of this kind.
  bool leaves_to_peer(const OpenDocument& document, std::string_view feature) const;

  // lsp_requests.cpp: what a document is asked
  Answer answer_about(const std::string& method, const json& parameters);
  // Once the cache has said what it knows of the paper; nullopt: it is on its way.
  std::optional<Answer> hover_at(const json& id, const json& parameters);
  json completion(const json& parameters);
  json resolve_completion(json item);
  json symbols_in(const OpenDocument& document);
  json semantic_tokens(const OpenDocument& document);
  Answer rename_at(const OpenDocument& document, const json& parameters);
  json place_of(const FilePlace& place) const;
  json workspace_edit(const std::vector<FileEdit>& edits) const;
  json edits_of(const OpenDocument& document, const std::vector<bibtex::TextEdit>& edits) const;
  // Held back until arXiv has answered; false: it need not be asked.
  bool complete_remotely(const json& id, const json& parameters, const json& local);

  // lsp_findings.cpp: diagnostics
  void schedule_findings();
  void publish_findings();
  void publish(const OpenDocument& document, const json& findings);
  json findings_of(const OpenDocument& document);
  void check_later(const OpenDocument& document);
  // What the cache, and nobody else, knows of the entries of a bibliography.
  void learn_later(const OpenDocument& document);
  void keep_news(const std::string& uri, std::vector<EntryNews> news);
  void add_news(const OpenDocument& document, std::vector<DocumentFinding>& findings) const;
  json code_lenses(const OpenDocument& document);

  // lsp_fixes.cpp: quick fixes for what is found at an entry, and what they call
  void add_fixes(const OpenDocument& document, const BibEntry& entry, json& actions) const;
  void add_version_fix(const OpenDocument& document, const BibEntry& entry, json& actions) const;
  void add_verdict_fixes(const OpenDocument& document, const BibEntry& entry, json& actions) const;
  // nullptr: nothing is to be said of the entry, as it is now.
  const EntryVerdict* verdict_of(const OpenDocument& document, const BibEntry& entry) const;
  void add_verdicts(const OpenDocument& document, std::vector<DocumentFinding>& findings) const;
  void verify(const json& id, const json& arguments);
  void accept(const json& id, const json& arguments);
  void merge_duplicates(const json& id, const json& arguments);
  void add_rewrites(const OpenDocument& document, std::uint32_t offset, json& actions);
  void rebuild(const json& id, const json& arguments);
  void use_usual_keys(const json& id, const json& arguments);
  json rename_named_files(const json& parameters) const;
  // An edit that the client asks its user about, if it can.
  void confirm(json& edit, const std::string& label) const;

  // lsp_commands.cpp: code actions and commands
  json code_actions(const OpenDocument& document, const json& parameters);
  void execute(const json& id, const json& parameters);
  void fetch(const json& id, const json& arguments);
  void update(const json& id, const json& arguments);
  void call_table(const json& id, const std::string& method, const json& arguments);
  std::string target_of(const OpenDocument* document);
  void replace_request_keys(const json& id, const std::map<std::string, std::string>& keys, json edit,
                            json result);
  void apply(const json& id, const std::string& label, json edit, json result);
  // Tells a client that shows it of the job of that name, which it can cancel.
  void begin_progress(const std::string& name, const std::string& title, const std::stop_source& stop);
  void report_progress(const std::string& name, std::size_t done, std::size_t total);
  void end_progress(const std::string& name, const std::string& text);

  Send send_;
  EventLoop loop_;
  std::mutex cancelled_mutex_;
  std::set<std::string> cancelled_;  // ids of requests, as JSON texts
  bool is_initialized_ = false;
  bool is_shut_down_ = false;
  bool is_memory_loose_ = false;  // much was freed
  int status_ = 1;
  std::int64_t client_process_ = 0;
  ClientAbilities client_;
  LspSettings settings_;
  bibtex::ColumnUnit unit_ = bibtex::ColumnUnit::utf16_units;
  Workspace workspace_;
  std::int64_t next_request_ = 1;
  std::map<std::int64_t, Reply> replies_;
  std::map<std::string, std::stop_source> stops_;  // of running jobs: by id of request, and by token
  std::map<std::string, std::vector<DocumentFinding>> checked_;  // of bibliographies, by URI
  std::map<std::string, std::int64_t> checked_version_;
  std::map<std::string, std::vector<EntryNews>> news_;         // of bibliographies, by URI
  std::map<std::string, std::vector<EntryVerdict>> verdicts_;  // by URI, of those that were verified
  Acceptances accepted_;                                       // since the server runs
  // Last: their threads post to the loop. Of jobs two run at once, so that a check of a file does not wait
  // for a network; what asks the cache alone, and has somebody waiting, is behind none of them.
  Jobs jobs_;
  Jobs lookups_;
};

// The server on two descriptors. Returns the status of the process.
int serve_lsp(int in, int out, SessionPool& sessions, const std::stop_token& stop);

}  // namespace bibsmith::plugin
