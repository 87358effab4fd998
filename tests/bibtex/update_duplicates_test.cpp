#include <string>
#include <vector>

#include "bibtex/update/duplicates.hpp"
#include "tests/support/catch.hpp"

namespace bibsmith::bibtex {
namespace {

std::vector<DuplicateGroup> groups_of(const Document& document) {
  return find_duplicates(document, Macros(document));
}

// "same-id: a b*" for each group, joined by "; "; the best has the star.
std::string groups_in(const std::string& text) {
  const Document document = Document::parse(text);
  std::string out;
  for (const DuplicateGroup& group : groups_of(document)) {
    if (!out.empty()) out += "; ";
    out += std::string(code_of(group.reason)) + ":";
    for (const std::uint32_t block : group.blocks) {
      out += " " + std::string(document.text(document.block(block).key)) + (block == group.best ? "*" : "");
    }
  }
  return out;
}

// Two entries of these fields.
std::string two(const std::string& a, const std::string& b, const std::string& type = "article") {
  return groups_in("@" + type + "{a, " + a + "}\n@" + type + "{b, " + b + "}\n");
}

constexpr const char* work =
    "title = {On the {Electrodynamics} of Moving Bodies}, author = {Einstein, Albert and Maric, Mileva}";

TEST_CASE("the same arXiv paper is one paper, in whatever form its id stands there") {
  CHECK(two("eprint = {1706.03762v2}", "journal = {CoRR}, volume = {abs/1706.03762}") == "same-id: a b*");
  CHECK(two("note = {arXiv:1706.03762}", "url = {https://arxiv.org/abs/1706.03762}") == "same-id: a* b");
  CHECK(two("eprint = {1706.03762}", "eprint = {1706.03763}").empty());
  CHECK(two("eprint = {1706.03762}", "note = {See also arXiv:1706.03762}").empty());
  // two ids in one entry: neither is believed
  CHECK(
      two("eprint = {1706.03762}", "eprint = {1706.03762}, url = {https://arxiv.org/abs/1412.6980}").empty());
}

TEST_CASE("the same DOI is one paper") {
  CHECK(two("doi = {10.1000/AbC}", "doi = {https://doi.org/10.1000/abc}") == "same-doi: a* b");
  CHECK(two("doi = {10.1000/abc}", "doi = {10.1000/abd}").empty());
  CHECK(two("doi = {10.48550/arXiv.1706.03762}", "eprint = {1706.03762}") == "same-id: a* b");
}

TEST_CASE("an id and a DOI are one paper where a third entry has both, or the title says so") {
  const std::string preprint = "@misc{a, eprint = {1706.03762}}\n";
  const std::string published = "@article{b, doi = {10.1000/abc}, journal = {J}}\n";
  CHECK(groups_in(preprint + published).empty());
  CHECK(groups_in(preprint + published + "@article{c, eprint = {1706.03762}, doi = {10.1000/abc}}\n") ==
        "same-doi: a b* c");
  CHECK(groups_in(std::string("@misc{a, eprint = {1706.03762}, ") + work +
                  "}\n@article{b, doi = {10.1000/abc}, " + work + "}\n") == "same-work: a b*");
}

TEST_CASE("title, first author, authors and year must each be right") {
  const std::string a = std::string(work) + ", year = 1905";
  CHECK(two(a, a) == "same-work: a* b");
  CHECK(two(a, "title = {On the electrodynamics of moving bodies}, author = {A. Einstein and M. Mari\\'c}") ==
        "same-work: a* b");
  CHECK(two(a, std::string(work) + ", year = 1909") == "same-work: a* b");
  CHECK(two(a, std::string(work) + ", year = 1910").empty());
  CHECK(two(a, "title = {On the Electrodynamics of Moving Bodies}, author = {Lorentz, H. A.}").empty());
  CHECK(
      two(a,
          "title = {On the Electrodynamics of Resting Fluids}, author = {Einstein, Albert and Maric, Mileva}")
          .empty());
  CHECK(two(a, "title = {On the Electrodynamics of Moving Bodies}").empty());
  CHECK(two(a,
            "title = {On the Electrodynamics of Moving Bodies}, author = {Einstein, A. and Bose, S. and "
            "Dirac, P.}, "
            "year = 1905") == "same-work: a* b");
  CHECK(two("title = {On the Electrodynamics of Moving Bodies}, author = {Einstein, A and B, C and D, E}",
            "title = {On the Electrodynamics of Moving Bodies}, author = {Einstein, A and F, G and H, I}")
            .empty());
}

TEST_CASE("a subtitle may be missing, and a word of many may differ") {
  const std::string author = ", author = {Doe, Jane}, year = 2001";
  CHECK(two("title = {A Theory of Small Things}" + author,
            "title = {A Theory of Small Things: With Proofs}" + author) == "same-work: a* b");
  CHECK(two("title = {Lectures}" + author, "title = {Lectures: With Proofs}" + author).empty());
  CHECK(
      two("title = {one of the many long titles in which words differ so that they are told apart}" + author,
          "title = {one of the many long titles in which word differ so that they are told apart}" +
              author) == "same-work: a* b");
}

TEST_CASE("parts, errata and replies are works of their own, whatever they share") {
  const std::string author = ", author = {Doe, Jane}, year = 2001";
  const std::vector<std::pair<std::string, std::string>> pairs = {
      {"A Long Theory of Small Things I", "A Long Theory of Small Things II"},
      {"A Long Theory of Small Things", "A Long Theory of Small Things II"},
      {"A Long Theory of Small Things. Part 1: Proofs", "A Long Theory of Small Things. Part 2: Proofs"},
      {"A Long Theory of Small Things, Part A", "A Long Theory of Small Things, Part B"},
      {"A Long Theory of Small and Quite Odd Things: Part One",
       "A Long Theory of Small and Quite Odd Things: Part Two"},
      {"Results of the 2013 Survey of Small Things in the Sky",
       "Results of the 2015 Survey of Small Things in the Sky"},
      {"A Long Theory of Small Things", "Erratum: A Long Theory of Small Things"},
      {"A Long Theory of Small Things", "Reply to: A Long Theory of Small Things"},
  };
  for (const auto& [a, b] : pairs) {
    CAPTURE(a, b);
    CHECK(two("title = {" + a + "}" + author, "title = {" + b + "}" + author).empty());
    CHECK(two("doi = {10.1000/1}, title = {" + a + "}" + author,
              "doi = {10.1000/1}, title = {" + b + "}" + author)
              .empty());
  }
  CHECK(two(std::string(work) + ", note = {Erratum}", work).empty());
  CHECK(two(std::string(work) + ", note = {[Erratum: Ann. Phys. 18, 639]}", work) == "same-work: a* b");
  CHECK(two("title = {Strings in AdS$_5$}, author = {Doe, Jane}",
            "title = {Strings in AdS5}, author = {Doe, Jane}") == "same-work: a* b");
}

TEST_CASE("editions and volumes of a book, and other kinds of work, are works of their own") {
  CHECK(two(std::string(work) + ", edition = {Second}", std::string(work) + ", edition = {3rd}", "book")
            .empty());
  CHECK(two(std::string(work) + ", edition = {Second}", std::string(work) + ", edition = {2nd}", "book") ==
        "same-work: a* b");
  CHECK(two(std::string(work) + ", volume = 1", std::string(work) + ", volume = 2", "book").empty());
  CHECK(two(std::string(work) + ", chapter = 1", std::string(work) + ", chapter = 2", "inbook").empty());
  CHECK(groups_in(std::string("@book{a, ") + work + "}\n@article{b, " + work + "}\n").empty());
  CHECK(groups_in(std::string("@phdthesis{a, ") + work + "}\n@article{b, " + work + "}\n").empty());
  CHECK(groups_in(std::string("@misc{a, ") + work + "}\n@phdthesis{b, " + work + "}\n") == "same-work: a b*");
  CHECK(two(std::string(work) + ", edition = {Second}, year = 1992", std::string(work) + ", year = 1990",
            "book")
            .empty());
  CHECK(two(std::string(work) + ", edition = {Second}, year = 1992", std::string(work) + ", year = 1992",
            "book") == "same-work: a* b");
  // the column of each issue
  CHECK(two(std::string(work) + ", journal = {TUGboat}, volume = 11, number = 1, pages = {131}",
            std::string(work) + ", journal = {TUGboat}, volume = 11, number = 4, pages = {681}")
            .empty());
  // the report that comes out each year
  CHECK(two(std::string(work) + ", journal = {Phys. Rev. D}, volume = 86, pages = {1}",
            std::string(work) + ", journal = {Physical Review D}, volume = 98, pages = {3}")
            .empty());
  CHECK(two("title = {Introduction}, author = {Doe, J}, booktitle = {One Book}",
            "title = {Introduction}, author = {Doe, J}, booktitle = {Another Book}", "incollection")
            .empty());
  CHECK(two(std::string(work) + ", eprint = {1706.03762}", std::string(work) + ", eprint = {1706.03763}")
            .empty());
}

TEST_CASE("an id or DOI that leads to another title by another author makes no duplicate") {
  CHECK(two("doi = {10.1000/1}, title = {Some Thing}, author = {Doe, Jane}",
            "doi = {10.1000/1}, title = {Quite Another}, author = {Roe, Rick}")
            .empty());
  CHECK(two("doi = {10.1000/1}, title = {Some Thing}, author = {Doe, Jane}",
            "doi = {10.1000/1}, title = {Quite Another}, author = {Doe, Jane}") == "same-doi: a* b");
}

TEST_CASE("the best is published, has more fields, or comes first") {
  const std::string title = work;
  CHECK(groups_in("@misc{a, " + title + ", eprint = {1905.00001}, note = {x}, month = jan}\n@article{b, " +
                  title + ", journal = {Annalen}}\n") == "same-work: a b*");
  CHECK(groups_in("@article{a, " + title + ", journal = {Annalen}}\n@article{b, " + title +
                  ", journal = {Annalen}, volume = 17}\n") == "same-work: a b*");
  CHECK(groups_in("@article{a, " + title + ", journal = {arXiv preprint}}\n@article{b, " + title +
                  ", journal = {Annalen}}\n") == "same-work: a b*");
}

TEST_CASE("containers and entries that are marked are not looked at") {
  CHECK(groups_in(std::string("@xdata{a, ") + work + "}\n@article{b, " + work + "}\n").empty());
  CHECK(two(std::string(work) + ", bibsmith = {keep}", work).empty());
  CHECK(groups_in(std::string("@article{a, ") + work + "}\n% bibsmith: keep\n@article{b, " + work + "}\n")
            .empty());
}

TEST_CASE("a group tells what differs, field by field") {
  const Document document = Document::parse(
      "@misc{a, eprint = {1706.03762}, year = 2017, title = {A  B}, note = {x}}\n"
      "@misc{b, EPRINT = \"1706.03762\", year = {2018}, title = {A B}}\n");
  const std::vector<DuplicateGroup> groups = groups_of(document);
  REQUIRE(groups.size() == 1);
  REQUIRE(groups[0].differences.size() == 2);
  CHECK(groups[0].differences[0].name == "year");
  CHECK(groups[0].differences[0].values == std::vector<std::string>{"2017", "{2018}"});
  CHECK(groups[0].differences[1].name == "note");
  CHECK(groups[0].differences[1].values == std::vector<std::string>{"{x}", ""});
}

TEST_CASE("find_same_works compares new entries with those of a file") {
  const Document document =
      Document::parse(std::string("@article{a, ") + work + "}\n@article{b, title = {X}}\n");
  Entry entry{"misc", "new", {}};
  entry.set("title", Value::braced("On the electrodynamics of moving bodies"));
  entry.set("author", Value::braced("Einstein, Albert"));
  Entry other = entry;
  other.set("title", Value::braced("Something else"));
  const std::vector<Entry> entries = {entry, other};
  const auto found = find_same_works(document, Macros(document), entries);
  REQUIRE(found.size() == 2);
  REQUIRE(found[0].size() == 1);
  CHECK(document.text(document.block(found[0][0]).key) == "a");
  CHECK(found[1].empty());
}

// Compared each with each other these would take hours.
TEST_CASE("a file of one title many times over takes time in proportion to its entries") {
  std::string text;
  for (int i = 0; i < 50'000; ++i) {
    text += "@article{k" + std::to_string(i) +
            ", title = {On the Same Old Things}, author = {Doe, Jane}, edition = {" + std::to_string(i) +
            "}}\n";
  }
  CHECK(groups_of(Document::parse(text)).empty());
}

}  // namespace
}  // namespace bibsmith::bibtex
