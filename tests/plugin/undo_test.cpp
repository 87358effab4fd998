#include "plugin/session/undo.hpp"

#include <filesystem>

#include "plugin/session/locate_spans.hpp"
#include "tests/plugin/changes.hpp"
#include "tests/support/catch.hpp"

using namespace bibsmith::plugin;
using bibsmith::testing::append;
using bibsmith::testing::ChangePlace;
using bibsmith::testing::edit;
using bibsmith::testing::Edits;
using bibsmith::testing::replace;
using bibsmith::testing::write_file;
namespace fs = std::filesystem;

namespace {

constexpr const char* old_text =
    "% mine\n"
    "@misc{a, year = 2001, note = {first}}\n"
    "\n"
    "@misc{b, year = 2001, note = {second}}\n";
constexpr const char* new_text =
    "% mine\n"
    "@misc{a, year = 2001, note = {first}}\n"
    "\n"
    "@misc{b, year = 2017, note = {second}}\n";

// Gives `b` another year.
Edits update_b(const std::string& text) {
  const std::size_t at = text.find("2001", text.find("@misc{b"));
  auto one = edit(at, at + 4, "2017");
  one.key = "b";
  one.field = "year";
  one.source = "crossref";
  one.writes_value = true;
  return std::vector{one};
}

// A file that was updated and then edited by hand.
struct EditedFile {
  ChangePlace place;
  std::string path = place / "refs.bib";

