#include "bibtex/normalize/normalizer.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

#include "bibtex/model/citation_key.hpp"
#include "bibtex/model/name.hpp"
#include "bibtex/normalize/authors.hpp"
#include "bibtex/normalize/comment.hpp"
#include "bibtex/normalize/entry_fields.hpp"
#include "bibtex/normalize/published.hpp"
#include "bibtex/normalize/title.hpp"
#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

const Version* described_version(const Record& record) {
  if (!record.arxiv_id || !record.arxiv_id->version()) return nullptr;
  for (const Version& version : record.versions) {
    if (version.number == *record.arxiv_id->version()) return &version;
  }
  return nullptr;
}

// The month in which the identifier was given out: "1706.03762", "hep-th/9901001".
Date date_of_id(const ArxivId& id) {
  const std::string& base = id.base();
  const std::size_t slash = base.find('/');
  const std::size_t at = slash == std::string::npos ? 0 : slash + 1;
  if (base.size() < at + 4) return {};
  const auto digit = [&](std::size_t i) { return base[at + i] - '0'; };
  const int year = digit(0) * 10 + digit(1);
  Date date;
  date.year = static_cast<std::int16_t>(year >= 91 ? 1900 + year : 2000 + year);
  date.month = static_cast<std::uint8_t>(digit(2) * 10 + digit(3));
  return date;
}

// The preprint's date, and which rule gave it.
struct DatedBy {
  Date date;
  RecordField from = RecordField::published;
  std::string_view rule;
};

// The date of v1, or with a version that the user named, that of the version.
DatedBy entry_date(const Record& record, const NormalizeOptions& options, NormalizeFindings& findings) {
  const bool cited = options.pinned || options.year == YearPolicy::cited_version;
  if (cited) {
    const Version* const version = described_version(record);
    constexpr std::string_view rule = "submission of the version cited";
    if (version != nullptr && version->date.known()) return {version->date, RecordField::versions, rule};
    if (record.updated.known()) return {record.updated, RecordField::updated, rule};
  }
  constexpr std::string_view rule = "submission of version 1";
  if (record.published.known()) return {record.published, RecordField::published, rule};
  if (!record.versions.empty() && record.versions.front().date.known()) {
    return {record.versions.front().date, RecordField::versions, rule};
  }
  if (record.arxiv_id) {
    findings.push_back(
        {"date.from-id", "the record has no date, year and month are those of the identifier"});
    return {date_of_id(*record.arxiv_id), RecordField::published, "year and month of the identifier"};
  }
  if (record.updated.known()) return {record.updated, RecordField::updated, "the only date of the record"};
  if (record.publication && record.publication->date.known()) {
    return {record.publication->date, RecordField::publication, "date of publication"};
  }
  findings.push_back({"date.missing", "the record has no date"});
  return {};
}

// The flag of the newest version counts, and that of the version described. A comment counts where the flags
// tell of no withdrawal, for arXiv has not flagged all; where only an older version is flagged the paper was
// submitted again, and the comment speaks of what was.
bool is_withdrawn(const Record& record) {
  if (record.withdrawn) return true;
  const Version* const described = described_version(record);
  if (described != nullptr && described->withdrawn) return true;
  if (!record.versions.empty() && record.versions.back().withdrawn) return true;
  const bool was_withdrawn = std::any_of(record.versions.begin(), record.versions.end(),
                                         [](const Version& version) { return version.withdrawn; });
  return !was_withdrawn && says_withdrawn(record.comment);
}

// A version was asked for, and the record tells of later ones.
void note_newer_version(const Record& record, const NormalizeOptions& options, NormalizeFindings& findings) {
  if (!options.pinned || !record.arxiv_id || record.versions.empty()) return;
  const std::uint16_t cited = record.arxiv_id->version().value_or(0);
  const std::uint16_t newest = record.versions.back().number;
  if (cited == 0 || newest <= cited) return;
  findings.push_back({"version.newer", "version " + std::to_string(cited) + " is cited, version " +
                                           std::to_string(newest) + " is the newest"});
}

