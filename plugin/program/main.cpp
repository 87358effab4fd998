#include <csignal>
#include <memory>
#include <unistd.h>

#include "plugin/cli/run.hpp"
#include "plugin/http/serve.hpp"
#include "plugin/lsp/lsp_server.hpp"

namespace {

using namespace bibsmith::plugin;

std::string run_serve(const Settings& settings, const Environment& environment,
                      const ServeArguments& arguments, const OtherSkins::Tell& tell,
                      const std::stop_token& stop) {
  ServeOptions options;
  if (arguments.socket || !arguments.socket_path.empty()) options.socket = arguments.socket_path;
  if (arguments.http) options.http = HttpOptions{.port = arguments.port};
  return serve(settings, environment, options, tell, stop);
}

int run_lsp(const Settings& settings, const std::stop_token& stop) {
  // Standard output is the protocol's; what the sources say on the way would disturb editors.
  SessionPool sessions([&] { return std::make_unique<Session>(settings, Warn{}); });
  return serve_lsp(STDIN_FILENO, STDOUT_FILENO, sessions, stop);
}

}  // namespace

int main(int argc, char** argv) {
  // A closed pipe and a file at the limit of its size are failed writes, which have a message.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  return run_command_line(argc, argv, process_environment(), stdin, stdout, stderr,
                          {.serve = run_serve, .lsp = run_lsp});
}
