#include "plugin/cli/author_output.hpp"

#include <algorithm>
#include <span>
#include <string_view>

#include "plugin/cli/terminal_text.hpp"

namespace bibsmith::plugin {

namespace {

using fetchers::NamedCount;

constexpr std::size_t listed_max = 8;
constexpr std::size_t bar_max = 40;
constexpr std::size_t label_width = 16;

std::string labelled(std::string_view label, const std::string& text) {
  if (text.empty()) return {};
  std::string out = "  " + std::string(label);
  out.resize(std::max(out.size() + 1, 2 + label_width), ' ');
  return out + text + '\n';
}

std::string listed(std::span<const NamedCount> counts) {
  std::string out;
  for (std::size_t i = 0; i < counts.size() && i < listed_max; ++i) {
    out +=
        (i == 0 ? "" : ", ") + terminal_text(counts[i].name) + " (" + std::to_string(counts[i].count) + ")";
  }
  if (counts.size() > listed_max) out += ", …";
  return out;
}

std::string bars(std::span<const NamedCount> counts) {
  std::string out;
  if (counts.empty()) return out;
  const std::size_t most = std::max<std::size_t>(1, std::ranges::max(counts, {}, &NamedCount::count).count);
  for (const NamedCount& one : counts) {
    const std::size_t length = (one.count * bar_max + most - 1) / most;
    std::string bar;
    for (std::size_t i = 0; i < length; ++i) bar += "▇";
    out += labelled(terminal_text(one.name), bar + (bar.empty() ? "" : " ") + std::to_string(one.count));
  }
  return out;
}

// "3.4"
std::string one_decimal(double value) {
  const auto tenths = static_cast<std::size_t>(value * 10 + 0.5);
  return std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10);
}

std::string statistics_text(const fetchers::AuthorStatistics& statistics) {
  std::string out = "\nStatistics\n" + bars(statistics.years);
  out += labelled("Categories", listed(statistics.categories));
  std::vector<NamedCount> people;
  for (const fetchers::CoAuthor& one : statistics.co_authors) people.push_back({one.name, one.papers});
  out +=
      labelled("Co-authors", std::to_string(people.size()) + (people.empty() ? "" : ": " + listed(people)));
  if (statistics.pages.papers > 0) {
    out += labelled("Pages", one_decimal(statistics.pages.mean()) + " a paper, where told (" +
                                 std::to_string(statistics.pages.papers) + ")");
  }
  if (statistics.versions.papers > 0) {
    out += labelled("Versions", one_decimal(statistics.versions.mean()) + " a paper, " +
                                    std::to_string(statistics.revised) + " revised");
  }
  out += labelled("Published",
                  std::to_string(statistics.published) + " of " + std::to_string(statistics.papers));
  return out + labelled("Venues", listed(statistics.venues));
}

std::string similar_text(const AuthorAnswer& answer) {
  std::string out;
  for (const fetchers::SimilarAuthor& one : answer.similar) {
    const auto hundredths = static_cast<unsigned>(one.similarity * 100 + 0.5);
    std::string words;
    for (const std::string& word : one.words) words += (words.empty() ? "  " : ", ") + terminal_text(word);
    out += "  " + std::to_string(hundredths) + " %  " + terminal_text(one.name) + words + '\n';
  }
  return out.empty() ? out : "\nSimilar Authors\n" + out;
}

}  // namespace

std::string author_text(const AuthorAnswer& answer) {
  const fetchers::AuthorProfile& profile = answer.profile;
  const std::size_t count = answer.statistics.papers;
  std::string out = terminal_text(profile.name) + '\n' + std::to_string(count) +
                    (count == 1 ? " paper on arXiv\n" : " papers on arXiv\n");
  if (count == 0) return out;
  out += "\nAcademic Profile\n";
  out += labelled("Names", listed(profile.name_forms));
  out += labelled("Affiliations", listed(profile.affiliations));
  out += labelled("ORCID", terminal_text(profile.orcid));
  out += labelled("First paper", profile.first.iso());
  out += labelled("Latest paper", profile.last.iso());
  out += labelled("Fields", listed(profile.fields));
  out += statistics_text(answer.statistics) + similar_text(answer) + "\nPapers on arXiv\n";
  for (const AuthorPaper& paper : answer.papers) {
    const Record& record = *paper.cited.record;
    out += paper.cited.id.base() + "  " + std::to_string(record.published.year) + "  " +
           terminal_text(record.primary_category()) + "  " + terminal_text(record.title) + '\n';
    if (!paper.teaser.empty()) out += "    " + terminal_text(paper.teaser) + '\n';
  }
  return out;
}

}  // namespace bibsmith::plugin
