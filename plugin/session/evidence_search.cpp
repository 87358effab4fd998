#include "plugin/session/evidence_search.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "fetchers/dblp/dblp_fetcher.hpp"
#include "fetchers/record/query_words.hpp"
#include "plugin/session/claim_queries.hpp"
#include "plugin/session/index_evidence.hpp"
#include "plugin/session/title_sources.hpp"

namespace bibsmith::plugin {

namespace {

using bibtex::Claim;
using bibtex::DoiStatus;
using bibtex::Question;
using bibtex::SourceAnswer;
using Status = bibtex::SourceAnswer::Status;

constexpr std::string_view arxiv_source = "arxiv-atom";
// A source is left out after that many answers in a row that were none.
constexpr int failures_max = 3;
// Of what a search finds; the work that was meant is among the first, or not there.
constexpr std::size_t candidates_max = 10;

// One call of search_evidence().
class Search {
 public:
  Search(Session& session, std::span<const Claim> claims, const bibtex::JudgeOptions& options,
         std::stop_token stop, const FetchProgress& progress)
      : session_(session),
        claims_(claims),
        options_(options),
        stop_(std::move(stop)),
        progress_(progress),
        found_(claims.size()),
        from_index_(claims.size(), 0),
        is_judged_(claims.size(), false),
        open_(claims.size(), true) {}

  std::vector<FoundEvidence> run() {
    session_.hurry();
    look_up_in_index();
    look_up_arxiv_ids();
    look_up_dois();
    for (std::size_t i = 0; i < claims_.size(); ++i) judge(i);
    std::vector<std::vector<std::string_view>> sources;
    std::size_t rounds = 0;
    for (const Claim& claim : claims_) {
      sources.push_back(title_sources(claim));
      std::erase_if(sources.back(), [&](std::string_view source) { return !session_.may_ask(source); });
      rounds = std::max(rounds, sources.back().size());
    }
    for (std::size_t round = 0; round < rounds; ++round) look_up_titles(sources, round);
    for (std::size_t i = 0; i < claims_.size(); ++i) {
      look_further(i, sources[i]);
      close(i);
    }
    return std::move(found_);
  }

 private:
  // With the version that is cited: another one may have another title, and other authors.
  static std::optional<ArxivId> paper_of(const Claim& claim) {
    if (claim.arxiv_id) return claim.arxiv_id;
    if (claim.doi && claim.doi->arxiv_id()) return claim.doi->arxiv_id()->without_version();
    return std::nullopt;
  }

  static Question question_of(const Claim& claim) {
    const bool is_own =
        claim.doi && claim.doi->arxiv_id() && claim.doi->arxiv_id()->base() == paper_of(claim)->base();
    return is_own ? Question::doi : Question::arxiv_id;
  }

  void add_record(std::size_t i, Record record, Question question) {
    if (record.title.empty()) return;
    FoundEvidence& found = found_[i];
    // What the source says today goes before what the index has of it.
    for (std::size_t k = 0; k < from_index_[i]; ++k) {
      if (!is_same_record(found.records[k], record)) continue;
      found.records[k] = std::move(record);
      if (question != Question::title) found.evidence.candidates[k].found_by = question;
      return;
    }
    found.records.push_back(std::move(record));
    found.evidence.candidates.push_back({&found.records.back(), question});
  }

  static bool is_same_record(const Record& a, const Record& b) {
    return a.origins.front().source == b.origins.front().source && a.arxiv_id == b.arxiv_id &&
           a.dois == b.dois && a.title == b.title;
  }

  // One answer for a source and a question: the first, unless it is asked in another way and then finds
  // something.
  void add_answer(std::size_t i, std::string_view source, Question question, Status status,
                  std::string detail = {}, bool is_complete = false) {
    std::vector<SourceAnswer>& answers = found_[i].evidence.answers;
    const auto known = std::ranges::find_if(answers, [&](const SourceAnswer& answer) {
      return answer.source == source && answer.question == question;
    });
    if (known == answers.end()) {
      answers.push_back({std::string(source), question, status, std::move(detail), is_complete});
    } else if (status == Status::found) {
      known->status = status;
      known->detail.clear();
      known->is_complete = false;
    }
  }

  // Closes what the index confirms in all that it says. An accusation needs another look: the index may be
  // old, or have one of two forms of a work.
  void look_up_in_index() {
    fetchers::RecordIndex* const index = session_.kept_index();
    if (index == nullptr) return;
    const auto held = index->reading();
    for (std::size_t i = 0; i < claims_.size(); ++i) {
      auto candidates = index_candidates(*index, claims_[i]);
      if (!candidates) return session_.warn(candidates.error().message + "; going on without it");
      if (candidates->empty()) continue;
      for (IndexedCandidate& candidate : *candidates) {
        add_record(i, std::move(candidate.record), candidate.found_by);
      }
      from_index_[i] = found_[i].records.size();
      judge(i);
    }
  }

