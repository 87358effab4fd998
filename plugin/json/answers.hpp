#pragma once

#include <string>
#include <vector>

#include "fetchers/arxiv/arxiv_fetcher.hpp"
#include "fetchers/cache/store.hpp"
#include "plugin/json/json_document.hpp"
#include "plugin/session/add.hpp"
#include "plugin/session/author.hpp"
#include "plugin/session/check.hpp"
#include "plugin/session/cite.hpp"
#include "plugin/session/dedupe.hpp"
#include "plugin/session/format.hpp"
#include "plugin/session/keys.hpp"
#include "plugin/session/resolve.hpp"
#include "plugin/session/subset.hpp"
#include "plugin/session/undo.hpp"
#include "plugin/session/update.hpp"

namespace bibsmith::plugin {

// One JSON document an answer. docs/cli.md gives the shapes; fields are never renamed.
JsonDocument json_of(const CiteAnswer& answer, const std::string& format, bool explain);
JsonDocument json_of(const AddAnswer& answer, const std::string& file);
JsonDocument json_of(const fetchers::SearchResult& result);
JsonDocument json_of(const AuthorAnswer& answer);
JsonDocument json_of(const fetchers::StoreStats& stats);
JsonDocument json_of(const CheckAnswer& answer);
JsonDocument json_of(const std::vector<PluginListing>& plugins);

struct FormattedFile {
  std::string path;
  FormatAnswer answer;
};
JsonDocument json_of(const std::vector<FormattedFile>& files, bool only_looked);
JsonDocument json_of(const std::vector<UpdatedFile>& files, bool only_planned);
JsonDocument json_of(const DedupeAnswer& answer, const std::string& file, bool merges);
JsonDocument json_of(const KeysAnswer& answer, const std::string& file, bool only_planned);
JsonDocument json_of(const ResolveAnswer& answer, const std::string& file);
JsonDocument json_of(const SubsetAnswer& answer, const std::string& file);

JsonDocument json_of(const UndoAnswer& answer, const std::string& file, bool only_planned);
JsonDocument json_of(const std::vector<HistoryLine>& lines, const std::string& file);

}  // namespace bibsmith::plugin
