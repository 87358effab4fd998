#include "fetchers/chain/work_chain.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "fetchers/arxiv/arxiv_titles.hpp"
#include "fetchers/crossref/crossref_fetcher.hpp"
#include "fetchers/datacite/datacite_fetcher.hpp"
#include "fetchers/dblp/dblp_fetcher.hpp"
#include "fetchers/openalex/openalex_fetcher.hpp"
#include "fetchers/openalex/openalex_work.hpp"
#include "fetchers/record/query_words.hpp"

namespace bibsmith::fetchers {

namespace {

constexpr std::string_view arxiv_atom_source = "arxiv-atom";
// The registries, whose word counts, and all that answer for a DOI.
constexpr std::array<std::string_view, 2> doi_sources = {crossref_source, datacite_source};
constexpr std::array<std::string_view, 3> answering_sources = {crossref_source, datacite_source,
                                                               openalex_source};

tl::expected<Record, FetchError> read_stored(std::string_view source, const StoredAnswer& answer) {
  if (source == datacite_source) return parse_datacite_work(answer.body, answer.origin);
  if (source == openalex_source) return parse_openalex_work(answer.body, answer.origin);
  auto work = parse_crossref_work(answer.body, answer.origin);
  if (!work) return tl::unexpected(work.error());
  return std::move(work->record);
}

const FetchError no_source_for_titles{
    .code = FetchError::Code::offline,
    .message = "not in the cache, and there is no source to ask for a title"};

// "ti:" tells a search from a DOI or an arXiv id of the same source. DBLP is asked for nothing else.
Subject subject_of(std::string_view source, const TitleQuery& query) {
  std::string words = query_words(query);
  if (!words.empty() && source != dblp_source) words.insert(0, "ti:");
  return {std::string(source), std::move(words), 0};
}

TitleAnswer read_titles(std::string_view source, const StoredAnswer& answer) {
  if (source == crossref_source) return parse_crossref_hits(answer.body, answer.origin);
  if (source == openalex_source) return parse_openalex_hits(answer.body, answer.origin);
  if (source == arxiv_atom_source) return read_arxiv_titles(answer.body, answer.origin);
  return read_dblp_titles(answer.body, answer.origin);
}

// What became of one DOI on its way through the sources.
struct Outcome {
  std::optional<Record> record;
  std::vector<std::string> not_found_by;
  std::vector<SourceError> errors;
};

}  // namespace

bool is_datacite_prefix(const Doi& doi) {
  // The repositories that papers cite (api.datacite.org/prefixes has some thousand more).
  constexpr std::array<std::string_view, 14> prefixes = {
      "10.48550", "10.5281",  "10.6084", "10.5061", "10.17605", "10.7910", "10.4230",
      "10.17632", "10.24432", "10.3929", "10.5075", "10.15468", "10.4121", "10.17863"};
  const std::string_view text = doi.canonical();
  return std::ranges::find(prefixes, text.substr(0, text.find('/'))) != prefixes.end();
}

WorkChain::WorkChain(Store* store, Sources sources, Clock& clock, Freshness freshness, Warn warn)
    : store_(store), sources_(sources), clock_(clock), freshness_(freshness), warn_(std::move(warn)) {}

DoiResult WorkChain::fetch(std::span<const Doi> dois, std::stop_token stop, const FetchProgress& progress) {
  std::map<Doi, Outcome> outcomes;
  std::vector<Doi> open;
  const auto oldest = clock_.calendar() - freshness_.newest;
  std::shared_ptr<void> reading = reading_of(dois);
  for (const Doi& doi : dois) {
    const auto [place, is_new] = outcomes.try_emplace(doi);
    if (!is_new) continue;
    Outcome& outcome = place->second;
    outcome.record = stored(doi, oldest);
    if (outcome.record) continue;
    for (const std::string_view source : doi_sources) {
      if (is_missing(source, doi.canonical())) outcome.not_found_by.emplace_back(source);
    }
    if (outcome.not_found_by.size() < doi_sources.size()) open.push_back(doi);
  }

  reading.reset();

  // Two rounds: each DOI goes to the source of its prefix, and then, if need be, to the other one.
  const std::size_t known = outcomes.size() - open.size();
  for (const bool is_first : {true, false}) {
    for (const std::string_view name : doi_sources) {
      DoiFetcher* source = name == crossref_source ? sources_.crossref : sources_.datacite;
      std::vector<Doi> ask;
      for (const Doi& doi : open) {
        const Outcome& outcome = outcomes.at(doi);
        const bool is_own = is_datacite_prefix(doi) == (name == datacite_source);
        if (outcome.record || is_own != is_first) continue;
        if (std::ranges::find(outcome.not_found_by, name) != outcome.not_found_by.end()) continue;
        ask.push_back(doi);
      }
      if (source == nullptr || ask.empty()) continue;
      DoiResult answer = source->fetch(ask, stop, [&](std::size_t done, std::size_t) {
        keep();  // a killed run loses one batch at most
        if (progress && is_first) progress(known + done, outcomes.size());
      });
      keep();
      keep_missing(name, answer.not_found);
      for (auto& found : answer.found) outcomes.at(found.doi).record = std::move(found.record);
      for (auto& missing : answer.not_found) outcomes.at(missing.doi).not_found_by.emplace_back(name);
      for (auto& failure : answer.failures) {
        std::ranges::move(failure.errors, std::back_inserter(outcomes.at(failure.doi).errors));
      }
    }
  }

  std::vector<Doi> unasked;
  for (const Doi& doi : open) {
    const Outcome& outcome = outcomes.at(doi);
    if (!outcome.record && !outcome.errors.empty()) unasked.push_back(doi);
  }
  if (sources_.openalex != nullptr && !unasked.empty()) {
    DoiResult answer = sources_.openalex->fetch(unasked, stop, {});
    keep();
    for (auto& found : answer.found) outcomes.at(found.doi).record = std::move(found.record);
  }

  std::vector<Doi> left;
  std::ranges::copy_if(open, std::back_inserter(left),
                       [&](const Doi& doi) { return !outcomes.at(doi).record; });
  reading = reading_of(left);
  for (const Doi& doi : open) {
    Outcome& outcome = outcomes.at(doi);
    // Better an older answer than none; its origin tells its age.
    if (!outcome.record) outcome.record = stored(doi, std::chrono::sys_seconds{});
    if (outcome.record || !outcome.errors.empty() || !outcome.not_found_by.empty()) continue;
    outcome.errors.push_back({"", FetchError{.code = FetchError::Code::offline,
                                             .message = "not in the cache, and there is no source to ask"}});
  }
  DoiResult result;
  for (const Doi& doi : dois) {
    const Outcome& outcome = outcomes.at(doi);
    if (outcome.record) {
      result.found.push_back({doi, *outcome.record});
    } else if (!outcome.errors.empty()) {
      result.failures.push_back({doi, outcome.errors});
    } else {
      result.not_found.push_back({doi, outcome.not_found_by});
    }
  }
  return result;
}

TitleAnswer WorkChain::find(const TitleQuery& query, std::stop_token stop) {
  return find_in(dblp_source, query, std::move(stop));
}

TitleAnswer WorkChain::find_in(std::string_view source, const TitleQuery& query, std::stop_token stop) {
  if (auto fresh = known(source, query)) return *std::move(fresh);
  TitleAnswer answer = tl::unexpected(no_source_for_titles);
  if (TitleFetcher* fetcher = titles_of(source)) answer = fetcher->find(query, std::move(stop));
  keep();
  if (answer) return answer;
  if (auto older = stored(source, query, std::chrono::sys_seconds{})) return *std::move(older);
  return answer;
}

std::vector<TitleAnswer> WorkChain::find_in_arxiv(const std::vector<TitleQuery>& queries,
                                                  std::stop_token stop) {
  std::vector<TitleAnswer> answers(queries.size(), tl::unexpected(no_source_for_titles));
  std::vector<TitleQuery> open;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < queries.size(); ++i) {
    if (auto fresh = known(arxiv_atom_source, queries[i])) {
      answers[i] = *std::move(fresh);
      continue;
    }
    open.push_back(queries[i]);
    places.push_back(i);
  }
  if (!open.empty() && sources_.arxiv_titles != nullptr) {
    std::vector<TitleAnswer> asked = sources_.arxiv_titles->find(open, std::move(stop));
    keep();
    for (std::size_t i = 0; i < places.size(); ++i) answers[places[i]] = std::move(asked[i]);
  }
  for (const std::size_t i : places) {
    if (answers[i]) continue;
    if (auto older = stored(arxiv_atom_source, queries[i], std::chrono::sys_seconds{})) {
      answers[i] = *std::move(older);
    }
  }
  return answers;
}

