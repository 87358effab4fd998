// The parser against memcpy of the same bytes in the same run; run it in tests/ (see docs/testing.md). The
// argument of each benchmark is the size of the text in MB.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "bibtex/syntax/document.hpp"
#include "bibtex/syntax/live_document.hpp"
#include "bibtex/syntax/parallel_parser.hpp"
#include "bibtex/syntax/parser.hpp"
#include "tests/bench/corpus.hpp"

namespace {

using bibsmith::bibtex::Document;
using bibsmith::bibtex::LiveDocument;
using bibsmith::bibtex::MaskKernel;

// Processor time of this thread in seconds: other programs on the machine do not count.
double thread_time() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

const std::string& corpus(std::int64_t megabytes) {
  static std::map<std::int64_t, std::string> texts;
  std::string& text = texts[megabytes];
  if (text.empty()) {
    auto made = bibsmith::bench::make_corpus(static_cast<std::size_t>(megabytes) * 1'000'000);
    std::fprintf(stderr, "%d MB: %s\n", static_cast<int>(megabytes), made.origin.c_str());
    text = std::move(made.text);
  }
  return text;
}

void set_speed(benchmark::State& state, const std::string& text) {
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}

void copy_memory(benchmark::State& state) {
  const std::string& text = corpus(state.range(0));
  std::vector<char> copy(text.size());
  for (auto _ : state) {
    std::memcpy(copy.data(), text.data(), text.size());
    benchmark::DoNotOptimize(copy.data());
    benchmark::ClobberMemory();
  }
  set_speed(state, text);
}

void count_structure(benchmark::State& state, MaskKernel kernel) {
  const std::string& text = corpus(state.range(0));
  if (!bibsmith::bibtex::is_available(kernel)) return state.SkipWithError("not on this processor");
  for (auto _ : state) benchmark::DoNotOptimize(bibsmith::bibtex::count_structure(text, kernel));
  set_speed(state, text);
}

// The text is copied outside the clock: a caller hands it over.
void parse_document(benchmark::State& state) {
  const std::string& text = corpus(state.range(0));
  std::size_t memory = 0;
  for (auto _ : state) {
    std::string copy = text;
    const double begin = thread_time();
    Document document = Document::parse(std::move(copy));
    state.SetIterationTime(thread_time() - begin);
    memory = document.memory_bytes();
    state.counters["entries"] = document.entry_count();
    state.counters["diagnostics"] = static_cast<double>(document.findings().size());
  }
  state.counters["memory/text"] = static_cast<double>(memory) / static_cast<double>(text.size());
  set_speed(state, text);
}

// By two threads against one, in real time: compare with a machine at rest only.
void parse_in_parallel(benchmark::State& state) {
  const std::string& text = corpus(state.range(0));
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        bibsmith::bibtex::parse_nodes_in_parallel(text, static_cast<unsigned>(state.range(1))));
  }
  set_speed(state, text);
}

// One byte typed somewhere in the text, and one key looked up after it. The counters are milliseconds.
void type_a_byte(benchmark::State& state) {
  LiveDocument live(corpus(state.range(0)));
  std::mt19937 random(1);
  std::vector<double> times;
  for (auto _ : state) {
    const auto at = static_cast<std::uint32_t>(random() % live.size());
    const std::uint32_t end = at + (random() % 2 == 0 ? 0 : 1);
    const char typed[] = {"ab1{}\",=\n@"[random() % 10], '\0'};
    const double begin = thread_time();
    live.replace({at, end}, typed);
    benchmark::DoNotOptimize(live.find("no such key"));
    const double time = thread_time() - begin;
    state.SetIterationTime(time);
    times.push_back(time * 1000);
  }
  std::sort(times.begin(), times.end());
  state.counters["p50"] = times[times.size() / 2];
  state.counters["p99"] = times[times.size() * 99 / 100];
  state.counters["max"] = times.back();
}

BENCHMARK(copy_memory)->Arg(8)->Arg(100)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(count_structure, scalar, MaskKernel::scalar)->Arg(8)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(count_structure, avx2, MaskKernel::avx2)->Arg(8)->Arg(100)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(count_structure, avx512, MaskKernel::avx512)
    ->Arg(8)
    ->Arg(100)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(parse_in_parallel)->Args({100, 1})->Args({100, 2})->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(parse_document)->Arg(8)->Arg(100)->UseManualTime()->Unit(benchmark::kMillisecond);

BENCHMARK(type_a_byte)->Arg(8)->Arg(100)->UseManualTime()->Iterations(2000)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