// The published paper's; arXiv's own DOI says what eprint says.
const Doi* journal_doi(const Record& record) {
  for (const Doi& doi : record.dois) {
    if (!doi.arxiv_id()) return &doi;
  }
  return nullptr;
}

// Braces in a DOI would end the field.
std::string doi_text(const Doi& doi) {
  static constexpr ByteSet braces("{}");
  if (!braces.any_in(doi.str())) return doi.str();
  std::string out;
  for (const char c : doi.str()) {
    if (c == '{') {
      out += "%7B";
    } else if (c == '}') {
      out += "%7D";
    } else {
      out += c;
    }
  }
  return out;
}

std::string key_of(const AuthorNames& authors, const Date& date, const Record& record) {
  KeySource source;
  if (!authors.names.empty()) {
    const Name& first = authors.names.front();
    source.author_is_literal = first.is_literal();
    source.author = first.is_literal() ? first.literal : first.prefix + " " + first.family;
  }
  source.year = date.year;
  source.title = record.title;
  return citation_key(source);
}

void add_eprint(FieldList& fields, const std::string& eprint, std::string_view primary, Dialect dialect) {
  const bool biblatex = dialect == Dialect::biblatex;
  fields.add("eprint", eprint, RecordField::categories, "arXiv's identifier");
  fields.add(biblatex ? "eprinttype" : "archiveprefix", biblatex ? "arxiv" : "arXiv", RecordField::categories,
             "the archive of the identifier");
  fields.add(biblatex ? "eprintclass" : "primaryclass", std::string(primary), RecordField::categories,
             "the first category is the primary one");
}

}  // namespace

NormalizedEntry normalize(const Record& record, const NormalizeOptions& options) {
  NormalizedEntry result;
  NormalizeFindings& findings = result.findings;

  AuthorNames authors = author_names(record.authors);
  if (authors.names.empty()) findings.push_back({"author.missing", "the record has no authors"});
  const DatedBy dated = entry_date(record, options, findings);
  std::string title = normalize_title(record.title, options.encoding, findings);
  if (title.empty()) findings.push_back({"title.missing", "the record has no title"});
  const bool withdrawn = is_withdrawn(record);
  if (withdrawn) findings.push_back({"paper.withdrawn", "the paper has been withdrawn"});

  note_newer_version(record, options, findings);

  PublishedDecision decision;
  if (options.published && !options.pinned && !withdrawn) decision = decide_published(record);
  std::ranges::move(decision.findings, std::back_inserter(findings));
  result.is_published = decision.publication.has_value();
  result.witnesses = std::move(decision.witnesses);
  result.entry.key =
      options.citation_key.empty() ? key_of(authors, dated.date, record) : options.citation_key;

  if (options.authors_max > 0 && authors.names.size() > options.authors_max) {
    authors.names.resize(options.authors_max);
    authors.others = true;
  }
  FieldList fields(result);
  fields.add("author", author_field(std::move(authors), options.encoding, findings), RecordField::authors,
             "names split into their parts");
  fields.add("title", std::move(title), RecordField::title, "capitals protected, text made safe for LaTeX");

  const Doi* doi = journal_doi(record);
  if (decision.publication) {
    if (decision.doi) doi = &*decision.doi;
    result.entry.type = add_publication(fields, *decision.publication, record, options);
  } else {
    result.entry.type = options.dialect == Dialect::biblatex ? "online" : "misc";
    fields.add_date(dated.date, options.dialect, dated.from, dated.rule);
  }
  const auto add_doi = [&] {
    if (doi != nullptr) fields.add("doi", doi_text(*doi), RecordField::dois, "bare, as the field wants it");
  };
  if (!record.arxiv_id) {
    add_doi();
    return result;
  }
  const std::string eprint = options.pinned ? record.arxiv_id->str() : record.arxiv_id->base();
  if (decision.publication) add_doi();
  add_eprint(fields, eprint, record.primary_category(), options.dialect);
  if (!decision.publication) {
    add_doi();
    fields.add("url", "https://arxiv.org/abs/" + eprint, RecordField::categories, "the abstract page");
  }
  return result;
}

}  // namespace bibsmith::bibtex
