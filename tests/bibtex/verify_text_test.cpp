#include <string>
#include <string_view>
#include <vector>

#include "bibtex/verify/authors.hpp"
#include "bibtex/verify/doi_hint.hpp"
#include "bibtex/verify/person.hpp"
#include "bibtex/verify/title.hpp"
#include "bibtex/verify/venue.hpp"
#include "tests/support/catch.hpp"

using namespace bibsmith;
using namespace bibsmith::bibtex;

namespace {

TitleMatch titles(std::string_view a, std::string_view b) {
  return compare_titles(title_text(a), title_text(b)).match;
}

PersonText person(std::string name) { return person_text(Author{.name = std::move(name)}); }

PersonMatch persons(const char* a, const char* b) {
  const PersonMatch match = compare_persons(person(a), person(b));
  CHECK(compare_persons(person(b), person(a)) == match);
  return match;
}

AuthorsMatch lists(const std::vector<std::string>& said, bool others, const std::vector<std::string>& known) {
  std::vector<PersonText> a;
  std::vector<PersonText> b;
  for (const std::string& name : said) a.push_back(person(name));
  for (const std::string& name : known) b.push_back(person(name));
  return compare_authors(a, others, b).match;
}

VenueMatch venues(const char* a, const char* b) {
  const VenueMatch match = compare_venues(venue_text(a), venue_text(b));
  CHECK(compare_venues(venue_text(b), venue_text(a)) == match);
  return match;
}

}  // namespace

TEST_CASE("titles are compared by their words") {
  CHECK(titles("Deep Lanterns", "deep lanterns.") == TitleMatch::same);
  CHECK(titles("Lanterns & Rivers", "Lanterns and Rivers") == TitleMatch::same);
  CHECK(titles("The River's Lantern", "The Rivers Lantern") == TitleMatch::same);
  CHECK(titles("Lanterns: a Study", "Lanterns") == TitleMatch::cut);
  CHECK(titles("Lanterns (Extended Abstract)", "Lanterns") == TitleMatch::cut);
  CHECK(titles("GLIM: Slow Rivers in the Northern Delta", "Slow Rivers in the Northern Delta") ==
        TitleMatch::cut);
  CHECK(titles("Lanterns for Rivers of the Delta", "Lanterns towards Rivers of the Delta") ==
        TitleMatch::near);
  CHECK(titles("Lanterns for Rivers", "Glass and Winter") == TitleMatch::other);
  CHECK(titles("", "Lanterns") == TitleMatch::unknown);
  CHECK(titles("Comment on Lanterns", "Lanterns") == TitleMatch::other);
  CHECK(titles("RETRACTED: Lanterns", "Lanterns") == TitleMatch::same);
  CHECK(title_text("Withdrawn: Lanterns").says_retracted);
  CHECK_FALSE(title_text("Withdrawn Lanterns").says_retracted);
  CHECK(compare_titles(title_text("Slow Rivers, Part II"), title_text("Slow Rivers, Part III")).other_number);
}

TEST_CASE("persons are compared by their names") {
  CHECK(persons("Ilse Brandmoor", "I. Brandmoor") == PersonMatch::same);
  CHECK(persons("Brandmoor, Ilse", "Ilse Brandmoor") == PersonMatch::same);
  CHECK(persons("IM Brandmoor", "Ilse M. Brandmoor") == PersonMatch::same);
  CHECK(persons("Tan Ruolan", "Ruolan Tan") == PersonMatch::same);
  CHECK(persons("Ruolan Tan 0001", "0001, Ruolan Tan") == PersonMatch::same);
  CHECK(persons("Dan Quill", "Daniel Quill") == PersonMatch::same);
  CHECK(persons("Sergey Quill", "Sergei Quill") == PersonMatch::same);
  CHECK(persons("Zo\xC3\xAB Quill", "Zoe Quill") == PersonMatch::same);
  CHECK(persons("Min Tan", "Ming Tan") != PersonMatch::same);
  CHECK(persons("Wei Tan", "Wei Shu") == PersonMatch::other);
  CHECK(persons("I. Brandmoor", "T. Brandmoor") == PersonMatch::other);
  CHECK(persons("Misha Quill", "Mikhail Quill") == PersonMatch::variant);
  CHECK(persons("Ilse Brandmor", "Ilse Brandmoor") == PersonMatch::misspelt);
  CHECK(persons("", "Ilse Brandmoor") == PersonMatch::other);
}

