#include "tests/arxiv_emulator/abs_page.hpp"

#include <algorithm>

#include "tests/arxiv_emulator/author_split.hpp"
#include "tests/arxiv_emulator/bibtex_export.hpp"
#include "tests/arxiv_emulator/moment.hpp"
#include "tests/arxiv_emulator/tex2utf.hpp"
#include "tests/arxiv_emulator/text.hpp"

namespace bibsmith::emulator {
namespace {

Answer page(int status, std::string_view head, std::string_view heading) {
  std::string body = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
  body += head;
  body += "</head>\n<body>\n<h1>" + xml_text(heading) + "</h1>\n</body>\n</html>\n";
  return {.status = status, .content_type = "text/html; charset=utf-8", .body = std::move(body)};
}

void append_meta(std::string& out, std::string_view name, std::string_view value) {
  out += "<meta name=\"";
  out += name;
  out += "\" content=\"" + xml_attribute(value) + "\">\n";
}

std::string slashed_day(std::chrono::sys_seconds moment) {
  std::string day = iso_day(moment);
  std::ranges::replace(day, '-', '/');
  return day;
}

}  // namespace

Answer answer_abs(const Archive& archive, std::string_view id) {
  const RequestedId wanted = parse_requested_id(id);
  if (!wanted.good) return page(400, {}, "Identifier not recognized");
  const StoredPaper* paper = archive.find_paper(wanted.paper);
  const StoredVersion* version = paper == nullptr      ? nullptr
                                 : wanted.version == 0 ? &paper->versions.back()
                                                       : paper->find_version(wanted.version);
  if (version == nullptr) return page(404, {}, "Article not found");
  std::string head;
  const std::string title = tex2utf(collapse_space(paper->title_of(*version)));
  append_meta(head, "citation_title", title);
  for (const SplitAuthor& author : split_author_line_utf(paper->authors_of(*version))) {
    append_meta(head, "citation_author",
                author.keyname + (author.suffix.empty() ? "" : " " + author.suffix) +
                    (author.forenames.empty() ? "" : ", " + author.forenames));
  }
  if (!paper->doi.empty()) append_meta(head, "citation_doi", paper->doi);
  append_meta(head, "citation_date", slashed_day(paper->versions.front().created));
  append_meta(head, "citation_online_date", slashed_day(version->created));
  append_meta(head, "citation_pdf_url", "https://arxiv.org/pdf/" + paper->id);
  append_meta(head, "citation_arxiv_id", paper->id);
  append_meta(head, "citation_abstract", tex2utf(collapse_space(paper->abstract)));
  return page(200, head, title);
}

}  // namespace bibsmith::emulator
