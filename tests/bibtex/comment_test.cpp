#include "bibtex/normalize/comment.hpp"

#include <cstdio>
#include <string>

#include "tests/bibtex/described.hpp"
#include "tests/bibtex/shared_rows.hpp"
#include "tests/support/catch.hpp"

namespace bibsmith::bibtex {
namespace {

CommentStatus status_of(std::string_view text) { return read_comment(text).status; }

TEST_CASE("What is not said of this paper is not its status") {
  for (const char* text : {
           "A preliminary version of this paper was accepted at STOC 2012",
           "An extended abstract appeared in the proceedings of ICALP 2010",
           "A short version of this paper, with fewer proofs, was published in PRL",
           "This is the full version of a paper published in CRYPTO 2015",
           "Companion paper accepted by ApJ",
           "not yet accepted anywhere",
           "Accepted in principle by Nature",
           "This version is not the accepted version",
           "to be submitted if accepted by my coauthors",
           "12 pages, LaTeX, uses the ICML 2018 style file",
           "Journal version of the paper with the same title",
           "the paper was rejected, not accepted",
           "comments on the hypothesis are welcome",
       }) {
    CAPTURE(text);
    CHECK_FALSE(says_accepted(status_of(text)));
  }
}

TEST_CASE("The strongest statement about the paper wins") {
  CHECK(status_of("submitted to MNRAS 3 May, accepted 12 June") == CommentStatus::accepted);
  CHECK(status_of("Accepted by PRD. This paper has been withdrawn by the author due to an error") ==
        CommentStatus::withdrawn);
  CHECK(status_of("The paper has not been withdrawn; accepted by PRL") == CommentStatus::accepted);
  CHECK(status_of("accepted version, to appear in JHEP") == CommentStatus::accepted);
  CHECK(status_of("Submitted to PRL. v2: matches published version") == CommentStatus::published);
  CHECK(status_of("PhD thesis; chapter 3 published in JHEP") == CommentStatus::thesis);
  CHECK(status_of("Accepted subject to minor revision at TOCL; submitted to TOCL") ==
        CommentStatus::submitted);
}

TEST_CASE("A venue alone is a status, where it can be nothing else") {
  CHECK(status_of("CVPR 2016 camera-ready") == CommentStatus::bare_venue);
  CHECK(status_of("ICALP") == CommentStatus::bare_venue);
  CHECK(status_of("EPTCS 10, 2010") == CommentStatus::bare_venue);
  CHECK(status_of("12 pages, ESA, NASA") == CommentStatus::none);
  CHECK(status_of("in latin, 12 pages") == CommentStatus::none);
  CHECK(status_of("ICML 2018 style, 8 pages") == CommentStatus::none);
}

TEST_CASE("Words between the status and the venue are no part of the venue") {
  CHECK(read_comment("Accepted to be presented at ICRA 2022").venue == "ICRA");
  CHECK(read_comment("submitted for consideration in IJMPA").venue == "IJMPA");
  const CommentReading dated = read_comment("submitted to A&A; accepted 12/05/2010");
  CHECK(dated.status == CommentStatus::accepted);
  CHECK(dated.venue.empty());
}

TEST_CASE("comment_journal is the journal of read_comment") {
  for (const char* text :
       {"", "12 pages, 3 figures", "Accepted by MNRAS", "To appear, Trans. Amer. Math. Soc.",
        "ICML 2018 long talk", "JHEP 0706:065", "Revised", "12 pages; TACL 2018", "published in Phys. Rev. D",
        "withdrawn by the author"}) {
    CAPTURE(text);
    CHECK(comment_journal(text) == read_comment(text).journal);
  }
  CHECK(comment_journal("12 pages, accepted by MNRAS") ==
        "Monthly Notices of the Royal Astronomical Society");
}

TEST_CASE("A successor is named by the words before its id") {
  const auto successor = [](std::string_view text) {
    const CommentReading read = read_comment(text);
    return read.successor ? read.successor->str() : std::string();
  };
  CHECK(successor("Superseded by arXiv:1705.00001v2.") == "1705.00001v2");
  CHECK(successor("This paper has been withdrawn; see arXiv: hep-th/9901001") == "hep-th/9901001");
  CHECK(successor("Withdrawn and merged with https://arxiv.org/abs/1705.00001") == "1705.00001");
  CHECK(successor("withdrawn, substantial overlap with arXiv:1209.0572").empty());
  CHECK(successor("accepted by PRD, see arXiv:1209.0572").empty());  // not withdrawn
}

TEST_CASE("Any text is read") {
  for (const std::string text :
       {"", "(((((", "accepted", "to appear in", "in press", "submitted to ", "10.",
        "arXiv:", "\xff\xfe accepted in \x80", "thesis", "1 page 1 figure 1 table"}) {
    CAPTURE(text);
    read_comment(text);
  }
  std::string longest;
  while (longest.size() < 2 * comment_bytes_max) longest += "accepted in é, (";
  CHECK(status_of(longest) == CommentStatus::accepted);
  CHECK(status_of(std::string(comment_bytes_max, ' ') + "accepted") == CommentStatus::none);
}

TEST_CASE("Statuses agree with labelled comments") {
  const auto rows = testing::shared_rows("comment_dev.jsonl");
  if (rows.empty()) return;
  std::size_t right = 0;
  for (const nlohmann::json& row : rows) {
    const std::string raw = row["raw"];
    std::string wanted = row["status"];
    for (char& c : wanted) c = c == '_' ? ' ' : c;
    const CommentReading read = read_comment(raw);
    std::string ours = testing::described(read);
    ours = ours.substr(0, ours.find_first_of(";("));
    while (ours.ends_with(' ')) ours.pop_back();
    CAPTURE(raw, wanted, ours);
    if (ours == wanted) {
      ++right;
    } else {
      std::printf("comment: %s: wanted %s, read %s\n", raw.c_str(), wanted.c_str(), ours.c_str());
    }
    if (wanted == "submitted" || wanted == "withdrawn") CHECK_FALSE(says_accepted(read.status));
  }
  std::printf("comment: status right on %zu of %zu\n", right, rows.size());
  CHECK(right * 100 >= rows.size() * 98);
}

}  // namespace
}  // namespace bibsmith::bibtex
