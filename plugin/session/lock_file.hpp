#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "bibtex/model/entry.hpp"
#include "plugin/session/file_store.hpp"

namespace bibsmith::plugin {

inline constexpr std::size_t locked_entries_max = 100000;

// One entry of a lock file: enough to make the same .bib file again without asking anybody.
struct LockedEntry {
  std::string key;            // citation key
  std::string id;             // arXiv's, as cited: with a version only if the key names one
  std::uint16_t version = 0;  // the newest when it was fetched; 0: not known
  std::string source;         // who said what is in it, as in the history; "file": it was there before
  std::string time;           // "2026-11-26T18:00:00Z": when it was locked
  std::string entry;          // BibTeX, in the default layout

  friend bool operator==(const LockedEntry&, const LockedEntry&) = default;
};

// A name for what an entry says, however it is laid out. "size-hash", 16 digits; an accident is noticed, a
// forger is not kept out.
std::string digest_of(std::string_view entry_in_default_layout);

// A lock file is TOML: "version = 1", and a [[paper]] for each entry, in the order of keys. `path` is for
// messages. An entry that does not have its digest is an error.
tl::expected<std::vector<LockedEntry>, FileError> read_lock(const std::string& text, const std::string& path);

// The text must be UTF-8; the same entries give the same bytes.
std::string write_lock(std::vector<LockedEntry> entries);

}  // namespace bibsmith::plugin
