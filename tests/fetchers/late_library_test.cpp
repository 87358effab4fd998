#include "fetchers/record/late_library.hpp"

#include "tests/support/catch.hpp"

using bibsmith::fetchers::LateLibrary;

TEST_CASE("functions of a library that is loaded late are called as they are") {
  LateLibrary library("libm.so.6");
  double (*floor_of)(double) = nullptr;
  library.find("floor", floor_of);
  CHECK(library.error().empty());
  REQUIRE(floor_of != nullptr);
  CHECK(floor_of(2.5) == 2.0);
}

TEST_CASE("the second name counts where the first is not there") {
  LateLibrary library("libbibsmith-none.so.1", "libm.so.6");
  double (*floor_of)(double) = nullptr;
  library.find("floor", floor_of);
  CHECK(library.error().empty());
  CHECK(floor_of != nullptr);
}

TEST_CASE("a library, or a function of it, that is not there is named") {
  LateLibrary none("libbibsmith-none.so.1", "libbibsmith-none.so.2");
  void (*nothing)() = nullptr;
  none.find("nothing", nothing);
  CHECK(nothing == nullptr);
  CHECK(none.error().starts_with("cannot load libbibsmith-none.so.1: "));

  LateLibrary library("libm.so.6");
  library.find("bibsmith_none", nothing);
  CHECK(nothing == nullptr);
  CHECK(library.error().find("bibsmith_none") != std::string::npos);
}