std::optional<std::vector<Record>> WorkChain::known(std::string_view source, const TitleQuery& query) {
  return stored(source, query, clock_.calendar() - freshness_.newest);
}

std::optional<std::vector<Record>> WorkChain::stored(std::string_view source, const TitleQuery& query,
                                                     std::chrono::sys_seconds oldest) {
  const Subject subject = subject_of(source, query);
  if (store_ == nullptr || subject.name.empty()) return std::nullopt;
  const auto answer = store_->find(subject, oldest);
  if (!answer) {
    store_failed(answer.error());
    return std::nullopt;
  }
  if (!*answer) return std::nullopt;
  TitleAnswer read = read_titles(source, **answer);
  if (!read) return std::nullopt;  // asked for anew
  return *std::move(read);
}

TitleFetcher* WorkChain::titles_of(std::string_view source) const {
  if (source == dblp_source) return sources_.dblp;
  if (source == crossref_source) return sources_.crossref_titles;
  return source == openalex_source ? sources_.openalex_titles : nullptr;
}

std::shared_ptr<void> WorkChain::reading_of(std::span<const Doi> dois) {
  if (store_ == nullptr || dois.empty()) return nullptr;
  return store_->reading({dois.size(), [dois] {
                            std::vector<Subject> subjects;
                            for (const Doi& doi : dois) {
                              for (const std::string_view source : answering_sources)
                                subjects.push_back({std::string(source), doi.canonical(), 0});
                            }
                            return subjects;
                          }});
}

