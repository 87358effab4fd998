#include <string>
#include <string_view>

#include "bibtex/model/document_entry.hpp"
#include "bibtex/write/style.hpp"
#include "bibtex/write/write_entry.hpp"
#include "tests/support/catch.hpp"

using namespace bibsmith::bibtex;

namespace {

// Measures the style of the text and writes its first entry in it.
std::string rewritten(std::string_view text) {
  const Document document = Document::parse(std::string(text));
  return write_entry(to_entry(document, document.entries()[0]), measure_style(document));
}

}  // namespace

TEST_CASE("the default style is that of a new file") {
  Entry entry{"misc", "key", {}};
  entry.set("author", Value::braced("A and B"));
  entry.set("archiveprefix", Value::braced("arXiv"));
  entry.set("month", Value::macro("jan"));
  entry.set("year", Value{{Piece{Piece::Kind::number, "1999"}}});
  entry.set("note", Value{{Piece{Piece::Kind::quoted, "x"}, Piece{Piece::Kind::macro, "y"}}});
  CHECK(write_entry(entry, Style{}) ==
        "@misc{key,\n"
        "  author        = {A and B},\n"
        "  archiveprefix = {arXiv},\n"
        "  month         = jan,\n"
        "  year          = 1999,\n"
        "  note          = \"x\" # y,\n"
        "}");
  const Document document = Document::parse(write_entry(entry, Style{}));
  CHECK(document.diagnostics().empty());
  CHECK(to_entry(document, document.entries()[0]) == entry);
}

TEST_CASE("an entry without fields is written and read") {
  CHECK(write_entry(Entry{"misc", "key", {}}, Style{}) == "@misc{key,\n}");
  CHECK(write_entry(Entry{"misc", "a}b", {}}, Style{}) == "@misc(a}b,\n)");
}

TEST_CASE("an entry rewritten in its own style is unchanged") {
  for (const char* text : {
           "@article{a,\n  title = {t},\n  journal = {j},\n  year = {1999}\n}",
           "@article{a,\n  title   = {t},\n  journal = {j},\n  year    = {1999},\n}",
           "@ARTICLE{a,\n\tTITLE=\"t\",\n\tJOURNAL=\"j\",\n\tYEAR=1999\n}",
           "@Article{a,\n  Title   = {t},\n  Journal = {j},\n  Year    = {1999}\n}",
           "@InProceedings{a,\n    title =     \"t\",\n    booktitle = \"j\",\n    year =      1999\n  }",
           "@article{a, title={t}, journal={j}, year=1999}",
           "@article{a,\r\n title={t},\r\n journal={j}}",
       }) {
    CHECK(rewritten(text) == text);
  }
}

TEST_CASE("the style is that of most entries") {
  const Document document = Document::parse(
      "@misc{a,\n title = {t},\n year = 1999\n}\n\n\n"
      "@misc{b,\n title = {t},\n year = 1999\n}\n\n\n"
      "@MISC{c, title=\"t\"}\n");
  const Style style = measure_style(document);
  CHECK(style.type_case == LetterCase::lower);
  CHECK(style.indent == " ");
  CHECK(style.blank_lines == 2);
  CHECK_FALSE(style.has_quotes);
  CHECK(style.has_bare_numbers);
  CHECK_FALSE(style.has_trailing_comma);
  CHECK(style.equals_column == 0);
  CHECK(style.line_end == "\n");
}

TEST_CASE("a file without entries has the default style and its own line end") {
  Style crlf;
  crlf.line_end = "\r\n";
  CHECK(measure_style(Document::parse("% papers\r\n")) == crlf);
  CHECK(measure_style(Document::parse("")) == Style{});
}

TEST_CASE("quotes that do not fit are written as braces") {
  Style style;
  style.has_quotes = true;
  CHECK(write_value(Value::braced("a"), style) == "\"a\"");
  CHECK(write_value(Value::braced("a \" b"), style) == "{a \" b}");
  CHECK(write_value(Value::braced("a {\"} b"), style) == "\"a {\"} b\"");
  CHECK(write_value(Value{}, style) == "{}");
}
