#include "tests/arxiv_emulator/feed_id.hpp"

#include <string>

#include "tests/support/catch.hpp"

using bibsmith::emulator::feed_id;
using bibsmith::emulator::sha1;

namespace {

std::string hexadecimal(std::string_view text) {
  std::string out;
  for (const unsigned byte : sha1(text)) {
    out += "0123456789abcdef"[byte >> 4];
    out += "0123456789abcdef"[byte & 15];
  }
  return out;
}

}  // namespace

TEST_CASE("sha1: the examples of FIPS 180-2") {
  CHECK(hexadecimal("") == "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  CHECK(hexadecimal("abc") == "a9993e364706816aba3e25717850c26c9cd0d89d");
  CHECK(hexadecimal("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
  CHECK(hexadecimal(std::string(64, 'a')) == "0098ba824b5c16427bd7a1122a5a442a25ec644d");
}

TEST_CASE("feed ids that arXiv gave in 2012, 2025 and 2026") {
  CHECK(feed_id("search_query=&id_list=1205.1001v1,1001.1001v1&start=0&max_results=10") ==
        "NkeXEv4rDF4SylztF53oHCI2fdo");
  CHECK(feed_id("search_query=all:electron AND all:proton&id_list=&start=0&max_results=10") ==
        "5SM+U4Y158JiJuDXkggxPJF18mw");
  CHECK(feed_id("search_query=&id_list=0808.05394,1707.08567&start=0&max_results=100") ==
        "qFNnN3Zc8bA02fouemuGZq2J4Tg");
}
