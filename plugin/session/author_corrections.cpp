#include "plugin/session/author_corrections.hpp"

#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "fetchers/record/arxiv_id.hpp"

namespace bibsmith::plugin {

namespace {

constexpr std::string_view first_line =
    "# Whose papers are whose, as you told bibsmith author: + theirs, - not theirs.\n";

struct Line {
  bool is_theirs = false;
  std::string id;
  std::string_view name;
};

std::optional<Line> read_line(std::string_view text) {
  const bool is_one = text.size() > 4 && (text[0] == '+' || text[0] == '-') && text[1] == ' ';
  const std::size_t space = is_one ? text.find(' ', 2) : text.npos;
  if (space == text.npos) return std::nullopt;
  const auto id = ArxivId::parse(text.substr(2, space - 2));
  if (!id) return std::nullopt;
  return Line{text[0] == '+', id->base(), text.substr(space + 1)};
}

// Calls with each line and its line end.
void for_each_line(std::string_view text, const auto& visit) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    visit(text.substr(0, end));
    text.remove_prefix(end);
  }
}

std::string_view without_end(std::string_view line) {
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::string new_text(const std::string& old_text, const std::string& name,
                     const fetchers::Corrections& corrections) {
  std::string text;
  for_each_line(old_text, [&](std::string_view line) {
    const auto read = read_line(without_end(line));
    const bool is_replaced =
        read && read->name == name &&
        (corrections.theirs.contains(read->id) || corrections.not_theirs.contains(read->id));
    if (!is_replaced) text += line;
  });
  if (text.empty()) text = first_line;
  if (!text.ends_with('\n')) text += '\n';
  for (const std::string& id : corrections.theirs) text += "+ " + id + ' ' + name + '\n';
  for (const std::string& id : corrections.not_theirs) text += "- " + id + ' ' + name + '\n';
  return text;
}

}  // namespace

std::string corrections_path(const std::string& state_dir) { return state_dir + "/authors.txt"; }

std::string corrections_name(const fetchers::PersonName& name) {
  std::string text;
  for (const std::string& word : name.given) text += word + ' ';
  return text + name.family;
}

tl::expected<fetchers::Corrections, FileError> read_corrections(const std::string& path,
                                                                const std::string& name) {
  fetchers::Corrections corrections;
  const auto text = read_file(path);
  if (!text) return tl::unexpected(text.error());
  if (!*text) return corrections;
  if ((*text)->size() > corrections_bytes_max) {
    return file_error(FileError::Code::refused, path + " is larger than 4 MiB");
  }
  for_each_line(**text, [&](std::string_view line) {
    auto read = read_line(without_end(line));
    if (read && read->name == name) {
      (read->is_theirs ? corrections.theirs : corrections.not_theirs).insert(std::move(read->id));
    }
  });
  return corrections;
}

tl::expected<void, FileError> keep_corrections(const std::string& path, const std::string& name,
                                               const fetchers::Corrections& corrections,
                                               const ChangeContext& context) {
  std::error_code ignored;  // what is in the way is told by the change
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);
  const FilePlan plans[] = {
      {path,
       [&](const std::string& old_text) -> tl::expected<std::vector<LabelledEdit>, FileError> {
         return replacement(old_text, new_text(old_text, name, corrections), "author.correction");
       },
       false,
       {}}};
  const auto changed = change_files(plans, "author", context);
  if (!changed) return tl::unexpected(changed.error());
  return {};
}

}  // namespace bibsmith::plugin
