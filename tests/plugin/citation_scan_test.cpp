#include "plugin/latex/citation_scan.hpp"

#include <string>
#include <string_view>
#include <vector>

#include "tests/support/catch.hpp"

namespace {

std::vector<std::string> cited(std::string_view tex) {
  std::vector<std::string> keys;
  for (const auto& span : bibsmith::plugin::cited_keys(tex)) keys.emplace_back(span.in(tex));
  return keys;
}

using Keys = std::vector<std::string>;

}  // namespace

TEST_CASE("citations of LaTeX, natbib and biblatex") {
  CHECK(cited("\\cite{a}") == Keys{"a"});
  CHECK(cited("\\cite [p.~3] { a , b,c }") == Keys{"a", "b", "c"});
  CHECK(cited("\\citep*[see][p.~{]}3]{a}\\Citet{b}\\citealp<x>{c}") == Keys{"a", "b", "c"});
  CHECK(cited("\\parencite{a}\\Textcite[1]{b}\\footcitetext{c}\\fullcite{d}\\nocite{*}") ==
        Keys{"a", "b", "c", "d", "*"});
  CHECK(cited("\\parencites(pre)(post)[1]{a}[2][3]{b,c}{d} {e}") == Keys{"a", "b", "c", "d", "e"});
  CHECK(cited("\\volcite[pre]{2}[p. 1]{a}\\pvolcite{2}{b}") == Keys{"a", "b"});
  CHECK(cited("\\citeauthor{a}'s \\citeyearpar{b}, \\bibentry{c}, \\citefield{d}{title}") ==
        Keys{"a", "b", "c", "d"});
  CHECK(cited("\\mycite{a}") == Keys{"a"});
  CHECK(cited("\\cite{a,% why\n  b}") == Keys{"a", "b"});
  CHECK(cited("\\cite\n{a}") == Keys{"a"});
}

TEST_CASE("citations within the notes of others") {
  CHECK(cited("\\citep[e.g.][see also \\citealt{b}]{a} \\cite{c}") == Keys{"b", "a", "c"});
  CHECK(cited("\\cite[{cf.\\ \\cite[p.~3]{b}}]{a}") == Keys{"b", "a"});
  CHECK(cited("\\parencites(\\citealp{x})()[\\cite{b}]{a}[\\emph{no}]{c}") == Keys{"x", "b", "a", "c"});
  CHECK(cited("\\cite[{\\cite[{\\cite[3]{c}}]{b}}]{a}") == Keys{"c", "b", "a"});
  CHECK(cited("\\cite[% \\cite{d}\n]{a}") == Keys{"a"});
}

TEST_CASE("what cites nothing") {
  CHECK(cited("").empty());
  CHECK(cited("% \\cite{a}\n\\%\\cite{b}") == Keys{"b"});
  CHECK(cited("\\verb|\\cite{a}| \\verb*+\\cite{b}+ \\lstinline[x=y]!\\cite{c}! \\cite{d}") == Keys{"d"});
  CHECK(cited("\\begin{verbatim}\\cite{a}\\end{verbatim}\\cite{b}") == Keys{"b"});
  CHECK(cited("\\begin{lstlisting}[language=TeX]\n\\cite{a}\n\\end{lstlisting}") == Keys{});
  CHECK(cited("\\citestyle{authoryear}\\setcitestyle{square}\\citetext{see \\citealp{a}}") == Keys{"a"});
  CHECK(cited("\\cite\n\n{a}").empty());
  CHECK(cited("\\\\cite{a}").empty());
  CHECK(cited("\\cite").empty());
  CHECK(cited("\\cite{a").empty());
  CHECK(cited("\\cite[{a}").empty());
  CHECK(cited("\\begin{verbatim}\\cite{a}").empty());
  CHECK(cited("\\verb").empty());
  CHECK(cited("\\").empty());
}
