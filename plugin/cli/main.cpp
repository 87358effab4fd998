#include <csignal>

#include "plugin/cli/run.hpp"

int main(int argc, char** argv) {
  // A closed pipe and a file at the limit of its size are failed writes, which have a message.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  return bibsmith::plugin::run_command_line(argc, argv, bibsmith::plugin::process_environment(), stdin,
                                            stdout, stderr);
}
