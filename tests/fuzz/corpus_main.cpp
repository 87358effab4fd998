// A plain main for fuzz targets: runs every file of the folders and files named on the command line
// through the target once. So the targets are built, and their kept corpus is run, in every test build.

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

// The input is copied into a buffer of its exact size, so that a read past its end is seen.
void run_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  const std::vector<std::uint8_t> exact(text.begin(), text.end());
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t files = 0;
  for (int i = 1; i < argc; ++i) {
    const std::filesystem::path path = argv[i];
    if (std::filesystem::is_directory(path)) {
      for (const auto& file : std::filesystem::recursive_directory_iterator(path)) {
        if (!file.is_regular_file()) continue;
        run_file(file.path());
        ++files;
      }
    } else {
      run_file(path);
      ++files;
    }
  }
  std::printf("%zu inputs, no finding\n", files);
  return files == 0 ? 1 : 0;
}
