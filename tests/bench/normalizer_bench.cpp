// Records to the text of entries, of real papers where ../shared is, else of the shipped sample; run it in
// tests/, as bench/run does.
#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "bibtex/normalize/normalizer.hpp"
#include "bibtex/write/write_entry.hpp"
#include "tests/bibtex/paper_record.hpp"

namespace {

using namespace bibsmith;
using namespace bibsmith::bibtex;

std::vector<Record> records() {
  std::vector<Record> out;
  const auto read = [&](const std::filesystem::path& path) {
    std::ifstream in(path);
    for (std::string line; std::getline(in, line);)
      out.push_back(testing::record_of(nlohmann::json::parse(line)));
  };
  read("../../shared/data/papers_abs_dev.jsonl");
  read("../../shared/data/papers_oaidb_dev.jsonl");
  if (out.empty()) read("data/sample_papers.jsonl");
  return out;
}

// 0: BibTeX with LaTeX accents; 1: biblatex with UTF-8.
void record_to_text(benchmark::State& state) {
  static const std::vector<Record> all = records();
  NormalizeOptions options;
  options.dialect = state.range(0) == 0 ? Dialect::bibtex : Dialect::biblatex;
  options.encoding = state.range(0) == 0 ? TextEncoding::latex : TextEncoding::utf8;
  for (auto _ : state) {
    for (const Record& record : all) {
      benchmark::DoNotOptimize(write_entry(normalize(record, options).entry, Style{}));
    }
  }
  state.SetLabel(std::to_string(all.size()) + " papers");
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(all.size()));
}

BENCHMARK(record_to_text)->ArgName("biblatex")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
