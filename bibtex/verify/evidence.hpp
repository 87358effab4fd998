#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fetchers/record/record.hpp"

namespace bibsmith::bibtex {

// What was asked, by which a record was found or a source was asked.
enum class Question : std::uint8_t { doi, arxiv_id, title };

// "doi", "arxiv_id", "title".
std::string_view name_of(Question question);

// A record that may be the work. What a source found that is no match does no harm: the judge looks.
struct Candidate {
  const Record* record = nullptr;  // never nullptr; outlives the judging
  Question found_by = Question::title;
};

// What one source did with one question. One of these for each source that was asked or should have been.
struct SourceAnswer {
  enum class Status : std::uint8_t {
    found,           // records of it are among the candidates
    has_none,        // it was asked and answered: it knows no such work
    could_not_ask,   // offline, an outage, a limit, a setting
    does_not_cover,  // works of this kind are not in it
  };
  std::string source;  // as in Origin
  Question question = Question::title;
  Status status = Status::could_not_ask;
  std::string detail;  // one line, for people: why it could not be asked
  // The source holds every work of the kind, so that "has none" proves that there is none: arXiv for its
  // ids. No index of titles is known to.
  bool is_complete = false;
};

// "found", "has_none", "could_not_ask", "does_not_cover".
std::string_view name_of(SourceAnswer::Status status);

// What is known of the DOI that the reference names.
enum class DoiStatus : std::uint8_t {
  unknown,       // it names none, or no one could be asked who would know
  registered,    // it resolves
  unregistered,  // those who would know (doi.org, or all agencies) said that there is no such DOI
};

// All that was found out about one reference. How it was found is not the judge's business.
struct Evidence {
  std::vector<Candidate> candidates;
  std::vector<SourceAnswer> answers;
  DoiStatus doi = DoiStatus::unknown;
  std::string doi_title;  // of the work that the DOI leads to, where no record of it is at hand
};

}  // namespace bibsmith::bibtex