TEST_CASE("lists of authors are compared name by name") {
  const std::vector<std::string> known{"Ilse Zand", "Tadeo Quill", "Nia Okonda", "Sven Alder"};
  CHECK(lists(known, false, known) == AuthorsMatch::same);
  CHECK(lists({"I. Zand"}, true, known) == AuthorsMatch::others);
  CHECK(lists({"I. Zand", "T. Quill"}, false, known) == AuthorsMatch::cut);
  CHECK(lists({"I. Zand", "S. Alder"}, false, known) == AuthorsMatch::missing);
  CHECK(lists({"T. Quill", "I. Zand", "N. Okonda", "S. Alder"}, false, known) == AuthorsMatch::order);
  CHECK(lists({"Oda Fenn", "Pim Cast"}, false, known) == AuthorsMatch::other);
  CHECK(lists({"Ilse Zand", "Tadeo Quill", "Oda Fenn"}, false, {"Ilse Zand", "Tadeo Quill"}) ==
        AuthorsMatch::extra);
  CHECK(lists(known, false, {"Ilse Zand", "Tadeo Quill", "Nia Okonda"}) == AuthorsMatch::record_cut);
  CHECK(lists({"Tadeo Quill", "Sven Alder"}, false, {"Sven Alder", "Tadeo Quill"}) ==
        AuthorsMatch::record_sorted);
  CHECK(lists({}, false, known) == AuthorsMatch::unknown);
  CHECK(lists({"Misha Quill"}, false, {"Mikhail Quill"}) == AuthorsMatch::other);
}

TEST_CASE("venues are compared by what they are called") {
  CHECK(venues("ICML", "Proceedings of the 38th International Conference on Machine Learning, 2021") ==
        VenueMatch::same);
  CHECK(venues("NIPS", "NeurIPS") == VenueMatch::same);
  CHECK(venues("CVPR", "2021 IEEE/CVF Conference on Computer Vision and Pattern Recognition (CVPR)") ==
        VenueMatch::same);
  CHECK(venues("ICCV", "European Conference on Computer Vision") == VenueMatch::other);
  CHECK(venues("Mach. Learn.", "Machine Learning") == VenueMatch::same);
  CHECK(venues("J. Lantern Res.", "Journal of Lantern Research") == VenueMatch::same);
  CHECK(venues("VLDB", "Proc. VLDB Endow.") == VenueMatch::kin);
  CHECK(venues("SIGGRAPH", "ACM Transactions on Graphics") == VenueMatch::kin);
  CHECK(venues("ICLR", "bioRxiv") == VenueMatch::preprint);
  CHECK(venues("AAAI", "Lecture Notes in Computer Science") == VenueMatch::unknown);
  CHECK(venues("ICML", "") == VenueMatch::unknown);
  CHECK(venues("Journal of Slow Rivers", "Journal of Slow Rivers and Streams") == VenueMatch::unclear);
  CHECK(venues("Journal of Slow Rivers", "Annals of Glass") == VenueMatch::other);
  CHECK(venues("International Conference on Quantum Machine Learning", "ICML 2021") == VenueMatch::other);
}

TEST_CASE("the name of a meeting tells its year") {
  const auto years = [](const char* text) { return years_in(venue_text(text)); };
  CHECK(years("ICLR 2021, Virtual Event, May 3-7, 2021") == std::vector{2021});
  CHECK(years("CHI '22: CHI Conference on Human Factors in Computing Systems") == std::vector{2022});
  CHECK(years("Advances in Neural Information Processing Systems 34") == std::vector{2021});
  CHECK(years("Thirty-Fifth AAAI Conference on Artificial Intelligence") == std::vector{2021});
  CHECK(years("38th International Conference on Machine Learning") == std::vector{2021});
  CHECK(years("Journal of Machine Learning Research").empty());
}

TEST_CASE("DOIs of meetings and preprint servers say so") {
  const auto hint = [](const char* doi) { return doi_hint(*Doi::parse(doi)); };
  CHECK(hint("10.1109/CVPR52688.2022.01184").venue == "CVPR");
  CHECK(hint("10.1109/CVPR52688.2022.01184").year == 2022);
  CHECK(hint("10.1109/TPAMI.2021.3059968").venue.empty());
  CHECK(hint("10.1609/AAAI.V36I16.17663").year == 2022);
  CHECK(hint("10.24963/ijcai.2022/497").venue == "IJCAI");
  CHECK(hint("10.18653/v1/2021.acl-long.5").venue == "ACL");
  CHECK(hint("10.18653/v1/P19-1001").year == 2019);
  CHECK(hint("10.1101/2021.09.01.458481").is_preprint);
  CHECK(hint("10.1101/2021.09.01.458481").year == 2021);
  CHECK(hint("10.1101/458481").year == 0);
  CHECK_FALSE(hint("10.1101/gr.123456").is_preprint);
  CHECK(hint("10.48550/arXiv.2101.99999").is_preprint);
  CHECK(hint("10.1000/182").venue.empty());
}
