// arXiv on 127.0.0.1, until a signal, a time limit or the end of the parent process.

#include <charconv>
#include <chrono>
#include <cstdio>
#include <fcntl.h>
#include <fstream>
#include <iostream>
#include <mutex>
#include <poll.h>
#include <signal.h>
#include <string>
#include <string_view>
#include <sys/prctl.h>
#include <unistd.h>
#include <vector>

#include "tests/arxiv_emulator/emulator.hpp"

namespace {

using namespace std::chrono_literals;
using bibsmith::emulator::ConductReport;
using bibsmith::emulator::Emulator;
using bibsmith::emulator::EmulatorOptions;
using bibsmith::emulator::Engine;

constexpr std::string_view usage =
    "usage: arxiv_emulator --records FILE.jsonl [--records …] [--port N] [--interval-ms N]\n"
    "         [--engine current|nov2025|old] [--fault SPEC …] [--oai-page N] [--port-file FILE] [--log "
    "FILE]\n"
    "         [--report FILE] [--run-seconds N] [--stop-when-parent-dies]\n"
    "Serves the records as arXiv would, on 127.0.0.1. At the end it judges how it was asked: on standard "
    "error,\n"
    "as JSON with --report; the exit status is 0 if the client was polite, 1 if not, 2 if it could not "
    "start.\n"
    "Defaults: --port 0 (a free one), --interval-ms 3000, --run-seconds 600. Faults: see README.md.\n";

struct Settings {
  EmulatorOptions emulator;
  std::string port_file;
  std::string log_file;
  std::string report_file;
  std::chrono::seconds run_time{600};
  bool stop_with_parent = false;
  bool help = false;
};

// Written by the signal handler, read by main; the only thing that a handler may touch.
int signal_pipe[2] = {-1, -1};

void on_signal(int) {
  const char byte = 0;
  [[maybe_unused]] const auto written = write(signal_pipe[1], &byte, 1);
}

bool parse_number(std::string_view text, long max, long& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size() && out >= 0 && out <= max;
}

// Returns what is wrong, or nothing.
std::string parse_arguments(const std::vector<std::string>& arguments, Settings& settings) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& name = arguments[i];
    if (name == "--help" || name == "-h") {
      settings.help = true;
      return {};
    }
    if (name == "--stop-when-parent-dies") {
      settings.stop_with_parent = true;
      continue;
    }
    if (i + 1 == arguments.size()) return name + ": expected a value, or no such option";
    const std::string& value = arguments[++i];
    long number = 0;
    const auto is_number = [&](long max) { return parse_number(value, max, number); };
    const std::string bad_number = name + ": not a number in range: '" + value + "'";
    if (name == "--records") {
      settings.emulator.records.push_back(value);
    } else if (name == "--fault") {
      settings.emulator.faults.push_back(value);
    } else if (name == "--port") {
      if (!is_number(65535)) return bad_number;
      settings.emulator.port = static_cast<int>(number);
    } else if (name == "--interval-ms") {
      if (!is_number(3'600'000)) return bad_number;
      settings.emulator.interval = std::chrono::milliseconds{number};
    } else if (name == "--oai-page") {
      if (!is_number(20'000) || number == 0) return bad_number;
      settings.emulator.oai_records_per_page = static_cast<std::size_t>(number);
      settings.emulator.oai_headers_per_page = static_cast<std::size_t>(number);
    } else if (name == "--run-seconds") {
      if (!is_number(86'400)) return bad_number;
      settings.run_time = std::chrono::seconds{number};
    } else if (name == "--engine") {
      if (value != "current" && value != "nov2025" && value != "old") {
        return "--engine: expected current, nov2025 or old, got '" + value + "'";
      }
      settings.emulator.engine = value == "old"       ? Engine::old
                                 : value == "nov2025" ? Engine::november_2025
                                                      : Engine::current;
    } else if (name == "--port-file") {
      settings.port_file = value;
    } else if (name == "--log") {
      settings.log_file = value;
    } else if (name == "--report") {
      settings.report_file = value;
    } else {
      return "no such option: '" + name + "'";
    }
  }
  if (settings.emulator.records.empty()) return "expected --records FILE.jsonl";
  return {};
}

void watch_signals(bool stop_with_parent) {
  if (pipe2(signal_pipe, O_CLOEXEC | O_NONBLOCK) != 0) return;
  struct sigaction action {};
  action.sa_handler = on_signal;
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) sigaction(number, &action, nullptr);
  if (stop_with_parent) {
    const pid_t parent = getppid();
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent || parent == 1) on_signal(SIGTERM);  // it was gone before we asked to be told
  }
}

// The port file appears complete or not at all: whoever waits for it may read it at once.
bool write_port_file(const std::string& path, int port) {
  const std::string temporary = path + ".new";
  std::ofstream file(temporary);
  file << port << '\n';
  file.close();
  return file && std::rename(temporary.c_str(), path.c_str()) == 0;
}

int run(Settings settings) {
  std::ofstream log;
  std::mutex log_mutex;
  if (!settings.log_file.empty()) {
    log.open(settings.log_file);
    if (!log) {
      std::cerr << "arxiv_emulator: " << settings.log_file << ": cannot be written\n";
      return 2;
    }
    settings.emulator.log = [&](std::string_view line) {
      const std::lock_guard lock(log_mutex);
      log << line << std::endl;
    };
  }
  watch_signals(settings.stop_with_parent);
  ConductReport report;
  {
    const Emulator emulator(std::move(settings.emulator));
    if (!emulator.problem().empty()) {
      std::cerr << "arxiv_emulator: " << emulator.problem() << '\n';
      return 2;
    }
    if (!settings.port_file.empty() && !write_port_file(settings.port_file, emulator.port())) {
      std::cerr << "arxiv_emulator: " << settings.port_file << ": cannot be written\n";
      return 2;
    }
    std::cout << "listening on " << emulator.url() << "\natom   " << emulator.atom_url() << "\noai    "
              << emulator.oai_url() << "\nbibtex " << emulator.bibtex_url() << "/ID\nabs    "
              << emulator.abs_url() << "/ID" << std::endl;
    pollfd entry{.fd = signal_pipe[0], .events = POLLIN, .revents = 0};
    poll(&entry, 1, static_cast<int>(std::chrono::milliseconds{settings.run_time}.count()));
    report = emulator.report();
  }
  std::cerr << report.text();
  if (!settings.report_file.empty()) {
    std::ofstream file(settings.report_file);
    file << report.json();
    if (!file.flush()) {
      std::cerr << "arxiv_emulator: " << settings.report_file << ": cannot be written\n";
      return 2;
    }
  }
  return report.is_polite() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  const std::string wrong = parse_arguments({argv + 1, argv + argc}, settings);
  if (settings.help) {
    std::cout << usage;
    return 0;
  }
  if (!wrong.empty()) {
    std::cerr << "arxiv_emulator: " << wrong << '\n' << usage;
    return 2;
  }
  return run(std::move(settings));
}
