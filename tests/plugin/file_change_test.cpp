#include "plugin/session/file_change.hpp"

#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <string>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plugin/session/fingerprint.hpp"
#include "plugin/session/history.hpp"
#include "plugin/session/verify_change.hpp"
#include "tests/plugin/changes.hpp"
#include "tests/support/catch.hpp"

using namespace bibsmith::plugin;
using bibsmith::bibtex::Document;
using bibsmith::testing::append;
using bibsmith::testing::ChangePlace;
using bibsmith::testing::edit;
using bibsmith::testing::Edits;
using bibsmith::testing::TempDir;
using bibsmith::testing::write_file;
namespace fs = std::filesystem;

namespace {

std::string bytes_of(const std::string& path) { return bibsmith::testing::read_file(path); }

// Only the files that the test made: no temporary file stays behind.
std::size_t files_in(const TempDir& dir) {
  std::size_t count = 0;
  for (const auto& file : fs::directory_iterator(dir.path())) count += std::size_t{file.is_regular_file()};
  return count;
}

tl::expected<bool, FileError> change(const std::string& path, ChangePlace& place, const PlanChange& plan) {
  return change_file(path, "test", place.context(), plan);
}

// What the check says of a text that comes in pieces of each size.
std::optional<std::string> wrong_bytes(std::string_view before, std::string_view after,
                                       const std::vector<LabelledEdit>& edits) {
  std::optional<std::string> said;
  for (std::size_t size = 1; size <= after.size() + 1; ++size) {
    BytesCheck check(before, edits);
    for (std::size_t at = 0; at < after.size(); at += size) check.add(after.substr(at, size));
    const auto wrong = check.finish();
    if (size > 1) CHECK(wrong == said);
    said = wrong;
  }
  return said;
}

std::optional<std::string> wrong_syntax(const std::string& before, const std::string& after,
                                        const std::vector<LabelledEdit>& edits) {
  const Document document = Document::parse(before);
  SyntaxCheck check(document, edits);
  check.add(after);
  return check.finish();
}

}  // namespace

TEST_CASE("a file is changed, or made") {
  ChangePlace place;
  write_file(place / "a.bib", "one");
  CHECK(change(place / "a.bib", place, append(" two")) == true);
  CHECK(bytes_of(place / "a.bib") == "one two");
  CHECK(change(place / "new.bib", place, append("made")) == true);
  CHECK(bytes_of(place / "new.bib") == "made");
  CHECK(files_in(place.dir) == 2);
  CHECK(place.warnings.empty());
}

TEST_CASE("nothing to do leaves the file alone, its time included") {
  ChangePlace place;
  write_file(place / "a.bib", "one");
  const auto before = fs::last_write_time(place / "a.bib");
  const auto nothing = [](const std::string&) -> Edits { return std::vector<LabelledEdit>{}; };
  CHECK(change(place / "a.bib", place, append("")) == false);
  CHECK(change(place / "a.bib", place, nothing) == false);
  CHECK(change(place / "none.bib", place, nothing) == false);
  CHECK(fs::last_write_time(place / "a.bib") == before);
  CHECK_FALSE(fs::exists(place / "none.bib"));
  CHECK_FALSE(fs::exists(place / "state"));  // not even a history
}

TEST_CASE("mode and links are kept") {
  ChangePlace place;
  fs::create_directories(place / "real");
  write_file(place / "real/a.bib", "one");
  ::chmod((place / "real/a.bib").c_str(), 0640);
  fs::create_symlink("real/a.bib", place / "link.bib");
  CHECK(change(place / "link.bib", place, append("!")) == true);
  CHECK(fs::is_symlink(place / "link.bib"));
  CHECK(bytes_of(place / "real/a.bib") == "one!");
  struct stat status {};
  ::stat((place / "real/a.bib").c_str(), &status);
  CHECK((status.st_mode & 07777u) == 0640);
}

TEST_CASE("a second name of the file keeps the old text, and the user hears of it") {
  ChangePlace place;
  write_file(place / "a.bib", "one");
  fs::create_hard_link(place / "a.bib", place / "b.bib");
  CHECK(change(place / "a.bib", place, append("!")) == true);
  CHECK(bytes_of(place / "b.bib") == "one");
  CHECK(place.warnings ==
        std::vector{(place / "a.bib") + " has another name (a hard link), which keeps the old text"});
}

