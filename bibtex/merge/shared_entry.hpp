#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/model/entry.hpp"
#include "bibtex/syntax/document.hpp"

namespace bibsmith::bibtex {

// The names of an entry's type and citation key among its parts. No field is called so.
inline constexpr std::string_view type_part = "@type";
inline constexpr std::string_view key_part = "@key";

// An entry as a library that several files share has it: what it says, and not how it looks. By the name of
// each part, in lower case: the type in lower case, the key, and each field as text in braces with its white
// space collapsed and the file's own macros expanded, so that it means the same in every file. The names of
// months stay, and what no file defines.
using SharedEntry = std::map<std::string, std::string, std::less<>>;

inline constexpr std::size_t shared_entry_bytes_max = 1 << 20;

// The one text of it, which read_shared_entry() reads: "@article{key,\n  title = {…},\n}\n", fields by name.
std::string write_shared_entry(const SharedEntry& entry);

// nullopt: the text is not what write_shared_entry() makes of any entry. What others put into a library is
// believed no further.
std::optional<SharedEntry> read_shared_entry(std::string_view text);

// The entry to write into a file, or the value of one field of it.
Entry entry_of(const SharedEntry& shared);
Value value_of(const std::string& part);

struct FileEntry {
  SharedEntry said;
  std::uint32_t block = 0;
};

// The entries of a file that can be shared, and why others cannot: "12: ..." for one in line 12.
struct FileEntries {
  std::vector<FileEntry> entries;  // in the order of the file, each key once
  std::vector<std::string> problems;

  bool is_whole() const { return problems.empty(); }
};

FileEntries shared_entries(const Document& document);
// Those of these citation keys (in lower case) alone: nothing is said of others.
FileEntries shared_entries(const Document& document, const std::set<std::string, std::less<>>& keys);

}  // namespace bibsmith::bibtex
