#include "tests/plugin/cli_program.hpp"

#include <cstdio>
#include <cstdlib>
#include <optional>

#include "plugin/cli/run.hpp"

namespace bibsmith::testing {

namespace {

// A stream whose bytes end up in a string.
class Capture {
 public:
  Capture() : file_(std::tmpfile()) {}
  ~Capture() { std::fclose(file_); }
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;

  std::FILE* file() { return file_; }
  std::string text() {
    std::string out;
    std::rewind(file_);
    char buffer[4096];
    for (std::size_t n = 0; (n = std::fread(buffer, 1, sizeof buffer, file_)) > 0;) out.append(buffer, n);
    return out;
  }

 private:
  std::FILE* file_;
};

}  // namespace

CliProgram::CliProgram(std::vector<std::string> faults, std::chrono::milliseconds interval)
    : emulator_(
          {.records = {"data/sample_papers.jsonl"}, .interval = interval, .faults = std::move(faults)}) {
  environment_ = {
      {"HOME", dir_ / "home"},
      {"BIBSMITH_ARXIV_URL", emulator_.atom_url()},
      {"BIBSMITH_ARXIV_INTERVAL_MS", std::to_string(interval.count())},
      {"BIBSMITH_CACHE_DIR", dir_ / "cache"},
      {"BIBSMITH_STATE_DIR", dir_ / "state"},
  };
}

Run CliProgram::run(std::vector<std::string> arguments, const std::string& input) {
  Capture in;
  Capture out;
  Capture err;
  std::fwrite(input.data(), 1, input.size(), in.file());
  std::rewind(in.file());
  std::vector<const char*> argv = {"bibsmith"};
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  const auto lookup = [this](const char* name) -> std::optional<std::string> {
    const auto found = environment_.find(name);
    return found == environment_.end() ? std::nullopt : std::optional(found->second);
  };
  Run run;
  run.status = plugin::run_command_line(static_cast<int>(argv.size()), argv.data(), lookup, in.file(),
                                        out.file(), err.file());
  run.out = out.text();
  run.err = err.text();
  return run;
}

}  // namespace bibsmith::testing
