#include <string>

#include "bibtex/model/date.hpp"
#include "bibtex/model/dialect.hpp"
#include "bibtex/model/inheritance.hpp"
#include "tests/support/catch.hpp"

using namespace bibsmith::bibtex;

namespace {

Entry resolved(const std::string& text, const std::string& key, Dialect dialect) {
  const Document document = Document::parse(text);
  const Macros macros(document);
  const auto block = document.find(key);
  REQUIRE(block);
  return resolve_entry(document, macros, *block, dialect);
}

}  // namespace

TEST_CASE("a resolved entry has its macros expanded and its names in lower case") {
  const Entry entry =
      resolved("@string{p = {ACM} # { Press}}\n@BOOK{K, Publisher = p # {!}, YEAR = 2001, note = {}}", "K",
               Dialect::bibtex);
  CHECK(entry.type == "book");
  CHECK(entry.key == "K");
  CHECK(field_text(entry, "publisher") == "ACM Press!");
  CHECK(field_text(entry, "year") == "2001");
  CHECK(entry.find("note") == nullptr);
}

TEST_CASE("BibTeX takes fields of the same name from one parent") {
  const std::string text =
      "@inproceedings{a, title={T}, crossref={p}}\n"
      "@proceedings{p, title={P}, booktitle={B}, year=2001, crossref={q}}\n"
      "@proceedings{q, publisher={Q}}\n";
  const Entry entry = resolved(text, "a", Dialect::bibtex);
  CHECK(field_text(entry, "title") == "T");
  CHECK(field_text(entry, "booktitle") == "B");
  CHECK(field_text(entry, "year") == "2001");
  CHECK(field_text(entry, "publisher").empty());
}

TEST_CASE("biblatex gives a parent's title another name, over generations") {
  const std::string text =
      "@incollection{a, title={T}, crossref={c}}\n"
      "@collection{c, title={C}, subtitle={S}, shorttitle={x}, crossref={m}}\n"
      "@mvcollection{m, title={M}, publisher={P}, shorthand={no}}\n";
  const Entry entry = resolved(text, "a", Dialect::biblatex);
  CHECK(field_text(entry, "title") == "T");
  CHECK(field_text(entry, "booktitle") == "C");
  CHECK(field_text(entry, "booksubtitle") == "S");
  CHECK(field_text(entry, "maintitle") == "M");
  CHECK(field_text(entry, "publisher") == "P");
  CHECK(field_text(entry, "shorttitle").empty());
  CHECK(field_text(entry, "shorthand").empty());
}

TEST_CASE("xdata containers are followed, circles end") {
  const Entry entry = resolved(
      "@book{a, xdata={x, y}}\n@xdata{x, publisher={P}, xdata={y}}\n@xdata{y, location={L}, xdata={x}}", "a",
      Dialect::biblatex);
  CHECK(field_text(entry, "publisher") == "P");
  CHECK(field_text(entry, "location") == "L");
  CHECK(field_text(resolved("@book{a, crossref={a}, title={T}}", "a", Dialect::biblatex), "title") == "T");
}

TEST_CASE("dates in the form of biblatex") {
  CHECK(parse_date("2017-06-12") == DateValue{DatePart{2017, 6, 12}, std::nullopt, false});
  CHECK(parse_date("2017-06-12T10:20:30Z") == DateValue{DatePart{2017, 6, 12}, std::nullopt, false});
  CHECK(parse_date("2017-23") == DateValue{DatePart{2017, 23}, std::nullopt, false});
  CHECK(parse_date("1998?") == DateValue{DatePart{1998, 0, 0, false, true}, std::nullopt, false});
  CHECK(parse_date("1998%") == DateValue{DatePart{1998, 0, 0, true, true}, std::nullopt, false});
  CHECK(parse_date("199X") == DateValue{DatePart{1990}, std::nullopt, false});
  CHECK(parse_date("-0044-03-15") == DateValue{DatePart{-44, 3, 15}, std::nullopt, false});
  CHECK(parse_date("Y-17000") == DateValue{DatePart{-17000}, std::nullopt, false});
  CHECK(parse_date("2001/2002-02") == DateValue{DatePart{2001}, DatePart{2002, 2}, true});
  CHECK(parse_date("2001/") == DateValue{DatePart{2001}, std::nullopt, true});
  CHECK(parse_date("../2001") == DateValue{std::nullopt, DatePart{2001}, true});
  CHECK(parse_date("2004-02-29"));
  for (const char* text : {"", "/", "2001-13", "2001-02-30", "2001-2-3", "June 2001", "99", "20011", "2001-",
                           "2001-06-12T9", "2001/2002/2003", "1X99"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_date(text));
  }
}

