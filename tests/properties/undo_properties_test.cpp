#include <algorithm>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "plugin/session/undo.hpp"
#include "tests/plugin/changes.hpp"
#include "tests/support/catch.hpp"

using namespace bibsmith::plugin;
using bibsmith::testing::ChangePlace;
using bibsmith::testing::edit;
using bibsmith::testing::Edits;
using bibsmith::testing::write_file;

namespace {

// A line of an entry before and after the change; none: it is not there.
struct Line {
  std::string field;
  std::optional<std::string> before;
  std::optional<std::string> after;

  bool is_touched() const { return before != after; }
};

struct Entry {
  std::string key;
  std::vector<Line> lines;
  bool is_new = false;  // the change brings it
  std::string comment;  // in front of it

  bool is_touched() const {
    return is_new ||
           std::any_of(lines.begin(), lines.end(), [](const Line& one) { return one.is_touched(); });
  }
};

struct Place {
  std::string key;
  std::string field;  // empty: the entry
  std::size_t begin = 0;
  std::string before;
  std::string after;
};

// A .bib file in two states, before and after a change, and what is done to it later by hand.
class Model {
 public:
  explicit Model(unsigned seed) : random_(seed) {
    for (std::size_t i = 0, count = 1 + pick(6); i < count; ++i) entries_.push_back(entry());
  }

  // Replaces, adds and removes values, and adds entries. At least one.
  void change() {
    for (std::size_t i = 0, count = 1 + pick(4); i < count; ++i) {
      if (pick(5) == 0) {
        Entry brought = entry();
        brought.is_new = true;
        brought.comment.clear();
        entries_.insert(entries_.begin() + offset(pick(entries_.size() + 1)), std::move(brought));
        continue;
      }
      Entry& one = entries_[pick(entries_.size())];
      if (one.is_new) continue;
      Line& line = one.lines[pick(one.lines.size())];
      if (line.is_touched()) continue;
      switch (pick(4)) {
        case 0:
          line.before.reset();
          break;
        case 1:
          line.after.reset();
          break;
        default:
          line.after = *line.before + "0";
          break;
      }
    }
  }
  bool is_touched() const {
    return std::any_of(entries_.begin(), entries_.end(), [](const Entry& one) { return one.is_touched(); });
  }

  // What a user does elsewhere, to both states.
  void edit_elsewhere() {
    for (std::size_t i = 0, count = 1 + pick(4); i < count; ++i) {
      switch (pick(5)) {
        case 0:
          entries_.insert(entries_.begin() + offset(pick(entries_.size() + 1)), entry());
          break;
        case 1:
          entries_[pick(entries_.size())].comment = "% remark " + std::to_string(pick(100)) + '\n';
          break;
        case 2: {
          Entry& one = entries_[pick(entries_.size())];
          std::swap(one, entries_[pick(entries_.size())]);
          break;
        }
        case 3: {
          const std::size_t at = pick(entries_.size());
          if (!entries_[at].is_touched() && entries_.size() > 1)
            entries_.erase(entries_.begin() + offset(at));
          break;
        }
        default: {
          Entry& one = entries_[pick(entries_.size())];
          Line& line = one.lines[pick(one.lines.size())];
          if (!one.is_new && !line.is_touched()) line.before = line.after = value();
          break;
        }
      }
    }
  }

  // What a user does to a value that the change wrote; false: it wrote none.
  bool edit_touched_value() {
    for (Entry& one : entries_) {
      for (Line& line : one.lines) {
        if (!(one.is_new || line.is_touched()) || !line.after) continue;
        *line.after += "!";
        return true;
      }
    }
    return false;
  }

  std::string text(bool after) {
    std::string out;
    places_.clear();
    for (const Entry& one : entries_) {
      out += one.comment;
      const std::size_t begin = out.size();
      std::string entry = "@misc{" + one.key + ",\n";
      for (const Line& line : one.lines) {
        const auto written = [&](const std::optional<std::string>& value) {
          return value ? "  " + line.field + " = {" + *value + "},\n" : std::string{};
        };
        const std::string whole = written(after ? line.after : line.before);
        if (line.is_touched() && !one.is_new) {
          Place place{one.key, line.field, begin + entry.size(), written(line.before), written(line.after)};
          if (line.before && line.after) {  // the value alone
            place.begin += 2 + line.field.size() + 3;
            place.before = '{' + *line.before + '}';
            place.after = '{' + *line.after + '}';
          }
          places_.push_back(std::move(place));
        }
        entry += whole;
      }
      entry += "}\n\n";
      if (one.is_new) places_.push_back({one.key, {}, begin, {}, entry});
      if (after || !one.is_new) out += entry;
    }
    return out;
  }

