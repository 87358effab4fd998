#include "bibtex/merge/merge_library.hpp"

#include <random>
#include <string>
#include <vector>

#include "tests/support/catch.hpp"

using namespace bibsmith::bibtex;

namespace {

// {"@misc", "a", "year = {2001}", ...}
SharedEntry entry(const std::string& key, std::vector<std::pair<std::string, std::string>> fields = {}) {
  SharedEntry made{{"@type", "misc"}, {"@key", key}};
  for (auto& [name, value] : fields) made[name] = '{' + value + '}';
  return made;
}

FileEntries file_of(const std::string& text) { return shared_entries(Document::parse(text)); }

Side nobody(std::string_view) { return Side::neither; }

// What became of an entry, as the texts of both sides; "-": it is not there.
std::pair<std::string, std::string> texts(const EntryMerge& merge) {
  const auto text = [](const std::optional<SharedEntry>& said) {
    return said ? write_shared_entry(*said) : std::string("-");
  };
  return {text(merge.file), text(merge.library)};
}

const MergedEntry& of_key(const std::vector<MergedEntry>& merged, const std::string& key) {
  for (const MergedEntry& one : merged) {
    for (const auto* said : {&one.in_file, &one.in_library}) {
      if (*said && (*said)->at("@key") == key) return one;
    }
  }
  FAIL("no " << key);
  return merged.front();
}

}  // namespace

TEST_CASE("a library has what an entry says, not how it looks, and no macro of one file") {
  const Document document = Document::parse(
      "@string{prl = \"Physical  Review\" # { Letters}}\n"
      "@ARTICLE(Smith2020,\n"
      "  Title = \"Deep\n    {L}earning\", YEAR = 2020, month = jan, journal = prl,\n"
      "  date = \"1~\" # jan, title = {second}, note = prl # \" and \" # IEEE_x)\n");
  const FileEntries file = shared_entries(document);
  REQUIRE(file.entries.size() == 1);
  CHECK(file.problems.empty());
  CHECK(write_shared_entry(file.entries[0].said) ==
        "@article{Smith2020,\n"
        "  date = {1~} # jan,\n"
        "  journal = {Physical Review Letters},\n"
        "  month = jan,\n"
        "  note = {Physical Review Letters} # { and } # IEEE_x,\n"
        "  title = {Deep {L}earning},\n"
        "  year = {2020},\n"
        "}\n");
  CHECK(read_shared_entry(write_shared_entry(file.entries[0].said)) == file.entries[0].said);
}

TEST_CASE("what others put into a library is believed only in the one form that we write") {
  CHECK(read_shared_entry("@misc{a,\n  x = {1},\n}\n"));
  for (const char* text :
       {"", "@misc{a,\n  x = {1},\n}", " @misc{a,\n  x = {1},\n}\n", "@misc{a,\n  x = {1},\n}\n@misc{b,\n}\n",
        "@misc{a,\n  x = {1}},\n}\n", "@misc{a,\n  x = {{1},\n}\n", "@MISC{a,\n}\n", "@misc{,\n}\n",
        "@misc{a,\n  X = {1},\n}\n", "@misc{a,\n  x = 1,\n}\n", "@misc{a,\n  y = {1},\n  x = {1},\n}\n",
        "@misc{a,\n  x = {1},\n  x = {2},\n}\n", "@string{a = {1}}\n", "@comment{a}\n", "junk @misc{a,\n}\n",
        "@misc{a,\n  x = \"1\",\n}\n", "@misc{a,\n  x = {1  2},\n}\n", "@misc{a,\n} junk\n"}) {
    INFO(text);
    CHECK_FALSE(read_shared_entry(text));
  }
}

TEST_CASE("what cannot be shared is told with its line, and makes nothing else seem deleted") {
  const FileEntries file = file_of(
      "@misc{a, year = 2001}\n"
      "@misc{, year = 2001}\n"
      "@misc{A, year = 2002}\n"
      "@misc{latin, title = {\xe9}}\n"
      "@misc{b, year = 2001\n");
  CHECK(file.entries.size() == 1);
  CHECK(file.problems ==
        std::vector<std::string>{"2: an entry without a citation key is not shared",
                                 "3: the citation key stands twice: only the first entry is shared",
                                 "4: an entry that is not in UTF-8 is not shared",
                                 "5: an entry with an error of syntax is not shared: mend it first"});
  const std::vector<NumberedEntry> base{{1, entry("a", {{"year", "2001"}}), "a"}, {2, entry("b"), "b"}};
  const auto merged = merge_library(base, file, base, nobody);
  REQUIRE(merged.size() == 1);
  CHECK(merged[0].number == 1);
}

