// bibsmith_call with any method and any parameters, without a network, in a folder of its own. The first byte
// picks the method, or, if it is '/', the first line names it. The result is JSON or there is an error with a
// message; the descriptor tables and the heap are the sanitizers' to watch.
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "bibsmith/bibsmith.h"

namespace {

namespace fs = std::filesystem;

std::string taken(bibsmith_text& text) {
  if (text.data != nullptr && text.data[text.size] != '\0') __builtin_trap();
  std::string out(text.data != nullptr ? text.data : "", text.size);
  bibsmith_text_free(&text);
  return out;
}

// A context that knows no network, no settings and no file but those of a scratch folder, in which we are.
class Scratch {
 public:
  Scratch() {
    std::string name = (fs::temp_directory_path() / "bibsmith-fuzz-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    folder_ = name;
    fs::current_path(folder_);
    std::ofstream("config.toml") << "\n";
    std::ofstream("refs.bib") << "@misc{a, title = {T}, author = {Ann Lee}, year = 1999}\n";
    for (const char* variable : {"BIBSMITH_PLUGIN_PATH", "BIBSMITH_ARXIV_URL", "HOME"}) ::unsetenv(variable);
    const std::string config = (folder_ / "config.toml").string();
    bibsmith_options options{};
    options.size = sizeof options;
    options.flags = BIBSMITH_OPTION_OFFLINE;
    options.config_path = config.c_str();
    options.cache_dir = options.state_dir = folder_.c_str();
    if (bibsmith_open(BIBSMITH_ABI, &options, &context_) != BIBSMITH_OK) std::abort();
    bibsmith_text text{};
    if (bibsmith_call(context_, "bibsmith/status", nullptr, 0, nullptr, nullptr, &text) != BIBSMITH_OK)
      std::abort();
    const auto status = nlohmann::json::parse(taken(text));
    for (const auto& method : status["methods"]) methods_.push_back(method["name"]);
  }
  ~Scratch() {
    bibsmith_close(context_);
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  void call(std::string_view input) {
    std::string method = methods_[static_cast<unsigned char>(input[0]) % methods_.size()];
    input.remove_prefix(1);
    if (input.starts_with('/')) {
      const std::size_t end = input.find('\n');
      method = "bibsmith" + std::string(input.substr(0, end));
      input.remove_prefix(end == input.npos ? input.size() : end + 1);
    }
    // Files outside of the scratch folder are not the target's to change.
    for (const std::string_view outside : {"/", "..", "\\u", "\\/"}) {
      if (input.find(outside) != input.npos) return;
    }
    if (++calls_ % 2000 == 0) tidy();
    bibsmith_text text{};
    const bibsmith_status status =
        bibsmith_call(context_, method.c_str(), input.data(), input.size(), nullptr, nullptr, &text);
    const std::string result = taken(text);
    if (status == BIBSMITH_OK) {
      if (!nlohmann::json::accept(result)) __builtin_trap();
      return;
    }
    if (!result.empty() || status == BIBSMITH_BUG || status > 0) __builtin_trap();
    if (bibsmith_last_error(&text) != BIBSMITH_OK) __builtin_trap();
    const auto error = nlohmann::json::parse(taken(text));
    if (error["status"] != status || error["message"].get<std::string>().empty()) __builtin_trap();
  }

 private:
  // What methods wrote under names that an input made up.
  void tidy() {
    std::error_code ignored;
    for (const auto& file : fs::directory_iterator(folder_)) {
      const std::string name = file.path().filename().string();
      const bool is_ours = name == "config.toml" || name.find(".sqlite") != name.npos;
      if (!is_ours) fs::remove_all(file.path(), ignored);
    }
    std::ofstream("refs.bib") << "@misc{a, title = {T}, author = {Ann Lee}, year = 1999}\n";
  }

  fs::path folder_;
  bibsmith_context* context_ = nullptr;
  std::vector<std::string> methods_;
  std::size_t calls_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Scratch scratch;
  if (size > 0) scratch.call({reinterpret_cast<const char*>(data), size});
  return 0;
}
