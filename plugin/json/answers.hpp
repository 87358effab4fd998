#pragma once

#include <string>
#include <vector>

#include "fetchers/arxiv/arxiv_fetcher.hpp"
#include "fetchers/cache/store.hpp"
#include "plugin/session/add.hpp"
#include "plugin/session/check.hpp"
#include "plugin/session/cite.hpp"
#include "plugin/session/dedupe.hpp"
#include "plugin/session/format.hpp"
#include "plugin/session/keys.hpp"
#include "plugin/session/undo.hpp"
#include "plugin/session/update.hpp"

namespace bibsmith::plugin {

// One JSON document a command, with a final newline. docs/cli.md gives the shapes; fields are never renamed.
std::string json_of(const CiteAnswer& answer, const std::string& format, bool explain);
std::string json_of(const AddAnswer& answer, const std::string& file);
std::string json_of(const fetchers::SearchResult& result);
std::string json_of(const fetchers::StoreStats& stats);
std::string json_of(const CheckAnswer& answer);

struct FormattedFile {
  std::string path;
  FormatAnswer answer;
};
std::string json_of(const std::vector<FormattedFile>& files, bool only_looked);
std::string json_of(const std::vector<UpdatedFile>& files, bool only_planned);
std::string json_of(const DedupeAnswer& answer, const std::string& file, bool merges);
std::string json_of(const KeysAnswer& answer, const std::string& file, bool only_planned);

std::string json_of(const UndoAnswer& answer, const std::string& file, bool only_planned);
std::string json_of(const std::vector<HistoryLine>& lines, const std::string& file);

}  // namespace bibsmith::plugin
