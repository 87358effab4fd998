#include "plugin/session/cite.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <thread>
#include <utility>

#include "bibtex/export/export.hpp"
#include "bibtex/model/citation_key.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "bibtex/write/write_entry.hpp"

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
std::vector<bibtex::NormalizedEntry> normalize_all(std::span<const Record> records,
                                                   std::span<const bibtex::NormalizeOptions> options) {
  constexpr std::size_t worth_a_thread = 200;
  std::vector<bibtex::NormalizedEntry> out(records.size());
  const auto normalize_part = [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) out[i] = bibtex::normalize(records[i], options[i]);
  };
  if (records.size() < worth_a_thread) {
    normalize_part(0, records.size());
    return out;
  }
  const std::size_t middle = records.size() / 2;
  const std::jthread other([&] { normalize_part(middle, records.size()); });
  normalize_part(0, middle);
  return out;
}

// BibTeX takes keys that differ in case only for the same.
std::string folded(std::string_view key) {
  std::string out(key);
  std::ranges::transform(out, out.begin(), bibtex::lower);
  return out;
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

std::string text_of(const CiteAnswer& answer, const std::optional<std::string>& format) {
  std::string text;
  if (!format || *format == "bibtex" || *format == "biblatex") {
    for (const CitedPaper& paper : answer.papers) {
      if (!text.empty()) text += '\n';
      text += bibtex::write_entry(paper.normalized.entry, {}) + '\n';
    }
    return text;
  }
  std::vector<bibtex::Entry> entries;
  for (const CitedPaper& paper : answer.papers) entries.push_back(paper.normalized.entry);
  return bibtex::export_entries(entries,
                                bibtex::export_format(*format).value_or(bibtex::ExportFormat::csl_json));
}

CiteAnswer cite(Session& session, std::span<const std::string> texts, const CiteOptions& options,
                std::stop_token stop, const FetchProgress& progress) {
  CiteAnswer answer;
  std::vector<ArxivId> ids;
  std::map<ArxivId, std::string> asked;
  for (const std::string& text : texts) {
    const auto id = ArxivId::parse(text);
    if (!id) {
      answer.invalid.push_back({text, id.error()});
    } else if (asked.emplace(*id, text).second) {
      ids.push_back(*id);
    }
  }
  if (ids.empty()) return answer;

  FetchResult fetched = session.papers().fetch(ids, std::move(stop), progress);
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
  fetched.records.resize(answered.size());
  std::vector<bibtex::NormalizedEntry> entries = normalize_all(fetched.records, normalize_options);

  const auto oldest = session.clock().calendar() - session.settings().cache_fresh;
  std::set<std::string> taken;
  std::map<std::string, std::size_t> tried;  // of the keys that several papers would have
  answer.papers.reserve(answered.size());
  for (std::size_t i = 0; i < answered.size(); ++i) {
    const ArxivId& id = answered[i];
    Record& record = fetched.records[i];
    bibtex::Entry& entry = entries[i].entry;
    const auto is_taken = [&](std::string_view key) {
      return taken.contains(folded(key)) || (options.is_taken && options.is_taken(folded(key)));
    };
    std::size_t& count = tried[folded(entry.key)];
    entry.key = bibtex::disambiguate(entry.key, is_taken, count);
    taken.insert(folded(entry.key));
    const bool stale = !id.version() && record.origin(RecordField::title).retrieved < oldest;
    answer.papers.push_back({asked[id], id, std::move(record), std::move(entries[i]), stale});
  }
  return answer;
}

}  // namespace bibsmith::plugin
