#include "tests/arxiv_emulator/oai_record.hpp"

#include <algorithm>

#include "tests/arxiv_emulator/author_split.hpp"
#include "tests/arxiv_emulator/moment.hpp"
#include "tests/arxiv_emulator/oai_sets.hpp"
#include "tests/arxiv_emulator/tex2utf.hpp"
#include "tests/arxiv_emulator/text.hpp"

namespace bibsmith::emulator {
namespace {

// <name>text</name>, or nothing where arXiv's templates leave an empty element out.
void append(std::string& out, std::string_view name, std::string_view text) {
  if (text.empty()) return;
  out += '<';
  out += name;
  out += '>';
  out += xml_text(text);
  out += "</";
  out += name;
  out += '>';
}

std::string categories_of(const StoredPaper& paper) {
  std::string out;
  for (const std::string& category : paper.categories) out += (out.empty() ? "" : " ") + category;
  return out;
}

std::string element_begin(std::string_view prefix) {
  const auto format = std::ranges::find(oai_formats, prefix, &OaiFormat::prefix);
  const std::string name_space(format->name_space);
  return "<" + std::string(prefix) + " xmlns=\"" + name_space +
         "\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"" + name_space +
         " " + std::string(format->schema) + "\">\n";
}

std::string dublin_core(const StoredPaper& paper) {
  const StoredVersion& current = paper.versions.back();
  std::string out =
      "<oai_dc:dc xmlns:oai_dc=\"http://www.openarchives.org/OAI/2.0/oai_dc/\" "
      "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
      "xsi:schemaLocation=\"http://www.openarchives.org/OAI/2.0/oai_dc/ "
      "http://www.openarchives.org/OAI/2.0/oai_dc.xsd\">\n";
  append(out, "dc:title", tex2utf(paper.title_of(current)));
  for (const SplitAuthor& author : split_author_line_utf(paper.authors_of(current))) {
    append(out, "dc:creator",
           author.keyname + (author.suffix.empty() ? "" : " " + author.suffix) +
               (author.forenames.empty() ? "" : ", " + author.forenames));
  }
  for (const std::string& category : paper.categories) append(out, "dc:subject", category);
  append(out, "dc:subject", paper.msc_class);
  append(out, "dc:subject", paper.acm_class);
  append(out, "dc:description", tex2utf(paper.abstract));
  append(out, "dc:description", tex2utf(paper.comments_of(current)));
  append(out, "dc:date", iso_day(paper.versions.front().created));
  if (paper.versions.size() > 1) append(out, "dc:date", iso_day(current.created));
  append(out, "dc:type", "text");
  append(out, "dc:identifier", "http://arxiv.org/abs/" + paper.id);
  append(out, "dc:identifier", paper.journal_ref);
  if (!paper.doi.empty()) append(out, "dc:identifier", "doi:" + paper.doi);
  return out + "</oai_dc:dc>";
}

std::string arxiv_format(const StoredPaper& paper) {
  const StoredVersion& current = paper.versions.back();
  std::string out = element_begin("arXiv");
  append(out, "id", paper.id);
  append(out, "created", iso_day(paper.versions.front().created));
  if (paper.versions.size() > 1) append(out, "updated", iso_day(current.created));
  out += "<authors>";
  for (const SplitAuthor& author : split_author_line_utf(paper.authors_of(current))) {
    out += "<author>";
    append(out, "keyname", author.keyname);
    append(out, "forenames", author.forenames);
    append(out, "suffix", author.suffix);
    out += "</author>";
  }
  out += "</authors>";
  append(out, "title", tex2utf(paper.title_of(current)));
  append(out, "categories", categories_of(paper));
  append(out, "comments", tex2utf(paper.comments_of(current)));
  append(out, "report-no", paper.report_number);
  append(out, "msc-class", paper.msc_class);
  // arXiv's template prints the MSC value here as well.
  if (!paper.acm_class.empty()) append(out, "acm-class", paper.msc_class);
  append(out, "journal-ref", tex2utf(paper.journal_ref));
  append(out, "doi", paper.doi);
  append(out, "license", paper.license);
  append(out, "abstract", tex2utf(paper.abstract));
  return out + "</arXiv>";
}

// The flags of arXiv's source formats; TeX and PDF have none.
std::string_view source_type(const StoredVersion& version) {
  if (version.withdrawn || version.source_format == "withdrawn") return "I";
  if (version.source_format == "pdftex") return "D";
  if (version.source_format == "html") return "H";
  if (version.source_format == "ps") return "P";
  if (version.source_format == "docx") return "X";
  return {};
}

// Raw lines, TeX and all, and every version.
std::string raw_format(const StoredPaper& paper) {
  const StoredVersion& current = paper.versions.back();
  std::string out = element_begin("arXivRaw");
  append(out, "id", paper.id);
  append(out, "submitter", "A Submitter");  // not among the stored lines
  for (const StoredVersion& version : paper.versions) {
    out += "<version version=\"v" + std::to_string(version.number) + "\">";
    append(out, "date", mail_moment(version.created));
    append(out, "size", "100kb");  // nor is the size
    append(out, "source_type", source_type(version));
    out += "</version>";
  }
  append(out, "title", paper.title_of(current));
  append(out, "authors", paper.authors_of(current));
  append(out, "categories", categories_of(paper));
  append(out, "comments", paper.comments_of(current));
  append(out, "report-no", paper.report_number);
  if (!paper.acm_class.empty()) append(out, "acm-class", paper.msc_class);
  append(out, "msc-class", paper.msc_class);
  append(out, "journal-ref", paper.journal_ref);
  append(out, "doi", paper.doi);
  append(out, "license", paper.license);
  append(out, "abstract", paper.abstract);
  return out + "</arXivRaw>";
}

}  // namespace

std::string oai_header(const StoredPaper& paper) {
  std::string out = "<header>\n";
  append(out, "identifier", "oai:arXiv.org:" + paper.id);
  append(out, "datestamp", iso_day(paper.modified));
  for (const std::string& set : sets_of(paper)) append(out, "setSpec", set);
  return out + "\n</header>\n";
}

std::string oai_record(const StoredPaper& paper, std::string_view prefix) {
  return "<record>\n" + oai_header(paper) + "<metadata>\n" +
         (prefix == "arXiv"      ? arxiv_format(paper)
          : prefix == "arXivRaw" ? raw_format(paper)
                                 : dublin_core(paper)) +
         "\n</metadata>\n</record>\n";
}

}  // namespace bibsmith::emulator
