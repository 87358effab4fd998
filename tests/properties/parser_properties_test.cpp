// What holds for every text: checked on texts of our own and, where they are present, on real files, each
// mutated at random from a fixed seed.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "bibtex/edit/entry_edit.hpp"
#include "bibtex/model/document_entry.hpp"
#include "bibtex/syntax/document.hpp"
#include "bibtex/syntax/parallel_parser.hpp"
#include "bibtex/syntax/parser.hpp"
#include "bibtex/syntax/part_reader.hpp"
#include "bibtex/write/write_entry.hpp"
#include "tests/properties/slow_parser.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/outline.hpp"

using namespace bibsmith::bibtex;
using bibsmith::testing::outline;
using bibsmith::testing::slow_outline;

namespace {

std::vector<std::string> seeds() {
  std::vector<std::string> texts = {
      "@article{a,\n  title = {A {T}},\n  year = 1999,\n  month = jan # \"~1\"\n}\n\n@misc(b, note=\"x {\"} "
      "y\")\n",
      "@comment{x @misc{y, z={w}}}\n@string{s = {t}}\n@preamble{\"p\" # s}\n% @misc{c,}\n@misc{d, % e\n "
      "f={g}}\n",
      "@misc{a, title={t {x,\n year=1999\n}\n@misc{b title={u}; year=, note=\"v } w\"}}\n@misc{, 1x=y "
      "z}@misc{e\n",
      "@misc{a,\n author = {B and M{\\'e},\n year = {2021},\n note = \"x {\",\n month = jan\n}\n\n% c\n"
      "@misc{b,\n title = \"t,\n y = \"u\",\n z = {\n  v = {w}\n }\n}\n@misc(c,\n a = {b {c\n , d = 1)\n"};
  const std::filesystem::path folder = "../../shared/data/bib";
  if (!std::filesystem::exists(folder)) WARN("shared data are absent: texts of our own only");
  if (std::filesystem::exists(folder)) {
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
      std::ifstream in(file.path(), std::ios::binary);
      std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
      if (text.size() < 60'000) texts.push_back(std::move(text));
    }
  }
  return texts;
}

// A few bytes deleted, doubled, or replaced by what means something.
std::string mutated(std::string text, std::mt19937& random) {
  const std::vector<std::string> pieces = {
      "{",         "}", "\"",        "@",        ",",         "=",        "#",        "%",
      "(",         ")", "\n@a{b,\n", "\n",       "@comment{", "@comment", " ",        "\\",
      ";",         "1", "'",         "\xC2\xA0", "\f",        "{\\'e",    "\n y = {", "\n , y = \"z\"",
      "\n y = 1\n"};
  for (int i = static_cast<int>(random() % 6); i >= 0 && !text.empty(); --i) {
    const std::size_t at = random() % text.size();
    const std::size_t length = std::min<std::size_t>(random() % 3, text.size() - at);
    text.replace(at, length, pieces[random() % pieces.size()]);
  }
  return text;
}

// As files are, with some lines that are not, and longer than a window of the scanner.
std::string long_text(std::mt19937& random, std::size_t bytes) {
  const std::vector<std::string> values = {"{x}",           "{A {B} c}",
                                           "\"q\"",         "\"a {\"} b\"",
                                           "1999",          "jan",
                                           "12a",           "a # {b}",
                                           "{\\\"u}",       "{e@mail}",
                                           "\"x } y\"",     "{\\}",
                                           "\"a\\\"",       "",
                                           "{\n}",          "{\xC3\xA9}",
                                           "{\xE9}",        "{{}{{}}\"{x}\"}",
                                           "{a {b}",        "\"a {b\"",
                                           "{x\n y = 1\n}", "macro-name-of-some-length",
                                           "jan # \"~1\"",  "{x}#{y {\\\"o}}\n",
                                           "\"a\" # {b@c}", "a # 1 # b # 2 # c # 3 # d # 4 # e",
                                           "jan # ",        "a # % x\n {b}"};
  const std::vector<std::string> names = {"title", "Author", " year",         "note\n", "x@y",
                                          "1a",    "a b",    "archiveprefix", "title",  ""};
  const std::vector<std::string> ends = {"\n}\n\n", ",\n}\n\n", "}\n",      ")\n",
                                         "\n\n",    "} % x\n",  ",}\n\n\n", "\n}\n}\n\n"};
  const std::vector<std::string> heads = {
      "@article{",    "@misc(", "@InProceedings{ ", "@string{",   "@comment{", "@proceedings{",
      "junk\n@book{", "@@a{",   "% @online{",       "@Article {", "@a b{",     "@misc\n{"};
  const std::vector<std::string> definitions = {"@string{jan = \"January\"}\n",
                                                "@String {a={b}}",
                                                "@STRING{ab = 1 }\n",
                                                "@string{a = b # \"c\"}\n",
                                                "@string(a = {b})\n",
                                                "@string{a = {b}, c = {d}}\n",
                                                "@string{a = {b},}\n",
                                                "@string{1a = {b}}",
                                                "@string{a {b}}\n",
                                                "@string{}\n",
                                                "@string{a = {b\\}}\n",
                                                "@string{a = {b}\n",
                                                "@string{a = b.c}, }\n",
                                                "@strings{a, b = {c}}\n"};
  const auto one_of = [&](const auto& all) { return all[random() % (random() % 4 == 0 ? all.size() : 2)]; };
  std::string text;
  while (text.size() < bytes) {
    if (random() % 3 == 0) text += definitions[random() % definitions.size()];
    text += one_of(heads) + "key" + std::to_string(random() % 1000);
    for (int i = static_cast<int>(random() % 6); i > 0; --i) {
      text += (random() % 40 == 0 ? ";\n  " : ",\n  ") + one_of(names) + (random() % 3 == 0 ? "=" : " = ");
      text += one_of(values);
      if (random() % 8 == 0) text += ' ';
      if (random() % 30 == 0) text.insert(text.size() - 1, std::string(random() % 200, 'v'));
    }
    text += one_of(ends);
  }
  return text;
}

bool same_nodes(const Nodes& a, const Nodes& b) {
  return a.blocks == b.blocks && a.fields == b.fields && a.pieces == b.pieces &&
         a.key_hashes == b.key_hashes && a.findings == b.findings;
}

}  // namespace

