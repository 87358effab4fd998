// What the parser does with texts that are wrong in ways that the micro-cases do not show, its limits, and
// the words of its findings.
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/syntax/document.hpp"
#include "bibtex/syntax/walker.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/outline.hpp"

using namespace bibsmith::bibtex;
using bibsmith::testing::codes;
using bibsmith::testing::outline;

namespace {

std::string messages(std::string_view text) {
  const Document document = Document::parse(std::string(text));
  std::string out;
  for (const Diagnostic& diagnostic : document.diagnostics()) {
    out += std::to_string(diagnostic.span.begin) + ": " + diagnostic.message + '\n';
  }
  return out;
}

std::string lines(std::string_view text) {
  std::string out;
  for (const std::string& line : outline(Document::parse(std::string(text)))) out += line + '\n';
  return out;
}

}  // namespace

TEST_CASE("a value that is never closed ends before the next entry") {
  CHECK(lines("@a{b,\n  c = {d {e,\n  f = {g}\n}\n@h{i, j={k}}\n@l{m, n={o}}\n") ==
        "a b: c={d {e f={g}\nh i: j={k}\nl m: n={o}\n");
  CHECK(lines("@a{b,\n  c = {d {e\n}\n@h{i, j={k}}\n@l{m, n={o}}\n") ==
        "a b: c={d {e\n}...\nh i: j={k}\nl m: n={o}\n");
  CHECK(lines("@a{b, c = \"d},\n@h{i, j={k}}\n") == "a b: c=\"d}...\nh i: j={k}\n");
  CHECK(lines("@a{b, c = {d,\n@string{e = {f}}\n") == "a b: c={d...\nstring: e={f}\n");
  CHECK(messages("@a{b, c = {d,\n@h{i, j={k}}") ==
        "10: value is never closed, it opens with '{'\n"
        "14: expected the closing delimiter of the entry, got '@'\n");
}

TEST_CASE("a value that lacks its delimiter ends before the next field") {
  // One brace too few: the '}' of the entry closes the value.
  CHECK(lines("@a{b,\n  author = {A and M{\\'e},\n  year = {2021},\n  doi = \"x\"\n}\n\n@h{i, j={k}}\n") ==
        "a b: author={A and M{\\'e} year={2021} doi=\"x\"\nh i: j={k}\n");
  CHECK(messages("@a{b,\n  c = {d {e},\n  f = {g},\n}\n") ==
        "12: value is never closed, it opens with '{'\n");
  // Two too few: nothing closes it.
  CHECK(lines("@a{b,\n  author = {A and F{\\c{c B},\n  year = {2021},\n}\n@h{i, j={k}}\n") ==
        "a b: author={A and F{\\c{c B} year={2021}\nh i: j={k}\n");
  CHECK(lines("@a{b,\n c = {d {e},\n f = g,\n}") == "a b: c={d {e} f=g\n");
  CHECK(lines("@a{b,\n c = {d {e},\n f = 1\n}\ntext\n% more\n@h{i, j={k}}\n") ==
        "a b: c={d {e} f=1\nh i: j={k}\n");
  // Each value that follows may lack one too, and it need not be the last of its line that does.
  CHECK(lines("@a{b,\n c = {d {e},\n f = {g {h},\n i = {j}\n}\n") == "a b: c={d {e} f={g {h} i={j}\n");
  CHECK(lines("@a{b, c = {d}, e = {f {g}\n , h = {i}\n , j = 1\n}\n") == "a b: c={d} e={f {g} h={i} j=1\n");
  CHECK(lines("@a(b,\n c = {d {e},\n f = {g}\n)\n@h{i,}\n") == "a b: c={d {e} f={g}\nh i:\n");
  CHECK(lines("@string{b = {c {d},\n e = {f}\n}\n") == "string: b={c {d} e={f}\n");
}

