// The micro-cases on which the parsers of this field disagree, one test each: what Bibsmith makes of it. What
// bibtex, biber and others do is in docs/bib-grammar.md.
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/syntax/document.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/outline.hpp"

using bibsmith::bibtex::Document;
using Lines = std::initializer_list<std::string_view>;
using namespace std::string_view_literals;

namespace {

void check(std::string_view text, Lines outline, Lines codes) {
  const Document document = Document::parse(std::string(text));
  CHECK(bibsmith::testing::outline(document) == std::vector<std::string>(outline.begin(), outline.end()));
  CHECK(bibsmith::testing::codes(document) == std::vector<std::string>(codes.begin(), codes.end()));
}

}  // namespace

TEST_CASE("01 @comment with braces is skipped with its body, and the entry inside is reported") {
  check("@comment{ignored @misc{inner, title={x}}}\n@misc{a, title={t}}\n",
        {"@comment{ignored @misc{inner, title={x}}}", "misc a: title={t}"}, {"syntax.entry-in-comment"});
}

TEST_CASE("02 @comment without braces runs to the end of its line") {
  check("@comment this is free @misc{inner, title={x}}\n@misc{a, title={t}}\n",
        {"@comment this is free @misc{inner, title={x}}", "misc a: title={t}"}, {"syntax.entry-in-comment"});
}

TEST_CASE("03 an e-mail address in junk starts no entry") {
  check("mail me@example.org please\n@misc{a, title={t}}\n", {"misc a: title={t}"}, {});
}

TEST_CASE("04 an entry behind % is live, as bibtex reads it, and reported") {
  check("% @misc{inner, title={x}}\n@misc{a, title={t}}\n", {"misc inner: title={x}", "misc a: title={t}"},
        {"syntax.entry-after-percent"});
}

TEST_CASE("05 % inside an entry is a comment to the end of the line") {
  check("@misc{a,\n  title={t}, % a comment, with comma\n  year=1999\n}\n@misc{b, title={u}}\n",
        {"misc a: title={t} year=1999", "misc b: title={u}"}, {"syntax.percent-comment"});
}

TEST_CASE("06 % in front of a field hides that field") {
  check("@misc{a,\n%  note={n},\n  title={t}\n}\n@misc{b, title={u}}\n",
        {"misc a: title={t}", "misc b: title={u}"}, {"syntax.percent-comment"});
}

TEST_CASE("07 a missing comma loses no field") {
  check("@misc{a,\n  title={t}\n  year=1999\n}\n@misc{b, title={u}}\n",
        {"misc a: title={t} year=1999", "misc b: title={u}"}, {"syntax.missing-comma"});
}

TEST_CASE("08 an entry without its closing brace ends before the next one") {
  check("@misc{a,\n  title={t},\n  year=1999\n\n@misc{b, title={u}}\n@misc{c, title={v}}\n",
        {"misc a: title={t} year=1999...", "misc b: title={u}", "misc c: title={v}"},
        {"syntax.missing-close"});
}

TEST_CASE("09 an unbalanced value ends before the next field") {
  check("@misc{a,\n  title={t {x},\n  year=1999\n}\n@misc{b, title={u}}\n\n@misc{c, title={v}}\n",
        {"misc a: title={t {x} year=1999", "misc b: title={u}", "misc c: title={v}"},
        {"syntax.unclosed-value"});
}

TEST_CASE("10 an extra brace ends the entry early and the tail is junk") {
  check("@misc{a,\n  title={t}},\n  year=1999\n}\n@misc{b, title={u}}\n",
        {"misc a: title={t}", "misc b: title={u}"}, {"syntax.text-after-entry"});
}

TEST_CASE("11 a quoted value ends at the second quote") {
  check("@misc{a, title=\"say \"hi\" now\", year=1999}\n@misc{b, title={u}}\n",
        {"misc a: title=\"say \" year=1999", "misc b: title={u}"}, {"syntax.missing-comma"});
}

