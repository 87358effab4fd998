#include "plugin/session/author.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <string_view>
#include <utility>

#include "bibtex/model/latex.hpp"
#include "bibtex/normalize/authors.hpp"
#include "bibtex/normalize/person.hpp"
#include "fetchers/profile/teaser.hpp"
#include "fetchers/record/orcid.hpp"
#include "plugin/session/author_corrections.hpp"
#include "plugin/session/author_facts.hpp"
#include "plugin/session/author_index.hpp"
#include "plugin/session/author_search.hpp"

namespace bibsmith::plugin {

namespace {

using fetchers::AttributedPaper;
using fetchers::AuthoredPaper;
using fetchers::Corrections;
using fetchers::NamedPaper;
using fetchers::PersonName;

constexpr std::uint32_t page_size = 500;
constexpr std::uint32_t neighbour_results_max = 200;
constexpr std::size_t neighbours_asked_max = 8;
constexpr std::size_t no_author = static_cast<std::size_t>(-1);

tl::unexpected<AuthorError> usage(std::string message) {
  return tl::unexpected(AuthorError{AuthorError::Code::usage, std::move(message)});
}

FetchError offline_error() {
  return {.code = FetchError::Code::offline,
          .message = "the page of an author id needs arXiv, and offline mode forbids to ask; give the name"};
}

bool is_newer(const Record& a, const Record& b) {
  if (a.published != b.published) return a.published > b.published;
  return a.arxiv_id > b.arxiv_id;
}

PersonName wanted_name(const bibtex::Name& name, const std::string& shown) {
  Record record;
  Author& author = record.authors.emplace_back();
  author.name = shown;
  author.family = name.prefix.empty() ? name.family : name.prefix + ' ' + name.family;
  author.given = name.given;
  author.suffix = name.suffix;
  std::vector<PersonName> names = person_names(record);
  return names.empty() ? PersonName{} : std::move(names.front());
}

std::vector<std::string> ids_of(std::span<const ArxivId> ids) {
  std::vector<std::string> texts;
  for (const ArxivId& id : ids) texts.push_back(id.str());
  return texts;
}

// The name that most papers have among their authors; of equal ones the first.
std::string name_of_most(const std::vector<AuthoredPaper>& papers) {
  std::map<std::string, std::size_t> counts;
  std::string best;
  for (const AuthoredPaper& paper : papers) {
    std::set<std::string> here;
    for (const PersonName& author : paper.authors) {
      if (!author.is_organisation && here.insert(author.shown).second) ++counts[author.shown];
    }
  }
  for (const AuthoredPaper& paper : papers) {
    for (const PersonName& author : paper.authors) {
      const auto count = counts.find(author.shown);
      if (count != counts.end() && (best.empty() || count->second > counts.at(best))) best = author.shown;
    }
  }
  return best;
}

class AuthorWork {
 public:
  AuthorWork(Session& session, const AuthorRequest& request, const std::stop_token& stop,
             const FetchProgress& progress)
      : session_(session), request_(request), stop_(stop), progress_(progress) {
    answer_.asked = request.who;
  }

  tl::expected<AuthorAnswer, AuthorError> run() {
    if (auto read = read_corrections_of_request(); !read) return tl::unexpected(read.error());
    const std::string orcid = orcid_in(request_.who);
    if (!request_.ids.empty()) {
      if (!request_.theirs.empty() || !request_.not_theirs.empty()) {
        return usage("a list of papers is taken as it is: nothing is included or excluded");
      }
      take_listed(request_.ids);
    } else if (!orcid.empty() || is_author_id(request_.who)) {
      if (auto taken = take_feed(orcid.empty() ? request_.who : orcid); !taken) {
        return tl::unexpected(taken.error());
      }
    } else if (auto searched = search_by_name(); !searched) {
      return tl::unexpected(searched.error());
    }
    if (answer_.profile.name.empty()) answer_.profile.name = request_.who;
    if (request_.similar && !answer_.papers.empty()) find_similar();
    return std::move(answer_);
  }

 private:
  tl::expected<void, AuthorError> read_corrections_of_request() {
    for (const auto& [texts, ids] : {std::pair{&request_.theirs, &asked_corrections_.theirs},
                                     std::pair{&request_.not_theirs, &asked_corrections_.not_theirs}}) {
      for (const std::string& text : *texts) {
        const auto id = ArxivId::parse(text);
        if (!id) return usage("'" + text + "' is no arXiv id: " + id.error().message);
        ids->insert(id->base());
      }
    }
    for (const std::string& id : asked_corrections_.theirs) {
      if (asked_corrections_.not_theirs.contains(id)) return usage(id + " cannot be both theirs and not");
    }
    return {};
  }

  // Enters what the user says now, and gives all that was said of that name.
  tl::expected<Corrections, AuthorError> keep_asked(const std::string& name) {
    const std::string path = corrections_path(session_.settings().state_dir);
    const auto failed = [](const FileError& error) {
      return tl::unexpected(AuthorError{AuthorError::Code::file, error.message});
    };
    if (!asked_corrections_.theirs.empty() || !asked_corrections_.not_theirs.empty()) {
      const auto kept = keep_corrections(path, name, asked_corrections_, session_.change_context(stop_));
      if (!kept) return failed(kept.error());
    }
    auto known = read_corrections(path, name);
    if (!known) return failed(known.error());
    return *std::move(known);
  }

