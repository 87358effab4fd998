#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/edit/entry_edit.hpp"
#include "bibtex/model/document_entry.hpp"
#include "bibtex/write/write_entry.hpp"
#include "tests/support/catch.hpp"

using namespace bibsmith::bibtex;

namespace {

using Change = std::function<std::vector<TextEdit>(const Document&, const Style&)>;

std::string edited(std::string_view text, const Change& change) {
  const Document document = Document::parse(std::string(text));
  return apply_edits(document.text(), change(document, measure_style(document))).value();
}

std::string set(std::string_view text, std::string_view key, std::string_view name, const Value& value) {
  return edited(text, [&](const Document& document, const Style& style) {
    return set_field(document, document.find(key).value(), name, value, style);
  });
}

std::string removed(std::string_view text, std::string_view key, std::string_view name) {
  return edited(text, [&](const Document& document, const Style&) {
    return remove_field(document, document.find(key).value(), name);
  });
}

std::string inserted(std::string_view text, std::string_view key) {
  Entry entry{"misc", std::string(key), {}};
  entry.set("year", Value::braced("1999"));
  return edited(text, [&](const Document& document, const Style& style) {
    return std::vector<TextEdit>{insert_entry(document, entry, style)};
  });
}

std::string without(std::string_view text, std::string_view key) {
  return edited(text, [&](const Document& document, const Style&) {
    return remove_entry(document, document.find(key).value());
  });
}

std::string renamed(std::string_view text, std::string_view key, std::string_view new_key) {
  return edited(text, [&](const Document& document, const Style&) {
    return rename_key(document, document.find(key).value(), new_key);
  });
}

std::string moved(std::string_view text, std::string_view key, std::string_view target) {
  return edited(text, [&](const Document& document, const Style& style) {
    return move_entry(document, document.find(key).value(), document.find(target).value(), style);
  });
}

const Value one = Value::braced("1");

}  // namespace

TEST_CASE("set_field replaces the value that counts and nothing else") {
  CHECK(set("@a{k,\r\n x = {2} , % why\r\n X={3}}", "k", "x", one) == "@a{k,\r\n x = {1} , % why\r\n X={3}}");
  CHECK(set("@a{k, x = {2} # y}", "k", "x", one) == "@a{k, x = {1}}");
  CHECK(set("@a{k, x = , y={2}}", "k", "x", one) == "@a{k, x ={1} , y={2}}");
  CHECK(set("@a{k, x, y={2}}", "k", "x", one) == "@a{k, x = {1}, y={2}}");
}

TEST_CASE("set_field to what is there is no edit") {
  const Document document = Document::parse("@a{k, x = {1}}");
  CHECK(set_field(document, document.find("k").value(), "x", one, Style{}).empty());
}

TEST_CASE("set_field adds a field as its neighbours look") {
  CHECK(set("@a{k,\n  title = {2},\n  year  = {3},\n}\n", "k", "x", one) ==
        "@a{k,\n  title = {2},\n  year  = {3},\n  x     = {1},\n}\n");
  CHECK(set("@a{k,\n\ttitle={2},\n\tyear={3}\n}\n", "k", "x", one) ==
        "@a{k,\n\ttitle={2},\n\tyear={3},\n\tx={1}\n}\n");
  CHECK(set("@a{k, title = \"2\", year = 3}\n", "k", "x", Value::braced("y")) ==
        "@a{k, title = \"2\", year = 3, x = \"y\"}\n");
  CHECK(set("@a{k,\r\n  TITLE = {2}\r\n}\r\n", "k", "x", one) ==
        "@a{k,\r\n  TITLE = {2},\r\n  X = {1}\r\n}\r\n");
  CHECK(set("@a{k,\n  t = {2}, % note\n}\n", "k", "x", one) == "@a{k,\n  t = {2}, % note\n  x = {1},\n}\n");
}

TEST_CASE("set_field adds the first field of an entry") {
  CHECK(set("@a{k}", "k", "x", one) == "@a{k,\n  x             = {1},\n}");
  CHECK(set("@a{k,}", "k", "x", one) == "@a{k,\n  x             = {1},\n}");
  CHECK(set("@a{k,\n}", "k", "x", one) == "@a{k,\n  x             = {1},\n}");
}

