#include "bibtex/syntax/parser.hpp"

#include <algorithm>
#include <utility>

#include "bibtex/syntax/byte_class.hpp"
#include "bibtex/syntax/node_sink.hpp"
#include "bibtex/syntax/scanner.hpp"
#include "bibtex/syntax/walker.hpp"

namespace bibsmith::bibtex {

namespace {

class CountSink {
 public:
  BIBSMITH_HOT void open_block(BlockKind kind, std::uint32_t, bool) {
    ++counts_.blocks;
    counts_.entries += kind == BlockKind::entry ? 1 : 0;
  }
  BIBSMITH_HOT void key(std::uint32_t, std::uint32_t) {}
  void field(const StoredField&) { ++counts_.fields; }
  BIBSMITH_HOT void usual_field(std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t, PieceKind) {
    ++counts_.fields;
  }
  void piece(const StoredPiece&) {}
  BIBSMITH_HOT void close_block(bool) {}
  void report(SyntaxProblem, Span) { ++counts_.diagnostics; }

  Structure& counts() { return counts_; }

 private:
  Structure counts_;
};

// What cannot be read as a .bib file at all, if it is so.
std::optional<SyntaxProblem> find_refusal(std::string_view text) {
  if (text.size() > text_bytes_max) return SyntaxProblem::too_large;
  const bool is_utf16 = text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF") ||
                        text.starts_with(std::string_view("@\0", 2)) ||
                        text.starts_with(std::string_view("\0@", 2));
  if (is_utf16) return SyntaxProblem::utf_16;
  return std::nullopt;
}

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

// Both lists are in order of place, or nearly so: a finding about a value comes before those inside it.
void merge_findings(LargeVector<Finding>& all, const std::vector<Finding>& encoding, bool is_full) {
  all.insert(all.end(), encoding.begin(), encoding.end());
  sort_findings(all);
  if (all.size() > findings_max) {
    all.resize(findings_max);
    is_full = true;
  }
  if (is_full) all.push_back(Finding{SyntaxProblem::and_more, all.back().span});
}

// Makes offsets count from `from`.
void move_nodes(Nodes& nodes, std::uint32_t from) {
  for (StoredBlock& block : nodes.blocks) {
    block.begin -= from;
    if (block.key_begin != 0) block.key_begin -= from;
  }
  for (StoredField& field : nodes.fields) {
    field.name_begin -= from;
    field.value.begin -= from;
  }
  for (StoredPiece& piece : nodes.pieces) piece.begin -= from;
  for (Finding& finding : nodes.findings) {
    finding.span.begin -= from;
    finding.span.end -= from;
  }
}

}  // namespace

void sort_findings(LargeVector<Finding>& findings) {
  const auto is_before = [](const Finding& a, const Finding& b) { return a.span.begin < b.span.begin; };
  if (std::is_sorted(findings.begin(), findings.end(), is_before)) return;
  std::stable_sort(findings.begin(), findings.end(), is_before);
}

Nodes parse_nodes(std::string_view text, MaskKernel kernel) {
  Nodes nodes;
  if (const auto refusal = find_refusal(text)) {
    const auto size = static_cast<std::uint32_t>(std::min<std::size_t>(text.size(), UINT32_MAX));
    nodes.blocks.push_back(StoredBlock{});
    nodes.findings.push_back(Finding{*refusal, Span{0, std::min(size, 2u)}});
    return nodes;
  }
  const auto size = static_cast<std::uint32_t>(text.size());
  Scanner scanner(text, kernel);
  NodeSink sink(text, nodes);
  Walker<NodeSink> walker(text, scanner, sink);
  if (text.starts_with("\xEF\xBB\xBF")) sink.report(SyntaxProblem::byte_order_mark, Span{0, 3});
  walker.read_blocks(0, size);
  sink.finish();
  scanner.check_encoding_to(size);
  find_lost_on_last_line(text, sink, nodes);
  merge_findings(nodes.findings, scanner.encoding_findings(), sink.is_full());
  return nodes;
}

Part parse_part(std::string_view text, std::uint32_t from, std::uint32_t stop, bool is_whole) {
  Part part;
  const auto size = static_cast<std::uint32_t>(text.size());
  Scanner scanner(text, best_kernel());
  if (!is_whole) scanner.set_soft_end(size - std::min(size, head_bytes_max));
  scanner.start_encoding_at(from);
  NodeSink sink(text, part.nodes);
  Walker<NodeSink> walker(text, scanner, sink);
  if (from == 0 && text.starts_with("\xEF\xBB\xBF")) sink.report(SyntaxProblem::byte_order_mark, Span{0, 3});
  part.end = walker.read_blocks(from, std::min(size, stop));
  while (part.end < size && !is_line_end(text[part.end - 1]))
    part.end = walker.read_blocks(part.end, part.end + 1);
  sink.finish();
  scanner.check_encoding_to(part.end);
  std::vector<Finding> encoding = scanner.encoding_findings();
  std::erase_if(encoding, [&](const Finding& found) { return found.span.begin >= part.end; });
  merge_findings(part.nodes.findings, encoding, sink.is_full());
  part.reach = std::min(size, scanner.furthest() + head_bytes_max);
  part.has_touched_end = !is_whole && scanner.has_touched_end();
  move_nodes(part.nodes, from);
  return part;
}

void add_lost_on_last_line(std::string_view text, Nodes& nodes) {
  NodeSink sink(text, nodes);
  find_lost_on_last_line(text, sink, nodes);
  merge_findings(nodes.findings, {}, false);
}

bool is_refused(std::string_view text) { return find_refusal(text).has_value(); }

Structure count_structure(std::string_view text, MaskKernel kernel) {
  CountSink sink;
  if (find_refusal(text)) {
    sink.open_block(BlockKind::junk, 0, false);
    sink.report(SyntaxProblem::utf_16, {});
    return sink.counts();
  }
  const auto size = static_cast<std::uint32_t>(text.size());
  Scanner scanner(text, kernel);
  Walker<CountSink> walker(text, scanner, sink);
  walker.read_blocks(0, size);
  scanner.check_encoding_to(size);
  sink.counts().diagnostics += scanner.encoding_findings().size();
  return sink.counts();
}

}  // namespace bibsmith::bibtex
