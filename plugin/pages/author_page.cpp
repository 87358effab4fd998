#include "plugin/pages/author_page.hpp"

#include <cmath>
#include <span>
#include <string_view>
#include <vector>

#include "bibtex/write/write_entry.hpp"
#include "plugin/pages/chart.hpp"
#include "plugin/pages/html_text.hpp"
#include "plugin/pages/page_frame.hpp"
#include "plugin/pages/paper_list.hpp"

namespace bibsmith::plugin {

namespace {

using fetchers::NamedCount;

constexpr std::size_t listed_max = 12;  // of co-authors, venues, categories

std::string number(std::size_t value) { return std::to_string(value); }

// "3.4"
std::string one_decimal(double value) {
  const auto tenths = static_cast<std::size_t>(std::lround(value * 10));
  return number(tenths / 10) + (tenths % 10 == 0 ? "" : '.' + number(tenths % 10));
}

std::string percent(std::size_t part, std::size_t whole) {
  if (whole == 0) return "0 %";
  return number(static_cast<std::size_t>(
             std::lround(100.0 * static_cast<double>(part) / static_cast<double>(whole)))) +
         " %";
}

std::string papers_text(std::size_t count) { return number(count) + (count == 1 ? " paper" : " papers"); }

std::string section_begin(const char* id, const char* heading) {
  return std::string("<section aria-labelledby=\"") + id + "\">\n<h2 id=\"" + id + "\">" + heading +
         "</h2>\n";
}

std::string fact(std::string_view name, const std::string& html) {
  if (html.empty()) return {};
  return "<dt>" + std::string(name) + "</dt><dd>" + html + "</dd>\n";
}

// "Jason D. Lee (116), Jason Lee (1)"
std::string with_counts(std::span<const NamedCount> counts) {
  std::string out;
  for (std::size_t i = 0; i < counts.size() && i < listed_max; ++i) {
    if (i > 0) out += ", ";
    out += isolated(counts[i].name) + " <span class=\"quiet\">(" + number(counts[i].count) + ")</span>";
  }
  return out;
}

std::string profile_section(const AuthorAnswer& answer) {
  const fetchers::AuthorProfile& profile = answer.profile;
  std::string out = section_begin("profile", "Academic Profile") + "<dl class=\"facts\">\n";
  out += fact("Names on papers", with_counts(profile.name_forms));
  out += fact("Affiliations", with_counts(profile.affiliations));
  if (!profile.orcid.empty()) {
    const std::string orcid = html_text(profile.orcid);
    out += fact("ORCID", "<a href=\"https://orcid.org/" + orcid + "\">" + orcid + "</a>");
  }
  out += fact("First paper", html_text(profile.first.iso()));
  out += fact("Latest paper", html_text(profile.last.iso()));
  out += fact("Fields", with_counts(profile.fields));
  if (!answer.namesakes.empty()) {
    std::size_t papers = 0;
    for (const Namesake& other : answer.namesakes) papers += other.ids.size();
    out += fact("Namesakes", papers_text(papers) +
                                 " of the same or a shorter name were told apart and are not counted here");
  }
  return out + "</dl>\n</section>\n";
}

std::string figure(const std::string& value, const std::string& name) {
  return "<div><dt>" + name + "</dt><dd>" + value + "</dd></div>\n";
}

std::string count_list(const char* heading, const std::vector<std::pair<std::string, std::string>>& lines,
                       bool is_wide = false) {
  if (lines.empty()) return {};
  std::string out = std::string(is_wide ? "<div class=\"whole\">" : "<div>") + "\n<h3>" + heading +
                    "</h3>\n<ul class=\"counts\">\n";
  for (const auto& [name, count] : lines) {
    out += "<li><span>" + name + "</span> <span class=\"number\">" + count + "</span></li>\n";
  }
  return out + "</ul>\n</div>\n";
}

std::vector<std::pair<std::string, std::string>> lines_of(std::span<const NamedCount> counts) {
  std::vector<std::pair<std::string, std::string>> lines;
  for (std::size_t i = 0; i < counts.size() && i < listed_max; ++i) {
    lines.emplace_back(isolated(counts[i].name), number(counts[i].count));
  }
  return lines;
}

std::string statistics_section(const fetchers::AuthorStatistics& statistics) {
  std::string out = section_begin("statistics", "Statistics") + "<dl class=\"figures\">\n";
  out += figure(number(statistics.papers), "papers");
  out += figure(number(statistics.co_authors.size()), "co-authors");
  out += figure(one_decimal(statistics.authors.mean()), "authors a paper");
  out += figure(percent(statistics.published, statistics.papers), "published elsewhere too");
  if (statistics.pages.papers > 0) {
    out += figure(one_decimal(statistics.pages.mean()),
                  "pages, where told (" + papers_text(statistics.pages.papers) + ")");
  }
  if (statistics.versions.papers > 0) {
    out += figure(one_decimal(statistics.versions.mean()), "versions a paper");
    out += figure(percent(statistics.revised, statistics.papers), "were revised");
  }
  if (statistics.alone > 0) out += figure(number(statistics.alone), "written alone");
  if (statistics.withdrawn > 0) out += figure(number(statistics.withdrawn), "withdrawn");
  out += "</dl>\n" + bar_chart("Papers a year", statistics.years) + "<div class=\"pair\">\n";
  out += count_list("Categories", lines_of(statistics.categories));
  out += count_list("Venues", lines_of(statistics.venues));
  std::vector<std::pair<std::string, std::string>> people;
  for (std::size_t i = 0; i < statistics.co_authors.size() && i < listed_max; ++i) {
    const fetchers::CoAuthor& one = statistics.co_authors[i];
    std::string years;
    if (one.first_year != 0) {
      years = ", " + std::to_string(one.first_year);
      if (one.last_year != one.first_year) years += "–" + std::to_string(one.last_year);
    }
    people.emplace_back(isolated(one.name), papers_text(one.papers) + years);
  }
  out += count_list("Co-authors", people, true);
  return out + "</div>\n</section>\n";
}

std::string joined(std::span<const std::string> texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : ", ") + isolated(text);
  return out;
}

std::string similar_section(const AuthorAnswer& answer) {
  std::string out = section_begin("similar", "Similar Authors");
  if (answer.similar.empty()) {
    const char* why = answer.similar_error ? "arXiv could not be asked for the works of others."
                                           : "None was found among those whom they write with.";
    return out + "<p class=\"quiet\">" + why + "</p>\n</section>\n";
  }
  out += "<ul class=\"similar\">\n";
  for (const fetchers::SimilarAuthor& one : answer.similar) {
    out += "<li><strong>" + isolated(one.name) + "</strong>\n<small>similarity " +
           percent(static_cast<std::size_t>(std::lround(one.similarity * 1000)), 1000);
    if (one.joint_papers > 0) out += ", " + papers_text(one.joint_papers) + " together";
    if (!one.words.empty()) out += "<br>both write of " + joined(one.words);
    if (!one.common_neighbours.empty()) out += "<br>both write with " + joined(one.common_neighbours);
    out += "</small></li>\n";
  }
  return out + "</ul>\n</section>\n";
}

ListedPaper listed(const AuthorPaper& paper) {
  const Record& record = *paper.cited.record;
  ListedPaper out;
  out.id = paper.cited.id.base();
  out.link = "https://arxiv.org/abs/" + out.id;
  out.title = record.title.empty() ? out.id : record.title;
  for (const Author& author : record.authors) out.authors.push_back(author.name);
  out.date = record.published.iso();
  out.categories = record.categories;
  out.venue = paper.venue;
  out.teaser = paper.teaser;
  out.bibtex = bibtex::write_entry(paper.cited.normalized.entry, {});
  return out;
}

}  // namespace

std::string author_content(const AuthorAnswer& answer) {
  std::string out = "<header>\n<h1>" + isolated(answer.profile.name) + "</h1>\n<p class=\"lead\">" +
                    papers_text(answer.statistics.papers) + " on arXiv</p>\n</header>\n<main>\n";
  out += profile_section(answer) + statistics_section(answer.statistics) + similar_section(answer);
  out += section_begin("papers", "Papers on arXiv");
  std::vector<ListedPaper> papers;
  for (const AuthorPaper& paper : answer.papers) papers.push_back(listed(paper));
  out += papers.empty() ? "<p class=\"quiet\">None was found.</p>\n" : paper_list(papers);
  return out + "</section>\n</main>\n<footer>From arXiv’s metadata (CC0), by Bibsmith " BIBSMITH_VERSION
               ". Whose papers are whose is told by names, co-authors, fields and years.</footer>\n";
}

std::string author_page(const AuthorAnswer& answer) {
  return page_frame(answer.profile.name + ": papers on arXiv", {"papers", "Skip to the papers"},
                    author_content(answer), PageScript::papers);
}

}  // namespace bibsmith::plugin
