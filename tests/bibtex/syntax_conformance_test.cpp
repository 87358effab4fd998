// Real files against what the other parsers of this field agree on. The files are not part of the project:
// where they are absent, nothing is tested.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include <nlohmann/json.hpp>

#include "bibtex/model/macros.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/document.hpp"
#include "tests/support/catch.hpp"

using namespace bibsmith::bibtex;

namespace {

const std::filesystem::path shared_data = "../../shared/data";

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::string in_lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = lower(c);
  return out;
}

// The text of values in the agreed answers is Unicode; bytes that are none came in as latin-1.
std::string to_utf8(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    const auto value = static_cast<unsigned char>(c);
    if (value < 0x80) {
      out += c;
    } else {
      out += static_cast<char>(0xC0 | value >> 6);
      out += static_cast<char>(0x80 | (value & 0x3F));
    }
  }
  return out;
}

using Fields = std::map<std::string, std::string>;

Fields fields_of(const Document& document, const Macros& macros, const Block& entry) {
  Fields fields;
  for (const FieldNode& field : document.fields(entry)) {
    if (field.value.empty()) continue;
    fields.emplace(in_lower_case(document.text(field.name)), macros.value_text(document, field));
  }
  return fields;
}

// What is wrong with our reading of one file, or "".
std::string compare(const Document& document, const nlohmann::json& row) {
  const Macros macros(document);
  std::map<std::string, std::vector<Block>> entries;
  for (const Block& entry : document.entries()) {
    const std::string_view key = document.text(entry.key);
    entries[std::string(key)].push_back(entry);
    if (to_utf8(key) != key) entries[to_utf8(key)].push_back(entry);
  }
  for (const nlohmann::json& wanted : row["entries"]) {
    const std::string key = wanted["key"];
    const std::size_t occurrence = wanted["occurrence"];
    if (entries[key].size() < occurrence) return "no entry '" + key + "'";
    const Block& entry = entries[key][occurrence - 1];
    if (in_lower_case(document.text(entry.type)) != wanted["type"]) return "type of '" + key + "'";
    const Fields ours = fields_of(document, macros, entry);
    for (const auto& [name, value] : ours) {
      if (!wanted["fields"].contains(name)) return "field '" + name + "' of '" + key + "' is ours alone";
    }
    for (const auto& [name, value] : wanted["fields"].items()) {
      const auto found = ours.find(name);
      if (found == ours.end()) return "no field '" + name + "' in '" + key + "'";
      if (found->second != value && to_utf8(found->second) != value) {
        return "field '" + name + "' of '" + key + "': '" + found->second + "', not '" + std::string(value) +
               "'";
      }
    }
  }
  return "";
}

}  // namespace

TEST_CASE("clean real files give the entries and fields that all parsers agree on") {
  std::ifstream in(shared_data / "bibtex_parse_dev.jsonl");
  if (!in) WARN("shared data are absent: nothing is tested");
  std::size_t files = 0;
  std::size_t clean_files = 0;
  std::size_t different = 0;
  for (std::string line; std::getline(in, line);) {
    const nlohmann::json row = nlohmann::json::parse(line);
    const std::string file = row["file"];
    const Document document = Document::parse(read_file(shared_data / file));
    const std::string finding = compare(document, row);
    CAPTURE(file);
    ++files;
    if (row["clean"] == true) {
      ++clean_files;
      CHECK(finding == "");
      CHECK(document.entry_count() == row["entries"].size());
    } else if (!finding.empty()) {
      ++different;
      INFO(finding);
      CHECK(document.diagnostics().size() + undefined_macros(document, Macros(document)).size() > 0);
    }
  }
  WARN(clean_files << " clean of " << files << " files; of the others " << different << " differ");
}

TEST_CASE("the blocks of every real file are its bytes") {
  if (!std::filesystem::exists(shared_data)) WARN("shared data are absent: nothing is tested");
  for (const char* folder : {"bib", "bib_edge"}) {
    if (!std::filesystem::exists(shared_data / folder)) continue;
    for (const auto& file : std::filesystem::directory_iterator(shared_data / folder)) {
      const std::string text = read_file(file.path());
      const Document document = Document::parse(text);
      std::string blocks;
      for (const Block& block : document.blocks()) blocks += document.text(block.span);
      CHECK(blocks == text);
    }
  }
}
