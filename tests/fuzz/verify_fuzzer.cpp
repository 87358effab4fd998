// Any reference: a record that says just what it says contradicts nothing; the order of the candidates does
// not count; and nobody's silence proves anything.

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "bibtex/syntax/document.hpp"
#include "bibtex/verify/judge.hpp"

using namespace bibsmith;
using namespace bibsmith::bibtex;

namespace {

Record record_of(const Claim& claim) {
  Record record;
  record.title = claim.title;
  for (const Name& name : claim.authors) {
    const bool is_person = !name.is_literal();
    const std::string family = name.prefix.empty() ? name.family : name.prefix + " " + name.family;
    record.authors.push_back({.name = is_person ? name.given + " " + family : name.literal,
                              .family = is_person ? family : "",
                              .given = name.given,
                              .is_literal = !is_person});
  }
  if (claim.doi) record.dois.push_back(*claim.doi);
  record.publication = Publication{.container = claim.venue,
                                   .volume = claim.volume,
                                   .number = claim.number,
                                   .pages = claim.pages,
                                   .date = {static_cast<std::int16_t>(claim.year), 0, 0}};
  return record;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Document document = Document::parse(std::string(reinterpret_cast<const char*>(data), size));
  const Macros macros(document);
  std::size_t judged = 0;
  for (const Block& entry : document.entries()) {
    if (++judged > 8) break;
    const Claim claim = claim_of(document, macros, entry);
    const Record record = record_of(claim);
    Record other = record;
    other.title += " and a sequel";
    Evidence evidence;
    evidence.candidates = {{&record, Question::title}, {&other, Question::title}};
    const Verdict verdict = judge(claim, evidence, {});
    for (const FieldFinding& finding : verdict.fields) {
      const bool is_exempt = finding.code == "doi.malformed" || finding.field == ClaimField::arxiv_id;
      if (finding.outcome == FieldFinding::Outcome::contradicted && !is_exempt) __builtin_trap();
    }
    std::swap(evidence.candidates[0], evidence.candidates[1]);
    if (judge(claim, evidence, {}).wrong_fields() != verdict.wrong_fields()) __builtin_trap();
    if (judge(claim, {}, {}).kind != VerdictKind::could_not_verify) __builtin_trap();
  }
  return 0;
}
