// BibTeX for arXiv ids from C++, linked through the CMake package: see CMakeLists.txt.
#include <bibsmith/bibsmith.h>
#include <iostream>
#include <memory>
#include <string>

namespace {

struct Close {
  void operator()(bibsmith_context* context) const { bibsmith_close(context); }
};

std::string taken(bibsmith_text& text) {
  std::string out(text.data != nullptr ? text.data : "", text.size);
  bibsmith_text_free(&text);
  return out;
}

std::string last_error() {
  bibsmith_text text{};
  bibsmith_last_error(&text);
  return taken(text);
}

int32_t show(void*, uint64_t done, uint64_t total) {
  std::cerr << done << " of " << total << '\n';
  return 0;  // anything else cancels
}

}  // namespace

int main(int argc, char** argv) {
  bibsmith_context* opened = nullptr;
  if (bibsmith_open(BIBSMITH_ABI, nullptr, &opened) != BIBSMITH_OK) {
    std::cerr << last_error() << '\n';
    return 1;
  }
  const std::unique_ptr<bibsmith_context, Close> context(opened);
  bibsmith_text text{};
  if (bibsmith_get(context.get(), argv + 1, static_cast<size_t>(argc - 1), "biblatex", show, nullptr,
                   &text) != BIBSMITH_OK) {
    std::cerr << last_error() << '\n';
    return 1;
  }
  std::cout << taken(text);
}
