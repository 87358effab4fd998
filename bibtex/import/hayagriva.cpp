#include <algorithm>
#include <array>

#include "bibtex/import/formats.hpp"
#include "bibtex/import/imported_work.hpp"
#include "bibtex/import/yaml_tree.hpp"
#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

using Node = YamlTree::Node;

struct TypePair {
  std::string_view hayagriva;
  std::string_view biblatex;
};

// hayagriva's docs/file-format.md, "Entry Type", for works that appeared in nothing.
constexpr std::array types = std::to_array<TypePair>({
    {"anthology", "collection"},
    {"artwork", "artwork"},
    {"audio", "audio"},
    {"blog", "online"},
    {"book", "book"},
    {"case", "jurisdiction"},
    {"legislation", "legislation"},
    {"manuscript", "unpublished"},
    {"newspaper", "periodical"},
    {"patent", "patent"},
    {"performance", "performance"},
    {"periodical", "periodical"},
    {"post", "online"},
    {"proceedings", "proceedings"},
    {"reference", "reference"},
    {"report", "report"},
    {"repository", "software"},
    {"thesis", "thesis"},
    {"thread", "online"},
    {"video", "video"},
    {"web", "online"},
});

// The same for works in something, by the type of that.
constexpr std::array types_in = std::to_array<TypePair>({
    {"periodical", "article"},
    {"newspaper", "article"},
    {"blog", "online"},
    {"web", "online"},
    {"proceedings", "inproceedings"},
    {"conference", "inproceedings"},
    {"anthology", "incollection"},
    {"book", "inbook"},
    {"reference", "inreference"},
});

template <typename Table>
std::string_view look_up(const Table& table, std::string_view name) {
  const auto found = std::find_if(table.begin(), table.end(), [&](const TypePair& pair) {
    return equal_ignoring_case(pair.hayagriva, name);
  });
  return found == table.end() ? std::string_view{} : found->biblatex;
}

class Reader {
 public:
  Reader(const YamlTree& tree, TextEncoding encoding) : tree_(tree), encoding_(encoding) {}

  Entry entry(std::string_view key, const Node& node) {
    ImportedWork work(encoding_);
    const auto parents = tree_.elements(tree_.member(node, "parent"));
    const Node& parent = parents.empty() ? tree_.member(node, "parent") : *parents.front();
    work.set_key(key);
    work.set_type(type_of(node, parent));
    work.add_names("author", names(tree_.member(node, "author")));
    work.add_names("editor", names(tree_.member(node, "editor")));
    work.add_names("translator", affiliated(node, "translator"));
    work.add_title("title", title(tree_.member(node, "title")));
    if (const auto date = parse_date(text(node, "date"))) work.add_date("date", *date);
    if (is_in_series(node, parent)) {
      add_series(work, parent);
    } else {
      add_parent(work, parent);
    }
    add_common(work, node);
    work.add_text("edition", text(node, "edition"));
    work.add_text("chapter", text(node, "chapter"));
    work.add_text("pagetotal", text(node, "page-total"));
    work.add_text("volumes", text(node, "volume-total"));
    work.add_pages(text(node, "page-range"));
    work.add_text("langid", text(node, "language"));
    work.add_text("note", text(node, "note"));
    work.add_text("abstract", text(node, "abstract"));
    work.add_text("type", text(node, "genre"));
    if (work.type() == "thesis") work.add_text("type", "phdthesis");
    if (work.type() == "report") work.add_text("type", "techreport");
    if (work.has("eprint") && work.type() == "misc") work.set_type("online");
    return work.finish();
  }

 private:
  std::string_view type_of(const Node& node, const Node& parent) const {
    const std::string name = text(node, "type");
    if (is_in_series(node, parent)) return look_up(types, name);
    std::string_view found;
    if (parent.kind() == YamlTree::Kind::mapping) found = look_up(types_in, text(parent, "type"));
    if (found.empty()) found = look_up(types, name);
    return found.empty() ? "misc" : found;
  }

  // A whole book whose parent is a collection of such: not a part of it.
  bool is_in_series(const Node& node, const Node& parent) const {
    if (parent.kind() != YamlTree::Kind::mapping || !equal_ignoring_case(text(parent, "type"), "anthology")) {
      return false;
    }
    const std::string type = text(node, "type");
    return std::ranges::any_of(std::array{"book", "anthology", "proceedings", "reference"},
                               [&](const char* book) { return equal_ignoring_case(type, book); });
  }

  // A scalar, or the "value" of a mapping (a title or an address with more about it).
  std::string text(const Node& node) const {
    return node.kind() == YamlTree::Kind::mapping ? tree_.member(node, "value").text() : node.text();
  }
  std::string text(const Node& node, std::string_view name) const { return text(tree_.member(node, name)); }

