#include "plugin/session/harvest.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "fetchers/oai/oai_harvest.hpp"

namespace bibsmith::plugin {

namespace {

using fetchers::IndexError;
using fetchers::OaiHarvest;
using fetchers::RecordIndex;

// "DAY TOKEN": the last change that was seen, and what comes next.
struct Reached {
  Date day;
  std::string token;
};

Reached read_mark(const std::string& value) {
  const std::size_t space = value.find(' ');
  if (space == value.npos) return {};
  return {Date::parse(value.substr(0, space)).value_or(Date{}), value.substr(space + 1)};
}

class Harvest {
 public:
  Harvest(Session& session, RecordIndex& index, const HarvestRequest& request, HarvestAnswer& answer)
      : session_(session), index_(index), answer_(answer) {
    const std::string& url = session.settings().oai_url;
    done_mark_ = "harvested " + url + ' ' + request.set;
    going_mark_ = "harvest " + url + ' ' + request.set + ' ' + request.from.iso() + ' ' + request.until.iso();
    selection_.set = request.set;
    selection_.from = request.from;
    selection_.until = request.until;
  }

  tl::expected<void, IndexError> run(fetchers::Transport& transport, const std::stop_token& stop,
                                     const HarvestProgress& progress) {
    const auto done = index_.mark(done_mark_);
    if (!done) return tl::unexpected(done.error());
    if (!selection_.from.known()) selection_.from = Date::parse(*done).value_or(Date{});
    const auto going = index_.mark(going_mark_);
    if (!going) return tl::unexpected(going.error());
    Reached reached = read_mark(*going);
    day_ = reached.day;
    answer_.resumed = !reached.token.empty();
    std::optional<OaiHarvest> list(begin(transport, std::move(reached.token)));
    bool began_anew = false;
    while (!list->is_at_end()) {
      auto page = list->next(stop);
      const bool is_token_old =
          !page && page.error().code == FetchError::Code::rejected && list->resumption_token().has_value();
      if (is_token_old && !began_anew) {
        began_anew = true;
        if (day_.known()) selection_.from = day_;
        list.emplace(begin(transport, {}));
        continue;
      }
      if (!page) {
        answer_.error = page.error();
        return {};
      }
      if (!*page) break;
      if (auto kept = keep(**page, *list); !kept) return kept;
      if (progress) progress(answer_.records, std::nullopt);
    }
    answer_.finished = true;
    return finish();
  }

 private:
  OaiHarvest begin(fetchers::Transport& transport, std::string token) {
    answer_.from = selection_.from;
    const std::string& url = session_.settings().oai_url;
    return token.empty() ? OaiHarvest(transport, session_.clock(), selection_, url)
                         : OaiHarvest(transport, session_.clock(), selection_, url, std::move(token));
  }

  tl::expected<void, IndexError> keep(fetchers::OaiPage& page, const OaiHarvest& list) {
    std::vector<Record> records;
    for (fetchers::OaiRecord& one : page.records) {
      day_ = std::max(day_, one.datestamp);
      if (one.is_deleted) ++answer_.deleted;
      if (one.record) records.push_back(*std::move(one.record));
    }
    ++answer_.pages;
    answer_.records += records.size();
    const auto token = list.resumption_token();
    return index_.add(records,
                      RecordIndex::Mark{going_mark_, token && day_.known() ? day_.iso() + ' ' + *token : ""});
  }

  tl::expected<void, IndexError> finish() {
    if (auto done = index_.add({}, RecordIndex::Mark{going_mark_, ""}); !done) return done;
    // A span that ends before today leaves the rest for the next time.
    const Date day = selection_.until.known() ? std::min(day_, selection_.until) : day_;
    if (!day.known()) return {};
    return index_.add({}, RecordIndex::Mark{done_mark_, day.iso()});
  }

  Session& session_;
  RecordIndex& index_;
  HarvestAnswer& answer_;
  fetchers::OaiSelection selection_;
  std::string done_mark_;
  std::string going_mark_;
  Date day_;  // of the last change that was seen
};

}  // namespace

tl::expected<HarvestAnswer, std::string> harvest(Session& session, const HarvestRequest& request,
                                                 const std::stop_token& stop,
                                                 const HarvestProgress& progress) {
  HarvestAnswer answer;
  fetchers::Transport* const transport = session.harvest_transport();
  if (transport == nullptr) {
    answer.error = FetchError{.code = FetchError::Code::offline,
                              .message = "a harvest needs arXiv, and offline mode forbids to ask"};
    return answer;
  }
  const auto index = session.open_index();
  if (!index) return tl::unexpected(index.error().message);
  const auto done = Harvest(session, **index, request, answer).run(*transport, stop, progress);
  if (!done) return tl::unexpected(done.error().message);
  return answer;
}

}  // namespace bibsmith::plugin
