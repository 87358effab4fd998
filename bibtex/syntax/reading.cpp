#include "bibtex/syntax/reading.hpp"

#include <algorithm>
#include <utility>

#include "bibtex/syntax/byte_class.hpp"
#include "bibtex/syntax/node_sink.hpp"
#include "bibtex/syntax/parser.hpp"
#include "bibtex/syntax/scanner.hpp"
#include "bibtex/syntax/walker.hpp"

namespace bibsmith::bibtex {

namespace {

// BibTeX tests for the end of the file before each command and has then read the last line whole (bibtex.web,
// section 236): a command that begins on the last line after another one has ended there is lost.
void find_lost_on_last_line(std::string_view text, NodeSink& sink, const Nodes& nodes) {
  std::size_t end = text.size();
  if (text.ends_with('\n')) --end;
  if (text.substr(0, end).ends_with('\r')) --end;
  const std::size_t line = text.substr(0, end).find_last_of("\r\n") + 1;  // npos + 1 == 0
  std::uint32_t block_end = static_cast<std::uint32_t>(text.size());
  const StoredBlock* later = nullptr;
  for (auto block = nodes.blocks.rbegin(); block != nodes.blocks.rend(); ++block) {
    if (block->kind != BlockKind::junk) {
      if (later != nullptr && block_end > line) {
        sink.report(SyntaxProblem::last_line, Span{later->begin, later->begin + 1});
      }
      later = &*block;
    }
    if (block->begin < line) break;
    block_end = block->begin;
  }
}

template <typename Sink>
Reading read_with(std::string_view text, const Stretch& stretch, MaskKernel kernel) {
  Reading reading;
  const auto size = static_cast<std::uint32_t>(text.size());
  const std::uint32_t from = stretch.from;
  const std::uint32_t stop = std::min(size, stretch.stop);
  Scanner scanner(text, kernel);
  if (!stretch.is_whole) scanner.set_soft_end(size - std::min(size, head_bytes_max));
  scanner.start_encoding_at(from);
  Sink sink(text, from, stretch.room, reading.nodes);
  Walker<Sink> walker(text, scanner, sink);
  if (from == 0 && text.starts_with("\xEF\xBB\xBF")) sink.report(SyntaxProblem::byte_order_mark, Span{0, 3});
  std::uint32_t end = walker.read_blocks(from, stop);
  while (end < size && !is_line_end(text[end - 1])) end = walker.read_blocks(end, end + 1);
  sink.finish();
  scanner.check_encoding_to(end);
  reading.encoding = scanner.encoding_findings();
  std::erase_if(reading.encoding, [&](const Finding& found) { return found.span.begin >= end; });
  reading.is_full = sink.is_full();
  reading.end = end;
  reading.furthest = scanner.furthest();
  reading.has_touched_end = !stretch.is_whole && scanner.has_touched_end();
  return reading;
}

}  // namespace

std::optional<SyntaxProblem> find_refusal(std::string_view text) {
  if (text.size() > text_bytes_max) return SyntaxProblem::too_large;
  const bool is_utf16 = text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF") ||
                        text.starts_with(std::string_view("@\0", 2)) ||
                        text.starts_with(std::string_view("\0@", 2));
  if (is_utf16) return SyntaxProblem::utf_16;
  return std::nullopt;
}

Nodes refused_nodes(std::string_view text, SyntaxProblem refusal) {
  Nodes nodes;
  const auto size = static_cast<std::uint32_t>(std::min<std::size_t>(text.size(), UINT32_MAX));
  nodes.blocks.push_back(StoredBlock{});
  nodes.findings.push_back(Finding{refusal, Span{0, std::min(size, 2u)}});
  return nodes;
}

Reading read_stretch(std::string_view text, const Stretch& stretch, MaskKernel kernel) {
  return stretch.keep == Keep::all ? read_with<NodeSink>(text, stretch, kernel)
                                   : read_with<BlockSink>(text, stretch, kernel);
}

Nodes complete(std::string_view text, Reading reading) {
  NodeSink sink(text, 0, 0, reading.nodes);
  find_lost_on_last_line(text, sink, reading.nodes);
  merge_findings(reading.nodes.findings, reading.encoding, reading.is_full || sink.is_full());
  return std::move(reading.nodes);
}

void add_lost_on_last_line(std::string_view text, Nodes& nodes) {
  NodeSink sink(text, 0, 0, nodes);
  find_lost_on_last_line(text, sink, nodes);
  merge_findings(nodes.findings, {}, false);
}

void sort_findings(LargeVector<Finding>& findings) {
  const auto is_before = [](const Finding& a, const Finding& b) { return a.span.begin < b.span.begin; };
  if (std::is_sorted(findings.begin(), findings.end(), is_before)) return;
  std::stable_sort(findings.begin(), findings.end(), is_before);
}

void merge_findings(LargeVector<Finding>& all, const std::vector<Finding>& encoding, bool is_full) {
  all.insert(all.end(), encoding.begin(), encoding.end());
  sort_findings(all);
  if (all.size() > findings_max) {
    all.resize(findings_max);
    is_full = true;
  }
  if (is_full) all.push_back(Finding{SyntaxProblem::and_more, all.back().span});
}

}  // namespace bibsmith::bibtex
