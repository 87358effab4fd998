#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bibsmith::plugin {

// The keys between the commas of a field that names entries: ids, xdata, related, entryset.
std::vector<std::string> names_in(std::string_view list);

}  // namespace bibsmith::plugin
