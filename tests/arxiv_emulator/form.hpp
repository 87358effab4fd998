#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bibsmith::emulator {

// The parameters of a query string or of a form-encoded body, in order. [any thread]
class Form {
 public:
  static Form parse(std::string_view encoded);

  // The first value wins, as behind arXiv's endpoint; nullptr: not given.
  const std::string* find(std::string_view name) const;
  std::string value(std::string_view name) const;
  const std::vector<std::pair<std::string, std::string>>& pairs() const { return pairs_; }

 private:
  std::vector<std::pair<std::string, std::string>> pairs_;
};

}  // namespace bibsmith::emulator
