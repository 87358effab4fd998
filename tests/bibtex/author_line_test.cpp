#include "bibtex/normalize/author_line.hpp"

#include <map>
#include <string>
#include <vector>

#include "tests/bibtex/shared_rows.hpp"
#include "tests/support/catch.hpp"

namespace bibsmith::bibtex {
namespace {

// "family|given|suffix" of each author, "{name}" of an organisation, "..." for others.
std::vector<std::string> listed(const AuthorNames& list) {
  std::vector<std::string> out;
  for (const Name& name : list.names) {
    const Author author = author_of(name);
    out.push_back(author.is_literal ? "{" + author.name + "}"
                                    : author.family + "|" + author.given +
                                          (author.suffix.empty() ? "" : "|" + author.suffix));
  }
  if (list.others) out.emplace_back("...");
  return out;
}

TEST_CASE("arXiv's author line is split into authors") {
  struct Case {
    const char* line;
    std::vector<std::string> authors;
  };
  const Case cases[] = {
      {"", {}},
      {"Simeon Warner", {"Warner|Simeon"}},
      {"Simeon Warner Jr.", {"Warner|Simeon|Jr."}},
      {"Fred Bloggs, Jr, Ann Other", {"Bloggs|Fred|Jr", "Other|Ann"}},
      {"Fred Bloggs, III", {"Bloggs|Fred|III"}},
      {"C. Bal\\'azs, E. L. Berger, P. M. Nadolsky, C.-P. Yuan",
       {"Balázs|C.", "Berger|E. L.", "Nadolsky|P. M.", "Yuan|C.-P."}},
      {"Matthew Everitt, Robert M. Heath and Viv Kendon",
       {"Everitt|Matthew", "Heath|Robert M.", "Kendon|Viv"}},
      {"Jane B. Jones, John F. Jones, and Steven Q. Smith",
       {"Jones|Jane B.", "Jones|John F.", "Smith|Steven Q."}},
      {"Wei Zhang & Li Wang", {"Zhang|Wei", "Wang|Li"}},
      {"sum won (lab a; lab b)", {"won|sum"}},
      {"Lawrence M. Krauss (1,2) and Robert J. Scherrer (2) ((1) Case Western, (2) Vanderbilt)",
       {"Krauss|Lawrence M.", "Scherrer|Robert J."}},
      {"A. Author (MIT (Cambridge)), B. Author (CERN)", {"Author|A.", "Author|B."}},
      {"A. One (1) B. Two (2)", {"One|A.", "Two|B."}},
      {"E. Troja (1,1}, M.Ulanov (7), F. Yuan (11)", {"Troja|E.", "Ulanov|M.", "Yuan|F."}},
      {"Smith, John; Doe, Jane", {"Smith|", "John|", "Doe|", "Jane|"}},
      {"BELLE Collaboration: A Person, Nother Person",
       {"{BELLE Collaboration}", "Person|A", "Person|Nother"}},
      {"The DELPHI Collaboration, J. Abdallah, et al", {"{The DELPHI Collaboration}", "Abdallah|J.", "..."}},
      {"Pierre Auger Collaboration: A. Aab et al.", {"{Pierre Auger Collaboration}", "Aab|A.", "..."}},
      {"The Super-Kamiokande Collaboration: K. Ueno", {"{The Super-Kamiokande Collaboration}", "Ueno|K."}},
      {"Keck Array, BICEP2 Collaborations: P. A. R. Ade",
       {"{Keck Array}", "{BICEP2 Collaborations}", "Ade|P. A. R."}},
      {"J. Smith for the ATLAS Collaboration", {"Smith|J.", "{ATLAS Collaboration}"}},
      {"J. Smith, on behalf of the LHCb Collaboration", {"Smith|J.", "{LHCb Collaboration}"}},
      {"J. Smith (for the ATLAS Collaboration)", {"Smith|J."}},
      {"C. Palomba, for the LIGO Scientific Collaboration and for the Virgo Collaboration",
       {"Palomba|C.", "{LIGO Scientific Collaboration}", "{Virgo Collaboration}"}},
      {"Dr. X. Y. Zed, Ph.D.", {"Zed|Dr. X. Y."}},
      {"{\\L}ukasz Kowalski, S\\o ren Kierkegaard, Na\\\"{\\i}ve Person",
       {"Kowalski|Łukasz", "Kierkegaard|Søren", "Person|Naïve"}},
      {"T. A. En\\sslin", {"Enßlin|T. A."}},
      {"M. Finger,\\, Jr., F. Fleuret", {"Finger|M.|Jr.", "Fleuret|F."}},
      {"Jane Doe$^{1,2}$, A.~Smith", {"Doe|Jane", "Smith|A."}},
      {"T. Aparicio--Villegas", {"Aparicio-Villegas|T."}},
  };
  for (const Case& one : cases) {
    CAPTURE(one.line);
    CHECK(listed(split_author_line(one.line)) == one.authors);
  }
}

TEST_CASE("Thousands of authors are split") {
  std::string line = "A. Author";
  for (int i = 0; i < 5000; ++i) line += ", B. Author (CERN)";
  CHECK(split_author_line(line).names.size() == 5001);
}

TEST_CASE("Unclosed parentheses cost no author") {
  CHECK(split_author_line(std::string(50000, '(') + "A. B").names.size() <= 1);
  CHECK(listed(split_author_line("A. B (CERN, C. D")) == std::vector<std::string>{"B|A.", "D|C."});
}

using Parts = std::vector<std::string>;  // family, given, suffix

// Why arXiv's split is not ours; the classes of docs/normalizing.md.
std::string reason(const Parts& theirs, const std::vector<Parts>& ours) {
  const std::string whole = theirs[1].empty() ? theirs[0] : theirs[1] + " " + theirs[0];
  const auto has = [&](const char* word) { return whole.find(word) != std::string::npos; };
  for (const char* word : {"ollaboration", "onsorti", "Team", "team", "roup", "project", "Keck Array"}) {
    if (has(word)) return "organisation";
  }
  if (theirs[0].size() == 1 || theirs[1] == "\\,") return "stray punctuation";
  if (has("\\") || has("{") || has("--")) return "TeX left over";
  if (has("et al") || theirs[1].ends_with(" et")) return "et al.";
  if (theirs[0].ends_with(',') || theirs[0] == "III" || theirs[0].starts_with("Jr"))
    return "suffix behind a comma";
  for (const Parts& one : ours) {
    const std::string our_whole = one[1].empty() ? one[0] : one[1] + " " + one[0];
    if (our_whole == whole && one[0].size() > theirs[0].size()) return "particle";
    if (one[0] == theirs[0] && one[2] != theirs[2] && !one[2].empty()) return "suffix behind a comma";
  }
  return "unexplained";
}

TEST_CASE("Conformance: arXiv's own split, where it is right", "[conformance]") {
  std::size_t total = 0;
  std::size_t equal = 0;
  std::map<std::string, std::size_t> reasons;
  std::size_t lines_equal = 0;
  std::size_t lines = 0;
  for (const char* file : {"authors_split_dev.jsonl", "authors_listings_dev.jsonl"}) {
    for (const auto& row : testing::shared_rows(file)) {
      std::vector<Parts> ours;
      for (const Name& name : split_author_line(row["authors_raw"].get<std::string>()).names) {
        const Author author = author_of(name);
        ours.push_back(author.is_literal ? Parts{author.name, "", ""}
                                         : Parts{author.family, author.given, author.suffix});
      }
      std::size_t found_in_line = 0;
      std::vector<Parts> left = ours;
      for (const auto& parsed : row["parsed"]) {
        Parts theirs{parsed[0], parsed[1], parsed[2]};
        for (std::string& part : theirs) {  // arXiv prints "C. -P." for "C.-P."
          for (auto at = part.find(". -"); at != std::string::npos; at = part.find(". -"))
            part.erase(at + 1, 1);
        }
        ++total;
        const auto found = std::find(left.begin(), left.end(), theirs);
        if (found != left.end()) {
          left.erase(found);
          ++equal;
          ++found_in_line;
          continue;
        }
        const std::string why = reason(theirs, ours);
        ++reasons[why];
        if (why == "unexplained")
          UNSCOPED_INFO(row["id"] << " " << theirs[0] << "|" << theirs[1] << "|" << theirs[2]);
      }
      ++lines;
      if (found_in_line == row["parsed"].size() && left.empty()) ++lines_equal;
    }
  }
  INFO(equal << " of " << total << " authors, " << lines_equal << " of " << lines << " lines");
  for (const auto& [why, count] : reasons) UNSCOPED_INFO(why << ": " << count);
  // arXiv is wrong in the explained ones; of the others nearly all are equal.
  const std::size_t right_at_arxiv = equal + reasons["unexplained"];
  CHECK(equal * 100 >= right_at_arxiv * 99);
}

}  // namespace
}  // namespace bibsmith::bibtex
