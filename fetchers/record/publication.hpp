#pragma once

#include <cstdint>
#include <string>

#include "fetchers/record/date.hpp"

namespace bibsmith {

// What kind of work a publication is, in biblatex's words (manual, section 2.1).
enum class PublicationType : std::uint8_t {
  unknown,
  article,
  inproceedings,
  incollection,
  book,
  thesis,
  report,
  dataset,
  preprint,
};

// How a work was published, part by part: from a source that gives parts (Crossref, DBLP, DataCite) or read
// from arXiv's journal_ref. Field names are biblatex's. Plain UTF-8; empty means unknown.
struct Publication {
  PublicationType type = PublicationType::unknown;
  std::string container;        // journal or book title, in full where known: "Physical Review D"
  std::string container_short;  // ISO 4: "Phys. Rev. D"
  std::string volume;
  std::string number;     // the issue, or the number in a series
  std::string pages;      // "101-128", with one ASCII hyphen, or a single page
  std::string eid;        // article number: "013009"
  std::string series;     // "Lecture Notes in Computer Science"
  std::string publisher;  // for a thesis: the institution
  std::string event;      // the conference, where it is not the container
  Date date;

  friend bool operator==(const Publication&, const Publication&) = default;
};

}  // namespace bibsmith
