// Atom to Records against pugixml alone on the same bytes, in the same run; run it in tests/, as bench/run
// does.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <pugixml.hpp>

#include "fetchers/arxiv/atom.hpp"

namespace {

using bibsmith::Origin;
using Feeds = std::vector<std::string>;

// What arXiv sent, as recorded; empty where ../shared is absent.
Feeds recorded_feeds() {
  Feeds feeds;
  const std::filesystem::path folder = "../../shared/data/atom";
  if (!std::filesystem::exists(folder)) return feeds;
  std::vector<std::filesystem::path> files;
  for (const auto& file : std::filesystem::directory_iterator(folder)) files.push_back(file.path());
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    std::ifstream in(file, std::ios::binary);
    feeds.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return feeds;
}

std::string entry(int number) {
  std::string id = std::to_string(100000 + number).substr(1);
  std::string out = "  <entry>\n    <id>http://arxiv.org/abs/2401." + id +
                    "v2</id>\n    <title>On the number " + id +
                    " &amp; its neighbours: a study\n  of many things at once</title>\n"
                    "    <updated>2024-02-29T12:34:56Z</updated>\n"
                    "    <link href=\"https://arxiv.org/abs/2401." +
                    id +
                    "v2\" rel=\"alternate\" type=\"text/html\"/>\n"
                    "    <link href=\"https://arxiv.org/pdf/2401." +
                    id +
                    "v2\" rel=\"related\" type=\"application/pdf\" "
                    "title=\"pdf\"/>\n    <summary>";
  for (int i = 0; i < 12; ++i) {
    out +=
        "We count the neighbours of a number in a lattice of dimension $d \\geq 3$ and bound their\n"
        "spread; ";
  }
  out +=
      "that is all.</summary>\n    <category term=\"math.NT\" scheme=\"http://arxiv.org/schemas/atom\"/>\n"
      "    <category term=\"cs.DM\" scheme=\"http://arxiv.org/schemas/atom\"/>\n"
      "    <published>2024-01-15T18:00:00Z</published>\n"
      "    <arxiv:comment>12 pages, 3 figures</arxiv:comment>\n"
      "    <arxiv:primary_category term=\"math.NT\"/>\n"
      "    <arxiv:journal_ref>J. Number Theory 12 (2024) 34-56</arxiv:journal_ref>\n";
  for (const char* name : {"Ada Q. Lovelace", "\xC3\x89variste Galois", "Carl Friedrich Gauss"}) {
    out += std::string("    <author>\n      <name>") + name + "</name>\n    </author>\n";
  }
  return out + "    <arxiv:doi>10.1234/jnt.2024." + id + "</arxiv:doi>\n  </entry>\n";
}

// One answer of some 4 MB: as many papers as a page of arXiv's may have.
Feeds large_feed() {
  std::string feed =
      "<?xml version='1.0' encoding='UTF-8'?>\n"
      "<feed xmlns:opensearch=\"http://a9.com/-/spec/opensearch/1.1/\" "
      "xmlns:arxiv=\"http://arxiv.org/schemas/atom\" xmlns=\"http://www.w3.org/2005/Atom\">\n"
      "  <id>https://arxiv.org/api/x</id>\n  <title>arXiv Query</title>\n"
      "  <opensearch:totalResults>2000</opensearch:totalResults>\n";
  for (int i = 0; i < 2000; ++i) feed += entry(i);
  return {feed + "</feed>\n"};
}

const Feeds& feeds_of(std::int64_t which) {
  static const Feeds recorded = recorded_feeds();
  static const Feeds large = large_feed();
  return which == 0 ? recorded : large;
}

void set_speed(benchmark::State& state, const Feeds& feeds) {
  std::size_t bytes = 0;
  for (const std::string& feed : feeds) bytes += feed.size();
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
}

void pugixml_alone(benchmark::State& state) {
  const Feeds& feeds = feeds_of(state.range(0));
  if (feeds.empty()) return state.SkipWithError("no recordings");
  for (auto _ : state) {
    for (const std::string& feed : feeds) {
      pugi::xml_document document;
      benchmark::DoNotOptimize(document.load_buffer(feed.data(), feed.size()));
    }
  }
  set_speed(state, feeds);
}

void atom_to_records(benchmark::State& state) {
  const Feeds& feeds = feeds_of(state.range(0));
  if (feeds.empty()) return state.SkipWithError("no recordings");
  const Origin origin{.source = "arxiv-atom"};
  for (auto _ : state) {
    for (const std::string& feed : feeds) {
      benchmark::DoNotOptimize(bibsmith::fetchers::parse_atom(feed, origin));
    }
  }
  set_speed(state, feeds);
}

// 0: the recordings; 1: the large feed.
BENCHMARK(pugixml_alone)->ArgName("large")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);
BENCHMARK(atom_to_records)->ArgName("large")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
