#include "bibtex/normalize/published.hpp"

#include <set>
#include <string>
#include <vector>

#include "bibtex/normalize/doi_reading.hpp"
#include "bibtex/normalize/journal_names.hpp"
#include "bibtex/normalize/normalizer.hpp"
#include "tests/bibtex/paper_records.hpp"
#include "tests/support/catch.hpp"

namespace bibsmith::bibtex {
namespace {

Record record_with(const std::string& journal_ref, const std::vector<std::string>& dois = {}) {
  Record record;
  record.arxiv_id = *ArxivId::parse("0705.1234v2");
  record.title = "A study of many things";
  record.authors = {Author{.name = "Ada Lovelace"}};
  record.categories = {"hep-ph"};
  record.published = {2007, 5, 9};
  record.updated = {2007, 9, 1};
  record.journal_ref = journal_ref;
  for (const std::string& doi : dois) record.dois.push_back(*Doi::parse(doi));
  record.origins = {Origin{.source = "arxiv-atom",
                           .url = {},
                           .retrieved = std::chrono::sys_days{std::chrono::year{2026} / 11 / 26}}};
  return record;
}

// "journal volume (number) locator year", or why it stays a preprint.
std::string outcome(const Record& record) {
  const PublishedDecision decision = decide_published(record);
  if (!decision.publication) return decision.findings.empty() ? "preprint" : decision.findings.front().code;
  const Publication& p = *decision.publication;
  return p.container + ' ' + p.volume + " (" + p.number + ") " + (p.eid.empty() ? p.pages : "no. " + p.eid) +
         ' ' + p.date.iso();
}

TEST_CASE("A reference and a DOI that agree make a published entry") {
  CHECK(outcome(record_with("Phys.Rev.D76:013009,2007", {"10.1103/PhysRevD.76.013009"})) ==
        "Physical Review D 76 () no. 013009 2007");
  CHECK(outcome(record_with("Class. Quantum Grav. 32, 243001 (2015)", {"10.1088/0264-9381/32/24/243001"})) ==
        "Classical and Quantum Gravity 32 (24) no. 243001 2015");
  CHECK(outcome(record_with("Class.Quant.Grav.24:3673-3690,2007", {"10.1088/0264-9381/24/14/008"})) ==
        "Classical and Quantum Gravity 24 (14) 3673-3690 2007");
  // The first DOI that agrees is the paper's, whatever the erratum's says.
  const PublishedDecision decision =
      decide_published(record_with("Phys. Rev. D 92, 123002 (2015), Erratum: Phys. Rev. D 103, 109901 (2021)",
                                   {"10.1103/PhysRevD.92.123002", "10.1103/PhysRevD.103.109901"}));
  REQUIRE(decision.publication);
  CHECK(decision.publication->volume == "92");
  CHECK(decision.doi->str() == "10.1103/PhysRevD.92.123002");
}

TEST_CASE("What contradicts itself stays a preprint, and says why") {
  const auto why = [](const std::string& journal_ref, const std::string& doi) {
    const PublishedDecision decision = decide_published(record_with(journal_ref, {doi}));
    CHECK_FALSE(decision.publication);
    REQUIRE(decision.findings.size() == 1);
    CHECK(decision.findings[0].code == "published.contradiction");
    return decision.findings[0].message;
  };
  CHECK(why("Phys. Rev. D 76, 013009 (2007)", "10.1103/PhysRevD.75.013009") ==
        "stays a preprint: 10.1103/PhysRevD.75.013009 says otherwise: volume 76 against 75");
  CHECK(why("Phys. Rev. D 76, 013009 (2007)", "10.1103/PhysRevD.76.013010")
            .ends_with("page 013009 against 013010"));
  CHECK(why("Phys. Rev. D 76, 013009 (2007)", "10.1103/PhysRevLett.99.126405")
            .find("journal Physical Review D") != std::string::npos);
  CHECK(why("Annals of Mathematics 177 (2012), 311-366", "10.4007/annals.2013.177.1.6")
            .ends_with("year 2012 against 2013"));
}

TEST_CASE("A preprint stays one without a whole reference") {
  CHECK(outcome(record_with("")) == "preprint");
  CHECK(outcome(record_with("", {"10.1103/PhysRevD.76.013009"})) == "preprint");  // no year
  CHECK(outcome(record_with("Phys. Rev. D, to appear")) == "published.forthcoming");
  CHECK(outcome(record_with("Phys. Rev. D 76, 013009")) == "published.incomplete");
  CHECK(outcome(record_with("Phys. Rev. D 76, 013009 (1907)")) == "published.year");
  CHECK(outcome(record_with("Phys. Rev. D 76, 013009 (2031)")) == "published.year");
}

TEST_CASE("A DOI that says everything needs no reference") {
  CHECK(outcome(record_with("", {"10.1007/JHEP03(2015)112"})) ==
        "Journal of High Energy Physics 2015 (03) no. 112 2015");
  CHECK(outcome(record_with("", {"10.2140/agt.2012.12.1211"})) ==
        "Algebraic & Geometric Topology 12 () 1211 2012");
}

TEST_CASE("Parts that a source gives win over the text of the reference") {
  Record record = record_with("garbled", {"10.1103/PhysRevD.76.013009"});
  record.publication = Publication{.type = PublicationType::article,
                                   .container = "Physical Review D",
                                   .container_short = "Phys. Rev. D",
                                   .volume = "76",
                                   .number = "1",
                                   .pages = {},
                                   .eid = "013009",
                                   .series = {},
                                   .publisher = "American Physical Society (APS)",
                                   .event = {},
                                   .date = {2007, 7, 0}};
  record.mark(RecordField::publication, Origin{.source = "crossref", .url = {}, .retrieved = {}});
  const PublishedDecision decision = decide_published(record);
  REQUIRE(decision.publication);
  CHECK(decision.publication->number == "1");
  CHECK(decision.witnesses == std::vector<std::string>{"crossref", "doi %c.%v.%l"});
}

TEST_CASE("Locators are compared without the letters and zeros before them") {
  CHECK(same_locator("013009", "13009"));
  CHECK(same_locator("e0010355", "10355"));
  CHECK(same_locator("L5", "l005"));
  CHECK_FALSE(same_locator("013009", "013010"));
  CHECK_FALSE(same_locator("L5", "L"));
  CHECK_FALSE(same_locator("", "L"));
}

TEST_CASE("Journals of DOIs are journals of the table") {
  // One DOI of each form, and what it stands for must be known by that name.
  for (const char* text : {"10.1103/RevModPhys.80.1083",
                           "10.1088/1475-7516/2019/01/038",
                           "10.1140/epjc/s10052-007-0398-0",
                           "10.1371/journal.pone.0010355",
                           "10.1364/JOSAA.23.002578",
                           "10.1143/PTPS.168.70",
                           "10.2168/LMCS-4(2:3)2008",
                           "10.5194/npg-20-267-2013",
                           "10.1111/j.1365-2966.2007.11800.x",
                           "10.1093/mnras/staa1915",
                           "10.3842/SIGMA.2010.014",
                           "10.4007/annals.2013.177.1.6",
                           "10.1073/pnas.1501444112",
                           "10.22331/q-2020-01-13-219",
                           "10.21468/SciPostPhys.4.6.036",
                           "10.5506/APhysPolB.40.123",
                           "10.1090/S0002-9939-2011-10764-0",
                           "10.1038/nature05670",
                           "10.1038/s41586-019-1666-5",
                           "10.1016/j.physletb.2007.05.052",
                           "10.1016/S0370-2693(98)00123-4",
                           "10.1109/TIT.2008.2011437",
                           "10.1214/07-AAP481",
                           "10.1214/EJP.v18-2345",
                           "10.1051/0004-6361:20066477",
                           "10.1142/S021773230702347X",
                           "10.1134/S0021364008040012",
                           "10.1007/s00220-008-0641-z",
                           "10.1007/JHEP03(2015)112",
                           "10.3390/e15104540",
                           "10.4204/EPTCS.76.4"}) {
    CAPTURE(text);
    const auto reading = read_doi(*Doi::parse(text));
    REQUIRE(reading);
    const JournalName* const journal = find_journal(reading->publication.container);
    REQUIRE(journal != nullptr);
    CHECK(journal->full == reading->publication.container);
  }
  for (const char* text :
       {"10.1145/1810959.1810995", "10.1103/Nothing.76.1", "10.1103/PhysRevD.76", "10.1007/JHEP03(2015)",
        "10.3390/e1510", "10.1088/0264-9381", "10.1073/pnas.12345"}) {
    CAPTURE(text);
    CHECK_FALSE(read_doi(*Doi::parse(text)));
  }
}

TEST_CASE("No published entry of a real record contradicts a DOI, and none lacks its required fields") {
  const std::vector<Record> records = testing::paper_records();
  if (records.empty()) return;  // shared_rows said so
  std::size_t published = 0;
  for (const Record& record : records) {
    const NormalizedEntry result = normalize(record, {});
    CAPTURE(record.arxiv_id->str(), record.journal_ref);
    CHECK(result.reasons.size() == result.entry.fields.size());
    CHECK(result.entry.find("eprint") != nullptr);
    if (!result.is_published) continue;
    ++published;
    const bool article = result.entry.type == "article";
    CHECK(result.entry.find(article ? "journal"
                            : result.entry.type == "book" || result.entry.type == "phdthesis"
                                ? "title"
                                : "booktitle") != nullptr);
    CHECK(result.entry.find("year") != nullptr);
    CHECK_FALSE(record.withdrawn);
  }
  // Two thirds of those that give a reference at all.
  std::size_t referenced = 0;
  for (const Record& record : records) referenced += record.journal_ref.empty() ? 0U : 1U;
  WARN("published " << published << " of " << records.size() << " records, " << referenced
                    << " with a journal_ref");
  CHECK(published * 3 >= referenced * 2);
}

}  // namespace
}  // namespace bibsmith::bibtex