  // The claims that cite a paper, or a version of it.
  using Citing = std::map<ArxivId, std::vector<std::size_t>>;

  void look_up_arxiv_ids() {
    Citing named;
    for (std::size_t i = 0; i < claims_.size(); ++i) {
      const auto id = paper_of(claims_[i]);
      if (id && open_[i]) named[*id].push_back(i);
    }
    // Asked together, a paper and its newest version are one answer, which does not tell that it is the
    // newest.
    Citing later;
    for (auto place = named.begin(); place != named.end();) {
      const auto here = place++;
      const ArxivId& id = here->first;
      if (id.version() && named.contains(id.without_version())) later.insert(named.extract(here));
    }
    // That there is no such version does not say that there is no such paper.
    for (const Citing* const round : {&named, &later}) ask_arxiv(ask_arxiv(*round));
  }

  // Returns, without their versions, those of which there is no such version.
  Citing ask_arxiv(const Citing& named) {
    std::vector<ArxivId> ids;
    for (const auto& [id, places] : named) ids.push_back(id);
    if (ids.empty()) return {};
    const FetchResult result = session_.papers().fetch(ids, stop_, {});
    std::set<ArxivId> without_record(result.not_found.begin(), result.not_found.end());
    for (const FetchResult::Failure& failure : result.failures) without_record.insert(failure.id);
    std::erase_if(ids, [&](const ArxivId& id) { return without_record.contains(id); });
    // The records stand in the order asked.
    for (std::size_t k = 0; k < std::min(ids.size(), result.records.size()); ++k) {
      const Record& record = result.records[k];
      if (!record.arxiv_id || !same_paper(*record.arxiv_id, ids[k])) continue;
      for (const std::size_t i : named.at(ids[k])) {
        add_answer(i, record.origins.front().source, question_of(claims_[i]), Status::found);
        add_record(i, record, question_of(claims_[i]));
        if (question_of(claims_[i]) == Question::doi) found_[i].evidence.doi = DoiStatus::registered;
      }
    }
    Citing papers;
    for (const ArxivId& id : result.not_found) {
      const auto asked = named.find(id);
      if (asked == named.end()) continue;
      for (const std::size_t i : asked->second) {
        if (id.version()) {
          papers[id.without_version()].push_back(i);
        } else {
          add_answer(i, arxiv_source, Question::arxiv_id, Status::has_none, {}, true);
        }
      }
    }
    for (const FetchResult::Failure& failure : result.failures) {
      const FetchError& error = failure.by_source.empty() ? failure.error : failure.by_source.front().error;
      if (const auto asked = named.find(failure.id); asked != named.end()) {
        for (const std::size_t i : asked->second) {
          add_answer(i, arxiv_source, Question::arxiv_id, Status::could_not_ask, error.message);
        }
      }
      leave_out(arxiv_source, error);
    }
    return papers;
  }

  // Of arXiv's own DOIs those whose paper is not there yet: DataCite may know them all the same.
  void look_up_dois() {
    std::map<Doi, std::vector<std::size_t>> named;
    std::vector<Doi> dois;
    for (std::size_t i = 0; i < claims_.size(); ++i) {
      const auto& doi = claims_[i].doi;
      if (!doi || !open_[i] || found_[i].evidence.doi == DoiStatus::registered) continue;
      std::vector<std::size_t>& places = named[registered_form(*doi)];
      if (places.empty()) dois.push_back(registered_form(*doi));
      places.push_back(i);
    }
    if (dois.empty()) return;
    DoiResult result = session_.works().fetch(dois, stop_, {});
    for (const DoiResult::Found& found : result.found) {
      for (const std::size_t i : named[found.doi]) {
        found_[i].evidence.doi = DoiStatus::registered;
        // What arXiv registered it has, whatever its search says; and the cache asks for the paper no more.
        std::erase_if(found_[i].evidence.answers, is_none_of_arxiv);
        add_answer(i, found.record.origins.front().source, Question::doi, Status::found);
        add_record(i, found.record, Question::doi);
      }
    }
    for (DoiResult::Missing& missing : result.not_found) {
      std::ranges::sort(missing.said_by);  // the cache does not know who was asked first
      for (const std::size_t i : named[missing.doi]) {
        for (const std::string& source : missing.said_by)
          add_answer(i, source, Question::doi, Status::has_none);
        // arXiv's own word counts for its DOIs, which DataCite hears of late.
        const bool is_proof = missing.said_by.size() > 1 && !(missing.doi.arxiv_id() && !arxiv_has_none(i));
        if (is_proof) found_[i].evidence.doi = DoiStatus::unregistered;
      }
    }
    for (const DoiResult::Failure& failure : result.failures) {
      for (const SourceError& error : failure.errors) {
        for (const std::size_t i : named[failure.doi]) {
          add_answer(i, error.source.empty() ? "crossref" : error.source, Question::doi,
                     Status::could_not_ask, error.error.message);
        }
        leave_out(error.source, error.error);
      }
    }
  }

