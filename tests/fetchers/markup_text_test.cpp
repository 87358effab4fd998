#include "fetchers/record/markup_text.hpp"

#include <string>

#include "tests/support/catch.hpp"

using bibsmith::markup_text;

TEST_CASE("markup_text drops tags and keeps text") {
  CHECK(markup_text("Plain  text\n here") == "Plain text here");
  CHECK(markup_text("H<sub>2</sub>O in <i>E. coli</i>") == "H2O in E. coli");
  CHECK(markup_text("<jats:title>A</jats:title><jats:p>B</jats:p>") == "A B");
  CHECK(markup_text("one<br/>two<BR>three") == "one two three");
  CHECK(markup_text("a<!-- no -->b") == "ab");
  CHECK(markup_text("<a href=\"x\">link</a>") == "link");
}

TEST_CASE("markup_text leaves what only looks like a tag") {
  CHECK(markup_text("p < 0.05 and q > 1") == "p < 0.05 and q > 1");
  CHECK(markup_text("x<y") == "x<y");
  CHECK(markup_text("a <b<i>c</i>") == "a <bc");
  CHECK(markup_text("Vector<T> and the <main> symbol") == "Vector<T> and the <main> symbol");
  CHECK(markup_text("<") == "<");
  CHECK(markup_text("</") == "</");
  CHECK(markup_text("<1>") == "<1>");
}

TEST_CASE("markup_text reads entities, also those escaped twice") {
  CHECK(markup_text("R&amp;D, &lt;5, &quot;x&quot; &#233;&#xE9; &ndash;") ==
        "R&D, <5, \"x\" \u00e9\u00e9 \u2013");
  CHECK(markup_text("R&amp;amp;D") == "R&D");
  CHECK(markup_text("&lt;i&gt;x&lt;/i&gt;") == "x");
  CHECK(markup_text("AT&T &unknown; &#0; &#xD800; &;") == "AT&T &unknown; &#0; &#xD800; &;");
}

TEST_CASE("markup_text keeps a formula once") {
  CHECK(markup_text("The <mml:math><mml:mi>K</mml:mi><mml:mo>+</mml:mo></mml:math> meson") == "The K+ meson");
  CHECK(markup_text("<inline-formula><alternatives><tex-math>$K^+$</tex-math><mml:math><mml:mi>K</mml:mi>"
                    "</mml:math></alternatives></inline-formula> mesons") == "$K^+$ mesons");
  CHECK(markup_text("<math><semantics><mi>x</mi><annotation>\\x</annotation></semantics></math>") == "x");
}