TEST_CASE("12 braces protect a quote in a quoted value") {
  check("@misc{a, title=\"say {\"}hi{\"} now\", year=1999}\n",
        {"misc a: title=\"say {\"}hi{\"} now\" year=1999"}, {});
}

TEST_CASE("13 a stray brace in a quoted value is kept") {
  check("@misc{a, title=\"x } y\", year=1999}\n@misc{b, title={u}}\n",
        {"misc a: title=\"x } y\" year=1999", "misc b: title={u}"}, {"syntax.unbalanced-braces"});
}

TEST_CASE("14 a backslash does not protect a brace") {
  check("@misc{a, title={x \\} y}, year=1999}\n@misc{b, title={u}}\n",
        {"misc a: title={x \\}", "misc b: title={u}"},
        {"syntax.escaped-delimiter", "syntax.missing-comma", "syntax.text-after-entry"});
}

TEST_CASE("15 a backslash does not protect a quote") {
  check("@misc{a, title=\"G\\\"odel\", year=1999}\n@misc{b, title={u}}\n",
        {"misc a: title=\"G\\\" year=1999", "misc b: title={u}"},
        {"syntax.escaped-delimiter", "syntax.missing-comma"});
}

TEST_CASE("16 parentheses enclose an entry and are free in its values") {
  check("@misc(a, title={t (x) ) y}, year=1999)\n@misc{b, title={u}}\n",
        {"misc a: title={t (x) ) y} year=1999", "misc b: title={u}"}, {});
}

TEST_CASE("17 a brace is part of the key where parentheses enclose the entry") {
  check("@misc(a}b, title={t})\n@misc{b, title={u}}\n", {"misc a}b: title={t}", "misc b: title={u}"}, {});
}

TEST_CASE("18 duplicate keys are all kept, compared without case") {
  check("@misc{a, title={t}}\n@misc{A, title={u}}\n@misc{a, title={v}}\n",
        {"misc a: title={t}", "misc A: title={u}", "misc a: title={v}"},
        {"syntax.duplicate-key", "syntax.duplicate-key"});
}

TEST_CASE("19 duplicate fields are all kept") {
  check("@misc{a, title={first}, title={second}}\n", {"misc a: title={first} title={second}"},
        {"syntax.duplicate-field"});
}

TEST_CASE("20 an undefined macro keeps its name") {
  check("@misc{a, title={t}, month=foo, year=1999}\n", {"misc a: title={t} month=foo year=1999"}, {});
}

TEST_CASE("21 pieces of every kind are joined by #") {
  check("@misc{a, title={t}, month=\"10~\" # jan # \"/\" # 11}\n",
        {"misc a: title={t} month=\"10~\"#jan#\"/\"#11"}, {});
}

TEST_CASE("22 a macro may be defined twice") {
  check("@string{x=\"one\"}\n@misc{a, title=x}\n@string{x=\"two\"}\n@misc{b, title=x}\n",
        {"string: x=\"one\"", "misc a: title=x", "string: x=\"two\"", "misc b: title=x"}, {});
}

TEST_CASE("23 a macro may be defined after its use") {
  check("@misc{a, title=x}\n@string{x=\"one\"}\n", {"misc a: title=x", "string: x=\"one\""}, {});
}

TEST_CASE("24 macro names keep the case that they are written in") {
  check("@STRING{FoO = {one}}\n@misc{a, title=fOo # \" \" # FOO}\n",
        {"STRING: FoO={one}", "misc a: title=fOo#\" \"#FOO"}, {});
}

TEST_CASE("25 @string takes parentheses") {
  check("@string(x = \"one\")\n@misc{a, title=x}\n", {"string: x=\"one\"", "misc a: title=x"}, {});
}

TEST_CASE("26 a second macro in one @string is read and reported") {
  check("@string{x = \"one\", y = \"two\"}\n@misc{a, title=x # y}\n",
        {"string: x=\"one\" y=\"two\"", "misc a: title=x#y"}, {"syntax.second-macro"});
}

