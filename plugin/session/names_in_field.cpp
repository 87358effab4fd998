#include "plugin/session/names_in_field.hpp"

#include <algorithm>
#include <utility>

#include "bibtex/model/macros.hpp"

namespace bibsmith::plugin {

std::vector<std::string> names_in(std::string_view list) {
  std::vector<std::string> names;
  for (std::size_t begin = 0; begin < list.size();) {
    const std::size_t comma = std::min(list.find(',', begin), list.size());
    std::string name = bibtex::collapse_white_space(list.substr(begin, comma - begin));
    if (!name.empty()) names.push_back(std::move(name));
    begin = comma + 1;
  }
  return names;
}

}  // namespace bibsmith::plugin
