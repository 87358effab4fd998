#include "plugin/session/update.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>
#include <thread>
#include <unordered_set>
#include <utility>

#include "bibtex/compare/work_comparison.hpp"
#include "bibtex/model/dialect.hpp"
#include "bibtex/model/name.hpp"
#include "bibtex/normalize/authors.hpp"
#include "bibtex/normalize/journal_form.hpp"
#include "bibtex/normalize/published.hpp"
#include "bibtex/syntax/document.hpp"
#include "bibtex/syntax/huge_pages.hpp"
#include "bibtex/update/planner.hpp"
#include "plugin/session/cite.hpp"
#include "plugin/session/draft_plans.hpp"
#include "plugin/session/file_change.hpp"
#include "plugin/session/search.hpp"
#include "plugin/session/undo.hpp"
#include "plugin/session/unified_diff.hpp"

namespace bibsmith::plugin {

namespace {

using bibtex::Document;

bibtex::UpdateOptions options_for(const Settings& settings, const UpdateRequest& request,
                                  const Document& document) {
  bibtex::UpdateOptions options;
  options.dialect = settings.dialect.value_or(bibtex::measure_dialect(document));
  options.encoding = settings.encoding.value_or(bibtex::measure_encoding(document, options.dialect));
  options.journals = settings.journals ? *settings.journals : bibtex::measure_journals(document);
  options.publish = request.publish && settings.published;
  options.overwrite = request.overwrite;
  options.only = request.only;
  options.fields = request.fields;
  options.keep = request.keep;
  return options;
}

bool changes(const bibtex::UpdatePlan& plan, std::string_view text) {
  return std::ranges::any_of(plan.entries, [&](const bibtex::EntryUpdate& entry) {
    return std::ranges::any_of(entry.edits, [&](const bibtex::FieldEdit& one) {
      return one.edit.span.in(text) != one.edit.new_text;
    });
  });
}

// What a record of arXiv's says of the work, to hold another source's record against.
bibtex::WorkSaid said_by(const Record& record) {
  bibtex::WorkSaid said;
  said.title = record.title;
  constexpr std::size_t authors_max = 100;
  const std::size_t count = std::min(record.authors.size(), authors_max);
  for (const bibtex::Name& name : bibtex::author_names(std::span(record.authors).first(count)).names) {
    said.families.push_back(name.is_literal()     ? name.literal
                            : name.prefix.empty() ? name.family
                                                  : name.prefix + ' ' + name.family);
  }
  return said;
}

}  // namespace

Updater::Updater(Session& session, UpdateRequest request, std::stop_token stop, FetchProgress progress)
    : session_(session),
      request_(std::move(request)),
      stop_(std::move(stop)),
      progress_(std::move(progress)) {}

Updater::~Updater() = default;

void Updater::prefetch(std::span<const std::string> paths) {
  std::vector<ArxivId> ids;
  for (const std::string& path : paths) {
    auto text = read_file(path);
    if (!text || !*text) continue;
    const Document document = Document::parse(*std::move(*text), std::thread::hardware_concurrency());
    for (const auto& question : bibtex::update_questions(document, request_.only)) {
      if (question.skip.empty()) ids.push_back(*question.identity.arxiv_id);
    }
  }
  ask(std::move(ids));
}

void Updater::ask(std::vector<ArxivId> ids) {
  for (std::size_t i = 0; i < asked_.size(); ++i)
    known_.emplace(std::move(asked_[i]), std::move(answers_[i]));
  asked_ = std::move(ids);
  // Of one file, nothing is known before: no table of thousands of ids stands between it and the first
  // request.
  if (known_.empty()) {
    answers_ = fetch(asked_);
    return;
  }
  std::vector<ArxivId> unknown;
  for (const ArxivId& id : asked_) {
    if (known_.try_emplace(id).second) unknown.push_back(id);
  }
  std::vector<Known> learnt = fetch(unknown);
  for (std::size_t i = 0; i < unknown.size(); ++i) known_[unknown[i]] = std::move(learnt[i]);
  answers_.clear();
  for (const ArxivId& id : asked_) answers_.push_back(known_[id]);
}

std::vector<Updater::Known> Updater::fetch(std::span<const ArxivId> ids) {
  std::vector<Known> all(ids.size());
  if (ids.empty()) return all;
  FetchResult fetched = session_.papers().fetch(ids, stop_, progress_);
  const std::unordered_set<ArxivId, ArxivIdHash> not_found(fetched.not_found.begin(),
                                                           fetched.not_found.end());
  std::unordered_map<ArxivId, const FetchError*, ArxivIdHash> failed;
  for (const FetchResult::Failure& failure : fetched.failures) failed.emplace(failure.id, &failure.error);
  // Records come in the order asked, without those that are in another list.
  auto record = fetched.records.pointers().begin();
  std::vector<RecordPointer*> records;
  records.reserve(fetched.records.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    Known& known = all[i];
    if (const auto failure = failed.find(ids[i]); failure != failed.end()) {
      const std::string& why = failure->second->message;
      known.could_not_ask = why.empty() ? "no answer" : why;
    } else if (not_found.contains(ids[i])) {
      known.not_found = true;
    } else if (record != fetched.records.pointers().end()) {
      known.record = *record++;
      records.push_back(&known.record);
    }
  }
  complete_publications(records);
  return all;
}

std::unique_ptr<DraftPlans> Updater::ask_and_draft(std::vector<ArxivId> ids,
                                                   const bibtex::UpdatePlanner& planner,
                                                   const std::vector<bibtex::EntryQuestion>& questions) {
  constexpr std::size_t worth_a_thread = 200;  // less is planned in a few milliseconds
  std::unique_ptr<DraftPlans> drafts;
  if (ids.size() >= worth_a_thread) {
    drafts = std::make_unique<DraftPlans>(planner, questions);
    session_.on_paper([&drafts](const RecordPointer& record) { drafts->arrived(record); });
  }
  ask(std::move(ids));
  if (drafts) session_.on_paper({});
  return drafts;
}

void Updater::complete_publications(const std::vector<RecordPointer*>& records) {
  if (!request_.publish || !session_.settings().published) return;
  std::vector<Doi> dois;
  std::map<Doi, std::vector<RecordPointer*>> by_doi;
  for (RecordPointer* const known : records) {
    const RecordPointer& record = *known;
    if (record->dois.empty() || record->withdrawn || bibtex::decide_published(*record).publication) continue;
    for (const Doi& doi : record->dois) {
      if (doi.arxiv_id()) continue;
      if (by_doi[doi].empty()) dois.push_back(doi);
      by_doi[doi].push_back(known);
      break;
    }
  }
  if (dois.empty()) return;
  DoiResult works = session_.works().fetch(dois, stop_, {});
  for (DoiResult::Found& found : works.found) {
    if (!found.record.publication || found.record.origins.empty()) continue;
    for (RecordPointer* const known : by_doi[found.doi]) {
      // A DOI of another paper, or a source that answers with another record, is not believed.
      const bibtex::WorkComparison compared = bibtex::compare_work(said_by(**known), found.record);
      if (!compared.same_work() && !compared.other_work()) continue;
      auto completed = std::make_shared<Record>(**known);
      if (compared.other_work()) {
        std::erase(completed->dois, found.doi);  // who registered it says that it is another's
        *known = std::move(completed);
        continue;
      }
      completed->publication = found.record.publication;
      completed->mark(RecordField::publication, found.record.origins.front());
      *known = std::move(completed);
    }
  }
}

void Updater::search(const Document& document, std::vector<bibtex::EntryQuestion>& questions) {
  const bibtex::Macros macros(document);
  for (bibtex::EntryQuestion& question : questions) {
    if (question.skip != "skip.no-id" || stop_.stop_requested()) continue;
    const bibtex::WorkSaid said = bibtex::work_said(document, macros, document.block(question.block));
    if (said.title.empty() || said.families.empty()) continue;
    Found& found = found_[said.title + '\n' + said.families.front()];
    if (!found.asked) {
      found.asked = true;
      SearchRequest request;
      request.title = said.title;
      request.author = said.families.front();
      request.results_max = 5;
      const auto result = plugin::search(session_, request, stop_);
      found.why = "arXiv has no paper of this title and author";
      if (!result || result->error) {
        found.why = "could not ask arXiv: " + (result ? result->error->message : result.error().message);
      } else {
        for (const Record& record : result->records) {
          const bibtex::WorkComparison compared = bibtex::compare_work(said, record);
          if (compared.same_work() && record.arxiv_id) {
            found.id = record.arxiv_id->without_version();
            break;
          }
          // Title, first author, authors and year must each pass.
          found.why = "arXiv's nearest, " + (record.arxiv_id ? record.arxiv_id->base() : "?") +
                      ", differs by " +
                      std::string(compared.failed().empty() ? "what it does not say" : compared.failed());
        }
      }
    }
    if (found.id) {
      question.skip = {};
      question.identity.arxiv_id = found.id;
      question.identity.said_by = "title and authors";
    } else {
      question.skip = "skip.no-match";
      question.message = found.why;
    }
  }
}

tl::expected<bibtex::UpdatePlan, FileError> Updater::plan(const std::string& path, const std::string& text) {
  return plan(path, Document::parse(bibtex::copy_of_large(text), std::thread::hardware_concurrency()));
}

tl::expected<bibtex::UpdatePlan, FileError> Updater::plan(const std::string& path, const Document& document) {
  for (const bibtex::Diagnostic& diagnostic : document.diagnostics()) {
    if (diagnostic.code == "syntax.utf-16" || diagnostic.code == "syntax.too-large") {
      return file_error(FileError::Code::refused, path + ": " + diagnostic.message);
    }
  }
  const WrittenValues written = last_written(path, session_.change_context());
  const auto measure = [&] {
    bibtex::UpdateOptions options = options_for(session_.settings(), request_, document);
    if (written.empty()) return options;
    options.last_written = [&written](std::string_view key,
                                      std::string_view field) -> std::optional<std::string> {
      const auto found = written.find({std::string(key), std::string(field)});
      return found == written.end() ? std::nullopt : std::optional(found->second);
    };
    return options;
  };

  std::vector<bibtex::EntryQuestion> questions = bibtex::update_questions(document, request_.only);
  if (request_.search) search(document, questions);
  std::vector<ArxivId> ids;
  ids.reserve(questions.size());
  for (const bibtex::EntryQuestion& question : questions) {
    if (question.skip.empty()) ids.push_back(*question.identity.arxiv_id);
  }
  const bibtex::UpdatePlanner planner(document, measure);
  drafts_.reset();
  std::unique_ptr<DraftPlans> drafts = ask_and_draft(std::move(ids), planner, questions);
  std::vector<bibtex::EntryAnswer> answers(questions.size());
  auto answer = answers_.begin();
  for (std::size_t i = 0; i < questions.size(); ++i) {
    if (!questions[i].skip.empty()) continue;
    const Known& known = *answer++;
    answers[i] = {known.record.get(), known.not_found, known.could_not_ask};
  }
  if (!drafts)
    return bibtex::plan_update(planner, questions, answers, bibtex::DraftedUpdates(questions.size()));
  auto plan = bibtex::plan_update(planner, questions, answers, drafts->take(answers));
  drafts_ = std::move(drafts);
  return plan;
}

tl::expected<UpdatedFile, FileError> Updater::update(const std::string& path) {
  UpdatedFile file;
  file.path = path;
  const auto make = [&](const FileText& text) -> tl::expected<std::vector<LabelledEdit>, FileError> {
    auto planned = plan(path, text.document());
    if (!planned) return tl::unexpected(planned.error());
    file.plan = std::move(*planned);
    file.stale = changes(file.plan, text.text());
    if (request_.diff) file.diff = unified_diff(path, text.text(), file.plan.edits());
    if (drafts_) return drafts_->take_labelled(file.plan);
    std::vector<LabelledEdit> edits;
    for (const bibtex::EntryUpdate& entry : file.plan.entries) append_labelled(entry, edits);
    return edits;
  };
  const auto not_there = [&path] {
    return file_error(FileError::Code::not_found, "there is no file " + path);
  };
  if (request_.dry_run) {
    auto text = read_file(path);
    if (!text) return tl::unexpected(text.error());
    if (!*text) return not_there();
    if (const auto planned = make(FileText::bib(**std::move(text))); !planned)
      return tl::unexpected(planned.error());
    return file;
  }
  // change_file() would make one.
  std::error_code error;
  if (std::filesystem::status(path, error).type() == std::filesystem::file_type::not_found)
    return not_there();
  session_.expect_requests();
  const auto changed = change_file(path, "update", session_.change_context(stop_), make);
  if (!changed) return tl::unexpected(changed.error());
  file.changed = *changed;
  return file;
}

}  // namespace bibsmith::plugin
