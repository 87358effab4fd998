#include "bibtex/normalize/person.hpp"

#include "tests/support/catch.hpp"

namespace bibsmith::bibtex {
namespace {

TEST_CASE("One string becomes the parts of a name") {
  struct Case {
    const char* text;
    Name name;  // given, prefix, family, suffix, literal
  };
  const Case cases[] = {
      {"", {}},
      {"Ashish Vaswani", {"Ashish", "", "Vaswani", "", ""}},
      {"S.M. Warner", {"S. M.", "", "Warner", "", ""}},
      {"C. -P. Yuan", {"C.-P.", "", "Yuan", "", ""}},
      {"C.-P. Yuan", {"C.-P.", "", "Yuan", "", ""}},
      {"Jean-Luc Picard", {"Jean-Luc", "", "Picard", "", ""}},
      {"Ludwig van Beethoven", {"Ludwig", "van", "Beethoven", "", ""}},
      {"Floris van der Tak", {"Floris", "van der", "Tak", "", ""}},
      {"E. P. J. van den Heuvel", {"E. P. J.", "van den", "Heuvel", "", ""}},
      {"Herbert Van de Sompel", {"Herbert", "Van de", "Sompel", "", ""}},
      {"Karel Van Hoof", {"Karel", "", "Van Hoof", "", ""}},
      {"A. Le Yaouanc", {"A.", "", "Le Yaouanc", "", ""}},
      {"Leonardo da Vinci", {"Leonardo", "da", "Vinci", "", ""}},
      {"Martin 't Hooft", {"Martin", "'t", "Hooft", "", ""}},
      {"Charles Jean de la Vallée Poussin", {"Charles Jean", "de la", "Vallée Poussin", "", ""}},
      {"A. de Ugarte Postigo", {"A.", "de", "Ugarte Postigo", "", ""}},
      {"María del Carmen García", {"María del Carmen", "", "García", "", ""}},
      {"Claudia del P. Lagos", {"Claudia del P.", "", "Lagos", "", ""}},
      {"José García y Ramírez", {"José", "", "García y Ramírez", "", ""}},
      {"Jean le Rond d'Alembert", {"Jean", "le", "Rond d'Alembert", "", ""}},
      {"James M. Valles Jr", {"James M.", "", "Valles", "Jr", ""}},
      {"James M. Valles, Jr.", {"James M.", "", "Valles", "Jr.", ""}},
      {"J. Richard Gott III", {"J. Richard", "", "Gott", "III", ""}},
      {"Elmer Fudd V", {"Elmer", "", "Fudd", "V", ""}},
      {"Kumar V", {"V", "", "Kumar", "", ""}},
      {"Smith J.", {"J.", "", "Smith", "", ""}},
      {"Keerthi Vasan G.C.", {"Keerthi", "", "Vasan G. C.", "", ""}},
      {"J.-D. do Nascimento Jr.", {"J.-D.", "do", "Nascimento", "Jr.", ""}},
      {"Smith, John", {"John", "", "Smith", "", ""}},
      {"van Beethoven, Ludwig", {"Ludwig", "van", "Beethoven", "", ""}},
      {"King, Jr, Martin Luther", {"Martin Luther", "", "King", "Jr", ""}},
      {"King, Martin Luther, Jr", {"Martin Luther", "", "King", "Jr", ""}},
      {"Plato", {"", "", "Plato", "", ""}},
      {"van Beethoven", {"", "van", "Beethoven", "", ""}},
      {"BELLE", {"", "", "BELLE", "", ""}},
      {"Planck Collaboration", {"", "", "", "", "Planck Collaboration"}},
      {"The MINERvA collaboration", {"", "", "", "", "The MINERvA collaboration"}},
      {"山田 太郎", {"山田", "", "太郎", "", ""}},
      {"Shaun O'Brien", {"Shaun", "", "O'Brien", "", ""}},
      {"J. P.", {"J.", "", "P.", "", ""}},
      {",", {}},
  };
  for (const Case& one : cases) {
    CAPTURE(one.text);
    const Name name = person_from_text(one.text);
    CHECK(name.given == one.name.given);
    CHECK(name.prefix == one.name.prefix);
    CHECK(name.family == one.name.family);
    CHECK(name.suffix == one.name.suffix);
    CHECK(name.literal == one.name.literal);
  }
}

TEST_CASE("Parts that a source gives are kept") {
  CHECK(person_from_parts("Maíz Apellániz", "J.", "") == Name{"J.", "", "Maíz Apellániz", "", ""});
  CHECK(person_from_parts("van der Tak", "Floris", "") == Name{"Floris", "van der", "Tak", "", ""});
  CHECK(person_from_parts("King", "M. L.", "Jr.") == Name{"M. L.", "", "King", "Jr.", ""});
  CHECK(person_from_parts("King Jr", "M. L.", "") == Name{"M. L.", "", "King", "Jr", ""});
  std::string given = "Frank C. van den";
  std::string family = "Bosch";
  move_trailing_particles(given, family);
  CHECK(given == "Frank C.");
  CHECK(family == "van den Bosch");
}

}  // namespace
}  // namespace bibsmith::bibtex