TEST_CASE("months by name and number") {
  CHECK(parse_month("3") == 3);
  CHECK(parse_month("03") == 3);
  CHECK(parse_month("Mar.") == 3);
  CHECK(parse_month("SEPTEMBER") == 9);
  for (const char* text : {"", "13", "0", "ma", "marchy", "x"}) CHECK(parse_month(text) == 0);
}

TEST_CASE("the date of an entry comes from date, or year with month") {
  const auto date = [](const std::string& fields) {
    const Entry entry = resolved("@misc{a, " + fields + "}", "a", Dialect::bibtex);
    return entry_date(entry);
  };
  CHECK(date("date={2017-06-12}, year={2016}") == DateValue{DatePart{2017, 6, 12}, std::nullopt, false});
  CHECK(date("year=2017, month=jun") == DateValue{DatePart{2017, 6}, std::nullopt, false});
  CHECK(date("year=2017, month=12 # {~} # jun") == DateValue{DatePart{2017, 6, 12}, std::nullopt, false});
  CHECK(date("year=2017, month={June 12}") == DateValue{DatePart{2017, 6, 12}, std::nullopt, false});
  CHECK(date("year={1998/99}") == DateValue{DatePart{1998}, std::nullopt, false});
  CHECK_FALSE(date("year={to appear}"));
  CHECK_FALSE(date("title={T}"));
}

TEST_CASE("the dialect of a file is that of most of its entries") {
  const auto dialect = [](const char* text) { return measure_dialect(Document::parse(text)); };
  CHECK(dialect("") == Dialect::bibtex);
  CHECK(dialect("@book{a, title={T}}") == Dialect::bibtex);
  CHECK(dialect("@online{a, title={T}}") == Dialect::biblatex);
  CHECK(dialect("@article{a, journaltitle={T}}\n@article{b, journal={T}}\n@article{c, date={2001}}") ==
        Dialect::biblatex);
  CHECK(dialect("@article{a, journaltitle={T}}\n@article{b, journal={T}}") == Dialect::bibtex);
}

TEST_CASE("new text is written in the encoding of its file, never in a second one") {
  const auto encoding = [](const char* text, Dialect dialect) {
    return measure_encoding(Document::parse(text), dialect);
  };
  CHECK(encoding("@misc{a, title={cafe}}", Dialect::bibtex) == TextEncoding::latex);
  CHECK(encoding("@misc{a, title={cafe}}", Dialect::biblatex) == TextEncoding::utf8);
  CHECK(encoding("@misc{a, title={caf\xc3\xa9}}", Dialect::bibtex) == TextEncoding::utf8);
  CHECK(encoding("@misc{a, title={caf\xe9}}", Dialect::bibtex) == TextEncoding::latex);
  CHECK(encoding("@misc{a, title={caf\xe9}}", Dialect::biblatex) == TextEncoding::latex);
}

TEST_CASE("what an entry inherits is bounded, what it has is not") {
  const std::string large(inherited_bytes_max, 'x');
  const Entry entry =
      resolved("@misc{a, note={" + large + "}, crossref={p}}\n@misc{p, key={k}, annote={" + large + "}}", "a",
               Dialect::bibtex);
  CHECK(field_text(entry, "note") == large);
  CHECK(field_text(entry, "key") == "k");
  CHECK(field_text(entry, "annote").empty());
}
