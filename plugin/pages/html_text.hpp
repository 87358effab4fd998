#pragma once

#include <string>
#include <string_view>

namespace bibsmith::plugin {

// Text that we did not write, made safe for the place where it goes. Bytes that are not UTF-8, and characters
// that HTML does not allow (controls but tab and line end; HTML standard, section 3.2.5.2 "Text"), become
// U+FFFD. [any thread]

// For the content of an element and for a quoted attribute.
std::string html_text(std::string_view text);

// The same in an element that keeps what it says about the direction of writing to itself: marks that turn
// the line around end with it. ASCII says nothing about that and needs none, which saves a page of a thousand
// papers half of its elements.
std::string isolated(std::string_view text);

// Without the marks that turn the direction of writing (Unicode standard annex 9, table 4): for the places
// that cannot isolate them, a terminal, an attribute, the title of a window.
std::string without_direction_marks(std::string_view text);

}  // namespace bibsmith::plugin
