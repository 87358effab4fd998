#include <algorithm>
#include <array>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/syntax/byte_class.hpp"
#include "bibtex/syntax/parser.hpp"
#include "bibtex/syntax/structure_mask.hpp"
#include "bibtex/syntax/utf8.hpp"
#include "tests/support/catch.hpp"

using namespace bibsmith::bibtex;

TEST_CASE("each byte has the classes that BibTeX gives it") {
  const std::string special = "\"#%'(),";
  for (int value = 0; value < 256; ++value) {
    const char c = static_cast<char>(value);
    CAPTURE(value);
    CHECK(((class_of(c) & byte_class::special) != 0) == (c != 0 && special.find(c) != special.npos));
    CHECK(((class_of(c) & byte_class::brace) != 0) == (c == '{' || c == '}'));
    CHECK(((class_of(c) & byte_class::equals) != 0) == (c == '='));
    CHECK(((class_of(c) & byte_class::at) != 0) == (c == '@'));
    CHECK(((class_of(c) & byte_class::quote) != 0) == (c == '"'));
    CHECK(is_white_space(c) == (c == ' ' || c == '\t' || c == '\n' || c == '\r'));
    CHECK(((class_of(c) & byte_class::odd) != 0) == (value == 0x00 || value == 0x0B || value == 0x0C ||
                                                     value == 0x10 || value == 0x1B || value == 0x1C));
  }
}

TEST_CASE("every kernel computes the same masks") {
  std::mt19937 random(1);
  const std::string alphabet = "ab \n\r\t{}@\"=,#%'()\\\x80\xff\x0c\x1b" + std::string(1, '\0');
  for (std::size_t size : {0u, 1u, 63u, 64u, 65u, 127u, 1000u, window_words * mask_bytes}) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i) text += alphabet[random() % alphabet.size()];
    StructureMasks wanted{};
    compute_masks(MaskKernel::scalar, text, 640, wanted);
    for (const MaskKernel kernel : {MaskKernel::avx2, MaskKernel::avx512}) {
      if (!is_available(kernel)) continue;
      StructureMasks masks{};
      compute_masks(kernel, text, 640, masks);
      CAPTURE(size, static_cast<int>(kernel));
      CHECK(masks.stop == wanted.stop);
      CHECK(masks.equals == wanted.equals);
      CHECK(masks.not_in_name == wanted.not_in_name);
      CHECK(masks.not_white_space == wanted.not_white_space);
      CHECK(masks.odd == wanted.odd);
      CHECK(masks.begins == wanted.begins);
      REQUIRE(masks.stop_count == wanted.stop_count);
      CHECK(std::equal(masks.stops.begin(), masks.stops.begin() + masks.stop_count, wanted.stops.begin()));
      CHECK(masks.has_odd == wanted.has_odd);
    }
  }
}

TEST_CASE("every kernel gives the same nodes, and counting counts them") {
  std::mt19937 random(2);
  const std::string alphabet = "@aab{{}}\",==\n\n 1#%()\\\x80";
  for (int round = 0; round < 300; ++round) {
    std::string text;
    for (std::size_t i = 0; i < 200; ++i) text += alphabet[random() % alphabet.size()];
    CAPTURE(text);
    const Nodes wanted = parse_nodes(text, MaskKernel::scalar);
    const Structure counts = count_structure(text, MaskKernel::scalar);
    CHECK(counts.blocks == wanted.blocks.size());
    CHECK(counts.fields == wanted.fields.size());
    const Nodes nodes = parse_nodes(text);
    CHECK(nodes.blocks == wanted.blocks);
    CHECK(nodes.fields == wanted.fields);
    CHECK(nodes.pieces == wanted.pieces);
    CHECK(nodes.findings == wanted.findings);
  }
}

