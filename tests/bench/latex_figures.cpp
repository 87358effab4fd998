// How fast sources are read: 5,000 TeX files of 20 KB, from the page cache, by read_sources(); and the
// scanner alone, on one core. latex_figures [FILES]. tests/bench/run calls it.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "plugin/latex/cited_sources.hpp"
#include "plugin/latex/source_scan.hpp"
#include "tests/support/temp_dir.hpp"

namespace {

using bibsmith::plugin::read_sources;
using bibsmith::plugin::scan_tex;

constexpr std::size_t file_bytes = 20000;
constexpr int runs = 9;

// Prose as papers have it: a command each 30 bytes, a formula each line, a citation each 400 bytes, comments.
std::string chapter(int number) {
  std::string text = "\\chapter{On the number " + std::to_string(number) + "}\n";
  for (int line = 0; text.size() < file_bytes; ++line) {
    text +=
        "We count the \\emph{neighbours} of $\\alpha_{i} \\le \\beta$ and bound, as in \\eqref{eq:bound}, "
        "their\n"
        "spread by \\SI{10}{\\percent}; see Section~\\ref{sec:spread} for the proof, which is short and "
        "which\n";
    if (line % 2 == 0) {
      text += "we owe to~\\citep[Lemma~3]{author" + std::to_string((number * 7 + line) % 3000) +
              ",arXiv:1706.03762}.\n";
    }
    if (line % 10 == 0)
      text += "% \\cite{an.old.reference} is no longer needed, since the bound is sharp\n\n";
  }
  return text;
}

struct Seconds {
  double real = 0;
  double processor = 0;  // of all threads
};

// The median of each.
template <typename Work>
Seconds measure(Work work) {
  std::vector<double> real;
  std::vector<double> processor;
  for (int i = 0; i < runs; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    const std::clock_t processor_begin = std::clock();
    work();
    processor.push_back(static_cast<double>(std::clock() - processor_begin) / CLOCKS_PER_SEC);
    real.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  std::sort(real.begin(), real.end());
  std::sort(processor.begin(), processor.end());
  return {real[runs / 2], processor[runs / 2]};
}

bool row(const char* what, double value, double least) {
  const bool is_ok = value >= least;
  std::printf("%-58s %8.0f MB/s at least %g  %s\n", what, value, least, is_ok ? "ok" : "MISSED");
  return is_ok;
}

}  // namespace

int main(int argc, char** argv) {
  const int files = argc > 1 ? std::atoi(argv[1]) : 5000;
  const bibsmith::testing::TempDir dir;
  std::vector<std::string> paths;
  std::size_t bytes = 0;
  std::string all;
  for (int i = 0; i < files; ++i) {
    const std::string text = chapter(i);
    paths.push_back(dir / ("c" + std::to_string(i) + ".tex"));
    bibsmith::testing::write_file(paths.back(), text);
    bytes += text.size();
    all += text;
  }
  const double megabytes = static_cast<double>(bytes) / 1e6;
  std::size_t keys = 0;
  const Seconds reading = measure([&] { keys = read_sources(paths).cited.size(); });
  std::size_t spans = 0;
  const Seconds scanning = measure([&] { spans = scan_tex(all).keys.size(); });
  std::printf("%d TeX files, %.0f MB, %zu keys, cited %zu times\n", files, megabytes, keys, spans);
  // On a busy machine only the second row means something: what two cores would do that have nothing else.
  const bool is_ok = row("TeX files from the page cache, real time", megabytes / reading.real, 500);
  row("the same, by processor time, two cores", 2 * megabytes / reading.processor, 500);
  row("the scanner alone, one core, by processor time", megabytes / scanning.processor, 0);
  return is_ok ? 0 : 1;
}
