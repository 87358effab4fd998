// Many clients of one `bibsmith serve` against one of them, on its Unix socket. Prints a row for each
// request: calls a second with one client, with 32, the share of one client's times the cores, and how even
// the clients fared. Server and clients are processes of their own; each client waits for its answer before
// it asks again.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "plugin/http/unix_server.hpp"

namespace {

using namespace bibsmith::plugin;
using Clock = std::chrono::steady_clock;

constexpr auto run_time = std::chrono::milliseconds(1500);

int connect_to(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  const int client = ::socket(AF_UNIX, SOCK_STREAM, 0);
  for (int tries = 0; ::connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0;
       ++tries) {
    if (tries > 1000) std::exit(2);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return client;
}

// Asks until the time is over; the number of answers, or 0 after a failure.
std::size_t ask(const std::string& path, const std::string& request, Clock::time_point end) {
  const int client = connect_to(path);
  std::vector<char> buffer(1u << 16);
  std::size_t answers = 0;
  while (Clock::now() < end) {
    if (::send(client, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size()))
      return 0;
    for (bool is_whole = false; !is_whole;) {
      const ssize_t count = ::recv(client, buffer.data(), buffer.size(), 0);
      if (count <= 0) return 0;
      is_whole = buffer[static_cast<std::size_t>(count) - 1] == '\n';
    }
    ++answers;
  }
  ::close(client);
  return answers;
}

struct Fared {
  double per_second = 0;
  double evenness = 0;  // of the slowest client against the mean
  std::size_t failures = 0;
};

Fared fare(const std::string& path, const std::string& request, std::size_t clients) {
  std::vector<std::size_t> answers(clients);
  const auto begin = Clock::now();
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < clients; ++i) {
      threads.emplace_back([&, i] { answers[i] = ask(path, request, begin + run_time); });
    }
  }
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  Fared fared;
  double total = 0;
  std::size_t least = answers.front();
  for (const std::size_t count : answers) {
    total += static_cast<double>(count);
    least = std::min(least, count);
    if (count == 0) ++fared.failures;
  }
  fared.per_second = total / seconds;
  fared.evenness = static_cast<double>(least) * static_cast<double>(clients) / total;
  return fared;
}

}  // namespace

int main() {
  char folder[] = "/tmp/bibsmith-serve-bench-XXXXXX";
  if (::mkdtemp(folder) == nullptr) return 2;
  const std::string path = std::string(folder) + "/s";
  const pid_t server = ::fork();
  if (server == 0) {
    Settings settings;
    settings.offline = true;
    settings.cache_dir = settings.state_dir = folder;
    SessionPool sessions([&] { return std::make_unique<Session>(settings, Warn{}); });
    auto opened = UnixServer::open(path);
    if (!opened) ::_exit(2);
    opened->run(sessions, std::stop_source().get_token());
    ::_exit(0);
  }
  std::string entries;
  for (int i = 0; i < 20; ++i) {
    entries +=
        "@article{k" + std::to_string(i) + ", author={Ann Lee and Bo Li}, title={On things}, year=2001}";
  }
  const std::pair<const char*, std::string> requests[] = {
      {"id.parse", R"({"jsonrpc":"2.0","id":1,"method":"bibsmith/id.parse","params":{"text":"1706.03762"}})"
                   "\n"},
      {"convert of 20 entries",
       R"({"jsonrpc":"2.0","id":1,"method":"bibsmith/convert","params":{"to":"csl-json","text":")" + entries +
           "\"}}\n"},
  };
  const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
  bool is_good = true;
  for (const auto& [name, request] : requests) {
    const Fared one = fare(path, request, 1);
    const Fared many = fare(path, request, 32);
    const double share = many.per_second / (one.per_second * cores);
    is_good = is_good && share >= 0.8 && one.failures + many.failures == 0;
    std::printf(
        "serve, %s: %.0f/s with 1 client, %.0f/s with 32; share of 1 client's times %u cores: %.2f (at "
        "least 0.80); slowest client against the mean: %.2f; failures: %zu\n",
        name, one.per_second, many.per_second, cores, share, many.evenness, one.failures + many.failures);
  }
  ::kill(server, SIGKILL);
  ::waitpid(server, nullptr, 0);
  ::unlink(path.c_str());
  ::unlink((path + ".lock").c_str());
  ::rmdir(folder);
  return is_good ? 0 : 1;
}
