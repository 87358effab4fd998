// Any bytes: the blocks tile the text, every node lies inside its block, all kernels and all ways to cut a
// text agree, counting counts what parsing finds, and a live document that is edited holds what a full
// reading finds.
#include <cstdint>
#include <string>
#include <string_view>

#include "bibtex/syntax/document.hpp"
#include "bibtex/syntax/live_document.hpp"
#include "bibtex/syntax/parallel_parser.hpp"
#include "bibtex/syntax/parser.hpp"

namespace {

using namespace bibsmith::bibtex;

void require(bool holds) {
  if (!holds) __builtin_trap();
}

bool same_nodes(const Nodes& a, const Nodes& b) {
  return a.blocks == b.blocks && a.fields == b.fields && a.pieces == b.pieces &&
         a.key_hashes == b.key_hashes && a.findings == b.findings;
}

void check_tree(const Document& document) {
  std::uint32_t at = 0;
  for (const Block& block : document.blocks()) {
    require(block.span.begin == at && !block.span.empty());
    at = block.span.end;
    std::uint32_t done = block.span.begin;
    for (const FieldNode& field : document.fields(block)) {
      require(field.name.begin >= done && field.name.end <= field.value.begin);
      done = field.name.end;
      for (const PieceNode& piece : document.pieces(field)) {
        require(piece.span.begin >= done && piece.inner.begin >= piece.span.begin);
        require(piece.inner.begin <= piece.inner.end && piece.inner.end <= piece.span.end);
        done = piece.span.end;
      }
      require(done <= block.span.end);
    }
  }
  require(at == document.text().size());
  for (const Diagnostic& diagnostic : document.diagnostics()) {
    require(diagnostic.span.begin <= diagnostic.span.end && diagnostic.span.end <= document.text().size());
  }
}

void check_live(std::string_view text, std::uint32_t seed) {
  const auto size = static_cast<std::uint32_t>(text.size());
  const std::uint32_t begin = seed % (size + 1);
  const std::uint32_t end = begin + (seed >> 16) % (size - begin + 1);
  std::string before(text);
  before.replace(begin, end - begin, "{");
  LiveDocument live(std::move(before));
  live.replace(Span{begin, begin + 1}, text.substr(begin, end - begin));
  require(live.text() == text);
  const Document document = Document::parse(std::string(text));
  require(live.diagnostics() == document.diagnostics());
  std::size_t entries = 0;
  for (const LiveDocument::Segment& segment : live.segments()) entries += segment.document.entry_count();
  require(entries == document.entry_count());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_tree(Document::parse(std::string(text)));

  const Nodes nodes = parse_nodes(text, MaskKernel::scalar);
  require(same_nodes(nodes, parse_nodes(text)));
  if (is_available(MaskKernel::avx2)) require(same_nodes(nodes, parse_nodes(text, MaskKernel::avx2)));
  const unsigned parts = 2 + static_cast<unsigned>(size % 5);
  require(same_nodes(nodes, parse_nodes_in_parts(text, parts, 1)));
  const Structure counts = count_structure(text);
  require(counts.blocks == nodes.blocks.size() && counts.fields == nodes.fields.size());

  std::uint32_t seed = 0;
  for (const char c : text) seed = seed * 31 + static_cast<unsigned char>(c);
  check_live(text, seed);
  return 0;
}
