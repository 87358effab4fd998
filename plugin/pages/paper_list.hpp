#pragma once

#include <span>
#include <string>
#include <vector>

namespace bibsmith::plugin {

// A work in a list of a page. Plain text, but for `bibtex`, which is shown as it is.
struct ListedPaper {
  std::string id;    // arXiv's, or a citation key: names the work on the page
  std::string link;  // empty: none; http or https, made by us
  std::string title;
  std::vector<std::string> authors;
  std::string date;  // ISO 8601, as far as it is known
  std::vector<std::string> categories;
  std::string venue;
  std::string teaser;
  std::string bibtex;         // empty: there is nothing to copy
  bool can_be_added = false;  // with a button for that
};

// The list as HTML, with the tools above it that page.js brings to life: filter, sort, copy, export.
std::string paper_list(std::span<const ListedPaper> papers);

}  // namespace bibsmith::plugin
