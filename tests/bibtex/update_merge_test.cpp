#include <algorithm>
#include <string>
#include <vector>

#include "bibtex/update/merge_duplicates.hpp"
#include "tests/support/catch.hpp"

namespace bibsmith::bibtex {
namespace {

// "keep b: volume={17} eprint={...}" or "left.year, left.note" for the only group of a text.
std::string merge(const std::string& text, MergeOptions options = {}) {
  const Document document = Document::parse(text);
  const Macros macros(document);
  const auto groups = find_duplicates(document, macros);
  REQUIRE(groups.size() == 1);
  const std::vector<MergePlan> plans = plan_merges(document, macros, groups, options);
  REQUIRE(plans.size() == 1);
  std::string out;
  for (const MergeConflict& conflict : plans[0].conflicts) out += (out.empty() ? "" : ", ") + conflict.code;
  if (!out.empty()) return out;
  out = "keep " + std::string(document.text(document.block(plans[0].kept).key)) + ":";
  for (const EntryChange::Change& change : plans[0].change.fields) {
    const Piece& piece = change.value->pieces[0];
    out += " " + change.name + "=" + (piece.kind == Piece::Kind::macro ? piece.text : "{" + piece.text + "}");
  }
  return out;
}

// What merging a published entry with these fields and another one gives.
std::string published(const std::string& kept, const std::string& goes) {
  return merge(
      "@article{a, doi = {10.1000/1}, journal = {Annalen}, title = {T}, author = {Doe, Jane}, x = 1, " +
      kept + "}\n@article{b, doi = {10.1000/1}, " + goes + "}\n");
}

TEST_CASE("the kept entry gets what it lacks") {
  CHECK(published("", "volume = 17, pages = {1--20}") == "keep a: volume={17} pages={1--20}");
  CHECK(published("volume = 17", "volume = {17}, note = {mine}") == "keep a: note={mine}");
}

TEST_CASE("the same in other words is no contradiction") {
  CHECK(published("pages = {1--20}", "pages = {1-20}") == "keep a:");
  CHECK(published("pages = {1--20}", "pages = {1}") == "keep a:");
  CHECK(published("month = 3", "month = mar") == "keep a:");
  CHECK(published("year = 2017", "date = {2017-03-01}") == "keep a:");
  CHECK(published("", "journal = {ANNALEN}, title = {{T}}, author = {J. Doe}") == "keep a:");
  CHECK(published("url = {http://x.org/a}", "url = {https://www.x.org/a/}") == "keep a:");
  CHECK(published("", "url = {https://doi.org/10.1000/1}, timestamp = {now}, bdsk-url-1 = {x}") == "keep a:");
  CHECK(merge("@article{a, doi = {10.1000/1}, journal = {Phys. Rev. D}, volume = 1}\n"
              "@article{b, doi = {10.1000/1}, journal = {Physical Review D}}\n") == "keep a:");
}

TEST_CASE("values that contradict each other are left, field by field") {
  CHECK(published("year = 2017", "year = 2018") == "left.year");
  CHECK(published("volume = 1", "volume = 11") == "left.volume");
  CHECK(published("number = {1.23}", "number = {12.3}") == "left.number");
  CHECK(published("pages = {1}", "pages = {1--20}") == "left.pages");
  CHECK(published("note = {x}, year = 2017", "note = {y}, year = 2018") == "left.note, left.year");
  CHECK(published("", "author = {Doe, Jane and Roe, Rick}") == "left.author");
  CHECK(published("", "title = {T: A Subtitle}") == "left.title");
  CHECK(
      merge("@article{a, eprint = {1706.03762}, doi = {10.1000/1}}\n@article{b, eprint = {1706.03762}, doi = "
            "{10.1000/2}}\n") == "left.doi");
  CHECK(merge("@article{a, eprint = {1706.03762v1}}\n@article{b, eprint = {1706.03762v2}}\n") ==
        "left.eprint");
  CHECK(
      merge("@article{a, doi = {10.1000/1}, journal = {J}, x = 1}\n@inproceedings{b, doi = {10.1000/1}}\n") ==
      "left.type");
}

TEST_CASE("what tells of the preprint alone goes with it, and its id stays") {
  const std::string kept =
      "@article{a, title = {On Small and Other Things}, author = {Doe, Jane}, journal = {Annalen}, "
      "year = 2018, doi = {10.1000/1}}\n";
  const std::string work = "title = {On Small and Other Things}, author = {Doe, Jane}, year = 2017, ";
  CHECK(merge(kept + "@misc{b, " + work +
              "month = jun, eprint = {1706.03762}, archiveprefix = {arXiv}, primaryclass = {cs.CL}, url = "
              "{https://arxiv.org/abs/1706.03762}, doi = {10.48550/arXiv.1706.03762}, pubstate = "
              "{prepublished}}\n") ==
        "keep a: eprint={1706.03762} archiveprefix={arXiv} primaryclass={cs.CL}");
  CHECK(merge(kept + "@article{b, " + work + "journal = {arXiv preprint arXiv:1706.03762}}\n") ==
        "keep a: eprint={1706.03762} archiveprefix={arXiv}");
  CHECK(merge(kept + "@article{b, " + work + "journal = {CoRR}, volume = {abs/1706.03762}, note = {mine}}\n",
              {Dialect::biblatex, false}) == "keep a: note={mine} eprint={1706.03762} eprinttype={arxiv}");
  // a report is no preprint, and an entry without a journal need not be one
  CHECK(merge(kept + "@techreport{b, " + work +
              "institution = {CERN}, number = {7}, eprint = {1706.03762}}\n") == "left.type");
  CHECK(merge(kept + "@misc{b, " + work + "note = {mine}}\n") == "left.year");
  // of two preprints the years do contradict each other
  CHECK(
      merge("@misc{a, eprint = {1706.03762}, year = 2017}\n@misc{b, eprint = {1706.03762}, year = 2018}\n") ==
      "left.year");
}

TEST_CASE("a macro stays one where it is defined, and is written out before that") {
  CHECK(merge("@string{pub = {Press}}\n@book{a, doi = {10.1000/1}, note = 1}\n@book{b, doi = {10.1000/1}, "
              "publisher = "
              "pub}\n") == "keep a: publisher=pub");
  CHECK(merge("@book{a, doi = {10.1000/1}, note = 1}\n@string{pub = {Press}}\n@book{b, doi = {10.1000/1}, "
              "publisher = "
              "pub}\n") == "keep a: publisher={Press}");
}

TEST_CASE("keys that go become ids") {
  const MergeOptions biblatex{Dialect::biblatex, true};
  CHECK(merge("@article{a, doi = {10.1000/1}, note = 1}\n@article{b, doi = {10.1000/1}}\n@article{c, doi = "
              "{10.1000/1}}\n",
              biblatex) == "keep a: ids={b, c}");
  CHECK(merge("@article{a, doi = {10.1000/1}, ids = {x}, note = 1}\n@article{b, doi = {10.1000/1}, ids = "
              "{y,x}}\n",
              biblatex) == "keep a: ids={x, b, y}");
  CHECK(merge("@article{a, doi = {10.1000/1}, note = 1}\n@article{a, doi = {10.1000/1}}\n", biblatex) ==
        "keep a:");
  CHECK(merge("@article{a, doi = {10.1000/1}, note = 1}\n@article{b, doi = {10.1000/1}, ids = {y}}\n") ==
        "keep a: ids={y}");
}

TEST_CASE("keys that mean something else too, and references, are left") {
  CHECK(merge("@article{a, doi = {10.1000/1}, note = 1}\n@article{b, doi = {10.1000/1}}\n@misc{B, title = "
              "{x}}\n") == "left.key");
  CHECK(published("", "crossref = {p}") == "left.crossref");
  CHECK(
      merge("@article{a, doi = {10.1000/1}, note = 1, related = {x, b}}\n@article{b, doi = {10.1000/1}}\n") ==
      "left.reference");
  const std::string books =
      "@book{a, doi = {10.1000/1}, note = 1}\n@incollection{c, crossref = {b}}\n"
      "@book{b, doi = {10.1000/1}}\n";
  CHECK(merge(books) == "left.reference");
  CHECK(merge(books, {Dialect::biblatex, false}) == "keep a:");
}

TEST_CASE("ten thousand entries of one paper are one group, and its merging is bounded") {
  const auto entry = [](const std::string& key, char letter, int fields) {
    std::string out = "@article{" + key + ", doi = {10.1000/1}";
    for (int i = 0; i < fields; ++i) out += std::string(", ") + letter + std::to_string(i) + " = 1";
    return out + "}\n";
  };
  CHECK(merge(entry("a", 'x', 300) + entry("b", 'y', 250) + entry("c", 'z', 251)) == "left.fields");
  std::string text = "@article{a, doi = {10.1000/1}, note = 1, year = 1}\n";
  std::string ids;
  for (int i = 0; i < 10'000; ++i) {
    text += "@article{b" + std::to_string(i) + ", doi = {10.1000/1}, year = 1}\n";
    ids += (i == 0 ? "b" : ", b") + std::to_string(i);
  }
  CHECK(merge(text, {Dialect::biblatex, true}) == "keep a: ids={" + ids + "}");
  text += "@article{z, doi = {10.1000/1}, year = 2}\n";
  for (int i = 0; i < 30; ++i) text += "@article{y" + std::to_string(i) + ", doi = {10.1000/1}, year = 3}\n";
  std::string left = "left.year";
  for (int i = 1; i < 20; ++i) left += ", left.year";
  CHECK(merge(text) == left);
}

TEST_CASE("what is not well formed is left") {
  CHECK(merge("@article{a, doi = {10.1000/1}, note = 1}\n@article{b, doi = {10.1000/1}, note = {x\n") ==
        "left.broken");
}

}  // namespace
}  // namespace bibsmith::bibtex
