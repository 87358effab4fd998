#include "tests/support/postgres_server.hpp"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <iterator>
#include <poll.h>
#include <pwd.h>
#include <sstream>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "fetchers/cache/postgres_connection.hpp"
#include "tests/support/catch.hpp"

namespace bibsmith::testing {

namespace {

namespace fs = std::filesystem;

// The newest server of Debian's places; empty: none.
std::string programs_folder() {
  std::string newest;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", error)) {
    const std::string folder = entry.path().string() + "/bin";
    if (fs::exists(folder + "/postgres", error) && folder > newest) newest = folder;
  }
  return newest;
}

const passwd* nobody() { return ::getuid() == 0 ? ::getpwnam("nobody") : nullptr; }

// Starts the program in a process group of its own, with what it prints in `output`.
pid_t start_program(const std::vector<std::string>& words, int output) {
  const passwd* user = nobody();
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const pid_t process = ::fork();
  if (process != 0) return process;
  ::setpgid(0, 0);
  if (user != nullptr && (::setgid(user->pw_gid) != 0 || ::setuid(user->pw_uid) != 0)) ::_exit(126);
  ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
  if (::chdir("/") != 0) ::_exit(126);
  ::dup2(output, 1);
  ::dup2(output, 2);
  ::execv(arguments[0], arguments.data());
  ::_exit(127);
}

bool runs_well(const std::vector<std::string>& words) {
  const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  const pid_t process = start_program(words, nowhere);
  ::close(nowhere);
  int status = 0;
  return process > 0 && ::waitpid(process, &status, 0) == process && status == 0;
}

// Reads until a line says so, the writer ends, or the time is over.
bool hears(int input, const std::string& words, std::chrono::seconds time) {
  const auto deadline = std::chrono::steady_clock::now() + time;
  std::string heard;
  for (char buffer[4096]; heard.find(words) == heard.npos;) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd one{.fd = input, .events = POLLIN, .revents = 0};
    if (left.count() <= 0 || ::poll(&one, 1, static_cast<int>(left.count())) <= 0) return false;
    const ssize_t count = ::read(input, buffer, sizeof buffer);
    if (count <= 0) return false;
    heard.append(buffer, static_cast<std::size_t>(count));
  }
  return true;
}

// The processes that a server made of itself; each is a group of its own.
std::vector<pid_t> children_of(pid_t process) {
  const std::string number = std::to_string(process);
  std::istringstream in(read_file("/proc/" + number + "/task/" + number + "/children"));
  return {std::istream_iterator<pid_t>(in), {}};
}

void run_sql(const std::string& url, const std::string& sql) {
  auto connection = fetchers::PostgresConnection::open({.url = url});
  REQUIRE(connection);
  const auto done = connection->run(sql);
  INFO((done ? std::string{} : done.error().message));
  REQUIRE(done);
}

}  // namespace

std::unique_ptr<PostgresServer> PostgresServer::start() {
  std::unique_ptr<PostgresServer> server(new PostgresServer);
  server->programs_ = programs_folder();
  if (server->programs_.empty()) {
    WARN("no PostgreSQL server is installed (postgresql-15): not tested");
    return nullptr;
  }
  if (const passwd* user = nobody(); user != nullptr) {
    if (::chown(server->dir_.path().c_str(), user->pw_uid, user->pw_gid) != 0) return nullptr;
  }
  const bool is_made =
      runs_well({server->programs_ + "/initdb", "-D", server->dir_ / "data", "-U", "postgres", "-A", "trust",
                 "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"});
  if (is_made && server->begin()) return server;
  WARN("the PostgreSQL server does not start: not tested");
  return nullptr;
}

PostgresServer* PostgresServer::shared() {
  static const std::unique_ptr<PostgresServer> server = start();
  return server.get();
}

bool PostgresServer::begin() {
  int pipe[2];
  if (::pipe2(pipe, O_CLOEXEC) != 0) return false;
  process_ = start_program(
      {programs_ + "/postgres", "-D", dir_ / "data", "-k", dir_.path().string(), "-c",
       "listen_addresses=", "-c", "fsync=off", "-c", "shared_buffers=16MB", "-c", "max_connections=80", "-c",
       "autovacuum=off", "-c", "log_min_messages=log", "-c", "log_min_error_statement=panic"},
      pipe[1]);
  ::close(pipe[1]);
  const bool is_ready =
      process_ > 0 && hears(pipe[0], "ready to accept connections", std::chrono::seconds(30));
  // Nobody reads on; the server ignores that its log is closed.
  ::close(pipe[0]);
  return is_ready;
}

void PostgresServer::end(int signal) {
  if (process_ <= 0) return;
  if (signal == SIGKILL) {
    pause();
    for (const pid_t child : children_of(process_)) ::kill(child, signal);
  }
  ::kill(process_, signal);
  int status = 0;
  ::waitpid(process_, &status, 0);
  process_ = -1;
}

PostgresServer::~PostgresServer() {
  resume();
  end(SIGQUIT);  // at once
}

void PostgresServer::pause() {
  ::kill(process_, SIGSTOP);  // first, so that it makes no more
  for (const pid_t child : children_of(process_)) ::kill(child, SIGSTOP);
}

void PostgresServer::resume() {
  if (process_ <= 0) return;
  for (const pid_t child : children_of(process_)) ::kill(child, SIGCONT);
  ::kill(process_, SIGCONT);
}
void PostgresServer::kill() { end(SIGKILL); }

void PostgresServer::restart() {
  end(SIGQUIT);
  REQUIRE(begin());
}

std::string PostgresServer::url(const std::string& database, const std::string& user) const {
  return "postgresql:///" + database + "?host=" + dir_.path().string() + "&user=" + user;
}

std::string PostgresServer::new_database() {
  const std::string name = "test_" + std::to_string(++databases_);
  run_sql(url("postgres"), "CREATE DATABASE " + name);
  return url(name);
}

void PostgresServer::add_user(const std::string& name) {
  run_sql(url("postgres"), "CREATE ROLE " + name + " LOGIN");
}

}  // namespace bibsmith::testing