TEST_CASE("what is longer than a reader sees at once is read as by the plain kernel") {
  const std::string rest = "@misc{last, title = {" + std::string(300, 'x') + "}}\n";
  for (std::size_t size = 50; size < 70; ++size) {
    const std::string blanks(size, ' ');
    const std::string name(size, 'n');
    // A comma, a brace and an equals sign right behind what is too long tempt most.
    for (const std::string& entry :
         {blanks + "@a{k, n = {v}}", "@a" + blanks + "{k, n = {v}}", "@" + name + "{k, n = {v}}",
          "@a{" + name + ", n = {v}}", "@a{k," + blanks + "n = {v}}", "@a{k, " + name + " = {v}}",
          "@a{k, " + name + "= {v}}", "@a{k, n" + blanks + "= {v}}", "@a{k, n =" + blanks + "{v}}",
          "@a{k, n = " + name + ", o = 1}", "@a{k, n = {v}" + blanks + ", o = 1}",
          "@a{k, n = {v}" + blanks + "}", "@a{k, n = {v}," + blanks + "}",
          "@a{k, n = a #" + blanks + "{v}, o = 1}", "@a{k, n = a" + blanks + "# {v}, o = 1}"}) {
      for (std::size_t before = 0; before < 8; ++before) {
        const std::string text = std::string(before, '\n') + entry + "\n" + rest;
        CAPTURE(text);
        const Nodes wanted = parse_nodes(text, MaskKernel::scalar);
        const Nodes nodes = parse_nodes(text);
        CHECK(nodes.blocks == wanted.blocks);
        CHECK(nodes.fields == wanted.fields);
        CHECK(nodes.pieces == wanted.pieces);
        CHECK(nodes.findings == wanted.findings);
      }
    }
  }
}

namespace {

// The findings about the encoding of a text, byte by byte: one of each kind a line.
std::vector<Finding> encoding_findings(std::string_view text) {
  std::vector<Finding> findings;
  std::set<SyntaxProblem> of_line;
  const auto report = [&](SyntaxProblem problem, std::size_t at, std::size_t size) {
    const auto begin = static_cast<std::uint32_t>(at);
    if (of_line.insert(problem).second)
      findings.push_back({problem, {begin, begin + static_cast<std::uint32_t>(size)}});
  };
  for (std::size_t at = 0; at < text.size();) {
    if (is_line_end(text[at])) of_line.clear();
    const std::size_t length = utf8_length(text.substr(at));
    if (length == 0) report(SyntaxProblem::invalid_utf8, at, 1);
    if (text[at] == '\0') report(SyntaxProblem::nul_byte, at, 1);
    if (text.substr(at).starts_with("\x1b$")) report(SyntaxProblem::iso_2022, at, 2);
    at += std::max<std::size_t>(length, 1);
  }
  return findings;
}

}  // namespace

TEST_CASE("the encoding of letters and of what is none is checked wherever they stand") {
  using namespace std::string_view_literals;
  constexpr std::array pieces = {"é"sv,
                                 "ж"sv,
                                 "語"sv,
                                 "語語語"sv,
                                 "𝔄"sv,
                                 "\xC3"sv,
                                 "\xE8\xAA"sv,
                                 "\x80"sv,
                                 "\xFF"sv,
                                 "\xC0\x80"sv,
                                 "\xE0\xA4\x85"sv,
                                 "\xE0\x80\x80"sv,
                                 "\xED\x9F\xBF"sv,
                                 "\xED\xA0\x80"sv,
                                 "\xE9t\xE9 M\xFCller"sv,
                                 "\n"sv,
                                 "\r\n"sv,
                                 "\0"sv,
                                 "\x1b$"sv,
                                 "\x1b"sv};
  std::mt19937 random(3);
  for (int round = 0; round < 2'000; ++round) {
    std::string text = "x";
    const std::size_t kinds = 1 + random() % pieces.size();
    while (text.size() < 1'000) {
      text += pieces[random() % kinds];
      text.append(random() % 3 == 0 ? random() % (random() % 20 == 0 ? 300 : 70) : 0, 'a');
    }
    text.resize(text.size() - random() % 70);
    CAPTURE(round);
    const Nodes nodes = parse_nodes(text);
    const std::vector<Finding> wanted = encoding_findings(text);
    CHECK(std::equal(nodes.findings.begin(), nodes.findings.end(), wanted.begin(), wanted.end()));
  }
}