  // Papers whose author is known: listed by the user, or claimed by the author.
  void take_listed(std::span<const std::string> ids) {
    CiteAnswer cited = cite_all(ids);
    std::vector<AuthoredPaper> facts;
    for (const CitedPaper& paper : cited.papers) {
      facts.push_back(authored_paper(*paper.record, &paper.normalized));
    }
    std::string shown = answer_.profile.name;
    if (shown.empty())
      shown = request_.ids.empty() || request_.who.empty() ? name_of_most(facts) : request_.who;
    wanted_ = wanted_name(bibtex::person_from_text(shown), shown);
    std::map<std::size_t, std::size_t> authors;
    for (const NamedPaper& one : papers_of_name(facts, wanted_)) authors.emplace(one.paper, one.author);
    std::vector<AttributedPaper> theirs;
    for (std::size_t i = 0; i < facts.size(); ++i) {
      const auto author = authors.find(i);
      theirs.push_back({{i, author == authors.end() ? no_author : author->second}, 1, {}});
    }
    finish(std::move(cited), std::move(facts), theirs);
    if (!shown.empty()) answer_.profile.name = shown;
  }

  tl::expected<void, AuthorError> take_feed(const std::string& author_id) {
    session_.papers();  // opens the cache
    fetchers::ArxivFetcher* arxiv = session_.arxiv();
    if (arxiv == nullptr) {
      answer_.error = offline_error();
      return {};
    }
    auto feed = arxiv->author_feed(author_id, stop_);
    if (!feed) {
      answer_.error = std::move(feed.error());
      return {};
    }
    if (!feed->exists) {
      return tl::unexpected(AuthorError{AuthorError::Code::no_such_author,
                                        "arXiv has no page of an author " + author_id +
                                            " (authors choose whether to have one); give the name"});
    }
    const auto corrections = keep_asked(author_id);
    if (!corrections) return tl::unexpected(corrections.error());
    std::erase_if(feed->ids, [&](const ArxivId& id) { return corrections->not_theirs.contains(id.base()); });
    std::vector<std::string> ids = ids_of(feed->ids);
    for (const std::string& id : corrections->theirs) {
      if (std::ranges::find(ids, id) == ids.end()) ids.push_back(id);
    }
    answer_.searched = answer_.matching = feed->ids.size();
    answer_.profile.name = feed->name;
    take_listed(ids);
    return {};
  }

  tl::expected<void, AuthorError> search_by_name() {
    const bibtex::Name name = bibtex::person_from_text(request_.who);
    const auto query = search_for_person(name);
    wanted_ = wanted_name(name, request_.who);
    if (!query || (wanted_.family.empty() && !wanted_.is_organisation)) {
      return usage("'" + request_.who +
                   "' is no name: give one as in \"Jason D. Lee\", an arXiv author id or an ORCID");
    }
    const auto corrections = keep_asked(corrections_name(wanted_));
    if (!corrections) return tl::unexpected(corrections.error());

    answer_.is_local = session_.settings().offline;
    fetchers::SearchResult found = answer_.is_local
                                       ? search_index_for(session_, indexed_names(name), author_results_max)
                                       : search(*query, author_results_max, page_size);
    answer_.searched = found.records.size();
    answer_.matching = found.total_results;
    answer_.error = std::move(found.error);
    std::vector<Record>& records = found.records;
    add_missing(*corrections, records);
    std::ranges::stable_sort(records, is_newer);
    std::vector<AuthoredPaper> facts;
    for (const Record& record : records) facts.push_back(authored_paper(record, nullptr));
    std::vector<fetchers::PersonPapers> people = fetchers::tell_apart(facts, wanted_, *corrections);
    add_foreign(*corrections, facts, people.front());
    for (std::size_t i = 1; i < people.size(); ++i) {
      std::vector<NamedPaper> named;
      Namesake& other = answer_.namesakes.emplace_back();
      for (const AttributedPaper& paper : people[i].papers) {
        named.push_back(paper.named);
        other.ids.push_back(facts[paper.named.paper].id);
      }
      other.profile = fetchers::profile_of(facts, named);
    }
    cite_person(people.front(), facts);
    return {};
  }

  // What the user called theirs, and the search did not find.
  void add_missing(const Corrections& corrections, std::vector<Record>& records) {
    std::vector<ArxivId> missing;
    for (const std::string& text : corrections.theirs) {
      const bool is_there = std::ranges::any_of(
          records, [&](const Record& record) { return record.arxiv_id && record.arxiv_id->base() == text; });
      if (!is_there) missing.push_back(*ArxivId::parse(text));
    }
    if (missing.empty()) return;
    FetchResult fetched = session_.papers().fetch(missing, stop_);
    for (const Record& record : fetched.records) records.push_back(record);
    answer_.not_found = std::move(fetched.not_found);
    answer_.failures = std::move(fetched.failures);
  }

