#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "bibtex/edit/text_edit.hpp"
#include "fetchers/http/clock.hpp"
#include "plugin/session/file_store.hpp"
#include "plugin/session/file_system.hpp"
#include "plugin/session/file_text.hpp"
#include "plugin/session/settings.hpp"

namespace bibsmith::plugin {

// One edit of a file, and what the history tells of it.
struct LabelledEdit {
  bibtex::TextEdit edit;
  std::string key;     // of the entry, as it is called after the change; empty: in no entry, or no .bib file
  std::string field;   // in lower case; empty: the entry as a whole
  std::string reason;  // a stable code: "add.entry", "format.layout"
  std::string source;  // as in Origin: "arxiv-atom"; empty: nobody was asked
  // The value of `field`, or where that is empty every value of the entry, is Bibsmith's from now on: what
  // last_written() tells.
  bool writes_value = false;
  std::string old_key;  // not empty: the entry was called so before
};

// Makes the edits for a text: sorted, not overlapping; none: nothing to do. A file that does not exist has an
// empty text. A .bib file is parsed already (must_parse). Called anew for the new text when another program
// changed the file meanwhile.
using PlanChange = std::function<tl::expected<std::vector<LabelledEdit>, FileError>(const FileText& text)>;

// The one edit that makes `new_text` of `old_text`; none if they are the same.
std::vector<LabelledEdit> replacement(const std::string& old_text, std::string new_text, std::string reason);

// What every change needs. Session::change_context() makes one.
struct ChangeContext {
  std::string state_dir;  // of locks and history; cannot be used: no lock, no history, and a warning
  fetchers::Clock* clock = nullptr;  // never null
  Warn warn;
  std::stop_token stop;                            // requested before the first rename: nothing is changed
  std::chrono::milliseconds lock_patience{60000};  // how long to wait for another bibsmith
  FileSystem files = real_file_system();
};

struct FilePlan {
  std::string path;
  PlanChange plan;
  bool must_parse = true;              // a .bib file: no new error of syntax may come in
  std::optional<std::int64_t> undoes;  // the number in the history of the change that this one takes back
};

// The only writer of files of the user. For each file: reads it, lets the plan make edits, writes the new
// text to a temporary file beside it, flushes that to the disk and reads it back. Only if then every byte
// outside the edits is the old one, the edits stand where they should, and the text parses without an error
// that it did not have, it is renamed over the file. Mode, owner (where we may) and symbolic links are kept.
// A reader sees the old file or the new one, and a crash leaves one of them.
//
// Plans are made in the order given, before any file is locked. A second bibsmith waits for the first. If
// another program changes a file meanwhile, all are planned again, three times at most.
//
// All files change or none does: where one cannot be replaced, those before it are put back. What changed is
// in the history, as one change for all files. Returns for each whether it changed.
tl::expected<std::vector<bool>, FileError> change_files(std::span<const FilePlan> plans,
                                                        std::string_view command,
                                                        const ChangeContext& context);

// The same for one .bib file.
tl::expected<bool, FileError> change_file(const std::string& path, std::string_view command,
                                          const ChangeContext& context, const PlanChange& plan);

}  // namespace bibsmith::plugin
