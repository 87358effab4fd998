#include "bibtex/normalize/venues.hpp"

#include <string>

#include "tests/support/catch.hpp"

namespace bibsmith::bibtex {
namespace {

int count_in(std::string_view key, int year) {
  const Venue* const venue = find_venue(key);
  return venue == nullptr ? -1 : venue_count(*venue, year);
}

TEST_CASE("A venue is found by key, alias and with its year") {
  for (const char* name : {"ICML", "icml", "ICML 2018", "ICML'18", "ICML2018", "ICML-2018"}) {
    CAPTURE(name);
    REQUIRE(find_venue(name) != nullptr);
    CHECK(find_venue(name)->key == "ICML");
  }
  CHECK(find_venue("NIPS")->key == "NeurIPS");
  CHECK(find_venue("ECML/PKDD")->key == "ECML PKDD");
  CHECK(find_venue("ICMLX") == nullptr);
  CHECK(find_venue("2018") == nullptr);
  CHECK(find_venue("") == nullptr);
  CHECK(find_venue(std::string(1000, 'I')) == nullptr);
  REQUIRE(find_venue_title("Mathematical Foundations of Computer Science") != nullptr);
  CHECK(find_venue_title("Mathematical Foundations of Computer Science")->key == "MFCS");
}

// Title pages: JMLR W&CP 37 is the 32nd ICML (2015), LIPIcs 14 the 29th STACS (2012), UAI 1998 the
// fourteenth, SoCG 2011 the 27th, POPL 2008 the 35th.
TEST_CASE("Meetings are counted as their title pages count") {
  CHECK(count_in("ICML", 2015) == 32);
  CHECK(count_in("ICML", 2024) == 41);
  CHECK(count_in("STACS", 2012) == 29);
  CHECK(count_in("UAI", 1998) == 14);
  CHECK(count_in("SoCG", 2011) == 27);
  CHECK(count_in("POPL", 2008) == 35);
  CHECK(count_in("NeurIPS", 2014) == 27);
  CHECK(count_in("AAAI", 2020) == 34);
  CHECK(count_in("ACL", 2020) == 58);
  CHECK(count_in("FOCS", 2016) == 57);
}

TEST_CASE("Before meetings were yearly nothing is counted") {
  CHECK(count_in("AAAI", 2004) == 0);
  CHECK(count_in("POPL", 1975) == 0);
  CHECK(count_in("CVPR", 2015) == 0);
  CHECK(count_in("ICML", 0) == 0);
}

TEST_CASE("Booktitles carry the ordinal where it is known") {
  CHECK(venue_booktitle(*find_venue("ICML"), 2015) ==
        "Proceedings of the 32nd International Conference on Machine Learning");
  CHECK(venue_booktitle(*find_venue("ICML"), 0) ==
        "Proceedings of the International Conference on Machine Learning");
  CHECK(venue_booktitle(*find_venue("RSS"), 2024) == "Robotics: Science and Systems XX");
  CHECK(venue_series(*find_venue("ICML"), 2015) == "Proceedings of Machine Learning Research");
  CHECK(venue_series(*find_venue("ICML"), 2003).empty());
  CHECK(ordinal(11) == "11th");
  CHECK(ordinal(21) == "21st");
  CHECK(ordinal(112) == "112th");
  CHECK(ordinal(103) == "103rd");
}

}  // namespace
}  // namespace bibsmith::bibtex
