#include "bibtex/syntax/parser.hpp"

#include <algorithm>
#include <utility>

#include "bibtex/syntax/reading.hpp"
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

Nodes parse_nodes(std::string_view text, MaskKernel kernel) {
  if (const auto refusal = find_refusal(text)) return refused_nodes(text, *refusal);
  const auto size = static_cast<std::uint32_t>(text.size());
  return complete(text, read_stretch(text, Stretch{.stop = size, .room = size}, kernel));
}

Part parse_part(std::string_view text, std::uint32_t from, std::uint32_t stop, bool is_whole, Keep keep) {
  const auto size = static_cast<std::uint32_t>(text.size());
  const std::uint32_t bytes = std::min(size, stop) - from;
  const Stretch stretch{.from = from, .stop = stop, .room = bytes, .is_whole = is_whole, .keep = keep};
  Reading reading = read_stretch(text, stretch, best_kernel());
  Part part{.nodes = std::move(reading.nodes), .end = reading.end};
  merge_findings(part.nodes.findings, reading.encoding, reading.is_full);
  part.reach = std::min(size, reading.furthest + head_bytes_max);
  part.has_touched_end = reading.has_touched_end;
  move_nodes(part.nodes, from);
  return part;
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
