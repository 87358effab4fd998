#pragma once

#include <string>

namespace bibsmith::fetchers {

// A shared library of the system that is loaded when something of it is first needed. libcurl and libpq bring
// thirty others with them: to load those takes longer than all else that a command does which asks nobody.
//
// It stays loaded until the process ends. [one thread]
class LateLibrary {
 public:
  // `other_soname`: another name of the same interface, where the first is not there; nullptr: none.
  explicit LateLibrary(const char* soname, const char* other_soname = nullptr);

  template <typename Function>
  void find(const char* name, Function*& function) {
    function = reinterpret_cast<Function*>(address_of(name));
  }

  // One line that names the library and what is wrong; empty: it is loaded, and all was found.
  const std::string& error() const { return error_; }

 private:
  void* address_of(const char* name);

  void* handle_ = nullptr;
  std::string error_;
};

}  // namespace bibsmith::fetchers