TEST_CASE("what is no file is refused with its name") {
  ChangePlace place;
  fs::create_directories(place / "folder");
  REQUIRE(::mkfifo((place / "fifo").c_str(), 0600) == 0);
  fs::create_symlink("loop", place / "loop");
  fs::create_symlink("fifo", place / "to-fifo");
  CHECK(change(place / "folder", place, append("x")).error().message ==
        (place / "folder") + " is a directory");
  CHECK(change(place / "fifo", place, append("x")).error().message ==
        (place / "fifo") + " is not a regular file");
  CHECK(change(place / "to-fifo", place, append("x")).error().message ==
        (place / "fifo") + " is not a regular file");
  CHECK(change("/dev/null", place, append("x")).error().message == "/dev/null is not a regular file");
  CHECK(change(place / "loop", place, append("x")).error().message ==
        (place / "loop") + " is a link that leads in a circle");
  CHECK(change(place / "none/a.bib", place, append("x")).error().message ==
        "cannot write beside " + (place / "none/a.bib") +
            ": No such file or directory; the file is as it was");
}

TEST_CASE("a change that fails leaves the file as it was") {
  ChangePlace place;
  write_file(place / "a.bib", "one");
  const auto refuse = [](const std::string&) -> Edits {
    return tl::unexpected(FileError{FileError::Code::refused, "no"});
  };
  CHECK(change(place / "a.bib", place, refuse).error().message == "no");
  CHECK(bytes_of(place / "a.bib") == "one");
  CHECK(files_in(place.dir) == 1);
}

TEST_CASE("edits that overlap, or lie outside of the file, are refused") {
  ChangePlace place;
  write_file(place / "a.bib", "one two");
  const auto overlapping = [](const std::string&) -> Edits {
    return std::vector{edit(0, 4, "x"), edit(2, 5, "y")};
  };
  CHECK(change(place / "a.bib", place, overlapping).error().message ==
        (place / "a.bib") + ": edit overlaps the one before it; the file is as it was, please report it");
  const auto outside = [](const std::string&) -> Edits { return std::vector{edit(3, 9, "x")}; };
  CHECK(change(place / "a.bib", place, outside).error().message ==
        (place / "a.bib") + ": edit lies outside the document; the file is as it was, please report it");
  CHECK(bytes_of(place / "a.bib") == "one two");
}

TEST_CASE("a change that brings in an error of syntax is refused; an old error stays") {
  ChangePlace place;
  write_file(place / "a.bib", "@misc{a, note = {x}}\n");
  const auto wrong = change(place / "a.bib", place, append("@misc{b, note = {y}\n"));
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().code == FileError::Code::refused);
  CHECK(wrong.error().message ==
        (place / "a.bib") +
            ": it would bring in an error (syntax.missing-close); the file is as it was, please report it");
  CHECK(bytes_of(place / "a.bib") == "@misc{a, note = {x}}\n");

  write_file(place / "b.bib", "@misc{b, note = {y}\n@misc{a, note = {x}}\n");
  CHECK(change(place / "b.bib", place, append("@misc{c, note = {z}}\n")) == true);
  // What is no .bib file need not parse as one.
  write_file(place / "a.tex", "\\cite{a}\n");
  FilePlan tex{place / "a.tex", append("@misc{b,"), false};
  CHECK(change_files(std::span(&tex, 1), "test", place.context()) == std::vector{true});
}

TEST_CASE("the check of the bytes finds each way in which a text is not what was planned") {
  const std::string before = "one two three";
  const std::vector edits = {edit(4, 7, "2"), edit(8, 8, "and ")};
  CHECK(wrong_bytes(before, "one 2 and three", edits) == std::nullopt);
  CHECK(wrong_bytes(before, "One 2 and three", edits) == "a byte outside the edits changed before byte 5");
  CHECK(wrong_bytes(before, "one 3 and three", edits) == "an edit is not as planned at byte 5");
  CHECK(wrong_bytes(before, "one 2-and three", edits) == "a byte outside the edits changed before byte 9");
  CHECK(wrong_bytes(before, "one 2 and tree", edits) == "a byte outside the edits changed behind byte 8");
  CHECK(wrong_bytes(before, "one 2 and three.", edits) == "a byte outside the edits changed behind byte 8");
  CHECK(wrong_bytes(before, "one", edits) == "a byte outside the edits changed before byte 5");
  CHECK(wrong_bytes(before, "", edits) == "a byte outside the edits changed before byte 5");
  CHECK(wrong_bytes(before, "", std::vector{edit(0, 13, "")}) == std::nullopt);
  CHECK(wrong_bytes("", "", {}) == std::nullopt);
  CHECK(wrong_bytes("", "x", {}) == "a byte outside the edits changed behind byte 0");
  const std::vector out_of_order = {edit(8, 8, "and "), edit(4, 7, "2")};
  CHECK(wrong_bytes(before, "one two and three", out_of_order) == "the edits are out of order at byte 5");
}

