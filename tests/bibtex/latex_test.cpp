#include "bibtex/model/latex.hpp"

#include <string>

#include "tests/bibtex/shared_rows.hpp"
#include "tests/support/catch.hpp"

namespace bibsmith::bibtex {
namespace {

struct Pair {
  const char* from;
  const char* to;
};

TEST_CASE("LaTeX reads as the text that it prints") {
  const Pair pairs[] = {
      {"", ""},
      {"plain", "plain"},
      {"M{\\\"u}ller", "Müller"},
      {"M\\\"uller", "Müller"},
      {"M\\\"{u}ller", "Müller"},
      {"{\\L}ukasz", "Łukasz"},
      {"\\L ukasz", "Łukasz"},
      {"\\L{}\\'od\\'z", "Łódź"},
      {"{\\v{C}}apek", "Čapek"},
      {"\\v Capek", "Čapek"},
      {"na\\\"{\\i}ve", "naïve"},
      {"na\\\"\\i ve", "naïve"},
      {"Nguy{\\~{\\^e}}n", "Nguyễn"},
      {"\\'{\\^a}", "ấ"},
      {"\\'{\\ae}", "ǽ"},
      {"S\\o ren", "Søren"},
      {"\\emph{word} and \\relax x", "word and x"},
      {"$H_0$ and \\(x\\)", "$H_0$ and \\(x\\)"},
      {"50\\% of \\$5 \\& \\#1 \\_", "50% of $5 & #1 _"},
      {"1990--2000 --- ``so''", "1990–2000 — “so”"},
      {"a~b", "a\u00A0b"},
      {"\\^{}", "^"},
      {"\\textsuperscript{13}C", "¹³C"},
      {"\\textsubscript{ab}", "ab"},
      {"\\", "\\"},
      {"}{", ""},
      {"\\'", "´"},
      {"\\'}x", "´x"},
      {"{\\'{", "´"},
      {"costs $5", "costs $5"},
  };
  for (const Pair& pair : pairs) {
    CAPTURE(pair.from);
    CHECK(to_unicode(pair.from) == pair.to);
  }
}

TEST_CASE("Math is converted on request") {
  CHECK(to_unicode("$\\leq$", MathReading::convert) == "≤");
  CHECK(to_unicode("$\\Beta$ \\Beta", MathReading::convert) == "Β ");
  CHECK(to_unicode("\\(\\alpha\\)-decay", MathReading::convert) == "α-decay");
}

TEST_CASE("Math reads as words and fractions") {
  const Pair pairs[] = {
      {"$O(n \\log n)$", "O(n log n)"},
      {"$2\\log n$", "2 log n"},
      {"$\\log\\log n$", "log log n"},
      {"$\\log_2 n$", "log_2 n"},
      {"$\\sin(x)$", "sin(x)"},
      {"$\\max\\{a,b\\}$", "max{a,b}"},
      {"$\\ln{x}$", "ln x"},
      {"$\\exp$", "exp"},
      {"$p \\bmod q$", "p mod q"},
      {"$a\\pmod{4}$", "a mod 4"},
      {"$\\log\\alpha$", "log α"},
      {"log-like \\log x", "log-like x"},
      {"$\\frac{1}{2}$", "1/2"},
      {"$\\frac12$", "1/2"},
      {"$\\frac{a+b}{2c}$", "(a+b)/2c"},
      {"$\\frac{1}{\\frac{1}{2}}$", "1/(1/2)"},
      {"$\\frac{1}$", "1/"},
  };
  for (const Pair& pair : pairs) {
    CAPTURE(pair.from);
    CHECK(to_unicode(pair.from, MathReading::convert) == pair.to);
  }
}

TEST_CASE("Arguments that TeX does not print are not read") {
  const Pair pairs[] = {
      {"{\\noopsort{1973c}}1981", "1981"},
      {"\\SortNoop{b}B", "B"},
      {"\\noop {b}B", "B"},
      {"\\textcolor{red}{x}", "x"},
      {"\\textcolor[rgb]{1,0,0}{x}", "x"},
      {"\\foreignlanguage{french}{mot}", "mot"},
      {"\\href{http://a}{link}", "link"},
      {"{\\color{red} x}", " x"},
      {"\\href{open", "open"},
      {"\\noop", ""},
  };
  for (const Pair& pair : pairs) {
    CAPTURE(pair.from);
    CHECK(to_unicode(pair.from) == pair.to);
  }
}

TEST_CASE("Only accents and letters become Unicode, every other byte of TeX stays") {
  const Pair pairs[] = {
      {"Schr\\\"odinger", "Schrödinger"},
      {"{\\it tritronqu\\'ee}", "{\\it tritronquée}"},
      {"Verdi\\`ere", "Verdière"},
      {"{\\\"o} {\\\"{o}} \\\"{o}", "ö ö ö"},
      {"$\\tilde{a}$ \\~{a}", "$\\tilde{a}$ ã"},
      {"\\alpha \\emph{x} \\& a--b", "\\alpha \\emph{x} \\& a--b"},
      {"{GPT} {\\o} {a\\o}", "{GPT} ø {aø}"},
      {"\\\"Band gap\\\"", "\\\"Band gap\\\""},
      {"\\'{ab} \\'{} \\'", "\\'{ab} \\'{} \\'"},
      {"\\'\\^x", "\\'\\^x"},
      {"{\\'}", "{\\'}"},
      {"K{\\i}l{\\i}co\\u{g}lu", "Kılıcoğlu"},
      {"}{", "}{"},
  };
  for (const Pair& pair : pairs) {
    CAPTURE(pair.from);
    CHECK(accents_to_unicode(pair.from) == pair.to);
  }
}

TEST_CASE("Text is written in the form that BibTeX takes for letters") {
  const Pair pairs[] = {
      {"Müller", "M{\\\"u}ller"},
      {"Łukasz", "{\\L}ukasz"},
      {"Čapek", "{\\v{C}}apek"},
      {"naïve", "na{\\\"i}ve"},
      {"Nguyễn", "Nguy{\\~{\\^e}}n"},
      {"Åsa Ødegård", "{\\AA}sa {\\O}deg{\\aa}rd"},
      {"ǽ", "{\\'{\\ae}}"},
      {"ț ţ ą ĭ", "{\\textcommabelow{t}} {\\c{t}} {\\k{a}} {\\u{i}}"},
      {"e\u0301", "{\\'e}"},
      {"x\u030C", "{\\v{x}}"},
      {"α ≤ 5°", "{\\ensuremath{\\alpha}} {\\ensuremath{\\leq}} 5{\\textdegree}"},
      {"H₂O, ¹³C", "H{\\textsubscript{2}}O, {\\textonesuperior}{\\textthreesuperior}C"},
      {"1990–2000 — “so” it’s", "1990--2000 --- ``so'' it's"},
      {"a\u00A0b\u2009c", "a~b\\,c"},
      {"soft\u00ADhyphen \u200Bzero ﬁn", "softhyphen zero fin"},
      {"a_b & 5% #1 $2 {x}", "a\\_b \\& 5\\% \\#1 \\$2 {\\textbraceleft}x{\\textbraceright}"},
      {"~^\\<>|\"",
       "{\\textasciitilde}{\\textasciicircum}{\\textbackslash}{\\textless}{\\textgreater}{\\textbar}"
       "''"},
      {"\"Why\" (\"so\") say \"I\"", "``Why'' (``so'') say ``I''"},
      {"a -- b —- ''", "a -{}- b ---{}- '{}'"},
  };
  for (const Pair& pair : pairs) {
    CAPTURE(pair.from);
    const LatexText written = to_latex(pair.from);
    CHECK(written.text == pair.to);
    CHECK(written.unwritable.empty());
  }
}

TEST_CASE("What LaTeX has no letters for stays and is reported") {
  const LatexText written = to_latex("Иванов и 山田 ơ");
  CHECK(written.text == "Иванов и 山田 ơ");
  CHECK(written.unwritable == "Иванои山田ơ");
  CHECK(to_latex("a\x81z").unwritable == "\uFFFD");
  CHECK(to_latex("M\xFCller").text == "M{\\\"u}ller");  // Windows-1252
  CHECK(to_latex("}\u033B") == LatexText{"{\\textbraceright}\u033B", "\u033B"});
}

TEST_CASE("With UTF-8 only the specials are escaped") {
  CHECK(to_latex("Müller & Иванов _\u200B", TextEncoding::utf8).text == "Müller \\& Иванов \\_");
}

TEST_CASE("TeX keeps its ASCII, other characters are encoded where they stand") {
  const Pair pairs[] = {
      {"{\\it Über} $α$ \\& §", "{\\it {\\\"U}ber} ${\\alpha}$ \\& {\\textsection}"},
      {"\\$5 für ü$", "\\$5 f{\\\"u}r {\\\"u}$"},
      {"$5 für 6$", "$5 f{\\\"u}r 6$"},
      {"$x²$ ²", "$x^{2}$ {\\texttwosuperior}"},
  };
  for (const Pair& pair : pairs) {
    CAPTURE(pair.from);
    CHECK(encode_latex(pair.from).text == pair.to);
  }
}

TEST_CASE("What is written reads back") {
  for (char32_t code = 0x20; code < 0x3000; ++code) {
    std::string text = "a";
    text += code < 0x80    ? std::string(1, static_cast<char>(code))
            : code < 0x800 ? std::string{static_cast<char>(0xC0U | (code >> 6U)),
                                         static_cast<char>(0x80U | (code & 0x3FU))}
                           : std::string{static_cast<char>(0xE0U | (code >> 12U)),
                                         static_cast<char>(0x80U | ((code >> 6U) & 0x3FU)),
                                         static_cast<char>(0x80U | (code & 0x3FU))};
    text += "b";
    const LatexText written = to_latex(text);
    if (!written.unwritable.empty()) continue;
    const std::string once = to_unicode(written.text);
    CAPTURE(text, written.text);
    CHECK(to_unicode(to_latex(once).text) == once);
    // Letters are never traded for others.
    if (code >= 0xC0 && code < 0x250) CHECK(once == text);
  }
}

TEST_CASE("Deep nesting is taken without recursion") {
  std::string deep;
  for (int i = 0; i < 100000; ++i) deep += "{\\'";
  CHECK(to_unicode(deep).size() < deep.size());
  CHECK(accents_to_unicode(deep) == deep);
  CHECK(to_unicode(std::string(100000, '{') + "x" + std::string(100000, '}')) == "x");
}

TEST_CASE("Math is told from money") {
  CHECK(math_end("$x$", 0) == 3);
  CHECK(math_end("$$x$$", 0) == 5);
  CHECK(math_end("\\(x\\) y", 0) == 5);
  CHECK(math_end("$100 laptop for $2", 0) == std::string_view::npos);
  CHECK(math_end("$2 + 1$", 0) == 7);
  CHECK(math_end("$x", 0) == std::string_view::npos);
  CHECK(math_end("$x\\$", 0) == std::string_view::npos);
  CHECK(math_end("$}x{$", 0) == std::string_view::npos);
}

// Spaces that readers trim, and no-break spaces that some print as spaces, do not count.
std::string comparable(const std::string& text) {
  std::string out = text;
  for (std::size_t at = out.find("\u00A0"); at != std::string::npos; at = out.find("\u00A0"))
    out.replace(at, 2, " ");
  while (!out.empty() && out.back() == ' ') out.pop_back();
  while (!out.empty() && out.front() == ' ') out.erase(0, 1);
  return out;
}

TEST_CASE("Conformance: other readers agree", "[conformance]") {
  std::size_t agreed = 0;
  std::size_t right = 0;
  for (const auto& row : testing::shared_rows("bibtex_latex_dev.jsonl")) {
    if (!row["agreed"].get<bool>()) continue;
    ++agreed;
    const auto latex = row["latex"].get<std::string>();
    const std::string ours = comparable(to_unicode(latex, MathReading::convert));
    const std::string expected = comparable(row.value("prefer", row["unicode"].get<std::string>()));
    if (ours == expected) {
      ++right;
    } else {
      UNSCOPED_INFO(latex << " reads " << ours << ", expected " << expected);
    }
  }
  INFO(right << " of " << agreed);
  CHECK(right * 100 >= agreed * 99);
}

}  // namespace
}  // namespace bibsmith::bibtex