TEST_CASE("a quoted value that lacks its end ends before the next field") {
  CHECK(lines("@a{b,\n c = \"d,\n e = \"2021\",\n f = {g}\n}\n") == "a b: c=\"d e=\"2021\" f={g}\n");
  CHECK(lines("@a{b,\n c = \"d,\n e = {2021},\n f = \"g\"\n}\n") == "a b: c=\"d e={2021} f=\"g\"\n");
  CHECK(lines("@a{b,\n c = \"d,\n e = {2021}\n}\n@h{i, j=\"k\"}\n") == "a b: c=\"d e={2021}\nh i: j=\"k\"\n");
  CHECK(lines("@a{b,\n c = \"d {e\",\n f = \"g\"\n}\n@h{i, j=\"k\"}\n") ==
        "a b: c=\"d {e\" f=\"g\"\nh i: j=\"k\"\n");
}

TEST_CASE("a value with lines that look like fields stays whole where its braces are right") {
  for (const char* value : {"{x\n  y = {1},\n  z = 2,\n}", "\"x\n  y = {1},\n  z = 2,\n\"",
                            "{x\n, y = \"1\"}", "\"\n  y = \"", "{x\n  y = {1}\n} # jan", "{\n y = {}}"}) {
    const std::string text = std::string("@a{b,\n  c = ") + value + ",\n  d = 1\n}\n@h{i,}\n";
    CAPTURE(text);
    CHECK(Document::parse(text).findings().empty());
    CHECK(Document::parse(text).find("b")->end_field == 2);
  }
  // Other anomalies near it: no comma, the wrong delimiter, text, a comment.
  const std::string value = "{x\n  y = {1}\n}";
  CHECK(lines("@a{b, c = " + value + " d = 1}\n") == "a b: c=" + value + " d=1\n");
  CHECK(lines("@a{b, c = " + value + ";\n d = 1 }\n") == "a b: c=" + value + " d=1\n");
  CHECK(lines("@a{b, c = " + value + ")\n@h{i,}\n") == "a b: c=" + value + "...\nh i:\n");
  CHECK(lines("@a{b, c = " + value + " % d\n}\n@h{i,}\n") == "a b: c=" + value + "\nh i:\n");
  CHECK(lines("@a(b, c = " + value + " e )\n@h{i,}\n") == "a b: c=" + value + "\nh i:\n");
}

TEST_CASE("what is no line of a field ends no value") {
  for (const char* line : {"x y = {1}", "$x = {1}", "1x = {1}", "\\x = {1}", "x\n = {1}", "x = y z",
                           "x = ", "x@y = {1}", "x {1}", "= {1}", ",, x = {1}"}) {
    const std::string value = std::string("{d {e}\n  ") + line + "\n}";
    CAPTURE(value);
    CHECK(lines("@a{b, c = " + value + "\n@h{i,}\n") == "a b: c=" + value + "...\nh i:\n");
  }
  // Not on a line of its own; TeX's code; where another block may begin in the value.
  CHECK(lines("@a{b, c = {d {e}, f = {g}}\n@h{i,}\n") == "a b: c={d {e}, f = {g}}...\nh i:\n");
  CHECK(lines("@preamble{{d {e}\n f = {g}\n}\n@h{i,}\n") == "preamble: ={d {e}\n f = {g}\n}...\nh i:\n");
  CHECK(lines("@a{b, c = {d {e}\n@f{g}\n h = {i}\n}\n@h{i,}\n") ==
        "a b: c={d {e}\n@f{g}\n h = {i}\n}...\nh i:\n");
}

TEST_CASE("values that are never closed are read in linear time") {
  std::string braced;
  std::string quoted;
  std::string blocks;
  std::string tails;
  std::string pairs;
  constexpr int count = 100'000;
  for (int i = 0; i < count; ++i) {
    braced += "a = {\n";
    quoted += "a = \"{\n";
    blocks += "x@a{b,c={{\nd=1}";
    tails += "@x{y,c={{\nd=1} ";
    for (int j = 0; j < 10; ++j) pairs += "{}\n";
  }
  for (int i = 0; i < count; ++i) tails += "}@z(";
  const Document fields = Document::parse("@a{b,\n" + braced);
  CHECK(fields.fields(fields.entries()[0]).size() == count);
  CHECK(Document::parse("@a{b,\n" + quoted).entry_count() == 1);
  CHECK(Document::parse(blocks).entry_count() >= 1);
  CHECK(Document::parse(tails).entry_count() >= 1);
  // Behind a value that was cut, each brace asks whether a field's line came before it.
  const Document cut = Document::parse("@a{b, c={d\n e={f\n g={" + pairs);
  CHECK(cut.fields(cut.entries()[0]).size() == 3);
}

