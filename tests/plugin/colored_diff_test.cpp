#include "plugin/cli/colored_diff.hpp"

#include <string>

#include "tests/support/catch.hpp"

using bibsmith::plugin::colored_diff;

namespace {

// The escapes as letters: (B)old, (C)yan, (R)ed, (G)reen, [ and ] around reverse, (.) for the end of a color.
std::string shown(const std::string& unified) {
  std::string out = colored_diff(unified);
  for (const auto& [code, letter] : {std::pair{"\x1b[1m", "B"},
                                     {"\x1b[36m", "C"},
                                     {"\x1b[31m", "R"},
                                     {"\x1b[32m", "G"},
                                     {"\x1b[7m", "["},
                                     {"\x1b[27m", "]"},
                                     {"\x1b[0m", "."}}) {
    const std::string sequence = code;
    for (auto at = out.find(sequence); at != out.npos; at = out.find(sequence, at)) {
      out.replace(at, sequence.size(), letter);
    }
  }
  return out;
}

}  // namespace

TEST_CASE("names, places and lines have their colors") {
  CHECK(shown("--- a.bib\n+++ a.bib\n@@ -1,2 +1,2 @@\n @misc{a,\n-  note = x\n+  year = 2001\n") ==
        "B--- a.bib.\nB+++ a.bib.\nC@@ -1,2 +1,2 @@.\n @misc{a,\nR-  note = x.\nG+  year = 2001.\n");
  CHECK(colored_diff("").empty());
}

TEST_CASE("of a line that took another's place the words that differ stand out") {
  CHECK(shown("@@ -1,2 +1,3 @@\n-  journal = {CoRR},\n-  year = {1997}\n+  journal = {Nature},\n+  pages = "
              "{1}\n+  "
              "year = {1998},\n") ==
        "C@@ -1,2 +1,3 @@.\n"
        "R-  journal = {[CoRR]},.\nR-  year = {[1997]}.\n"
        "G+  journal = {[Nature]},.\nG+  pages = {1}.\nG+  year = {[1998]}[,.\n");
}

TEST_CASE("text of a file does not drive the terminal") {
  CHECK(colored_diff("@@ -1 +1 @@\n \x1b[2Jx\x07\n").find("\x1b[2J") == std::string::npos);
  CHECK(shown("@@ -1 +1 @@\n-a \x1b[2J\n") == "C@@ -1 +1 @@.\nR-a [2J.\n");
}

TEST_CASE("a very long line is shown without a comparison") {
  std::string line;
  for (int i = 0; i < 1000; ++i) line += "w ";
  CHECK(shown("@@ -1 +1 @@\n-" + line + "\n+" + line + "x\n") ==
        "C@@ -1 +1 @@.\nR-" + line + ".\nG+" + line + "x.\n");
}
