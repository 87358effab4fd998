#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "bibtex/model/name.hpp"
#include "fetchers/arxiv/arxiv_fetcher.hpp"
#include "plugin/session/session.hpp"

namespace bibsmith::plugin {

// What to look for in the local index to find all forms of a person's name: the first given name with the
// family name, then the family name alone, since initials are in no index of words. Whose the papers are is
// for others to tell.
std::vector<std::string> indexed_names(const bibtex::Name& name);

// Papers of arXiv whose authors have the words of one of the names, as the local index has them: those of the
// first name, the newest first, then those of the next, each paper once; `each_max` a name. It is an error
// if there is no index, or nothing in it: then nobody can tell whether there are such papers.
fetchers::SearchResult search_index_for(Session& session, std::span<const std::string> names,
                                        std::size_t each_max);

}  // namespace bibsmith::plugin