TEST_CASE("a value that is closed may show entries") {
  CHECK(lines("@a{b, c = {see\n@h{i, j={k}}\n}, d = 1}\n@e{f,}\n") ==
        "a b: c={see\n@h{i, j={k}}\n} d=1\ne f:\n");
  std::string text = "@a{b, c = {";
  for (std::uint32_t i = 0; i < entry_lines_in_value_max; ++i) text += "\n@h{i,}";
  CHECK(Document::parse(text + "}}\n").entry_count() == 1);
  CHECK(Document::parse(text + "\n@h{i,}}}\n").entry_count() == entry_lines_in_value_max + 2);
}

TEST_CASE("an entry that lacks its closing delimiter ends before the next, even on its line") {
  CHECK(lines("@a{b, c=1 @d{e, f=2}\n") == "a b: c=1...\nd e: f=2\n");
  CHECK(lines("@a{b @d{e, f=2}\n") == "a b:...\nd e: f=2\n");
  CHECK(lines("@a{\n@d{e, f=2}\n") == "a :...\nd e: f=2\n");
}

TEST_CASE("a missing value or name loses only itself") {
  CHECK(lines("@a{b, c=, d=1}") == "a b: c=? d=1\n");
  CHECK(lines("@a{b, c= d=1}") == "a b: c=? d=1\n");
  CHECK(lines("@a{b, c={x} # d=1}") == "a b: c={x} d=1\n");
  CHECK(lines("@a{b, =1, d=1}") == "a b: d=1\n");
  CHECK(lines("@a{b, {x}, d=1}") == "a b: d=1\n");
  CHECK(lines("@a{b c=1, d=2}") == "a b: c=1 d=2\n");
  CHECK(lines("@a{b, x y z c=1}") == "a b: c=1\n");
}

TEST_CASE("messages name the thing and the place") {
  CHECK(messages("@a{b, c={d} e=1}") == "12: expected ',' after field value, got 'e'\n");
  CHECK(messages("@a{b") == "4: expected the closing delimiter of the entry, got end of file\n");
  CHECK(messages("@a{b c, d=1}") == "5: expected ',' after citation key, got 'c'\n");
  CHECK(messages("@a{b, c d}") == "8: expected '=' after field name, got 'd'\n");
  CHECK(messages("@a{b, c=}") == "8: expected a value after '=', got '}'\n");
  CHECK(messages("@a{b, c={d}#}") == "12: expected a value after '#', got '}'\n");
  CHECK(messages("@a{b,,}") == "5: expected a field name, got ','\n");
  CHECK(messages("@a{b, \"x\", c=1}") == "6: expected a field name, got '\"'\n");
  CHECK(messages("@a{b, \x1b, c=1}") == "6: expected a field name, got byte 0x1B\n");
  CHECK(messages("@a{,}") == "3: expected a citation key, got ','\n");
  CHECK(messages("@a{b, 1c=1}") == "6: bibtex reads no field name that starts with a digit: '1c'\n");
  CHECK(messages("@a{b, c=1(2}") == "8: expected a number, a macro name or a delimited value, got '1(2'\n");
  CHECK(messages("@a{b, c={d}}, e") == "12: entry has ended, yet here stands ','\n");
  CHECK(messages("@a{b, c={d\\}}") == "11: '\\' does not protect the closing '}'\n");
  CHECK(messages("@a{b, c={d\\\\}}") == "");
  CHECK(messages("\xEF\xBB\xBF@a{b}") == "0: text starts with a byte order mark\n");
}