TEST_CASE("set_field keeps a field out of a value that is never closed") {
  const std::string text = set("@a{k,\n  t = {2},\n  u = {3\n", "k", "x", one);
  CHECK(text == "@a{k,\n  t = {2},\n  x = {1},\n  u = {3\n");
}

TEST_CASE("remove_field removes the line of the field") {
  CHECK(removed("@a{k,\n  x = {1},\n  y = {2},\n}\n", "k", "x") == "@a{k,\n  y = {2},\n}\n");
  CHECK(removed("@a{k,\n  x = {1},\n  y = {2}\n}\n", "k", "y") == "@a{k,\n  x = {1}\n}\n");
  CHECK(removed("@a{k, x={1}, y={2}}\n", "k", "x") == "@a{k, y={2}}\n");
  CHECK(removed("@a{k, x={1}, y={2}}\n", "k", "Y") == "@a{k, x={1}}\n");
  CHECK(removed("@a{k,\n  x = {1},\n  X = {3},\n  y = {2},\n}\n", "k", "x") == "@a{k,\n  y = {2},\n}\n");
  CHECK(removed("@a{k, y={2}, x={1}, x={3}}\n", "k", "x") == "@a{k, y={2}}\n");
  CHECK(removed("@a{k, x={1}}\n", "k", "absent") == "@a{k, x={1}}\n");
}

TEST_CASE("remove_field leaves the comma behind a key in parentheses, which may hold the closing one") {
  CHECK(removed("@a(k, x=1)2\n", "k", "x") == "@a(k,)2\n");
  CHECK(removed("@a(k, x=1, x=3)\n", "k", "x") == "@a(k,)\n");
  CHECK(removed("@a{k, x=1}\n", "k", "x") == "@a{k}\n");
  CHECK(Document::parse("@a(k,)2\n").find("k").has_value());
}

TEST_CASE("rename_key follows into crossref and xref") {
  CHECK(renamed("@a{k, crossref={p}}\n@a{p,}\n@a{l, xref=\"P\", note={p}}\n", "p", "q") ==
        "@a{k, crossref={q}}\n@a{q,}\n@a{l, xref=\"q\", note={p}}\n");
  CHECK(renamed("@a{k,}", "k", "k") == "@a{k,}");
  const Document document = Document::parse("@a{x={1}}");
  CHECK(apply_edits(document.text(), rename_key(document, document.entries()[0], "k")) == "@a{k, x={1}}");
}

TEST_CASE("insert_entry writes the first entry of a file") {
  const std::string entry = "@misc{k,\n  year          = {1999},\n}\n";
  CHECK(inserted("", "k") == entry);
  CHECK(inserted("% papers\n", "k") == "% papers\n\n" + entry);
  CHECK(inserted("% papers", "k") == "% papers\n\n" + entry);
  CHECK(inserted("\xEF\xBB\xBF", "k") == "\xEF\xBB\xBF" + entry);
}

TEST_CASE("insert_entry finishes the last line, for bibtex reads one entry on it") {
  CHECK(inserted("@a{k, year={1}}", "z") == "@a{k, year={1}}\n\n@misc{z, year={1999}}\n");
  CHECK(inserted("@a{k, year={1}} % last", "z") == "@a{k, year={1}} % last\n\n@misc{z, year={1999}}\n");
  CHECK(inserted("@a{k, year={1}}\r\n\r\n\r\n@a{b, year={2}}", "z") ==
        "@a{k, year={1}}\r\n\r\n\r\n@a{b, year={2}}\r\n\r\n\r\n@misc{z, year={1999}}\r\n");
}

TEST_CASE("insert_entry keeps a sorted file sorted") {
  const std::string text = "@a{b, year={1}}\n\n@a{d, year={1}}\n\n@a{f, year={1}}\n";
  CHECK(inserted(text, "e") ==
        "@a{b, year={1}}\n\n@a{d, year={1}}\n\n@misc{e, year={1999}}\n\n@a{f, year={1}}\n");
  CHECK(inserted(text, "a") == "@misc{a, year={1999}}\n\n" + text);
  CHECK(inserted(text, "g") == text + "\n@misc{g, year={1999}}\n");
  CHECK(inserted("@a{d, year={1}}\n@a{b, year={1}}\n", "c") ==
        "@a{d, year={1}}\n@a{b, year={1}}\n@misc{c, year={1999}}\n");
  CHECK(inserted("@a{b, year={1}}@a{d, year={1}}\n\n", "c") ==
        "@a{b, year={1}}\n\n@misc{c, year={1999}}\n\n@a{d, year={1}}\n\n");
}