TEST_CASE("a part that one side changed changes on the other; where both did, neither") {
  const SharedEntry base =
      entry("a", {{"year", "2001"}, {"note", "old"}, {"title", "T"}, {"doi", "1"}, {"url", "u"}});
  SharedEntry mine = base;
  mine["year"] = "{2002}";
  mine["note"] = "{mine}";
  mine.erase("doi");
  mine["isbn"] = "{9}";
  SharedEntry theirs = base;
  theirs["title"] = "{Title}";
  theirs["note"] = "{theirs}";
  theirs.erase("url");
  theirs["@type"] = "book";
  const EntryMerge merge = merge_entry(base, mine, theirs, Side::neither);
  CHECK(texts(merge) ==
        std::pair<std::string, std::string>{
            "@book{a,\n  isbn = {9},\n  note = {mine},\n  title = {Title},\n  year = {2002},\n}\n",
            "@book{a,\n  isbn = {9},\n  note = {theirs},\n  title = {Title},\n  year = {2002},\n}\n"});
  REQUIRE(merge.conflicts.size() == 1);
  CHECK(merge.conflicts[0] == PartConflict{"note", "{old}", "{mine}", "{theirs}"});
  CHECK(merge_entry(base, mine, theirs, Side::file).library->at("note") == "{mine}");
  CHECK(merge_entry(base, mine, theirs, Side::library).file->at("note") == "{theirs}");

  // The conflict is seen again; what they agree on is not.
  const auto next = agreed(base, merge.file, merge.library);
  REQUIRE(next);
  CHECK(next->at("note") == "{old}");
  CHECK(next->at("year") == "{2002}");
  const EntryMerge again = merge_entry(next, merge.file, merge.library, Side::neither);
  CHECK(texts(again) == texts(merge));
  CHECK(again.conflicts == merge.conflicts);
}

TEST_CASE("deleting and adding go both ways; what one side deleted and the other changed is a conflict") {
  const std::optional<SharedEntry> none;
  const std::optional<SharedEntry> one = entry("a", {{"year", "2001"}});
  const std::optional<SharedEntry> other = entry("a", {{"year", "2002"}});
  CHECK(texts(merge_entry(none, one, none, Side::neither)).second == write_shared_entry(*one));
  CHECK(texts(merge_entry(none, none, one, Side::neither)).first == write_shared_entry(*one));
  CHECK(texts(merge_entry(one, none, one, Side::neither)).second == "-");
  CHECK(texts(merge_entry(one, one, none, Side::neither)).first == "-");
  for (const auto& [file, library] : {std::pair(none, other), std::pair(other, none)}) {
    const EntryMerge merge = merge_entry(one, file, library, Side::neither);
    CHECK((merge.file == file && merge.library == library));
    REQUIRE(merge.conflicts.size() == 1);
    CHECK(merge.conflicts[0].part.empty());
    CHECK(agreed(one, file, library) == one);
    CHECK(merge_entry(one, file, library, Side::file).library == file);
    CHECK(merge_entry(one, file, library, Side::library).file == library);
  }
}

TEST_CASE("a change that did not reach a side is none that both agree on") {
  const SharedEntry base = entry("a", {{"year", "2001"}});
  const SharedEntry theirs = entry("a", {{"year", "2002"}});
  const auto next = agreed(base, base, theirs);  // the file was not changed after all
  CHECK(next == base);
  CHECK(texts(merge_entry(next, base, theirs, Side::neither)).first == write_shared_entry(theirs));
}

TEST_CASE("an entry is known by its key in the file, and by all else if only its key changed") {
  const std::vector<NumberedEntry> base{{1, entry("a", {{"year", "2001"}}), "a"},
                                        {2, entry("b", {{"year", "2002"}}), "b"}};
  std::vector<NumberedEntry> library = base;
  library[1].said["@key"] = "b2";
  const auto merged =
      merge_library(base, file_of("@misc{new, year = 2001}\n@misc{b, year = {2002}}\n"), library, nobody);
  REQUIRE(merged.size() == 2);
  CHECK(of_key(merged, "new").number == 1);
  CHECK(of_key(merged, "new").merge.library->at("@key") == "new");
  CHECK(of_key(merged, "b").merge.file->at("@key") == "b2");
}

TEST_CASE("an entry of the library is not taken for another one that says the same and was deleted") {
  const std::vector<NumberedEntry> base{{1, entry("a", {{"year", "2001"}}), "a"}};
  const std::vector<NumberedEntry> library{{2, entry("b", {{"year", "2001"}}), {}}};
  const auto merged = merge_library(base, file_of("@misc{b, year = 2001}\n"), library, nobody);
  REQUIRE(merged.size() == 2);
  CHECK(of_key(merged, "b").number == 2);
  CHECK(of_key(merged, "b").in_file);
  CHECK(of_key(merged, "b").merge.conflicts.empty());
  CHECK(merged.front().number == 1);
  CHECK_FALSE(merged.front().in_file);
}

