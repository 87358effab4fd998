#include "fetchers/chain/stored_records.hpp"

#include <utility>

#include "fetchers/arxiv/atom.hpp"
#include "fetchers/crossref/crossref_fetcher.hpp"
#include "fetchers/crossref/crossref_work.hpp"
#include "fetchers/datacite/datacite_fetcher.hpp"
#include "fetchers/dblp/dblp_answer.hpp"
#include "fetchers/dblp/dblp_fetcher.hpp"
#include "fetchers/oai/oai_fetcher.hpp"
#include "fetchers/openalex/openalex_fetcher.hpp"
#include "fetchers/openalex/openalex_work.hpp"

namespace bibsmith::fetchers {

namespace {

std::vector<Record> one(tl::expected<Record, FetchError> record) {
  std::vector<Record> records;
  if (record) records.push_back(std::move(*record));
  return records;
}

// What a search for a title found: its subject begins with "ti:".
std::vector<Record> hits_of(const StoredAnswer& answer) {
  std::vector<Record> records;
  if (answer.subject.source == "arxiv-atom") {
    if (auto feed = parse_atom(answer.body, answer.origin)) {
      for (AtomEntry& entry : feed->entries) records.push_back(std::move(entry.record));
    }
  } else if (answer.subject.source == crossref_source) {
    if (auto works = parse_crossref_answer(answer.body, answer.origin)) {
      for (AnsweredWork& work : *works) records.push_back(std::move(work.record));
    }
  } else if (answer.subject.source == openalex_source) {
    if (auto works = parse_openalex_answer(answer.body, answer.origin)) {
      for (AnsweredWork& work : *works) records.push_back(std::move(work.record));
    }
  }
  return records;
}

}  // namespace

std::vector<Record> records_of(const StoredAnswer& answer) {
  const std::string& source = answer.subject.source;
  if (answer.subject.name.starts_with("ti:")) return hits_of(answer);
  if (source == "arxiv-atom") return one(parse_atom_entry(answer.body, answer.origin));
  if (source == oai_source) return one(parse_oai_record(answer.body, answer.origin));
  if (source == datacite_source) return one(parse_datacite_work(answer.body, answer.origin));
  if (source == crossref_source) {
    auto work = parse_crossref_work(answer.body, answer.origin);
    return work ? std::vector<Record>{std::move(work->record)} : std::vector<Record>{};
  }
  if (source == openalex_source) return one(parse_openalex_work(answer.body, answer.origin));
  if (source == dblp_source) {
    std::vector<Record> records;
    if (auto works = parse_dblp(answer.body, answer.origin)) {
      for (DblpHit& hit : works->hits) records.push_back(std::move(hit.record));
    }
    return records;
  }
  return {};
}

}  // namespace bibsmith::fetchers
