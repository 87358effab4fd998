#include "plugin/session/draft_plans.hpp"

#include <string>
#include <vector>

#include "tests/support/catch.hpp"

namespace bibsmith::plugin {
namespace {

using bibtex::Document;
using bibtex::EntryAnswer;
using bibtex::EntryUpdate;

Record paper(const std::string& id, std::string category = "cs.CL") {
  Record record;
  record.arxiv_id = *ArxivId::parse(id);
  record.title = "On Keys";
  record.authors = {Author{.name = "Ann Roe"}};
  record.categories = {std::move(category)};
  record.origins = {Origin{.source = "arxiv-atom", .url = {}, .retrieved = {}}};
  return record;
}

// Three entries: two of one paper, the second of them of a version that is named.
struct World {
  Document document = Document::parse(
      "@misc{a, title={On Keys}, author={Roe, Ann}, year=2017, eprint={1706.03762}}\n"
      "@misc{b, title={On Keys}, author={Roe, Ann}, year=2017, eprint={1706.03762v1}}\n"
      "@misc{c, title={On Keys}, author={Roe, Ann}, year=2014, eprint={1412.6980}}\n");
  bibtex::UpdateOptions options;
  std::vector<bibtex::EntryQuestion> questions = bibtex::update_questions(document, options.only);
  bibtex::UpdatePlanner planner{document, options};
  DraftPlans drafts{planner, questions};

  // The fields that each draft adds; "-" for each that does not hold.
  std::string take(const Record* a, const Record* b, const Record* c) {
    std::string out;
    const bibtex::DraftedUpdates taken = drafts.take({{a, false, {}}, {b, false, {}}, {c, false, {}}});
    for (std::size_t i = 0; i < taken.updates.size(); ++i) {
      out += out.empty() ? "" : "; ";
      if (!taken.is_made[i]) {
        out += '-';
        continue;
      }
      out += taken.updates[i].key + ':';
      for (const bibtex::FieldUpdate& field : taken.updates[i].fields) out += ' ' + field.new_text;
    }
    return out;
  }
};

}  // namespace

TEST_CASE("a draft holds where the record in the end is the one that arrived") {
  World world;
  const Record newest = paper("1706.03762v7");
  const Record first = paper("1706.03762v1", "cs.LG");
  world.drafts.arrived(std::make_shared<const Record>(newest));
  world.drafts.arrived(std::make_shared<const Record>(first));
  world.drafts.arrived(std::make_shared<const Record>(paper("2411.00001")));  // of no entry
  CHECK(world.take(&first, &first, nullptr) == "a: {arXiv} {cs.LG}; b: {arXiv} {cs.LG}; -");
}

TEST_CASE("a draft of another record does not hold") {
  World world;
  world.drafts.arrived(std::make_shared<const Record>(paper("1706.03762v7")));
  world.drafts.arrived(std::make_shared<const Record>(paper("1412.6980v9")));
  const Record completed = paper("1706.03762v7", "cs.AI");
  const Record same = paper("1412.6980v9");
  CHECK(world.take(&completed, nullptr, &same) == "-; -; c: {arXiv} {cs.CL}");
}

TEST_CASE("drafts are those that the planner makes later") {
  World world;
  const Record record = paper("1412.6980v9");
  world.drafts.arrived(std::make_shared<const Record>(record));
  const std::vector<EntryAnswer> answers = {{}, {}, {&record, false, {}}};
  const auto plan = bibtex::plan_update(world.planner, world.questions, answers, world.drafts.take(answers));
  const auto without = bibtex::plan_update(world.document, world.questions, answers, world.options);
  REQUIRE(plan.edits().size() == without.edits().size());
  CHECK(plan.edits().front().new_text == without.edits().front().new_text);
  CHECK(plan.entries[0].status == without.entries[0].status);
}

TEST_CASE("without an arrival there is no draft") {
  World world;
  const Record record = paper("1412.6980v9");
  CHECK(world.take(nullptr, nullptr, &record) == "-; -; -");
}

// An entry that nobody drafted lies between two that were; its place is filled when the plan is made.
TEST_CASE("edits are labelled in the order of the plan, drafted or not") {
  World world;
  const Record newest = paper("1706.03762v7");
  const Record first = paper("1706.03762v1", "cs.LG");
  const Record other = paper("1412.6980v9");
  world.drafts.arrived(std::make_shared<const Record>(newest));
  world.drafts.arrived(std::make_shared<const Record>(other));
  const std::vector<EntryAnswer> answers = {{&newest, false, {}}, {&first, false, {}}, {&other, false, {}}};
  const auto plan = bibtex::plan_update(world.planner, world.questions, answers, world.drafts.take(answers));
  std::vector<LabelledEdit> expected;
  for (const EntryUpdate& entry : plan.entries) append_labelled(entry, expected);
  const std::vector<LabelledEdit> edits = world.drafts.take_labelled(plan);
  REQUIRE(edits.size() == expected.size());
  REQUIRE_FALSE(edits.empty());
  std::string keys;
  for (std::size_t i = 0; i < edits.size(); ++i) {
    CHECK(edits[i].edit == expected[i].edit);
    CHECK(edits[i].field == expected[i].field);
    CHECK(edits[i].reason == expected[i].reason);
    CHECK(edits[i].source == "arxiv-atom");
    CHECK(edits[i].writes_value);
    if (!keys.ends_with(edits[i].key)) keys += edits[i].key;
  }
  CHECK(keys == "abc");
}

}  // namespace bibsmith::plugin
