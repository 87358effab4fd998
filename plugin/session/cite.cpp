#include "plugin/session/cite.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "bibtex/export/export.hpp"
#include "bibtex/model/citation_key.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/in_halves.hpp"
#include "bibtex/write/write_entry.hpp"
#include "plugin/session/export_file.hpp"

namespace bibsmith::plugin {

namespace {

bibtex::NormalizeOptions options_for(const Settings& settings, const CiteOptions& options,
                                     const ArxivId& id) {
  bibtex::NormalizeOptions normalize;
  normalize.dialect = options.dialect;
  normalize.encoding = options.encoding;
  normalize.year =
      settings.first_version_year ? bibtex::YearPolicy::first_version : bibtex::YearPolicy::cited_version;
  normalize.pinned = id.version().has_value();
  normalize.published = settings.published && options.publish;
  normalize.journals = options.journals;
  normalize.authors_max = options.authors_max.value_or(settings.authors_max);
  return normalize;
}

// The papers of a large answer are shared out among two threads: they need no order and nothing of each
// other.
std::vector<bibtex::NormalizedEntry> normalize_all(const SharedRecords& records,
                                                   std::span<const bibtex::NormalizeOptions> options) {
  constexpr std::size_t worth_a_thread = 200;
  std::vector<bibtex::NormalizedEntry> out(options.size());
  bibtex::in_halves(out.size(), worth_a_thread, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) out[i] = bibtex::normalize(records[i], options[i]);
  });
  return out;
}

// The papers of arXiv, with the keys that they would have alone.
void cite_papers(Session& session, std::span<const ArxivId> ids, const std::map<ArxivId, std::string>& asked,
                 const CiteOptions& options, const std::stop_token& stop, const FetchProgress& progress,
                 CiteAnswer& answer) {
  FetchResult fetched = session.papers().fetch(ids, stop, progress);
  answer.not_found = std::move(fetched.not_found);
  answer.failures = std::move(fetched.failures);
  std::set<ArxivId> without_record(answer.not_found.begin(), answer.not_found.end());
  for (const auto& failure : answer.failures) without_record.insert(failure.id);

  std::vector<ArxivId> answered;
  std::vector<bibtex::NormalizeOptions> normalize_options;
  for (const ArxivId& id : ids) {
    if (without_record.contains(id) || answered.size() == fetched.records.size()) continue;
    answered.push_back(id);
    normalize_options.push_back(options_for(session.settings(), options, id));
  }
  std::vector<bibtex::NormalizedEntry> entries = normalize_all(fetched.records, normalize_options);

  const auto oldest = session.clock().calendar() - session.settings().cache_fresh;
  answer.papers.reserve(answered.size());
  for (std::size_t i = 0; i < answered.size(); ++i) {
    const ArxivId& id = answered[i];
    const RecordPointer& record = fetched.records.pointers()[i];
    const bool stale = !id.version() && record->origin(RecordField::title).retrieved < oldest;
    answer.papers.push_back({asked.at(id), id, record, std::move(entries[i]), stale});
  }
}

// What plugins make of the new entries: their rules, and the DOIs of what was published.
void ask_plugins(Session& session, const CiteOptions& options, const std::stop_token& stop,
                 CiteAnswer& answer) {
  if (!session.settings().plugins.names_any()) return;
  std::vector<bibtex::Entry*> preprints;
  for (CitedPaper& paper : answer.papers) {
    if (!paper.normalized.is_published && paper.normalized.entry.find("doi") == nullptr) {
      preprints.push_back(&paper.normalized.entry);
    }
  }
  if (options.publish && session.settings().published) {
    std::vector<bibtex::Entry> copies;
    for (const bibtex::Entry* entry : preprints) copies.push_back(*entry);
    const std::vector<std::string> dois = session.plugins().resolve(copies, stop);
    for (std::size_t i = 0; i < dois.size(); ++i) {
      if (!dois[i].empty()) preprints[i]->set("doi", bibtex::Value::braced(dois[i]));
    }
  }
  std::vector<bibtex::Entry*> entries;
  for (CitedPaper& paper : answer.papers) entries.push_back(&paper.normalized.entry);
  for (PluginFetch::Found& one : answer.of_plugins.found) entries.push_back(&one.entry);
  session.plugins().normalize(entries, {options.dialect, options.encoding}, stop);
}

