#include "tests/arxiv_emulator/stored_paper.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include <nlohmann/json.hpp>

#include "tests/arxiv_emulator/moment.hpp"
#include "tests/arxiv_emulator/text.hpp"

namespace bibsmith::emulator {
namespace {

using Json = nlohmann::json;

// Reads members of one object and keeps the first thing that is wrong.
class Members {
 public:
  Members(const Json& object, std::string where) : object_(object), where_(std::move(where)) {}

  std::string text(const char* name) {
    const auto found = object_.find(name);
    if (found == object_.end() || found->is_null()) return {};
    if (!found->is_string()) {
      fail(name, "expected a string");
      return {};
    }
    return found->get<std::string>();
  }

  std::optional<std::string> optional_text(const char* name) {
    if (!object_.contains(name)) return std::nullopt;
    return text(name);
  }

  // true, or the 1 of the database.
  bool flag(const char* name) {
    const auto found = object_.find(name);
    if (found == object_.end() || found->is_null()) return false;
    if (found->is_boolean()) return found->get<bool>();
    if (found->is_number_integer()) return found->get<long>() != 0;
    fail(name, "expected a boolean");
    return false;
  }

  const Json* list(const char* name) {
    const auto found = object_.find(name);
    if (found == object_.end() || !found->is_array()) {
      fail(name, "expected a list");
      return nullptr;
    }
    return &*found;
  }

  std::chrono::sys_seconds moment(const char* name) {
    const std::string written = text(name);
    const auto parsed = parse_moment(written);
    if (!parsed) fail(name, "not a date: '" + written.substr(0, 64) + "'");
    return parsed.value_or(std::chrono::sys_seconds{});
  }

  std::vector<std::string> texts(const char* name) {
    std::vector<std::string> out;
    if (const Json* items = list(name)) {
      for (const Json& item : *items) {
        if (item.is_string()) {
          out.push_back(item.get<std::string>());
        } else {
          fail(name, "expected a list of strings");
        }
      }
    }
    return out;
  }

  void fail(const std::string& name, const std::string& why) {
    if (error_.empty()) error_ = where_ + name + ": " + why;
  }
  const std::string& error() const { return error_; }

 private:
  const Json& object_;
  std::string where_;
  std::string error_;
};

tl::expected<StoredVersion, std::string> parse_version(const Json& object, const std::string& where) {
  if (!object.is_object()) return tl::unexpected(where + ": expected an object");
  Members members(object, where + ".");
  StoredVersion version;
  const std::string name = members.text("version");
  version.number = 0;
  if (name.size() >= 2 && name.size() <= 5 && name[0] == 'v' &&
      name.find_first_not_of("0123456789", 1) == name.npos) {
    version.number = std::stoi(name.substr(1));
  }
  if (version.number == 0) members.fail("version", "not a version: '" + name.substr(0, 64) + "'");
  version.created = members.moment("created");
  version.withdrawn = members.flag("is_withdrawn");
  version.source_format = members.text("source_format");
  version.title = members.optional_text("title");
  version.authors = members.optional_text("authors");
  version.comments = members.optional_text("comments");
  if (!members.error().empty()) return tl::unexpected(members.error());
  return version;
}

tl::expected<StoredPaper, std::string> parse_paper(std::string_view line) {
  const Json object = Json::parse(line, nullptr, false);
  if (object.is_discarded()) return tl::unexpected(std::string("not valid JSON"));
  if (!object.is_object()) return tl::unexpected(std::string("expected an object"));
  Members members(object, "");
  StoredPaper paper;
  paper.id = members.text("id");
  if (paper.id.empty()) members.fail("id", "missing");
  paper.title = members.text("title");
  paper.authors = members.text("authors");
  paper.comments = members.text("comments");
  paper.journal_ref = members.text("journal_ref");
  paper.doi = members.text("doi");
  paper.report_number = members.text("report_no");
  paper.msc_class = members.text("msc_class");
  paper.acm_class = members.text("acm_class");
  paper.license = members.text("license");
  paper.abstract = members.text("abstract");
  paper.categories = members.texts("categories");
  if (object.contains("author_ids")) paper.author_ids = members.texts("author_ids");
  if (const Json* versions = members.list("versions")) {
    if (versions->empty()) members.fail("versions", "empty");
    if (versions->size() > versions_max) members.fail("versions", "more than 1000");
    for (std::size_t i = 0; i < std::min(versions->size(), versions_max); ++i) {
      auto version = parse_version((*versions)[i], "versions[" + std::to_string(i) + "]");
      if (!version) return tl::unexpected(version.error());
      paper.versions.push_back(std::move(*version));
    }
    if (!std::ranges::is_sorted(paper.versions, std::ranges::less_equal{}, &StoredVersion::number)) {
      members.fail("versions", "numbers do not rise");
    }
  }
  if (!members.error().empty()) return tl::unexpected(members.error());
  paper.modified = paper.versions.back().created;
  const auto modified = object.find("modtime");
  if (modified != object.end() && modified->is_number_integer()) {
    const auto seconds = modified->get<std::int64_t>();
    if (seconds < 0 || seconds > 253402300799) return tl::unexpected(std::string("modtime: not a time"));
    paper.modified = std::chrono::sys_seconds{std::chrono::seconds{seconds}};
  }
  return paper;
}

}  // namespace

const StoredVersion* StoredPaper::find_version(int number) const {
  const auto found = std::ranges::find(versions, number, &StoredVersion::number);
  return found == versions.end() ? nullptr : &*found;
}

tl::expected<std::vector<StoredPaper>, std::string> parse_papers(std::string_view json_lines) {
  std::vector<StoredPaper> papers;
  std::size_t number = 0;
  for (const std::string_view line : split(json_lines, '\n')) {
    ++number;
    if (trim(line).empty()) continue;
    auto paper = parse_paper(line);
    if (!paper) return tl::unexpected("line " + std::to_string(number) + ": " + paper.error());
    papers.push_back(std::move(*paper));
  }
  return papers;
}

tl::expected<std::vector<StoredPaper>, std::string> load_papers(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) return tl::unexpected(path + ": cannot be read");
  const auto size = static_cast<std::size_t>(std::max<std::streamoff>(file.tellg(), 0));
  if (size > papers_file_bytes_max) return tl::unexpected(path + ": larger than 256 MiB");
  file.seekg(0);
  std::string text(size, '\0');
  if (!file.read(text.data(), static_cast<std::streamsize>(size))) {
    return tl::unexpected(path + ": cannot be read");
  }
  auto papers = parse_papers(text);
  if (!papers) return tl::unexpected(path + ": " + papers.error());
  return papers;
}

}  // namespace bibsmith::emulator
