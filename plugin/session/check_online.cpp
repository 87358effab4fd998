#include "plugin/session/check_online.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "bibtex/compare/matcher.hpp"
#include "bibtex/compare/work_comparison.hpp"
#include "bibtex/model/latex.hpp"
#include "bibtex/model/macros.hpp"
#include "plugin/session/update.hpp"

namespace bibsmith::plugin {

namespace {

using bibtex::Block;
using bibtex::Document;
using bibtex::Severity;
using bibtex::UpdateStatus;

constexpr std::array codes = std::to_array<std::string_view>(
    {"online.withdrawn", "online.other-work", "online.doi-other-work", "online.not-found", "online.published",
     "online.superseded", "online.title-differs", "online.authors-differ"});

// The finding that a planned update of an entry comes to.
std::optional<bibtex::Diagnostic> finding_of(const bibtex::EntryUpdate& entry, bibtex::Span place) {
  const std::string id = entry.arxiv_id ? entry.arxiv_id->str() : std::string();
  if (entry.status == UpdateStatus::withdrawn) {
    return bibtex::Diagnostic{"online.withdrawn", Severity::warning, place,
                              "arXiv:" + id + " has been withdrawn"};
  }
  if (entry.status == UpdateStatus::not_found) {
    return bibtex::Diagnostic{"online.not-found", Severity::warning, place, "arXiv has no paper " + id};
  }
  if (entry.reason == "skip.other-work") {
    return bibtex::Diagnostic{"online.other-work", Severity::warning, place, entry.message};
  }
  if (entry.status == UpdateStatus::published || entry.reason.starts_with("keep.")) {
    std::string where;
    for (const bibtex::FieldUpdate& field : entry.fields) {
      if (field.name == "journal" || field.name == "journaltitle" || field.name == "booktitle")
        where = ": " + field.new_text;
    }
    return bibtex::Diagnostic{
        "online.published", Severity::note, place,
        "arXiv:" + id + " has been published since" + where + "; 'bibsmith update' writes it"};
  }
  return std::nullopt;
}

std::vector<bibtex::Diagnostic> plan_findings(const bibtex::UpdatePlan& plan, const Document& document) {
  std::vector<bibtex::Diagnostic> found;
  for (const bibtex::EntryUpdate& entry : plan.entries) {
    const bibtex::Span place = document.block(entry.block).key;
    if (auto finding = finding_of(entry, place)) found.push_back(std::move(*finding));
    for (const auto& [code, message] : entry.findings) {
      if (code == "update.title-differs")
        found.push_back({"online.title-differs", Severity::note, place, message});
      if (code == "update.authors-differ")
        found.push_back({"online.authors-differ", Severity::note, place, message});
    }
  }
  return found;
}

std::uint16_t newest_version(const Record& record) {
  std::uint16_t newest = record.arxiv_id ? record.arxiv_id->version().value_or(0) : std::uint16_t{0};
  for (const Version& version : record.versions) newest = std::max(newest, version.number);
  return newest;
}

// Versions that entries name, each held against the newest one of the paper.
std::vector<bibtex::Diagnostic> version_findings(Session& session, const Document& document,
                                                 std::stop_token stop, std::set<std::string>& unasked) {
  const bibtex::Macros macros(document);
  std::vector<bibtex::Diagnostic> found;
  std::map<std::string, std::vector<Block>> named;  // entries, by the id without version
  std::vector<ArxivId> papers;
  for (const Block& entry : document.entries()) {
    const bibtex::EntryIdentity identity = bibtex::identify(document, macros, entry);
    if (!identity.pinned || identity.other) continue;
    std::vector<Block>& entries = named[identity.arxiv_id->base()];
    if (entries.empty()) papers.push_back(identity.arxiv_id->without_version());
    entries.push_back(entry);
  }
  if (papers.empty()) return found;
  const FetchResult current = session.papers().fetch(papers, std::move(stop), {});
  for (const FetchResult::Failure& failure : current.failures) unasked.insert(failure.error.message);
  for (const Record& record : current.records) {
    const std::uint16_t newest = newest_version(record);
    for (const Block& entry : named[record.arxiv_id->base()]) {
      const std::uint16_t cited = *bibtex::identify(document, macros, entry).arxiv_id->version();
      if (newest <= cited) continue;
      const auto compared = bibtex::compare_work(bibtex::work_said(document, macros, entry), record);
      std::string message = 'v' + std::to_string(cited) + " is cited, arXiv has v" + std::to_string(newest);
      using Outcome = bibtex::WorkComparison::Outcome;
      if (compared.title == Outcome::failed) message += ", titled '" + record.title.substr(0, 80) + '\'';
      if (compared.first_author == Outcome::failed || compared.authors == Outcome::failed) {
        message += ", with other authors";
      }
      found.push_back({"online.superseded", Severity::note, entry.key, std::move(message)});
    }
  }
  return found;
}

// DOIs of publications, each held against what its entry says.
std::vector<bibtex::Diagnostic> doi_findings(Session& session, const Document& document, std::stop_token stop,
                                             std::set<std::string>& unasked) {
  const bibtex::Macros macros(document);
  struct Cited {
    Block entry;
    bibtex::Span place;
  };
  std::map<Doi, std::vector<Cited>> cited;
  std::vector<Doi> dois;
  for (const Block& entry : document.entries()) {
    const bibtex::EntryIdentity identity = bibtex::identify(document, macros, entry);
    const auto field = document.find_field(entry, "doi");
    if (!identity.doi || !field) continue;
    if (cited[*identity.doi].empty()) dois.push_back(*identity.doi);
    cited[*identity.doi].push_back({entry, field->value});
  }
  std::vector<bibtex::Diagnostic> found;
  if (dois.empty()) return found;
  const DoiResult works = session.works().fetch(dois, std::move(stop), {});
  for (const DoiResult::Failure& failure : works.failures) {
    for (const SourceError& error : failure.errors) unasked.insert(error.source + ": " + error.error.message);
  }
  for (const DoiResult::Found& work : works.found) {
    for (const Cited& one : cited[work.doi]) {
      if (!bibtex::compare_work(bibtex::work_said(document, macros, one.entry), work.record).other_work())
        continue;
      found.push_back(
          {"online.doi-other-work", Severity::warning, one.place,
           work.doi.str() + " is '" + work.record.title.substr(0, 80) + "', another title by other authors"});
    }
  }
  return found;
}

// What stands between the delimiters of a value, as people read it.
std::string plain(std::string_view value) {
  if (value.size() >= 2 && (value.front() == '{' || value.front() == '"'))
    value = value.substr(1, value.size() - 2);
  return bibtex::to_unicode(value);
}

std::string label_of(const bibtex::EntryUpdate& entry, std::string_view code) {
  if (code == "online.withdrawn") return "withdrawn";
  if (code != "online.published") return {};
  std::string where;
  std::string year;
  for (const bibtex::FieldUpdate& field : entry.fields) {
    if (field.name == "journal" || field.name == "journaltitle" || field.name == "booktitle")
      where = plain(field.new_text);
    if (field.name == "year" || field.name == "date") year = plain(field.new_text).substr(0, 4);
  }
  if (where.empty()) return "published";
  return "published: " + where + (year.empty() ? "" : ' ' + year);
}

// The newest version of the paper of each entry, by its block.
std::map<std::uint32_t, std::uint16_t> newest_versions(Session& session, const Document& document,
                                                       std::stop_token stop) {
  const bibtex::Macros macros(document);
  std::map<std::string, std::vector<std::uint32_t>> named;
  std::vector<ArxivId> papers;
  for (const Block& entry : document.entries()) {
    const bibtex::EntryIdentity identity = bibtex::identify(document, macros, entry);
    if (!identity.arxiv_id || identity.other) continue;
    std::vector<std::uint32_t>& entries = named[identity.arxiv_id->base()];
    if (entries.empty()) papers.push_back(identity.arxiv_id->without_version());
    entries.push_back(entry.index);
  }
  std::map<std::uint32_t, std::uint16_t> newest;
  if (papers.empty()) return newest;
  for (const Record& record : session.papers().fetch(papers, std::move(stop), {}).records) {
    for (const std::uint32_t block : named[record.arxiv_id->base()]) newest[block] = newest_version(record);
  }
  return newest;
}

}  // namespace

std::span<const std::string_view> online_codes() { return codes; }

std::vector<std::string> check_online(Session& session, CheckAnswer& answer, const CheckFilter& filter,
                                      std::stop_token stop, const FetchProgress& progress) {
  UpdateRequest request;
  request.dry_run = true;
  Updater updater(session, request, stop, progress);
  std::vector<std::string> paths;
  for (const CheckedFile& file : answer.files) paths.push_back(file.path);
  updater.prefetch(paths);
  std::set<std::string> unasked;
  for (CheckedFile& file : answer.files) {
    const Document document = Document::parse(file.text);
    const auto plan = updater.plan(file.path, file.text);
    if (!plan) continue;  // why is a finding of the file already
    for (const bibtex::EntryUpdate& entry : plan->entries) {
      if (entry.status == UpdateStatus::could_not_ask) unasked.insert(entry.message);
    }
    std::vector<bibtex::Diagnostic> found = plan_findings(*plan, document);
    std::ranges::move(version_findings(session, document, stop, unasked), std::back_inserter(found));
    std::ranges::move(doi_findings(session, document, stop, unasked), std::back_inserter(found));
    std::erase_if(found, [&](const bibtex::Diagnostic& one) { return !filter.shows(one.code); });
    for (PlacedFinding& one : place(document, std::move(found))) file.findings.push_back(std::move(one));
    std::ranges::stable_sort(file.findings, {},
                             [](const PlacedFinding& one) { return one.diagnostic.span.begin; });
  }
  return {unasked.begin(), unasked.end()};
}

std::vector<EntryNews> entry_news(Session& session, const std::string& path, const std::string& text,
                                  std::stop_token stop) {
  const Document document = Document::parse(text);
  std::map<std::uint32_t, EntryNews> by_block;
  for (const auto& [block, version] : newest_versions(session, document, stop)) {
    by_block[block].newest_version = version;
    by_block[block].has_record = true;
  }
  UpdateRequest request;
  request.dry_run = true;
  std::set<std::string> unasked;  // of which an editor is not told
  std::vector<bibtex::Diagnostic> found = version_findings(session, document, stop, unasked);
  for (const bibtex::Diagnostic& one : found) {
    EntryNews& news = by_block[document.block_at(one.span.begin).index];
    news.label = 'v' + std::to_string(news.newest_version) + " available";
  }
  std::ranges::move(doi_findings(session, document, stop, unasked), std::back_inserter(found));
  if (const auto plan = Updater(session, request, stop, {}).plan(path, text)) {
    std::ranges::move(plan_findings(*plan, document), std::back_inserter(found));
    for (const bibtex::EntryUpdate& entry : plan->entries) {
      const auto finding = finding_of(entry, {});
      std::string label = finding ? label_of(entry, finding->code) : std::string();
      if (!label.empty()) by_block[entry.block].label = std::move(label);
    }
  }
  for (bibtex::Diagnostic& one : found) {
    by_block[document.block_at(one.span.begin).index].findings.push_back(std::move(one));
  }
  std::vector<EntryNews> all;
  for (auto& [block, news] : by_block) {
    news.key = document.text(document.block(block).key);
    if (!news.key.empty()) all.push_back(std::move(news));
  }
  return all;
}

}  // namespace bibsmith::plugin
