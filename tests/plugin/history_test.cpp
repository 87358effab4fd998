#include "plugin/session/history.hpp"

#include <filesystem>

#include "plugin/session/compact_packer.hpp"
#include "plugin/session/file_change.hpp"
#include "plugin/session/packed.hpp"
#include "tests/plugin/changes.hpp"
#include "tests/support/catch.hpp"

using namespace bibsmith::plugin;
using bibsmith::testing::append;
using bibsmith::testing::ChangePlace;
using bibsmith::testing::edit;
using bibsmith::testing::Edits;
using bibsmith::testing::replace;
using bibsmith::testing::write_file;

namespace {

History history_of(ChangePlace& place, History::Limits limits = {}) {
  auto history = History::open(place / "state", place.context().warn, limits);
  REQUIRE(history);
  return std::move(*history);
}

NewChange new_change(const std::string& file, const std::string& command, const std::string& before,
                     const std::string& after) {
  NewChange entered;
  entered.change.file = file;
  entered.change.command = command;
  entered.change.before = fingerprint_of(before);
  entered.change.after = fingerprint_of(after);
  RecordedSpan span;
  span.old_text = before;
  span.new_text = after;
  entered.spans.add(span);
  return entered;
}

}  // namespace

TEST_CASE("fingerprints tell texts apart, and are the same on every machine") {
  CHECK(hex_of(fingerprint_of("").hash) == "5b2cf09ca96b6c6b");
  CHECK(hex_of(fingerprint_of("The quick brown fox jumps over the lazy dog").hash) == "753716b18b98a457");
  CHECK(fingerprint_of("abcdefgh1") != fingerprint_of("abcdefgh2"));
  CHECK(fingerprint_of(std::string("a")) != fingerprint_of(std::string("a\0", 2)));
  // No byte is without effect, wherever it stands.
  const std::string text(100, 'x');
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string other = text;
    other[i] ^= 1;
    CHECK(fingerprint_of(other) != fingerprint_of(text));
  }
  CHECK(hex_of(0x0123456789abcdefull) == "0123456789abcdef");
  CHECK(number_of_hex("0123456789abcdef") == 0x0123456789abcdefull);
  CHECK(number_of_hex("xyz") == 0);
}

TEST_CASE("a fingerprint is the same in whatever pieces the text comes") {
  std::string text;
  for (int i = 0; i < 150; ++i) text += static_cast<char>(i * 7);
  for (std::size_t size = 1; size <= text.size(); ++size) {
    FingerprintMaker maker;
    for (std::size_t at = 0; at < text.size(); at += size) maker.add(std::string_view(text).substr(at, size));
    CHECK(maker.finish() == fingerprint_of(text));
  }
}

TEST_CASE("a change is in the history with its texts, what stood around them, and why") {
  ChangePlace place;
  const std::string path = place / "a.bib";
  write_file(path, "@misc{a, year = 1, note = {x}}\n");
  REQUIRE(change_file(path, "update", place.context(), replace("1", "2", "a", "year")) == true);
  History history = history_of(place);
  const auto changes = history.changes_of(canonical_path(path));
  REQUIRE(changes);
  REQUIRE(changes->size() == 1);
  const RecordedChange& change = changes->front();
  CHECK(change.number == 1);
  CHECK(change.work == 1);
  CHECK(change.command == "update");
  CHECK(change.is_done);
  CHECK(change.time == place.clock.calendar());
  CHECK(change.before == fingerprint_of("@misc{a, year = 1, note = {x}}\n"));
  CHECK(change.after == fingerprint_of("@misc{a, year = 2, note = {x}}\n"));
  RecordedSpan span;
  span.offset = 16;
  span.key = "a";
  span.field = "year";
  span.reason = "test";
  span.old_text = "1";
  span.new_text = "2";
  span.head = "@misc{a, year = ";
  span.tail = ", note = {x}}\n";
  CHECK(change.spans == std::vector{span});
}

