#include "plugin/pages/library_page.hpp"

#include <string_view>
#include <vector>

#include "fetchers/profile/teaser.hpp"
#include "fetchers/record/doi.hpp"
#include "plugin/pages/html_text.hpp"
#include "plugin/pages/paper_list.hpp"

namespace bibsmith::plugin {

namespace {

ListedPaper listed(const LibraryEntry& entry) {
  ListedPaper out;
  out.id = entry.key;
  if (!entry.arxiv_id.empty()) {
    out.link = "https://arxiv.org/abs/" + entry.arxiv_id;
  } else if (const auto doi = Doi::parse(entry.doi)) {
    out.link = doi->url();
  }
  out.title = entry.title.empty() ? entry.key : entry.title;
  out.authors = entry.authors;
  out.date = entry.date;
  if (!entry.category.empty()) out.categories.push_back(entry.category);
  out.venue = entry.venue;
  out.bibtex = entry.text;
  return out;
}

ListedPaper listed(const Record& record) {
  ListedPaper out;
  out.id = record.arxiv_id ? record.arxiv_id->base() : "";
  out.link = "https://arxiv.org/abs/" + out.id;
  out.title = record.title;
  for (const Author& author : record.authors) out.authors.push_back(author.name);
  out.date = record.published.iso();
  out.categories = record.categories;
  out.venue = record.journal_ref;
  out.teaser = fetchers::teaser(record.abstract);
  out.can_be_added = record.arxiv_id.has_value();
  return out;
}

}  // namespace

std::string library_content(const std::string& file, std::span<const LibraryEntry> entries) {
  const std::string name = file.substr(file.rfind('/') + 1);  // all of it where there is no folder
  std::string out = "<header>\n<h1>" + isolated(name) + "</h1>\n<p class=\"lead\">" +
                    std::to_string(entries.size()) + (entries.size() == 1 ? " entry" : " entries") +
                    "</p>\n</header>\n<h2>Entries</h2>\n";
  std::vector<ListedPaper> papers;
  for (const LibraryEntry& entry : entries) papers.push_back(listed(entry));
  return out + (papers.empty() ? "<p class=\"quiet\">The file has no entries.</p>\n" : paper_list(papers));
}

std::string search_content(const fetchers::SearchResult& result) {
  std::vector<ListedPaper> papers;
  for (const Record& record : result.records) papers.push_back(listed(record));
  if (papers.empty()) return "<p class=\"quiet\">arXiv knows of nothing that matches.</p>\n";
  return "<h2>" + std::to_string(papers.size()) + " of " + std::to_string(result.total_results) +
         " papers</h2>\n" + paper_list(papers);
}

}  // namespace bibsmith::plugin
