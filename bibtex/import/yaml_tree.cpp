#include "bibtex/import/yaml_tree.hpp"

#include <memory>
#include <optional>
#include <yaml.h>

namespace bibsmith::bibtex {

namespace {

struct ParserEnd {
  void operator()(yaml_parser_t* parser) const { yaml_parser_delete(parser); }
};

std::string text_of(const yaml_char_t* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

// A collection that is being read.
struct Open {
  std::size_t node;
  std::optional<std::string> name;  // of the next value of a mapping
};

ImportError syntax_error(const yaml_parser_t& parser) {
  return {"no YAML: " + std::string(parser.problem == nullptr ? "not readable" : parser.problem) +
          " in line " + std::to_string(parser.problem_mark.line + 1)};
}

}  // namespace

tl::expected<YamlTree, ImportError> YamlTree::parse(std::string_view text) {
  yaml_parser_t parser;
  if (yaml_parser_initialize(&parser) == 0) return tl::unexpected(ImportError{"no memory for YAML"});
  const std::unique_ptr<yaml_parser_t, ParserEnd> end_of_parser(&parser);
  yaml_parser_set_input_string(&parser, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  YamlTree tree;
  std::vector<Open> open;
  for (;;) {
    yaml_event_t event;
    if (yaml_parser_parse(&parser, &event) == 0) return tl::unexpected(syntax_error(parser));
    const std::unique_ptr<yaml_event_t, decltype(&yaml_event_delete)> end_of_event(&event, yaml_event_delete);
    Node node;
    switch (event.type) {
      case YAML_STREAM_END_EVENT:
      case YAML_DOCUMENT_END_EVENT:
        return tree;
      case YAML_ALIAS_EVENT:
        return tl::unexpected(ImportError{"aliases of YAML are not read"});
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT:
        open.pop_back();
        continue;
      case YAML_SCALAR_EVENT: {
        node.kind_ = Kind::scalar;
        node.text_ = text_of(event.data.scalar.value, event.data.scalar.length);
        const bool is_plain = event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
        if (is_plain && (node.text_ == "~" || node.text_ == "null")) node = {};
        break;
      }
      case YAML_SEQUENCE_START_EVENT:
        node.kind_ = Kind::list;
        break;
      case YAML_MAPPING_START_EVENT:
        node.kind_ = Kind::mapping;
        break;
      default:
        continue;
    }
    const bool is_collection = node.kind_ == Kind::list || node.kind_ == Kind::mapping;
    if (!open.empty() && tree.nodes_[open.back().node].kind_ == Kind::mapping && !open.back().name) {
      if (is_collection) return tl::unexpected(ImportError{"a name of YAML that is no text"});
      open.back().name = std::move(node.text_);
      continue;
    }
    if (tree.nodes_.size() >= import_values_max)
      return tl::unexpected(ImportError{"more than 4,000,000 values"});
    const std::size_t index = tree.nodes_.size();
    if (!open.empty()) {
      tree.nodes_[open.back().node].children_.emplace_back(open.back().name.value_or(""), index);
      open.back().name.reset();
    }
    tree.nodes_.push_back(std::move(node));
    if (!is_collection) continue;
    if (open.size() >= import_depth_max) return tl::unexpected(ImportError{"nests deeper than 64 levels"});
    open.push_back({index, {}});
  }
}

const YamlTree::Node& YamlTree::member(const Node& mapping, std::string_view name) const {
  if (mapping.kind_ != Kind::mapping) return nothing_;
  for (const auto& [known, index] : mapping.children_) {
    if (known == name) return nodes_[index];
  }
  return nothing_;
}

std::vector<std::pair<std::string_view, const YamlTree::Node*>> YamlTree::children(const Node& node) const {
  std::vector<std::pair<std::string_view, const Node*>> out;
  for (const auto& [name, index] : node.children_) out.emplace_back(name, &nodes_[index]);
  return out;
}

std::vector<const YamlTree::Node*> YamlTree::elements(const Node& node) const {
  std::vector<const Node*> out;
  if (node.kind_ == Kind::list) {
    for (const auto& [name, index] : node.children_) out.push_back(&nodes_[index]);
  } else if (node.kind_ != Kind::nothing) {
    out.push_back(&node);
  }
  return out;
}

}  // namespace bibsmith::bibtex