  // Braces keep the case of what they hold (docs/file-format.md, "Formattable String").
  std::string title(const Node& node) const {
    std::string out;
    const std::string plain = text(node);
    if (std::ranges::count(plain, '{') != std::ranges::count(plain, '}')) return plain;
    for (const char c : plain) {
      if (c == '{') {
        out += "<span class=\"nocase\">";
      } else if (c == '}') {
        out += "</span>";
      } else {
        out += c;
      }
    }
    return out;
  }

  std::vector<Name> names(const Node& node) const {
    std::vector<Name> out;
    for (const Node* one : tree_.elements(node)) {
      if (one->kind() == YamlTree::Kind::mapping) {
        Name name{
            text(*one, "given-name"), text(*one, "prefix"), text(*one, "name"), text(*one, "suffix"), {}};
        const bool is_alone = name.given.empty() && name.prefix.empty() && name.suffix.empty();
        if (is_alone) std::swap(name.family, name.literal);
        out.push_back(std::move(name));
      } else {
        // "Family, Given"; without a comma the name of an organisation.
        const std::string& plain = one->text();
        out.push_back(plain.find(',') == plain.npos ? Name{{}, {}, {}, {}, plain} : plain_name(plain));
      }
    }
    return out;
  }

  std::vector<Name> affiliated(const Node& node, std::string_view role) const {
    for (const Node* one : tree_.elements(tree_.member(node, "affiliated"))) {
      if (text(*one, "role") == role) return names(tree_.member(*one, "names"));
    }
    return {};
  }

  void add_parent(ImportedWork& work, const Node& parent) {
    if (parent.kind() != YamlTree::Kind::mapping) return;
    const bool is_in_periodical = work.type() == "article";
    if (is_in_periodical) {
      work.add_text("journaltitle", title_text(tree_.member(parent, "title")));
    } else {
      work.add_title("booktitle", title(tree_.member(parent, "title")));
    }
    work.add_names("editor", names(tree_.member(parent, "editor")));
    add_common(work, parent);
    if (const auto date = parse_date(text(parent, "date"))) work.add_date("date", *date);
    const auto series = tree_.elements(tree_.member(parent, "parent"));
    if (!series.empty()) add_series(work, *series.front());
  }

  void add_series(ImportedWork& work, const Node& series) {
    work.add_text("series", title_text(tree_.member(series, "title")));
    work.add_text("number", text(series, "volume"));
  }

  // Where no style changes the case braces mean nothing.
  std::string title_text(const Node& node) const {
    std::string out = text(node);
    std::erase_if(out, [](char c) { return c == '{' || c == '}'; });
    return out;
  }

  // What a work and its parent both may have.
  void add_common(ImportedWork& work, const Node& node) {
    work.add_text("volume", text(node, "volume"));
    work.add_text("number", text(node, "issue"));
    const Node& publisher = tree_.member(node, "publisher");
    if (publisher.kind() == YamlTree::Kind::mapping) {
      work.add_text("publisher", text(publisher, "name"));
      work.add_text("location", text(publisher, "location"));
    } else {
      work.add_text("publisher", publisher.text());
    }
    work.add_text("location", text(node, "location"));
    work.add_text("institution", text(node, "organization"));
    const Node& serial = tree_.member(node, "serial-number");
    if (serial.kind() == YamlTree::Kind::scalar && !work.add_arxiv(serial.text())) {
      work.add_text("eid", serial.text());
    }
    work.add_doi(text(serial, "doi"));
    work.add_arxiv(text(serial, "arxiv"));
    work.add_text("eid", text(serial, "serial"));
    work.add_verbatim("isbn", text(serial, "isbn"));
    work.add_verbatim("issn", text(serial, "issn"));
    const Node& url = tree_.member(node, "url");
    const std::string address = text(url);
    if (address.find("arxiv.org/") != address.npos) work.add_arxiv(address);
    work.add_url(address);
    if (const auto accessed = parse_date(text(url, "date"))) work.add_date("urldate", *accessed);
  }

  const YamlTree& tree_;
  TextEncoding encoding_;
};

}  // namespace

tl::expected<std::vector<Entry>, ImportError> from_hayagriva(std::string_view text, TextEncoding encoding) {
  const auto tree = YamlTree::parse(text);
  if (!tree) return tl::unexpected(tree.error());
  const Node& root = tree->root();
  if (root.kind() != YamlTree::Kind::mapping)
    return tl::unexpected(ImportError{"no mapping of keys to works"});
  Reader reader(*tree, encoding);
  std::vector<Entry> entries;
  for (const auto& [key, node] : tree->children(root)) {
    if (node->kind() != YamlTree::Kind::mapping)
      return tl::unexpected(ImportError{"no mapping of keys to works"});
    entries.push_back(reader.entry(key, *node));
  }
  return entries;
}

}  // namespace bibsmith::bibtex
