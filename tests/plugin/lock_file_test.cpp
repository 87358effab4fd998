#include "plugin/session/lock_file.hpp"

#include <string>

#include "plugin/session/request_key.hpp"
#include "plugin/session/title_request.hpp"
#include "tests/support/catch.hpp"

using bibsmith::plugin::LockedEntry;
using bibsmith::plugin::read_lock;
using bibsmith::plugin::requested_paper;
using bibsmith::plugin::title_request;
using bibsmith::plugin::write_lock;

TEST_CASE("keys that ask for a paper") {
  const auto id = [](std::string_view key) {
    const auto paper = requested_paper(key);
    return paper ? paper->str() : std::string("none");
  };
  CHECK(id("arXiv:1706.03762") == "1706.03762");
  CHECK(id("arxiv:1706.03762v5") == "1706.03762v5");
  CHECK(id("arXiv:hep-th/9901001") == "hep-th/9901001");
  CHECK(id("doi:10.48550/arXiv.1706.03762") == "1706.03762");
  CHECK(id("10.48550/arXiv.1706.03762") == "1706.03762");
  CHECK(id("1706.03762") == "1706.03762");
  CHECK(id("hep-th/9901001") == "hep-th/9901001");
  for (const char* key :
       {"", "vaswani2017attention", "knuth:1984", "1706", "2017.1", "doi:10.1000/182", "fig:a.b",
        "arXiv:", "arXiv:9999.99999", " 1706.03762", "https://arxiv.org/abs/1706.03762"}) {
    CAPTURE(key);
    CHECK(id(key) == "none");
  }
}

TEST_CASE("keys that read like title words") {
  const auto words = [](std::string_view key) {
    const auto item = title_request(key);
    if (!item) return std::string("none");
    std::string out = item->authors.empty() ? "" : item->authors.front() + ": ";
    out += item->title;
    return item->year == 0 ? out : out + " (" + std::to_string(item->year) + ")";
  };
  CHECK(words("attention-is-all-you-need") == "attention is all you need");
  CHECK(words("attention_is_all_you_need") == "attention is all you need");
  CHECK(words("AttentionIsAllYouNeed") == "Attention Is All You Need");
  CHECK(words("BERTIsAllYouNeedIn2D") == "BERT Is All You Need In2 D");
  CHECK(words("Auto-Encoding Variational Bayes") == "Auto-Encoding Variational Bayes");
  CHECK(words("vaswani:attention-is-all-you-need") == "vaswani: attention is all you need");
  CHECK(words("Adam: A Method for Optimization") == "Adam: A Method for Optimization");
  CHECK(words("adam-a-method-for-optimization-2014") == "adam a method for optimization (2014)");
  CHECK(words("gr\xC3\xB6"
              "bner-bases-over-rings") ==
        "gr\xC3\xB6"
        "bner bases over rings");
  for (const char* key : {"", "vaswani2017attention", "knuth:1984", "smith-jones-2019", "a-b-c-d-e",
                          "arXiv:1706.03762", "VaswaniEtAl", "one-two-\x1b[2J-three", "-----------------"}) {
    CAPTURE(key);
    CHECK(words(key) == "none");
  }
  CHECK(words(std::string(200, 'a') + "-b-" + std::string(200, 'c')) == "none");
}

TEST_CASE("a lock file is read as it was written") {
  const std::vector<LockedEntry> entries = {
      {"a", "1706.03762", 7, "arxiv-atom", "2026-11-26T18:00:00Z",
       "@misc{a,\n  title = {\"\\'{e}\" ''' \\\\},\n}"},
      {"arXiv:1412.6980", "1412.6980", 0, "file", "2026-11-26T18:00:01Z",
       "@misc{arXiv:1412.6980,\n\ttitle = {x\r\ny},\n}"},
      {"b\"\\", "1", 0, "", "", "@misc{b}'"}};
  const std::string text = write_lock(entries);
  const auto read = read_lock(text, "bibsmith.lock");
  REQUIRE(read);
  CHECK(*read == entries);
  CHECK(write_lock(*read) == text);
  CHECK(text.starts_with("# What the paper cites, as bibsmith fetched it. Keep this file with the paper:\n"));
}

TEST_CASE("a lock file that is wrong is told by its place") {
  const auto error = [](const std::string& text) {
    const auto read = read_lock(text, "x.lock");
    return read ? std::string("none") : read.error().message;
  };
  CHECK(error("version = 1\n") == "none");
  CHECK(error("version = 2\n") == "x.lock: is no lock file of version 1");
  CHECK(error("") == "x.lock: is no lock file of version 1");
  CHECK(error("version = ").starts_with("x.lock:1: "));
  CHECK(error("version = 1\npaper = [1]\n") == "x.lock:2: 'paper' must be a table");
  CHECK(error("version = 1\n[[paper]]\nkey = 'a'\nentry = '@misc{a}'\ndigest = '1-2'\n") ==
        "x.lock:2: the entry of a does not have its digest; resolve --lock makes it anew");
}
