#include <string>
#include <vector>

#include "tests/fetchers/index_place.hpp"

namespace bibsmith::fetchers {
namespace {

TEST_CASE("titles with typos, lost words and other hyphens are found") {
  const Place place;
  if (!place.is_there()) return;
  const auto index = place.open();
  REQUIRE(index->add(std::vector{
      record_of("2001.00001", "Learning Hierarchical Polynomials with Three-Layer Neural Networks"),
      record_of("2001.00002",
                "Provable Guarantees for Nonlinear Feature Learning in Three-Layer Neural Networks"),
      record_of("2001.00003", "Reward Collapse in Aligning Large Language Models"),
      record_of("2001.00004", "Anytime Acceleration of Gradient Descent"),
  }));
  const auto first = [&](std::string_view title) {
    const auto works = index->like(title, 1);
    return ids_of(works);
  };
  CHECK(first("Learning Hierachical Polynomails with Three-Layer Neural Networks") == "2001.00001");
  CHECK(first("Learning Polynomials with Three Layer Neural Networks") == "2001.00001");
  CHECK(first("Learning Hierarchical Polynomials with Threelayer Neural Networks") == "2001.00001");
  CHECK(first("Anytim Accelration of Gradeint Decsent") == "2001.00004");
  CHECK(first("Rewardcollapse in Aligning Large Langage Modles") == "2001.00003");
  CHECK(first("Something Else Entirely") == "");
  CHECK(first("") == "");
}

TEST_CASE("words that are lost within a title tell more than other words of as many letters") {
  const Place place;
  if (!place.is_there()) return;
  const auto index = place.open();
  REQUIRE(index->add(std::vector{
      record_of("2001.00001", "Meadow by Copperfield the Harbour"),
      record_of("2001.00002", "Meadow or the Harbourage"),
      record_of("2001.00003", "Lantern"),
      record_of("2001.00004", "Lantern Willows"),
      record_of("2001.00005", "Willow Grove in Fog"),
      record_of("2001.00006", "Willow Groves"),
  }));
  const auto first = [&](std::string_view title) { return ids_of(index->like(title, 1)); };
  CHECK(first("Meadow the Harbour") == "2001.00001");
  CHECK(first("Meadow Harbour") == "2001.00001");
  // The same word before and behind what is lost, and the other way round.
  REQUIRE(index->add(std::vector{record_of("2001.00007", "Thimble Thistle Anchor Thistle Brook")}));
  CHECK(first("Thimble Thistle Brook") == "2001.00007");
  CHECK(first("Thimble Thistle Anchor Thistle Old Brook") == "2001.00007");
  // A letter may be a typo all the same, and a title may go on: that is not lost.
  CHECK(first("Willow Grove") == "2001.00006");
  CHECK(first("Lantern Willow") == "2001.00004");
}

TEST_CASE("a title of which a word is in very many others and a common one has a typo is found") {
  const Place place;
  if (!place.is_there()) return;
  const auto index = place.open();
  std::vector<Record> records;
  for (int i = 10000; i < 11400; ++i) {  // each as good as the others until the typo is understood
    if (i == 10700) records.push_back(record_of("2002.00001", "Neural zotrix in the deep"));
    records.push_back(
        record_of("2001." + std::to_string(i), "Zotrix " + std::to_string(i) + " in the deep lights"));
    for (const char* const year : {"2003.", "2004.", "2005."}) {
      const std::string id = year + std::to_string(i);
      records.push_back(record_of(id, "Neural lines in the deep " + id));
    }
  }
  REQUIRE(index->add(records));
  CHECK(ids_of(index->like("Neurpal zotrix in the deep", 1)) == "2002.00001");
}

TEST_CASE("a title of common words alone is found by any two of them, and by what a typo made of one") {
  const Place place;
  if (!place.is_there()) return;
  const auto index = place.open();
  std::vector<Record> records;
  for (int i = 0; i < 6000; ++i) {  // each word is in 1,600 titles or more
    const char* const words[] = {"lantern", "meadow", "copper", "harbour"};
    const std::string number = std::to_string(10000 + i);
    records.push_back(record_of("2001." + number, words[i % 4] + std::string(" of number ") + number));
    if (i % 8 == 0) records.push_back(record_of("2002." + number, "Copper lantern " + number));
    if (i % 8 == 1) records.push_back(record_of("2003." + number, "Meadow harbour " + number));
  }
  records.push_back(record_of("2004.00001", "Meadow by copper harbour"));
  REQUIRE(index->add(records));
  CHECK(ids_of(index->like("Meadxw bv copper harbour", 1)) == "2004.00001");
  CHECK(ids_of(index->like("Meadow by coperr harbuor", 1)) == "2004.00001");
  CHECK(ids_of(index->like("Meadow copper", 1)) == "2004.00001");
}

}  // namespace
}  // namespace bibsmith::fetchers
