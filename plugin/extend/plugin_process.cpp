#include "plugin/extend/plugin_process.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include <nlohmann/json.hpp>

#include "fetchers/json/json.hpp"

extern char** environ;

namespace bibsmith::plugin {

namespace {

using json = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t chunk_bytes = 1 << 16;
constexpr std::size_t shown_bytes_max = 300;
// After a cancellation, for the plugin to come back by itself; and at its end, to close what it has open.
constexpr milliseconds grace{500};

void close_one(int& descriptor) {
  if (descriptor >= 0) ::close(descriptor);
  descriptor = -1;
}

void set_nonblocking(int descriptor) {
  ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK);
}

// Becomes readable when a stop is requested.
class StopDescriptor {
 public:
  explicit StopDescriptor(const std::stop_token& stop)
      : descriptor_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    callback_.emplace(stop, [this] { ::eventfd_write(descriptor_, 1); });
  }
  ~StopDescriptor() {
    callback_.reset();  // first: no callback meets a closed descriptor
    ::close(descriptor_);
  }
  StopDescriptor(const StopDescriptor&) = delete;
  StopDescriptor& operator=(const StopDescriptor&) = delete;

  int get() const { return descriptor_; }

 private:
  int descriptor_;
  std::optional<std::stop_callback<std::function<void()>>> callback_;
};

// The codes of docs/json-rpc.md that say more than "failed".
FetchError::Code code_of(const json& error) {
  const auto number = error.value("code", json());
  if (number == -32010) return FetchError::Code::unreachable;
  if (number == -32011) return FetchError::Code::rate_limited;
  if (number == -32013) return FetchError::Code::offline;
  if (number == -32800) return FetchError::Code::cancelled;
  return FetchError::Code::bad_response;
}

int number_of(FetchError::Code code) {
  switch (code) {
    case FetchError::Code::rate_limited:
      return -32011;
    case FetchError::Code::offline:
      return -32013;
    case FetchError::Code::cancelled:
      return -32800;
    default:
      return -32010;
  }
}

}  // namespace

std::string printable_line(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, shown_bytes_max)) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte < 0x20 || byte == 0x7F ? ' ' : c;
  }
  // A character that was cut in the middle would be no UTF-8, and C1 controls drive terminals too.
  std::string clean;
  const std::string dumped = json(out).dump(-1, ' ', false, json::error_handler_t::replace);
  clean = json::parse(dumped).get<std::string>();
  for (std::size_t at = clean.find('\xC2'); at != clean.npos; at = clean.find('\xC2', at + 1)) {
    if (at + 1 < clean.size() && static_cast<unsigned char>(clean[at + 1]) < 0xA0) clean.replace(at, 2, " ");
  }
  return clean;
}

PluginProcess::PluginProcess(const std::vector<std::string>& command, Tell tell) : tell_(std::move(tell)) {
  std::array<int, 2> in{-1, -1};
  std::array<int, 2> out{-1, -1};
  std::array<int, 2> errors{-1, -1};
  const bool is_open = ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, in.data()) == 0 &&
                       ::pipe2(out.data(), O_CLOEXEC) == 0 && ::pipe2(errors.data(), O_CLOEXEC) == 0;
  if (is_open) {
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, in[1], STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, errors[1], STDERR_FILENO);
    // What the program that loaded us has open is no business of a plugin's.
    ::posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    sigset_t none;
    sigset_t all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setsigdefault(&attributes, &all);
    ::posix_spawnattr_setpgroup(&attributes, 0);  // a group of its own, to be killed with all that it started
    ::posix_spawnattr_setflags(&attributes,
                               POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    std::vector<std::string> words = command;
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    const int status = ::posix_spawnp(&process_, argv[0], &actions, &attributes, argv.data(), environ);
    if (status != 0) {
      process_ = -1;
      problem_ = "cannot run " + command[0] + ": " + std::strerror(status);
    }
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
  } else {
    problem_ = std::string("cannot open a pipe: ") + std::strerror(errno);
  }
  for (int* descriptor : {&in[1], &out[1], &errors[1]}) close_one(*descriptor);
  in_ = in[0];
  out_ = out[0];
  errors_ = errors[0];
  for (const int descriptor : {in_, out_, errors_}) {
    if (descriptor >= 0) set_nonblocking(descriptor);
  }
}

