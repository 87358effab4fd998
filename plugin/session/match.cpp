#include "plugin/session/match.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <utility>

#include "bibtex/match/title_key.hpp"
#include "bibtex/match/title_likeness.hpp"
#include "fetchers/index/record_index.hpp"
#include "fetchers/record/edit_distance.hpp"
#include "plugin/session/title_queries.hpp"

namespace bibsmith::plugin {

namespace {

using bibtex::MatchStatus;
using bibtex::ReadingItem;
using Road = MatchedItem::Road;

// Of the records that a search brought, those that are worth judging.
constexpr double similarity_min = 0.6;

class Matcher {
 public:
  Matcher(Session& session, MatchAnswer& answer, const FetchProgress& progress)
      : session_(session), answer_(answer), progress_(progress) {}

  void run(const std::stop_token& stop) {
    by_ids(stop);
    by_index();
    show();
    if (session_.arxiv() == nullptr) {
      if (!open().empty()) {
        answer_.error =
            FetchError{.code = FetchError::Code::offline,
                       .message = "not in the local index, and offline mode forbids to ask arXiv"};
        leave_open();
      }
    } else {
      by_search(exact_title_queries, stop);
      by_search(loose_title_queries, stop);
      session_.keep_answers();
    }
    for (MatchedItem& item : answer_.items) {
      if (item.status != MatchStatus::none) item.could_not_ask = false;
    }
  }

 private:
  std::vector<std::size_t> open() const {
    std::vector<std::size_t> items;
    for (std::size_t i = 0; i < answer_.items.size(); ++i) {
      if (answer_.items[i].status == MatchStatus::none) items.push_back(i);
    }
    return items;
  }

  // arXiv was not asked about what is open now.
  void leave_open() {
    for (const std::size_t item : open()) answer_.items[item].could_not_ask = true;
  }

  void show() const {
    if (progress_) progress_(answer_.items.size() - open().size(), answer_.items.size());
  }

  void judge(std::size_t index, const std::vector<const Record*>& candidates, Road road) {
    MatchedItem& matched = answer_.items[index];
    const auto judgement = bibtex::judge_match(answer_.list.items[index], answer_.list.author, candidates);
    if (judgement.status == MatchStatus::none) {
      for (const auto& choice : judgement.refused) {
        const Record& record = *candidates[choice.candidate];
        const bool is_known = std::ranges::any_of(matched.refused, [&](const MatchedItem::Choice& one) {
          return one.record.arxiv_id == record.arxiv_id;
        });
        if (!is_known) matched.refused.push_back({record, choice.evidence});
      }
      return;
    }
    matched.status = judgement.status;
    matched.road = road;
    matched.refused.clear();
    for (const auto& choice : judgement.chosen) {
      matched.chosen.push_back({*candidates[choice.candidate], choice.evidence});
    }
  }

  // An id that a list names is believed unless title and authors are another paper's.
  void by_ids(const std::stop_token& stop) {
    std::vector<ArxivId> ids;
    for (const ReadingItem& item : answer_.list.items) {
      if (item.arxiv_id) ids.push_back(*item.arxiv_id);
    }
    if (ids.empty()) return;
    FetchResult result = session_.papers().fetch(ids, stop);
    std::map<std::string, const Record*> known;
    for (const Record& record : result.records) known[record.arxiv_id->base()] = &record;
    for (std::size_t i = 0; i < answer_.items.size(); ++i) {
      const ReadingItem& item = answer_.list.items[i];
      const auto found = item.arxiv_id ? known.find(item.arxiv_id->base()) : known.end();
      if (found == known.end()) continue;
      ReadingItem by_title = item;
      if (by_title.title.empty()) by_title.title = found->second->title;
      const Record* const candidate = found->second;
      const auto judgement = bibtex::judge_match(by_title, {}, std::span(&candidate, 1));
      MatchedItem& matched = answer_.items[i];
      const auto& choice = judgement.chosen.empty() ? bibtex::Judgement::Choice{} : judgement.chosen.front();
      const auto likeness =
          bibtex::compare_title_keys(bibtex::title_key(by_title.title), bibtex::title_key(candidate->title));
      const bool is_other = judgement.status == MatchStatus::none && likeness.similarity < similarity_min;
      if (is_other) continue;
      matched.status = MatchStatus::found;
      matched.road = Road::id;
      matched.chosen.push_back({*candidate, choice.evidence});
    }
    if (result.failures.empty()) return;
    answer_.error = result.failures.front().error;
    std::set<std::string> failed;
    for (const FetchResult::Failure& failure : result.failures) failed.insert(failure.id.str());
    for (std::size_t i = 0; i < answer_.items.size(); ++i) {
      const auto& id = answer_.list.items[i].arxiv_id;
      if (id && failed.contains(id->str())) answer_.items[i].could_not_ask = true;
    }
  }