TEST_CASE("27 an empty key is an entry without a key") {
  check("@misc{, title={t}}\n@misc{b, title={u}}\n", {"misc : title={t}", "misc b: title={u}"},
        {"syntax.missing-key"});
}

TEST_CASE("28 a missing key loses no field") {
  check("@misc{title={t}, year=1999}\n@misc{b, title={u}}\n",
        {"misc : title={t} year=1999", "misc b: title={u}"}, {"syntax.missing-key"});
}

TEST_CASE("29 a space ends the key and the fields are kept") {
  check("@misc{a b, title={t}}\n@misc{c, title={u}}\n", {"misc a: title={t}", "misc c: title={u}"},
        {"syntax.missing-comma"});
}

TEST_CASE("30 a key may hold every byte but white space, comma and brace") {
  check("@misc{a:b/c+d.e_f-g'h&i*j~k#l%m@n;o<p>q?r!s|t\\u, title={t}}\n",
        {"misc a:b/c+d.e_f-g'h&i*j~k#l%m@n;o<p>q?r!s|t\\u: title={t}"}, {});
}

TEST_CASE("31 a key may hold UTF-8") {
  check("@misc{M\xC3\xBCller2020,title={t}}\n", {"misc M\xC3\xBCller2020: title={t}"}, {});
}

TEST_CASE("32 field names may hold punctuation, and one that starts with a digit is reported") {
  check("@misc{a, bdsk-url-1={x}, my.field={y}, a:b={z}, 1x={q}, x+y={w}, title={t}}\n",
        {"misc a: bdsk-url-1={x} my.field={y} a:b={z} 1x={q} x+y={w} title={t}"}, {"syntax.digit-first"});
}

TEST_CASE("33 no white space is needed, but bibtex loses the second entry of the last line") {
  check("@misc{a,title={t},year=1999,month=jan}@misc{b,title={u}}",
        {"misc a: title={t} year=1999 month=jan", "misc b: title={u}"}, {"syntax.last-line"});
}

TEST_CASE("34 an empty value is a value and a missing one is not") {
  check("@misc{a, title={}, note=\"\", year=}\n@misc{b, title={u}}\n",
        {"misc a: title={} note=\"\" year=?", "misc b: title={u}"}, {"syntax.missing-value"});
}

TEST_CASE("35 a field may lack its value") {
  check("@misc{a, title, year=1999}\n@misc{b, title={u}}\n",
        {"misc a: title=? year=1999", "misc b: title={u}"}, {"syntax.missing-equals"});
}

TEST_CASE("36 a key alone makes an entry") {
  check("@misc{a}\n@misc{b,}\n@misc{c,,}\n@misc{d, title={u}}\n",
        {"misc a:", "misc b:", "misc c:", "misc d: title={u}"}, {"syntax.extra-comma"});
}

TEST_CASE("37 extra commas are skipped") {
  check("@misc{a, title={t},, year=1999,,}\n@misc{b, title={u}}\n",
        {"misc a: title={t} year=1999", "misc b: title={u}"}, {"syntax.extra-comma", "syntax.extra-comma"});
}

TEST_CASE("38 @preamble takes pieces") {
  check("@preamble{\"\\newcommand{\\x}[1]{#1}\" # \" y\"}\n@misc{a, title={t}}\n",
        {"preamble: =\"\\newcommand{\\x}[1]{#1}\"#\" y\"", "misc a: title={t}"}, {});
}

TEST_CASE("39 white space may stand between any two tokens") {
  check("@ misc { a , title = {t} , year = 1999 }\n@misc\n{b,\n title\n=\n{u}\n}\n",
        {"misc a: title={t} year=1999", "misc b: title={u}"}, {});
}

TEST_CASE("40 a bare token that is no number is kept whole") {
  check("@misc{a, year=-44, volume=12a, number=007, pages=12--15}\n@misc{b, title={u}}\n",
        {"misc a: year=-44 volume=12a number=007 pages=12--15", "misc b: title={u}"},
        {"syntax.bad-token", "syntax.bad-token"});
}