PluginProcess::~PluginProcess() {
  if (process_ > 0 && problem_.empty()) {
    close_one(in_);  // the end of its input: time to go
    const Clock::time_point deadline = Clock::now() + grace;
    while (!has_closed_ && Clock::now() < deadline) {
      pollfd waited{out_, POLLIN, 0};
      const auto left = std::chrono::duration_cast<milliseconds>(deadline - Clock::now());
      if (::poll(&waited, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 1))) > 0) {
        received_.clear();
        read_some();
      }
    }
  }
  end();
}

void PluginProcess::end() {
  if (process_ > 0) {
    ::kill(-process_, SIGKILL);
    int status = 0;
    while (::waitpid(process_, &status, 0) == -1 && errno == EINTR) {
    }
    process_ = -1;
  }
  for (int* descriptor : {&in_, &out_, &errors_}) close_one(*descriptor);
}

tl::unexpected<FetchError> PluginProcess::break_off(const std::string& problem) {
  problem_ = problem;
  end();
  return tl::unexpected(FetchError{FetchError::Code::bad_response, problem_});
}

// Its output is closed: the process is dead, or as good as that.
std::string PluginProcess::how_it_ended() {
  const Clock::time_point deadline = Clock::now() + grace;
  int status = 0;
  pid_t ended = 0;
  while ((ended = ::waitpid(process_, &status, WNOHANG)) == 0 && Clock::now() < deadline) {
    ::poll(nullptr, 0, 1);
  }
  if (ended != process_) return "closed its output";
  ::kill(-process_, SIGKILL);  // what it started
  process_ = -1;
  if (WIFSIGNALED(status)) {
    const char* name = ::strsignal(WTERMSIG(status));
    return "crashed (" + std::string(name != nullptr ? name : "signal") + ")";
  }
  return "ended with status " + std::to_string(WEXITSTATUS(status));
}

void PluginProcess::send(const json& message) {
  to_send_ += message.dump(-1, ' ', false, json::error_handler_t::replace) + '\n';
}

PluginProcess::Waited PluginProcess::wait(Clock::time_point deadline, int stop_descriptor) {
  std::array<pollfd, 4> waited{pollfd{out_, POLLIN, 0}, pollfd{errors_, POLLIN, 0},
                               pollfd{stop_descriptor, POLLIN, 0},
                               pollfd{sent_ < to_send_.size() ? in_ : -1, POLLOUT, 0}};
  const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
  if (left <= milliseconds{0}) return Waited::nothing;
  constexpr std::int64_t longest = 1'000'000;
  const int count = ::poll(waited.data(), waited.size(), static_cast<int>(std::min(left.count(), longest)));
  if (count < 0) return Waited::something;  // a signal of the program's
  if (count == 0) return Clock::now() >= deadline ? Waited::nothing : Waited::something;
  if (waited[3].revents != 0) write_some();
  if (waited[1].revents != 0) read_errors();
  if (waited[0].revents != 0) read_some();
  return waited[2].revents != 0 ? Waited::stopped : Waited::something;
}

void PluginProcess::write_some() {
  const ssize_t count = ::send(in_, to_send_.data() + sent_, to_send_.size() - sent_, MSG_NOSIGNAL);
  if (count > 0) sent_ += static_cast<std::size_t>(count);
  if (count < 0 && errno != EAGAIN && errno != EINTR) sent_ = to_send_.size();  // its end shows on its output
  if (sent_ == to_send_.size()) {
    to_send_.clear();
    sent_ = 0;
  }
}

void PluginProcess::read_some() {
  std::array<char, chunk_bytes> chunk{};
  const ssize_t count = ::read(out_, chunk.data(), chunk.size());
  if (count > 0) received_.append(chunk.data(), static_cast<std::size_t>(count));
  if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) has_closed_ = true;
}

