#include "fetchers/record/doi.hpp"

#include <string>

#include "tests/support/catch.hpp"

using bibsmith::Doi;

TEST_CASE("Doi takes bare forms, prefixes and links") {
  const auto [text, bare] = GENERATE(table<std::string, std::string>({
      {"10.1103/PhysRevD.76.013009", "10.1103/PhysRevD.76.013009"},
      {"doi:10.1103/PhysRevD.76.052005", "10.1103/PhysRevD.76.052005"},
      {"DOI: 10.1103/PhysRevD.76.052005", "10.1103/PhysRevD.76.052005"},
      {"https://doi.org/10.1016/S0550-3213(98)00004-5", "10.1016/S0550-3213(98)00004-5"},
      {"http://dx.doi.org/10.1002%2F1521-3951(200010)", "10.1002/1521-3951(200010)"},
      {"https://doi.org/doi:10.1103/PhysRevD.76.052005", "10.1103/PhysRevD.76.052005"},
      {"dx.doi.org/10.1093/mnras/stw475", "10.1093/mnras/stw475"},
      {"10.1016/j.physletb.2011.11.018;", "10.1016/j.physletb.2011.11.018"},
      {"(10.1093/mnras/stw475).", "no"},
      {"10.1093/mnras/stw475).", "10.1093/mnras/stw475"},
      {"10.1142/10.1142/S0218216510007966", "10.1142/10.1142/S0218216510007966"},
      {" 10.1093/mnras/stw475 ", "10.1093/mnras/stw475"},
      {"10.1093", "no"},
      {"10.1093/", "no"},
      {"10.12/x", "no"},
      {"10.1093/a b", "no"},
      {"11.1093/a", "no"},
      {"10.x093/a", "no"},
      {"", "no"},
  }));
  CAPTURE(text);
  const auto doi = Doi::parse(text);
  CHECK((doi ? doi->str() : "no") == bare);
}

TEST_CASE("Doi is compared without regard to case and shown as given") {
  const Doi a = *Doi::parse("10.1103/PhysRevD.76.013009");
  const Doi b = *Doi::parse("10.1103/physrevd.76.013009");
  CHECK(a == b);
  CHECK(a.str() != b.str());
  CHECK(a.url() == "https://doi.org/10.1103/PhysRevD.76.013009");
  CHECK(Doi::parse("10.1002/(SICI)1<1::AID>3.0;2-#")->url() ==
        "https://doi.org/10.1002/(SICI)1%3C1::AID%3E3.0;2-%23");
}

TEST_CASE("arXiv's own DOIs name the paper") {
  CHECK(Doi::parse("10.48550/arXiv.1706.03762")->arxiv_id()->str() == "1706.03762");
  CHECK(Doi::parse("10.48550/ARXIV.HEP-TH/9901001")->arxiv_id()->str() == "hep-th/9901001");
  CHECK_FALSE(Doi::parse("10.1103/PhysRevD.76.013009")->arxiv_id());
  CHECK_FALSE(Doi::parse("10.48550/arXiv.1713.03762")->arxiv_id());
}
