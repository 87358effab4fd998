#pragma once

#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "bibtex/import/import.hpp"

namespace bibsmith::bibtex {

// One function a format, each in its file; import_entries() calls them and tells repeated keys apart.
tl::expected<std::vector<Entry>, ImportError> from_csl_json(std::string_view text, TextEncoding encoding);
tl::expected<std::vector<Entry>, ImportError> from_ris(std::string_view text, TextEncoding encoding);
tl::expected<std::vector<Entry>, ImportError> from_hayagriva(std::string_view text, TextEncoding encoding);

}  // namespace bibsmith::bibtex