  // Papers that the user called theirs although no author has such a name.
  static void add_foreign(const Corrections& corrections, const std::vector<AuthoredPaper>& facts,
                          fetchers::PersonPapers& person) {
    for (std::size_t i = 0; i < facts.size(); ++i) {
      if (!corrections.theirs.contains(facts[i].id)) continue;
      const bool is_there = std::ranges::any_of(
          person.papers, [&](const AttributedPaper& paper) { return paper.named.paper == i; });
      if (!is_there) person.papers.push_back({{i, no_author}, 1, {{"user", "you said so", 8}}});
    }
    std::ranges::sort(person.papers, {}, [](const AttributedPaper& paper) { return paper.named.paper; });
  }

  void cite_person(const fetchers::PersonPapers& person, const std::vector<AuthoredPaper>& facts) {
    std::map<std::string, const AttributedPaper*> by_id;
    std::vector<std::string> ids;
    for (const AttributedPaper& paper : person.papers) {
      ids.push_back(facts[paper.named.paper].id);
      by_id.emplace(ids.back(), &paper);
    }
    if (ids.empty()) return;
    CiteAnswer cited = cite_all(ids);
    std::vector<AuthoredPaper> cited_facts;
    std::vector<AttributedPaper> theirs;
    for (const CitedPaper& paper : cited.papers) {
      const AttributedPaper& known = *by_id.at(paper.id.base());
      theirs.push_back({{cited_facts.size(), known.named.author}, known.certainty, known.reasons});
      cited_facts.push_back(authored_paper(*paper.record, &paper.normalized));
    }
    finish(std::move(cited), std::move(cited_facts), theirs);
  }

  CiteAnswer cite_all(std::span<const std::string> ids) {
    return cite(session_, ids, cite_options(session_.settings()), stop_, progress_);
  }

  void finish(CiteAnswer cited, std::vector<AuthoredPaper> facts,
              const std::vector<AttributedPaper>& theirs) {
    for (const AttributedPaper& paper : theirs) named_.push_back(paper.named);
    answer_.profile = fetchers::profile_of(facts, named_);
    answer_.statistics = fetchers::statistics_of(facts, named_);
    answer_.papers.reserve(theirs.size());
    for (std::size_t i = 0; i < theirs.size(); ++i) {
      CitedPaper& paper = cited.papers[i];
      std::string teaser = fetchers::teaser(paper.record->abstract);
      answer_.papers.push_back(
          {std::move(paper), facts[i].venue, std::move(teaser), theirs[i].certainty, theirs[i].reasons});
    }
    facts_ = std::move(facts);
    answer_.invalid = std::move(cited.invalid);
    std::ranges::move(cited.not_found, std::back_inserter(answer_.not_found));
    std::ranges::move(cited.failures, std::back_inserter(answer_.failures));
  }

  fetchers::SearchResult search(const fetchers::SearchQuery& query, std::uint32_t results_max,
                                std::uint32_t size) {
    session_.papers();  // opens the cache, where the results go
    fetchers::SearchOptions options;
    options.results_max = results_max;
    options.page_size = size;
    options.sort_by = fetchers::SortBy::submitted;
    fetchers::SearchResult found = session_.arxiv()->search(query, options, stop_);
    session_.keep_answers();
    return found;
  }

  // The works of those whom they write with most, and of whom those write with.
  void find_similar() {
    std::vector<std::string> neighbours;
    for (const fetchers::CoAuthor& one : answer_.statistics.co_authors) {
      if (neighbours.size() < neighbours_asked_max) neighbours.push_back(one.name);
    }
    const auto query = search_for_names(neighbours);
    if (!query) return;
    std::set<std::string> known;
    for (const AuthoredPaper& paper : facts_) known.insert(paper.id);
    for (const Namesake& other : answer_.namesakes) known.insert(other.ids.begin(), other.ids.end());
    fetchers::SearchResult found =
        session_.settings().offline
            ? search_index_for(session_, neighbours, neighbour_results_max / neighbours.size())
            : search(*query, neighbour_results_max, neighbour_results_max);
    answer_.similar_error = std::move(found.error);
    for (const Record& record : found.records) {
      AuthoredPaper paper = authored_paper(record, nullptr);
      if (known.insert(paper.id).second) facts_.push_back(std::move(paper));
    }
    answer_.similar = fetchers::similar_authors(facts_, named_);
  }

  Session& session_;
  const AuthorRequest& request_;
  const std::stop_token& stop_;
  const FetchProgress& progress_;
  Corrections asked_corrections_;
  PersonName wanted_;
  std::vector<AuthoredPaper> facts_;  // of the person's papers, then of the others'
  std::vector<NamedPaper> named_;     // the person's
  AuthorAnswer answer_;
};

}  // namespace

tl::expected<AuthorAnswer, AuthorError> author(Session& session, const AuthorRequest& request,
                                               const std::stop_token& stop, const FetchProgress& progress) {
  if (request.who.empty() && request.ids.empty()) {
    return usage("whose papers? give a name, an arXiv author id, an ORCID, or a list of papers");
  }
  return AuthorWork(session, request, stop, progress).run();
}

}  // namespace bibsmith::plugin
