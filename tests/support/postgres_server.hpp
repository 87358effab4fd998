#pragma once

#include <memory>
#include <string>
#include <sys/types.h>

#include "tests/support/temp_dir.hpp"

namespace bibsmith::testing {

// A PostgreSQL of the tests: in a temporary folder, on a Unix socket there, with nobody else's data. It ends
// with the object, and with the test program if that dies. initdb refuses root, so that root's tests run it
// as "nobody".
class PostgresServer {
 public:
  // nullptr: no server is installed, or it does not start; says so in the test's output.
  static std::unique_ptr<PostgresServer> start();
  // One for all tests of the program.
  static PostgresServer* shared();
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  // An empty database; the URL of its owner, or of another user.
  std::string new_database();
  std::string url(const std::string& database, const std::string& user = "postgres") const;
  // A user of all databases.
  void add_user(const std::string& name);

  void pause();   // each of its processes stops where it is
  void resume();  // and goes on
  void kill();    // SIGKILL, as if the machine had lost its power
  void restart();

 private:
  PostgresServer() = default;
  bool begin();
  void end(int signal);

  TempDir dir_;
  std::string programs_;  // the folder of initdb and postgres
  pid_t process_ = -1;
  int databases_ = 0;
};

}  // namespace bibsmith::testing
