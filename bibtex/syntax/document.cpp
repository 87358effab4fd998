#include "bibtex/syntax/document.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/grammar.hpp"
#include "bibtex/syntax/parallel_parser.hpp"
#include "bibtex/syntax/parser.hpp"

namespace bibsmith::bibtex {

namespace {

// A text that is refused for its size may be larger than an offset can say.
std::uint32_t text_end(const std::string& text) {
  return static_cast<std::uint32_t>(std::min<std::size_t>(text.size(), UINT32_MAX));
}

PieceNode to_node(const StoredPiece& piece) {
  const Span span{piece.begin, piece.begin + piece.size};
  PieceNode node{piece.kind, span, span};
  if (piece.kind == PieceKind::braced || piece.kind == PieceKind::quoted) {
    ++node.inner.begin;
    if (piece.is_closed) --node.inner.end;
  }
  return node;
}

}  // namespace

Document Document::parse(std::string text) {
  Nodes nodes = parse_nodes(text);
  return {std::move(text), std::move(nodes)};
}

Document Document::parse(std::string text, unsigned threads) {
  Nodes nodes = parse_nodes_in_parallel(text, threads);
  return {std::move(text), std::move(nodes)};
}

Document::Document(std::string text, Nodes nodes)
    : text_(std::move(text)), nodes_(std::move(nodes)), keys_(text_, nodes_) {
  nodes_.key_hashes = {};  // they have served
  entry_count_ = static_cast<std::uint32_t>(
      std::count_if(nodes_.blocks.begin(), nodes_.blocks.end(),
                    [](const StoredBlock& block) { return block.kind == BlockKind::entry; }));
  report_repeated_keys();
}

void Document::report_repeated_keys() {
  LargeVector<Finding>& all = nodes_.findings;
  if (keys_.repeated().empty() || all.size() >= findings_max) return;
  for (const auto& [first, later] : keys_.repeated()) {
    if (all.size() == findings_max) {
      all.push_back(Finding{SyntaxProblem::and_more, all.back().span});
      break;
    }
    const StoredBlock& stored = nodes_.blocks[later];
    all.push_back(
        Finding{SyntaxProblem::duplicate_key, Span{stored.key_begin, stored.key_begin + stored.key_size}});
  }
  sort_findings(all);
}

std::vector<Diagnostic> Document::diagnostics() const {
  std::vector<Diagnostic> diagnostics;
  diagnostics.reserve(nodes_.findings.size());
  for (const Finding& finding : nodes_.findings) diagnostics.push_back(describe(finding, text_));
  return diagnostics;
}

Block Document::block(std::uint32_t index) const {
  assert(index < nodes_.blocks.size());
  const StoredBlock& stored = nodes_.blocks[index];
  const bool is_last = index + 1 == nodes_.blocks.size();
  Block block;
  block.index = index;
  block.kind = stored.kind;
  block.span.begin = stored.begin;
  block.span.end = is_last ? text_end(text_) : nodes_.blocks[index + 1].begin;
  block.first_field = stored.first_field;
  block.end_field =
      is_last ? static_cast<std::uint32_t>(nodes_.fields.size()) : nodes_.blocks[index + 1].first_field;
  block.has_braces = stored.has_braces;
  block.is_closed = stored.is_closed;
  if (stored.kind == BlockKind::junk) return block;
  if (const auto head = match_block_head(text_, stored.begin)) {
    block.type = head->type;
    block.open = head->open;
  }
  block.key = Span{stored.key_begin, stored.key_begin + stored.key_size};
  return block;
}

FieldNode Document::field(std::uint32_t index) const {
  assert(index < nodes_.fields.size());
  const StoredField& stored = nodes_.fields[index];
  return {index, Span{stored.name_begin, stored.name_begin + stored.name_size},
          Span{stored.value.begin, stored.value.begin + stored.value.size}};
}

PieceNode Document::piece(std::uint32_t index) const { return to_node(nodes_.pieces[index]); }

std::vector<PieceNode> Document::pieces(const FieldNode& field) const {
  const StoredField& stored = nodes_.fields[field.index];
  if (!stored.has_value) return {};
  if (!stored.is_concatenated) return {to_node(stored.value)};
  std::vector<PieceNode> pieces;
  auto piece = std::lower_bound(
      nodes_.pieces.begin(), nodes_.pieces.end(), field.value.begin,
      [](const StoredPiece& stored_piece, std::uint32_t begin) { return stored_piece.begin < begin; });
  for (; piece != nodes_.pieces.end() && piece->begin < field.value.end; ++piece) {
    pieces.push_back(to_node(*piece));
  }
  return pieces;
}

std::vector<Block> Document::entries() const {
  std::vector<Block> entries;
  entries.reserve(entry_count_);
  for (const Block& block : blocks()) {
    if (block.kind == BlockKind::entry) entries.push_back(block);
  }
  return entries;
}

std::optional<Block> Document::find(std::string_view key) const {
  const std::uint32_t index = keys_.find(text_, nodes_, key);
  if (index == KeyIndex::none) return std::nullopt;
  return block(index);
}

std::optional<FieldNode> Document::find_field(const Block& block, std::string_view name) const {
  for (const FieldNode& field : fields(block)) {
    if (equal_ignoring_case(text(field.name), name)) return field;
  }
  return std::nullopt;
}

Block Document::block_at(std::uint32_t offset) const {
  assert(offset < text_.size());
  const auto after =
      std::upper_bound(nodes_.blocks.begin(), nodes_.blocks.end(), offset,
                       [](std::uint32_t wanted, const StoredBlock& stored) { return wanted < stored.begin; });
  return block(static_cast<std::uint32_t>(after - nodes_.blocks.begin() - 1));
}

std::size_t Document::memory_bytes() const {
  std::size_t bytes = sizeof *this + keys_.memory_bytes();
  bytes += nodes_.blocks.capacity() * sizeof(StoredBlock);
  bytes += nodes_.fields.capacity() * sizeof(StoredField);
  bytes += nodes_.pieces.capacity() * sizeof(StoredPiece);
  return bytes + nodes_.findings.capacity() * sizeof(Finding);
}

}  // namespace bibsmith::bibtex
