#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "plugin/session/file_change.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/temp_dir.hpp"

namespace bibsmith::testing {

using Edits = tl::expected<std::vector<plugin::LabelledEdit>, plugin::FileError>;

// A place to change files in: a folder, a state directory below it, and a clock that is wound by hand.
struct ChangePlace {
  TempDir dir;
  FakeClock clock;
  std::vector<std::string> warnings;

  plugin::ChangeContext context() {
    plugin::ChangeContext made;
    made.state_dir = dir / "state";
    made.clock = &clock;
    made.warn = [this](std::string_view line) { warnings.emplace_back(line); };
    return made;
  }
  std::string operator/(std::string_view name) const { return dir / name; }
};

inline plugin::LabelledEdit edit(std::size_t begin, std::size_t end, std::string new_text) {
  plugin::LabelledEdit one;
  one.edit = {{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)}, std::move(new_text)};
  one.reason = "test";
  return one;
}

// Puts `what` behind the text.
inline plugin::PlanChange append(std::string what) {
  return [what = std::move(what)](const std::string& text) -> Edits {
    return std::vector{edit(text.size(), text.size(), what)};
  };
}

// Replaces the first `from` of a text.
inline plugin::PlanChange replace(std::string from, std::string to, std::string key = {},
                                  std::string field = {}) {
  return [=](const std::string& text) -> Edits {
    const std::size_t at = text.find(from);
    if (at == std::string::npos) return std::vector<plugin::LabelledEdit>{};
    auto one = edit(at, at + from.size(), to);
    one.key = key;
    one.field = field;
    one.writes_value = !field.empty();
    return std::vector{one};
  };
}

}  // namespace bibsmith::testing
