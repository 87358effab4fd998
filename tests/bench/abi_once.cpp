// abi_once rivals | abi_once open LIBRARY ID | abi_once calls LIBRARY ID: prints microseconds.
//
// rivals: dlopen of libcurl and libsqlite3. open: dlopen of the library, a context, one id from the cache as
// BibTeX. calls: the median of many bibsmith_call of that id, each alone. A process each, so that nothing is
// loaded before.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <string>
#include <vector>

#include "bibsmith/bibsmith.h"

namespace {

using Clock = std::chrono::steady_clock;

double microseconds_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::micro>(Clock::now() - begin).count();
}

void* load(const char* name) {
  void* library = ::dlopen(name, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    std::fprintf(stderr, "%s\n", ::dlerror());
    std::exit(1);
  }
  return library;
}

template <typename Function>
Function* function(void* library, const char* name) {
  return reinterpret_cast<Function*>(::dlsym(library, name));
}

void must(bibsmith_status status, const char* what) {
  if (status == BIBSMITH_OK) return;
  std::fprintf(stderr, "%s failed with status %d\n", what, status);
  std::exit(1);
}

bibsmith_context* open_with(void* library) {
  bibsmith_context* context = nullptr;
  must(function<decltype(bibsmith_open)>(library, "bibsmith_open")(BIBSMITH_ABI, nullptr, &context),
       "bibsmith_open");
  return context;
}

double open_once(const char* path, const char* id) {
  const auto begin = Clock::now();
  void* library = load(path);
  bibsmith_context* context = open_with(library);
  bibsmith_text text{};
  must(function<decltype(bibsmith_get)>(library, "bibsmith_get")(context, &id, 1, "bibtex", nullptr, nullptr,
                                                                 &text),
       "bibsmith_get");
  return microseconds_since(begin);
}

double median_call(const char* path, const char* id) {
  constexpr int calls = 20'000;
  void* library = load(path);
  bibsmith_context* context = open_with(library);
  auto* call = function<decltype(bibsmith_call)>(library, "bibsmith_call");
  auto* free_text = function<decltype(bibsmith_text_free)>(library, "bibsmith_text_free");
  const std::string parameters = R"({"ids":[")" + std::string(id) + R"("],"format":"bibtex"})";
  std::vector<double> times;
  for (int i = 0; i < calls; ++i) {
    bibsmith_text text{};
    const auto begin = Clock::now();
    must(call(context, "bibsmith/entry.get", parameters.data(), parameters.size(), nullptr, nullptr, &text),
         "call");
    free_text(&text);
    times.push_back(microseconds_since(begin));
  }
  std::ranges::nth_element(times, times.begin() + calls / 2);
  return times[calls / 2];
}

}  // namespace

int main(int argc, char** argv) {
  const std::string mode = argc > 1 ? argv[1] : "";
  double result = 0;
  if (mode == "rivals") {
    const auto begin = Clock::now();
    load("libcurl.so.4");
    load("libsqlite3.so.0");
    result = microseconds_since(begin);
  } else if (argc == 4) {
    result = mode == "open" ? open_once(argv[2], argv[3]) : median_call(argv[2], argv[3]);
  }
  std::printf("%.2f\n", result);
}
