#include <string>
#include <string_view>
#include <vector>

#include "bibtex/edit/text_edit.hpp"
#include "tests/support/catch.hpp"

using namespace bibsmith::bibtex;

TEST_CASE("apply_edits leaves every other byte alone") {
  const TextEdit edits[] = {{{13, 17}, "2021"}, {{18, 18}, ","}};
  CHECK(apply_edits("@article{foo,2020}\r\n", edits) == "@article{foo,2021},\r\n");
}

TEST_CASE("apply_edits with nothing to do is the identity") {
  for (const char* text : {"", "\r\n", "@", "\xff\xfe", "@article{a"}) {
    CHECK(apply_edits(text, {}) == text);
  }
}

TEST_CASE("apply_edits inserts in order at one place") {
  const TextEdit edits[] = {{{1, 1}, "x"}, {{1, 1}, "y"}, {{1, 2}, ""}};
  CHECK(apply_edits("abc", edits) == "axyc");
}

TEST_CASE("apply_edits refuses overlap") {
  const TextEdit edits[] = {{{0, 2}, "x"}, {{1, 3}, "y"}};
  const auto result = apply_edits("abc", edits);
  REQUIRE_FALSE(result);
  CHECK(result.error().message == "edit overlaps the one before it");
  CHECK(result.error().span == Span{1, 3});
}

TEST_CASE("apply_edits refuses what lies outside") {
  for (const Span span : {Span{2, 4}, Span{4, 4}, Span{2, 1}}) {
    const TextEdit edits[] = {{span, "x"}};
    const auto result = apply_edits("abc", edits);
    REQUIRE_FALSE(result);
    CHECK(result.error().message == "edit lies outside the document");
    CHECK(result.error().span == span);
  }
}

TEST_CASE("what edits make of a text, in pieces: kept, new, kept, and so on") {
  using Pieces = std::vector<std::string_view>;
  CHECK(edited_pieces("abc", {}) == Pieces{"abc"});
  const std::vector<EditView> edits = {{{0, 1}, "x"}, {{1, 1}, ""}, {{3, 3}, "y"}};
  CHECK(edited_pieces("abc", edits) == Pieces{"", "x", "", "", "bc", "y", ""});
}
