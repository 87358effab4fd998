#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <stop_token>
#include <string>

#include <tl/expected.hpp>

#include "plugin/session/session.hpp"

namespace bibsmith::plugin {

enum class ImportKind : std::uint8_t { cache, snapshot, oai, dblp, openalex };
// "cache", "snapshot", "oai", "dblp" or "openalex".
std::string_view name_of(ImportKind kind);

struct ImportAnswer {
  ImportKind kind = ImportKind::cache;
  std::uint64_t records = 0;   // taken in by this run
  std::uint64_t before = 0;    // by runs that were stopped before
  std::uint64_t left_out = 0;  // lines or records that could not be read, or that were deleted
  std::string first_left_out;  // why, of the first of them: "line 17: …"
  bool finished = true;        // false: it was stopped, and goes on where it stopped
};

struct ImportRequest {
  std::string path;            // "-": standard input, which cannot be gone on with
  std::FILE* input = nullptr;  // standard input
};

// Bytes done and in all; 0 in all: unknown.
using ImportProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

// Takes a file of records into the local index, whatever of these it is: arXiv's metadata snapshot in JSON
// lines, or a part of OpenAlex's; DBLP's dump; pages of OAI-PMH (ListRecords, GetRecord), one behind the
// other; or what `cache export` wrote, which goes into the cache. A run that is killed goes on where its last
// batch ended, if the file is as long as it was. Memory does not grow with the file. The error is a line for
// the user.
tl::expected<ImportAnswer, std::string> import_records(Session& session, const ImportRequest& request,
                                                       const std::stop_token& stop = {},
                                                       const ImportProgress& progress = {});

}  // namespace bibsmith::plugin
