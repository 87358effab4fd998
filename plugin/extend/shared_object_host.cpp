#include "plugin/extend/shared_object_host.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <dlfcn.h>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "bibsmith/bibsmith_plugin.h"

namespace bibsmith::plugin {

namespace {

using json = nlohmann::ordered_json;

constexpr std::size_t text_bytes_max = 4096;  // of a name or a line
constexpr std::size_t schemes_max = 33;       // one more than are taken, so that too many are noticed
// A structure that says that it is larger lies.
constexpr std::uint32_t structure_bytes_max = 4096;

// ---- messages

class Messages {
 public:
  // Standard output is for messages alone: what a plugin prints goes to standard error.
  Messages() : out_(::dup(STDOUT_FILENO)) {
    ::dup2(STDERR_FILENO, STDOUT_FILENO);
    std::thread([this] { read_all(); }).detach();
  }

  json next() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !waiting_.empty(); });
    json message = std::move(waiting_.front());
    waiting_.pop_front();
    return message;
  }

  void send(const json& message) const {
    const std::string line = message.dump(-1, ' ', false, json::error_handler_t::replace) + '\n';
    for (std::size_t at = 0; at < line.size();) {
      const ssize_t count = ::write(out_, line.data() + at, line.size() - at);
      if (count < 0 && errno != EINTR) ::_exit(EXIT_FAILURE);
      if (count > 0) at += static_cast<std::size_t>(count);
    }
  }

  // The request that nobody waits for any more.
  std::atomic<std::int64_t> cancelled_id = 0;

 private:
  // The host wrote what it wrote: it is we ourselves.
  void read_all() {
    std::string bytes;
    std::array<char, 1 << 16> chunk{};
    for (;;) {
      const ssize_t count = ::read(STDIN_FILENO, chunk.data(), chunk.size());
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) ::_exit(EXIT_SUCCESS);  // whatever the plugin is at, nobody wants it any more
      bytes.append(chunk.data(), static_cast<std::size_t>(count));
      for (std::size_t end = 0; (end = bytes.find('\n')) != bytes.npos; bytes.erase(0, end + 1)) {
        json message = json::parse(bytes.substr(0, end), nullptr, false);
        if (!message.is_object()) ::_exit(EXIT_FAILURE);
        if (message.value("method", "") == "$/cancelRequest") {
          cancelled_id = message.value("params", json::object()).value("id", std::int64_t{0});
          continue;
        }
        const std::lock_guard lock(mutex_);
        waiting_.push_back(std::move(message));
        changed_.notify_one();
      }
    }
  }

  int out_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<json> waiting_;
};

// ---- structures of the plugin's

// As much of it as the plugin says that it has and we know; the rest is 0. nullopt: it is not even there, is
// smaller than revision 1 had it (`least` bytes), or says what cannot be.
template <typename T>
std::optional<T> known_part(const T* given, std::size_t least) {
  if (given == nullptr) return std::nullopt;
  std::uint32_t size = 0;
  std::memcpy(&size, given, sizeof size);
  if (size < least || size > structure_bytes_max) return std::nullopt;
  T known{};
  std::memcpy(&known, given, std::min<std::size_t>(size, sizeof known));
  return known;
}

#define BIBSMITH_UP_TO(type, member) (offsetof(type, member) + sizeof(type::member))

std::string text_of(const char* text) {
  return text == nullptr ? "" : std::string(text, ::strnlen(text, text_bytes_max));
}

int code_of(bibsmith_status status) {
  switch (status) {
    case BIBSMITH_NETWORK:
      return -32010;
    case BIBSMITH_RATE_LIMITED:
      return -32011;
    case BIBSMITH_OFFLINE:
      return -32013;
    case BIBSMITH_CANCELLED:
      return -32800;
    default:
      return -32016;
  }
}

bibsmith_status status_of(const json& code) {
  for (const bibsmith_status status :
       {BIBSMITH_RATE_LIMITED, BIBSMITH_OFFLINE, BIBSMITH_CANCELLED, BIBSMITH_NETWORK}) {
    if (code == code_of(status)) return status;
  }
  return BIBSMITH_NETWORK;
}

