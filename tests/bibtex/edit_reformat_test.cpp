#include <string>

#include "bibtex/edit/reformat.hpp"
#include "tests/support/catch.hpp"

using namespace bibsmith::bibtex;

namespace {

std::string reformatted(const std::string& text, const Layout& layout) {
  const Document document = Document::parse(text);
  const auto edits = reformat(document, layout);
  const auto changed = apply_edits(text, edits);
  REQUIRE(changed);
  const Document again = Document::parse(*changed);
  CHECK(is_same_content(document, again, layout));
  CHECK(reformat(again, layout).empty());
  return *changed;
}

}  // namespace

TEST_CASE("reformat lays entries out and leaves the rest alone") {
  CHECK(reformatted("% my papers   \n"
                    "  @article { a ,author={A\n   B}  , title =  \"T\",year=2001}\n"
                    "\n\n\n"
                    "@string{ x={y} }\n"
                    "@misc{b}\n",
                    {}) ==
        "% my papers   \n"
        "  @article{a,\n"
        "  author        = {A\n   B},\n"
        "  title         = \"T\",\n"
        "  year          = 2001\n"
        "}\n"
        "\n\n\n"
        "@string{ x={y} }\n"
        "@misc{b}\n");
}

TEST_CASE("a trailing comma stays, parentheses stay") {
  CHECK(reformatted("@misc(b,note={n},)", {}) == "@misc(b,\n  note          = {n},\n)");
  CHECK(reformatted("@misc{b,\n\n\n  note = {n}\n}", {}) == "@misc{b,\n  note          = {n}\n}");
}

TEST_CASE("entries whose fields stand on one line stay so where the style wants that") {
  Layout layout;
  layout.style.has_fields_on_lines = false;
  layout.style.equals_column = 0;
  CHECK(reformatted("@misc{a,note={n},  year  =  2001 }", layout) == "@misc{a, note = {n}, year = 2001 }");
}

TEST_CASE("delimiters and case change on request only") {
  Layout layout;
  layout.style.equals_column = 0;
  layout.sets_delimiters = true;
  layout.sets_case = true;
  CHECK(reformatted("@MISC{A, NOTE = \"n \" # jan # {x}, year = 2001}", layout) ==
        "@misc{A,\n  note = {n } # jan # {x},\n  year = 2001\n}");
  layout.style.has_quotes = true;
  CHECK(reformatted("@misc{a, note = {n}, title = {\"x\"}, key = {{\"x\"}}}", layout) ==
        "@misc{a,\n  note = \"n\",\n  title = {\"x\"},\n  key = \"{\"x\"}\"\n}");
}

TEST_CASE("an entry with a syntax error is left alone") {
  for (const char* text : {"@misc{a,note={n} year=2001}", "@misc{a,note=,}", "@misc{a,note={n}",
                           "@misc{a,% c\nnote={n}}", "@misc{a,,note={n}}", "@misc{,note={n}}"}) {
    CAPTURE(text);
    CHECK(reformatted(text, {}) == text);
  }
}

TEST_CASE("content is compared block by block") {
  const auto same = [](const char* a, const char* b) {
    return is_same_content(Document::parse(a), Document::parse(b), {});
  };
  CHECK(same("@misc{a,note={n}}", "@misc{a, note = {n}\n}"));
  CHECK_FALSE(same("@misc{a,note={n}}", "@misc{a,note={n }}"));
  CHECK_FALSE(same("@misc{a,note={n}}", "@misc{a,note=\"n\"}"));
  CHECK_FALSE(same("@misc{a,note={n}}", "@MISC{a,note={n}}"));
  CHECK_FALSE(same("@misc{a} x", "@misc{a} y"));
  CHECK_FALSE(same("@misc{a}", "@misc{a}@misc{b}"));
}
