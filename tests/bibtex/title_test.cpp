#include "bibtex/normalize/title.hpp"

#include <string>

#include "tests/support/catch.hpp"

namespace bibsmith::bibtex {
namespace {

std::string latex_title(std::string_view raw) {
  NormalizeFindings findings;
  return normalize_title(raw, TextEncoding::latex, findings);
}

struct Pair {
  const char* raw;
  const char* title;
};

void check_all(const std::vector<Pair>& pairs) {
  for (const Pair& pair : pairs) {
    CAPTURE(pair.raw);
    CHECK(latex_title(pair.raw) == pair.title);
    CHECK(latex_title(pair.title) == pair.title);  // twice changes nothing more
  }
}

TEST_CASE("TeX stays TeX, accents take one form") {
  check_all({
      {"On Gr\\\"obner's  theory of\nsurfaces", "On {Gr{\\\"o}bner's} theory of surfaces"},
      {"On Gr\\\\\"obner bases in the plane", "On {Gr{\\\"o}bner} bases in the plane"},
      {"The {\\it tritronqu\\'ee} solution", "The {\\itshape tritronqu{\\'e}e} solution"},
      {"The {\\it In Situ} probe", "The {{\\itshape In Situ}} probe"},
      {"Text \\textit{of some} kind\\\\with a break", "Text \\textit{of some} kind with a break"},
      {"“So” – café", "``{So}'' -- caf{\\'e}"},
      {"", ""},
  });
}

TEST_CASE("Math is left alone and braced where a style would change it") {
  check_all({
      {"$p$-adic limits", "$p$-adic limits"},
      {"The $H_0$ tension", "The {$H_0$} tension"},
      {"From dyadic $\\Lambda_{\\alpha}$ to \\(x\\)", "From dyadic {$\\Lambda_{\\alpha}$} to $x$"},
      {"energies $\\sqrt{s_{_{NN}}}$=200 GeV", "energies $\\sqrt{s_{_{NN}}}$=200 {GeV}"},
      {"forms over $\\Q(\\sqrt{5})$", "forms over $\\mathbb{Q}(\\sqrt{5})$"},
      {"pure \\alpha decay and \\sqrt{s} of it",
       "pure {\\ensuremath{\\alpha}} decay and {\\ensuremath{\\sqrt{s}}} of it"},
      {"strings on AdS_5\\times S^5", "strings on {AdS$_5${\\ensuremath{\\times}}} {S$^5$}"},
      {"the \\bar\\nu of \\frac12 and \\sqrt s",
       "the {\\ensuremath{\\bar\\nu}} of {\\ensuremath{\\frac12}} and {\\ensuremath{\\sqrt s}}"},
      {"of \\left( x \\right) it", "of {\\ensuremath{\\left( x \\right)}} it"},
      {"of \\left( x \\rightarrow y \\right) it", "of {\\ensuremath{\\left( x \\rightarrow y \\right)}} it"},
      {"the field $\\bm{x}$", "the field $\\boldsymbol{x}$"},
      {"the set $\\{x$ of it", "the set $\\lbrace x$ of it"},
      {"an $α$ in math", "an ${\\alpha}$ in math"},
  });
}

TEST_CASE("What TeX would choke on is escaped, once") {
  check_all({
      {"A study & 5% of #1 \\& 5\\%", "A study \\& 5\\% of \\#1 \\& 5\\%"},
      {"costs of $100 a laptop and $200 a phone", "costs of \\$100 a laptop and \\$200 a phone"},
      {"a $ of nothing", "a \\$ of nothing"},
      {"the foo_bar function", "the foo\\_bar function"},
      {"a < b > c | d", "a {\\textless} b {\\textgreater} c {\\textbar} d"},
      {"a \"quoted\" word", "a ``quoted'' word"},
      {"an \\\"escaped\\\" word", "an ``escaped'' word"},
      {"about ~10 of a~pair", "about $\\sim$10 of a~pair"},
      {"in}$d$ dimensions { of", "in$d$ dimensions of"},
      {"a \\{b\\} c \\", "a {\\textbraceleft}b{\\textbraceright} c {\\textbackslash}"},
      {"x &lt; y &amp; CO<sub>2</sub> in <i>coli</i>",
       "x {\\textless} y \\& {CO\\textsubscript{2}} in \\emph{coli}"},
  });
}

TEST_CASE("Bare scripts are put into math") {
  check_all({
      {"the H_2O line of 10^5Lsun", "the {H$_2$O} line of {10$^5$Lsun}"},
      {"a C^*-algebra", "a {C$^*$}-algebra"},
      {"the p_g=q=1 case and theta_13", "the p$_g$=q=1 case and theta$_{13}$"},
      {"of D_S^+ and f_D_{S^+}", "of {D$_S^+$} and {f$_D${}$_{S^+}$}"},
      {"a ^{63}Cu line", "a {$^{63}$Cu} line"},
      {"at 10^-5 of T_CMB", "at 10$^{-5}$ of {T$_{\\mathrm{CMB}}$}"},
      {"of B_s --> mu+ mu-", "of {B$_s$} $\\to$ mu+ mu-"},
      {"the Omega_b- baryon", "the {Omega$_b$}- baryon"},
  });
}

TEST_CASE("Capitals that a style would lose are protected by words") {
  check_all({
      {"GPT-4, arXiv, pH and McDonald", "{GPT-4}, {arXiv}, {pH} and {McDonald}"},
      {"BERT: Pre-training of deep transformers", "{BERT}: Pre-training of deep transformers"},
      {"{P}{D}{E} solvers and {B}ayes", "{PDE} solvers and {Bayes}"},
      {"{{BERT}} and {BERT}", "{{BERT}} and {BERT}"},
      {"Attention Is All You Need", "Attention Is All You Need"},
      {"Rational Curves on Calabi-Yau Threefolds", "Rational Curves on {Calabi-Yau} Threefolds"},
      {"Gaussian and Non-Gaussian Bayesian Methods", "Gaussian and Non-{Gaussian} {Bayesian} Methods"},
      {"Type I errors of X-ray and A-stars", "Type {I} errors of {X}-ray and {A}-stars"},
      {"The Return of A Universe", "The Return of A Universe"},
      {"the theory: Another view of things", "the theory: Another view of things"},
      {"`St\\\"uckelberg interferometry' of it", "`{St{\\\"u}ckelberg} interferometry' of it"},
      {"On the Kovalevskaya top of the world", "On the {Kovalevskaya} top of the world"},
      {"ΛCDM models", "{{\\ensuremath{\\Lambda}}CDM} models"},
      {"ON THE THEORY OF HOLES", "ON THE THEORY OF HOLES"},
      {"The \\LaTeX\\ way of $5 D", "The {\\LaTeX}\\ way of \\$5 {D}"},
  });
}

TEST_CASE("With UTF-8 letters stay letters") {
  NormalizeFindings findings;
  CHECK(normalize_title("Schr\\\"odinger & ΛCDM", TextEncoding::utf8, findings) == "Schrödinger \\& {ΛCDM}");
}

TEST_CASE("What had to be mended is reported") {
  struct Case {
    std::string raw;
    NormalizeFinding finding;
  };
  const Case cases[] = {
      {"a $ b", {"title.unbalanced-math", "a $ of the title closes nothing and was escaped"}},
      {"a } b", {"title.unbalanced-braces", "a brace of the title has no partner and was dropped"}},
      {"$\\foo$", {"title.unknown-command", "LaTeX does not define \\foo, its name is printed"}},
      {"H_2O", {"title.bare-script", "a sub- or superscript outside math was put into math"}},
      {"山", {"title.unwritable", "LaTeX has no command for 山, kept as UTF-8"}},
      {"ON THE THEORY",
       {"title.all-capitals", "the title is written in capitals, which words keep theirs is unknown"}},
      {std::string(20000, 'a'), {"title.cut", "the title is longer than 16384 bytes and was cut"}},
  };
  for (const Case& one : cases) {
    NormalizeFindings findings;
    normalize_title(one.raw, TextEncoding::latex, findings);
    CHECK(findings == NormalizeFindings{one.finding});
  }
}

}  // namespace
}  // namespace bibsmith::bibtex
