#include "fetchers/record/arxiv_id.hpp"

#include <string>

#include "tests/support/catch.hpp"

using bibsmith::ArxivId;

namespace {

std::string parsed(std::string_view text) {
  const auto id = ArxivId::parse(text);
  return id ? id->str() : "error at " + std::to_string(id.error().offset) + ": " + id.error().message;
}

}  // namespace

TEST_CASE("ArxivId takes the forms that people paste") {
  const auto [text, canonical] = GENERATE(table<std::string, std::string>({
      {"1706.03762", "1706.03762"},
      {"1706.03762v5", "1706.03762v5"},
      {"1706.03762V5", "1706.03762v5"},
      {"0704.0001", "0704.0001"},
      {"1412.6980", "1412.6980"},
      {"arXiv:1706.03762", "1706.03762"},
      {"ARXIV: 1706.03762", "1706.03762"},
      {"arxiv:arXiv:1706.03762", "1706.03762"},
      {"arXiv : 1405. 2249", "1405.2249"},
      {"arXiv 1706.03762 v5", "1706.03762v5"},
      {"arXiv preprint arXiv:1706.03762", "1706.03762"},
      {"CoRR abs/1706.03762", "1706.03762"},
      {"  1706.03762\n", "1706.03762"},
      {"hep-th/9901001v2", "hep-th/9901001v2"},
      {"HEP-TH/9901001", "hep-th/9901001"},
      {"hepth/9901001", "hep-th/9901001"},
      {"condmat/9901001", "cond-mat/9901001"},
      {"math.GT/0309136", "math/0309136"},
      {"arXiv:math.GT/0309136v1", "math/0309136v1"},
      {"cond-mat.mtrl-sci/0401001", "cond-mat/0401001"},
      {"alg-geom/9202001", "alg-geom/9202001"},
      {"cmp-lg/9404001", "cmp-lg/9404001"},
      {"hep-th//9901001", "hep-th/9901001"},
      {"arXiv:1706.03762v5 [cs.CL]", "1706.03762v5"},
      {"1706.03762 [cs.CL]", "1706.03762"},
      {"arXiv:1706.03762v5  [cs.CL]  6 Dec 2017", "1706.03762v5"},
      {"[arXiv:1706.03762]", "1706.03762"},
      {"(1706.03762)", "1706.03762"},
      {"\"1706.03762\",", "1706.03762"},
      {"1706.03762.pdf", "1706.03762"},
      {"hep-th/9901001v2.ps.gz", "hep-th/9901001v2"},
      {"https://arxiv.org/abs/1706.03762", "1706.03762"},
      {"http://arxiv.org/abs/1706.03762v5", "1706.03762v5"},
      {"arxiv.org/abs/1706.03762", "1706.03762"},
      {"www.arxiv.org/pdf/1706.03762v5", "1706.03762v5"},
      {"https://arxiv.org/pdf/2303.08774v3", "2303.08774v3"},
      {"https://arxiv.org/pdf/1706.03762.pdf#page=4", "1706.03762"},
      {"https://arxiv.org/abs/1706.03762?context=cs", "1706.03762"},
      {"https://arxiv.org/html/2403.05530v2#S3.SS1", "2403.05530v2"},
      {"https://export.arxiv.org/abs/hep-th/9901001", "hep-th/9901001"},
      {"https://arxiv.org/pdf/hep-th/9901001v2.pdf", "hep-th/9901001v2"},
      {"https://arxiv.org/abs/math.GT/0309136", "math/0309136"},
      {"https://arxiv.org/ftp/arxiv/papers/0704/0704.0001.pdf", "0704.0001"},
      {"http://xxx.lanl.gov/abs/hep-th/9901001", "hep-th/9901001"},
      {"https://ar5iv.labs.arxiv.org/html/1706.03762", "1706.03762"},
      {"https://ar5iv.org/abs/1706.03762", "1706.03762"},
      {"https://www.alphaxiv.org/abs/1706.03762v7", "1706.03762v7"},
      {"https://huggingface.co/papers/1706.03762", "1706.03762"},
      {"huggingface.co/papers/1706.03762#community", "1706.03762"},
      {"https://www.semanticscholar.org/reader/arXiv:1706.03762", "1706.03762"},
      {"https://api.semanticscholar.org/arXiv%3A1706.03762", "1706.03762"},
      {"https://scholar.google.com/scholar?q=arXiv:1706.03762&hl=en", "1706.03762"},
      {"https://scholar.google.com/scholar_lookup?arxiv_id=1706.03762", "1706.03762"},
      {"https://scirate.com/arxiv/1706.03762", "1706.03762"},
      {"https://inspirehep.net/api/arxiv/hep-th%2F9711200", "hep-th/9711200"},
      {"https://www.arxiv-vanity.com/papers/1706.03762/", "1706.03762"},
      {"https://ui.adsabs.harvard.edu/abs/arXiv:1706.03762", "1706.03762"},
      {"2017arXiv170603762V", "1706.03762"},
      {"10.48550/arXiv.1706.03762", "1706.03762"},
      {"10.48550/ARXIV.1706.03762", "1706.03762"},
      {"doi:10.48550/arXiv.hep-th/9901001", "hep-th/9901001"},
      {"https://doi.org/10.48550/arXiv.1706.03762", "1706.03762"},
      {"https://doi.org/10.48550/arxiv.math/0309136", "math/0309136"},
      {"oai:arXiv.org:1706.03762", "1706.03762"},
      {"oai:arXiv.org:hep-th/9901001", "hep-th/9901001"},
      {"1706.\xE2\x80\x8B"
       "03762",
       "1706.03762"},  // zero-width space
      {"\xEF\xBB\xBF"
       "1706.03762",
       "1706.03762"},                                   // byte order mark
      {"hep\xE2\x80\x91th/9901001", "hep-th/9901001"},  // non-breaking hyphen
      {"hep\xE2\x80\x93th/9901001", "hep-th/9901001"},  // en dash
      {"arXiv:\xC2\xA0"
       "1706.03762",
       "1706.03762"},  // no-break space
      {"\x01"
       "1706.03762\x7F",
       "1706.03762"},  // control characters
      {"1706.03762v65535", "1706.03762v65535"},
  }));
  CAPTURE(text);
  CHECK(parsed(text) == canonical);
  CHECK(parsed("\xE2\x80\x8B" + text) == canonical);  // what is not of ASCII alone takes the long way
}