// Different keys for all, and none that is taken.
void tell_keys_apart(const CiteOptions& options, CiteAnswer& answer) {
  std::set<std::string> taken;
  std::map<std::string, std::size_t> tried;  // of the keys that several papers would have
  const auto is_taken = [&](std::string_view key) {
    return taken.contains(bibtex::in_lower_case(key)) ||
           (options.is_taken && options.is_taken(bibtex::in_lower_case(key)));
  };
  const auto tell_apart = [&](bibtex::Entry& entry) {
    std::size_t& count = tried[bibtex::in_lower_case(entry.key)];
    entry.key = bibtex::disambiguate(entry.key, is_taken, count);
    taken.insert(bibtex::in_lower_case(entry.key));
  };
  for (CitedPaper& paper : answer.papers) tell_apart(paper.normalized.entry);
  for (PluginFetch::Found& one : answer.of_plugins.found) tell_apart(one.entry);
}

}  // namespace

CiteOptions cite_options(const Settings& settings) {
  CiteOptions options;
  options.dialect = settings.dialect.value_or(bibtex::Dialect::bibtex);
  options.encoding = settings.encoding.value_or(
      options.dialect == bibtex::Dialect::bibtex ? bibtex::TextEncoding::latex : bibtex::TextEncoding::utf8);
  options.journals = settings.journals.value_or(bibtex::JournalForm::full);
  return options;
}

CiteOptions cite_options(const Settings& settings, const std::optional<std::string>& format) {
  CiteOptions options = cite_options(settings);
  if (!format) return options;
  options.dialect = *format == "bibtex" ? bibtex::Dialect::bibtex : bibtex::Dialect::biblatex;
  if (!settings.encoding) {
    options.encoding = options.dialect == bibtex::Dialect::biblatex ? bibtex::TextEncoding::utf8
                                                                    : bibtex::TextEncoding::latex;
  }
  return options;
}

std::vector<bibtex::Entry> entries_of(const CiteAnswer& answer) {
  std::vector<bibtex::Entry> entries;
  for (const CitedPaper& paper : answer.papers) entries.push_back(paper.normalized.entry);
  for (const PluginFetch::Found& one : answer.of_plugins.found) entries.push_back(one.entry);
  return entries;
}

tl::expected<std::string, FetchError> text_of(Session& session, std::span<const bibtex::Entry> entries,
                                              const std::optional<std::string>& format,
                                              const std::stop_token& stop) {
  if (!format || *format == "bibtex" || *format == "biblatex") {
    std::string text;
    for (const bibtex::Entry& entry : entries) {
      if (!text.empty()) text += '\n';
      text += bibtex::write_entry(entry, {}) + '\n';
    }
    return text;
  }
  return entries_in_format(session, entries, *format, stop);
}

CiteAnswer cite(Session& session, std::span<const std::string> texts, const CiteOptions& options,
                std::stop_token stop, const FetchProgress& progress) {
  CiteAnswer answer;
  std::vector<ArxivId> ids;
  std::vector<std::string> ids_of_plugins;
  std::map<ArxivId, std::string> asked;
  for (const std::string& text : texts) {
    const auto id = ArxivId::parse(text);
    if (!id) {
      if (session.plugins().takes(text)) {
        ids_of_plugins.push_back(text);
      } else {
        answer.invalid.push_back({text, id.error()});
      }
    } else if (asked.emplace(*id, text).second) {
      ids.push_back(*id);
    }
  }
  if (!ids.empty()) cite_papers(session, ids, asked, options, stop, progress, answer);
  if (!ids_of_plugins.empty()) {
    answer.of_plugins = session.plugins().fetch(ids_of_plugins, {options.dialect, options.encoding}, stop);
  }
  ask_plugins(session, options, stop, answer);
  tell_keys_apart(options, answer);
  return answer;
}

}  // namespace bibsmith::plugin