  // The edits from the state before to the one after.
  std::vector<LabelledEdit> edits() {
    (void)text(false);
    std::vector<LabelledEdit> edits;
    for (const Place& place : places_) {
      auto one = edit(place.begin, place.begin + place.before.size(), place.after);
      one.key = place.key;
      one.field = place.field;
      // Each its own span, as a plan with different reasons has it.
      one.reason = "test." + std::to_string(edits.size());
      edits.push_back(std::move(one));
    }
    return edits;
  }

 private:
  std::size_t pick(std::size_t count) { return random_() % count; }
  static std::ptrdiff_t offset(std::size_t at) { return static_cast<std::ptrdiff_t>(at); }
  // Few values, so that many are alike.
  std::string value() { return std::to_string(2000 + pick(4)); }
  Entry entry() {
    Entry one;
    one.key = "key" + std::to_string(next_key_++);
    for (const char* field : {"year", "number", "pages", "note"}) {
      const std::string text = value();
      if (pick(4) > 0) one.lines.push_back({field, text, text});
    }
    if (one.lines.empty()) one.lines.push_back({"title", "x", "x"});
    if (pick(4) == 0) one.comment = "% " + value() + '\n';
    return one;
  }

  std::mt19937 random_;
  std::vector<Entry> entries_;
  std::vector<Place> places_;
  int next_key_ = 0;
};

constexpr unsigned rounds = 400;

}  // namespace

TEST_CASE("undo after any edits elsewhere gives the old text with those edits, or changes nothing") {
  ChangePlace place;
  unsigned tried = 0;
  unsigned taken_back = 0;
  for (unsigned seed = 0; seed < rounds; ++seed) {
    CAPTURE(seed);
    Model model(seed);
    model.change();
    if (!model.is_touched()) continue;
    const std::string path = place / (std::to_string(seed) + ".bib");
    write_file(path, model.text(false));
    const auto plan = [&](const std::string&) -> Edits { return model.edits(); };
    REQUIRE(change_file(path, "update", place.context(), plan) == true);
    REQUIRE(bibsmith::testing::read_file(path) == model.text(true));

    model.edit_elsewhere();
    const std::string edited = model.text(true);
    write_file(path, edited);
    const auto answer = undo(path, place.context(), false);
    if (!answer) FAIL(answer.error().message);
    ++tried;
    if (answer->conflicts.empty()) {
      ++taken_back;
      REQUIRE(bibsmith::testing::read_file(path) == model.text(false));
    } else {
      CAPTURE(answer->conflicts.front().message);
      REQUIRE(bibsmith::testing::read_file(path) == edited);
    }
  }
  CAPTURE(taken_back, tried);
  CHECK(tried > rounds / 2);
  CHECK(taken_back * 100 >= tried * 95);
}

TEST_CASE("undo changes nothing where a value that was written was edited") {
  ChangePlace place;
  unsigned tried = 0;
  for (unsigned seed = 0; seed < rounds / 2; ++seed) {
    CAPTURE(seed);
    Model model(seed);
    model.change();
    if (!model.is_touched()) continue;
    const std::string path = place / (std::to_string(seed) + ".bib");
    write_file(path, model.text(false));
    const auto plan = [&](const std::string&) -> Edits { return model.edits(); };
    REQUIRE(change_file(path, "update", place.context(), plan) == true);
    model.edit_elsewhere();
    if (!model.edit_touched_value()) continue;
    const std::string edited = model.text(true);
    write_file(path, edited);
    const auto answer = undo(path, place.context(), false);
    if (!answer) FAIL(answer.error().message);
    REQUIRE_FALSE(answer->conflicts.empty());
    REQUIRE(bibsmith::testing::read_file(path) == edited);
    ++tried;
  }
  CHECK(tried > rounds / 4);
}