  EditedFile() {
    write_file(path, old_text);
    REQUIRE(change_file(path, "update", place.context(), update_b) == true);
    REQUIRE(text() == new_text);
  }
  std::string text() const { return bibsmith::testing::read_file(path); }
  UndoAnswer undo() {
    auto answer = bibsmith::plugin::undo(path, place.context(), false);
    REQUIRE(answer);
    return std::move(*answer);
  }
  // The text after an edit by hand and an undo.
  std::string undone(const std::string& edited) {
    write_file(path, edited);
    const UndoAnswer answer = undo();
    CHECK(answer.conflicts.empty());
    return text();
  }
  // The message of an undo that must not touch the file.
  std::string conflict(const std::string& edited) {
    write_file(path, edited);
    const UndoAnswer answer = undo();
    CHECK(text() == edited);
    return answer.conflicts.size() == 1 ? answer.conflicts[0].message
                                        : std::to_string(answer.conflicts.size()) + " conflicts";
  }
};

std::string with(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("undo puts back what a change replaced, and is a change itself") {
  EditedFile file;
  const UndoAnswer answer = file.undo();
  CHECK(file.text() == old_text);
  REQUIRE(answer.files.size() == 1);
  CHECK(answer.files[0].path == file.path);
  CHECK(answer.files[0].change.number == 1);
  CHECK(answer.files[0].diff ==
        "--- " + file.path + "\n+++ " + file.path +
            "\n@@ -1,4 +1,4 @@\n % mine\n @misc{a, year = 2001, note = {first}}\n \n"
            "-@misc{b, year = 2017, note = {second}}\n+@misc{b, year = 2001, note = {second}}\n");
  const auto lines = file_history(file.path, file.place.context());
  REQUIRE(lines->size() == 2);
  CHECK((*lines)[0].change.command == "undo");
  CHECK((*lines)[0].change.undoes == 1);
  CHECK((*lines)[0].change.spans[0].reason == "undo.test");
  CHECK((*lines)[1].change.undone_by == 2);
  CHECK(last_written(file.path, file.place.context()).empty());
  // An undo is not taken back.
  CHECK(file.undo().files.empty());
  CHECK(file.text() == old_text);
}

TEST_CASE("undo finds its place whatever was edited elsewhere") {
  EditedFile file;
  SECTION("before it") {
    CHECK(file.undone("% more\n" + std::string(new_text)) == "% more\n" + std::string(old_text));
  }
  SECTION("behind it") {
    CHECK(file.undone(std::string(new_text) + "@misc{c}\n") == std::string(old_text) + "@misc{c}\n");
  }
  SECTION("in the same entry, right before and behind it") {
    CHECK(file.undone(with(new_text, "{b, year = 2017, note = {second}",
                           "{b, doi = {10.1/2}, year = 2017, month = jan")) ==
          with(old_text, "{b, year = 2001, note = {second}", "{b, doi = {10.1/2}, year = 2001, month = jan"));
  }
  SECTION("the layout of the field") {
    CHECK(file.undone(with(new_text, "year = 2017", "year=2017")) ==
          with(old_text, "{b, year = 2001", "{b, year=2001"));
  }
  SECTION("the entry stands elsewhere") {
    const std::string moved =
        "@misc{b, year = 2017, note = {second}}\n@misc{a, year = 2001, note = {first}}\n";
    CHECK(file.undone(moved) == with(moved, "2017", "2001"));
  }
  SECTION("another entry has the same value now") {
    const std::string both = with(new_text, "2001", "2017");
    CHECK(file.undone(both) == with(old_text, "2001", "2017"));
  }
  SECTION("the entry has another key now") {
    CHECK(file.undone(with(new_text, "{b,", "{c,")) == with(old_text, "{b,", "{c,"));
  }
  SECTION("line ends") {
    const std::string dos = with(with(new_text, "mine\n", "mine\r\n"), "}}\n\n", "}}\r\n\r\n");
    CHECK(file.undone(dos) == with(with(old_text, "mine\n", "mine\r\n"), "}}\n\n", "}}\r\n\r\n"));
  }
}

TEST_CASE("undo changes nothing where the same place was edited, and says what stands there") {
  EditedFile file;
  CHECK(file.conflict(with(new_text, "2017", "2018")) == "b: year was changed since, it is now 2018");
  CHECK(file.conflict(with(new_text, "2017", "{2017}")) == "b: year was changed since, it is now {2017}");
  CHECK(file.conflict(with(new_text, "2017", "2017 # x")) == "b: year was changed since, it is now 2017 # x");
  CHECK(file.conflict(with(new_text, "2017", "20170")) == "b: year was changed since, it is now 20170");
  CHECK(file.conflict(with(new_text, "year = 2017, ", "")) == "b: year is not there any more");
  CHECK(file.conflict(with(new_text, "@misc{b, year = 2017, note = {second}}\n", "")) ==
        "b: there is no such entry any more");
  CHECK(file.conflict("") == "b: there is no such entry any more");
  CHECK(file.conflict(std::string(new_text) + new_text) == "b: there is more than one entry of this key");
  CHECK(file_history(file.path, file.place.context())->size() == 1);
}

TEST_CASE("undo of one change goes through when the next was taken back") {
  EditedFile file;
  REQUIRE(change_file(file.path, "update", file.place.context(), replace("{first}", "{1st}", "a", "note")) ==
          true);
  REQUIRE(change_file(file.path, "update", file.place.context(), replace("2017", "2018", "b", "year")) ==
          true);
  file.undo();
  CHECK(file.text() == with(new_text, "{first}", "{1st}"));
  CHECK(last_written(file.path, file.place.context()).at({"b", "year"}) == "2017");
  file.undo();
  CHECK(file.text() == new_text);
  file.undo();
  CHECK(file.text() == old_text);
  CHECK(file.undo().files.empty());
}

TEST_CASE("undo takes back new entries, new fields and removed fields") {
  ChangePlace place;
  const std::string path = place / "refs.bib";
  const std::string before = "@misc{a,\n  year = 1,\n  url = {x},\n}\n";
  write_file(path, before);
  const auto plan = [](const std::string& text) -> Edits {
    const std::size_t url = text.find("  url");
    auto removed = edit(url, url + 13, "");
    removed.key = "a";
    removed.field = "url";
    auto field = edit(text.find("}\n", url + 13), text.find("}\n", url + 13), "  doi = {10.1/2},\n");
    field.key = "a";
    field.field = "doi";
    auto entry = edit(text.size(), text.size(), "\n@misc{new,\n  title = {A new entry of some length},\n}\n");
    entry.key = "new";
    return std::vector{removed, field, entry};
  };
  REQUIRE(change_file(path, "update", place.context(), plan) == true);
  const std::string after = bibsmith::testing::read_file(path);
  REQUIRE(after ==
          "@misc{a,\n  year = 1,\n  doi = {10.1/2},\n}\n\n@misc{new,\n  title = {A new entry of some "
          "length},\n}\n");
  SECTION("as it was left") {
    REQUIRE(undo(path, place.context(), false));
    CHECK(bibsmith::testing::read_file(path) == before);
  }
  SECTION("with edits elsewhere") {
    write_file(path, "% top\n" + with(after, "year = 1,", "year = 1,\n  note = {mine},") + "@misc{z}\n");
    const auto answer = undo(path, place.context(), false);
    REQUIRE(answer);
    CHECK(answer->conflicts.size() == 0);
    CHECK(bibsmith::testing::read_file(path) ==
          "% top\n@misc{a,\n  year = 1,\n  url = {x},\n  note = {mine},\n}\n@misc{z}\n");
  }
  SECTION("the new entry was edited") {
    const std::string edited = with(after, "some length", "any length");
    write_file(path, edited);
    const auto answer = undo(path, place.context(), false);
    REQUIRE(answer);
    REQUIRE(answer->conflicts.size() == 1);
    CHECK(
        answer->conflicts[0].message ==
        "new: the entry was changed since, it reads now: @misc{new, title = {A new entry of any length}, }");
    CHECK(bibsmith::testing::read_file(path) == edited);
  }
}

TEST_CASE("texts that look alike are put back each in its place, or none") {
  ChangePlace place;
  const std::string path = place / "paper.tex";
  const std::string before = std::string("x \\cite{a} x\n") + std::string(200, '-') + "\nx \\cite{a} x\n" +
                             std::string(200, '-') + "\nx \\cite{b} x\n";
  const std::string padding = std::string(100, '=') + '\n';
  write_file(path, padding + before + padding);
  const auto plan = [](const std::string& text) -> Edits {
    std::vector<LabelledEdit> edits;
    for (std::size_t at = 0; (at = text.find("\\cite{", at)) != text.npos; at += 6) {
      edits.push_back(edit(at + 6, at + 7, "new"));
    }
    return edits;
  };
  const FilePlan tex{path, plan, false};
  REQUIRE(change_files(std::span(&tex, 1), "keys", place.context()));
  const std::string after = bibsmith::testing::read_file(path);
  SECTION("moved as a whole") {
    write_file(path, "\\section{x}\n" + after);
    CHECK(undo(path, place.context(), false)->conflicts.empty());
    CHECK(bibsmith::testing::read_file(path) == "\\section{x}\n" + padding + before + padding);
  }
  SECTION("one was copied") {
    const std::string edited = after + after;
    write_file(path, edited);
    const auto answer = undo(path, place.context(), false);
    CHECK(answer->conflicts.size() == 3);
    CHECK(answer->conflicts[0].message == "the text 'new' stands there more than once");
    CHECK(bibsmith::testing::read_file(path) == edited);
  }
  SECTION("all are gone") {
    write_file(path, "empty");
    CHECK(undo(path, place.context(), false)->conflicts[0].message == "the text 'new' is not there any more");
  }
}

TEST_CASE("a command that changed several files is taken back in all of them, or in none") {
  ChangePlace place;
  const std::string bib = place / "refs.bib";
  const std::string tex = place / "paper.tex";
  write_file(bib, "@misc{a}\n");
  write_file(tex, "\\cite{a}\n");
  const std::vector<FilePlan> plans = {{bib,
                                        [](const std::string&) -> Edits {
                                          auto one = edit(6, 7, "b");
                                          one.key = "b";
                                          one.old_key = "a";
                                          return std::vector{one};
                                        }},
                                       {tex, replace("a", "b"), false}};
  REQUIRE(change_files(plans, "keys", place.context()));
  CHECK(file_history(bib, place.context())->front().other_files == std::vector{canonical_path(tex)});
  SECTION("by the name of the first") {
    const auto answer = undo(bib, place.context(), false);
    REQUIRE(answer);
    CHECK(answer->files.size() == 2);
    CHECK(bibsmith::testing::read_file(bib) == "@misc{a}\n");
    CHECK(bibsmith::testing::read_file(tex) == "\\cite{a}\n");
    CHECK(undo(tex, place.context(), false)->files.empty());
  }
  SECTION("by the name of another") {
    CHECK(undo(tex, place.context(), false)->files.size() == 2);
    CHECK(bibsmith::testing::read_file(bib) == "@misc{a}\n");
  }
  SECTION("nothing, where one was edited") {
    write_file(tex, "\\cite{c}\n");
    const auto answer = undo(bib, place.context(), false);
    REQUIRE(answer->conflicts.size() == 1);
    CHECK(answer->conflicts[0].path == canonical_path(tex));
    CHECK(bibsmith::testing::read_file(bib) == "@misc{b}\n");
  }
  SECTION("nothing, where one is gone") {
    fs::remove(tex);
    CHECK(undo(bib, place.context(), false).error().message == canonical_path(tex) + ": no such file");
    CHECK(bibsmith::testing::read_file(bib) == "@misc{b}\n");
  }
}

TEST_CASE("undo only plans, if asked so") {
  EditedFile file;
  const auto answer = undo(file.path, file.place.context(), true);
  REQUIRE(answer);
  CHECK(answer->files.size() == 1);
  CHECK(file.text() == new_text);
  CHECK(file_history(file.path, file.place.context())->size() == 1);
}

TEST_CASE("where nothing was changed there is nothing to take back, and no history is begun") {
  ChangePlace place;
  write_file(place / "a.bib", "x");
  CHECK(undo(place / "a.bib", place.context(), false)->files.empty());
  CHECK(file_history(place / "a.bib", place.context())->empty());
  CHECK(last_written(place / "a.bib", place.context()).empty());
  CHECK_FALSE(fs::exists(place / "state"));
  CHECK(undo(place / "none.bib", place.context(), false).error().message ==
        (place / "none.bib") + ": no such file");
}

TEST_CASE("a change whose texts were too large to keep is not taken back") {
  ChangePlace place;
  const std::string path = place / "a.bib";
  write_file(path, "");
  REQUIRE(change_file(path, "format", place.context(), append(std::string(17u << 20, '\n'))) == true);
  const auto answer = undo(path, place.context(), false);
  REQUIRE(answer->conflicts.size() == 1);
  CHECK(answer->conflicts[0].message ==
        "change 1 (format) was too large for its texts to be kept, it cannot be taken back");
}

TEST_CASE("the history follows a file by its one name") {
  EditedFile file;
  fs::create_symlink("refs.bib", file.place / "link.bib");
  CHECK(file_history(file.place / "./link.bib", file.place.context())->size() == 1);
  CHECK(undo(file.place / "link.bib", file.place.context(), false)->files.size() == 1);
  CHECK(file.text() == old_text);
  CHECK(fs::is_symlink(file.place / "link.bib"));
}

TEST_CASE("one_line cuts at the end of a character") {
  CHECK(one_line(" a\n\t b ", 80) == "a b");
  CHECK(one_line("a\xc3\xa9\xc3\xa9", 4) == "a\xc3\xa9…");
  CHECK(one_line("abcd", 4) == "abcd");
  CHECK(one_line("", 4) == "");
}
