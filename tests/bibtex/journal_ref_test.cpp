#include "bibtex/normalize/journal_ref.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "bibtex/model/unicode.hpp"
#include "bibtex/normalize/journal_names.hpp"
#include "tests/bibtex/described.hpp"
#include "tests/bibtex/shared_rows.hpp"
#include "tests/support/catch.hpp"

namespace bibsmith::bibtex {
namespace {

using testing::described;

TEST_CASE("Numbers find their places") {
  const std::map<std::string, std::string> cases = {
      {"2007, A&A, 471, 381", "article; Astronomy & Astrophysics; vol 471; pp 381; 2007"},
      {"Entropy, 13:6 (2011) pages 1076-1136", "article; Entropy; vol 13; no 6; pp 1076-1136; 2011"},
      {"Galaxies 2018 (6), 116", "article; Galaxies; vol 6; pp 116; 2018"},
      {"Ann. of Math. (2) 177 (2013), no. 1, 311-366",
       "article; Annals of Mathematics; vol 177; no 1; pp 311-366; 2013"},
      {"PASP, V129, I972, pp. 024004 (2017)",
       "article; Publications of the Astronomical Society of the Pacific; vol 129; no 972; art 024004; 2017"},
      {"J. Phys. Soc. Jpn, 76, 073704-(1-4) (2007)",
       "article; Journal of the Physical Society of Japan; vol 76; art 073704; 2007"},
      {"Phys. Rev. B 83, 024418-1 - 024418-5 (2011)", "article; Physical Review B; vol 83; art 024418; 2011"},
      {"Physical Review E, vol. 70, no. 066108, Dec. 2004.",
       "article; Physical Review E; vol 70; art 066108; 2004-12"},
      {"Phys. Rev. B 59, 12345 (1999)", "article; Physical Review B; vol 59; pp 12345; 1999"},
      {"Physica A 387, 2007-2015 (2008)",
       "article; Physica A: Statistical Mechanics and its Applications; vol 387; pp 2007-2015; 2008"},
      {"Astron. Nachr. AN. 2017;338:635-638",
       "article; Astronomische Nachrichten; vol 338; pp 635-638; 2017"},
      {"PLoS ONE 10(9): e0138449, 2015", "article; PLOS ONE; vol 10; no 9; art e0138449; 2015"},
      {"Nuovo Cim.C33N1:1-10,2010", "article; Il Nuovo Cimento C; vol 33; no 1; pp 1-10; 2010"},
      {"Quantum Information and Computation, Vol. 10, No. 1&2 (2010) 0001-0020",
       "article; Quantum Information and Computation; vol 10; no 1-2; pp 0001-0020; 2010"},
      {"Progress in quantum electronics 30 (12/2006) 89-126",
       "article; Progress in quantum electronics; vol 30; pp 89-126; 2006-12"},
      {"Advances in High Energy Physics Volume 2013, Article ID 123456, 10 pages",
       "article; Advances in High Energy Physics; vol 2013; art 123456; 2013"},
      {"LMCS 11 (3:5) 2015", "article; Logical Methods in Computer Science; vol 11; no 3; art 5; 2015"},
      {"Foo Quarterly, vol. XXIII, no. 2, 2004", "article; Foo Quarterly; vol XXIII; no 2; 2004"},
      {"Proc. Indian Acad. Sci. (Math. Sci.) 117 (2007) 1-10",
       "article; Proc. Indian Acad. Sci. (Math. Sci.); vol 117; pp 1-10; 2007"},
  };
  for (const auto& [text, wanted] : cases) {
    CAPTURE(text);
    CHECK(described(read_journal_ref(text)) == wanted);
  }
}

TEST_CASE("What stands around the reference goes to the rest") {
  const std::map<std::string, std::string> cases = {
      {"Ye, Q.-z. 2011, Astron. J., 141, 32",
       "article; The Astronomical Journal; vol 141; pp 32; 2011; rest: Ye, Q.-z."},
      {"A. Author, \"On a title, and more of it,\" Opt. Lett. 43, 3092-3095 (2018)",
       "article; Optics Letters; vol 43; pp 3092-3095; 2018; rest: A. Author, \"On a title, and more of "
       "it,\""},
      {"Phys. Rev. A 83, 012345 (2011), http://example.org/x?y=1",
       "article; Physical Review A; vol 83; art 012345; 2011; rest: http://example.org/x?y=1"},
      {"Phys. Rev. A 83, 012345 (2011), ISSN 1050-2947",
       "article; Physical Review A; vol 83; art 012345; 2011; rest: ISSN 1050-2947"},
      {"Submitted to Phys. Rev. D", "unknown; rest: Submitted to Phys. Rev. D; ? journal-ref.submitted"},
  };
  for (const auto& [text, wanted] : cases) {
    CAPTURE(text);
    CHECK(described(read_journal_ref(text)) == wanted);
  }
}

TEST_CASE("Errata without a journal are in that of the work") {
  CHECK(described(read_journal_ref("Phys. Rev. A 81, 010101; erratum 82, 019901(E) (2010)")) ==
        "article; Physical Review A; vol 81; art 010101 + erratum (article; Physical Review A; vol 82; art "
        "019901; "
        "2010)");
  CHECK(described(read_journal_ref(
            "Mon. Not. R. Astron. Soc. 423, 2533-2557 (2012); Erratum ibidem 440, 1295 (2014)")) ==
        "article; Monthly Notices of the Royal Astronomical Society; vol 423; pp 2533-2557; 2012 + erratum "
        "(article; "
        "Monthly Notices of the Royal Astronomical Society; vol 440; pp 1295; 2014)");
  CHECK(described(read_journal_ref("JHEP 1012:070,2010; Erratum-ibid.1102:044,2011")) ==
        "article; Journal of High Energy Physics; vol 2010; no 12; art 070; 2010 + erratum (article; Journal "
        "of High "
        "Energy Physics; vol 2011; no 02; art 044; 2011)");
}

TEST_CASE("Titles of proceedings end where something else begins") {
  const std::map<std::string, std::string> cases = {
      {"Proceedings of the 4th Annual IEEE Communications Society Conference on Sensor, Mesh, and Ad Hoc "
       "Communications and Networks (SECON 2007), San Diego, CA, pp. 334-343, Jun. 18-21 2007.",
       "inproceedings; Proceedings of the 4th Annual IEEE Communications Society Conference on Sensor, Mesh, "
       "and Ad "
       "Hoc Communications and Networks (SECON 2007); pp 334-343; 2007-06; rest: San Diego, CA"},
      {"IEEE International Symposium on Information Theory, June 28 2009-July 3, 2009, pp. 144 -- 148",
       "inproceedings; IEEE International Symposium on Information Theory; pp 144-148; 2009-07"},
      {"Propagation Phenomena in Real World Networks, volume 85 of Intelligent Systems Reference Library, "
       "pages "
       "215-224. Springer, 2015",
       "incollection; Propagation Phenomena in Real World Networks; series Intelligent Systems Reference "
       "Library; vol "
       "85; pp 215-224; 2015; by Springer"},
      {"Arithmetic, Geometry, Cryptography and Coding Theory, 87-99, Contemp. Math. 487, Amer. Math. Soc., "
       "Providence, RI, 2009.",
       "incollection; Arithmetic, Geometry, Cryptography and Coding Theory; series Contemporary Mathematics; "
       "vol 487; "
       "pp 87-99; 2009; by Amer. Math. Soc; rest: Providence, RI"},
      {"Cambridge University Press, 2009", "book; 2009; by Cambridge University Press"},
  };
  for (const auto& [text, wanted] : cases) {
    CAPTURE(text);
    CHECK(described(read_journal_ref(text)) == wanted);
  }
}

TEST_CASE("A long text is cut between characters, and nothing of it is lost") {
  std::string text = "Phys. Rev. D 12, 34 (1999) ";
  while (text.size() < journal_ref_bytes_max + 100) text += "é";
  const JournalRef read = read_journal_ref(text);
  REQUIRE_FALSE(read.findings.empty());
  CHECK(read.findings.front().code == "journal-ref.cut");
  CHECK(read.findings.front().message == "the journal reference is longer than 1024 bytes");
  CHECK(std::count(read.rest.begin(), read.rest.end(), '\xC3') ==
        std::count(text.begin(), text.end(), '\xC3'));
}

TEST_CASE("Any text is read, at most sixteen references of it") {
  std::string many;
  for (int i = 0; i < 40; ++i) many += "Phys. Rev. D 12, 34 (1999); ";
  CHECK(read_journal_ref(many).related.size() == journal_ref_references_max - 1);
  for (const std::string unit :
       {"(",     ")",    "[",   ";",   ",",    "1 ",    "1", "Phys. ", "Erratum", "ibid.", "\"",   "-",
        "vol. ", "\xff", "J. ", "in ", "and ", "2007 ", "é", "\\\"",   "{",       "$",     "10.1/"}) {
    std::string text;
    while (text.size() < 2 * journal_ref_bytes_max) text += unit;
    CAPTURE(unit);
    read_journal_ref(text);
    read_journal_ref(unit);
    read_journal_ref("Phys. Rev. D " + text);
    read_journal_ref("Proceedings of the " + text);
  }
}

// Letters and digits in lower case, without accents: names are compared without regard to how they are cut.
std::string folded(std::string_view text) {
  std::string out;
  for (const char c : to_ascii(text)) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
      out += static_cast<char>(upper ? c + 32 : c);
  }
  return out;
}

std::string full(const std::string& name) {
  const JournalName* const row = find_journal(name);
  return folded(row == nullptr ? name : row->full);
}

bool same_container(const nlohmann::json& row, const Publication& ours) {
  const std::string wanted = row.value("journal", row.value("booktitle", ""));
  if (wanted.empty()) return true;
  const std::string name = folded(ours.container);
  if (full(wanted) == full(ours.container) || folded(wanted) == folded(ours.event)) return true;
  // Letters of The Astrophysical Journal are cited under both names.
  if (name.starts_with("theastrophysicaljournal") && full(wanted).starts_with("theastrophysicaljournal") &&
      ours.pages.starts_with("L"))
    return true;
  if (row.contains("journal")) return false;
  // Booktitles: "Proc." and acronyms at the end are written or not. A series may stand for the title.
  const std::string title = folded(wanted);
  const bool part =
      name.size() > 8 && (title.find(name) != std::string::npos || name.find(title) != std::string::npos);
  return (part && name.size() * 10 >= title.size() * 6) || full(wanted) == folded(ours.series);
}

// "L57" of "L57--L60"; zeros in front do not count: "e0138449" and "e138449".
std::string first_page(std::string pages) {
  pages = pages.substr(0, pages.find('-'));
  std::size_t digit = 0;
  while (digit < pages.size() && (pages[digit] < '0' || pages[digit] > '9')) ++digit;
  while (digit + 1 < pages.size() && pages[digit] == '0') pages.erase(digit, 1);
  return folded(pages);
}

struct Score {
  std::size_t right = 0;
  std::size_t rows = 0;
  std::size_t unflagged = 0;  // wrong without a finding
};

TEST_CASE("Parts agree with labelled references") {
  const auto rows = testing::shared_rows("journal_ref_dev.jsonl");
  if (rows.empty()) return;
  std::map<std::string, Score> scores;
  for (const nlohmann::json& row : rows) {
    const std::string raw = row["raw"];
    const std::string tier = row["tier"];
    const JournalRef read = read_journal_ref(raw);
    const Publication& ours = read.publication;
    std::vector<std::string> wrong;
    const auto check = [&](const std::string& field, bool present, bool right) {
      if (!present) return;
      Score& score = scores[tier + " " + field];
      ++score.rows;
      if (right) {
        ++score.right;
      } else {
        wrong.push_back(field);
        if (read.findings.empty()) ++score.unflagged;
      }
    };
    std::string type = row["type"];
    if (type == "techreport") type = "report";
    const std::string text = described(ours);
    check("type", true, text.substr(0, text.find(';')) == type);
    const std::size_t before = wrong.size();
    check("journal", row.contains("journal") || row.contains("booktitle"), same_container(row, ours));
    check("volume", row.contains("volume"), row.value("volume", "") == ours.volume);
    const std::string page = row.value("pages", row.value("eid", ""));
    check("page", !page.empty(), first_page(page) == first_page(ours.pages.empty() ? ours.eid : ours.pages));
    check("year", row.contains("year"), row.value("year", "") == ours.date.iso().substr(0, 4));
    check("all", true, wrong.size() == before);
    if (!wrong.empty()) {
      std::string fields;
      for (const std::string& field : wrong) fields += field + " ";
      std::printf("journal_ref: %s: wrong %s%s: %s\n", raw.c_str(), fields.c_str(),
                  read.findings.empty() ? "and unflagged" : "", described(read).c_str());
    }
  }
  for (const auto& [name, score] : scores) {
    std::printf("journal_ref: %s: right on %zu of %zu, %zu wrong and unflagged\n", name.c_str(), score.right,
                score.rows, score.unflagged);
    CAPTURE(name, score.right, score.rows);
    const bool whole = name.ends_with("all") || name.ends_with("type");
    CHECK(score.right * 1000 >= score.rows * (whole ? 970 : 980));
  }
}

}  // namespace
}  // namespace bibsmith::bibtex
