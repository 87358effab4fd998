// The readers of journal_ref and comment: frequent forms, rare ones, and texts that are as bad as can be.
#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <benchmark/benchmark.h>

#include "bibtex/normalize/comment.hpp"
#include "bibtex/normalize/journal_ref.hpp"

namespace {

using bibsmith::bibtex::read_comment;
using bibsmith::bibtex::read_journal_ref;

const std::vector<std::string> ordinary = {
    "Phys.Rev.D76:013009,2007",
    "Phys. Rev. Lett. 99, 126405 (2007)",
    "Mon.Not.Roy.Astron.Soc.378:625-634,2007",
    "JHEP 0705:047,2007",
    "J. Phys. A: Math. Theor. 40 (2007) 8265-8288.",
    "Trans. Amer. Math. Soc. 362 (2010), 2723-2787",
    "Annals of Applied Probability 2008, Vol. 18, No. 3, 1026-1058",
    "IEEE Trans. Inf. Theory, vol. 55, no. 3, pp. 1218--1234, March 2009",
};
const std::vector<std::string> proceedings = {
    "Proceedings of the 4th Annual IEEE Communications Society Conference on Sensor, Mesh, and Ad Hoc "
    "Communications "
    "and Networks (SECON 2007), San Diego, CA, pp. 334-343, Jun. 18-21 2007.",
    "Proc. 25th Euro. Conf. on Object Oriented Programming (ECOOP'11), LNCS 6813, pp. 281-305, Springer, "
    "2011",
    "Analysis, Geometry and Topology of Elliptic Operators, Eds. B. Booss-Bavnbek, S. Klimek, M. Lesch and "
    "W. Zhang "
    "(Singapore: World Scientific, 2006), pp. 119-152",
};
const std::vector<std::string> comments = {
    "12 pages, 4 figures, 3 tables. Accepted for publication by MNRAS",
    "37 pages, 15 figures; published version",
    "v2: 5 pages, 2 eps figures; discussion expanded, some errors corrected; to appear in Phys.Rev. D",
    "NAACL 2018",
};

void read_references(benchmark::State& state, const std::vector<std::string>& texts) {
  for (auto _ : state) {
    for (const std::string& text : texts) benchmark::DoNotOptimize(read_journal_ref(text));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(texts.size()));
}

void read_comments(benchmark::State& state, const std::vector<std::string>& texts) {
  for (auto _ : state) {
    for (const std::string& text : texts) benchmark::DoNotOptimize(read_comment(text));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(texts.size()));
}

std::string repeated(std::string_view unit, std::size_t size) {
  std::string text;
  while (text.size() < size) text += unit;
  text.resize(size);
  return text;
}

// One call each; none may take a millisecond.
void read_bad_reference(benchmark::State& state, const std::string& unit) {
  const std::string text = repeated(unit, bibsmith::bibtex::journal_ref_bytes_max);
  for (auto _ : state) benchmark::DoNotOptimize(read_journal_ref(text));
}

void read_bad_comment(benchmark::State& state, const std::string& unit) {
  const std::string text = repeated(unit, bibsmith::bibtex::comment_bytes_max);
  for (auto _ : state) benchmark::DoNotOptimize(read_comment(text));
}

BENCHMARK_CAPTURE(read_references, ordinary, ordinary)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(read_references, proceedings, proceedings)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(read_comments, ordinary, comments)->Unit(benchmark::kMicrosecond);

BENCHMARK_CAPTURE(read_bad_reference, brackets, "(")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(read_bad_reference, numbers, "1 ")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(read_bad_reference, semicolons, ";")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(read_bad_reference, names, "Phys. ")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(read_bad_reference, words, "Foo, ")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(read_bad_reference, ands, "123456 and ")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(read_bad_reference, conferences, "Conference and ")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(read_bad_reference, commas, "Workshop a, ")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(read_bad_reference, errata, "1234 Erratum ")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(read_bad_reference, references, "Phys. Rev. D 12, 34 (1999); ")
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(read_bad_reference, cyrillic, "Ж 1")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(read_bad_reference, quotes, "\"a")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(read_bad_comment, accepted, "not accepted ")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(read_bad_comment, withdrawn, "arxiv ")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(read_bad_comment, commas, "ICML a, ")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(read_bad_comment, venue, "accepted in a b, ")->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
