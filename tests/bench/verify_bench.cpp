// Judged references a second, with the records at hand: of the labelled references where ../shared is, else
// of the cases of the tests; run it in tests/, as bench/run does.
#include <cstdint>
#include <filesystem>
#include <vector>

#include <benchmark/benchmark.h>

#include "tests/bibtex/verify_world.hpp"

namespace {

using namespace bibsmith;

struct Question {
  bibtex::Claim claim;
  bibtex::Evidence evidence;
};

std::vector<Question> questions() {
  const std::filesystem::path data = "../../shared/data/verify";
  static const testing::VerifyWorld world(data / "records_noisy.jsonl", data / "doi_registry.jsonl");
  static const std::deque<testing::VerifyCase> cases = testing::read_cases("data/verify_cases.jsonl");
  std::vector<Question> out;
  for (const testing::LabelledReference& reference : testing::read_references(data / "entries_dev.jsonl")) {
    bibtex::Claim claim = testing::claim_in(reference.bibtex);
    bibtex::Evidence evidence = world.search(claim);
    out.push_back({std::move(claim), std::move(evidence)});
  }
  if (!out.empty()) return out;
  for (const testing::VerifyCase& one : cases) out.push_back({testing::claim_in(one.bibtex), one.evidence});
  return out;
}

void judge_reference(benchmark::State& state) {
  static const std::vector<Question> all = questions();
  std::size_t next = 0;
  for (auto _ : state) {
    const Question& question = all[next++ % all.size()];
    benchmark::DoNotOptimize(bibtex::judge(question.claim, question.evidence, {.this_year = 2026}));
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(judge_reference);

}  // namespace

BENCHMARK_MAIN();
