// What was promised of the .bib engine, beside what is measured: ratios of things that take turns in one run,
// each the median of its rounds. Run it in tests/; docs/testing.md explains the rows. The argument `saving`
// leaves out all rows but those of saving; with `rewrite IN OUT` it is the process that is compared with
// bibtool.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <functional>
#include <random>
#include <spawn.h>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "bibtex/edit/entry_edit.hpp"
#include "bibtex/syntax/document.hpp"
#include "bibtex/syntax/live_document.hpp"
#include "bibtex/syntax/parallel_parser.hpp"
#include "bibtex/syntax/parser.hpp"
#include "bibtex/write/style.hpp"
#include "plugin/session/file_change.hpp"
#include "plugin/session/file_store.hpp"
#include "tests/bench/corpus.hpp"
#include "tests/bench/rivals.hpp"

namespace {

namespace fs = std::filesystem;
using namespace bibsmith::bibtex;
using bibsmith::bench::parse_with_btparse;

constexpr std::size_t small_bytes = 8'000'000;
constexpr std::size_t large_bytes = 100'000'000;

double seconds(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

double median(std::vector<double> times) {
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

// Runs all in turns and returns the median of each, in seconds of `clock`. What a work returns is the time
// that does not count.
using Work = std::function<double()>;
std::vector<double> take_turns(const std::vector<Work>& works, int rounds, clockid_t clock) {
  std::vector<std::vector<double>> times(works.size());
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < works.size(); ++i) {
      const double begin = seconds(clock);
      const double apart = works[i]();
      times[i].push_back(seconds(clock) - begin - apart);
    }
  }
  std::vector<double> medians;
  for (const std::vector<double>& all : times) medians.push_back(median(all));
  return medians;
}

void print(const char* what, const char* limit, double measured, const char* format = "%.2f") {
  char value[32];
  std::snprintf(value, sizeof value, format, measured);
  std::printf("%-72s %12s %10s\n", what, limit, value);
  std::fflush(stdout);
}

// Speeds against memcpy. Returns bytes a second of Document::parse.
double compare_with_memcpy(const std::string& text, const char* name, int rounds) {
  std::vector<char> copy(text.size());
  std::size_t memory = 0;
  const std::vector<double> times = take_turns({[&] {
                                                  std::memcpy(copy.data(), text.data(), text.size());
                                                  asm volatile("" : : "r"(copy.data()) : "memory");
                                                  return 0.0;
                                                },
                                                [&] {
                                                  const Structure counts = count_structure(text);
                                                  asm volatile("" : : "r"(&counts) : "memory");
                                                  return 0.0;
                                                },
                                                [&] {
                                                  const double begin = seconds(CLOCK_THREAD_CPUTIME_ID);
                                                  std::string own = text;
                                                  const double apart =
                                                      seconds(CLOCK_THREAD_CPUTIME_ID) - begin;
                                                  const Document document = Document::parse(std::move(own));
                                                  memory = document.memory_bytes();
                                                  return apart;
                                                }},
                                               rounds, CLOCK_THREAD_CPUTIME_ID);
  const std::string row(name);
  print((row + ": structure pass, of the speed of memcpy").c_str(), ">= 0.25", times[0] / times[1]);
  print((row + ": Document, of the speed of memcpy").c_str(), ">= 0.15", times[0] / times[2]);
  print((row + ": memory beside the text, bytes a byte").c_str(), "<= 1",
        static_cast<double>(memory) / static_cast<double>(text.size()));
  return static_cast<double>(text.size()) / times[2];
}

void compare_threads(const std::string& text) {
  const auto parse = [&text](unsigned threads) {
    return [&text, threads] {
      const Nodes nodes = parse_nodes_in_parallel(text, threads);
      asm volatile("" : : "r"(&nodes) : "memory");
      return 0.0;
    };
  };
  // The time of the calling thread is what real time would be if each thread had a core for itself.
  const std::vector<double> own = take_turns({parse(1), parse(2)}, 9, CLOCK_THREAD_CPUTIME_ID);
  print("100 MB: two threads against one, processor time of the caller", ">= 1.7", own[0] / own[1]);
  const std::vector<double> real = take_turns({parse(1), parse(2)}, 15, CLOCK_MONOTONIC);
  print("100 MB: two threads against one, in real time", ">= 1.7", real[0] / real[1]);
}

void type_bytes(const std::string& text) {
  LiveDocument live(text);
  std::mt19937 random(1);
  std::vector<double> times;
  for (int i = 0; i < 3000; ++i) {
    const auto at = static_cast<std::uint32_t>(random() % live.size());
    const char typed[] = {"ab1{}\",=\n@"[random() % 10], '\0'};
    const double begin = seconds(CLOCK_THREAD_CPUTIME_ID);
    live.replace({at, at + static_cast<std::uint32_t>(random() % 2)}, typed);
    const auto found = live.find("no such key");
    asm volatile("" : : "r"(&found) : "memory");
    times.push_back((seconds(CLOCK_THREAD_CPUTIME_ID) - begin) * 1000);
  }
  std::sort(times.begin(), times.end());
  print("100 MB: a byte typed and a key looked up, ms, 99th percentile", "<= 2",
        times[times.size() * 99 / 100]);
}

void write_file(const fs::path& path, std::string_view text) {
  std::ofstream(path, std::ios::binary) << text;
}

// A read and a write of a file with nothing between, with as much care for the disk as change_file takes.
double read_and_write(const fs::path& from, const fs::path& to) {
  const int in = ::open(from.c_str(), O_RDONLY | O_CLOEXEC);
  const int out = ::open(to.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  std::string text(fs::file_size(from), '\0');
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t count = ::read(in, text.data() + done, text.size() - done);
    if (count <= 0) break;
    done += static_cast<std::size_t>(count);
  }
  for (std::string_view left = text; !left.empty();) {
    const ssize_t count = ::write(out, left.data(), left.size());
    if (count <= 0) break;
    left.remove_prefix(static_cast<std::size_t>(count));
  }
  ::fsync(out);
  ::close(in);
  ::close(out);
  return 0.0;
}

// One field set in each of `count` entries, and the file saved as every command does.
double edit_and_save(const fs::path& path, const fs::path& state, std::uint32_t count, int round) {
  const Value value = Value::braced("round " + std::to_string(round));
  bibsmith::fetchers::SystemClock clock;
  bibsmith::plugin::ChangeContext context;
  context.state_dir = state.string();
  context.clock = &clock;
  const auto changed = bibsmith::plugin::change_file(
      path.string(), "update", context,
      [&](const bibsmith::plugin::FileText& text)
          -> tl::expected<std::vector<bibsmith::plugin::LabelledEdit>, bibsmith::plugin::FileError> {
        const Document& document = text.document();
        const Style style = measure_style(document);
        const auto& blocks = document.nodes().blocks;
        std::vector<bibsmith::plugin::LabelledEdit> edits;
        const std::uint32_t step = std::max(1u, document.entry_count() / count);
        std::uint32_t entries = 0;
        for (std::uint32_t i = 0; i < blocks.size(); ++i) {
          if (blocks[i].kind != BlockKind::entry || entries++ % step != 0) continue;
          const Block entry = document.block(i);
          for (TextEdit& edit : set_field(document, entry, "note", value, style)) {
            bibsmith::plugin::LabelledEdit one;
            one.edit = std::move(edit);
            one.key = document.text(entry.key);
            one.field = "note";
            one.reason = "bench";
            one.writes_value = true;
            edits.push_back(std::move(one));
          }
        }
        return edits;
      });
  if (!changed || !*changed) std::printf("the file did not change\n");
  return 0.0;
}

void compare_saving(const fs::path& folder, const std::string& text) {
  const fs::path file = folder / "large.bib";
  write_file(file, text);
  int round = 0;
  for (const auto& [clock, name] :
       {std::pair{CLOCK_PROCESS_CPUTIME_ID, "processor time"}, std::pair{CLOCK_MONOTONIC, "real time"}}) {
    const std::vector<double> times =
        take_turns({[&] { return read_and_write(file, folder / "copy.bib"); },
                    [&] { return edit_and_save(file, folder / "state", 10'000, ++round); }},
                   5, clock);
    const std::string row =
        std::string("100 MB: 10,000 entries edited and saved, against read and write, ") + name;
    print(row.c_str(), "<= 3", times[1] / times[0]);
  }
}

// Processor time of a program that runs to its end with its output thrown away; negative if it cannot be run.
double run_program(std::vector<std::string> words) {
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (const int output : {STDOUT_FILENO, STDERR_FILENO}) {
    posix_spawn_file_actions_addopen(&actions, output, "/dev/null", O_WRONLY, 0);
  }
  pid_t child = 0;
  const bool runs = posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ) == 0;
  posix_spawn_file_actions_destroy(&actions);
  int status = 0;
  rusage usage{};
  if (!runs || wait4(child, &status, 0, &usage) != child || !WIFEXITED(status) ||
      WEXITSTATUS(status) == 127) {
    return -1;
  }
  const auto in_seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return in_seconds(usage.ru_utime) + in_seconds(usage.ru_stime);
}

void compare_with_rivals(const fs::path& folder, const std::string& text, const std::string& program) {
  const std::string file = (folder / "small.bib").string();
  write_file(file, text);
  if (parse_with_btparse(file)) {
    const std::vector<double> times = take_turns({[&] {
                                                    parse_with_btparse(file);
                                                    return 0.0;
                                                  },
                                                  [&] {
                                                    auto read = bibsmith::plugin::read_file(file);
                                                    const Document document =
                                                        Document::parse(std::move(**read));
                                                    return 0.0;
                                                  }},
                                                 5, CLOCK_THREAD_CPUTIME_ID);
    print("8 MB: read and parsed, times the speed of btparse", ">= 15", times[0] / times[1]);
  } else {
    std::printf("btparse was not there when this was built (libbtparse-dev): not compared\n");
  }
  const std::string out = (folder / "out.bib").string();
  std::vector<double> theirs;
  std::vector<double> ours;
  for (int i = 0; i < 3; ++i) {
    theirs.push_back(run_program({"bibtool", "-q", "-i", file, "-o", out}));
    for (int j = 0; j < 3; ++j) ours.push_back(run_program({program, "rewrite", file, out}));
  }
  if (*std::min_element(theirs.begin(), theirs.end()) > 0) {
    print("8 MB: parsed and written, times the speed of bibtool, whole processes", ">= 60",
          median(theirs) / median(ours));
  } else {
    std::printf("bibtool is not installed: not compared\n");
  }
}

int rewrite(const char* from, const char* to) {
  auto text = bibsmith::plugin::read_file(from);
  if (!text || !*text) return 1;
  const Document document = Document::parse(std::move(**text));
  const auto written = apply_edits(document.text(), {});
  std::ofstream(to, std::ios::binary) << *written;
  return document.entry_count() > 0 ? 0 : 1;
}

// Everything but saving.
void compare_reading(const std::string& large, const fs::path& folder, const std::string& program) {
  const std::string small = bibsmith::bench::make_corpus(small_bytes).text;
  const double small_speed = compare_with_memcpy(small, "8 MB", 31);
  const double large_speed = compare_with_memcpy(large, "100 MB", 11);
  print("100 MB against 8 MB: Document, bytes a second", ">= 0.85", large_speed / small_speed);
  compare_threads(large);
  type_bytes(large);
  const std::string plain = bibsmith::bench::make_corpus(small_bytes, bibsmith::bench::Entries::plain).text;
  compare_with_rivals(folder, plain, program);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 4 && std::string_view(argv[1]) == "rewrite") return rewrite(argv[2], argv[3]);
  const bool only_saving = argc == 2 && std::string_view(argv[1]) == "saving";
  const auto [large, large_origin] = bibsmith::bench::make_corpus(large_bytes);
  std::printf("text: %s\n%-72s %12s %10s\n", large_origin.c_str(), "what", "limit", "measured");
  std::string pattern = (fs::temp_directory_path() / "bibsmith-bench-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) return 1;
  const fs::path folder = pattern;
  if (!only_saving) compare_reading(large, folder, argv[0]);
  compare_saving(folder, large);
  fs::remove_all(folder);
  return 0;
}