  // arXiv registers its DOIs without a version.
  static Doi registered_form(const Doi& doi) {
    const auto id = doi.arxiv_id();
    return id ? *Doi::parse("10.48550/arXiv." + id->base()) : doi;
  }

  static bool is_none_of_arxiv(const SourceAnswer& answer) {
    return answer.question == Question::arxiv_id && answer.status == Status::has_none;
  }

  bool arxiv_has_none(std::size_t i) const {
    return std::ranges::any_of(found_[i].evidence.answers, is_none_of_arxiv);
  }

  void look_up_titles(const std::vector<std::vector<std::string_view>>& sources, std::size_t round) {
    std::vector<std::size_t> for_arxiv;
    std::vector<TitleQuery> queries;
    for (std::size_t i = 0; i < claims_.size(); ++i) {
      if (!open_[i] || round >= sources[i].size()) continue;
      if (sources[i][round] == arxiv_source) {
        for_arxiv.push_back(i);
        queries.push_back({claims_[i].title, {}});
      } else {
        look_up(i, sources[i][round], {claims_[i].title, {}});
      }
    }
    if (for_arxiv.empty()) return;
    std::vector<TitleAnswer> answers(queries.size(), tl::unexpected(FetchError{}));
    if (const auto left_out = left_out_.find(arxiv_source); left_out != left_out_.end()) {
      for (TitleAnswer& answer : answers) answer = tl::unexpected(left_out->second);
    } else {
      answers = session_.works().find_in_arxiv(queries, stop_);
    }
    for (std::size_t k = 0; k < for_arxiv.size(); ++k)
      take(for_arxiv[k], arxiv_source, std::move(answers[k]));
  }

  void look_up(std::size_t i, std::string_view source, const TitleQuery& query) {
    if (const auto left_out = left_out_.find(source); left_out != left_out_.end()) {
      // What the cache knows is an answer all the same.
      if (auto known = session_.works().known(source, query)) return take(i, source, *std::move(known));
      return take(i, source, tl::unexpected(left_out->second));
    }
    take(i, source, session_.works().find_in(source, query, stop_));
  }

  // What no source has by its title, DBLP may have all the same: by the title that the DOI leads to, by half
  // of the words, by its authors. That it is the work under another title is for the judge to see.
  void look_further(std::size_t i, const std::vector<std::string_view>& sources) {
    const bool is_of_dblp = std::ranges::find(sources, fetchers::dblp_source) != sources.end();
    if (!open_[i] || !is_of_dblp) return;
    if (const std::string title = title_without_authors(found_[i]); !title.empty())
      return look_up(i, fetchers::dblp_source, {title, {}});
    if (!found_[i].verdict.same_work.empty()) return;
    const TitleQuery near_or_names{claims_[i].title, two_names(claims_[i]), true};
    if (!query_words(near_or_names).empty()) return look_up(i, fetchers::dblp_source, near_or_names);
    const std::string authors = words_of_authors(claims_[i]);
    if (!authors.empty()) look_up(i, fetchers::dblp_source, {authors, {}});
    const TitleQuery near{claims_[i].title, {}, true};
    const bool is_found = !found_[i].verdict.same_work.empty();
    if (!is_found && !query_words(near).empty()) look_up(i, fetchers::dblp_source, near);
  }

  // Some registrants tell their agency no more than the title. Empty: it has told who wrote it too.
  static std::string title_without_authors(const FoundEvidence& found) {
    for (const bibtex::Candidate& candidate : found.evidence.candidates) {
      if (candidate.found_by == Question::doi && candidate.record->authors.empty())
        return candidate.record->title;
    }
    return {};
  }