void PluginProcess::read_errors() {
  std::array<char, 4096> chunk{};
  const ssize_t count = ::read(errors_, chunk.data(), chunk.size());
  if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) return close_one(errors_);
  for (const char c : std::string_view(chunk.data(), count > 0 ? static_cast<std::size_t>(count) : 0)) {
    if (c != '\n') {
      if (error_line_.size() <= shown_bytes_max) error_line_ += c;
      continue;
    }
    if (++lines_told_ <= plugin_lines_shown_max && tell_) tell_(printable_line(error_line_));
    error_line_.clear();
  }
}

bool PluginProcess::take_line(std::string& line) {
  const std::size_t end = received_.find('\n', searched_);
  if (end == received_.npos) {
    searched_ = received_.size();
    return false;
  }
  line = received_.substr(0, end);
  received_.erase(0, end + 1);
  searched_ = 0;
  return true;
}

tl::expected<json, FetchError> PluginProcess::call(const std::string& method, const json& parameters,
                                                   milliseconds time_limit, const Serve& serve,
                                                   const std::stop_token& stop) {
  if (!problem_.empty()) return tl::unexpected(FetchError{FetchError::Code::bad_response, problem_});
  const std::int64_t id = ++last_id_;
  send({{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", parameters}});
  const StopDescriptor stop_descriptor(stop);
  Clock::time_point deadline = Clock::now() + time_limit;
  bool is_cancelled = false;
  std::size_t requests = 0;
  std::string line;
  for (;;) {
    while (take_line(line)) {
      if (line.find_first_not_of(" \t\r") == line.npos) continue;
      if (fetchers::is_deeper(line, plugin_message_depth_max))
        return break_off("wrote JSON that nests too deeply");
      json message = json::parse(line, nullptr, false);
      if (!message.is_object())
        return break_off("wrote what is no message: " + printable_line(line.substr(0, 60)));
      const auto asked = message.find("method");
      if (asked == message.end()) {
        if (message.value("id", json()) != id) continue;  // of a call that was cancelled
        if (const auto error = message.find("error"); error != message.end()) {
          if (!error->is_object()) return break_off("answered with an error that is no object");
          const json text = error->value("message", json());
          return tl::unexpected(FetchError{
              code_of(*error), printable_line(text.is_string() ? text.get<std::string>() : "failed")});
        }
        const auto result = message.find("result");
        if (result == message.end()) return break_off("answered without a result");
        return std::move(*result);
      }
      if (!asked->is_string() || ++requests > plugin_requests_max) {
        return break_off("asks more of the host than it may");
      }
      const Clock::time_point before = Clock::now();
      const auto answer = serve(asked->get<std::string>(), message.value("params", json::object()));
      deadline += Clock::now() - before;
      if (!message.contains("id")) continue;
      json response{{"jsonrpc", "2.0"}, {"id", message["id"]}};
      if (answer) {
        response["result"] = *answer;
      } else {
        response["error"] = {{"code", number_of(answer.error().code)}, {"message", answer.error().message}};
      }
      send(response);
    }
    if (received_.size() > plugin_message_bytes_max) return break_off("wrote a message of more than 16 MiB");
    if (has_closed_) {
      if (is_cancelled) {
        break_off("was cancelled");
        return tl::unexpected(FetchError{FetchError::Code::cancelled, "cancelled"});
      }
      if (errors_ >= 0) read_errors();
      return break_off(how_it_ended());
    }
    switch (wait(deadline, is_cancelled ? -1 : stop_descriptor.get())) {
      case Waited::something:
        break;
      case Waited::stopped:
        is_cancelled = true;
        deadline = Clock::now() + grace;
        send({{"jsonrpc", "2.0"}, {"method", "$/cancelRequest"}, {"params", {{"id", id}}}});
        break;
      case Waited::nothing:
        if (is_cancelled) {
          break_off("did not stop when it was asked to");
          return tl::unexpected(FetchError{FetchError::Code::cancelled, "cancelled"});
        }
        return break_off("did not answer within " + std::to_string(time_limit.count()) + " ms");
    }
  }
}

}  // namespace bibsmith::plugin