TEST_CASE("insert_entry stays before what follows the last entry") {
  CHECK(inserted("@a{z, year={1}}\n@a{k, year={1}}\n\n@Comment{jabref-meta: x;}\n", "b") ==
        "@a{z, year={1}}\n@a{k, year={1}}\n@misc{b, year={1999}}\n\n@Comment{jabref-meta: x;}\n");
}

TEST_CASE("remove_entry takes the blank lines with it") {
  const std::string text = "% head\n@a{b,}\n\n@a{c,}\n\n@a{d,}\n";
  CHECK(without(text, "b") == "% head\n@a{c,}\n\n@a{d,}\n");
  CHECK(without(text, "c") == "% head\n@a{b,}\n\n@a{d,}\n");
  CHECK(without(text, "d") == "% head\n@a{b,}\n\n@a{c,}\n");
  CHECK(without("@a{b,}\n", "b") == "");
  CHECK(without("@a{b,} % note\n@a{c,}\n", "b") == " % note\n@a{c,}\n");
  CHECK(without("@a{b,}@a{c,}\n", "c") == "@a{b,}\n");
}

TEST_CASE("move_entry moves the text unchanged") {
  const std::string text = "@a{b, x = 1}\n\n@a{c,y=2}\n\n@a{d,}\n";
  CHECK(moved(text, "d", "b") == "@a{d,}\n\n@a{b, x = 1}\n\n@a{c,y=2}\n");
  CHECK(moved(text, "b", "d") == "@a{c,y=2}\n\n@a{b, x = 1}\n\n@a{d,}\n");
  CHECK(moved(text, "b", "c") == text);
  CHECK(moved(text, "b", "b") == text);
}

TEST_CASE("to_entry balances what was never closed") {
  const Document document = Document::parse("@a{k, x={1 {2\n@b{l, y=\"} 1\" # z}");
  Entry wanted{"a", "k", {Field{"x", Value::braced("1 {2}")}}};
  CHECK(to_entry(document, document.entries()[0]) == wanted);
  const Entry second = to_entry(document, document.entries()[1]);
  REQUIRE(second.fields.size() == 1);
  CHECK(second.fields[0].value.pieces ==
        std::vector<Piece>{{Piece::Kind::quoted, " 1"}, {Piece::Kind::macro, "z"}});
}

TEST_CASE(
    "change_entry changes in place, lets one field take another's place, and adds the rest at the end") {
  const auto changed = [](std::string_view text, const EntryChange& change) {
    return edited(text, [&](const Document& document, const Style& style) {
      std::vector<TextEdit> edits;
      for (const FieldEdit& named : change_entry(document, document.find("a").value(), change, style)) {
        edits.push_back(named.edit);
      }
      return edits;
    });
  };
  const EntryChange upgrade{.type = "article",
                            .fields = {{"journal", Value::braced("J. Things")},
                                       {"volume", Value::braced("7")},
                                       {"year", Value::braced("2019")},
                                       {"howpublished", std::nullopt},
                                       {"note", std::nullopt}}};
  CHECK(changed("@Misc{a,\n  title = {T}, % mine\n  howpublished = {arXiv:1},\n  year  = 2018,\n  note = "
                "{x}\n}\n% tail",
                upgrade) ==
        "@Article{a,\n  title = {T}, % mine\n  journal = {J. Things},\n  year  = 2019,\n  volume = 7\n}\n% "
        "tail");
  CHECK(changed("@misc{a, note = {x}}", upgrade) ==
        "@article{a, journal = {J. Things}, volume = {7}, year = {2019}}");
  CHECK(changed("@misc{a,\n  year = {2018},\n  note = {x},\n  howpublished = {y}\n}",
                {.type = {}, .fields = {{"note", std::nullopt}, {"howpublished", std::nullopt}}}) ==
        "@misc{a,\n  year = {2018}\n}");
  CHECK(changed("@misc{a,\n  note = {x},\n  note = {z},\n  year = {2018}\n}",
                {.type = {}, .fields = {{"note", std::nullopt}, {"doi", one}}}) ==
        "@misc{a,\n  doi = {1},\n  year = {2018}\n}");
  CHECK(changed("@misc{a,\n  year = {2018}\n}", {}) == "@misc{a,\n  year = {2018}\n}");
}