// ---- the host that the plugin sees

class Host {
 public:
  explicit Host(std::string config) : config_(std::move(config)) {
    table_.size = sizeof table_;
    table_.abi = BIBSMITH_PLUGIN_ABI;
    table_.data = this;
    table_.version = BIBSMITH_VERSION;
    table_.config = config_.c_str();
    table_.answer = [](const bibsmith_plugin_host* host, const char* data, std::size_t size) {
      of(host).answer_.emplace(data == nullptr ? "" : data, data == nullptr ? 0 : size);
      return static_cast<bibsmith_status>(BIBSMITH_OK);
    };
    table_.fail = [](const bibsmith_plugin_host* host, bibsmith_status status, const char* message) {
      of(host).failure_ = text_of(message);
      return status;
    };
    table_.log = [](const bibsmith_plugin_host* host, const char* line) {
      of(host).messages_.send(
          {{"jsonrpc", "2.0"}, {"method", "host/log"}, {"params", {{"message", text_of(line)}}}});
    };
    table_.cancelled = [](const bibsmith_plugin_host* host) -> std::int32_t {
      return of(host).messages_.cancelled_id == of(host).running_id ? 1 : 0;
    };
    table_.http_get = [](const bibsmith_plugin_host* host, const char* url, const char* accept,
                         std::int32_t* http_status, const char** body, std::size_t* body_size) {
      return of(host).http_get(url, accept, http_status, body, body_size);
    };
    table_.extension = [](const bibsmith_plugin_host*, const char*) -> const void* { return nullptr; };
  }

  const bibsmith_plugin_host* table() const { return &table_; }
  Messages& messages() { return messages_; }
  // The request that is being answered.
  std::int64_t running_id = 0;

  // Runs one function of the plugin; its answer, or a JSON-RPC error.
  template <typename Function>
  std::optional<std::string> run(const Function& function, json& error) {
    answer_.reset();
    failure_.clear();
    const bibsmith_status status = function();
    if (status == BIBSMITH_OK && answer_) return std::move(answer_);
    std::string message = failure_;
    if (message.empty()) {
      message = status == BIBSMITH_OK ? "gave no answer" : "failed with status " + std::to_string(status);
    }
    error = {{"code", code_of(status)}, {"message", message}};
    return std::nullopt;
  }

  void set_config(std::string config) {
    config_ = std::move(config);
    table_.config = config_.c_str();
  }
  const std::string& failure() const { return failure_; }

 private:
  static Host& of(const bibsmith_plugin_host* host) { return *static_cast<Host*>(host->data); }

  bibsmith_status http_get(const char* url, const char* accept, std::int32_t* http_status, const char** body,
                           std::size_t* body_size) {
    if (url == nullptr || http_status == nullptr || body == nullptr || body_size == nullptr) {
      failure_ = "http_get was given NULL";
      return BIBSMITH_INVALID;
    }
    const std::string id = "host-" + std::to_string(++requests_);
    messages_.send({{"jsonrpc", "2.0"},
                    {"id", id},
                    {"method", "host/http.get"},
                    {"params", {{"url", url}, {"accept", accept == nullptr ? "" : accept}}}});
    const json response = messages_.next();
    if (response.value("id", json()) != id) ::_exit(EXIT_FAILURE);
    if (const auto error = response.find("error"); error != response.end()) {
      failure_ = error->value("message", "");
      return status_of(error->value("code", json()));
    }
    const json& result = response.at("result");
    *http_status = result.at("status").get<std::int32_t>();
    body_ = result.at("body").get<std::string>();
    *body = body_.c_str();
    *body_size = body_.size();
    return BIBSMITH_OK;
  }

  bibsmith_plugin_host table_{};
  std::string config_;
  Messages messages_;
  std::optional<std::string> answer_;
  std::string failure_;
  std::string body_;
  std::uint64_t requests_ = 0;
};

// ---- the plugin

