#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "fetchers/index/record_index.hpp"

namespace bibsmith::fetchers {

// What a record is known by in an index, wherever that is kept. [any thread]

// 64 bits of a text: `kind` is "title:" or "abstract:".
std::int64_t fingerprint_of(std::string_view kind, std::string_view text);
// The first letters of an abstract, without spaces; empty: it is too short to tell works apart.
std::string beginning_of(std::string_view abstract, ReadTitle read);
std::string name_of(const ArxivId& id);
std::string name_of(const Doi& doi);
// The words of the authors' names, each once.
std::set<std::string, std::less<>> author_words(const Record& record, ReadTitle read);
// Records of one source replace one another; the roads to arXiv's papers are one.
std::string_view source_of(const Record& record);
// What a record is known by before all else; `key`: its title as words. Empty: nothing.
std::string identity_of(const Record& record, std::string_view key);
// All that a record may be asked for by, its identity first.
std::vector<std::string> names_of(const Record& record, const std::string& identity);
bool is_older(const Record& a, const Record& b);

}  // namespace bibsmith::fetchers
