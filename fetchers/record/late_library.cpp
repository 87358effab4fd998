#include "fetchers/record/late_library.hpp"

#include <dlfcn.h>

namespace bibsmith::fetchers {

namespace {

std::string last_error() {
  const char* const text = dlerror();
  return text != nullptr ? text : "unknown error";
}

}  // namespace

LateLibrary::LateLibrary(const char* soname, const char* other_soname)
    : handle_(dlopen(soname, RTLD_LAZY | RTLD_LOCAL)) {
  if (handle_ != nullptr) return;
  error_ = "cannot load " + last_error();  // it begins with the name
  if (other_soname == nullptr) return;
  handle_ = dlopen(other_soname, RTLD_LAZY | RTLD_LOCAL);
  if (handle_ != nullptr) error_.clear();
}

void* LateLibrary::address_of(const char* name) {
  if (handle_ == nullptr) return nullptr;
  void* const address = dlsym(handle_, name);
  if (address == nullptr && error_.empty()) error_ = "cannot use " + last_error();
  return address;
}

}  // namespace bibsmith::fetchers