std::optional<Record> WorkChain::stored(const Doi& doi, std::chrono::sys_seconds oldest) {
  for (const std::string_view source : answering_sources) {
    if (store_ == nullptr) break;
    const auto answer = store_->find(Subject{std::string(source), doi.canonical(), 0}, oldest);
    if (!answer) {
      store_failed(answer.error());
    } else if (*answer) {
      if (auto record = read_stored(source, **answer)) return *std::move(record);
    }
  }
  return std::nullopt;
}

bool WorkChain::is_missing(std::string_view source, std::string_view subject) {
  if (store_ == nullptr) return false;
  const auto missing = store_->is_missing(Subject{std::string(source), std::string(subject), 0},
                                          clock_.calendar() - freshness_.missing);
  if (missing) return *missing;
  store_failed(missing.error());
  return false;
}

void WorkChain::collect(const AnsweredWork& work, const Origin& origin) {
  if (store_ == nullptr || work.raw.empty()) return;
  StoredAnswer answer;
  const auto version = work.record.arxiv_id && work.doi.arxiv_id() ? work.record.arxiv_id->version()
                                                                   : std::optional<std::uint16_t>{};
  answer.subject = Subject{origin.source, work.doi.canonical(), version.value_or(0)};
  answer.current = true;
  answer.origin = origin;
  answer.body = std::string(work.raw);
  collected_.push_back(std::move(answer));
}

void WorkChain::collect(const TitleQuery& query, std::string_view body, const Origin& origin) {
  if (store_ == nullptr) return;
  StoredAnswer answer;
  answer.subject = subject_of(origin.source, query);
  answer.current = true;
  answer.origin = origin;
  answer.body = std::string(body);
  collected_.push_back(std::move(answer));
}

void WorkChain::keep() {
  if (store_ == nullptr || collected_.empty()) return;
  if (const auto kept = store_->keep(std::exchange(collected_, {})); !kept) store_failed(kept.error());
}

void WorkChain::keep_missing(std::string_view source, const std::vector<DoiResult::Missing>& missing) {
  if (store_ == nullptr || missing.empty()) return;
  std::vector<Subject> subjects;
  for (const auto& one : missing) subjects.push_back({std::string(source), one.doi.canonical(), 0});
  if (const auto kept = store_->keep_missing(subjects, clock_.calendar()); !kept) store_failed(kept.error());
}

void WorkChain::store_failed(const StoreError& error) {
  store_ = nullptr;
  if (warn_) warn_(error.message + "; going on without it");
}

}  // namespace bibsmith::fetchers
