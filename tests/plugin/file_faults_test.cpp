#include <cerrno>
#include <csignal>
#include <filesystem>
#include <memory>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

#include "plugin/session/file_change.hpp"
#include "plugin/session/undo.hpp"
#include "tests/plugin/changes.hpp"
#include "tests/support/catch.hpp"

using namespace bibsmith::plugin;
using bibsmith::testing::append;
using bibsmith::testing::ChangePlace;
using bibsmith::testing::write_file;
namespace fs = std::filesystem;

namespace {

// Returns true where the call that is about to be made shall fail; errno is set.
using Fault = std::function<bool()>;

// The real calls, each after a look at `fault`. A write that fails has written half.
FileSystem with_fault(const Fault& fault) {
  const FileSystem real = real_file_system();
  FileSystem files;
  files.open = [=](const char* path, int flags, mode_t mode) {
    return fault() ? -1 : real.open(path, flags, mode);
  };
  files.make_temporary = [=](char* name) { return fault() ? -1 : real.make_temporary(name); };
  files.read = [=](int file, void* bytes, std::size_t size) {
    return fault() ? -1 : real.read(file, bytes, size);
  };
  files.write = [=](int file, const void* bytes, std::size_t size) -> ssize_t {
    const ssize_t half = real.write(file, bytes, size / 2);
    if (fault()) return -1;
    return half < 0 ? half : half + real.write(file, static_cast<const char*>(bytes) + half, size - size / 2);
  };
  files.seek = [=](int file, off_t offset) { return fault() ? -1 : real.seek(file, offset); };
  files.fstat = [=](int file, struct stat* status) { return fault() ? -1 : real.fstat(file, status); };
  files.stat = [=](const char* path, struct stat* status) { return fault() ? -1 : real.stat(path, status); };
  files.access = [=](const char* path, int mode) { return fault() ? -1 : real.access(path, mode); };
  files.fchown = [=](int file, uid_t user, gid_t group) {
    return fault() ? -1 : real.fchown(file, user, group);
  };
  files.fchmod = [=](int file, mode_t mode) { return fault() ? -1 : real.fchmod(file, mode); };
  files.fsync = [=](int file) { return fault() ? -1 : real.fsync(file); };
  files.flock = [=](int file, int operation) { return fault() ? -1 : real.flock(file, operation); };
  files.rename = [=](const char* from, const char* to) { return fault() ? -1 : real.rename(from, to); };
  files.unlink = [=](const char* path) { return fault() ? -1 : real.unlink(path); };
  files.close = [=](int file) {
    const bool fails = fault();
    return real.close(file) != 0 || fails ? -1 : 0;
  };
  return files;
}

// A .bib and a TeX file that change together.
struct TwoFiles {
  ChangePlace place;
  std::string bib = place / "refs.bib";
  std::string tex = place / "paper.tex";
  std::vector<FilePlan> plans = {{bib, append("@misc{b}\n")}, {tex, append("\\cite{b}\n"), false}};

  TwoFiles() {
    write_file(bib, "@misc{a}\n");
    write_file(tex, "\\cite{a}\n");
  }
  bool are_old() const {
    return bibsmith::testing::read_file(bib) == "@misc{a}\n" &&
           bibsmith::testing::read_file(tex) == "\\cite{a}\n";
  }
  bool are_new() const {
    return bibsmith::testing::read_file(bib) == "@misc{a}\n@misc{b}\n" &&
           bibsmith::testing::read_file(tex) == "\\cite{a}\n\\cite{b}\n";
  }
  std::size_t remains() const {
    std::size_t count = 0;
    for (const auto& file : fs::directory_iterator(place.dir.path())) {
      count += std::size_t{file.is_regular_file()};
    }
    return count - 2;
  }
  tl::expected<std::vector<bool>, FileError> change(const Fault& fault) {
    ChangeContext context = place.context();
    context.files = with_fault(fault);
    return change_files(plans, "keys", context);
  }
  std::size_t changes_in_history() {
    const auto lines = file_history(bib, place.context());
    const auto tex_lines = file_history(tex, place.context());
    return lines && tex_lines ? lines->size() + tex_lines->size() : 99;
  }
};

constexpr int calls_max = 500;  // a bound for the loops; a change makes some hundred

}  // namespace

TEST_CASE(
    "whatever call fails, all files are as they were or all are as planned, and the message says which") {
  const int cause = GENERATE(EIO, ENOSPC, EDQUOT, EROFS);
  int n = 0;
  for (bool reached = true; reached; ++n) {
    REQUIRE(n < calls_max);
    CAPTURE(cause, n);
    TwoFiles files;
    int calls = 0;
    const auto changed = files.change([&] {
      const bool fails = calls++ == n;
      if (fails) errno = cause;
      return fails;
    });
    reached = calls > n;
    if (changed) {
      REQUIRE(files.are_new());
      REQUIRE(files.changes_in_history() == 2);
    } else {
      CAPTURE(changed.error().message);
      REQUIRE(files.are_old());
      const bool says_so = changed.error().message.find("as it was") != std::string::npos ||
                           changed.error().message.starts_with("cannot read ") ||
                           changed.error().message.find("as the other program left it") != std::string::npos;
      REQUIRE(says_so);
      REQUIRE(files.changes_in_history() == 0);
    }
    // What could not be removed goes with the next run.
    if (!changed) REQUIRE(files.change([] { return false; }));
    REQUIRE(files.remains() <= 1);
  }
  CHECK(n > 40);
}

