#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "plugin/latex/source_scan.hpp"

namespace bibsmith::plugin {

// Limits of one reading; what is beyond is a problem that is told, and not read.
inline constexpr std::size_t sources_max = 20000;
inline constexpr std::uint64_t source_bytes_max = 64ull << 20;
inline constexpr std::uint64_t sources_bytes_max = 2ull << 30;

struct CitedKey {
  std::string key;
  std::string path;  // of the source that cites it first
  std::uint32_t offset = 0;
};

struct NamedBibliography {
  std::string path;       // where it is, or would be made: beside the source that was given
  bool exists = false;    // else it may be one of TeX's own
  bool is_inside = true;  // in the folder of a source that was given, or below it
};

struct ReadSource {
  std::string path;
  bool is_inside = true;  // likewise: what is not is read as TeX reads it, but not ours to change
};

// What some sources cite, with all that they read, and where it may be defined.
struct CitedSources {
  std::vector<CitedKey> cited;  // each key once
  std::vector<ReadSource> sources;
  std::vector<NamedBibliography> bibliographies;  // each once, in the order named
  std::set<std::string> defined;                  // \bibitem and labels
  bool cites_all = false;
  bool is_biblatex = false;
  bool has_active_colons = false;
  std::set<SourceFormat> formats;
  std::vector<std::string> problems;  // one line each: what could not be read, and which limit was met
};

// Reads sources and what they include (\input, \include, \subfile, \@input, #include ...), each file once.
// A name is looked for in the folder of the source that was given, then in that of the source that names it;
// a bibliography also in `bibliography_folders`. A name that leads nowhere is passed over: TeX may have it.
// Large projects are read by two threads or more; none is left when it returns. [any thread]
CitedSources read_sources(std::span<const std::string> paths,
                          std::span<const std::string> bibliography_folders = {});

// The folders in the value of BIBINPUTS: those between the colons; "//" at an end counts for nothing.
std::vector<std::string> folders_in(std::string_view search_path);

}  // namespace bibsmith::plugin
