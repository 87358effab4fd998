#include "fetchers/chain/cached_fetcher.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_set>
#include <utility>

#include "fetchers/arxiv/atom.hpp"
#include "fetchers/chain/author_parts.hpp"
#include "fetchers/datacite/datacite_fetcher.hpp"
#include "fetchers/oai/oai_fetcher.hpp"

namespace bibsmith::fetchers {

namespace {

constexpr std::string_view atom_source = "arxiv-atom";
constexpr std::array paper_sources = {atom_source, oai_source, datacite_source};

// Of OAI-PMH the answers name no version; DataCite knows papers by their DOI.
Subject subject_of(const ArxivId& id, std::string_view source) {
  return Subject{std::string(source), source == datacite_source ? arxiv_doi(id).canonical() : id.base(),
                 source == oai_source ? std::uint16_t{0} : id.version().value_or(0)};
}

tl::expected<Record, FetchError> read_stored(std::string_view source, const StoredAnswer& answer) {
  if (source == oai_source) return parse_oai_record(answer.body, answer.origin);
  if (source == datacite_source) return parse_datacite_work(answer.body, answer.origin);
  return parse_atom_entry(answer.body, answer.origin);
}

// OAI-PMH alone gives the parts of names.
bool holds_names(const std::vector<std::string_view>& held) {
  return std::ranges::find(held, oai_source) != held.end();
}

}  // namespace

CachedFetcher::CachedFetcher(Store* store, Fetcher* source, Clock& clock, Freshness freshness, Warn warn)
    : store_(store), source_(source), clock_(clock), freshness_(freshness), warn_(std::move(warn)) {}

FetchResult CachedFetcher::fetch(std::span<const ArxivId> ids, std::stop_token stop,
                                 const FetchProgress& progress) {
  std::shared_ptr<void> reading = reading_of(ids);
  const std::vector<std::string_view> held = sources_held();
  if (held.empty() && (store_ == nullptr || !store_->may_have_missing())) {
    // Nothing in the cache, and nothing to complete what is answered with.
    reading.reset();
    FetchResult asked;
    ask(ids, stop, progress, asked);
    asked.not_found_by.resize(asked.not_found.size());
    return asked;
  }

  FetchResult result;
  Known known;
  std::vector<ArxivId> unknown;
  std::unordered_set<ArxivId, ArxivIdHash> seen;
  seen.reserve(ids.size());
  known.reserve(ids.size());
  for (const ArxivId& id : ids) {
    if (!seen.insert(id).second) continue;
    if (auto fresh = find_fresh(id, held)) {
      auto record = std::make_shared<const Record>(std::move(*fresh));
      if (arrived_) arrived_(record);
      known.emplace(id, std::move(record));
    } else if (is_missing(id)) {
      result.not_found.push_back(id);
    } else {
      unknown.push_back(id);
    }
  }
  reading.reset();
  const std::size_t done_before = seen.size() - unknown.size();
  const std::size_t total = seen.size();
  if (progress && done_before > 0) progress(done_before, total);
  if (!unknown.empty()) {
    const auto shifted = [&](std::size_t done, std::size_t) { progress(done_before + done, total); };
    FetchResult asked;
    ask(unknown, stop, progress ? FetchProgress(shifted) : FetchProgress{}, asked);
    // None of them in the cache: the answer is whole as it is.
    if (unknown.size() == ids.size() && asked.failures.empty() && !holds_names(held)) {
      asked.not_found_by.resize(asked.not_found.size());
      return asked;
    }
    // The source answers in the order asked, so record i belongs to the i-th id that is in no other list.
    std::set<ArxivId> without_record(asked.not_found.begin(), asked.not_found.end());
    for (const auto& failure : asked.failures) without_record.insert(failure.id);
    auto record = asked.records.pointers().begin();
    for (const ArxivId& id : unknown) {
      if (without_record.contains(id) || record == asked.records.pointers().end()) continue;
      known.emplace(id, *record++);
    }
    result.not_found_by.resize(result.not_found.size());  // those known from the cache
    result.not_found.insert(result.not_found.end(), asked.not_found.begin(), asked.not_found.end());
    result.not_found_by.insert(result.not_found_by.end(), asked.not_found_by.begin(),
                               asked.not_found_by.end());
    result.not_found_by.resize(result.not_found.size());
    if (!asked.failures.empty()) reading = reading_of(unknown);
    for (auto& failure : asked.failures) {
      // Better an older answer than none; its origin tells its age.
      if (auto older = find_newest(failure.id, held)) {
        known.emplace(failure.id, std::make_shared<const Record>(std::move(*older)));
      } else {
        result.failures.push_back(std::move(failure));
      }
    }
  }
  reading.reset();
  complete_names(known, held);
  result.records.reserve(known.size());
  for (const ArxivId& id : ids) {
    const auto record = known.find(id);
    if (record != known.end()) result.records.push_back(record->second);
  }
  return result;
}

void CachedFetcher::ask(std::span<const ArxivId> ids, std::stop_token stop, const FetchProgress& progress,
                        FetchResult& result) {
  if (source_ == nullptr) {
    const FetchError offline{.code = FetchError::Code::offline,
                             .message = "not in the cache, and offline mode forbids to ask arXiv"};
    for (const ArxivId& id : ids) result.failures.push_back({id, offline});
    return;
  }
  std::ranges::copy_if(ids, std::back_inserter(named_),
                       [](const ArxivId& id) { return id.version().has_value(); });
  // What a batch brought is kept before the next one is asked for: a killed run loses one batch at most.
  result = source_->fetch(ids, std::move(stop), [&](std::size_t done, std::size_t total) {
    keep();
    if (progress) progress(done, total);
  });
  keep();
  named_.clear();
  if (store_ == nullptr || result.not_found.empty()) return;
  std::vector<Subject> missing;
  for (std::size_t i = 0; i < result.not_found.size(); ++i) {
    const bool is_named = i < result.not_found_by.size() && !result.not_found_by[i].empty();
    Subject subject = subject_of(result.not_found[i], atom_source);
    if (is_named) subject.source = result.not_found_by[i];
    missing.push_back(std::move(subject));
  }
  if (const auto kept = store_->keep_missing(missing, clock_.calendar()); !kept) store_failed(kept.error());
}

std::shared_ptr<void> CachedFetcher::reading_of(std::span<const ArxivId> ids) {
  if (store_ == nullptr) return nullptr;
  return store_->reading({ids.size(), [ids] {
                            std::vector<Subject> subjects;
                            for (const ArxivId& id : ids) {
                              for (const std::string_view source : paper_sources)
                                subjects.push_back(subject_of(id, source));
                            }
                            return subjects;
                          }});
}

std::vector<std::string_view> CachedFetcher::sources_held() {
  std::vector<std::string_view> held;
  for (const std::string_view source : paper_sources) {
    if (store_ == nullptr) break;
    const auto holds = store_->holds(source);
    if (!holds) {
      store_failed(holds.error());
    } else if (*holds) {
      held.push_back(source);
    }
  }
  return held;
}

std::optional<Record> CachedFetcher::find(const ArxivId& id, std::string_view source,
                                          std::chrono::sys_seconds oldest) {
  // An answer of OAI-PMH that names no version cannot be that of a named one.
  if (store_ == nullptr || (source == oai_source && id.version())) return std::nullopt;
  const auto answer = store_->find(subject_of(id, source), oldest);
  if (!answer) {
    store_failed(answer.error());
    return std::nullopt;
  }
  if (!*answer) return std::nullopt;
  auto record = read_stored(source, **answer);
  if (!record || !record->arxiv_id) return std::nullopt;  // asked for anew
  return std::move(*record);
}

std::optional<Record> CachedFetcher::find_fresh(const ArxivId& id,
                                                const std::vector<std::string_view>& sources) {
  const auto oldest = id.version() ? std::chrono::sys_seconds{} : clock_.calendar() - freshness_.newest;
  for (const std::string_view source : sources) {
    if (auto record = find(id, source, oldest)) return record;
  }
  return std::nullopt;
}

std::optional<Record> CachedFetcher::find_newest(const ArxivId& id,
                                                 const std::vector<std::string_view>& sources) {
  std::optional<Record> newest;
  for (const std::string_view source : sources) {
    auto record = find(id, source, std::chrono::sys_seconds{});
    if (!record) continue;
    if (!newest || record->origins.front().retrieved > newest->origins.front().retrieved) {
      newest = std::move(record);
    }
  }
  return newest;
}

bool CachedFetcher::is_missing(const ArxivId& id) {
  for (const std::string_view source : {atom_source, oai_source}) {
    if (store_ == nullptr) return false;
    Subject subject = subject_of(id, atom_source);
    subject.source = source;
    const auto missing = store_->is_missing(subject, clock_.calendar() - freshness_.missing);
    if (!missing) {
      store_failed(missing.error());
    } else if (*missing) {
      return true;
    }
  }
  return false;
}

void CachedFetcher::complete_names(Known& known, const std::vector<std::string_view>& held) {
  if (!holds_names(held)) return;
  std::vector<ArxivId> ids;
  for (const auto& [id, record] : known) ids.push_back(id.without_version());
  const auto reading = reading_of(ids);
  for (auto& [id, record] : known) {
    if (record->origins.front().source != atom_source) continue;
    const auto other = find(id.without_version(), oai_source, std::chrono::sys_seconds{});
    if (!other) continue;
    auto completed = std::make_shared<Record>(*record);
    take_author_parts(*completed, *other);
    record = std::move(completed);
  }
}

void CachedFetcher::collect(const RecordPointer& record, std::string_view raw_answer, const Origin& origin) {
  if (arrived_) arrived_(record);
  if (store_ == nullptr || !record->arxiv_id || raw_answer.empty()) return;
  StoredAnswer answer;
  answer.subject = subject_of(*record->arxiv_id, origin.source);
  // Only Atom can be asked for an older version.
  answer.current =
      origin.source != atom_source || std::ranges::find(named_, *record->arxiv_id) == named_.end();
  answer.origin = origin;
  answer.body = std::string(raw_answer);
  collected_.push_back(std::move(answer));
}

void CachedFetcher::keep() {
  if (store_ == nullptr || collected_.empty()) return;
  const auto kept = store_->keep(std::exchange(collected_, {}));
  if (!kept) store_failed(kept.error());
}

void CachedFetcher::store_failed(const StoreError& error) {
  store_ = nullptr;
  if (warn_) warn_(error.message + "; going on without it");
}

}  // namespace bibsmith::fetchers
