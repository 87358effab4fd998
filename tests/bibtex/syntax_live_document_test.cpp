#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/syntax/live_document.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/outline.hpp"

using namespace bibsmith::bibtex;

namespace {

// Everything that the segments hold, as one Document would say it.
std::string contents(const LiveDocument& live) {
  std::string out;
  for (const LiveDocument::Segment& segment : live.segments()) {
    for (const Block& block : segment.document.blocks()) {
      out += std::to_string(segment.begin + block.span.begin) + '-' +
             std::to_string(segment.begin + block.span.end) + ' ' +
             std::to_string(static_cast<int>(block.kind)) + '\n';
    }
    for (const std::string& line : bibsmith::testing::outline(segment.document)) out += line + '\n';
  }
  for (const Diagnostic& found : live.diagnostics()) {
    out += std::to_string(found.span.begin) + ' ' + found.message + '\n';
  }
  return out;
}

std::string contents(const Document& document) {
  std::string out;
  std::string outline;
  for (const Block& block : document.blocks()) {
    out += std::to_string(block.span.begin) + '-' + std::to_string(block.span.end) + ' ' +
           std::to_string(static_cast<int>(block.kind)) + '\n';
  }
  for (const std::string& line : bibsmith::testing::outline(document)) out += line + '\n';
  for (const Diagnostic& found : document.diagnostics()) {
    out += std::to_string(found.span.begin) + ' ' + found.message + '\n';
  }
  return out;
}

std::string sorted_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t begin = 0;
  for (std::size_t end = text.find('\n'); end != text.npos; begin = end + 1, end = text.find('\n', begin)) {
    lines.push_back(text.substr(begin, end - begin));
  }
  std::sort(lines.begin(), lines.end());
  std::string out;
  for (const std::string& line : lines) out += line + '\n';
  return out;
}

void check_same(const LiveDocument& live) {
  const std::string text = live.text();
  CHECK(live.size() == text.size());
  const bool is_same = sorted_lines(contents(live)) == sorted_lines(contents(Document::parse(text)));
  if (!is_same) CHECK(sorted_lines(contents(live)) == sorted_lines(contents(Document::parse(text))));
}

std::string entries(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += "@article{key" + std::to_string(i) + ",\n  title = {A {Title} of some length " +
            std::to_string(i) + "},\n  note = \"x\" # jan,\n  year = 1999,\n}\n\n";
  }
  return text;
}

}  // namespace

TEST_CASE("a live document holds what a document holds") {
  for (const std::string& text :
       {std::string(), std::string("x"), entries(1), entries(3000), "\xEF\xBB\xBF" + entries(3)}) {
    check_same(LiveDocument(text));
  }
  CHECK(LiveDocument(entries(3000)).segments().size() > 3);
  // Who is told of the segments may keep where they are.
  std::vector<const LiveDocument::Segment*> told;
  const LiveDocument live(entries(3000),
                          [&](const LiveDocument::Segment& segment) { told.push_back(&segment); });
  REQUIRE(told.size() == live.segments().size());
  for (std::size_t i = 0; i < told.size(); ++i) CHECK(told[i] == &live.segments()[i]);
}

TEST_CASE("an edit in the middle reads only segments near it again") {
  LiveDocument live(entries(20'000));
  const std::size_t segments = live.segments().size();
  const auto* far = live.segments()[segments - 2].document.text().data();
  const std::uint32_t at = live.segments()[segments / 2].begin + 20;
  live.replace({at, at + 1}, "Z");
  CHECK(live.segments()[segments - 2].document.text().data() == far);
  check_same(live);
}

TEST_CASE("an entry is found after edits around it") {
  LiveDocument live(entries(5000));
  live.replace({10, 10}, "x");
  const auto found = live.find("key4321");
  REQUIRE(found);
  CHECK(found->document->text(found->block.key) == "key4321");
  CHECK(live.text().substr(found->begin + found->block.span.begin, 16) == "@article{key4321");
  CHECK(live.find("KEY4321")->begin == found->begin);
  CHECK_FALSE(live.find("key0").has_value());
}

TEST_CASE("random edits leave what a full reading finds") {
  std::mt19937 random(7);
  const std::vector<std::string> inserts = {
      "{", "}", "\"", "@",    "\n@a{b,\n", "@comment{",          ",", "=",     "x",       "\n", "%",
      "(", ")", "#",  "\xE9", "  ",        "@string{a = {b}}\n", "",  "{\\'e", "\n y = {"};
  LiveDocument live(entries(2500));
  for (int round = 0; round < 150; ++round) {
    const std::uint32_t begin = static_cast<std::uint32_t>(random() % (live.size() + 1));
    std::uint32_t length = static_cast<std::uint32_t>(random() % 3);
    if (round % 17 == 0) length = static_cast<std::uint32_t>(random() % 100'000);
    const std::uint32_t end = std::min(live.size(), begin + length);
    live.replace({begin, end}, inserts[random() % inserts.size()]);
    check_same(live);
  }
}

TEST_CASE("a value that lacks its brace is read again with the fields that it has lost") {
  // The brace that makes the value whole, or takes its end, may stand far behind the fields.
  std::string lines;
  for (int i = 0; i < 10'000; ++i) lines += "  note = {x},\n";
  for (const std::string& end : {std::string("}\n"), "}\n\n" + lines, std::string(200'000, ' ') + "}\n"}) {
    LiveDocument live("@misc{a,\n  title = {t {u},\n" + lines + end + entries(3));
    check_same(live);
    for (const char* typed : {"}", "x", ",", "{", "@a{"}) {
      const auto at = static_cast<std::uint32_t>(live.text().rfind("@article{key0"));
      live.replace({at, at}, typed);
      check_same(live);
    }
  }
}

TEST_CASE("edits at both ends, of everything, and of a refused text") {
  LiveDocument live("");
  live.replace({0, 0}, "@a{b, c=1}");
  check_same(live);
  live.replace({10, 10}, "@a{d,}");
  check_same(live);
  live.replace({0, live.size()}, "");
  check_same(live);
  live.replace({0, 0}, "\xFF\xFE");
  check_same(live);
  live.replace({0, 2}, entries(2));
  check_same(live);
  live.replace({5, live.size()}, "");
  check_same(live);
}
