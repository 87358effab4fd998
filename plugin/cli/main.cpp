#include <csignal>

#include "plugin/cli/run.hpp"

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is a failed write, which has a message
  return bibsmith::plugin::run_command_line(argc, argv, bibsmith::plugin::process_environment(), stdin,
                                            stdout, stderr);
}
