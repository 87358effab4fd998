#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fetchers/record/arxiv_id.hpp"
#include "fetchers/record/date.hpp"
#include "fetchers/record/doi.hpp"
#include "fetchers/record/notice.hpp"
#include "fetchers/record/publication.hpp"

namespace bibsmith {

// One author as a source gives it. `name` is always set; the parts only where the source knows them
// (OAI-PMH, DataCite, Crossref do; arXiv's Atom feed gives one string).
struct Author {
  std::string name;    // "Ashish Vaswani", "Planck Collaboration"
  std::string family;  // with particles, as the source has it: "van der Tak"
  std::string given;
  std::string suffix;  // "Jr", "III"
  std::string orcid;   // bare: "0000-0002-1825-0097"
  std::vector<std::string> affiliations;
  bool is_literal = false;  // the source says: an organisation, not a person

  friend bool operator==(const Author&, const Author&) = default;
};

// One submitted version of an arXiv paper.
struct Version {
  std::uint16_t number = 0;
  Date date;
  bool withdrawn = false;

  friend bool operator==(const Version&, const Version&) = default;
};

// Who said a value, from where, and when.
struct Origin {
  std::string source;  // "arxiv-atom", "arxiv-oai", "datacite", "crossref", "dblp"
  std::string url;     // the request that was answered
  std::chrono::sys_seconds retrieved{};

  friend bool operator==(const Origin&, const Origin&) = default;
};

// The parts of a Record that can have an origin of their own.
enum class RecordField : std::uint8_t {
  title,
  authors,
  abstract,
  comment,
  journal_ref,
  dois,
  report_number,
  categories,
  published,
  updated,
  versions,
  license,
  publication,
};

// What one source says about one paper. Plain UTF-8, white space collapsed, TeX as the source has it and
// none added; empty means unknown.
//
// Every value knows its source and when it was asked: origin() is that of the record unless mark() named
// another for the field (a Record that was completed from a second source).
struct Record {
  std::optional<ArxivId> arxiv_id;  // with the version that this record describes, when known
  std::string title;
  std::vector<Author> authors;
  std::string abstract;
  std::string comment;      // arXiv's "comment", not BibTeX's note
  std::string journal_ref;  // as the author typed it
  std::vector<Doi> dois;    // of the published paper; the first is the main one
  std::string report_number;
  std::string license;                     // a URL
  std::vector<std::string> categories;     // primary first; as listed, aliases included
  Date published;                          // submission of v1
  Date updated;                            // submission of the version described here
  std::vector<Version> versions;           // oldest first; empty where the source does not tell
  bool withdrawn = false;                  // the source says so outright (arXiv's Atom feed cannot)
  std::optional<Publication> publication;  // where the source gives the published work in parts
  std::vector<Notice> notices;             // about this work: retracted, superseded, …

  std::vector<Origin> origins;  // at least one in a fetched record; [0] unless marked
  std::vector<std::pair<RecordField, std::uint8_t>> marks;

  // Precondition: origins is not empty.
  const Origin& origin(RecordField field) const;
  // `field` came from `from`, not from origins[0].
  void mark(RecordField field, const Origin& from);

  std::string_view primary_category() const {
    return categories.empty() ? std::string_view{} : std::string_view{categories.front()};
  }

  friend bool operator==(const Record&, const Record&) = default;
};

}  // namespace bibsmith
