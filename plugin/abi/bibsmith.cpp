#include "bibsmith/bibsmith.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/eventfd.h>
#include <thread>
#include <unistd.h>
#include <utility>

#include <nlohmann/json.hpp>

#include "plugin/rpc/methods.hpp"
#include "plugin/rpc/session_pool.hpp"
#include "plugin/session/settings.hpp"

using namespace bibsmith;
using namespace bibsmith::plugin;

namespace {

using json = nlohmann::ordered_json;

struct LastError {
  bibsmith_status status = BIBSMITH_OK;
  std::string message;
  std::optional<std::chrono::seconds> retry_after;
};

// NOLINTNEXTLINE(*-avoid-non-const-global-variables): what errno is to the C library
thread_local LastError last_error;

bibsmith_status fail(bibsmith_status status, std::string message,
                     std::optional<std::chrono::seconds> retry_after = {}) {
  last_error = {status, std::move(message), retry_after};
  return status;
}

bibsmith_status status_of(RpcCode code) {
  switch (code) {
    case RpcCode::parse_error:
      return BIBSMITH_PARSE;
    case RpcCode::invalid_request:
    case RpcCode::method_not_found:
    case RpcCode::invalid_params:
      return BIBSMITH_INVALID;
    case RpcCode::not_found:
      return BIBSMITH_NOT_FOUND;
    case RpcCode::network:
      return BIBSMITH_NETWORK;
    case RpcCode::rate_limited:
      return BIBSMITH_RATE_LIMITED;
    case RpcCode::conflict:
      return BIBSMITH_CONFLICT;
    case RpcCode::offline:
      return BIBSMITH_OFFLINE;
    case RpcCode::file:
      return BIBSMITH_FILE;
    case RpcCode::busy:
      return BIBSMITH_BUSY;
    case RpcCode::plugin:
      return BIBSMITH_PLUGIN;
    case RpcCode::cancelled:
      return BIBSMITH_CANCELLED;
    case RpcCode::internal_error:
      break;
  }
  return BIBSMITH_BUG;
}

bibsmith_status fail(const RpcError& error) {
  return fail(status_of(error.code), error.message, error.retry_after);
}

// Needs none itself: the message is short enough to lie inside the string.
bibsmith_status fail_without_memory() { return fail(BIBSMITH_NO_MEMORY, "no memory"); }

// Runs `work`, which returns a status; no exception gets past this.
template <typename Work>
bibsmith_status guarded(const Work& work) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return fail_without_memory();
  } catch (const std::exception& bug) {
    return fail(BIBSMITH_BUG, std::string("internal error: ") + bug.what());
  } catch (...) {  // what a callback in another language throws
    return fail(BIBSMITH_BUG, "internal error: an exception of no known kind");
  }
}