TEST_CASE("edits of one entry for one reason are one span with what stands between them") {
  ChangePlace place;
  const std::string path = place / "a.bib";
  write_file(path, "@misc{a,x=1,y=2}\n@misc{b,x=1}\n");
  const auto plan = [](const std::string&) -> Edits {
    std::vector edits = {edit(9, 10, " = "), edit(13, 14, " = "), edit(26, 27, " = ")};
    edits[0].key = edits[1].key = "a";
    edits[2].key = "b";
    return edits;
  };
  REQUIRE(change_file(path, "format", place.context(), plan) == true);
  CHECK(bibsmith::testing::read_file(path) == "@misc{a,x = 1,y = 2}\n@misc{b,x = 1}\n");
  const auto changes = history_of(place).changes_of(canonical_path(path));
  REQUIRE(changes->front().spans.size() == 2);
  const auto& [a, b] = std::tie(changes->front().spans[0], changes->front().spans[1]);
  CHECK(a.old_text == "=1,y=");
  CHECK(a.new_text == " = 1,y = ");
  CHECK(a.offset == 9);
  CHECK(b.new_text == " = ");
  CHECK(b.offset == 30);
  CHECK(b.head == "@misc{a,x = 1,y = 2}\n@misc{b,x");
  CHECK(b.tail == "1}\n");
}

TEST_CASE("what Bibsmith last wrote is known for each field, under the present key") {
  ChangePlace place;
  const std::string path = place / "a.bib";
  const std::string file = canonical_path(path);
  const auto add = [](const std::string& text) -> Edits {
    auto one = edit(text.size(), text.size(), "@misc{a, Year = \"1  2\", month = jan # \"~3\"}\n");
    one.key = "a";
    one.writes_value = true;
    return std::vector{one};
  };
  REQUIRE(change_file(path, "add", place.context(), add) == true);
  CHECK(history_of(place).last_written(file) ==
        WrittenValues{{{"a", "year"}, "{1 2}"}, {{"a", "month"}, "jan # {~3}"}});
  REQUIRE(change_file(path, "update", place.context(), replace("\"1  2\"", "{4}", "a", "year")) == true);
  REQUIRE(change_file(path, "keys", place.context(), [&](const std::string&) -> Edits {
            auto one = edit(6, 7, "b");
            one.key = "b";
            one.old_key = "a";
            return std::vector{one};
          }) == true);
  const auto written = history_of(place).last_written(file);
  CHECK(written->at({"b", "year"}) == "{4}");
  CHECK(written->at({"b", "month"}) == "jan # {~3}");
  CHECK(history_of(place).last_written("/elsewhere.bib") == WrittenValues{});
}

TEST_CASE("a change that was entered and not confirmed is judged by the file") {
  ChangePlace place;
  History history = history_of(place);
  REQUIRE(history.enter({new_change("/a.bib", "update", "old", "new")}) == 1);
  REQUIRE(history.enter({new_change("/b.bib", "update", "old", "new")}) == 2);
  CHECK_FALSE(history.changes_of("/a.bib")->front().is_done);
  REQUIRE(history.settle("/a.bib", "new"));
  CHECK(history.changes_of("/a.bib")->front().is_done);
  REQUIRE(history.settle("/b.bib", "old"));
  CHECK(history.changes_of("/b.bib")->empty());
  // What is done is not judged again.
  REQUIRE(history.settle("/a.bib", "something else"));
  CHECK(history.changes_of("/a.bib")->size() == 1);
}

TEST_CASE("an undo that was killed before it was confirmed is one, if the file says so") {
  ChangePlace place;
  History history = history_of(place);
  REQUIRE(history.confirm(*history.enter({new_change("/a.bib", "update", "old", "new")})));
  NewChange undo = new_change("/a.bib", "undo", "new", "old");
  undo.change.undoes = 1;
  REQUIRE(history.enter({undo}));
  CHECK(history.changes_of("/a.bib")->back().undone_by == std::nullopt);
  REQUIRE(history.settle("/a.bib", "old"));
  CHECK(history.changes_of("/a.bib")->back().undone_by == 2);
}

