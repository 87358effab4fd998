#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fetchers/record/notice.hpp"

namespace bibsmith::bibtex {

enum class VerdictKind : std::uint8_t {
  verified,          // a record is this work, and nothing that the reference says is contradicted
  wrong_fields,      // there is this work, or the one that was meant, and a record contradicts some fields
  could_not_verify,  // nothing speaks for it and nothing against
  does_not_exist,    // proof that there is no such work; never for want of an answer
};

// The words of `--json`: "verified", "wrong_fields", "could_not_verify", "does_not_exist".
std::string_view name_of(VerdictKind kind);

enum class ClaimField : std::uint8_t { title, author, venue, year, volume, number, pages, doi, arxiv_id };

// "title", "author", "venue", "year", "volume", "number", "pages", "doi", "arxiv_id".
std::string_view name_of(ClaimField field);

// How one field compares with what the records say. Of the authors there may be several.
struct FieldFinding {
  enum class Outcome : std::uint8_t { agreed, contradicted, not_compared };

  ClaimField field = ClaimField::title;
  Outcome outcome = Outcome::not_compared;
  std::string_view code;                 // stable, static: "author.missing"; docs/verifying.md lists them
  std::string said;                      // by the reference; plain text
  std::string known;                     // by the record; plain text
  std::optional<std::size_t> candidate;  // in Evidence::candidates: the record that is quoted
};

// "agreed", "contradicted", "not_compared".
std::string_view name_of(FieldFinding::Outcome outcome);

// Why the verdict is what it is.
struct VerdictReason {
  std::string_view code;  // stable, static: "doi.unregistered"
  std::string detail;     // one line, for people
  std::optional<std::size_t> candidate;
};

// A notice of a record that is this work. A verdict stays `verified` with it; whoever shows one shows both.
struct FoundNotice {
  Notice notice;
  std::size_t candidate = 0;
};

struct Verdict {
  VerdictKind kind = VerdictKind::could_not_verify;
  std::vector<FieldFinding> fields;    // in the order of ClaimField, one at least for each field that is said
  std::vector<VerdictReason> reasons;  // never empty
  std::vector<FoundNotice> notices;    // the gravest first, each kind once
  std::vector<std::size_t> same_work;  // the candidates that are this work, best first

  // Each contradicted field once, in the order of ClaimField.
  std::vector<std::string_view> wrong_fields() const;
};

}  // namespace bibsmith::bibtex
