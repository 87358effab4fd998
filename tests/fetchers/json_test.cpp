#include "fetchers/json/json.hpp"

#include <string>
#include <vector>

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
