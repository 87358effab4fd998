#include "tests/arxiv_emulator/form.hpp"

#include <algorithm>

#include "tests/arxiv_emulator/text.hpp"

namespace bibsmith::emulator {

Form Form::parse(std::string_view encoded) {
  Form form;
  for (const std::string_view pair : split(encoded, '&')) {
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const std::string_view value = pair.substr(std::min(equals + 1, pair.size()));
    form.pairs_.emplace_back(url_decoded(pair.substr(0, equals)), url_decoded(value));
  }
  return form;
}

const std::string* Form::find(std::string_view name) const {
  const auto found = std::ranges::find(pairs_, name, &std::pair<std::string, std::string>::first);
  return found == pairs_.end() ? nullptr : &found->second;
}

std::string Form::value(std::string_view name) const {
  const std::string* found = find(name);
  return found == nullptr ? std::string{} : *found;
}

}  // namespace bibsmith::emulator
