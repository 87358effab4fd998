// round_trip FOLDER...: reads every .bib file below the folders and wants of each that its blocks laid end to
// end are the file, that no edit changes no byte, that all ways to read it agree, and that an edit of one
// field of one entry leaves every byte outside that entry and every other entry as they were. Prints each
// file that fails and a summary.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/edit/entry_edit.hpp"
#include "bibtex/model/document_entry.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/document.hpp"
#include "bibtex/syntax/live_document.hpp"
#include "bibtex/syntax/parallel_parser.hpp"
#include "bibtex/syntax/parser.hpp"
#include "bibtex/write/style.hpp"

namespace {

namespace fs = std::filesystem;
using namespace bibsmith::bibtex;

struct Counts {
  std::size_t files = 0;
  std::size_t bytes = 0;
  std::size_t entries = 0;
  std::size_t edits = 0;
  std::size_t failures = 0;
};

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

bool same_nodes(const Nodes& a, const Nodes& b) {
  return a.blocks == b.blocks && a.fields == b.fields && a.pieces == b.pieces && a.findings == b.findings;
}

// What is wrong with the reading of `text`, or nothing.
std::string check_reading(const std::string& text, const Document& document) {
  std::string joined;
  for (const Block& block : document.blocks()) joined += document.text(block.span);
  if (joined != text) return "the blocks are not the file";
  if (apply_edits(text, {}).value() != text) return "no edit changes the file";
  const Nodes nodes = parse_nodes(text, MaskKernel::scalar);
  if (!same_nodes(nodes, parse_nodes(text))) return "the kernels differ";
  if (!same_nodes(nodes, parse_nodes_in_parts(text, 7, 1))) return "the parts differ";
  const LiveDocument live(text);
  if (live.text() != text) return "the live document is not the file";
  if (live.diagnostics() != document.diagnostics()) return "the live document finds other things";
  return "";
}

bool is_clean(const Document& document, const Block& entry) {
  return entry.is_closed && !entry.key.empty() &&
         std::none_of(document.findings().begin(), document.findings().end(), [&](const Finding& finding) {
           return finding.span.end > entry.span.begin && finding.span.begin <= entry.span.end;
         });
}

// Applies the edits and checks that they are local. `value` is what the field holds afterwards; null if it is
// gone.
std::string check_edit(const Document& document, const Block& entry, std::string_view name,
                       const Value* value, const std::vector<TextEdit>& edits) {
  const std::string& text = document.text();
  const auto changed = apply_edits(text, edits);
  if (!changed) return changed.error().message;
  if (!changed->starts_with(std::string_view(text).substr(0, entry.span.begin)) ||
      !changed->ends_with(std::string_view(text).substr(entry.span.end))) {
    return "bytes outside the entry changed";
  }
  if (!is_clean(document, entry)) return "";
  const Document after = Document::parse(*changed);
  if (after.nodes().blocks.size() != document.nodes().blocks.size()) return "there are other blocks";
  for (const Block& block : document.blocks()) {
    if (block.index == entry.index) continue;
    if (document.text(block.span) != after.text(after.block(block.index).span))
      return "another block changed";
  }
  const Block now = after.block(entry.index);
  for (const FieldNode& field : document.fields(entry)) {
    if (equal_ignoring_case(document.text(field.name), name)) continue;
    const auto same = after.find_field(now, document.text(field.name));
    const auto first = document.find_field(entry, document.text(field.name));
    if (!same || document.text(first->value) != after.text(same->value)) return "another field changed";
  }
  const auto found = after.find_field(now, name);
  if (value == nullptr) return found ? "the field is still there" : "";
  if (!found) return "the field is not there";
  const std::vector<PieceNode> pieces = after.pieces(*found);
  return pieces.size() == 1 && after.text(pieces[0].inner) == "A {New} value" ? ""
                                                                              : "the field has another value";
}

// A few entries, chosen by the seed, each with a new field, a changed one and one that is removed.
std::string check_edits(const Document& document, std::uint32_t seed, Counts& counts) {
  constexpr std::size_t entries_max = 10;
  std::mt19937 random(seed);
  const Style style = measure_style(document);
  const Value value = Value::braced("A {New} value");
  std::vector<Block> entries = document.entries();
  std::shuffle(entries.begin(), entries.end(), random);
  entries.resize(std::min(entries.size(), entries_max));
  for (const Block& entry : entries) {
    std::vector<std::string> names = {"x-new-field"};
    const Document::Fields fields = document.fields(entry);
    if (!fields.empty()) {
      names.emplace_back(document.text(fields[static_cast<std::uint32_t>(random() % fields.size())].name));
    }
    for (const std::string& name : names) {
      ++counts.edits;
      const auto edits = set_field(document, entry, name, value, style);
      const std::string wrong = check_edit(document, entry, name, &value, edits);
      if (!wrong.empty()) return wrong + ": set " + name + " of " + std::string(document.text(entry.key));
    }
    if (names.size() == 1) continue;
    ++counts.edits;
    const auto edits = remove_field(document, entry, names[1]);
    const std::string wrong = check_edit(document, entry, names[1], nullptr, edits);
    if (!wrong.empty())
      return wrong + ": remove " + names[1] + " of " + std::string(document.text(entry.key));
  }
  return "";
}

void check_file(const fs::path& path, Counts& counts) {
  const std::string text = read(path);
  const Document document = Document::parse(text);
  ++counts.files;
  counts.bytes += text.size();
  counts.entries += document.entry_count();
  std::string wrong = check_reading(text, document);
  if (wrong.empty()) wrong = check_edits(document, static_cast<std::uint32_t>(text.size()), counts);
  if (wrong.empty()) return;
  ++counts.failures;
  std::printf("%s: %s\n", path.c_str(), wrong.c_str());
}

}  // namespace

int main(int argc, char** argv) {
  Counts counts;
  for (int i = 1; i < argc; ++i) {
    std::error_code error;
    std::vector<fs::path> files;
    for (const auto& file : fs::recursive_directory_iterator(argv[i], error)) {
      if (file.is_regular_file() && file.path().extension() == ".bib") files.push_back(file.path());
    }
    std::sort(files.begin(), files.end());
    for (const fs::path& file : files) check_file(file, counts);
  }
  std::printf("%zu files, %zu bytes, %zu entries, %zu edits: %zu files failed\n", counts.files, counts.bytes,
              counts.entries, counts.edits, counts.failures);
  return counts.failures == 0 && counts.files > 0 ? 0 : 1;
}
