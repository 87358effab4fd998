#pragma once

#include <string>

#include "plugin/session/author.hpp"

namespace bibsmith::plugin {

// An author's page for the terminal. Characters that drive a terminal, or turn the direction of writing, are
// not in it.
std::string author_text(const AuthorAnswer& answer);

}  // namespace bibsmith::plugin
