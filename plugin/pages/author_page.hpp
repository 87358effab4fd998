#pragma once

#include <string>

#include "plugin/session/author.hpp"

namespace bibsmith::plugin {

// The page of an author: name, number of papers, Academic Profile, Statistics, Similar Authors, and the
// papers with teasers and BibTeX, which can be filtered, sorted and exported. Readable without its script.
// Nothing that a record says leaves its place. Pure. [any thread]
std::string author_page(const AuthorAnswer& answer);

// What stands in the body of that page: a header, a main and a footer element.
std::string author_content(const AuthorAnswer& answer);

}  // namespace bibsmith::plugin
