#pragma once

#include <string>
#include <utility>

#include "tests/support/catch.hpp"

namespace bibsmith::testing {

// What an open() gave, or a failed test with the message of its error.
template <typename Result>
auto opened(Result result) {
  INFO((result ? std::string{} : result.error().message));
  REQUIRE(result);
  return std::move(*result);
}

}  // namespace bibsmith::testing
