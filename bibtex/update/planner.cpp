#include "bibtex/update/planner.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <memory>
#include <utility>

#include "bibtex/edit/entry_edit.hpp"
#include "bibtex/model/document_entry.hpp"
#include "bibtex/model/macros.hpp"
#include "bibtex/normalize/published.hpp"
#include "bibtex/syntax/in_halves.hpp"
#include "bibtex/update/entry_planner.hpp"
#include "bibtex/update/left_alone.hpp"
#include "bibtex/write/style.hpp"

namespace bibsmith::bibtex {

std::string_view name_of(UpdateStatus status) {
  constexpr std::array<std::string_view, 7> names = {"unchanged", "updated",       "published", "withdrawn",
                                                     "not_found", "could_not_ask", "skipped"};
  return names[static_cast<std::size_t>(status)];
}

std::vector<TextEdit> UpdatePlan::edits() const {
  std::vector<TextEdit> all;
  for (const EntryUpdate& entry : entries) {
    for (const FieldEdit& one : entry.edits) all.push_back(one.edit);
  }
  return all;
}

UpdateCounts UpdatePlan::counts() const {
  UpdateCounts counts;
  for (const EntryUpdate& entry : entries) counts.add(entry.status);
  return counts;
}

namespace {

EntryQuestion question_of(const Document& document, const Macros& macros,
                          const std::set<std::uint32_t>& broken, std::uint32_t block) {
  const Block entry = document.block(block);
  EntryQuestion question{
      .block = block, .identity = identify(document, macros, entry), .skip = {}, .message = {}};
  const EntryIdentity& identity = question.identity;
  const auto skip = [&](std::string_view code, std::string message) {
    question.skip = code;
    question.message = std::move(message);
  };
  if (!identity.arxiv_id) {
    skip("skip.no-id", "");
  } else if (broken.contains(block)) {
    skip("skip.broken", "its text is not well formed, see bibsmith check");
  } else if (identity.other) {
    skip("skip.two-papers", std::string(identity.said_by) + " names " + identity.arxiv_id->str() + ", " +
                                std::string(identity.other->said_by) + " " + identity.other->arxiv_id.str());
  } else if (is_opted_out(document, macros, entry)) {
    skip("skip.opt-out", "");
  }
  return question;
}

}  // namespace

std::vector<EntryQuestion> update_questions(const Document& document, const std::set<std::string>& only) {
  const Macros macros(document);
  const std::set<std::uint32_t> broken = broken_blocks(document);
  std::vector<std::uint32_t> entries;
  for (const Block& entry : document.blocks()) {
    if (entry.kind != BlockKind::entry) continue;
    if (only.empty() || only.contains(std::string(document.text(entry.key)))) {
      entries.push_back(entry.index);
    }
  }
  std::vector<EntryQuestion> questions(entries.size());
  constexpr std::size_t worth_a_thread = 50'000;  // half a microsecond each
  in_halves(entries.size(), worth_a_thread, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      questions[i] = question_of(document, macros, broken, entries[i]);
    }
  });
  return questions;
}

struct UpdatePlanner::Parts {
  Parts(const Document& document, UpdateOptions chosen)
      : options(std::move(chosen)),
        macros(document),
        style(measure_style(document)),
        entries(document, macros, style, options) {}

  const UpdateOptions options;
  const Macros macros;
  const Style style;
  const EntryPlanner entries;
};

UpdatePlanner::UpdatePlanner(const Document& document, UpdateOptions options)
    : UpdatePlanner(document, [options = std::move(options)] { return options; }) {}
UpdatePlanner::UpdatePlanner(const Document& document, std::function<UpdateOptions()> measure)
    : document_(document), measure_(std::move(measure)) {}
UpdatePlanner::~UpdatePlanner() = default;

const UpdatePlanner::Parts& UpdatePlanner::parts() const {
  std::call_once(once_, [this] { parts_ = std::make_unique<const Parts>(document_, measure_()); });
  return *parts_;
}

void UpdatePlanner::make_ready() const { (void)parts(); }

EntryUpdate UpdatePlanner::plan(const EntryQuestion& question, const EntryAnswer& answer) const {
  const Block entry = document_.block(question.block);
  EntryUpdate update;
  update.block = question.block;
  update.key = std::string(document_.text(entry.key));
  update.arxiv_id = question.identity.arxiv_id;
  if (!question.skip.empty()) {
    update.status = UpdateStatus::skipped;
    update.reason = question.skip;
    update.message = question.message;
  } else if (answer.record != nullptr) {
    parts().entries.plan(entry, question.identity, *answer.record, update);
  } else if (answer.not_found) {
    update.status = UpdateStatus::not_found;
    update.message = "arXiv has no paper " + question.identity.arxiv_id->str();
  } else {
    update.status = UpdateStatus::could_not_ask;
    update.message = answer.could_not_ask;
  }
  return update;
}

UpdatePlan plan_update(const UpdatePlanner& planner, const std::vector<EntryQuestion>& questions,
                       const std::vector<EntryAnswer>& answers, DraftedUpdates drafts) {
  assert(questions.size() == answers.size());
  assert(questions.size() == drafts.updates.size());
  UpdatePlan plan;
  plan.entries = std::move(drafts.updates);
  constexpr std::size_t worth_a_thread = 500;
  in_halves(questions.size(), worth_a_thread, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      if (!drafts.is_made[i]) plan.entries[i] = planner.plan(questions[i], answers[i]);
    }
  });
  return plan;
}

UpdatePlan plan_update(const Document& document, const std::vector<EntryQuestion>& questions,
                       const std::vector<EntryAnswer>& answers, const UpdateOptions& options) {
  return plan_update(UpdatePlanner(document, options), questions, answers, DraftedUpdates(questions.size()));
}

}  // namespace bibsmith::bibtex
