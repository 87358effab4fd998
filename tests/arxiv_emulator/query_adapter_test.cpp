#include "tests/arxiv_emulator/query_adapter.hpp"

#include <nlohmann/json.hpp>

#include "tests/arxiv_emulator/feed_id.hpp"
#include "tests/arxiv_emulator/shared_rows.hpp"
#include "tests/arxiv_emulator/text.hpp"
#include "tests/support/catch.hpp"

using bibsmith::emulator::adapt_query;
using bibsmith::emulator::feed_id;

TEST_CASE("bare words get a field, missing operators become OR") {
  CHECK(adapt_query("electron") == "all:electron");
  CHECK(adapt_query("machine learning") == "all:machine OR all:learning");
  CHECK(adapt_query("ti:electron thermal") == "ti:electron OR all:thermal");
  CHECK(adapt_query("\"machine learning\"") == "all:\"machine learning\"");
  CHECK(adapt_query("title:apple") == "ti:apple");
  CHECK(adapt_query("") == "");
  CHECK(adapt_query("ti:") == "");
}

TEST_CASE("of several operators the last counts, NOT is ANDNOT") {
  CHECK(adapt_query("a AND OR b") == "all:a OR all:b");
  CHECK(adapt_query("a AND NOT b") == "all:a ANDNOT all:b");
  CHECK(adapt_query("and or not") == "all:and OR all:or OR all:not");
  CHECK(adapt_query("ti:a AND au:") == "ti:a AND");
}

TEST_CASE("a field before a parenthesis goes into it") {
  CHECK(adapt_query("ti:(space time)") == "(ti:space OR ti:time)");
  CHECK(adapt_query("ti:(space AND (apple OR time))") == "(ti:space AND (ti:apple OR ti:time) )");
  CHECK(adapt_query("all:(a b) AND c") == "(all:a OR all:b) AND all:c");
}

TEST_CASE("dates are completed to minutes") {
  CHECK(adapt_query("submittedDate:[2023 TO 2024]") == "submittedDate:\"202301010000 TO 202412312359\"");
  CHECK(adapt_query("lastUpdatedDate:[202301 TO 202402]") ==
        "submittedDate:\"202301010000 TO 202402292359\"");
  CHECK(adapt_query("submittedDate:[20230101060059 TO 20240101060059]") ==
        "submittedDate:\"202301010600 TO 202401010600\"");
  CHECK(adapt_query("submittedDate:[x TO 2024]") == "submittedDate:[x OR all:TO OR all:2024]");
}

TEST_CASE("underscores become spaces in the first value only") {
  CHECK(adapt_query("au:del_maestro") == "au:\"del maestro\"");
  CHECK(adapt_query("cat:cs.AI AND au:del_maestro") == "cat:cs.AI AND au:del_maestro");
  CHECK(adapt_query("ti:a_b AND au:x") == "ti:a_b AND au:\"a b\"");
}

TEST_CASE("any bytes are adapted") {
  for (const char* query :
       {"(", ")", "\"", "(((", "\"a", "ti:\"", "submittedDate:[", "\xff", "ti:(((", "AND"}) {
    CHECK_NOTHROW(adapt_query(query));
  }
}

TEST_CASE("recorded rewritings and the feed ids that follow from them") {
  std::size_t rows = 0;
  for (const std::string& row : bibsmith::testing::shared_rows("arxiv_query_rewrite.tsv")) {
    const auto columns = bibsmith::emulator::split(row, '\t');
    if (columns.size() != 3 || columns[0] == "input") continue;
    ++rows;
    const auto input = nlohmann::json::parse(columns[0]).get<std::string>();
    const auto expected = nlohmann::json::parse(columns[1]);
    const std::string adapted = adapt_query(input);
    CHECK(adapted == (expected.is_null() ? "" : expected.get<std::string>()));
    CHECK(feed_id("search_query=" + adapted + "&id_list=&start=0&max_results=10") == columns[2]);
  }
  if (rows != 0) CHECK(rows == 55);
}
