#include "bibtex/syntax/parallel_parser.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <future>
#include <span>
#include <utility>
#include <vector>

#include "bibtex/syntax/byte_class.hpp"
#include "bibtex/syntax/grammar.hpp"
#include "bibtex/syntax/reading.hpp"
#include "bibtex/syntax/run_beside.hpp"

namespace bibsmith::bibtex {

namespace {

// The first '@' at or after `from` that begins a line and looks like the start of an entry.
std::uint32_t find_cut(std::string_view text, std::uint32_t from) {
  for (std::size_t at = text.find('@', std::max(from, 1u)); at != text.npos; at = text.find('@', at + 1)) {
    const auto place = static_cast<std::uint32_t>(at);
    if (is_line_end(text[place - 1]) && is_entry_line(text, place)) return place;
  }
  return static_cast<std::uint32_t>(text.size());
}

// Where the parts begin, and the end of the text.
std::vector<std::uint32_t> find_cuts(std::string_view text, std::size_t parts) {
  const auto size = static_cast<std::uint32_t>(text.size());
  std::vector<std::uint32_t> cuts = {0};
  for (std::size_t i = 1; i < parts; ++i) {
    const auto wanted = static_cast<std::uint32_t>(text.size() * i / parts);
    if (wanted <= cuts.back()) continue;
    const std::uint32_t cut = find_cut(text, wanted);
    if (cut >= size) break;
    if (cut > cuts.back()) cuts.push_back(cut);
  }
  cuts.push_back(size);
  return cuts;
}

struct Copy {
  char* to;
  const char* from;
  std::size_t bytes;
};

void run(std::span<const Copy> copies) {
  for (const Copy& copy : copies) std::memcpy(copy.to, copy.from, copy.bytes);
}

// The first part of `copies`, about half of their bytes, is left there, the other part is returned.
std::vector<Copy> split_off(std::vector<Copy>& copies) {
  std::size_t bytes = 0;
  for (const Copy& copy : copies) bytes += copy.bytes;
  std::vector<Copy> second;
  std::size_t left = bytes / 2;
  std::size_t first = 0;
  while (first < copies.size() && copies[first].bytes <= left) left -= copies[first++].bytes;
  if (first == copies.size()) return second;
  const Copy cut = copies[first];
  second.push_back({cut.to + left, cut.from + left, cut.bytes - left});
  second.insert(second.end(), copies.begin() + static_cast<std::ptrdiff_t>(first) + 1, copies.end());
  copies.resize(first);
  copies.push_back({cut.to, cut.from, left});
  return second;
}

// Makes room in the first reading for the nodes of a kind of all, and says what has to be copied there.
template <typename Node>
void make_room(std::vector<Reading>& readings, LargeVector<Node> Nodes::*kind, std::vector<Copy>& copies) {
  LargeVector<Node>& all = readings.front().nodes.*kind;
  std::size_t count = all.size();
  for (std::size_t i = 1; i < readings.size(); ++i) count += (readings[i].nodes.*kind).size();
  std::size_t at = all.size();
  all.resize(count);  // which writes nothing: the allocator leaves it to the copies
  for (std::size_t i = 1; i < readings.size(); ++i) {
    const LargeVector<Node>& more = readings[i].nodes.*kind;
    if (more.empty()) continue;
    copies.push_back({reinterpret_cast<char*>(all.data() + at), reinterpret_cast<const char*>(more.data()),
                      more.size() * sizeof(Node)});
    at += more.size();
  }
}

// Findings of one kind, in the order of parts: as many as one reading of the whole would have kept.
template <typename Findings>
void append_findings(Findings& all, const Findings& more, bool& is_full) {
  const std::size_t count = std::min(more.size(), std::size_t{findings_max} - all.size());
  all.insert(all.end(), more.begin(), more.begin() + static_cast<std::ptrdiff_t>(count));
  is_full |= count < more.size();
}

// Puts all readings into the first. Two threads copy: it is memory that takes the time.
void join(std::vector<Reading>& readings) {
  Reading& all = readings.front();
  std::size_t fields = all.nodes.fields.size();
  for (std::size_t i = 1; i < readings.size(); ++i) {
    Nodes& nodes = readings[i].nodes;
    for (StoredBlock& block : nodes.blocks) block.first_field += static_cast<std::uint32_t>(fields);
    fields += nodes.fields.size();
  }
  std::vector<Copy> copies;
  make_room(readings, &Nodes::blocks, copies);
  make_room(readings, &Nodes::fields, copies);
  make_room(readings, &Nodes::pieces, copies);
  make_room(readings, &Nodes::key_hashes, copies);
  std::future<void> beside = run_beside([second = split_off(copies)] { run(second); });
  run(copies);
  for (std::size_t i = 1; i < readings.size(); ++i) {
    bool has_more_encoding = false;  // one reading stops without a word too
    append_findings(all.encoding, readings[i].encoding, has_more_encoding);
    append_findings(all.nodes.findings, readings[i].nodes.findings, all.is_full);
    all.is_full |= readings[i].is_full;
  }
  beside.get();
}

}  // namespace

Nodes parse_nodes_in_parts(std::string_view text, unsigned threads, std::size_t part_bytes_min) {
  if (const auto refusal = find_refusal(text)) return refused_nodes(text, *refusal);
  const MaskKernel kernel = best_kernel();
  const std::size_t parts = std::min<std::size_t>(threads, text.size() / part_bytes_min);
  const std::vector<std::uint32_t> cuts = find_cuts(text, parts);

  std::vector<Reading> parts_read(cuts.size() - 1);
  const auto read = [&](std::size_t i) {
    const std::uint32_t room = i == 0 ? cuts.back() : cuts[i + 1] - cuts[i];  // the first takes all others in
    parts_read[i] = read_stretch(text, Stretch{.from = cuts[i], .stop = cuts[i + 1], .room = room}, kernel);
  };
  std::vector<std::future<void>> others;
  for (std::size_t i = 1; i < parts_read.size(); ++i) {
    others.push_back(run_beside([&read, i] { read(i); }));
  }
  read(0);
  for (std::future<void>& other : others) other.get();

  // A part counts if the one before it ended where it begins. Else it began inside a block: what is left of
  // it is read from where that ended.
  std::vector<Reading> readings;
  readings.push_back(std::move(parts_read[0]));
  for (std::size_t i = 1; i < parts_read.size(); ++i) {
    const std::uint32_t from = readings.back().end;
    if (from >= cuts[i + 1]) continue;
    const Stretch rest{.from = from, .stop = cuts[i + 1], .room = cuts[i + 1] - from};
    readings.push_back(from == cuts[i] ? std::move(parts_read[i]) : read_stretch(text, rest, kernel));
  }
  if (readings.size() > 1) join(readings);
  return complete(text, std::move(readings.front()));
}

Nodes parse_nodes_in_parallel(std::string_view text, unsigned threads) {
  // Starting a thread and touching memory of its own first takes as long as reading some MB, and much longer
  // where the other processor has work already.
  constexpr std::size_t part_bytes_min = 16'000'000;
  return parse_nodes_in_parts(text, threads, part_bytes_min);
}

}  // namespace bibsmith::bibtex
