#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "bibtex/normalize/normalizer.hpp"
#include "fetchers/record/fetcher.hpp"
#include "plugin/extend/plugins.hpp"
#include "plugin/session/session.hpp"

namespace bibsmith::plugin {

// One paper as it was asked for, and what became of it.
struct CitedPaper {
  std::string asked;  // as typed
  ArxivId id;
  RecordPointer record;
  bibtex::NormalizedEntry normalized;
  // The answer is older than the cache may be without asking: arXiv could not be asked.
  bool stale = false;
};

struct InvalidId {
  std::string asked;
  ArxivIdError error;
};

struct CiteAnswer {
  std::vector<CitedPaper> papers;  // in the order asked, each once
  std::vector<InvalidId> invalid;
  std::vector<ArxivId> not_found;
  std::vector<FetchResult::Failure> failures;
  PluginFetch of_plugins;  // what goes by a scheme of theirs; behind the papers in every text
};

struct CiteOptions {
  bibtex::Dialect dialect = bibtex::Dialect::bibtex;
  bibtex::TextEncoding encoding = bibtex::TextEncoding::latex;
  std::optional<std::size_t> authors_max;  // none: that of the settings
  bool publish = true;                     // false: preprints, whatever the settings say
  bibtex::JournalForm journals = bibtex::JournalForm::full;
  // Keys that the new entries may not take, in lower case.
  std::function<bool(std::string_view key)> is_taken;
};

// The dialect, encoding and form of journals that the settings ask for where no file has a say.
CiteOptions cite_options(const Settings& settings);

// The same for one output format: "bibtex", "biblatex", or that of another program, which is made from
// biblatex, since that says more (days, the kind of eprint). none: that of the settings.
CiteOptions cite_options(const Settings& settings, const std::optional<std::string>& format);

// All entries of an answer.
std::vector<bibtex::Entry> entries_of(const CiteAnswer& answer);

// Entries as a text in that format, our own or one of a plugin. Errors: there is no such format (rejected),
// or the plugin failed.
tl::expected<std::string, FetchError> text_of(Session& session, std::span<const bibtex::Entry> entries,
                                              const std::optional<std::string>& format,
                                              const std::stop_token& stop);

// Ids as people type them -> entries. Plugins get those that are no arXiv ids and begin with a scheme of
// theirs, and have a say in all entries (normalizers, resolvers).
CiteAnswer cite(Session& session, std::span<const std::string> ids, const CiteOptions& options,
                std::stop_token stop = {}, const FetchProgress& progress = {});

}  // namespace bibsmith::plugin