TEST_CASE("41 # needs no blanks around it") {
  check("@string{x={X}}\n@misc{a, title=x#\" \"#{y}#1}\n", {"string: x={X}", "misc a: title=x#\" \"#{y}#1"},
        {});
}

TEST_CASE("42 a dangling # loses no field") {
  check("@misc{a, title={t} #, year=1999}\n@misc{b, title={u}}\n",
        {"misc a: title={t} year=1999", "misc b: title={u}"}, {"syntax.dangling-concatenation"});
}

TEST_CASE("43 a value that the end of the file cuts is kept") {
  check("@misc{a, title={t}}\n@misc{b, title={u", {"misc a: title={t}", "misc b: title={u..."},
        {"syntax.unclosed-value", "syntax.missing-close"});
}

TEST_CASE("44 a byte order mark is junk") {
  check("\xEF\xBB\xBF@misc{a, title={t}}\n", {"misc a: title={t}"}, {"syntax.byte-order-mark"});
}

TEST_CASE("45 CRLF ends a line") {
  check("@misc{a,\r\n  title={t\r\n  u},\r\n  year=1999\r\n}\r\n", {"misc a: title={t\r\n  u} year=1999"},
        {});
}

TEST_CASE("46 CR alone ends a line") {
  check("@misc{a,\r  title={t},\r  year=1999\r}\r@misc{b,title={u}}\r",
        {"misc a: title={t} year=1999", "misc b: title={u}"}, {});
}

TEST_CASE("47 NUL is kept in a value") {
  check("@misc{a, title={t\0u}, year=1999}\n@misc{b, title={u}}\n"sv,
        {"misc a: title={t\0u} year=1999"sv, "misc b: title={u}"}, {"syntax.nul-byte"});
}

TEST_CASE("48 a crossref is a field like any other") {
  check("@inproceedings{a, title={t}, crossref={p}}\n@proceedings{p, title={P}, year=1999}\n",
        {"inproceedings a: title={t} crossref={p}", "proceedings p: title={P} year=1999"}, {});
}

TEST_CASE("49 a crossref may follow its parent") {
  check("@proceedings{p, title={P}, year=1999}\n@inproceedings{a, title={t}, crossref={p}}\n",
        {"proceedings p: title={P} year=1999", "inproceedings a: title={t} crossref={p}"}, {});
}

TEST_CASE("50 an @ inside a line of a value starts nothing") {
  check("@misc{a, title={t @misc{z, x} y}, note=\"a@b.c\"}\n@misc{b, title={u}}\n",
        {"misc a: title={t @misc{z, x} y} note=\"a@b.c\"", "misc b: title={u}"}, {});
}

TEST_CASE("51 an @ inside quotes starts nothing") {
  check("@misc{a, note=\"a@b.c\", title={t}}\n", {"misc a: note=\"a@b.c\" title={t}"}, {});
}

TEST_CASE("52 blanks around numbers do not matter") {
  check("@misc{a, year=1999 , month = 1}\n", {"misc a: year=1999 month=1"}, {});
}

TEST_CASE("53 field names are compared without case") {
  check("@InProceedings{a, TITLE={t}, Title={u}}\n", {"InProceedings a: TITLE={t} Title={u}"},
        {"syntax.duplicate-field"});
}

TEST_CASE("54 an unknown type is a type, and one that starts with a digit is reported") {
  check("@foo{a, title={t}}\n@123{b, title={u}}\n", {"foo a: title={t}", "123 b: title={u}"},
        {"syntax.digit-first"});
}

TEST_CASE("55 a comma may start the line") {
  check("@misc{a\n,\ntitle={t}\n,year=1999\n}\n", {"misc a: title={t} year=1999"}, {});
}

TEST_CASE("56 a form feed is white space and reported") {
  check("@misc{a,\ttitle={t\tu},\x0Cyear=1999}\n", {"misc a: title={t\tu} year=1999"}, {"syntax.odd-space"});
}