struct Extensions {
  std::optional<bibsmith_fetcher> fetcher;
  std::optional<bibsmith_exporter> exporter;
  std::optional<bibsmith_importer> importer;
  std::optional<bibsmith_keygen> keygen;
  std::optional<bibsmith_normalizer> normalizer;
  std::optional<bibsmith_resolver> resolver;
};

class SharedObject {
 public:
  // What is wrong with it, one line; empty: it can be used.
  std::string load(const std::string& path, Host& host) {
    void* object = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (object == nullptr) return std::string("cannot be loaded: ") + ::dlerror();
    const auto entry =
        known_part(static_cast<const bibsmith_plugin_entry*>(::dlsym(object, "bibsmith_plugin_entry_1")),
                   BIBSMITH_UP_TO(bibsmith_plugin_entry, create));
    if (!entry) return "exports no bibsmith_plugin_entry_1 of the size that it must have";
    if (entry->abi != BIBSMITH_PLUGIN_ABI) {
      return "was built for the plugin interface " + std::to_string(entry->abi) + ", this is " +
             std::to_string(BIBSMITH_PLUGIN_ABI);
    }
    const auto descriptor =
        known_part(entry->descriptor, BIBSMITH_UP_TO(bibsmith_plugin_descriptor, description));
    if (!descriptor) return "has no descriptor of the size that it must have";
    descriptor_ = *descriptor;
    if (entry->create == nullptr) return "cannot be created";
    if (const bibsmith_status status = entry->create(host.table(), &plugin_); status != BIBSMITH_OK) {
      return host.failure().empty() ? "creating it failed with status " + std::to_string(status)
                                    : host.failure();
    }
    const auto plugin = known_part(plugin_, BIBSMITH_UP_TO(bibsmith_plugin, extension));
    if (!plugin || plugin->extension == nullptr) return "is no structure of the size that it must have";
    find(*plugin, BIBSMITH_FETCHER, BIBSMITH_UP_TO(bibsmith_fetcher, fetch), has_.fetcher);
    find(*plugin, BIBSMITH_EXPORTER, BIBSMITH_UP_TO(bibsmith_exporter, write), has_.exporter);
    find(*plugin, BIBSMITH_IMPORTER, BIBSMITH_UP_TO(bibsmith_importer, read), has_.importer);
    find(*plugin, BIBSMITH_KEYGEN, BIBSMITH_UP_TO(bibsmith_keygen, keys), has_.keygen);
    find(*plugin, BIBSMITH_NORMALIZER, BIBSMITH_UP_TO(bibsmith_normalizer, apply), has_.normalizer);
    find(*plugin, BIBSMITH_RESOLVER, BIBSMITH_UP_TO(bibsmith_resolver, resolve), has_.resolver);
    return problem_;
  }

  json description() const {
    json extensions = json::object();
    if (has_.fetcher) {
      json schemes = json::array();
      for (const char* const* one = has_.fetcher->schemes;
           one != nullptr && *one != nullptr && schemes.size() < schemes_max; ++one) {
        schemes.push_back(text_of(*one));
      }
      extensions[BIBSMITH_FETCHER] = {{"schemes", schemes}, {"ids_max", has_.fetcher->ids_max}};
    }
    if (has_.exporter) {
      extensions[BIBSMITH_EXPORTER] = {{"format", text_of(has_.exporter->format)},
                                       {"file_extension", text_of(has_.exporter->file_extension)},
                                       {"media_type", text_of(has_.exporter->media_type)}};
    }
    if (has_.importer) {
      extensions[BIBSMITH_IMPORTER] = {{"format", text_of(has_.importer->format)},
                                       {"file_extension", text_of(has_.importer->file_extension)}};
    }
    if (has_.keygen) extensions[BIBSMITH_KEYGEN] = json::object();
    if (has_.normalizer) extensions[BIBSMITH_NORMALIZER] = {{"order", has_.normalizer->order}};
    if (has_.resolver) extensions[BIBSMITH_RESOLVER] = json::object();
    return {{"name", text_of(descriptor_.name)},
            {"version", text_of(descriptor_.version)},
            {"description", text_of(descriptor_.description)},
            {"url", text_of(descriptor_.url)},
            {"license", text_of(descriptor_.license)},
            {"interval_ms", descriptor_.interval_ms},
            {"extensions", extensions}};
  }

