#include "tests/arxiv_emulator/tex2utf.hpp"

#include <utility>

#include "tests/arxiv_emulator/shared_rows.hpp"
#include "tests/arxiv_emulator/text.hpp"
#include "tests/support/catch.hpp"

using bibsmith::emulator::split;
using bibsmith::emulator::tex2utf;

TEST_CASE("accents with punctuation need no braces, accents with letters do") {
  CHECK(tex2utf(R"(Bal\'azs)") == "Balázs");
  CHECK(tex2utf(R"(\"{u}ber \"Uber)") == "über Über");
  CHECK(tex2utf(R"(\v{S}ime \v{C}a\v{c}i\'c)") == "Šime Čačić");
  CHECK(tex2utf(R"(\c{c} \c c \v s)") == R"(ç \c c \v s)");
  CHECK(tex2utf(R"(\H{o}\k{a}\r{a}\u{a}\=a\.z)") == "őąåăāż");
}

TEST_CASE("letters stand bare, in braces, or with a delimiter that is eaten") {
  CHECK(tex2utf(R"({\L}ukasz)") == "Łukasz");
  CHECK(tex2utf(R"(S\o ren)") == "Søren");
  CHECK(tex2utf(R"(S\o{}ren)") == "Søren");
  CHECK(tex2utf(R"(Bj{\o}rn)") == "Bjørn");
  CHECK(tex2utf(R"(\OE\ bar)") == "Œ bar");
  CHECK(tex2utf(R"({\o x})") == "{øx}");
  CHECK(tex2utf(R"(\oo \opus \ooze)") == R"(\oo \opus \ooze)");
}

TEST_CASE("Greek is converted, but not every name of it") {
  CHECK(tex2utf(R"($\omega$Test)") == "$ω$Test");
  CHECK(tex2utf(R"(\alpha bar)") == "αbar");
  CHECK(tex2utf(R"(\alpha_s)") == "α_s");
  CHECK(tex2utf(R"(\frac{\lambda}{\theta})") == R"(\fracλθ)");
  CHECK(tex2utf(R"(\varphi \upsilon \varepsilon)") == R"(\varphi \upsilon \varepsilon)");
  CHECK(tex2utf(R"(\alpha2)") == R"(\alpha2)");
}

TEST_CASE("what arXiv does not convert stays") {
  CHECK(tex2utf(R"(\'\i)") == R"(\'ı)");
  CHECK(tex2utf(R"(Na\"{\i}ve)") == R"(Na\"ıve)");
  CHECK(tex2utf(R"(\b{x} \d{x} \t{oo})") == R"(\b{x} \d{x} \t{oo})");
  CHECK(tex2utf(R"(\alphabet)") == R"(\alphabet)");
  CHECK(tex2utf("") == "");
  CHECK(tex2utf("\\") == "\\");
  CHECK(tex2utf("\xff\\'") == "\xff\\'");
}

TEST_CASE("an unknown accent leaves its letter, for a letter accent its name too") {
  CHECK(tex2utf(R"(\'v)") == "v");
  CHECK(tex2utf(R"(\^n)") == "n");
  CHECK(tex2utf(R"(\c{a})") == "ca");
}

TEST_CASE("double braces collapse, single ones stay") {
  CHECK(tex2utf(R"({\'e})") == "{é}");
  CHECK(tex2utf("{{x}} {{{y}}}") == "{x} {y}");
  CHECK(tex2utf("{{x} y}") == "{{x} y}");
}

TEST_CASE("the tokens of a hundred thousand listings come out as on arXiv") {
  std::size_t rows = 0;
  for (const std::string& row : bibsmith::testing::shared_rows("tex_accents.tsv")) {
    const auto columns = split(row, '\t');
    if (columns.size() != 3 || columns[0] == "token") continue;
    ++rows;
    CHECK(tex2utf(columns[0]) == columns[2]);
  }
  if (rows != 0) CHECK(rows == 157);
}
