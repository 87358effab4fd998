#include "plugin/latex/source_scan.hpp"

#include <string>
#include <string_view>
#include <vector>

#include "tests/support/catch.hpp"

namespace {

using bibsmith::plugin::NamedFile;
using bibsmith::plugin::SourceFormat;
using bibsmith::plugin::SourceScan;
using Words = std::vector<std::string>;

Words keys(std::string_view text, SourceFormat format) {
  Words found;
  const SourceScan scan = bibsmith::plugin::scan_source(text, format);
  for (const auto& span : scan.keys) found.push_back(bibsmith::plugin::key_of(scan, text, span));
  return found;
}

Words defined(std::string_view text, SourceFormat format) {
  Words found;
  for (const auto& span : bibsmith::plugin::scan_source(text, format).defined)
    found.emplace_back(span.in(text));
  return found;
}

// "bib:refs" or "src:chapter" or "main:thesis".
Words files(std::string_view text, SourceFormat format) {
  Words found;
  for (const NamedFile& file : bibsmith::plugin::scan_source(text, format).files) {
    const char* role = file.role == NamedFile::Role::bibliography ? "bib:"
                       : file.role == NamedFile::Role::source     ? "src:"
                                                                  : "main:";
    found.push_back(role + file.name);
  }
  return found;
}

constexpr SourceFormat tex = SourceFormat::tex;
constexpr SourceFormat aux = SourceFormat::aux;
constexpr SourceFormat bcf = SourceFormat::bcf;
constexpr SourceFormat markdown = SourceFormat::markdown;
constexpr SourceFormat typst = SourceFormat::typst;
constexpr SourceFormat org = SourceFormat::org;

}  // namespace

TEST_CASE("the format of a source is the end of its name") {
  using bibsmith::plugin::source_format;
  CHECK(source_format("a/main.tex") == tex);
  CHECK(source_format("MAIN.TEX") == tex);
  CHECK(source_format("a.Rmd") == markdown);
  CHECK(source_format("a.qmd") == markdown);
  CHECK(source_format("a.typ") == typst);
  CHECK(source_format("a.bcf") == bcf);
  CHECK(source_format("a.bib") == std::nullopt);
  CHECK(source_format(".tex") == std::nullopt);
}

TEST_CASE("TeX names sources and bibliographies") {
  CHECK(files("\\input{a}\\include{b/c}\\input d.tex\n\\subfile{e}\\subfileinclude{f}", tex) ==
        Words{"src:a", "src:b/c", "src:d.tex", "src:e", "src:f"});
  CHECK(files("\\import{x/}{a}\\subimport*{y}{b}\\input{\"a b\"}\\input{./c}", tex) ==
        Words{"src:x/a", "src:y/b", "src:a b", "src:c"});
  CHECK(files("\\bibliography{a, b}\\addbibresource[label=x]{c.bib}\\addglobalbib{d.bib}", tex) ==
        Words{"bib:a", "bib:b", "bib:c.bib", "bib:d.bib"});
  CHECK(files("\\begin{refsection}[a.bib]\\newrefsection[b.bib,c.bib]\\putbib[d]", tex) ==
        Words{"bib:a.bib", "bib:b.bib", "bib:c.bib", "bib:d"});
  CHECK(files("\\documentclass[../main.tex]{subfiles}", tex) == Words{"main:../main.tex"});
  CHECK(files("% \\input{a}\n\\verb|\\input{b}|\\begin{verbatim}\\bibliography{c}\\end{verbatim}", tex)
            .empty());
  CHECK(files("\\input{\\folder/a}\\input{#1}\\bibliographystyle{plain}\\inputencoding{x}", tex).empty());
  CHECK(files("\\end{document}\\input{a}", tex).empty());
}

TEST_CASE("where the names of files stand, for who renames them") {
  const auto places = [](std::string_view text, SourceFormat format) {
    Words words;
    for (const NamedFile& file : scan_source(text, format).files)
      words.push_back(file.place.size() == 0 ? "-" : std::string(file.place.in(text)));
    return words;
  };
  CHECK(places("\\bibliography{a, b}\\addbibresource[x]{ c.bib}\\input{./d}", SourceFormat::tex) ==
        Words{"a", "b", "c.bib", "d"});
  CHECK(places("\\import{x/}{a}\\documentclass[../m]{subfiles}", SourceFormat::tex) == Words{"-", "../m"});
  CHECK(places("---\nbibliography: [a.bib, 'b.bib']\n---\n", SourceFormat::markdown) ==
        Words{"a.bib", "b.bib"});
  CHECK(places("#bibliography(\"a.bib\")\n#include \"b.typ\"", SourceFormat::typst) ==
        Words{"a.bib", "b.typ"});
  CHECK(places("#+bibliography: a.bib\n#+include: \"b.org\" :x\n", SourceFormat::org) ==
        Words{"a.bib", "b.org"});
}

TEST_CASE("TeX: an argument of a macro is no key, and nothing behind the document is read") {
  CHECK(keys("\\newcommand{\\see}[1]{\\cite{#1}}\\cite{\\key}\\cite{a}", tex) == Words{"a"});
  CHECK(keys("\\cite{a}\\end{document}\\cite{b}", tex) == Words{"a"});
  CHECK(bibsmith::plugin::scan_tex("\\nocite{*}").cites_all);
  CHECK(defined("\\bibitem{a}\\bibitem[A(1999)]{b}", tex) == Words{"a", "b"});
}