  // Sets `result` or `error`.
  void call(const std::string& method, const json& parameters, Host& host, json& result, json& error) const {
    if (method == "fetcher/fetch" && has_.fetcher) {
      std::vector<std::string> ids;
      for (const json& id : parameters.at("ids")) ids.push_back(id.get<std::string>());
      std::vector<const char*> pointers;
      for (const std::string& id : ids) pointers.push_back(id.c_str());
      return take_json(
          host.run([&] { return has_.fetcher->fetch(plugin_, pointers.data(), pointers.size()); }, error),
          result, error);
    }
    if (method == "exporter/write" && has_.exporter) {
      if (auto text = run(has_.exporter->write, parameters.at("items").dump(), host, error)) {
        result = *std::move(text);
      }
      return;
    }
    if (method == "importer/read" && has_.importer) {
      return take_json(run(has_.importer->read, parameters.at("text").get<std::string>(), host, error),
                       result, error);
    }
    const auto of_items = [&](const auto& function) {
      take_json(run(function, parameters.at("items").dump(), host, error), result, error);
    };
    if (method == "keygen/keys" && has_.keygen) return of_items(has_.keygen->keys);
    if (method == "normalizer/apply" && has_.normalizer) return of_items(has_.normalizer->apply);
    if (method == "resolver/resolve" && has_.resolver) return of_items(has_.resolver->resolve);
    error = {{"code", -32601}, {"message", "there is no such method"}};
  }

 private:
  template <typename T>
  void find(const bibsmith_plugin& plugin, const char* id, std::size_t least, std::optional<T>& out) {
    const auto* given = static_cast<const T*>(plugin.extension(plugin_, id));
    if (given == nullptr) return;
    out = known_part(given, least);
    if (!out) problem_ = std::string("its ") + id + " is not of the size that it must have";
  }

  using OfText = bibsmith_status (*)(const bibsmith_plugin*, const char*, std::size_t);

  std::optional<std::string> run(OfText function, const std::string& text, Host& host, json& error) const {
    if (function == nullptr) {
      error = {{"code", -32601}, {"message", "the function is NULL"}};
      return std::nullopt;
    }
    return host.run([&] { return function(plugin_, text.data(), text.size()); }, error);
  }

  static void take_json(const std::optional<std::string>& text, json& result, json& error) {
    if (!text) return;
    result = json::parse(*text, nullptr, false);
    if (result.is_discarded()) error = {{"code", -32016}, {"message", "answered with what is no JSON"}};
  }

  bibsmith_plugin_descriptor descriptor_{};
  const bibsmith_plugin* plugin_ = nullptr;
  Extensions has_;
  std::string problem_;
};

}  // namespace

int run_shared_object_host(const std::string& path) {
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  // Both live as long as the process: the thread that reads uses them until its end.
  static Host host("{}");
  static SharedObject object;
  bool is_loaded = false;
  for (;;) {
    const json message = host.messages().next();
    const std::string method = message.value("method", "");
    const json parameters = message.value("params", json::object());
    host.running_id = message.value("id", std::int64_t{0});
    json response{{"jsonrpc", "2.0"}, {"id", message.value("id", json())}};
    json result;
    json error;
    if (method == "plugin/describe" && !is_loaded) {
      host.set_config(parameters.value("config", json::object()).dump());
      const std::string problem = object.load(path, host);
      is_loaded = problem.empty();
      if (is_loaded) {
        result = object.description();
      } else {
        error = {{"code", -32016}, {"message", problem}};
      }
    } else if (is_loaded) {
      object.call(method, parameters, host, result, error);
    } else {
      error = {{"code", -32016}, {"message", "the plugin is not loaded"}};
    }
    if (error.is_null()) {
      response["result"] = std::move(result);
    } else {
      response["error"] = std::move(error);
    }
    host.messages().send(response);
  }
}

}  // namespace bibsmith::plugin
