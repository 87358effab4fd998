#include "bibtex/normalize/journal_names.hpp"

#include <map>
#include <string>

#include "bibtex/normalize/journal_form.hpp"
#include "tests/support/catch.hpp"

namespace bibsmith::bibtex {
namespace {

std::string full_name(std::string_view name) {
  const JournalName* const found = find_journal(name);
  return found == nullptr ? "" : std::string(found->full);
}

TEST_CASE("A journal is found in any spelling") {
  for (const char* name : {"Physical Review D", "Phys. Rev. D", "Phys.Rev.D", "Phys Rev D", "PhysRevD", "PRD",
                           "PHYSICAL REVIEW D", "Physical Rev. D", "phys. rev. d."}) {
    CAPTURE(name);
    CHECK(full_name(name) == "Physical Review D");
  }
  CHECK(full_name("Mon.Not.Roy.Astron.Soc.") == "Monthly Notices of the Royal Astronomical Society");
  CHECK(full_name("Rept. Prog. Phys.") == "Reports on Progress in Physics");
  CHECK(full_name("The American Mathematical Monthly") == "American Mathematical Monthly");
  CHECK(full_name("J. Opt. Soc. Am. B") == "Journal of the Optical Society of America B");
  CHECK(full_name("Annales Henri Poincare") == "Annales Henri Poincaré");
  CHECK(full_name("Annales Henri Poincaré") == "Annales Henri Poincaré");
  CHECK(full_name("ЖЭТФ") == "Zhurnal Eksperimental'noi i Teoreticheskoi Fiziki");
}

TEST_CASE("What fits two journals, or none, is not found") {
  CHECK(find_journal("Ann. Phys.") == nullptr);  // Annals of Physics, Annalen der Physik
  CHECK(find_journal("Phys. Rev. Z") == nullptr);
  CHECK(find_journal("Turkish Journal of Mathematics") == nullptr);
  CHECK(find_journal("Math. Sci.") == nullptr);  // no contraction of Scandinavica
  CHECK(find_journal("Sci") == nullptr);         // a bibstem, not a name
  CHECK(find_journal("") == nullptr);
  CHECK(find_journal("...") == nullptr);
  CHECK(find_journal(std::string(100000, 'a')) == nullptr);
}

TEST_CASE("ADS's stems are names in bibcodes only") {
  REQUIRE(find_bibstem("Natur") != nullptr);
  CHECK(find_bibstem("Natur")->full == "Nature");
  CHECK(find_bibstem("PhRvL")->full == "Physical Review Letters");
  CHECK(find_bibstem("MNRAS")->full == "Monthly Notices of the Royal Astronomical Society");
  CHECK(find_bibstem("XYZab") == nullptr);
}

TEST_CASE("Abbreviations are ISO 4's") {
  const std::map<std::string, std::string> abbreviations = {{"JCAP", "J. Cosmol. Astropart. Phys."},
                                                            {"ApJ", "Astrophys. J."},
                                                            {"MNRAS", "Mon. Not. R. Astron. Soc."},
                                                            {"A&A", "Astron. Astrophys."},
                                                            {"PASP", "Publ. Astron. Soc. Pac."},
                                                            {"PNAS", "Proc. Natl. Acad. Sci."},
                                                            {"Nature", "Nature"},
                                                            {"Pattern Recognition", "Pattern Recognit."},
                                                            {"Neural Networks", "Neural Netw."},
                                                            {"Information Sciences", "Inf. Sci."},
                                                            {"Fuzzy Sets and Systems", "Fuzzy Sets Syst."}};
  for (const auto& [name, abbreviation] : abbreviations) {
    CAPTURE(name);
    REQUIRE(find_journal(name) != nullptr);
    CHECK(find_journal(name)->iso4 == abbreviation);
  }
}

TEST_CASE("The form of a name is chosen where both are known") {
  Publication publication;
  publication.container = "Physical Review D";
  publication.container_short = "Phys. Rev. D";
  CHECK(journal_name(publication, JournalForm::full) == "Physical Review D");
  CHECK(journal_name(publication, JournalForm::abbreviated) == "Phys. Rev. D");
  publication.container_short.clear();
  CHECK(journal_name(publication, JournalForm::abbreviated) == "Physical Review D");
}

TEST_CASE("A file abbreviates journals where most that say something are abbreviated") {
  const auto form = [](std::string text) { return measure_journals(Document::parse(std::move(text))); };
  CHECK(form("") == JournalForm::full);
  CHECK(form("@article{a, journal = {Nature}}") == JournalForm::full);
  CHECK(form("@article{a, journal = {Turk. J. Things}}") == JournalForm::full);  // not in the table
  CHECK(form("@article{a, journal = {CoRR}}") == JournalForm::full);
  CHECK(form("@article{a, journal = {PRD}}") == JournalForm::full);
  CHECK(form("@article{a, JOURNAL = {Phys. Rev. D}}") == JournalForm::abbreviated);
  CHECK(form("@article{a, journaltitle = \"Astron. {\\&} Astrophys.\"}") == JournalForm::abbreviated);
  CHECK(form("@string{prd = {Phys Rev D}} @article{a, journal = prd}") == JournalForm::abbreviated);
  CHECK(form("@article{a, journal = {Phys. Rev. D}}\n@article{b, journal = {Physical Review D}}") ==
        JournalForm::full);
}

}  // namespace
}  // namespace bibsmith::bibtex
