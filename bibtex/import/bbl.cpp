#include "bibtex/import/bbl.hpp"

#include "bibtex/model/latex.hpp"
#include "bibtex/model/macros.hpp"

namespace bibsmith::bibtex {

namespace {

bool is_balanced(std::string_view text) {
  std::size_t depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '{') ++depth;
    if (text[i] == '}' && depth-- == 0) return false;
  }
  return depth == 0;
}

}  // namespace

std::string_view group_at(std::string_view text, std::size_t at, std::size_t& end) {
  while (at < text.size() && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t'))
    ++at;
  if (at >= text.size() || text[at] != '{') return {};
  const std::size_t close = group_end(text.substr(0, at + bbl_item_bytes_max), at);
  if (close == std::string_view::npos) return {};
  end = close;
  return text.substr(at + 1, close - at - 2);
}

void set_field(Entry& entry, std::string_view name, std::string value) {
  value = collapse_white_space(value);
  if (value.empty() || !is_balanced(value)) return;
  entry.set(name, Value::braced(std::move(value)));
}

std::vector<BblItem> read_bbl(std::string_view text) {
  // biber and biblatex begin each entry so; \bibitem is everybody else's.
  return text.find("\\entry{") != text.npos && text.find("\\endentry") != text.npos ? read_biblatex_bbl(text)
                                                                                    : read_typeset_bbl(text);
}

}  // namespace bibsmith::bibtex