  void by_index() {
    fetchers::RecordIndex* index = session_.index();
    if (index == nullptr) return;
    const auto held = index->reading();
    for (const std::size_t i : open()) {
      const ReadingItem& item = answer_.list.items[i];
      std::vector<fetchers::IndexedWork> works;
      const auto take = [&](auto found) {
        if (!found) {
          session_.warn(found.error().message);
          return;
        }
        for (fetchers::IndexedWork& work : *found) {
          if (work.record.arxiv_id) works.push_back(std::move(work));
        }
      };
      take(index->titled(item.title));
      if (works.empty()) take(index->like(item.title));
      if (!item.teaser.empty()) take(index->with_abstract(item.teaser));
      std::vector<const Record*> candidates;
      for (const fetchers::IndexedWork& work : works) candidates.push_back(&work.record);
      judge(i, candidates, Road::index);
    }
  }

  using MakeQueries = std::vector<ListQuery> (*)(std::string_view, const bibtex::ReadingList&,
                                                 std::span<const std::size_t>);

  void by_search(MakeQueries make, const std::stop_token& stop) {
    if (answer_.error && answer_.error->code != FetchError::Code::bad_response) return leave_open();
    for (const ListQuery& query : make(session_.settings().arxiv_url, answer_.list, open())) {
      fetchers::SearchOptions options;
      options.results_max = query.results_max;
      options.page_size = query.results_max;
      auto result = session_.arxiv()->search(query.query, options, stop);
      ++answer_.requests;
      for (Record& record : result.records) {
        if (pooled_.insert(record.arxiv_id->base()).second) pool_.emplace_back(std::move(record));
      }
      if (result.error) {
        answer_.error = result.error;
        leave_open();
        break;
      }
      by_pool();
      show();
    }
  }

  // What the searches brought since the last time, for all that is open.
  void by_pool() {
    near_.resize(answer_.items.size());
    for (const std::size_t item : open()) {
      const ReadingItem& asked = answer_.list.items[item];
      const std::string key = squeezed_key(bibtex::title_key(asked.title));
      const bibtex::AbstractKey teaser(asked.teaser);
      EditDistance distance(key);
      std::vector<std::size_t>& near = near_[item];
      const std::size_t known = near.size();
      for (std::size_t i = judged_; i < pool_.size(); ++i) {
        const std::string& title = pool_[i].title;
        const auto longer = static_cast<double>(std::max({key.size(), title.size(), std::size_t{1}}));
        const bool is_near = 1 - static_cast<double>(distance.to(title)) / longer >= similarity_min ||
                             title.starts_with(key) || key.starts_with(title);
        if (is_near || compare_abstracts(teaser, pool_[i].abstract) == bibtex::Criterion::agrees) {
          near.push_back(i);
        }
      }
      if (near.size() == known) continue;
      std::vector<const Record*> candidates;
      for (const std::size_t i : near) candidates.push_back(&pool_[i].record);
      judge(item, candidates, Road::arxiv);
    }
    judged_ = pool_.size();
  }

  // A record that a search brought, as titles and abstracts are compared.
  struct Pooled {
    explicit Pooled(Record one)
        : record(std::move(one)),
          title(squeezed_key(bibtex::title_key(record.title))),
          abstract(record.abstract) {}

    Record record;
    std::string title;
    bibtex::AbstractKey abstract;
  };

  Session& session_;
  MatchAnswer& answer_;
  const FetchProgress& progress_;
  std::vector<Pooled> pool_;                    // each paper once
  std::set<std::string> pooled_;                // their ids
  std::size_t judged_ = 0;                      // so many of them were compared with all that was open
  std::vector<std::vector<std::size_t>> near_;  // for each item, those of the pool that it may mean
};

}  // namespace

std::vector<ArxivId> MatchAnswer::papers() const {
  std::vector<ArxivId> ids;
  std::set<std::string> seen;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const MatchedItem& item = items[i];
    const bool is_one = item.status == MatchStatus::found || item.status == MatchStatus::renamed;
    if (!is_one || !item.chosen.front().record.arxiv_id) continue;
    const ArxivId& id = *item.chosen.front().record.arxiv_id;
    if (!seen.insert(id.base()).second) continue;
    // A version that the list names is the one to cite.
    ids.push_back(item.road == MatchedItem::Road::id ? *list.items[i].arxiv_id : id.without_version());
  }
  return ids;
}

std::size_t MatchAnswer::count(MatchStatus status) const {
  return static_cast<std::size_t>(std::ranges::count(items, status, &MatchedItem::status));
}

std::size_t MatchAnswer::not_asked() const {
  return static_cast<std::size_t>(std::ranges::count(items, true, &MatchedItem::could_not_ask));
}

MatchAnswer match(Session& session, std::string_view text, const std::stop_token& stop,
                  const FetchProgress& progress) {
  return match(session, bibtex::read_reading_list(text), stop, progress);
}

MatchAnswer match(Session& session, bibtex::ReadingList list, const std::stop_token& stop,
                  const FetchProgress& progress) {
  MatchAnswer answer;
  answer.list = std::move(list);
  answer.items.resize(answer.list.items.size());
  session.papers();  // opens the cache, where what a search brings goes
  Matcher(session, answer, progress).run(stop);
  return answer;
}

}  // namespace bibsmith::plugin