TEST_CASE("both parsers agree on long texts, wherever the windows of the fast one begin") {
  std::mt19937 random(21);
  for (int round = 0; round < 130; ++round) {
    const std::string text = std::string(static_cast<std::size_t>(round), ' ') + long_text(random, 20'000);
    const bool agree = outline(Document::parse(text)) == slow_outline(text);
    CAPTURE(round);
    if (!agree) CHECK(outline(Document::parse(text)) == slow_outline(text));
    const Nodes wanted = parse_nodes(text, MaskKernel::scalar);
    CHECK(same_nodes(parse_nodes(text, best_kernel()), wanted));
    if (is_available(MaskKernel::avx2)) CHECK(same_nodes(parse_nodes(text, MaskKernel::avx2), wanted));
  }
}

TEST_CASE("a text read in parts is read as the whole") {
  std::mt19937 random(22);
  const auto check = [](const std::string& text, unsigned parts) {
    const bool is_same = same_nodes(parse_nodes_in_parts(text, parts, 1), parse_nodes(text));
    CAPTURE(parts, text);
    if (!is_same) CHECK(is_same);
  };
  for (int round = 0; round < 400; ++round) {
    std::string text = long_text(random, 100 + random() % 4'000);
    if (round % 2 == 0) text = mutated(std::move(text), random);
    if (round % 5 == 0) std::replace(text.begin(), text.end(), '\n', '\r');
    check(text, static_cast<unsigned>(2 + random() % 9));
  }
  // What stands right behind an entry that was cut inside.
  const std::string line = "@misc{x, t={y}}\n";
  for (unsigned parts = 2; parts < 12; ++parts) {
    check("@misc{a,\n t={x}\n}\n@misc{b,\n note={\n" + line + line + line + line + "}\n}\n}\n\n" + line,
          parts);
  }
  // A value and a comment that are cut in the middle, and what ends them.
  std::string lines;
  for (int i = 0; i < 20; ++i) lines += "@misc{a" + std::to_string(i) + ",\n t={x}}\n";
  for (const char* begin : {"@misc{open, t={\n", "@misc{open, t=\"\n", "@comment{\n", "@comment x\n", "%"}) {
    for (unsigned parts = 2; parts < 12; ++parts) check(begin + lines, parts);
    for (unsigned parts = 2; parts < 12; ++parts) check(begin + lines + "}", parts);
  }
  for (const std::string& seed : seeds()) check(mutated(seed, random), 4);
}

TEST_CASE("a text that comes in pieces is read as the whole") {
  std::mt19937 random(23);
  const auto check = [&random](const std::string& text, std::uint32_t part_bytes, Keep keep) {
    Nodes all;
    std::uint32_t begin = 0;
    const auto add = [](auto& to, const auto& from, const auto& move) {
      for (auto node : from) {
        move(node);
        to.push_back(node);
      }
    };
    PartReader reader(
        [&](const Part& part, std::string_view own) {
          const auto first_field = static_cast<std::uint32_t>(all.fields.size());
          add(all.blocks, part.nodes.blocks, [&](StoredBlock& block) {
            block.begin += begin;
            if (block.key_begin != 0) block.key_begin += begin;
            block.first_field += first_field;
          });
          add(all.fields, part.nodes.fields, [&](StoredField& field) {
            field.name_begin += begin;
            field.value.begin += begin;
          });
          add(all.pieces, part.nodes.pieces, [&](StoredPiece& piece) { piece.begin += begin; });
          add(all.findings, part.nodes.findings, [&](Finding& finding) {
            finding.span = {finding.span.begin + begin, finding.span.end + begin};
          });
          begin += static_cast<std::uint32_t>(own.size());
        },
        keep, part_bytes);
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t size = 1 + random() % 500;
      reader.add(std::string_view(text).substr(at, size));
      at += size;
    }
    reader.finish();
    Nodes whole = parse_nodes(text);
    const auto is_not_found = [keep](const Finding& finding) {
      return finding.problem == SyntaxProblem::last_line ||
             finding.problem == SyntaxProblem::byte_order_mark ||
             (keep == Keep::blocks && finding.problem == SyntaxProblem::duplicate_field);
    };
    whole.findings.erase(std::remove_if(whole.findings.begin(), whole.findings.end(), is_not_found),
                         whole.findings.end());
    whole.key_hashes.clear();
    if (keep == Keep::blocks) {
      whole.fields.clear();
      whole.pieces.clear();
      for (StoredBlock& block : whole.blocks) {
        block.key_begin = block.first_field = 0;
        block.key_size = 0;
      }
    }
    const bool is_same = same_nodes(all, whole);
    CAPTURE(part_bytes, text);
    if (!is_same) CHECK(is_same);
  };
  for (int round = 0; round < 400; ++round) {
    std::string text = long_text(random, 100 + random() % 20'000);
    if (round % 2 == 0) text = mutated(std::move(text), random);
    if (round % 5 == 0) std::replace(text.begin(), text.end(), '\n', '\r');
    check(text, static_cast<std::uint32_t>(1 + random() % 3'000), round % 3 == 0 ? Keep::blocks : Keep::all);
  }
  std::string lines = "@misc{open, t={\n";
  for (int i = 0; i < 200; ++i) lines += "@misc{a" + std::to_string(i) + ",\n t={x}}\n";
  for (const std::uint32_t part_bytes : {1u, 100u, 1'000u}) check(lines, part_bytes, Keep::all);
  for (const Keep keep : {Keep::all, Keep::blocks}) {
    for (const std::string& seed : seeds()) check(mutated(seed, random), 1'000, keep);
  }
}

TEST_CASE("a text with more findings than are kept is read in parts as the whole") {
  std::string text;
  while (text.size() < 2'500'000) text += "@misc{a,,\n t={\xE9},,\n}\n";
  const Nodes whole = parse_nodes(text);
  CHECK(whole.findings.size() == findings_max + 1);
  CHECK(same_nodes(parse_nodes_in_parts(text, 3, 1), whole));
  text.resize(text.size() / 2);
  CHECK(same_nodes(parse_nodes_in_parts(text, 5, 1), parse_nodes(text)));
}

TEST_CASE("both parsers agree") {
  std::mt19937 random(11);
  for (const std::string& seed : seeds()) {
    const int rounds = seed.size() < 2'000 ? 60 : 3;
    for (int round = 0; round <= rounds; ++round) {
      const std::string text = round == 0 ? seed : mutated(seed, random);
      const bool agree = outline(Document::parse(text)) == slow_outline(text);
      if (!agree) {
        CAPTURE(text);
        CHECK(outline(Document::parse(text)) == slow_outline(text));
      }
    }
  }
}

TEST_CASE("an edit of one entry leaves all bytes outside its lines") {
  std::mt19937 random(12);
  for (const std::string& text : seeds()) {
    const Document document = Document::parse(text);
    const Style style = measure_style(document);
    const std::vector<Block> entries = document.entries();
    for (std::size_t i = 0; i < std::min<std::size_t>(entries.size(), 20); ++i) {
      const Block& entry = entries[random() % entries.size()];
      const auto edits = set_field(document, entry, "note", Value::braced("new"), style);
      for (const TextEdit& edit : edits) {
        CHECK(edit.span.begin >= entry.span.begin);
        CHECK(edit.span.end <= entry.span.end);
      }
      const std::string after = apply_edits(text, edits).value();
      CHECK(after.starts_with(std::string_view(text).substr(0, entry.span.begin)));
      CHECK(after.ends_with(std::string_view(text).substr(entry.span.end)));
    }
    CHECK(apply_edits(text, {}) == text);
  }
}

TEST_CASE("an entry that is written reads as it was") {
  for (const std::string& text : seeds()) {
    const Document document = Document::parse(text);
    for (const Block& block : document.entries()) {
      if (block.key.empty()) continue;
      Entry entry = to_entry(document, block);
      entry.type = in_case(entry.type, LetterCase::lower);
      for (Field& field : entry.fields) field.name = in_case(field.name, LetterCase::lower);
      const Document written = Document::parse(write_entry(entry, Style{}));
      REQUIRE(written.entry_count() == 1);
      CHECK(to_entry(written, written.entries()[0]) == entry);
    }
  }
}

TEST_CASE("an inserted entry is read and all others stay") {
  Entry entry{"misc", "a-new-key", {}};
  entry.set("title", Value::braced("T"));
  for (const std::string& text : seeds()) {
    const Document document = Document::parse(text);
    if (!document.findings().empty()) continue;
    const std::vector<TextEdit> edits = {insert_entry(document, entry, measure_style(document))};
    const Document after = Document::parse(apply_edits(text, edits).value());
    CHECK(after.entry_count() == document.entry_count() + 1);
    CHECK(after.find("a-new-key").has_value());
    CHECK(after.findings().empty());
  }
}