TEST_CASE("TeX: babel makes colons active before natbib is loaded") {
  const auto is_active = [](std::string_view text) {
    return bibsmith::plugin::scan_tex(text).has_active_colons;
  };
  CHECK(is_active("\\usepackage[french]{babel}\\usepackage{natbib}"));
  CHECK(is_active("\\documentclass[french]{article}\\usepackage{babel}\\usepackage[numbers]{natbib}"));
  CHECK_FALSE(is_active("\\usepackage{natbib}\\usepackage[french]{babel}"));
  CHECK_FALSE(is_active("\\usepackage[british]{babel}\\usepackage{natbib}"));
}

TEST_CASE(".aux: what BibTeX and biblatex are told") {
  CHECK(keys("\\relax \n\\citation{a,b}\n\\abx@aux@cite{0}{c}\n\\abx@aux@cite{d}\n\\bibcite{e}{1}\n", aux) ==
        Words{"a", "b", "c", "d"});
  CHECK(files("\\@input{sub/chapter.aux}\n\\bibdata{refs,auto}\n", aux) ==
        Words{"src:sub/chapter.aux", "bib:refs", "bib:auto"});
  CHECK(bibsmith::plugin::scan_aux("\\citation{*}\n").cites_all);
  CHECK(keys(" \\citation{a}\n\\citation{b\n}\n\\citation", aux).empty());
}

TEST_CASE(".bcf: what biber is told") {
  constexpr std::string_view text =
      "  <bcf:bibdata section=\"0\">\n"
      "    <bcf:datasource type=\"file\" datatype=\"bibtex\" glob=\"false\">auto.bib</bcf:datasource>\n"
      "  </bcf:bibdata>\n"
      "    <bcf:citekey order=\"1\" intorder=\"1\">a&amp;b</bcf:citekey>\n"
      "    <bcf:citekey order=\"2\">c</bcf:citekey><bcf:citekey order=\"3\">*</bcf:citekey>\n"
      "    <bcf:citekeycount order=\"2\"></bcf:citekeycount>\n";
  CHECK(keys(text, bcf) == Words{"a&b", "c"});
  CHECK(files(text, bcf) == Words{"bib:auto.bib"});
  CHECK(bibsmith::plugin::scan_bcf(text).cites_all);
}

TEST_CASE("Markdown as Pandoc reads it") {
  CHECK(keys("[@a; see @b:c, p. 3], @d [p. 3], -@e. @{f (1)} @arXiv:hep-th/9901001.", markdown) ==
        Words{"a", "b:c", "d", "e", "f (1)", "arXiv:hep-th/9901001"});
  CHECK(keys("me@example.org \\@a `@b` ``@c ` @d``\n```\n@e\n```\n~~~~ python\n@f\n~~~\n~~~~\n<!-- @g --> @h",
             markdown) == Words{"h"});
  CHECK(keys("@a--b @_x @ @. @1706.03762", markdown) == Words{"a", "_x", "1706.03762"});
  CHECK(files("---\ntitle: x\nbibliography: refs.bib\n---\nbibliography: no.bib\n", markdown) ==
        Words{"bib:refs.bib"});
  CHECK(files("---\nbibliography: [a.bib, 'b.bib']\n---\n", markdown) == Words{"bib:a.bib", "bib:b.bib"});
  CHECK(files("---\nbibliography:\n  - a.bib\n  - \"b.bib\"\ncsl: x.csl\n...\n", markdown) ==
        Words{"bib:a.bib", "bib:b.bib"});
}

TEST_CASE("Typst") {
  CHECK(keys("See @a and @arXiv:1706.03762. #cite(<b>, form: \"prose\") #cite(label(\"c/d\"))", typst) ==
        Words{"a", "arXiv:1706.03762", "b", "c/d"});
  CHECK(keys("// @a\n/* @b /* @c */ @d */ `@e` ```\n@f\n``` me@example.org \\@g https://x.org/@h", typst) ==
        Words{"h"});
  CHECK(defined("= Title <intro>\n", typst) == Words{"intro"});
  CHECK(files("#bibliography(\"a.bib\")\n#bibliography((\"b.bib\", \"c.yml\"), style: \"x.csl\")\n"
              "#include \"part.typ\"\n#import \"lib.typ\": f",
              typst) == Words{"bib:a.bib", "bib:b.bib", "bib:c.yml", "src:part.typ", "src:lib.typ"});
}

TEST_CASE("Org") {
  CHECK(keys("[cite:see @a p. 3; @b] [cite/t:@c] cite:d,e. [[cite:&f;&g]] me@example.org", org) ==
        Words{"a", "b", "c", "d", "e", "f", "g"});
  CHECK(keys("# [cite:@a]\n#+begin_src tex\n[cite:@b]\n#+end_src\n: [cite:@c]\nexcited:yes\n[cite:@d]",
             org) == Words{"d"});
  CHECK(keys("[cite:see @a;\n @b] @no cite:c\n[cite:@d\n\n@no]", org) == Words{"a", "b", "c"});
  CHECK(files("#+bibliography: refs.bib\n#+INCLUDE: \"part.org\" :minlevel 1\n", org) ==
        Words{"bib:refs.bib", "src:part.org"});
}

TEST_CASE("any text is read in bounded time") {
  constexpr std::size_t size = 1 << 20;
  for (const char* part :
       {"\\cite[", "\\begin{", "\\verb|a|", "\\cite{", "\\bibitem[{", "\\input{", "@{", "`", "```\n", "/*",
        "\"", "cite(", "bibliography(", "[cite:", "cite:", "<bcf:citekey", "\\citation{"}) {
    std::string text;
    while (text.size() < size) text += part;
    for (const SourceFormat format : {tex, aux, bcf, markdown, typst, org}) {
      bibsmith::plugin::scan_source(text, format);
    }
  }
}
