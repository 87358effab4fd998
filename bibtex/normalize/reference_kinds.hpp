#pragma once

#include <string_view>

namespace bibsmith::bibtex {

// What kind of container the words of a text speak of. [any thread]

// A conference or its proceedings; not the journals of learned societies: "Proc. Indian Acad. Sci." is a
// journal, "Proc. of the 3rd Workshop" is not.
bool names_meeting(std::string_view text);

// A journal, and no meeting.
bool names_journal(std::string_view text);

// Whether one of the parts behind the first comma, colon or bracket is a publisher.
bool names_publisher(std::string_view text);

}  // namespace bibsmith::bibtex
