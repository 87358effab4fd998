#include "tests/arxiv_emulator/author_feed.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "tests/arxiv_emulator/author_split.hpp"
#include "tests/arxiv_emulator/moment.hpp"
#include "tests/arxiv_emulator/tex2utf.hpp"
#include "tests/arxiv_emulator/text.hpp"

namespace bibsmith::emulator {
namespace {

// "2023-01-06T22:12:29+00:00".
std::string with_offset(std::chrono::sys_seconds moment) {
  std::string text = iso_moment(moment);
  if (text.ends_with('Z')) text.replace(text.size() - 1, 1, "+00:00");
  return text;
}

std::string entry_of(const StoredPaper& paper) {
  const std::string id = paper.id + "v" + std::to_string(paper.versions.back().number);
  std::string out = "  <entry>\n    <id>https://arxiv.org/abs/" + id + "</id>\n    <updated>" +
                    with_offset(paper.versions.back().created) + "</updated>\n    <published>" +
                    with_offset(paper.versions.front().created) + "</published>\n    <title>" +
                    xml_text(tex2utf(paper.title)) + "</title>\n    <summary>" + xml_text(paper.abstract) +
                    "</summary>\n";
  for (const SplitAuthor& author : split_author_line_utf(paper.authors)) {
    out += "    <author>\n      <name>" + xml_text(author.forenames + ' ' + author.keyname) +
           "</name>\n    </author>\n";
  }
  out += "    <link href=\"https://arxiv.org/abs/" + id + "\" rel=\"alternate\" type=\"text/html\"/>\n";
  out += "    <link href=\"https://arxiv.org/pdf/" + id + "\" rel=\"alternate\" title=\"pdf\"/>\n";
  for (const std::string& category : paper.categories) {
    out += "    <category term=\"" + xml_attribute(category) + "\" label=\"a category\"/>\n";
  }
  return out + "  </entry>\n";
}

}  // namespace

Answer answer_author_feed(const Archive& archive, std::string_view name, std::chrono::sys_seconds now) {
  constexpr std::string_view ending = ".atom";
  const std::string author(name.ends_with(ending) ? name.substr(0, name.size() - ending.size()) : "");
  std::vector<const StoredPaper*> claimed;
  std::string shown;
  for (const StoredPaper& paper : archive.papers()) {
    for (const std::string& claim : paper.author_ids) {
      if (!claim.starts_with(author + ' ')) continue;
      claimed.push_back(&paper);
      shown = claim.substr(author.size() + 1);
    }
  }
  if (claimed.empty()) {
    return {.status = 400, .content_type = "text/html; charset=utf-8", .body = "<h1>Author not found</h1>\n"};
  }
  std::ranges::stable_sort(claimed, std::ranges::greater{},
                           [](const StoredPaper* paper) { return paper->versions.front().created; });
  std::string body =
      "<?xml version='1.0' encoding='UTF-8'?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n"
      "  <id>https://arxiv.org/a/" +
      xml_text(author) + "</id>\n  <title>" + xml_text(shown) + "'s articles on arXiv</title>\n  <updated>" +
      with_offset(now) + "</updated>\n  <link rel=\"describes\" href=\"https://arxiv.org/a/" +
      xml_attribute(author) + "\"/>\n";
  for (const StoredPaper* paper : claimed) body += entry_of(*paper);
  return {.content_type = "application/atom+xml; charset=utf-8", .body = body + "</feed>\n"};
}

}  // namespace bibsmith::emulator
