#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "bibtex/model/entry.hpp"
#include "bibtex/syntax/span.hpp"
#include "plugin/session/cite.hpp"
#include "plugin/session/file_store.hpp"
#include "plugin/session/session.hpp"
#include "plugin/session/title_request.hpp"

namespace bibsmith::plugin {

// What becomes of a citation key that asks for a paper (requested_paper()).
enum class RequestKeys : std::uint8_t {
  kept,     // it is the key of the entry
  ids,      // the entry has a usual key and biblatex's field `ids` names the request key
  renamed,  // the sources cite the entry by its usual key from now on
};

// Finds the citation keys in a source (plugin/latex gives it; a session knows no LaTeX).
using FindKeys = std::function<std::vector<bibtex::Span>(const std::string& path, std::string_view text)>;

struct ResolveRequest {
  std::vector<std::string> keys;                // that are cited, each once
  std::vector<std::string> bibliographies;      // read only; what does not exist is empty
  std::string to;                               // gets the new entries; made if it does not exist
  bool makes_empty = false;                     // also if there is nothing to put into it
  std::optional<bibtex::Dialect> dialect = {};  // of a `to` that shows none, if the settings say nothing
  RequestKeys request_keys = RequestKeys::kept;
  // For RequestKeys::renamed: the sources, and a file that gets a line "OLD<tab>NEW" a key (empty: none).
  std::vector<std::string> sources = {};
  FindKeys find_keys = {};
  std::string map = {};
  std::string lock = {};   // the lock file; empty: none
  bool is_locked = false;  // the lock is read and nobody is asked; else it is written
  bool by_title = false;   // keys of title words ask for papers too (title_request())
};

struct ResolvedKey {
  std::string asked;  // as cited
  std::string id;     // of arXiv; empty: title words that found none
  std::string key;    // of the entry
};

// The paper of a new entry stands in a bibliography under another key too.
struct AlsoUnder {
  std::string asked;
  std::string key;
  std::string path;
};

struct ResolveAnswer {
  std::vector<ResolvedKey> added;       // new entries, in the order cited
  std::vector<ResolvedKey> renamed;     // what the sources cite now; RequestKeys::renamed only
  std::vector<ResolvedKey> unresolved;  // could not be had: `cited` says why; no `key`
  std::vector<AlsoUnder> also_under;
  CiteAnswer cited;                        // of those that were asked for
  std::vector<TitleKey> titles;            // what became of the keys of title words that no bibliography has
  std::optional<FetchError> titles_error;  // why some of them were not asked for
  // Locked: cited, but neither in a bibliography nor in the lock; and entries that are not as the lock has
  // them.
  std::vector<std::string> not_locked;
  std::vector<std::string> not_as_locked;
  // Entries that cannot be locked, since they are not UTF-8.
  std::vector<std::string> not_lockable;
  bool changed = false;  // any file
};

// Fetches, in one batch, the papers that are cited by request keys and that no bibliography has, and inserts
// them into `to`. Where nothing is missing nobody is asked and no file is touched. All files change, or none
// does; papers that cannot be had do not hold up the others.
tl::expected<ResolveAnswer, FileError> resolve(Session& session, const ResolveRequest& request,
                                               std::stop_token stop = {}, const FetchProgress& progress = {});

}  // namespace bibsmith::plugin
