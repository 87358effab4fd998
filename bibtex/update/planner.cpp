#include "bibtex/update/planner.hpp"

#include <algorithm>
#include <cassert>
#include <thread>
#include <utility>

#include "bibtex/edit/entry_edit.hpp"
#include "bibtex/model/document_entry.hpp"
#include "bibtex/model/macros.hpp"
#include "bibtex/normalize/published.hpp"
#include "bibtex/update/entry_planner.hpp"
#include "bibtex/update/left_alone.hpp"
#include "bibtex/write/style.hpp"

namespace bibsmith::bibtex {

namespace {

EntryUpdate plan_entry(const Document& document, const EntryPlanner& planner, const EntryQuestion& question,
                       const EntryAnswer& answer) {
  const Block entry = document.block(question.block);
  EntryUpdate update;
  update.block = question.block;
  update.key = std::string(document.text(entry.key));
  update.arxiv_id = question.identity.arxiv_id;
  if (!question.skip.empty()) {
    update.status = UpdateStatus::skipped;
    update.reason = question.skip;
    update.message = question.message;
  } else if (answer.record != nullptr) {
    planner.plan(entry, question.identity, *answer.record, update);
  } else if (answer.not_found) {
    update.status = UpdateStatus::not_found;
    update.message = "arXiv has no paper " + question.identity.arxiv_id->str();
  } else {
    update.status = UpdateStatus::could_not_ask;
    update.message = answer.could_not_ask;
  }
  return update;
}

}  // namespace

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

std::size_t UpdatePlan::count(UpdateStatus status) const {
  return static_cast<std::size_t>(std::count_if(
      entries.begin(), entries.end(), [&](const EntryUpdate& entry) { return entry.status == status; }));
}

std::vector<EntryQuestion> update_questions(const Document& document, const UpdateOptions& options) {
  const Macros macros(document);
  const std::set<std::uint32_t> broken = broken_blocks(document);
  std::vector<EntryQuestion> questions;
  for (const Block& entry : document.blocks()) {
    if (entry.kind != BlockKind::entry) continue;
    const std::string key(document.text(entry.key));
    if (!options.only.empty() && !options.only.contains(key)) continue;
    EntryQuestion question{.block = entry.index, .identity = {}, .skip = {}, .message = {}};
    question.identity = identify(document, macros, entry);
    const EntryIdentity& identity = question.identity;
    const auto skip = [&](std::string code, std::string message) {
      question.skip = std::move(code);
      question.message = std::move(message);
    };
    if (!identity.arxiv_id) {
      skip("skip.no-id", "");
    } else if (broken.contains(entry.index)) {
      skip("skip.broken", "its text is not well formed, see bibsmith check");
    } else if (identity.other_id) {
      skip("skip.two-papers", identity.said_by + " names " + identity.arxiv_id->str() + ", " +
                                  identity.other_said_by + " " + identity.other_id->str());
    } else if (is_opted_out(document, macros, entry)) {
      skip("skip.opt-out", "");
    }
    questions.push_back(std::move(question));
  }
  return questions;
}

UpdatePlan plan_update(const Document& document, const std::vector<EntryQuestion>& questions,
                       const std::vector<EntryAnswer>& answers, const UpdateOptions& options) {
  assert(questions.size() == answers.size());
  const Macros macros(document);
  const Style style = measure_style(document);
  const EntryPlanner planner(document, macros, style, options);
  UpdatePlan plan;
  plan.entries.resize(questions.size());
  const auto plan_part = [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      plan.entries[i] = plan_entry(document, planner, questions[i], answers[i]);
    }
  };
  // Entries need nothing of each other.
  constexpr std::size_t worth_a_thread = 500;
  const std::size_t middle = questions.size() < worth_a_thread ? questions.size() : questions.size() / 2;
  std::thread other;
  if (middle < questions.size()) other = std::thread([&] { plan_part(middle, questions.size()); });
  plan_part(0, middle);
  if (other.joinable()) other.join();
  return plan;
}

}  // namespace bibsmith::bibtex