TEST_CASE("bytes are kept and what is wrong with them is said once a line") {
  CHECK(messages("@a{b, c={\xE9\xE9}}\n\xE9\n") == "9: not UTF-8: byte 0xE9\n14: not UTF-8: byte 0xE9\n");
  CHECK(messages("\xC3\xA9\xE2\x82\xAC\xF0\x9D\x94\xB8") == "");
  CHECK(messages("\xED\xA0\x80").starts_with("0: not UTF-8"));
  CHECK(messages(std::string_view("\0\0", 2)) == "0: biber aborts at byte 0x00\n");
  CHECK(messages("@a{b, c={\x1b$B8@\x1b(B}}\n") ==
        "9: ISO 2022 escape: the bytes after it may look like braces and quotes\n");
}

TEST_CASE("UTF-16 is recognised and refused") {
  for (const std::string_view text : {std::string_view("\xFF\xFE@\0a\0", 6),
                                      std::string_view("\xFE\xFF\0@", 4), std::string_view("@\0a\0{\0", 6)}) {
    const Document document = Document::parse(std::string(text));
    REQUIRE(document.blocks().size() == 1);
    CHECK(document.blocks()[0].kind == BlockKind::junk);
    CHECK(document.text(document.blocks()[0].span) == text);
    REQUIRE(document.diagnostics().size() == 1);
    CHECK(document.diagnostics()[0].message == "text is UTF-16: convert it to UTF-8");
  }
}

TEST_CASE("a text over the limit is refused whole") {
  const Document document = Document::parse(std::string(text_bytes_max + 1, ' '));
  CHECK(document.blocks().size() == 1);
  REQUIRE(document.diagnostics().size() == 1);
  CHECK(document.diagnostics()[0].message == "text is larger than 256 MiB");
}

TEST_CASE("names and keys over the limit are passed over") {
  const std::string longest(name_bytes_max, 'x');
  CHECK(Document::parse("@a{" + longest + ",}").find(longest).has_value());
  CHECK(codes(Document::parse("@a{" + longest + "x,}")) == std::vector<std::string>{"syntax.name-too-long"});
  CHECK(lines("@a{b, " + longest + "x = 1, c = 2}") == "a b: c=2\n");
  CHECK(lines("@a{b, " + longest + " = 1, c = 2}") == "a b: " + longest + "=1 c=2\n");
}

TEST_CASE("deep nesting is read and diagnosed") {
  const auto nested = [](std::size_t depth) {
    return "@a{b, c=" + std::string(depth, '{') + std::string(depth, '}') + "}";
  };
  CHECK(codes(Document::parse(nested(depth_max))).empty());
  CHECK(messages(nested(depth_max + 1)) == "520: braces nest deeper than 512\n");
  CHECK(Document::parse(nested(1'000'000)).find("b")->is_closed);
}

TEST_CASE("findings over the limit are counted as one") {
  std::string text = "@a{b";
  text.append(findings_max + 5, ',');
  const Document document = Document::parse(text + "}");
  REQUIRE(document.diagnostics().size() == findings_max + 1);
  CHECK(document.diagnostics().back().message == "and more: only the first 100000 findings are kept");
}

TEST_CASE("a million entries and a line of many megabytes are read") {
  std::string text;
  for (int i = 0; i < 1'000'000; ++i) text += "@a{k" + std::to_string(i) + ",n=" + std::to_string(i) + "}\n";
  const Document document = Document::parse(text);
  CHECK(document.entry_count() == 1'000'000);
  const Block entry = document.find("k765432").value();
  CHECK(document.text(document.fields(entry)[0].value) == "765432");

  const Document line = Document::parse("@a{b, c={" + std::string(20'000'000, 'x') + "}}");
  CHECK(line.find_field(line.find("b").value(), "c")->value.size() == 20'000'002);
}

TEST_CASE("texts that nothing closes are read in linear time") {
  for (const char* part :
       {"@a{b,c={\n", "@a{b,c=\"\n", "@comment{\n", "@comment(\n", "@a{b,c={{", "@", "@a ", "%", "@a{b\n",
        "@a{b,c d\n", "@string{", "@preamble{\"", "@comment @", "\xC2\xA0", "=", "\""}) {
    std::string text;
    while (text.size() < 400'000) text += part;
    const Document document = Document::parse(text);
    CHECK(document.blocks().size() > 0);
  }
}
