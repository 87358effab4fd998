#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/check/check.hpp"
#include "tests/support/catch.hpp"

using namespace bibsmith::bibtex;

namespace {

struct Found {
  std::string code;
  std::string place;  // the text that it marks
  std::string message;

  friend bool operator==(const Found&, const Found&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Found& one) {
    return out << one.code << " at '" << one.place << "': " << one.message;
  }
};

std::vector<Found> findings(const std::string& text, const CheckOptions& options = {}) {
  const Document document = Document::parse(text);
  std::vector<Found> found;
  for (const Diagnostic& one : check(document, options)) {
    found.push_back({std::string(one.code), std::string(document.text(one.span)), one.message});
  }
  return found;
}

std::set<std::string_view> tested;  // every code needs an example here

// The only finding in the text.
Found finding(std::string_view code, const std::string& text, const CheckOptions& options = {}) {
  tested.insert(code);
  const std::vector<Found> found = findings(text, options);
  CAPTURE(text, found);
  REQUIRE(found.size() == 1);
  CHECK(found[0].code == code);
  return found[0];
}

// The only finding in a @misc with these fields; a BibTeX @misc needs none.
Found in_misc(std::string_view code, const std::string& fields) {
  return finding(code, "@misc{a, " + fields + "}\n");
}

bool is_clean(const std::string& fields) {
  const std::vector<Found> found = findings("@misc{a, " + fields + "}\n");
  CAPTURE(fields, found);
  CHECK(found.empty());
  return found.empty();
}

}  // namespace

TEST_CASE("an entry without faults has no findings") {
  CHECK(findings("").empty());
  CHECK(findings("% junk\n").empty());
  CHECK(findings("@article{a,\n"
                 "  author = {Jane Doe and Doe, Jr., John and {The {LIGO} Collaboration} and others},\n"
                 "  title = {A {DNA} of $x_1^2$ \\& more},\n"
                 "  journal = jacm,\n"
                 "  pages = {1--2},\n"
                 "  doi = {10.1000/a_b},\n"
                 "  url = {http://x.org/a_b&c#d},\n"
                 "  month = jan,\n"
                 "  year = 2001\n"
                 "}\n")
            .empty());
}

TEST_CASE("what the data model asks for") {
  CHECK(finding("check.missing-field", "@article{a, author={A}, title={T}, journal={J}}") ==
        Found{"check.missing-field", "a", "@article has no 'year'"});
  CHECK(finding("check.missing-field", "@book{b, title={T}, publisher={P}, year=2000}").message ==
        "@book has no 'author' or 'editor'");
  // biblatex: the constraints of blx-dm.def, with BibTeX's names as aliases.
  CHECK(findings("@online{o, title={T}, url={http://x.org}, date={2001}}").empty());
  CHECK(finding("check.missing-field", "@online{o, title={T}, date={2001}}").message ==
        "@online has no 'url' or 'doi' or 'eprint'");
  CHECK(findings("@thesis{t, author={A}, title={T}, type={phdthesis}, school={S}, date={2001}}").empty());
  CHECK(finding("check.missing-field", "@report{r, author={A}, title={T}, institution={I}, date={2001}}")
            .message == "@report has no 'type'");
  // What a parent has counts.
  CHECK(findings("@inproceedings{a, author={A}, title={T}, crossref={p}}\n"
                 "@proceedings{p, title={P}, booktitle={P}, year=2001}")
            .empty());
  CHECK(findings("@inproceedings{a, author={A}, title={T}, crossref={p}}\n"
                 "@proceedings{p, title={P}, date={2001}}")
            .empty());
  CHECK(findings("@online{a, title={T}, xdata={d}}\n@xdata{d, url={http://x.org}, date={2001}}").empty());
}

TEST_CASE("types and fields that no style knows") {
  CHECK(finding("check.unknown-type", "@artcle{a, title={T}}") ==
        Found{"check.unknown-type", "artcle",
              "no style knows the entry type 'artcle'; did you mean 'article'?"});
  CHECK(finding("check.unknown-type", "@frobnication{a, title={T}}").message ==
        "no style knows the entry type 'frobnication'");
  CHECK(finding("check.unknown-type", "@symbol{a}\n@symbol{b}\n@Symbol{c}\n").message ==
        "no style knows the entry type 'symbol' (used 3 times)");
  CHECK(findings("@software{a, title={T}}").empty());
  CHECK(findings("@IEEEtranBSTCTL{a, CTLuse_url={no}}").empty());
  CHECK(in_misc("check.misspelt-field", "auhtor = {A}") ==
        Found{"check.misspelt-field", "auhtor", "no style knows the field 'auhtor'; did you mean 'author'?"});
  CHECK(in_misc("check.misspelt-field", "journl = {J}").message ==
        "no style knows the field 'journl'; did you mean 'journal'?");
  CHECK(is_clean("my-notes = {read}, abstract = {50% & more}, bdsk-url-1 = {x}, author+an = {1=me}"));
}