TEST_CASE("a disk that fails for good leaves no file half written, and no file changed unsaid") {
  int n = 0;
  for (bool reached = true; reached; ++n) {
    REQUIRE(n < calls_max);
    CAPTURE(n);
    TwoFiles files;
    int calls = 0;
    const auto changed = files.change([&] {
      const bool fails = calls++ >= n;
      if (fails) errno = EIO;
      return fails;
    });
    reached = calls > n;
    const std::string bib = bibsmith::testing::read_file(files.bib);
    const std::string tex = bibsmith::testing::read_file(files.tex);
    REQUIRE((bib == "@misc{a}\n" || bib == "@misc{a}\n@misc{b}\n"));
    REQUIRE((tex == "\\cite{a}\n" || tex == "\\cite{a}\n\\cite{b}\n"));
    if (changed) {
      REQUIRE(files.are_new());
    } else if (!files.are_old()) {
      REQUIRE(changed.error().message.ends_with("; " + files.bib +
                                                " was changed already and could not be put back"));
    }
  }
}

TEST_CASE("killed at any call, each file is as it was or as planned; the next run finishes, and undo works") {
  int n = 0;
  for (bool was_killed = true; was_killed; ++n) {
    REQUIRE(n < calls_max);
    CAPTURE(n);
    TwoFiles files;
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      int calls = 0;
      const auto changed = files.change([&] {
        if (calls++ == n) ::raise(SIGKILL);
        return false;
      });
      ::_exit(changed ? 0 : 1);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    was_killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    if (!was_killed) REQUIRE(WEXITSTATUS(status) == 0);
    const std::string bib = bibsmith::testing::read_file(files.bib);
    const std::string tex = bibsmith::testing::read_file(files.tex);
    REQUIRE((bib == "@misc{a}\n" || bib == "@misc{a}\n@misc{b}\n"));
    REQUIRE((tex == "\\cite{a}\n" || tex == "\\cite{a}\n\\cite{b}\n"));
    // The history tells exactly what was done, without a change in between.
    REQUIRE(files.changes_in_history() ==
            std::size_t{bib != "@misc{a}\n"} + std::size_t{tex != "\\cite{a}\n"});
    if (bib == "@misc{a}\n") {
      REQUIRE(files.change([] { return false; }));
      REQUIRE(files.are_new());
      REQUIRE(files.remains() == 0);
    }
    REQUIRE(undo(files.bib, files.place.context(), false));
    REQUIRE(bibsmith::testing::read_file(files.bib) == "@misc{a}\n");
    REQUIRE(bibsmith::testing::read_file(files.tex) == "\\cite{a}\n");
  }
  CHECK(n > 40);
}

TEST_CASE("calls that are interrupted are made again") {
  TwoFiles files;
  ChangeContext context = files.place.context();
  const FileSystem real = real_file_system();
  int calls = 0;
  const auto is_interrupted = [&] {
    errno = EINTR;
    return ++calls % 2 == 1;
  };
  context.files.read = [&](int file, void* bytes, std::size_t size) {
    return is_interrupted() ? -1 : real.read(file, bytes, std::min<std::size_t>(size, 3));
  };
  context.files.write = [&](int file, const void* bytes, std::size_t size) {
    return is_interrupted() ? -1 : real.write(file, bytes, std::min<std::size_t>(size, 3));
  };
  context.files.flock = [&](int file, int operation) {
    return is_interrupted() ? -1 : real.flock(file, operation);
  };
  REQUIRE(change_files(files.plans, "keys", context));
  CHECK(files.are_new());
}

TEST_CASE("what the disk did not keep is found before the rename") {
  TwoFiles files;
  ChangeContext context = files.place.context();
  const FileSystem real = real_file_system();
  context.files.write = [&](int file, const void* bytes, std::size_t size) {
    std::string kept(static_cast<const char*>(bytes), size);
    kept[2] ^= 1;  // one bit
    return real.write(file, kept.data(), size);
  };
  const auto changed = change_files(files.plans, "keys", context);
  REQUIRE_FALSE(changed);
  CHECK(changed.error().message ==
        files.bib + ": the disk does not give back what was written to it; the file is as it was");
  CHECK(files.are_old());
  CHECK(files.remains() == 0);
}

TEST_CASE("a file of 100 MB is changed, and the change taken back") {
  ChangePlace place;
  const std::string path = place / "large.bib";
  std::string text;
  text.reserve(101u << 20);
  for (int i = 0; text.size() < 100u << 20; ++i) {
    text += "@misc{key" + std::to_string(i) + ",\n  note = {" + std::string(1000, 'x') + "},\n}\n";
  }
  write_file(path, text);
  REQUIRE(change_file(path, "add", place.context(), append("@misc{last}\n")) == true);
  CHECK(fs::file_size(path) == text.size() + 12);
  REQUIRE(undo(path, place.context(), false));
  CHECK(bibsmith::testing::read_file(path) == text);
}
