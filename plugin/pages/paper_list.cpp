#include "plugin/pages/paper_list.hpp"

#include <algorithm>
#include <functional>
#include <map>

#include "plugin/pages/html_text.hpp"

namespace bibsmith::plugin {

namespace {

constexpr std::size_t authors_shown_max = 12;
constexpr std::size_t year_digits = 4;

std::string option(const std::string& value, const std::string& text) {
  return "<option value=\"" + html_text(value) + "\">" + html_text(text) + "</option>";
}

std::string select(const char* label, const char* tool, const std::string& options) {
  return std::string("<label>") + label + "<select data-tool=\"" + tool + "\">" + options +
         "</select></label>\n";
}

std::string tools(std::span<const ListedPaper> papers) {
  std::map<std::string, std::size_t> categories;
  std::map<std::string, std::size_t, std::greater<>> years;
  for (const ListedPaper& paper : papers) {
    for (const std::string& category : paper.categories) ++categories[category];
    if (paper.date.size() >= year_digits) ++years[paper.date.substr(0, year_digits)];
  }
  std::string of_categories = option("", "all");
  for (const auto& [name, count] : categories) {
    of_categories += option(name, without_direction_marks(name) + " (" + std::to_string(count) + ")");
  }
  std::string of_years = option("", "all");
  for (const auto& [year, count] : years) of_years += option(year, year + " (" + std::to_string(count) + ")");
  const bool has_entries =
      std::ranges::any_of(papers, [](const ListedPaper& paper) { return !paper.bibtex.empty(); });
  const std::string buttons = has_entries
                                  ? "<button type=\"button\" data-tool=\"copy\">Copy BibTeX</button>\n"
                                    "<button type=\"button\" data-tool=\"save\">Save .bib</button>\n"
                                  : "";
  return "<form class=\"tools\" hidden aria-label=\"Filter, sort and export\">\n"
         "<label class=\"wide\">Title, author, venue or id<input type=\"search\" data-tool=\"words\" "
         "autocomplete=\"off\"></label>\n" +
         select("Category", "category", of_categories) + select("Year", "year", of_years) +
         select("Order", "sort",
                option("given", "as listed") + option("newest", "newest first") +
                    option("oldest", "oldest first") + option("title", "by title")) +
         "<div class=\"buttons\">" + buttons +
         "<button type=\"button\" data-tool=\"ids\">Save ids</button></div>\n"
         "<p class=\"status\" role=\"status\" data-tool=\"status\"></p>\n</form>\n";
}

std::string authors_of(const ListedPaper& paper) {
  std::string out;
  for (std::size_t i = 0; i < paper.authors.size(); ++i) {
    if (i == authors_shown_max && paper.authors.size() > authors_shown_max + 1) {
      return out + " and " + std::to_string(paper.authors.size() - i) + " others";
    }
    if (i > 0) out += ", ";
    out += isolated(paper.authors[i]);
  }
  return out;
}

std::string about(const ListedPaper& paper) {
  std::string out = authors_of(paper);
  const auto add = [&](const std::string& text) {
    if (!text.empty()) out += (out.empty() ? "" : " · ") + isolated(text);
  };
  add(paper.date.substr(0, year_digits));
  if (!paper.categories.empty()) add(paper.categories.front());
  add(paper.venue);
  add(paper.id);
  return out;
}

std::string actions(const ListedPaper& paper, const std::string& name) {
  if (paper.bibtex.empty() && !paper.can_be_added) return {};
  std::string out = "<div class=\"actions\">";
  if (paper.can_be_added) {
    out += "<button type=\"button\" class=\"add\" aria-label=\"Add " + name + "\">Add</button>";
  }
  if (!paper.bibtex.empty()) {
    out += "<button type=\"button\" class=\"copy\" aria-label=\"Copy BibTeX of " + name +
           "\">Copy</button><details><summary>BibTeX</summary><pre tabindex=\"0\">" +
           html_text(paper.bibtex) + "</pre></details>";
  }
  return out + "</div>\n";
}

std::string item(const ListedPaper& paper) {
  // Keys of .bib files may hold anything but white space, ids of HTML too.
  const std::string name = html_text(without_direction_marks(paper.id));
  std::string categories;
  for (const std::string& category : paper.categories)
    categories += (categories.empty() ? "" : " ") + category;
  std::string title = isolated(paper.title);
  if (!paper.link.empty()) title = "<a href=\"" + html_text(paper.link) + "\">" + title + "</a>";
  std::string out = "<li data-id=\"" + html_text(paper.id) + "\" data-date=\"" + html_text(paper.date) +
                    "\" data-categories=\"" + html_text(categories) + "\">\n<h3>" + title +
                    "</h3>\n<p class=\"about\">" + about(paper) + "</p>\n";
  if (!paper.teaser.empty()) out += "<p>" + isolated(paper.teaser) + "</p>\n";
  return out + actions(paper, name) + "</li>\n";
}

}  // namespace

std::string paper_list(std::span<const ListedPaper> papers) {
  std::string out = tools(papers) + "<ol class=\"papers\">\n";
  for (const ListedPaper& paper : papers) out += item(paper);
  return out + "</ol>\n";
}

}  // namespace bibsmith::plugin