TEST_CASE("parents") {
  CHECK(finding("check.missing-parent", "@misc{a, crossref = {nobody}}") ==
        Found{"check.missing-parent", "nobody", "no entry here has the key 'nobody' that crossref names"});
  CHECK(finding("check.parent-first", "@proceedings{p, title={T}, year=2001}\n@misc{a, crossref = {p}}") ==
        Found{"check.parent-first", "p", "bibtex needs the crossref parent 'p' behind its children"});
  CHECK(findings("@misc{p, title={T}, date={2001}}\n@misc{a, title={U}, crossref = {p}}",
                 {Dialect::biblatex, {}})
            .empty());
  CHECK(
      finding("check.missing-parent", "@misc{a, title={T}, date={2001}, xdata = {x, y}}\n@xdata{x, note={N}}")
          .message == "no entry here has the key 'y' that xdata names");
}

TEST_CASE("names") {
  CHECK(in_misc("check.et-al", "author = {Jane Doe et al.}") ==
        Found{"check.et-al", "Jane Doe et al.", "author: 'Jane Doe et al.': write 'and others'"});
  CHECK(in_misc("check.name-separator", "author = {Doe, J.; Roe, R.}").message ==
        "author: 'Doe, J.; Roe, R.': names are joined by 'and', not by ';'");
  CHECK(
      in_misc("check.name-separator", "editor = {Jane Doe \\& Richard Roe}").message ==
      "editor: 'Jane Doe \\& Richard Roe': names are joined by 'and', not by '&'; an organisation stands in "
      "braces");
  CHECK(in_misc("check.name-commas", "author = {Jane Doe, Richard Roe, John Smith, Mary Major}").message ==
        "author: 'Jane Doe, Richard Roe, John Smith, Mary Major' has 3 commas: names are joined by 'and'");
  CHECK(in_misc("check.name-commas", "author = {J. Doe, R. Roe}").message ==
        "author: 'J. Doe, R. Roe' has 1 comma: names are joined by 'and'");
  CHECK(in_misc("check.name-comma-last", "author = {Doe, and Roe, R.}").message ==
        "author: 'Doe,' ends with a comma");
  CHECK(in_misc("check.empty-name", "author = {Doe, J. and and Roe, R.}").message ==
        "author: a name is missing beside an 'and'");
  CHECK(in_misc("check.empty-name", "author = {Doe, J. and}").message ==
        "author: a name is missing beside an 'and'");
  CHECK(in_misc("check.others-inside", "author = {Doe, J. and others and Roe, R.}").message ==
        "author: 'others' stands before the last name");
  CHECK(in_misc("check.no-family-name", "author = {, Jane}").message ==
        "author: ', Jane' has no family name");
  CHECK(in_misc("check.odd-name", "author = {jane@example.org}").message ==
        "author: 'jane@example.org' is no name");
  CHECK(is_clean(
      "author = {van der Tak, F. F. S. and King, Jr., Martin L. and {Ernst \\& Young}, and Vald{\\'e}s}"));
}

TEST_CASE("dates") {
  CHECK(in_misc("check.bad-year", "year = {99}") ==
        Found{"check.bad-year", "99", "year is '99': write all four digits"});
  CHECK(in_misc("check.bad-year", "year = {20011}").message == "year is '20011'");
  CHECK(in_misc("check.bad-year", "year = {unknown}").message == "year is 'unknown'");
  CHECK(is_clean("year = {to appear}"));
  CHECK(is_clean("year = {1998/99}"));
  CHECK(is_clean("year = {c. 1450}"));
  CHECK(is_clean("year = {{\\noopsort{1973a}}1968}"));
  CHECK(in_misc("check.bad-month", "month = {13}").message == "month is '13'");
  CHECK(in_misc("check.bad-month", "month = {Fevrier}").message == "month is 'Fevrier'");
  CHECK(in_misc("check.month-macro", "month = {Mar}") ==
        Found{"check.month-macro", "Mar", "write mar without delimiters: styles spell that macro out"});
  CHECK(is_clean("month = 10 # \"~\" # jan"));
  CHECK(is_clean("month = {July/August}"));
  CHECK(is_clean("month = {3}"));
  CHECK(finding("check.bad-date", "@online{a, title={T}, url={http://x.org}, date = {12 June 2017}}") ==
        Found{"check.bad-date", "12 June 2017", "date is '12 June 2017': write YYYY, YYYY-MM or YYYY-MM-DD"});
  CHECK(finding("check.bad-date", "@online{a, title={T}, url={http://x.org}, date = {2017-02-30}}").place ==
        "2017-02-30");
  for (const char* date : {"2017-06-12", "2017/2018", "2017-21", "1998~", "2001/..", "199X", "-0044-03-15"}) {
    CAPTURE(date);
    CHECK(findings("@online{a, title={T}, url={http://x.org}, date = {" + std::string(date) + "}}").empty());
  }
}

