#pragma once

#include <span>
#include <string>
#include <string_view>

#include "fetchers/profile/author_profile.hpp"

namespace bibsmith::plugin {

// A figure with a bar for each count, in their order, as HTML with SVG in it; its numbers are text too, for
// those who do not see it. Colours are those of page.css. Empty where there is nothing to show.
std::string bar_chart(std::string_view caption, std::span<const fetchers::NamedCount> counts);

}  // namespace bibsmith::plugin