  void take(std::size_t i, std::string_view source, TitleAnswer answer) {
    std::size_t taken = 0;
    if (!answer) {
      add_answer(i, source, Question::title, Status::could_not_ask, answer.error().message);
      if (!left_out_.contains(source)) leave_out(source, answer.error());
    } else {
      failures_[std::string(source)] = 0;
      for (Record& record : *answer) {
        if (taken == candidates_max || !may_be_meant(claims_[i], record)) continue;
        add_record(i, std::move(record), Question::title);
        ++taken;
      }
      add_answer(i, source, Question::title, taken > 0 ? Status::found : Status::has_none);
    }
    // That a source has no such work settles nothing but what is known of a work that was found.
    const bool is_news = taken > 0 || (answer && !found_[i].verdict.same_work.empty());
    if (is_news) judge(i);
    is_judged_[i] = is_news;
  }

  // No more questions to a source that is out, or has answered badly a few times in a row.
  void leave_out(std::string_view source, const FetchError& error) {
    if (source.empty()) return;
    const bool concerns_all =
        error.code == FetchError::Code::offline || error.code == FetchError::Code::unreachable ||
        error.code == FetchError::Code::rate_limited || error.code == FetchError::Code::cancelled;
    if (concerns_all || ++failures_[std::string(source)] >= failures_max) {
      left_out_.emplace(std::string(source), error);
    }
  }

  void judge(std::size_t i) {
    found_[i].verdict = bibtex::judge(claims_[i], found_[i].evidence, options_);
    is_judged_[i] = true;
    const bool was_asked = !found_[i].evidence.answers.empty();
    const bool is_confirmed = found_[i].verdict.kind == bibtex::VerdictKind::verified;
    if ((was_asked || is_confirmed) && is_settled(found_[i])) close(i);
  }

  // The work is there, and all that the reference says of it that most sources know was compared. Two sources
  // that have the work and cannot tell the rest are enough: a third will hardly do better.
  static bool is_settled(const FoundEvidence& found) {
    using bibtex::ClaimField;
    using Outcome = bibtex::FieldFinding::Outcome;
    const bibtex::Verdict& verdict = found.verdict;
    if (verdict.same_work.empty()) return false;
    bool is_title_wrong = false;
    std::set<std::string_view> sources;
    for (const std::size_t k : verdict.same_work) sources.insert(found.records[k].origins.front().source);
    for (const bibtex::FieldFinding& finding : verdict.fields) {
      const bool is_common = finding.field == ClaimField::venue || finding.field == ClaimField::year;
      const bool is_vital = finding.field == ClaimField::title || finding.field == ClaimField::author;
      if (is_vital && finding.outcome == Outcome::not_compared) return false;
      if (is_common && finding.outcome == Outcome::not_compared && sources.size() < 2) return false;
      if (finding.field == ClaimField::title && finding.outcome == Outcome::contradicted)
        is_title_wrong = true;
    }
    return !is_title_wrong || is_sure_of_title(found.evidence);
  }

  // There may be another work of just this title. Where the reference's own identifier leads to the near one,
  // one search that was answered is enough to say no; else all have to be asked.
  static bool is_sure_of_title(const bibtex::Evidence& evidence) {
    const bool has_own = std::ranges::any_of(evidence.candidates, [](const bibtex::Candidate& candidate) {
      return candidate.found_by != Question::title;
    });
    return has_own && std::ranges::any_of(evidence.answers, [](const SourceAnswer& answer) {
             return answer.question == Question::title &&
                    (answer.status == Status::found || answer.status == Status::has_none);
           });
  }

  void close(std::size_t i) {
    if (!open_[i]) return;
    if (!is_judged_[i]) found_[i].verdict = bibtex::judge(claims_[i], found_[i].evidence, options_);
    open_[i] = false;
    if (progress_) progress_(++closed_, claims_.size());
  }

  Session& session_;
  std::span<const Claim> claims_;
  bibtex::JudgeOptions options_;
  std::stop_token stop_;
  const FetchProgress& progress_;

  std::vector<FoundEvidence> found_;
  std::vector<std::size_t> from_index_;  // so many of the records, the first ones
  std::vector<bool> is_judged_;          // with all that its evidence has
  std::vector<bool> open_;
  std::size_t closed_ = 0;
  std::map<std::string, FetchError, std::less<>> left_out_;
  std::map<std::string, int, std::less<>> failures_;
};

}  // namespace

std::vector<FoundEvidence> search_evidence(Session& session, std::span<const Claim> claims,
                                           const bibtex::JudgeOptions& options, std::stop_token stop,
                                           const FetchProgress& progress) {
  return Search(session, claims, options, std::move(stop), progress).run();
}

}  // namespace bibsmith::plugin
