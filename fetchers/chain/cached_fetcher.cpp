#include "fetchers/chain/cached_fetcher.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "fetchers/arxiv/atom.hpp"

namespace bibsmith::fetchers {

namespace {

constexpr std::string_view atom_source = "arxiv-atom";

Subject subject_of(const ArxivId& id) {
  return Subject{std::string(atom_source), id.base(), id.version().value_or(0)};
}

}  // namespace

CachedFetcher::CachedFetcher(Store* store, Fetcher* source, Clock& clock, Freshness freshness, Warn warn)
    : store_(store), source_(source), clock_(clock), freshness_(freshness), warn_(std::move(warn)) {}

FetchResult CachedFetcher::fetch(std::span<const ArxivId> ids, std::stop_token stop,
                                 const FetchProgress& progress) {
  FetchResult result;
  std::map<ArxivId, Record> known;
  std::vector<ArxivId> unknown;
  const std::chrono::sys_seconds oldest = clock_.calendar() - freshness_.newest;

  std::shared_ptr<void> reading = store_ != nullptr && ids.size() > 1 ? store_->reading() : nullptr;
  std::set<ArxivId> seen;
  for (const ArxivId& id : ids) {
    if (!seen.insert(id).second) continue;
    if (auto record = find(id, id.version() ? std::chrono::sys_seconds{} : oldest)) {
      known.emplace(id, std::move(*record));
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
    // The source answers in the order asked, so record i belongs to the i-th id that is in no other list.
    std::set<ArxivId> without_record(asked.not_found.begin(), asked.not_found.end());
    for (const auto& failure : asked.failures) without_record.insert(failure.id);
    auto record = asked.records.begin();
    for (const ArxivId& id : unknown) {
      if (without_record.contains(id) || record == asked.records.end()) continue;
      known.emplace(id, std::move(*record++));
    }
    result.not_found.insert(result.not_found.end(), asked.not_found.begin(), asked.not_found.end());
    for (auto& failure : asked.failures) {
      // Better an older answer than none; its origin tells its age.
      if (auto older = find(failure.id, std::chrono::sys_seconds{})) {
        known.emplace(failure.id, std::move(*older));
      } else {
        result.failures.push_back(std::move(failure));
      }
    }
  }
  const bool each_once = total == ids.size();
  result.records.reserve(known.size());
  for (const ArxivId& id : ids) {
    const auto record = known.find(id);
    if (record == known.end()) continue;
    if (each_once) {
      result.records.push_back(std::move(record->second));
    } else {
      result.records.push_back(record->second);
    }
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
  for (const ArxivId& id : result.not_found) missing.push_back(subject_of(id));
  if (const auto kept = store_->keep_missing(missing, clock_.calendar()); !kept) store_failed(kept.error());
}

std::optional<Record> CachedFetcher::find(const ArxivId& id, std::chrono::sys_seconds oldest) {
  if (store_ == nullptr) return std::nullopt;
  const auto answer = store_->find(subject_of(id), oldest);
  if (!answer) {
    store_failed(answer.error());
    return std::nullopt;
  }
  if (!*answer) return std::nullopt;
  auto record = parse_atom_entry((*answer)->body, (*answer)->origin);
  if (!record) return std::nullopt;  // asked for anew
  return std::move(*record);
}

bool CachedFetcher::is_missing(const ArxivId& id) {
  if (store_ == nullptr) return false;
  const auto missing = store_->is_missing(subject_of(id), clock_.calendar() - freshness_.missing);
  if (!missing) {
    store_failed(missing.error());
    return false;
  }
  return *missing;
}

void CachedFetcher::collect(const Record& record, std::string_view raw_entry, const Origin& origin) {
  if (store_ == nullptr || !record.arxiv_id || raw_entry.empty()) return;
  StoredAnswer answer;
  answer.subject = subject_of(*record.arxiv_id);
  answer.current = std::ranges::find(named_, *record.arxiv_id) == named_.end();
  answer.origin = origin;
  answer.body = std::string(raw_entry);
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