TEST_CASE("a value that an edit says it wrote must be there") {
  auto value = edit(9, 17, "year = 1");
  value.key = "a";
  value.field = "year";
  value.writes_value = true;
  const std::vector edits = {value};
  CHECK(wrong_syntax("", ("@misc{a, year = 1}"), edits) == std::nullopt);
  CHECK(wrong_syntax("", ("@misc{a, note = 1}"), edits) == "the field year of a could not be read back");
  CHECK(wrong_syntax("", ("@misc{b, year = 1}"), edits) == "the entry a could not be read back");
  // Where it was written, and not in another entry of the key.
  CHECK(wrong_syntax("", "@misc{a, note = 1} @misc{a, year = 1}", edits) ==
        "the field year of a could not be read back");
}

TEST_CASE("values are told as they are read, those of a new entry too") {
  const std::string before = "@misc{a, year = 1}\n";
  const Document document = Document::parse(before);
  auto year = edit(16, 17, "{2  0}");
  year.key = "a";
  year.field = "year";
  year.writes_value = true;
  auto entry = edit(19, 19, "\n@misc{b, Note = x # \"y\", year = 3}\n");
  entry.key = "b";
  entry.writes_value = true;
  const std::vector edits = {year, entry};
  SyntaxCheck check(document, edits);
  for (const char c : std::string("@misc{a, year = {2  0}}\n\n@misc{b, Note = x # \"y\", year = 3}\n")) {
    check.add({&c, 1});
  }
  CHECK(check.finish() == std::nullopt);
  std::string values;
  WrittenValues written;
  REQUIRE(read_values(check.take_written().finish(), written));
  for (const auto& [name, value] : written) values += name.first + '.' + name.second + '=' + value + ' ';
  CHECK(values == "a.year={2 0} b.note=x # {y} b.year=3 ");
}

