#include "bibtex/update/planner.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <thread>
#include <utility>

#include "bibtex/edit/entry_edit.hpp"
#include "bibtex/model/document_entry.hpp"
#include "bibtex/model/macros.hpp"
#include "bibtex/normalize/published.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "bibtex/update/entry_planner.hpp"
#include "bibtex/write/style.hpp"

namespace bibsmith::bibtex {

namespace {

constexpr std::string_view marker = "% bibsmith: keep";

// A line of its own before the entry: real BibTeX and every other tool take it for junk.
bool is_marked(const Document& document, const Block& entry) {
  std::string_view before = std::string_view(document.text()).substr(0, entry.span.begin);
  while (!before.empty() && (before.back() == ' ' || before.back() == '\t')) before.remove_suffix(1);
  if (!before.ends_with('\n') && !before.ends_with('\r')) return false;
  while (!before.empty() && (before.back() == '\n' || before.back() == '\r' || before.back() == ' '))
    before.remove_suffix(1);
  return before.ends_with(marker);
}

std::string text_of(const Document& document, const Macros& macros, const Block& entry,
                    std::string_view name) {
  const auto field = document.find_field(entry, name);
  return field ? macros.value_text(document, *field) : std::string();
}

// Blocks in which the parser found what changes what an entry says; those are not for us to write into.
std::set<std::uint32_t> broken_blocks(const Document& document) {
  std::set<std::uint32_t> broken;
  for (const Finding& finding : document.findings()) {
    // What programs disagree about is no matter as long as it is clear where each value ends.
    constexpr std::array unclear = std::to_array<std::string_view>(
        {"syntax.missing-close", "syntax.wrong-close", "syntax.unclosed-value", "syntax.unbalanced-braces",
         "syntax.missing-key", "syntax.missing-equals", "syntax.name-too-long", "syntax.deep-nesting",
         "syntax.utf-16", "syntax.too-large"});
    if (std::find(unclear.begin(), unclear.end(), code_of(finding.problem)) == unclear.end() ||
        document.text().empty())
      continue;
    const std::uint32_t at =
        std::min<std::uint32_t>(finding.span.begin, static_cast<std::uint32_t>(document.text().size()) - 1);
    broken.insert(document.block_at(at).index);
  }
  return broken;
}

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
    } else if (equal_ignoring_case(text_of(document, macros, entry, "bibsmith"), "keep") ||
               is_marked(document, entry)) {
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
