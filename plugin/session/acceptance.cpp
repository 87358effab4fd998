#include "plugin/session/acceptance.hpp"

#include <algorithm>

namespace bibsmith::plugin {

std::vector<std::string> to_accept(const bibtex::Verdict& verdict) {
  if (verdict.kind == bibtex::VerdictKind::verified) return {};
  if (verdict.kind != bibtex::VerdictKind::wrong_fields) return {std::string(bibtex::name_of(verdict.kind))};
  const std::vector<std::string_view> fields = verdict.wrong_fields();
  return {fields.begin(), fields.end()};
}

bool covers(const Acceptance& acceptance, const bibtex::Verdict& verdict) {
  const std::vector<std::string> needed = to_accept(verdict);
  return std::ranges::all_of(needed, [&](const std::string& one) {
    return std::ranges::find(acceptance.what, one) != acceptance.what.end();
  });
}

}  // namespace bibsmith::plugin
