#include <csignal>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

#include "plugin/cli/run.hpp"
#include "plugin/extend/shared_object_host.hpp"
#include "plugin/http/serve.hpp"
#include "plugin/lsp/lsp_server.hpp"

namespace {

using namespace bibsmith::plugin;

// In one call, so that lines of several processes do not mix.
void write_error_line(const std::string& line) {
  const std::string whole = line + '\n';
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, whole.data(), whole.size());
}

std::string run_serve(const Settings& settings, const Environment& environment,
                      const ServeArguments& arguments, const OtherSkins::Tell& tell,
                      const std::stop_token& stop) {
  ServeOptions options;
  if (arguments.socket || !arguments.socket_path.empty()) options.socket = arguments.socket_path;
  if (arguments.http) {
    options.http = HttpOptions{
        .port = arguments.port, .requests_a_minute = arguments.rate, .public_url = arguments.public_url};
  }
  options.tokens_file = arguments.tokens;
  if (arguments.log) options.log = write_error_line;
  options.cayw = arguments.cayw;
  options.libraries = arguments.libraries;
  return serve(settings, environment, options, tell, stop);
}

int run_lsp(const Settings& settings, const std::stop_token& stop) {
  // Standard output is the protocol's; what the sources say on the way would disturb editors.
  SessionPool sessions([&] { return std::make_unique<Session>(settings, Warn{}); });
  return serve_lsp(STDIN_FILENO, STDOUT_FILENO, sessions, stop);
}

// Shared objects run in a process of this very program, wherever it is.
Environment environment_with_program() {
  return [known = process_environment()](const char* name) -> std::optional<std::string> {
    auto value = known(name);
    if (value || std::string_view(name) != "BIBSMITH_PROGRAM") return value;
    std::error_code error;
    const auto path = std::filesystem::read_symlink("/proc/self/exe", error);
    return error ? std::nullopt : std::optional(path.string());
  };
}

}  // namespace

int main(int argc, char** argv) {
  // A closed pipe and a file at the limit of its size are failed writes, which have a message.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  // The process of a plugin knows no settings and no options.
  if (argc == 3 && std::string_view(argv[1]) == "plugin-host") return run_shared_object_host(argv[2]);
  static auto* const remains = new std::vector<std::shared_ptr<void>>;  // never freed: the process ends here
  return run_command_line(argc, argv, environment_with_program(), stdin, stdout, stderr,
                          {.serve = run_serve, .lsp = run_lsp}, remains);
}
