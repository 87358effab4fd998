#include <string>

#include "bibtex/compare/matcher.hpp"
#include "bibtex/compare/work_comparison.hpp"
#include "tests/support/catch.hpp"

namespace bibsmith::bibtex {
namespace {

EntryIdentity identity_of(const std::string& fields) {
  const Document document = Document::parse("@string{arx = \"arXiv\"}\n@misc{k, " + fields + "}\n");
  const Macros macros(document);
  return identify(document, macros, document.find("k").value());
}

// The id and the field that says it, "-" for none.
std::string said(const std::string& fields) {
  const EntryIdentity identity = identity_of(fields);
  return identity.arxiv_id ? identity.arxiv_id->str() + " by " + std::string(identity.said_by) : "-";
}

TEST_CASE("identify reads the ways in which tools and people write arXiv's identifier") {
  CHECK(said("eprint = {1706.03762}, archiveprefix = {arXiv}") == "1706.03762 by eprint");
  CHECK(said("eprint = {hep-th/9901001}, eprinttype = arx") == "hep-th/9901001 by eprint");
  CHECK(said("eprint = {arXiv:1706.03762 [cs.CL]}") == "1706.03762 by eprint");
  CHECK(said("doi = {10.48550/arXiv.1706.03762}") == "1706.03762 by doi");
  CHECK(said("doi = {https://doi.org/10.48550/ARXIV.1706.03762}") == "1706.03762 by doi");
  CHECK(said("url = {https://arxiv.org/abs/1706.03762v5}") == "1706.03762 by url");
  CHECK(said("url = {http://arxiv.org/pdf/hep-th/9901001}") == "hep-th/9901001 by url");
  // Google Scholar, DBLP, Semantic Scholar, Mendeley, INSPIRE's note
  CHECK(said("journal = {arXiv preprint arXiv:1706.03762}, year = {2017}") == "1706.03762 by journal");
  CHECK(said("journal = {CoRR}, volume = {abs/1706.03762}") == "1706.03762 by volume");
  CHECK(said("journal = {ArXiv}, volume = {abs/1706.03762}") == "1706.03762 by volume");
  CHECK(said("journaltitle = {ArXiv e-prints}, arxivId = {1706.03762}") == "1706.03762 by arxivid");
  CHECK(said("howpublished = {\\url{https://arxiv.org/abs/1706.03762}}") == "1706.03762 by howpublished");
  CHECK(said("howpublished = {\\href{https://arxiv.org/abs/1706.03762}{preprint}}") ==
        "1706.03762 by howpublished");
  CHECK(said("note = {arXiv:1706.03762 (2017)}") == "1706.03762 by note");
  CHECK(said("note = {Available at arXiv:1706.03762}") == "1706.03762 by note");
  CHECK(said("number = {arXiv:1706.03762}") == "1706.03762 by number");
  CHECK(said("journal = {arXiv:1706.03762 [cs.CL], 2017}") == "1706.03762 by journal");
}

TEST_CASE("identify takes no other paper's id for the entry's") {
  CHECK(said("title = {On arXiv:1706.03762}") == "-");
  CHECK(said("abstract = {As in arXiv:1706.03762 we show}") == "-");
  CHECK(said("note = {Erratum in arXiv:1706.03762}") == "-");
  CHECK(said("note = {See also arXiv:1706.03762}") == "-");
  CHECK(said("note = {Comment on arXiv:1706.03762 and arXiv:1706.03763}") == "-");
  CHECK(said("eprint = {1706.03762}, eprinttype = {hal}") == "-");
  CHECK(said("eprint = {0804.1234v}") == "-");
  CHECK(said("journal = {Nature}, volume = {1706}, pages = {3762}") == "-");
  CHECK(said("url = {https://example.org/1706.03762}") == "-");
  CHECK(said("year = {2017}") == "-");
}

TEST_CASE(
    "identify tells a version that the user cites, the DOI of the publication, and ids that contradict each "
    "other") {
  CHECK(identity_of("eprint = {1706.03762v2}, archiveprefix = {arXiv}").pinned);
  CHECK(identity_of("eprint = {1706.03762v2}, archiveprefix = {arXiv}").arxiv_id->version() == 2);
  CHECK_FALSE(identity_of("url = {https://arxiv.org/abs/1706.03762v2}").pinned);
  CHECK(identity_of("doi = {10.1103/PhysRevD.76.013009}, eprint = {0704.0001}").doi->str() ==
        "10.1103/PhysRevD.76.013009");
  const EntryIdentity two =
      identity_of("eprint = {1706.03762}, archiveprefix = {arXiv}, url = {https://arxiv.org/abs/1412.6980}");
  REQUIRE(two.other);
  CHECK(two.other->arxiv_id.str() == "1412.6980");
  CHECK(two.other->said_by == "url");
  CHECK_FALSE(identity_of("eprint = {1706.03762}, url = {https://arxiv.org/abs/1706.03762v3}").other);
}

TEST_CASE("is_arxiv_name tells arXiv's name from a journal's") {
  for (const char* name : {"", "arXiv", "ArXiv e-prints", "arXiv preprint", "arXiv preprint arXiv:1706.03762",
                           "CoRR", "arXiv.org", "{arXiv}", "arXiv [cs.CL]", "arXiv: Computer Vision"}) {
    CAPTURE(name);
    CHECK(is_arxiv_name(name) == (std::string(name) != "arXiv: Computer Vision"));
  }
  for (const char* name : {"Nature", "J. Corr.", "Corrosion", "Archives", "Proc. arXiv Workshop"}) {
    CAPTURE(name);
    CHECK_FALSE(is_arxiv_name(name));
  }
}

// What compare_work says, as "title first authors year" with + passed, - failed, ? unknown.
std::string compared(const std::string& fields, const Record& record) {
  const Document document = Document::parse("@misc{k, " + fields + "}");
  const Macros macros(document);
  const WorkComparison result = compare_work(work_said(document, macros, document.find("k").value()), record);
  std::string out;
  for (const auto outcome : {result.title, result.first_author, result.authors, result.year}) {
    out += outcome == WorkComparison::Outcome::passed   ? '+'
           : outcome == WorkComparison::Outcome::failed ? '-'
                                                        : '?';
  }
  CHECK(result.same_work() == (out == "++++" || out == "+++?"));
  return out;
}

TEST_CASE("compare_work lets each criterion pass or fail by itself") {
  Record record;
  record.title = "The $H_0$ tension of Schr\\\"odinger's cat: a review";
  record.authors = {Author{.name = "Jos\\'e van der Tak"}, Author{.name = "Ada Lovelace"},
                    Author{.name = "C.-P. Yuan"}};
  record.published = {2017, 6, 12};
  record.updated = {2019, 1, 1};
  const std::string authors = "author = {van der Tak, Jos{\\'e} and Lovelace, A. and others}, ";
  CHECK(compared(authors + "title = {The {$H_0$} Tension of Schr{\\\"o}dinger's Cat: A Review}, year = 2018",
                 record) == "++++");
  CHECK(compared(authors + "title = {The H$_0$ tension of Schrodinger's cat}", record) ==
        "+++?");  // without its subtitle
  CHECK(compared("author = {Tak, J.}, title = {The $H_0$ tension of Schr\\\"odinger's dog: a review of it}",
                 record) == "-++?");
  CHECK(compared("author = {Lovelace, A. and van der Tak, J.}, title = {The $H_0$ tension of "
                 "Schr\\\"odinger's cat: a review}, year = 1999",
                 record) == "+-+-");
  CHECK(compared("author = {Gauss, C. F. and Galois, E.}, title = {Something else}", record) == "---?");
  CHECK(compared("year = {forthcoming}", record) == "????");
}

}  // namespace
}  // namespace bibsmith::bibtex
