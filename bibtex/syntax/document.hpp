#pragma once

#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/syntax/key_index.hpp"
#include "bibtex/syntax/nodes.hpp"

namespace bibsmith::bibtex {

// One stretch of a Document: an entry, an @string, an @preamble, an @comment, or junk. A value to look at.
struct Block {
  std::uint32_t index = 0;
  BlockKind kind = BlockKind::junk;
  Span span;                // from its '@' to its closing delimiter; all of a junk
  Span type;                // "article"; empty in junk
  Span key;                 // empty if there is none, and then where it would stand
  std::uint32_t open = 0;   // of the delimiter after the type
  bool has_braces = false;  // and not parentheses
  bool is_closed = false;   // by the right delimiter
  std::uint32_t first_field = 0;
  std::uint32_t end_field = 0;

  friend bool operator==(const Block&, const Block&) = default;
};

// One part of a value.
struct PieceNode {
  PieceKind kind = PieceKind::braced;
  Span span;   // with its delimiters
  Span inner;  // without

  friend bool operator==(const PieceNode&, const PieceNode&) = default;
};

// A name and its value; in an @preamble a value without a name.
struct FieldNode {
  std::uint32_t index = 0;
  Span name;
  Span value;  // from the first piece to the end of the last; empty if it is missing

  friend bool operator==(const FieldNode&, const FieldNode&) = default;
};

class Document;

// The nodes of a Document one after the other, as values. Valid while the Document is.
template <typename Node, Node (Document::*node)(std::uint32_t) const>
class NodeRange {
 public:
  class iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Node;
    using difference_type = std::ptrdiff_t;
    using pointer = const Node*;
    using reference = Node;

    iterator() = default;
    iterator(const Document* document, std::uint32_t at) : document_(document), at_(at) {}
    Node operator*() const { return (document_->*node)(at_); }
    iterator& operator++() {
      ++at_;
      return *this;
    }
    iterator operator++(int) {
      const iterator before = *this;
      ++at_;
      return before;
    }
    friend bool operator==(const iterator& a, const iterator& b) { return a.at_ == b.at_; }

   private:
    const Document* document_ = nullptr;
    std::uint32_t at_ = 0;
  };

  NodeRange(const Document* document, std::uint32_t first, std::uint32_t end)
      : document_(document), first_(first), end_(end) {}
  iterator begin() const { return {document_, first_}; }
  iterator end() const { return {document_, end_}; }
  std::uint32_t size() const { return end_ - first_; }
  bool empty() const { return first_ == end_; }
  Node operator[](std::uint32_t i) const { return (document_->*node)(first_ + i); }

 private:
  const Document* document_;
  std::uint32_t first_;
  std::uint32_t end_;
};

// One parsed .bib text. Owns the text and its nodes; a node is a few offsets, so a Document moves without
// care. The blocks laid end to end are the text, byte for byte. Views and nodes that it returns are valid
// until it is changed or destroyed. [const: any thread]
class Document {
 public:
  Document() : Document(parse({})) {}

  // Never fails: what is wrong is in diagnostics(). A text that is UTF-16 or larger than 256 MiB is one junk.
  static Document parse(std::string text);
  // The same by up to `threads` threads, this one among them: one for each megabyte at most. 0 is 1.
  static Document parse(std::string text, unsigned threads);

  const std::string& text() const { return text_; }
  std::string_view text(Span span) const { return span.in(text_); }
  // What is wrong, in order of place, put into words now.
  std::vector<Diagnostic> diagnostics() const;
  const LargeVector<Finding>& findings() const { return nodes_.findings; }

  Block block(std::uint32_t index) const;
  FieldNode field(std::uint32_t index) const;
  PieceNode piece(std::uint32_t index) const;  // of Nodes::pieces; see pieces()

  using Blocks = NodeRange<Block, &Document::block>;
  using Fields = NodeRange<FieldNode, &Document::field>;

  Blocks blocks() const { return {this, 0, static_cast<std::uint32_t>(nodes_.blocks.size())}; }
  Fields fields(const Block& block) const { return {this, block.first_field, block.end_field}; }
  std::vector<PieceNode> pieces(const FieldNode& field) const;

  // The entries only, in order.
  std::vector<Block> entries() const;
  std::uint32_t entry_count() const { return entry_count_; }

  // The entry of that citation key: spelled so, or else the first that differs in ASCII case only, because
  // BibTeX takes those for the same.
  std::optional<Block> find(std::string_view key) const;

  // The first field of that name without regard to ASCII case: the one that counts.
  std::optional<FieldNode> find_field(const Block& block, std::string_view name) const;

  // The block that holds the byte at `offset`, for an offset inside the text.
  Block block_at(std::uint32_t offset) const;

  // Bytes that the Document takes beside its text.
  std::size_t memory_bytes() const;

  const Nodes& nodes() const { return nodes_; }

 private:
  friend class LiveDocument;  // which reads parts of a text

  Document(std::string text, Nodes nodes);
  void report_repeated_keys();

  std::string text_;
  Nodes nodes_;
  KeyIndex keys_;
  std::uint32_t entry_count_ = 0;
};

}  // namespace bibsmith::bibtex
