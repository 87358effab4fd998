// Nothing but the precompiled header that every test reuses.
#include "tests/support/catch.hpp"