TEST_CASE("errors beyond those that a Document keeps are counted too") {
  std::string before;
  for (int i = 0; i < 100'010; ++i) before += "@misc{a b = 1}\n";
  CHECK(wrong_syntax(before, before, {}) == std::nullopt);
  CHECK(wrong_syntax(before, before + "@misc{a b = 1}\n", {}) ==
        "it would bring in an error (syntax.missing-comma)");
}

TEST_CASE("a text that becomes UTF-16, or too large, is refused") {
  CHECK(wrong_syntax("@misc{a}", "\xFF\xFE@misc{a}", {}) == "it would bring in an error (syntax.utf-16)");
  const Document document = Document::parse("");
  SyntaxCheck check(document, {});
  const std::string piece(1 << 20, ' ');
  for (int i = 0; i < 257; ++i) check.add(piece);
  CHECK(check.finish() == "it would bring in an error (syntax.too-large)");
}

TEST_CASE("a full disk leaves the file as it was") {
  ChangePlace place;
  write_file(place / "a.bib", "one");
  // The limit on a file's size stands in for the disk: the write fails in the same place.
  struct rlimit_guard {
    rlimit before{};
    rlimit_guard() {
      ::getrlimit(RLIMIT_FSIZE, &before);
      rlimit small{100, before.rlim_max};
      ::signal(SIGXFSZ, SIG_IGN);
      ::setrlimit(RLIMIT_FSIZE, &small);
    }
    ~rlimit_guard() { ::setrlimit(RLIMIT_FSIZE, &before); }
  };
  std::string message;
  {
    const rlimit_guard guard;
    const auto result = change(place / "a.bib", place, append(std::string(10'000, 'x')));
    if (!result) message = result.error().message;
  }
  CHECK(message == "cannot write " + (place / "a.bib") + ": File too large; the file is as it was");
  CHECK(bytes_of(place / "a.bib") == "one");
  CHECK(files_in(place.dir) == 1);
}

TEST_CASE("a file that another program changes meanwhile is read anew") {
  ChangePlace place;
  write_file(place / "a.bib", "one");
  int calls = 0;
  const auto plan = [&](const FileText& text) {
    if (++calls == 1) write_file(place / "a.bib", "another");
    return append("+")(text);
  };
  CHECK(change(place / "a.bib", place, plan) == true);
  CHECK(calls == 2);
  CHECK(bytes_of(place / "a.bib") == "another+");
}

TEST_CASE("a file that keeps changing is left to the other program") {
  ChangePlace place;
  write_file(place / "a.bib", "one");
  int calls = 0;
  const auto plan = [&](const FileText& text) {
    write_file(place / "a.bib", std::string(static_cast<std::size_t>(++calls), 'x'));
    return append("+")(text);
  };
  const auto result = change(place / "a.bib", place, plan);
  REQUIRE_FALSE(result);
  CHECK(result.error().code == FileError::Code::changed);
  CHECK(result.error().message ==
        (place / "a.bib") + " keeps changing under our hands; it is as the other program left it, try again");
  CHECK(bytes_of(place / "a.bib") == "xxx");
}

TEST_CASE("a file that another bibsmith holds is waited for, but not for ever") {
  ChangePlace place;
  write_file(place / "a.bib", "one");
  fs::create_directories(place / "state/locks");
  const std::string name = hex_of(fingerprint_of(fs::canonical(place / "a.bib").string()).hash);
  const int lock = ::open((place / ("state/locks/" + name)).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  REQUIRE(::flock(lock, LOCK_EX) == 0);
  const auto held = change(place / "a.bib", place, append("+"));
  REQUIRE_FALSE(held);
  CHECK(held.error().code == FileError::Code::locked);
  CHECK(
      held.error().message ==
      fs::canonical(place / "a.bib").string() +
          " is held by another bibsmith, and 60 s of waiting did not help; the file is as it was, try again");
  CHECK(place.clock.slept() == std::chrono::seconds(60));
  CHECK(bytes_of(place / "a.bib") == "one");

  place.clock.on_sleep = [&] { ::close(lock); };  // it ends
  CHECK(change(place / "a.bib", place, append("+")) == true);
  CHECK(bytes_of(place / "a.bib") == "one+");
}

TEST_CASE("an interrupted change is none") {
  ChangePlace place;
  write_file(place / "a.bib", "one");
  std::stop_source source;
  ChangeContext context = place.context();
  context.stop = source.get_token();
  const auto plan = [&](const FileText& text) {
    source.request_stop();
    return append("+")(text);
  };
  const auto result = change_file(place / "a.bib", "test", context, plan);
  REQUIRE_FALSE(result);
  CHECK(result.error().code == FileError::Code::interrupted);
  CHECK(result.error().message == "interrupted; " + (place / "a.bib") + " is as it was");
  CHECK(bytes_of(place / "a.bib") == "one");
  CHECK(files_in(place.dir) == 1);
  auto history = History::open(place / "state", {});
  REQUIRE(history);
  CHECK(history->changes_of(canonical_path(place / "a.bib"))->empty());
}

TEST_CASE("without a state directory a file is changed all the same, and the user hears of it") {
  ChangePlace place;
  write_file(place / "a.bib", "one");
  write_file(place / "state", "no folder");
  CHECK(change(place / "a.bib", place, append("+")) == true);
  CHECK(bytes_of(place / "a.bib") == "one+");
  REQUIRE(place.warnings.size() == 2);
  CHECK(place.warnings[0].starts_with("cannot lock "));
  CHECK(place.warnings[1].ends_with("; bibsmith undo will not know of this change"));
}

TEST_CASE("the remains of a killed run go with the next one; those of a living one stay") {
  ChangePlace place;
  write_file(place / "a.bib", "one");
  write_file(place / "a.bib.bibsmith-abcdef", "of the dead");
  write_file(place / "a.bib.bibsmith-living", "of the living");
  write_file(place / "a.bib.bibsmith-notes.txt", "of the user");
  const int living = ::open((place / "a.bib.bibsmith-living").c_str(), O_RDWR | O_CLOEXEC);
  REQUIRE(::flock(living, LOCK_EX) == 0);
  CHECK(change(place / "a.bib", place, append("+")) == true);
  CHECK_FALSE(fs::exists(place / "a.bib.bibsmith-abcdef"));
  CHECK(fs::exists(place / "a.bib.bibsmith-living"));
  CHECK(fs::exists(place / "a.bib.bibsmith-notes.txt"));
  ::close(living);
}

TEST_CASE("files beyond the limit are refused unread") {
  ChangePlace place;
  write_file(place / "a.bib", "");
  fs::resize_file(place / "a.bib", bib_file_bytes_max + 1);  // sparse
  CHECK(read_file(place / "a.bib").error().message == (place / "a.bib") + " is larger than 256 MiB");
  CHECK(change(place / "a.bib", place, append("x")).error().message ==
        (place / "a.bib") + " is larger than 256 MiB");
}

TEST_CASE("several files change as one") {
  ChangePlace place;
  write_file(place / "a.bib", "one");
  write_file(place / "b.bib", "two");
  const std::vector<FilePlan> plans = {
      {place / "a.bib", append("+")}, {place / "b.bib", append("")}, {place / "a.bib", append("again")}};
  CHECK(change_files(plans, "test", place.context()) == std::vector{true, false, true});
  CHECK(bytes_of(place / "a.bib") == "one+");  // a file that is named twice is changed once
  CHECK(bytes_of(place / "b.bib") == "two");
}
