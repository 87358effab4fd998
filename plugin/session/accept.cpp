#include "plugin/session/accept.hpp"

#include <array>
#include <filesystem>
#include <utility>
#include <vector>

#include "plugin/session/settings.hpp"

namespace bibsmith::plugin {

std::string acceptance_path(const std::string& directory) {
  std::string path = project_config_path(directory);
  return path.empty() ? (std::filesystem::path(directory) / "bibsmith.toml").string() : path;
}

tl::expected<void, FileError> accept_reference(const std::string& path, const std::string& key,
                                               const Acceptance& acceptance, const ChangeContext& context) {
  std::array<FilePlan, 1> plans;
  plans[0].path = path;
  plans[0].must_parse = false;
  plans[0].plan = [&](const std::string& text) -> tl::expected<std::vector<LabelledEdit>, FileError> {
    auto longer = with_acceptance(text, key, acceptance);
    if (!longer) return file_error(FileError::Code::refused, path + ": " + longer.error());
    return replacement(text, *std::move(longer), "verify.accept");
  };
  if (const auto changed = change_files(plans, "verify", context); !changed)
    return tl::unexpected(changed.error());
  return {};
}

}  // namespace bibsmith::plugin