TEST_CASE("a value that was taken back is not what Bibsmith last wrote") {
  ChangePlace place;
  History history = history_of(place);
  for (const char* value : {"{1}", "{2}"}) {
    NewChange one = new_change("/a.bib", "update", "old", value);
    one.written.add("a", "year", value);
    REQUIRE(history.confirm(*history.enter({one})));
  }
  NewChange undo = new_change("/a.bib", "undo", "{2}", "{1}");
  undo.change.undoes = 2;
  REQUIRE(history.confirm(*history.enter({undo})));
  CHECK(history.last_written("/a.bib") == WrittenValues{{{"a", "year"}, "{1}"}});
}

TEST_CASE("a change that is dropped never was") {
  ChangePlace place;
  History history = history_of(place);
  NewChange one = new_change("/a.bib", "update", "old", "new");
  one.written.add("a", "year", "{1}");
  const auto work = history.enter({one, new_change("/b.bib", "update", "x", "y")});
  REQUIRE(work);
  REQUIRE(history.drop(*work));
  CHECK(history.changes_of("/a.bib")->empty());
  CHECK(history.changes_of("/b.bib")->empty());
  CHECK(history.last_written("/a.bib")->empty());
}

TEST_CASE("the history is bounded: the oldest changes go, what Bibsmith wrote is remembered") {
  ChangePlace place;
  History history = history_of(place, {.bytes_max = 256 << 10, .change_bytes_max = 50'000});
  for (int i = 0; i < 40; ++i) {
    NewChange one = new_change("/a.bib", "update", std::string(10'000, 'o'), std::string(10'000, 'n'));
    one.written.add("a", "field" + std::to_string(i % 20), std::to_string(i));
    REQUIRE(history.confirm(*history.enter({one})));
  }
  const auto changes = history.changes_of("/a.bib");
  CHECK(changes->size() < 20);
  CHECK(changes->size() >= 2);
  CHECK(changes->front().number == 40);
  CHECK(std::filesystem::file_size(place / "state/history.sqlite") <= 512 << 10);
  const auto written = history.last_written("/a.bib");
  REQUIRE(written->size() == 20);
  for (int i = 0; i < 20; ++i)
    CHECK(written->at({"a", "field" + std::to_string(i)}) == std::to_string(i + 20));
}

TEST_CASE("of a change that is too large its texts are not kept") {
  ChangePlace place;
  History history = history_of(place, {.change_bytes_max = 1000});
  REQUIRE(history.confirm(
      *history.enter({new_change("/a.bib", "format", std::string(600, 'o'), std::string(600, 'n'))})));
  const auto changes = history.changes_of("/a.bib");
  REQUIRE(changes->size() == 1);
  CHECK_FALSE(changes->front().has_spans);
  CHECK(changes->front().spans.empty());
}

TEST_CASE("a value that only an evicted change wrote is known as long as none writes it anew") {
  ChangePlace place;
  History history = history_of(place, {.bytes_max = 64 << 10, .change_bytes_max = 50'000});
  const auto write = [&](const std::string& field, const std::string& value) {
    NewChange one = new_change("/a.bib", "update", std::string(9'000, 'o'), std::string(9'000, 'n'));
    one.written.add("a", field, value);
    REQUIRE(history.confirm(*history.enter({one})));
  };
  write("taken", "{back}");
  NewChange undo = new_change("/a.bib", "undo", "n", "o");
  undo.change.undoes = 1;
  REQUIRE(history.confirm(*history.enter({undo})));
  write("year", "{1}");
  write("note", "{x}");
  for (int i = 0; i < 20; ++i) write("note", std::to_string(i));
  REQUIRE(history.changes_of("/a.bib")->back().number > 4);
  CHECK(history.last_written("/a.bib") == WrittenValues{{{"a", "year"}, "{1}"}, {{"a", "note"}, "19"}});
}

TEST_CASE("numbers and texts are packed, and nothing else is read") {
  Packer packer;
  packer.add(std::uint64_t{0});
  packer.add(std::uint64_t{300});
  packer.add(~std::uint64_t{0});
  packer.add(std::string_view("a\0b", 3));
  packer.add("");
  CHECK(packer.bytes() == std::string("\0\xAC\x02\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01\x03"
                                      "a\0b\0",
                                      18));
  Unpacker packed(packer.bytes());
  CHECK(packed.number() == 0);
  CHECK(packed.number() == 300);
  CHECK(packed.number() == ~std::uint64_t{0});
  CHECK(packed.text() == std::string_view("a\0b", 3));
  CHECK_FALSE(packed.at_end());
  CHECK(packed.text() == "");
  CHECK(packed.at_end());
  for (const std::string_view broken : {"", "\x80",
                                        "\x05"
                                        "abcd",
                                        "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"}) {
    Unpacker none(broken);
    CHECK(none.text() == std::nullopt);
    CHECK_FALSE(none.at_end());
    CHECK(none.number() == std::nullopt);
  }
}

TEST_CASE("what is packed is compressed where it is much, and comes back byte for byte") {
  const auto packed_of = [](std::size_t texts) {
    std::string plain;
    CompactPacker packer;
    Packer whole;
    for (std::size_t i = 0; i < texts; ++i) {
      packer.add(std::uint64_t{i});
      packer.add("a text that others are like, number " + std::to_string(i));
      whole.add(std::uint64_t{i});
      whole.add("a text that others are like, number " + std::to_string(i));
    }
    return std::pair(packer.finish(), whole.bytes());
  };
  const auto [few, few_plain] = packed_of(100);
  CHECK_FALSE(few.is_compressed);
  CHECK(few.bytes == few_plain);
  for (const std::size_t texts : {2000u, 20'000u}) {  // one frame; more than one
    const auto [many, plain] = packed_of(texts);
    REQUIRE(many.is_compressed);
    CHECK(many.bytes.size() < plain.size() / 4);
    CHECK(decompressed(many.bytes, plain.size()) == plain);
    CHECK(decompressed(many.bytes, plain.size() - 1) == std::nullopt);
    CHECK(decompressed(many.bytes.substr(0, many.bytes.size() - 1), plain.size()) == std::nullopt);
    CHECK(decompressed(many.bytes + 'x', plain.size()) == std::nullopt);
  }
  CHECK(decompressed("neither", 100) == std::nullopt);
  CHECK(decompressed("", 100) == "");
  CHECK(CompactPacker().finish().bytes.empty());
}

TEST_CASE("a large change is as readable as a small one") {
  ChangePlace place;
  NewChange large = new_change("/a.bib", "update", "old", "new");
  for (int i = 0; i < 3000; ++i) {
    RecordedSpan span;
    span.offset = static_cast<std::uint64_t>(i) * 100;
    span.key = "key" + std::to_string(i);
    span.new_text = "{" + std::to_string(i) + "}";
    large.spans.add(span);
    large.written.add(span.key, "year", span.new_text);
  }
  {
    History history = history_of(place);
    REQUIRE(history.confirm(*history.enter({large})));
  }
  CHECK(std::filesystem::file_size(place / "state/history.sqlite") < 100'000);
  History history = history_of(place);
  const auto changes = history.changes_of("/a.bib");
  REQUIRE(changes);
  REQUIRE(changes->front().spans.size() == 3001);
  CHECK(changes->front().spans[0].old_text == "old");
  CHECK(changes->front().spans[3000].key == "key2999");
  CHECK(changes->front().spans[3000].offset == 299'900);
  const auto written = history.last_written("/a.bib");
  REQUIRE(written->size() == 3000);
  CHECK(written->at({"key17", "year"}) == "{17}");
}

TEST_CASE("a history of the form before is read on, and written in the present one") {
  ChangePlace place;
  {
    History history = history_of(place);
    NewChange one = new_change("/a.bib", "update", "old", "new");
    one.written.add("a", "year", "{1}");
    REQUIRE(history.confirm(*history.enter({one})));
  }
  {
    auto database = bibsmith::fetchers::Database::open(place / "state/history.sqlite",
                                                       bibsmith::fetchers::Database::Open::read_write_create);
    REQUIRE(
        database->run("ALTER TABLE spans DROP COLUMN compressed; ALTER TABLE written DROP COLUMN compressed;"
                      "PRAGMA user_version = 2"));
  }
  for (int opened = 0; opened < 2; ++opened) {
    History history = history_of(place);
    CHECK(place.warnings.empty());
    REQUIRE(history.changes_of("/a.bib")->size() == static_cast<std::size_t>(opened + 1));
    CHECK(history.changes_of("/a.bib")->back().spans.at(0).new_text == "new");
    CHECK(history.last_written("/a.bib") == WrittenValues{{{"a", "year"}, "{1}"}});
    REQUIRE(history.confirm(*history.enter({new_change("/a.bib", "format", "new", "newer")})));
  }
}

TEST_CASE("a history in an older form is put aside") {
  ChangePlace place;
  { History history = history_of(place); }
  auto database = bibsmith::fetchers::Database::open(place / "state/history.sqlite",
                                                     bibsmith::fetchers::Database::Open::read_write_create);
  REQUIRE(database->run("PRAGMA user_version = 1"));
  History history = history_of(place);
  CHECK(history.changes_of("/a.bib")->empty());
  REQUIRE(place.warnings.size() == 1);
  CHECK(place.warnings[0].find("written by an older bibsmith") != std::string::npos);
}

TEST_CASE("texts of a change that are no texts are told as damage") {
  ChangePlace place;
  History history = history_of(place);
  REQUIRE(history.confirm(*history.enter({new_change("/a.bib", "update", "old", "new")})));
  auto database = bibsmith::fetchers::Database::open(place / "state/history.sqlite",
                                                     bibsmith::fetchers::Database::Open::read_write_create);
  REQUIRE(database->run("UPDATE spans SET packed = x'05'"));
  CHECK(history.changes_of("/a.bib").error().message ==
        "the history " + (place / "state/history.sqlite") + " is damaged (unreadable texts of a change)");
  REQUIRE(database->run("UPDATE spans SET packed = x'0505', compressed = 1"));
  CHECK_FALSE(history.changes_of("/a.bib"));
}

TEST_CASE("a damaged history is put aside, and the user hears of it") {
  ChangePlace place;
  std::filesystem::create_directories(place / "state");
  write_file(place / "state/history.sqlite", std::string(5000, 'x'));
  History history = history_of(place);
  CHECK(history.changes_of("/a.bib")->empty());
  REQUIRE(place.warnings.size() == 1);
  CHECK(place.warnings[0].starts_with("the history " + (place / "state/history.sqlite") + " is damaged ("));
  CHECK(place.warnings[0].ends_with("; it was put aside as " + (place / "state/history.sqlite.set-aside-1") +
                                    " and a new one begun"));
}

TEST_CASE("keys and texts may hold any bytes") {
  ChangePlace place;
  History history = history_of(place);
  NewChange one = new_change("/a.bib", "update", "old", "");
  RecordedSpan span;
  span.key = "m\xfcller";
  span.old_text = std::string("\0\xff\xfe", 3);
  one.spans.add(span);
  REQUIRE(history.confirm(*history.enter({one})));
  const auto changes = history.changes_of("/a.bib");
  REQUIRE(changes->front().spans.size() == 2);
  CHECK(changes->front().spans[1] == span);
}
