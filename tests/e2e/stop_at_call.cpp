// stop_at_call SIGNAL N FILE PROGRAM [ARGUMENT...]
//
// Runs PROGRAM and sends it SIGNAL (a number) right before its N-th system call, counted over all threads
// from the first open of a file whose name ends in FILE. Prints how many calls it counted. Its status is that
// of the program, 128 more than the signal that ended it, or 77 where the system does not let us trace.
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

constexpr int cannot_trace = 77;
constexpr long calls_max = 100'000;  // a program that never ends is killed

// Text of the traced process; cut where it cannot be read.
std::string text_at(pid_t process, unsigned long long address) {
  char bytes[4096] = {};
  iovec here{bytes, sizeof bytes - 1};
  // A page at most, so that the read does not reach into one that is not there.
  const std::size_t in_page = 4096 - static_cast<std::size_t>(address % 4096);
  if (in_page < here.iov_len) here.iov_len = in_page;
  iovec there{reinterpret_cast<void*>(address), here.iov_len};  // NOLINT: an address of another process
  if (::process_vm_readv(process, &here, 1, &there, 1, 0) < 0) return {};
  return bytes;
}

bool opens(pid_t thread, const __ptrace_syscall_info& call, const std::string& file) {
  return call.entry.nr == SYS_openat && text_at(thread, call.entry.args[1]).ends_with(file);
}

void go_on(pid_t thread, int signal) { ::ptrace(PTRACE_SYSCALL, thread, nullptr, signal); }

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) return 2;
  const int signal = std::atoi(argv[1]);
  const long n = std::atol(argv[2]);
  const std::string file = argv[3];
  const pid_t child = ::fork();
  if (child == 0) {
    if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) ::_exit(cannot_trace);
    ::raise(SIGSTOP);
    ::execv(argv[4], argv + 4);
    ::_exit(127);
  }
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child || !WIFSTOPPED(status)) return cannot_trace;
  const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL;
  if (::ptrace(PTRACE_SETOPTIONS, child, nullptr, options) != 0) return cannot_trace;
  go_on(child, 0);

  bool counts = false;
  bool is_sent = false;
  long calls = 0;
  while (true) {
    const pid_t thread = ::waitpid(-1, &status, __WALL);
    if (thread < 0) return cannot_trace;
    if (WIFEXITED(status) || WIFSIGNALED(status)) {
      if (thread == child) break;
      continue;
    }
    const int stopped_by = WSTOPSIG(status);
    if (stopped_by != (SIGTRAP | 0x80)) {
      // Events of ptrace itself, and the stop of a new thread, are no signals of the program.
      go_on(thread, stopped_by == SIGTRAP || stopped_by == SIGSTOP ? 0 : stopped_by);
      continue;
    }
    __ptrace_syscall_info call{};
    if (::ptrace(PTRACE_GET_SYSCALL_INFO, thread, sizeof call, &call) <= 0) return cannot_trace;
    if (call.op == PTRACE_SYSCALL_INFO_ENTRY) {
      counts = counts || opens(thread, call, file);
      if (counts && !is_sent && calls++ == n) {
        is_sent = true;
        ::kill(child, signal);
      }
      if (calls > calls_max) ::kill(child, SIGKILL);
    }
    go_on(thread, 0);
  }
  std::printf("%ld\n", calls);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
