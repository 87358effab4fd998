#include "plugin/session/file_text.hpp"

namespace bibsmith::plugin {

std::optional<std::string> why_not_read(const bibtex::Document& document) {
  using bibtex::SyntaxProblem;
  if (document.findings().empty()) return std::nullopt;
  const bibtex::Finding& first = document.findings().front();  // of such a text there is no other
  if (first.problem != SyntaxProblem::utf_16 && first.problem != SyntaxProblem::too_large)
    return std::nullopt;
  return bibtex::describe(first, document.text()).message;
}

}  // namespace bibsmith::plugin
