#include "fetchers/index/indexed_fetcher.hpp"

#include <map>
#include <utility>

namespace bibsmith::fetchers {

IndexedFetcher::IndexedFetcher(Fetcher* sources, std::function<RecordIndex*()> index)
    : sources_(sources), index_(std::move(index)) {}

std::optional<Record> IndexedFetcher::find(const ArxivId& id) {
  RecordIndex* const index = index_();
  if (index == nullptr) return std::nullopt;
  auto works = index->with(id);
  if (!works) return std::nullopt;  // the failure of the sources is the one to tell
  for (IndexedWork& work : *works) {
    if (!is_arxiv_record(work.record)) continue;
    if (!id.version() || work.record.arxiv_id->version() == id.version()) return std::move(work.record);
  }
  return std::nullopt;
}

FetchResult IndexedFetcher::fetch(std::span<const ArxivId> ids, std::stop_token stop,
                                  const FetchProgress& progress) {
  FetchResult asked;
  if (sources_ != nullptr) {
    asked = sources_->fetch(ids, stop, progress);
  } else {
    const FetchError offline{.code = FetchError::Code::offline,
                             .message = "not in the cache, and offline mode forbids to ask arXiv"};
    for (const ArxivId& id : ids) asked.failures.push_back({id, offline, {}});
  }
  if (asked.failures.empty() || stop.stop_requested()) return asked;

  std::map<ArxivId, Record> indexed;
  std::erase_if(asked.failures, [&](const FetchResult::Failure& failure) {
    auto record = find(failure.id);
    return record && indexed.emplace(failure.id, *std::move(record)).second;
  });
  if (indexed.empty()) return asked;
  // Records stand in the order asked: what is in no other list has the next of the sources' records.
  std::map<ArxivId, bool> without_record;
  for (const ArxivId& id : asked.not_found) without_record[id] = true;
  for (const auto& failure : asked.failures) without_record[failure.id] = true;
  SharedRecords records;
  auto next = asked.records.pointers().begin();
  for (const ArxivId& id : ids) {
    if (const auto found = indexed.find(id); found != indexed.end()) {
      records.push_back(found->second);
    } else if (!without_record.contains(id) && next != asked.records.pointers().end()) {
      records.push_back(*next++);
    }
  }
  asked.records = std::move(records);
  return asked;
}

}  // namespace bibsmith::fetchers
