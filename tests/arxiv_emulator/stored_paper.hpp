#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

namespace bibsmith::emulator {

// One submitted version. The texts are set where they differ from those of the paper.
struct StoredVersion {
  int number = 1;
  std::chrono::sys_seconds created{};
  bool withdrawn = false;
  std::string source_format;
  std::optional<std::string> title;
  std::optional<std::string> authors;
  std::optional<std::string> comments;
};

// What arXiv keeps of a paper: raw lines with TeX in them, before any conversion. Empty: the line is absent.
struct StoredPaper {
  std::string id;  // without version
  std::string title;
  std::string authors;
  std::vector<std::string> categories;  // primary first
  std::vector<std::string> author_ids;  // who claims it: "lee_j_1 Jason D. Lee", or an ORCID and the name
  std::string comments;
  std::string journal_ref;
  std::string doi;  // as typed: several are separated by spaces
  std::string report_number;
  std::string msc_class;
  std::string acm_class;
  std::string license;
  std::string abstract;
  std::vector<StoredVersion> versions;  // at least one, numbers rising
  std::chrono::sys_seconds modified{};  // the day of the OAI-PMH datestamp

  const StoredVersion* find_version(int number) const;
  const std::string& title_of(const StoredVersion& v) const { return v.title ? *v.title : title; }
  const std::string& authors_of(const StoredVersion& v) const { return v.authors ? *v.authors : authors; }
  const std::string& comments_of(const StoredVersion& v) const { return v.comments ? *v.comments : comments; }
};

// Reads JSON lines, one paper a line; blank lines are skipped. The format is described in README.md.
// The error names line and field: "line 3: versions[0].created: not a date: 'yesterday'".
tl::expected<std::vector<StoredPaper>, std::string> parse_papers(std::string_view json_lines);

// The same from a file; errors begin with the path.
tl::expected<std::vector<StoredPaper>, std::string> load_papers(const std::string& path);

inline constexpr std::size_t papers_file_bytes_max = std::size_t{256} << 20;
inline constexpr std::size_t versions_max = 1000;

}  // namespace bibsmith::emulator
