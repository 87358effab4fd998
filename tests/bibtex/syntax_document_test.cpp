#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bibtex/syntax/document.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/outline.hpp"

using namespace bibsmith::bibtex;
using bibsmith::testing::codes;
using bibsmith::testing::outline;

namespace {

void check_tiling(const Document& document) {
  std::uint32_t at = 0;
  for (const Block& block : document.blocks()) {
    CHECK(block.span.begin == at);
    CHECK_FALSE(block.span.empty());
    at = block.span.end;
  }
  CHECK(at == document.text().size());
}

}  // namespace

TEST_CASE("the blocks of a document are its text") {
  for (const char* text : {"",
                           "@",
                           "@@",
                           "@a",
                           "@a{",
                           "@a{b",
                           "@a{b,",
                           "@a{b,c",
                           "@a{b,c=",
                           "@a{b,c={",
                           "@a{b,c=\"",
                           "@a{b,c=d#",
                           "@comment",
                           "@comment{",
                           "@comment(",
                           "@string{",
                           "@preamble{",
                           "@a{b}x@c{d}",
                           "@a(b})",
                           "\r\n",
                           "}{",
                           "@a{b,c={d}}}@e{f,g={h}}",
                           "@a{,,,,}",
                           "@ \t a \n { b }",
                           "@a{@b{@c{",
                           "@a{b,\xC2\xA0"
                           "c=1}"}) {
    CAPTURE(text);
    check_tiling(Document::parse(text));
  }
}

TEST_CASE("a document survives a move") {
  Document first = Document::parse("@a{b,c=1}");
  const Document second = std::move(first);
  CHECK(outline(second) == std::vector<std::string>{"a b: c=1"});
  CHECK(second.find("b").has_value());
}

TEST_CASE("spans point at what they name") {
  const Document document = Document::parse("%\n@Misc{key, title = {T} # \" x\"}\n");
  REQUIRE(document.blocks().size() == 3);
  const Block entry = document.blocks()[1];
  CHECK(entry.kind == BlockKind::entry);
  CHECK(document.text(entry.span) == "@Misc{key, title = {T} # \" x\"}");
  CHECK(document.text(entry.type) == "Misc");
  CHECK(document.text(entry.key) == "key");
  CHECK(document.text()[entry.open] == '{');
  CHECK(document.block_at(entry.span.begin) == entry);
  CHECK(document.block_at(entry.span.end - 1) == entry);

  const FieldNode field = document.find_field(entry, "TITLE").value();
  CHECK(document.text(field.name) == "title");
  CHECK(document.text(field.value) == "{T} # \" x\"");
  const auto pieces = document.pieces(field);
  REQUIRE(pieces.size() == 2);
  CHECK(document.text(pieces[0].inner) == "T");
  CHECK(document.text(pieces[1].span) == "\" x\"");
  CHECK(document.text(pieces[1].inner) == " x");
  CHECK_FALSE(document.find_field(entry, "year").has_value());
}

TEST_CASE("an entry is found by its exact key first and then in any case") {
  const Document document = Document::parse("@a{Key,n=1}\n@a{KEY,n=2}\n@a{other,n=3}\n@a{key,n=4}\n");
  const auto number = [&](std::string_view key) -> std::string {
    const auto entry = document.find(key);
    if (!entry) return "none";
    return std::string(document.text(document.find_field(*entry, "n")->value));
  };
  CHECK(number("Key") == "1");
  CHECK(number("KEY") == "2");
  CHECK(number("key") == "4");
  CHECK(number("kEY") == "1");
  CHECK(number("Other") == "3");
  CHECK(number("absent") == "none");
  CHECK(number("") == "none");
  CHECK(codes(document) == std::vector<std::string>{"syntax.duplicate-key", "syntax.duplicate-key"});
  CHECK(document.diagnostics()[0].message ==
        "the first entry of this key counts, bibtex ignores the later 'KEY'");
}

TEST_CASE("a field is a duplicate by its whole name, in any case") {
  // Behind the entry stands enough text that its fields are read by the quick reader.
  const auto findings = [](std::string_view fields) {
    return codes(Document::parse("@misc{key, " + std::string(fields) + "}\n" + std::string(500, ' ')));
  };
  const std::vector<std::string> duplicate = {"syntax.duplicate-field"};
  CHECK(findings("title = {a}, Title = {b}") == duplicate);
  CHECK(findings("a = 1, b = 2, A = 3") == duplicate);  // of one byte
  CHECK(findings("no = 1, on = 2, NO = 3") == duplicate);
  CHECK(findings("doi = {a}, url = {b}, dOi = {c}") == duplicate);
  CHECK(findings("a = 1, b = 2, aa = 3, ab = 4").empty());
  // The same in front, in the middle and at the end.
  CHECK(findings("aaxbbxcc = 1, aaybbycc = 2").empty());
  CHECK(findings("aaxbbxcc = 1, aaybbycc = 2, AAXBBXCC = 3") == duplicate);
}
