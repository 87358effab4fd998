#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "bibtex/model/entry.hpp"

namespace bibsmith::bibtex {

enum class ImportFormat : std::uint8_t { csl_json, ris, hayagriva };

inline constexpr std::size_t import_bytes_max = 64u << 20;
inline constexpr std::size_t import_depth_max = 64;
inline constexpr std::size_t import_values_max = 4'000'000;  // scalars and collections of a YAML text
inline constexpr std::size_t import_value_bytes_max = 1u << 20;

struct ImportError {
  std::string message;  // one line, without the name of the file
};

// "csl-json" and so on; nullopt: no such format.
std::optional<ImportFormat> import_format(std::string_view name);

// The format that a file's name tells ("refs.json", "a.ris", "lib.yml"); nullopt: none of these.
std::optional<ImportFormat> import_format_of_file(std::string_view path);

// What other programs keep of works, as entries with the types and field names of biblatex: CSL-JSON (a list,
// or one item; schema 1.0.2), RIS (2011, and what Zotero, EndNote and publishers write), Hayagriva YAML
// (0.5). Plain text becomes LaTeX in `encoding`; capitals of titles are protected. A key that BibTeX or biber
// would refuse, and one that is missing, is made of author, year and title; a repeated one is told apart.
// Members that an entry has no field for are left out; what is none of the format is an error, what is odd
// within it never is. docs/import.md has the tables. Pure. [any thread]
tl::expected<std::vector<Entry>, ImportError> import_entries(std::string_view text, ImportFormat format,
                                                             TextEncoding encoding = TextEncoding::utf8);

}  // namespace bibsmith::bibtex