TEST_CASE("identifiers, addresses and pages") {
  CHECK(in_misc("check.doi-url", "doi = {https://doi.org/10.1000/182}") ==
        Found{"check.doi-url", "https://doi.org/10.1000/182",
              "styles add the address: write the doi as '10.1000/182'"});
  CHECK(in_misc("check.doi-url", "doi = {doi: 10.1000/182}").message ==
        "styles add the address: write the doi as '10.1000/182'");
  CHECK(in_misc("check.doi-url", "doi = {http://dl.acm.org/doi/10.1145/182.1}").message ==
        "styles add the address: write the doi as '10.1145/182.1'");
  CHECK(in_misc("check.bad-doi", "doi = {1000/182}").message ==
        "'1000/182' is no doi: it is 10.NUMBER/SUFFIX");
  CHECK(in_misc("check.bad-doi", "doi = {10.1000/18 2}").place == "10.1000/18 2");
  CHECK(in_misc("check.url-in-note", "note = {See \\url{http://x.org}}").message ==
        "an address belongs in the field url");
  CHECK(in_misc("check.page-hyphen", "pages = {12-34}") ==
        Found{"check.page-hyphen", "-", "a range of pages is written with '--'"});
  CHECK(is_clean("pages = {12--34, L7, e1-x}"));
}

TEST_CASE("text that TeX reads in another way") {
  CHECK(in_misc("check.unescaped", "publisher = {Simon & Schuster}") ==
        Found{"check.unescaped", "&", "'&' means something to TeX: write '\\&'"});
  CHECK(in_misc("check.unescaped", "title = {snake_case}").place == "_");
  CHECK(in_misc("check.unescaped", "title = {A 50% cut}").place == "%");
  CHECK(in_misc("check.unescaped", "title = {The $100 laptop}").message ==
        "'$' opens math that nothing closes: write '\\$' for the sign");
  CHECK(in_misc("check.unescaped", "howpublished = {http://x.org/a_b_c}").message ==
        "'_' in an address: TeX takes it only inside '\\url{...}'");
  CHECK(finding("check.unescaped", "@string{p = {A & B}}\n").place == "&");
  CHECK(in_misc("check.html-entity", "title = {Black &amp; white}") ==
        Found{"check.html-entity", "&amp;", "'&amp;' is HTML, not LaTeX"});
  CHECK(in_misc("check.unbalanced-braces", "title = {a \\{ b } c}").place == "a \\{ b } c");
  CHECK(is_clean("title = {$a_1 & b$ \\url{http://x.org/a_b} \\(x_1\\) a\\_b}, url = {http://x.org/a_b&c}"));
}

TEST_CASE("titles that lose their capitals in lower case") {
  CHECK(in_misc("check.title-capitals", "title = {The DNA of LaTeX and arXiv}") ==
        Found{"check.title-capitals", "The DNA of LaTeX and arXiv",
              "styles put the title in lower case: protect {DNA}, {LaTeX}, {arXiv}"});
  CHECK(is_clean("title = {The {DNA} of Big Words}"));
  CHECK(is_clean("title = {ON COMPUTABLE NUMBERS}"));
  CHECK(findings("@manual{a, title = {The DNA}}").empty());  // plain.bst keeps the titles of books
  CHECK(findings("@misc{a, title = {The DNA}, date = {2001}}").empty());
}

TEST_CASE("bytes that an old bibtex does not know are noted once") {
  const auto found = findings("@misc{a, title = {M\xC3\xBCller}}\n@misc{b, title = {M\xC3\xBCller}}\n");
  tested.insert("check.non-ascii");
  REQUIRE(found.size() == 1);
  CHECK(found[0] == Found{"check.non-ascii", "\xC3\xBC",
                          "text is not ASCII: bibtex sorts and abbreviates such letters wrongly, bibtexu and "
                          "biber do not"});
}

TEST_CASE("a macro that is not defined is said once, with how often it is used") {
  CHECK(findings("@misc{a, publisher = nobody}\n@misc{b, publisher = Nobody}\n") ==
        std::vector{
            Found{"model.undefined-macro", "nobody", "macro 'nobody' is not defined here (used 2 times)"}});
  CHECK(findings("@misc{a, publisher = nobody}\n", {std::nullopt, {"nobody"}}).empty());
  CHECK(findings("@misc{a, journal = jacm}\n").empty());
}

TEST_CASE("findings are sorted by place, syntax among them") {
  const auto found = findings("@misc{a, year = {99} month = {13}, doi = {x}}\n");
  REQUIRE(found.size() == 4);
  CHECK(found[0].code == "check.bad-year");
  CHECK(found[1].code == "syntax.missing-comma");
  CHECK(found[2].code == "check.bad-month");
  CHECK(found[3].code == "check.bad-doi");
}

TEST_CASE("text that cannot be read is one finding") {
  const auto found = findings(std::string("\xFF\xFE@\0m\0", 6));
  REQUIRE(found.size() == 1);
  CHECK(found[0].code == "syntax.utf-16");
}

TEST_CASE("every code has an example above, and the list of codes is sorted") {
  const auto codes = check_codes();
  CHECK(std::is_sorted(codes.begin(), codes.end()));
  for (const std::string_view code : codes) {
    if (tested.size() < 2) break;  // this case was run alone
    CAPTURE(code);
    CHECK(tested.contains(code));
  }
}
