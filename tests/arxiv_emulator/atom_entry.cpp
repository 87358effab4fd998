#include "tests/arxiv_emulator/atom_entry.hpp"

#include "tests/arxiv_emulator/author_split.hpp"
#include "tests/arxiv_emulator/moment.hpp"
#include "tests/arxiv_emulator/tex2utf.hpp"
#include "tests/arxiv_emulator/text.hpp"

namespace bibsmith::emulator {
namespace {

constexpr std::string_view scheme = "http://arxiv.org/schemas/atom";
constexpr std::string_view arxiv_namespace = " xmlns:arxiv=\"http://arxiv.org/schemas/atom\"";

void append_element(std::string& out, std::string_view name, std::string_view text,
                    std::string_view attributes = {}) {
  out += "    <";
  out += name;
  out += attributes;
  out += '>';
  out += xml_text(text);
  out += "</";
  out += name;
  out += ">\n";
}

std::string shown(std::string_view raw) { return tex2utf(collapse_space(raw)); }

// Lines of one paragraph become one; a line that is indented begins a new one. Spaces at the front stay.
std::string unwrapped(std::string_view abstract) {
  std::string out;
  while (!abstract.empty() && is_space(abstract.back())) abstract.remove_suffix(1);
  for (std::size_t i = 0; i < abstract.size(); ++i) {
    const bool joins = abstract[i] == '\n' && i + 1 < abstract.size() && !is_space(abstract[i + 1]);
    out += joins ? ' ' : abstract[i];
  }
  return tex2utf(out);
}

// The old engine showed lines as they stand in arXiv's files: 80 columns at most, the first one behind its
// label ("Title: "), further ones behind two spaces.
std::string wrapped(std::string_view text, std::string_view label) {
  std::string out;
  std::size_t column = label.size();
  for (const std::string_view word : split(text, ' ')) {
    if (!out.empty() && column + 1 + word.size() > 80) {
      out += "\n  ";
      column = 2;
    } else if (!out.empty()) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
  }
  return out;
}

// The index that feeds the API keeps first and last name only: a suffix is lost.
void append_authors(std::string& out, std::string_view line, std::string_view affiliation_attributes) {
  for (const SplitAuthor& author : split_author_line_utf(line)) {
    out += "    <author>\n      <name>";
    out += xml_text(collapse_space(author.forenames + " " + author.keyname));
    out += "</name>\n";
    for (const std::string& affiliation : author.affiliations) {
      out += "      <arxiv:affiliation";
      out += affiliation_attributes;
      out += '>';
      out += xml_text(affiliation);
      out += "</arxiv:affiliation>\n";
    }
    out += "    </author>\n";
  }
}

void append_categories(std::string& out, const StoredPaper& paper) {
  for (const std::string& category : paper.categories) {
    out += "    <category term=\"" + xml_attribute(category) + "\" scheme=\"";
    out += scheme;
    out += "\"/>\n";
  }
}

// The stored line is cut at white space and nowhere else: "a; b" gives a DOI that ends in a semicolon.
std::vector<std::string> dois_of(const StoredPaper& paper) {
  std::vector<std::string> dois;
  const std::string line = collapse_space(paper.doi);
  for (const std::string_view doi : split(line, ' ')) {
    if (!doi.empty()) dois.emplace_back(doi);
  }
  return dois;
}

std::string new_entry(const StoredPaper& paper, const StoredVersion& version, Engine engine) {
  const bool link_attributes = engine == Engine::current;
  // At first the new engine told when the record had changed, not when the version was submitted.
  const auto updated = engine == Engine::november_2025 ? paper.modified : version.created;
  const std::string id = paper.id + "v" + std::to_string(version.number);
  std::string out = "  <entry>\n";
  append_element(out, "id", "http://arxiv.org/abs/" + id);
  append_element(out, "title", shown(paper.title_of(version)));
  append_element(out, "updated", iso_moment(updated));
  out += "    <link href=\"https://arxiv.org/abs/" + xml_attribute(id) + "\"";
  out += link_attributes ? " rel=\"alternate\" type=\"text/html\"/>\n" : "/>\n";
  out += "    <link href=\"https://arxiv.org/pdf/" + xml_attribute(id) + "\"";
  out += link_attributes ? " rel=\"related\" type=\"application/pdf\" title=\"pdf\"/>\n" : "/>\n";
  append_element(out, "summary", unwrapped(paper.abstract));
  append_categories(out, paper);
  append_element(out, "published", iso_moment(paper.versions.front().created));
  if (!paper.comments_of(version).empty()) {
    append_element(out, "arxiv:comment", shown(paper.comments_of(version)));
  }
  if (!paper.categories.empty()) {
    out += "    <arxiv:primary_category term=\"" + xml_attribute(paper.categories.front()) + "\"/>\n";
  }
  if (!paper.journal_ref.empty()) append_element(out, "arxiv:journal_ref", shown(paper.journal_ref));
  append_authors(out, paper.authors_of(version), {});
  for (const std::string& doi : dois_of(paper)) {
    append_element(out, "arxiv:doi", doi);
    out += "    <link rel=\"related\" href=\"https://doi.org/" + xml_attribute(doi) + "\"";
    out += link_attributes ? " title=\"doi\"/>\n" : "/>\n";
  }
  out += "  </entry>\n";
  return out;
}

std::string old_summary(std::string_view abstract) {
  return "  " + tex2utf(trim(abstract)) + "\n";  // the stored line breaks stay
}

std::string old_entry(const StoredPaper& paper, const StoredVersion& version) {
  const std::string id = paper.id + "v" + std::to_string(version.number);
  std::string out = "  <entry>\n";
  append_element(out, "id", "http://arxiv.org/abs/" + id);
  append_element(out, "updated", iso_moment(version.created));
  append_element(out, "published", iso_moment(paper.versions.front().created));
  const std::string title = shown(paper.title_of(version));
  append_element(out, "title", wrapped(title, "Title: "));
  append_element(out, "summary", old_summary(paper.abstract));
  append_authors(out, paper.authors_of(version), arxiv_namespace);
  for (const std::string& doi : dois_of(paper)) {
    append_element(out, "arxiv:doi", doi, arxiv_namespace);
    out +=
        "    <link title=\"doi\" href=\"http://dx.doi.org/" + xml_attribute(doi) + "\" rel=\"related\"/>\n";
  }
  if (!paper.comments_of(version).empty()) {
    const std::string comments = shown(paper.comments_of(version));
    append_element(out, "arxiv:comment", wrapped(comments, "Comments: "), arxiv_namespace);
  }
  if (!paper.journal_ref.empty()) {
    const std::string journal_ref = shown(paper.journal_ref);
    append_element(out, "arxiv:journal_ref", wrapped(journal_ref, "Journal-ref: "), arxiv_namespace);
  }
  out += "    <link href=\"http://arxiv.org/abs/" + xml_attribute(id) +
         "\" rel=\"alternate\" type=\"text/html\"/>\n";
  out += "    <link title=\"pdf\" href=\"http://arxiv.org/pdf/" + xml_attribute(id) +
         "\" rel=\"related\" type=\"application/pdf\"/>\n";
  if (!paper.categories.empty()) {
    out += "    <arxiv:primary_category";
    out += arxiv_namespace;
    out += " term=\"" + xml_attribute(paper.categories.front()) + "\" scheme=\"";
    out += scheme;
    out += "\"/>\n";
  }
  append_categories(out, paper);
  for (const std::string* classification : {&paper.msc_class, &paper.acm_class}) {
    if (classification->empty()) continue;
    out += "    <category term=\"" + xml_attribute(*classification) + "\" scheme=\"";
    out += scheme;
    out += "\"/>\n";
  }
  out += "  </entry>\n";
  return out;
}

}  // namespace

std::string atom_entry(const StoredPaper& paper, const StoredVersion& version, Engine engine) {
  if (engine == Engine::old) return old_entry(paper, version);
  return new_entry(paper, version, engine);
}

}  // namespace bibsmith::emulator
