#include "plugin/session/file_store.hpp"

#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using namespace bibsmith::plugin;
using bibsmith::testing::TempDir;
using bibsmith::testing::write_file;
namespace fs = std::filesystem;

namespace {

using Result = tl::expected<std::optional<std::string>, FileError>;

TextChange append(std::string what) {
  return [what = std::move(what)](const std::string& text) -> Result { return text + what; };
}

std::string bytes_of(const std::string& path) { return bibsmith::testing::read_file(path); }

// Only the files that the test made: no temporary file stays behind.
std::size_t files_in(const TempDir& dir) {
  std::size_t count = 0;
  for (const auto& file : fs::directory_iterator(dir.path())) count += std::size_t{file.is_regular_file()};
  return count;
}

}  // namespace

TEST_CASE("a file is changed, or made") {
  const TempDir dir;
  write_file(dir / "a.bib", "one");
  CHECK(change_file(dir / "a.bib", dir / "state", append(" two")) == true);
  CHECK(bytes_of(dir / "a.bib") == "one two");
  CHECK(change_file(dir / "a.bib", dir / "state", [](std::string) -> Result { return "two one"; }) == true);
  CHECK(bytes_of(dir / "a.bib") == "two one");
  CHECK(change_file(dir / "new.bib", dir / "state", append("made")) == true);
  CHECK(bytes_of(dir / "new.bib") == "made");
  CHECK(files_in(dir) == 2);
}

TEST_CASE("nothing to do leaves the file alone, its time included") {
  const TempDir dir;
  write_file(dir / "a.bib", "one");
  const auto before = fs::last_write_time(dir / "a.bib");
  CHECK(change_file(dir / "a.bib", dir / "state", append("")) == false);
  CHECK(change_file(dir / "a.bib", dir / "state",
                    [](const std::string&) -> Result { return std::nullopt; }) == false);
  CHECK(change_file(dir / "none.bib", dir / "state",
                    [](const std::string&) -> Result { return std::nullopt; }) == false);
  CHECK(fs::last_write_time(dir / "a.bib") == before);
  CHECK_FALSE(fs::exists(dir / "none.bib"));
}

TEST_CASE("mode and links are kept") {
  const TempDir dir;
  fs::create_directories(dir / "real");
  write_file(dir / "real/a.bib", "one");
  ::chmod((dir / "real/a.bib").c_str(), 0640);
  fs::create_symlink("real/a.bib", dir / "link.bib");
  CHECK(change_file(dir / "link.bib", dir / "state", append("!")) == true);
  CHECK(fs::is_symlink(dir / "link.bib"));
  CHECK(bytes_of(dir / "real/a.bib") == "one!");
  struct stat status {};
  ::stat((dir / "real/a.bib").c_str(), &status);
  CHECK((status.st_mode & 07777u) == 0640);
}

TEST_CASE("what is no file is refused with its name") {
  const TempDir dir;
  fs::create_directories(dir / "folder");
  REQUIRE(::mkfifo((dir / "fifo").c_str(), 0600) == 0);
  fs::create_symlink("loop", dir / "loop");
  CHECK(change_file(dir / "folder", dir / "state", append("x")).error().message ==
        (dir / "folder") + " is a directory");
  CHECK(change_file(dir / "fifo", dir / "state", append("x")).error().message ==
        (dir / "fifo") + " is not a regular file");
  CHECK(change_file(dir / "loop", dir / "state", append("x")).error().message ==
        (dir / "loop") + " is a link that leads in a circle");
  CHECK(change_file(dir / "none/a.bib", dir / "state", append("x")).error().message ==
        "cannot write beside " + (dir / "none/a.bib") + ": No such file or directory; the file is as it was");
}

TEST_CASE("a change that fails leaves the file as it was") {
  const TempDir dir;
  write_file(dir / "a.bib", "one");
  const auto refuse = [](const std::string&) -> Result {
    return tl::unexpected(FileError{FileError::Code::refused, "no"});
  };
  CHECK(change_file(dir / "a.bib", dir / "state", refuse).error().message == "no");
  CHECK(bytes_of(dir / "a.bib") == "one");
  CHECK(files_in(dir) == 1);
}

TEST_CASE("a full disk leaves the file as it was") {
  const TempDir dir;
  write_file(dir / "a.bib", "one");
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
    const auto result = change_file(dir / "a.bib", dir / "state", append(std::string(10'000, 'x')));
    if (!result) message = result.error().message;
  }
  CHECK(message == "cannot write " + (dir / "a.bib") + ": File too large; the file is as it was");
  CHECK(bytes_of(dir / "a.bib") == "one");
  CHECK(files_in(dir) == 1);
}

TEST_CASE("a file that another program changes meanwhile is read anew") {
  const TempDir dir;
  write_file(dir / "a.bib", "one");
  int calls = 0;
  const auto change = [&](const std::string& text) -> Result {
    if (++calls == 1) write_file(dir / "a.bib", "another");
    return text + "+";
  };
  CHECK(change_file(dir / "a.bib", dir / "state", change) == true);
  CHECK(calls == 2);
  CHECK(bytes_of(dir / "a.bib") == "another+");
}

TEST_CASE("a file that keeps changing is left to the other program") {
  const TempDir dir;
  write_file(dir / "a.bib", "one");
  int calls = 0;
  const auto change = [&](const std::string& text) -> Result {
    write_file(dir / "a.bib", std::string(static_cast<std::size_t>(++calls), 'x'));
    return text + "+";
  };
  const auto result = change_file(dir / "a.bib", dir / "state", change);
  REQUIRE_FALSE(result);
  CHECK(result.error().code == FileError::Code::changed);
  CHECK(bytes_of(dir / "a.bib") == "xxx");
}

TEST_CASE("files beyond the limit are refused unread") {
  const TempDir dir;
  write_file(dir / "a.bib", "");
  fs::resize_file(dir / "a.bib", bib_file_bytes_max + 1);  // sparse
  CHECK(read_file(dir / "a.bib").error().message == (dir / "a.bib") + " is larger than 256 MiB");
}
