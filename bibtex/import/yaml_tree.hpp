#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "bibtex/import/import.hpp"

namespace bibsmith::bibtex {

// A YAML text as data: every scalar is its text, whatever it looks like. What is asked for and not there is
// an empty node, so that a reader needs no tests. References live as long as the tree. [const: any thread]
class YamlTree {
 public:
  enum class Kind : std::uint8_t { nothing, scalar, list, mapping };

  class Node {
   public:
    Kind kind() const { return kind_; }
    // Of a scalar; else empty.
    const std::string& text() const { return text_; }

   private:
    friend class YamlTree;
    Kind kind_ = Kind::nothing;
    std::string text_;
    std::vector<std::pair<std::string, std::size_t>> children_;  // names: of a mapping
  };

  // One document of YAML 1.1. Aliases are refused: a small text could stand for a huge one. Bounded by
  // import_depth_max and import_values_max; nothing recurses on the text.
  static tl::expected<YamlTree, ImportError> parse(std::string_view text);

  const Node& root() const { return nodes_.empty() ? nothing_ : nodes_.front(); }
  const Node& member(const Node& mapping, std::string_view name) const;
  // Name and node of each member, or node of each element, whose name is empty.
  std::vector<std::pair<std::string_view, const Node*>> children(const Node& node) const;
  // The elements of a list; any other node but an empty one counts as a list of itself.
  std::vector<const Node*> elements(const Node& node) const;

 private:
  std::vector<Node> nodes_;
  Node nothing_;
};

}  // namespace bibsmith::bibtex