// TLS writes to sockets without MSG_NOSIGNAL: while this lives, a connection that broke raises no SIGPIPE in
// a program that has not asked for it. One that was pending before stays so.
class WithoutPipeSignal {
 public:
  WithoutPipeSignal() {
    sigset_t pending;
    ::sigpending(&pending);
    was_pending_ = ::sigismember(&pending, SIGPIPE) == 1;
    ::sigemptyset(&pipe_);
    ::sigaddset(&pipe_, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~WithoutPipeSignal() {
    if (!was_pending_) {
      const timespec at_once{};
      while (::sigtimedwait(&pipe_, nullptr, &at_once) == -1 && errno == EINTR) {
      }
    }
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  WithoutPipeSignal(const WithoutPipeSignal&) = delete;
  WithoutPipeSignal& operator=(const WithoutPipeSignal&) = delete;

 private:
  sigset_t pipe_{};
  sigset_t before_{};
  bool was_pending_ = false;
};

// A thread started while this lives takes no signal: they are for the program's own threads.
class WithoutSignals {
 public:
  WithoutSignals() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~WithoutSignals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  WithoutSignals(const WithoutSignals&) = delete;
  WithoutSignals& operator=(const WithoutSignals&) = delete;

 private:
  sigset_t before_{};
};

bibsmith_status hand_out(std::string_view text, bibsmith_text* out) {
  char* data = static_cast<char*>(std::malloc(text.size() + 1));
  if (data == nullptr) return fail_without_memory();
  std::memcpy(data, text.data(), text.size());
  data[text.size()] = '\0';
  *out = {data, text.size()};
  return BIBSMITH_OK;
}

tl::expected<Settings, std::string> settings_for(const bibsmith_options& options) {
  const Warn ignore;
  const Environment environment = process_environment();
  auto settings =
      load_settings(options.config_path != nullptr ? options.config_path : "", {}, environment, ignore);
  if (!settings) return tl::unexpected(settings.error().message);
  if (options.cache_dir != nullptr) settings->cache_dir = options.cache_dir;
  if (options.state_dir != nullptr) settings->state_dir = options.state_dir;
  if ((options.flags & BIBSMITH_OPTION_OFFLINE) != 0) settings->offline = true;
  if (const auto finished = finish_settings(*settings, environment, ignore); !finished) {
    return tl::unexpected(finished.error().message);
  }
  return *std::move(settings);
}

struct Log {
  bibsmith_log function = nullptr;
  void* user = nullptr;
};

// Where the warnings of the call that this thread is in go.
// NOLINTNEXTLINE(*-avoid-non-const-global-variables)
thread_local Log call_log;

// Sets it for one call; a progress function may call the library again.
class LogOfCall {
 public:
  explicit LogOfCall(Log log) : before_(std::exchange(call_log, log)) {}
  ~LogOfCall() { call_log = before_; }
  LogOfCall(const LogOfCall&) = delete;
  LogOfCall& operator=(const LogOfCall&) = delete;

 private:
  Log before_;
};

}  // namespace

struct bibsmith_context {
  Settings settings;
  std::mutex mutex;
  Log log;  // guarded by the mutex
  SessionPool sessions;

  explicit bibsmith_context(Settings given)
      : settings(std::move(given)), sessions([this] {
          return std::make_unique<Session>(settings, [](std::string_view line) {
            if (call_log.function != nullptr) call_log.function(call_log.user, std::string(line).c_str());
          });
        }) {}
};

struct bibsmith_operation {
  bibsmith_context* context = nullptr;
  std::string method;
  std::string parameters;
  std::stop_source stop;
  std::atomic<std::uint64_t> done = 0;
  std::atomic<std::uint64_t> total = 0;
  std::atomic<bool> has_ended = false;  // what follows is written before, and read after
  bibsmith_status status = BIBSMITH_BUSY;
  std::string result;
  LastError error;
  int descriptor = -1;
  std::thread thread;

  ~bibsmith_operation();
  void run();
};

namespace {

// The status of a call; where it is BIBSMITH_OK, `result` is set.
bibsmith_status call(bibsmith_context& context, std::string_view method, std::string_view parameters,
                     const std::stop_token& stop, const FetchProgress& progress, std::string& result) {
  const SessionPool::Lease session = context.sessions.take();
  const MethodResult answer = call_method(method, parameters, {*session, stop, progress});
  if (stop.stop_requested() && (!answer || !find_method(method)->writes)) {
    return fail(BIBSMITH_CANCELLED, "cancelled");
  }
  if (!answer) return fail(answer.error());
  result = answer->compact();
  return BIBSMITH_OK;
}

// A call on the caller's thread, with its progress function and log.
bibsmith_status call_now(bibsmith_context& context, std::string_view method, std::string_view parameters,
                         bibsmith_progress progress, void* user, std::string& result) {
  const LogOfCall log_of_call([&] {
    const std::lock_guard lock(context.mutex);
    return context.log;
  }());
  const WithoutPipeSignal quiet;
  std::stop_source stop;
  FetchProgress report;
  if (progress != nullptr) {
    report = [&](std::size_t done, std::size_t total) {
      if (progress(user, done, total) != 0) stop.request_stop();
    };
  }
  return call(context, method, parameters, stop.get_token(), report, result);
}

// What bibsmith_get() says of the first paper that was not had; OK: all were.
bibsmith_status outcome_of(const json& answer) {
  if (const json& invalid = answer.at("invalid"); !invalid.empty()) {
    return fail(BIBSMITH_INVALID, invalid[0].at("asked").get<std::string>() +
                                      " is no arXiv id: " + invalid[0].at("message").get<std::string>());
  }
  if (const json& missing = answer.at("not_found"); !missing.empty()) {
    return fail(BIBSMITH_NOT_FOUND, missing[0].get<std::string>() + ": there is no such paper");
  }
  const json& failures = answer.at("could_not_ask");
  if (failures.empty()) return BIBSMITH_OK;
  const json& first = failures[0];
  const std::string code = first.at("code").get<std::string>();
  std::optional<std::chrono::seconds> retry_after;
  if (first.contains("retry_after_s")) {
    retry_after = std::chrono::seconds(first.at("retry_after_s").get<std::int64_t>());
  }
  const bibsmith_status status = code == "offline"        ? BIBSMITH_OFFLINE
                                 : code == "rate_limited" ? BIBSMITH_RATE_LIMITED
                                 : code == "cancelled"    ? BIBSMITH_CANCELLED
                                 : code == "plugin"       ? BIBSMITH_PLUGIN
                                                          : BIBSMITH_NETWORK;
  return fail(status, first.at("message").get<std::string>(), retry_after);
}

}  // namespace

bibsmith_operation::~bibsmith_operation() {
  stop.request_stop();
  if (thread.joinable()) thread.join();
  if (descriptor >= 0) ::close(descriptor);
}

void bibsmith_operation::run() {
  status = guarded([&] {
    return call(
        *context, method, parameters, stop.get_token(),
        [this](std::size_t now, std::size_t all) {
          total = all;
          done = now;
        },
        result);
  });
  error = std::move(last_error);
  has_ended = true;
  ::eventfd_write(descriptor, 1);
}

uint32_t bibsmith_abi_version(void) { return BIBSMITH_ABI; }

const char* bibsmith_version(void) { return BIBSMITH_VERSION; }

const char* bibsmith_status_text(bibsmith_status status) {
  switch (status) {
    case BIBSMITH_OK:
      return "ok";
    case BIBSMITH_INVALID:
      return "invalid";
    case BIBSMITH_NOT_FOUND:
      return "not found";
    case BIBSMITH_NETWORK:
      return "could not ask";
    case BIBSMITH_RATE_LIMITED:
      return "rate limited";
    case BIBSMITH_PARSE:
      return "cannot be parsed";
    case BIBSMITH_FILE:
      return "file failed";
    case BIBSMITH_CONFLICT:
      return "conflict";
    case BIBSMITH_CANCELLED:
      return "cancelled";
    case BIBSMITH_ABI_MISMATCH:
      return "another ABI";
    case BIBSMITH_NO_MEMORY:
      return "no memory";
    case BIBSMITH_BUSY:
      return "busy";
    case BIBSMITH_OFFLINE:
      return "offline";
    case BIBSMITH_PLUGIN:
      return "plugin failed";
    case BIBSMITH_BUG:
      return "internal error";
    default:
      return "unknown status";
  }
}

bibsmith_status bibsmith_open(uint32_t abi, const bibsmith_options* options, bibsmith_context** out) {
  if (out == nullptr) return fail(BIBSMITH_INVALID, "out is NULL");
  *out = nullptr;
  return guarded([&] {
    if (abi >> 16 != BIBSMITH_ABI_MAJOR) {
      return fail(BIBSMITH_ABI_MISMATCH, "this library has ABI " + std::to_string(BIBSMITH_ABI_MAJOR));
    }
    bibsmith_options known{};
    if (options != nullptr) {
      if (options->size < sizeof options->size) return fail(BIBSMITH_INVALID, "options have no size");
      // Of a newer program's options, what this library knows.
      std::memcpy(&known, options, std::min<std::size_t>(options->size, sizeof known));
    }
    if ((known.flags & ~BIBSMITH_OPTION_OFFLINE) != 0) {
      return fail(BIBSMITH_INVALID, "options have a flag that this library does not know");
    }
    auto settings = settings_for(known);
    if (!settings) return fail(BIBSMITH_INVALID, settings.error());
    *out = new bibsmith_context(*std::move(settings));
    return BIBSMITH_OK;
  });
}

void bibsmith_close(bibsmith_context* context) { delete context; }

void bibsmith_set_log(bibsmith_context* context, bibsmith_log log, void* user) {
  if (context == nullptr) return;
  const std::lock_guard lock(context->mutex);
  context->log = {log, user};
}

bibsmith_status bibsmith_last_error(bibsmith_text* out) {
  if (out == nullptr) return BIBSMITH_INVALID;
  *out = {};
  if (last_error.status == BIBSMITH_OK) return BIBSMITH_NOT_FOUND;
  return guarded([&] {
    json error{{"status", last_error.status}, {"message", last_error.message}};
    if (last_error.retry_after) error["retry_after_s"] = last_error.retry_after->count();
    return hand_out(JsonDocument(std::move(error)).compact(), out);
  });
}

void bibsmith_text_free(bibsmith_text* text) {
  if (text == nullptr) return;
  std::free(text->data);
  *text = {};
}

bibsmith_status bibsmith_get(bibsmith_context* context, const char* const* ids, size_t count,
                             const char* format, bibsmith_progress progress, void* user, bibsmith_text* out) {
  if (out == nullptr) return fail(BIBSMITH_INVALID, "out is NULL");
  *out = {};
  if (context == nullptr || (ids == nullptr && count > 0)) return fail(BIBSMITH_INVALID, "a pointer is NULL");
  return guarded([&] {
    json parameters{{"ids", json::array()}};
    for (size_t i = 0; i < count; ++i) parameters["ids"].push_back(ids[i] != nullptr ? ids[i] : "");
    if (format != nullptr) parameters["format"] = format;
    std::string result;
    const bibsmith_status called =
        call_now(*context, "bibsmith/entry.get", JsonDocument(std::move(parameters)).compact(), progress,
                 user, result);
    if (called != BIBSMITH_OK) return called;
    const json answer = json::parse(result);
    const bibsmith_status outcome = outcome_of(answer);
    return outcome == BIBSMITH_OK ? hand_out(answer.at("text").get<std::string>(), out) : outcome;
  });
}

bibsmith_status bibsmith_call(bibsmith_context* context, const char* method, const char* parameters,
                              size_t parameters_size, bibsmith_progress progress, void* user,
                              bibsmith_text* out) {
  if (out == nullptr) return fail(BIBSMITH_INVALID, "result is NULL");
  *out = {};
  if (context == nullptr || method == nullptr || (parameters == nullptr && parameters_size > 0)) {
    return fail(BIBSMITH_INVALID, "a pointer is NULL");
  }
  return guarded([&] {
    std::string result;
    const bibsmith_status status =
        call_now(*context, method, {parameters, parameters_size}, progress, user, result);
    return status == BIBSMITH_OK ? hand_out(result, out) : status;
  });
}

bibsmith_status bibsmith_submit(bibsmith_context* context, const char* method, const char* parameters,
                                size_t parameters_size, bibsmith_operation** out) {
  if (out == nullptr) return fail(BIBSMITH_INVALID, "out is NULL");
  *out = nullptr;
  if (context == nullptr || method == nullptr || (parameters == nullptr && parameters_size > 0)) {
    return fail(BIBSMITH_INVALID, "a pointer is NULL");
  }
  return guarded([&] {
    auto operation = std::make_unique<bibsmith_operation>();
    operation->context = context;
    operation->method = method;
    operation->parameters.assign(parameters_size > 0 ? parameters : "", parameters_size);
    operation->descriptor = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (operation->descriptor < 0) return fail(BIBSMITH_NO_MEMORY, "no descriptor is left");
    const WithoutSignals unsignalled;
    operation->thread = std::thread([raw = operation.get()] { raw->run(); });
    *out = operation.release();
    return BIBSMITH_OK;
  });
}

int32_t bibsmith_operation_descriptor(const bibsmith_operation* operation) {
  return operation != nullptr ? operation->descriptor : -1;
}

bibsmith_status bibsmith_operation_wait(const bibsmith_operation* operation, int32_t milliseconds) {
  if (operation == nullptr) return fail(BIBSMITH_INVALID, "operation is NULL");
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
  pollfd descriptor{operation->descriptor, POLLIN, 0};
  while (!operation->has_ended) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    if (milliseconds >= 0 && left.count() <= 0) return BIBSMITH_BUSY;
    ::poll(&descriptor, 1, milliseconds < 0 ? -1 : static_cast<int>(left.count()));
  }
  return BIBSMITH_OK;
}

bibsmith_status bibsmith_operation_state(const bibsmith_operation* operation, uint64_t* done,
                                         uint64_t* total) {
  if (operation == nullptr) return fail(BIBSMITH_INVALID, "operation is NULL");
  if (done != nullptr) *done = operation->done;
  if (total != nullptr) *total = operation->total;
  return operation->has_ended ? BIBSMITH_OK : BIBSMITH_BUSY;
}

bibsmith_status bibsmith_operation_result(const bibsmith_operation* operation, bibsmith_text* result) {
  if (result == nullptr) return fail(BIBSMITH_INVALID, "result is NULL");
  *result = {};
  if (operation == nullptr) return fail(BIBSMITH_INVALID, "operation is NULL");
  if (!operation->has_ended) return fail(BIBSMITH_BUSY, "the operation is not finished");
  if (operation->status == BIBSMITH_OK) return hand_out(operation->result, result);
  return guarded([&] {
    last_error = operation->error;
    return operation->status;
  });
}

void bibsmith_operation_cancel(bibsmith_operation* operation) {
  if (operation != nullptr) operation->stop.request_stop();
}

void bibsmith_operation_free(bibsmith_operation* operation) { delete operation; }