TEST_CASE("files that never met the library meet by keys") {
  const std::vector<NumberedEntry> library{{1, entry("a", {{"year", "2001"}, {"note", "x"}}), {}},
                                           {2, entry("b"), {}}};
  const auto merged =
      merge_library({}, file_of("@misc{a, year = 2001, note = {y}}\n@misc{c}\n"), library, nobody);
  REQUIRE(merged.size() == 3);
  CHECK(of_key(merged, "a").merge.conflicts.size() == 1);
  CHECK(of_key(merged, "b").merge.file);
  CHECK(of_key(merged, "c").merge.library);
  CHECK(of_key(merged, "c").number == 0);
}

TEST_CASE("no two entries of a side get one key") {
  // The file calls entry 1 "b"; somebody put another "b" into the library.
  const std::vector<NumberedEntry> base{{1, entry("a", {{"year", "2001"}}), "a"}};
  std::vector<NumberedEntry> library = base;
  library.push_back({2, entry("B", {{"year", "2002"}}), {}});
  const auto merged = merge_library(base, file_of("@misc{b, year = 2001}\n"), library, nobody);
  REQUIRE(merged.size() == 2);
  const MergedEntry& renamed = of_key(merged, "b");
  CHECK(renamed.merge.library->at("@key") == "a");
  CHECK(renamed.merge.conflicts.size() == 1);
  CHECK_FALSE(of_key(merged, "B").merge.file);
  CHECK(of_key(merged, "B").merge.conflicts.size() == 1);
}

TEST_CASE("what the library deleted and has anew under the same key is merged as if they never met") {
  const std::vector<NumberedEntry> base{{1, entry("a", {{"year", "2001"}}), "a"}};
  const std::vector<NumberedEntry> library{{7, entry("a", {{"year", "2001"}, {"doi", "1"}}), {}}};
  const auto merged = merge_library(base, file_of("@misc{a, year = 2001}\n"), library, nobody);
  REQUIRE(merged.size() == 1);
  CHECK(merged[0].number == 7);
  CHECK(merged[0].merge.file->contains("doi"));
  CHECK(merged[0].merge.conflicts.empty());
}

TEST_CASE(
    "after any edits on both sides each value is where it was put, or in a conflict, and merging again is "
    "quiet") {
  std::mt19937 random(11);
  const auto pick = [&](int below) { return static_cast<int>(random() % static_cast<unsigned>(below)); };
  const auto edited = [&](std::optional<SharedEntry> said) {
    for (int i = pick(4); i > 0; --i) {
      if (!said || pick(12) == 0) {
        said = said ? std::optional<SharedEntry>{} : std::optional(entry("k"));
        continue;
      }
      const std::string name(1, static_cast<char>('a' + pick(4)));
      if (pick(4) == 0) {
        said->erase(name);
      } else {
        (*said)[name] = '{' + std::to_string(pick(3)) + '}';
      }
    }
    return said;
  };
  const auto value = [](const std::optional<SharedEntry>& said, const std::string& name) {
    const auto found = said ? said->find(name) : SharedEntry::const_iterator{};
    return said && found != said->end() ? std::optional(found->second) : std::nullopt;
  };
  for (int round = 0; round < 20000; ++round) {
    const auto base =
        edited(pick(3) == 0 ? std::nullopt : std::optional(entry("k", {{"a", "0"}, {"b", "1"}})));
    const auto file = edited(base);
    const auto library = edited(base);
    const EntryMerge merge = merge_entry(base, file, library, Side::neither);
    for (const std::string name : {"a", "b", "c", "d"}) {
      const auto old = value(base, name);
      // A value that was put somewhere and is nowhere, or one that nobody put.
      for (const auto& [before, after] : {std::pair(value(file, name), value(merge.file, name)),
                                          std::pair(value(library, name), value(merge.library, name))}) {
        if (before != old) CHECK(after == before);
        CHECK((after == value(file, name) || after == value(library, name)));
      }
    }
    const auto next = agreed(base, merge.file, merge.library);
    const EntryMerge again = merge_entry(next, merge.file, merge.library, Side::neither);
    CHECK(again.file == merge.file);
    CHECK(again.library == merge.library);
    CHECK(again.conflicts.empty() == merge.conflicts.empty());
    if (merge.conflicts.empty()) CHECK(merge.file == merge.library);
    // Whoever is stopped after the library was changed comes to the same.
    CHECK(texts(merge_entry(base, file, merge.library, Side::neither)) == texts(merge));
  }
}