TEST_CASE("57 a no-break space before a name is white space and reported") {
  check("@misc{a,\xC2\xA0title={t\xC2\xA0u}}\n", {"misc a: title={t\xC2\xA0u}"}, {"syntax.odd-space"});
}

TEST_CASE("58 braces nest deep") {
  std::string text = "@misc{a, title=";
  text.append(151, '{').append("x").append(151, '}').append("}\n");
  std::string line = "misc a: title=";
  line.append(151, '{').append("x").append(151, '}');
  check(text, {line}, {});
}

TEST_CASE("59 a semicolon in place of a comma loses no field") {
  check("@misc{a, title={t}; year=1999}\n@misc{b, title={u}}\n",
        {"misc a: title={t} year=1999", "misc b: title={u}"}, {"syntax.missing-comma"});
}

TEST_CASE("60 single quotes delimit nothing and the token is kept") {
  check("@misc{a, title='t', year=1999}\n@misc{b, title={u}}\n",
        {"misc a: title='t' year=1999", "misc b: title={u}"}, {"syntax.bad-token"});
}

TEST_CASE("61 the wrong closing delimiter closes the entry") {
  check("@misc{a, title={t}, year=1999)\n@misc{b, title={u}}\n",
        {"misc a: title={t} year=1999...", "misc b: title={u}"}, {"syntax.wrong-close"});
}

TEST_CASE("62 @comment with parentheses, and bibtex loses what follows on the last line") {
  check("@comment(foo) @misc{a, title={t}}\n", {"@comment(foo)", "misc a: title={t}"}, {"syntax.last-line"});
}

TEST_CASE("63 an unclosed @comment ends before the next entry") {
  check("@comment{ foo { bar\n@misc{a, title={t}}\n@misc{b, title={u}}\n",
        {"@comment{ foo { bar", "misc a: title={t}", "misc b: title={u}"}, {"syntax.unclosed-comment"});
}

TEST_CASE("64 the metadata of JabRef is a comment") {
  check(
      "@Comment{jabref-meta: grouping:\n0 AllEntriesGroup:;\n1 "
      "StaticGroup:a\\;0\\;a\\;;\n}\n@misc{a,title={t}}\n",
      {"@Comment{jabref-meta: grouping:\n0 AllEntriesGroup:;\n1 StaticGroup:a\\;0\\;a\\;;\n}",
       "misc a: title={t}"},
      {});
}

TEST_CASE("65 white space in values is kept") {
  check("@misc{a, title={  t \n\n   u  }, note=\"  \"}\n", {"misc a: title={  t \n\n   u  } note=\"  \""},
        {});
}

TEST_CASE("66 a key may start with digits") {
  check("@misc{1999, title={t}}\n@misc{12:3, title={u}}\n", {"misc 1999: title={t}", "misc 12:3: title={u}"},
        {});
}

TEST_CASE("67 a missing = before a delimited value loses nothing") {
  check("@misc{a, title {t}, year=1999}\n@misc{b, title={u}}\n",
        {"misc a: title={t} year=1999", "misc b: title={u}"}, {"syntax.missing-equals"});
}

TEST_CASE("68 @comment is recognised in any case") {
  check("@COMMENT{x}\n@CoMmEnT x\n@misc{a, title={t}}\n", {"@COMMENT{x}", "@CoMmEnT x", "misc a: title={t}"},
        {});
}

TEST_CASE("69 a value may end in a backslash") {
  check("@misc{a, title={t\\}, year=1999}\n@misc{b, title={u}}\n",
        {"misc a: title={t\\} year=1999", "misc b: title={u}"}, {"syntax.escaped-delimiter"});
}

TEST_CASE("70 @xdata and @set are entries") {
  check("@xdata{x, publisher={P}}\n@book{a, title={t}, xdata={x}}\n@set{s, entryset={a,b}}\n",
        {"xdata x: publisher={P}", "book a: title={t} xdata={x}", "set s: entryset={a,b}"}, {});
}
