#include "bibtex/model/citation_key.hpp"

#include <set>
#include <string>

#include "tests/support/catch.hpp"

namespace bibsmith::bibtex {
namespace {

TEST_CASE("Keys are family, year, first significant title word") {
  struct Case {
    KeySource source;
    const char* key;
  };
  const Case cases[] = {
      {{"Vaswani", false, 2017, "Attention Is All You Need"}, "vaswani2017attention"},
      {{"van der Tak", false, 2007, "A computer program for fast"}, "vandertak2007computer"},
      {{"M{\\\"u}ller", false, 2020, "On the way"}, "muller2020way"},
      {{"Müller", false, 2020, "$x^2$ and Schr{\\\"o}dinger's cat"}, "muller2020schrodingers"},
      {{"Ødegård", false, 1999, "Non-LTE analysis"}, "odegard1999nonlte"},
      {{"Łukasz", false, 1999, "X-ray bursts"}, "lukasz1999xray"},
      {{"Čapek", false, 1999, "Double-averaging can fail"}, "capek1999double"},
      {{"Nguyễn", false, 1999, "The"}, "nguyen1999the"},
      {{"Иванов", false, 2001, "О числах"}, "ivanov2001o"},
      {{"山田", false, 2001, ""}, "shantian2001"},
      {{"Planck Collaboration", true, 2018, "Planck 2018 results. VI"}, "planck2018planck"},
      {{"LIGO Scientific Collaboration", true, 2016, "Observation of gravitational waves"},
       "ligo2016observation"},
      {{"{The BABAR Collaboration}", true, 2007, "{$B$} decays"}, "babar2007decays"},
      {{"The Collaboration", true, 2007, ""}, "thecollaboration2007"},
      {{"O'Brien", false, 0, ""}, "obrien"},
      {{"", false, 0, "$x$"}, "unknown"},
  };
  for (const Case& one : cases) {
    CAPTURE(one.key);
    CHECK(citation_key(one.source) == one.key);
  }
}

TEST_CASE("Taken keys get letters, in order") {
  std::set<std::string, std::less<>> keys;
  const auto taken = [&](std::string_view key) { return keys.contains(key); };
  CHECK(disambiguate("x", taken) == "x");
  for (int i = 0; i < 28; ++i) keys.insert(disambiguate("x", taken));
  CHECK(keys.contains("xa"));
  CHECK(keys.contains("xz"));
  CHECK(keys.contains("xaa"));
  CHECK_FALSE(keys.contains("xab"));

  std::size_t tried = 20;
  CHECK(disambiguate("x", taken, tried) == "xab");
  CHECK(tried == 28);
}

}  // namespace
}  // namespace bibsmith::bibtex