TEST_CASE("ArxivId says what is wrong and where") {
  const auto [text, error] = GENERATE(table<std::string, std::string>({
      {"", "error at 0: empty identifier"},
      {" \t", "error at 0: empty identifier"},
      {"abc", "error at 0: not an arXiv identifier"},
      {"arXiv:abc", "error at 6: not an arXiv identifier"},
      {"1713.03762", "error at 2: month 13 does not exist"},
      {"1700.03762", "error at 2: month 00 does not exist"},
      {"arXiv:1713.03762", "error at 8: month 13 does not exist"},
      {"hep-th/9913001", "error at 9: month 13 does not exist"},
      {"1501.0001", "error at 5: identifiers from 1501 on have five digits after the dot, got 4"},
      {"1412.06980", "error at 5: identifiers before 1501 have four digits after the dot, got 5"},
      {"1706.037621", "error at 5: identifiers from 1501 on have five digits after the dot, got 6"},
      {"1706.00000", "error at 5: paper numbers begin with 1"},
      {"0703.0001", "error at 0: identifiers of this form begin with 0704 (April 2007)"},
      {"706.03762", "error at 0: expected four digits before the dot: YYMM.NNNNN"},
      {"1706.", "error at 5: expected digits after the dot: YYMM.NNNNN"},
      {"hep-th/9901000", "error at 11: paper numbers begin with 1"},
      {"hep-th/0704001", "error at 7: identifiers of this form end with 0703 (March 2007)"},
      {"hep-th/9106001", "error at 7: identifiers of this form end with 0703 (March 2007)"},
      {"hep-th/99010", "error at 7: expected seven digits after the slash (archive/YYMMNNN), got 5"},
      {"hep-xx/9901001", "error at 0: arXiv had no archive named 'hep-xx'"},
      {"1706.03762v0", "error at 10: versions count from v1"},
      {"1706.03762v70000", "error at 10: version number is too large"},
      {"1706.03762x", "error at 10: unexpected 'x' after the identifier"},
      {"1706.03762, 1412.6980", "error at 10: unexpected ',' after the identifier"},
      {"cs", "error at 0: not an arXiv identifier"},
      {"10.1103/PhysRevD.76.013009", "error at 0: expected four digits before the dot: YYMM.NNNNN"},
      {"https://doi.org/10.1103/PhysRevD.76.013009", "error at 15: this link names no arXiv paper"},
      {"https://arxiv.org/list/cs.CL/recent", "error at 17: this link names no arXiv paper"},
      {"https://example.org/1706.03762", "error at 0: not an arXiv identifier"},
      {"https://arxiv.org/abs/1713.03762", "error at 24: month 13 does not exist"},
  }));
  CAPTURE(text);
  CHECK(parsed(text) == error);
}

TEST_CASE("ArxivId refuses a text without bound") {
  CHECK(parsed("1706.03762" + std::string(2038, ' ')) == "1706.03762");
  CHECK(parsed("1706.03762" + std::string(2039, ' ')) ==
        "error at 2048: text is too long for an arXiv identifier");
}

TEST_CASE("ArxivId compares by paper and version") {
  const ArxivId bare = *ArxivId::parse("1706.03762");
  const ArxivId fifth = *ArxivId::parse("arXiv:1706.03762v5");
  CHECK(bare != fifth);
  CHECK(same_paper(bare, fifth));
  CHECK(fifth.without_version() == bare);
  CHECK(bare.with_version(5) == fifth);
  CHECK(fifth.version() == 5);
  CHECK_FALSE(fifth.is_old_style());
  CHECK(ArxivId::parse("hep-th/9901001")->is_old_style());
}
