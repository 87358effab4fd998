#include "bibtex/import/bbl.hpp"

#include <string>

#include "tests/support/catch.hpp"

using namespace bibsmith::bibtex;

namespace {

// "type key: name=value; ..." of each item.
std::string read(std::string_view text) {
  std::string out;
  for (const BblItem& item : read_bbl(text)) {
    out += item.entry.type + ' ' + item.entry.key + ":";
    for (const Field& field : item.entry.fields)
      out += ' ' + field.name + '=' + field.value.pieces.at(0).text + ';';
    out += '\n';
    CHECK(text.substr(item.offset, item.entry.key.size()) == item.entry.key);
  }
  return out;
}

}  // namespace

TEST_CASE("an item of BibTeX's standard styles") {
  CHECK(read("\\begin{thebibliography}{9}\n\n\\bibitem{roe}\nAnn Roe, Bea~C. Doe, and C.~Poe.\n"
             "\\newblock On keys and {B}olts.\n\\newblock {\\em Journal of Keys}, 7(2):11--19, 2021.\n\n"
             "\\bibitem[{Doe et~al.(2020)Doe, [x]}]{doe}\nB.~Doe et~al.\n\\newblock Locks: a study.\n"
             "\\newblock In {\\em Proceedings of Locks}, pages 1900--1910, 2020.\n\\newblock "
             "\\doi{10.5555/locks.1}.\n"
             "\\end{thebibliography} \\bibitem{behind}") ==
        "article roe: author=Ann Roe and Bea~C. Doe and C.~Poe; title=On keys and {B}olts; journal=Journal "
        "of Keys; "
        "year=2021;\n"
        "inproceedings doe: doi=10.5555/locks.1; author=B.~Doe and others; title=Locks: a study; "
        "booktitle=Proceedings of Locks; year=2020;\n");
}

TEST_CASE("names with initials behind, a book, and quotes of IEEEtran") {
  CHECK(read("\\bibitem{a}\nRoe, A. and Doe, B.~C.\n\\newblock {\\em On Keys}.\n\\newblock Key Press, "
             "1999.\n") == "book a: author=Roe, A. and Doe, B.~C.; title=On Keys; year=1999;\n");
  CHECK(read("\\bibitem{b}\nA.~Roe and B.~Doe, ``On keys,'' \\emph{J. Keys}, vol.~7, pp. 1--9, 2001, "
             "arXiv:2101.00001.\n") ==
        "article b: eprint=2101.00001; archiveprefix=arXiv; author=A.~Roe and B.~Doe; title=On keys; "
        "journal=J. Keys; "
        "year=2001;\n");
}

TEST_CASE("marks of REVTeX and the ACM") {
  CHECK(read("\\bibitem [{\\citenamefont {Roe}(2001)}]{c}\n\\BibitemOpen \\bibfield {author} {\\bibinfo "
             "{author} "
             "{\\bibfnamefont {A.}~\\bibnamefont {Roe}},\\ }\\bibfield {title} {\\bibinfo {title} {On "
             "keys},\\ }\\href "
             "{https://doi.org/10.5555/keys} {\\bibfield {journal} {\\bibinfo {journal} {J. Keys}\\ "
             "}\\textbf {\\bibinfo "
             "{volume} {7}},\\ \\bibinfo {pages} {11} (\\bibinfo {year} {2001})}") ==
        "article c: doi=10.5555/keys; title=On keys; journal=J. Keys; volume=7; pages=11; year=2001; "
        "author=\\bibfnamefont {A.}~\\bibnamefont {Roe};\n");
}

TEST_CASE("an entry of biblatex") {
  CHECK(
      read("\\entry{roe}{article}{}\n  \\name{author}{2}{}{%\n    {{hash=x}{%\n       family={Roe},\n       "
           "familyi={R\\bibinitperiod},\n       given={Ann},\n       giveni={A\\bibinitperiod}}}%\n    "
           "{{hash=y}{%\n       family={Doe},\n       given={Bea},\n       prefix={van}}}%\n  }\n  "
           "\\list{publisher}{1}{%\n    {Press}%\n  }\n  \\field{title}{On {Keys}}\n  \\field{year}{2021}\n  "
           "\\verb{doi}\n  \\verb 10.5555/keys\n  \\endverb\n  \\true{moreauthor}\n\\endentry\n") ==
      "article roe: author=Roe, Ann and van Doe, Bea and others; publisher=Press; title=On {Keys}; "
      "year=2021; "
      "doi=10.5555/keys;\n");
}

TEST_CASE("what is no bibliography has no items, and broken ones do no harm") {
  CHECK(read("").empty());
  CHECK(read("\\bibitem").empty());
  CHECK(read("\\bibitem[").empty());
  CHECK(read("\\bibitem{a").empty());
  CHECK(read("\\bibitemx{a}").empty());
  CHECK(read("\\bibitem{a} {{{ \\newblock }}} \\newblock {") == "misc a:\n");
  CHECK(read("\\entry{a}{b}\\field{title}{\\endentry") == "b a:\n");
  std::string deep = "\\bibitem{a} x \\newblock ";
  deep.append(200'000, '{');
  CHECK(read(deep).starts_with("misc a:"));
}
