// The header by itself, as C++11: the compiler is the test.
#include "bibsmith/bibsmith.h"

static_assert(BIBSMITH_ABI == 65536u, "the number that the library is linked with");

int main() {
  bibsmith_text text = {nullptr, 0};
  bibsmith_text_free(&text);
  return bibsmith_abi_version() == BIBSMITH_ABI ? 0 : 1;
}
