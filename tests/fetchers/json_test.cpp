#include "fetchers/json/json.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include "fetchers/json/raw_json.hpp"
#include "tests/support/catch.hpp"

using namespace bibsmith::fetchers;

namespace {

std::string message_of(const std::string& body) {
  const auto json = parse_json(body);
  return json ? "" : json.error().message;
}

using Views = std::vector<std::string_view>;

}  // namespace

TEST_CASE("parse_json takes an object and says what else it got") {
  CHECK(parse_json(" {\"a\": [1, 2]}"));
  CHECK(message_of("") == "the answer is empty");
  CHECK(message_of("<html>") == "the answer is a web page, not JSON");
  CHECK(message_of("Resource not found.") == "the answer is no JSON object, it begins 'Resource not found.'");
  CHECK(message_of("[1]") == "the answer is no JSON object, it begins '[1]'");
  CHECK(message_of("{\"a\": ") == "the answer is not well-formed JSON");
  CHECK(message_of("{\"a\": 1}x") == "the answer is not well-formed JSON");
  CHECK(message_of("{\"a\": \"\xff\"}") == "the answer is not well-formed JSON");
  CHECK(message_of(std::string(json_bytes_max + 1, ' ')) == "the answer is longer than 16777216 bytes");
  CHECK(parse_json("Rate exceeded.").error().code == bibsmith::FetchError::Code::rate_limited);
}

TEST_CASE("parse_json bounds the depth") {
  const auto nested = [](std::size_t depth) {
    return "{\"a\":" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
  };
  CHECK(parse_json(nested(json_depth_max)));
  CHECK(message_of(nested(json_depth_max + 1)) == "the answer is nested deeper than 64 levels");
  CHECK(message_of("{\"a\":" + std::string(1 << 20, '[')) == "the answer is nested deeper than 64 levels");
  CHECK(parse_json("{\"a\": \"" + std::string(100, '[') + "\\\"" + std::string(100, '{') + "\"}"));
}

TEST_CASE("members that are absent or of another type are empty") {
  const Json json = *parse_json("{\"a\": \" x\\n y \", \"n\": 12, \"l\": [\"e\"], \"z\": null}");
  CHECK(text(json, "a") == "x y");
  CHECK(text(json, "n") == "12");
  CHECK(text(json, "l").empty());
  CHECK(text(first(member(json, "l"))) == "e");
  CHECK(text(json, "z").empty());
  CHECK(text(json, "none").empty());
  CHECK(text(member(json, "a"), "a").empty());
  CHECK(first(member(json, "a")).is_null());
}

TEST_CASE("raw_elements gives the bytes as they were sent") {
  const std::string_view body =
      "{ \"m\" : {\"x\": [1], \"items\" : [ {\"a\": \"]}\\\"\"} , {\"b\": [{}, 2]},3 , \"s\" ] }, \"t\": "
      "{\"u\": 1} }";
  CHECK(raw_elements(body, {"m", "items"}) == Views{"{\"a\": \"]}\\\"\"}", "{\"b\": [{}, 2]}", "3", "\"s\""});
  CHECK(raw_elements(body, {"t"}) == Views{"{\"u\": 1}"});
  CHECK(raw_elements(body, {"t", "u"}).empty());
  CHECK(raw_elements(body, {"none"}).empty());
  CHECK(raw_elements(body, {"m", "items", "a"}).empty());
  CHECK(raw_elements("{\"a\": []}", {"a"}).empty());
  CHECK(raw_elements("{\"a\": [1], \"a\": [2]}", {"a"}) == Views{"2"});  // as the parser: the last counts
}

TEST_CASE("raw_members takes an object apart, and refuses what is none") {
  const auto members = raw_members(" {\"a\": 1, \"b\" : \"x,}\\\"\", \"c\":[{\"d\":2}] }\n");
  REQUIRE(members);
  REQUIRE(members->size() == 3);
  CHECK((*members)[0].name == "a");
  CHECK((*members)[0].value == "1");
  CHECK((*members)[1].value == "\"x,}\\\"\"");
  CHECK((*members)[2].value == "[{\"d\":2}]");
  CHECK(raw_members("{}")->empty());
  for (const char* text :
       {"", "[]", "{", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\":1 2}", "{\"a\":1}x", "{a:1}", "{\"a"}) {
    CAPTURE(text);
    CHECK_FALSE(raw_members(text));
  }
}

TEST_CASE("raw_items takes a list apart as far as it goes") {
  CHECK(raw_items("[1, [\"a]\", {}] , \"b\"]") == Views{"1", "[\"a]\", {}]", "\"b\""});
  CHECK(raw_items("[ ]").empty());
  CHECK(raw_items("[1, 2") == Views{"1", "2"});
  CHECK(raw_items("[1,,2]") == Views{"1"});
  CHECK(raw_items("[\"a\\\"b\\\\\", 2]") == Views{"\"a\\\"b\\\\\"", "2"});
  for (const char* text : {"", "{}", "1", "\"[\"", "["}) CHECK(raw_items(text).empty());
  CHECK(raw_items("[" + std::string(100'000, '[')).size() == 1);  // no recursion
}

TEST_CASE("raw_string says what the parser says") {
  CHECK(raw_string("\"plain\"") == "plain");
  CHECK(raw_string("\"\"") == "");
  CHECK(raw_string("1") == std::nullopt);
  CHECK(raw_string("\"") == std::nullopt);
  CHECK(raw_string("\"\\x\"") == std::nullopt);
  CHECK(raw_string("\"\\u12\"") == std::nullopt);
  CHECK(raw_string("\"\\ud83d!\"") == "\xEF\xBF\xBD!");
  for (const char* text : {R"("a\nb\t\"\\\/")", R"("\u00e9\u4e2d\ud83d\ude00\u0041")", R"("Bal\\'azs")"}) {
    CAPTURE(text);
    CHECK(raw_string(text) == Json::parse(text).get<std::string>());
  }
}
