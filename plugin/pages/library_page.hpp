#pragma once

#include <span>
#include <string>

#include "fetchers/arxiv/arxiv_fetcher.hpp"
#include "plugin/session/library.hpp"

namespace bibsmith::plugin {

// Parts of a page, as HTML: a header and the list. Nothing that a file or a record says leaves its place.
// Pure. [any thread]

// The entries of a .bib file.
std::string library_content(const std::string& file, std::span<const LibraryEntry> entries);

// What a search found, each with a button that adds it to a file.
std::string search_content(const fetchers::SearchResult& result);

}  // namespace bibsmith::plugin
