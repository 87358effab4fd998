#include "bibtex/normalize/journal_ref.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "bibtex/normalize/reference_reader.hpp"
#include "bibtex/normalize/reference_split.hpp"
#include "bibtex/normalize/reference_text.hpp"
#include "fetchers/record/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

void append_rest(std::string& rest, std::string_view more) {
  if (more.empty()) return;
  if (!rest.empty()) rest += "; ";
  rest += more;
}

// Journals that come out in Russian, romanised; their translations have names of their own.
bool is_russian(std::string_view container) {
  static constexpr auto beginnings = std::to_array<std::string_view>(
      {"Pis", "Zh", "Usp", "Teor", "Yad", "Fiz", "Mat. ", "Matematichesk", "Astronomicheskii", "Funkts",
       "Astron. Zh", "Izv. V", "Izv. R", "Trudy", "Doklady"});
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [&](std::string_view beginning) { return container.starts_with(beginning); });
}

}  // namespace

JournalRef read_journal_ref(std::string_view text) {
  JournalRef out;
  std::string_view beyond;
  if (text.size() > journal_ref_bytes_max) {
    // Not inside a character.
    std::size_t cut = journal_ref_bytes_max;
    while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80) --cut;
    beyond = text.substr(cut);
    text = text.substr(0, cut);
    out.findings.push_back({"journal-ref.cut", "the journal reference is longer than " +
                                                   std::to_string(journal_ref_bytes_max) + " bytes"});
  }
  std::string plain = plain_reference(text);
  if (starts_with_ignoring_case(plain, "submitted")) {
    out.findings.push_back({"journal-ref.submitted", "the work is submitted, not published"});
    out.rest = std::move(plain);
    if (!beyond.empty()) append_rest(out.rest, plain_reference(beyond));
    return out;
  }
  ReferenceIdentifiers identifiers = take_identifiers(plain);
  out.doi = std::move(identifiers.doi);

  const Publication* previous = nullptr;
  bool first = true;
  for (const ReferencePart& part : split_references(plain)) {
    ReadReference read = read_reference(part.text, part.ibid && !first ? previous : nullptr, out.findings);
    append_rest(out.rest, read.rest);
    if (first) {
      out.publication = std::move(read.publication);
      out.forthcoming = read.forthcoming;
      first = false;
      previous = &out.publication;
      continue;
    }
    if (read.publication.type == PublicationType::unknown && read.publication.container.empty()) {
      append_rest(out.rest, part.text);
      continue;
    }
    // Errata that name no journal are in that of the work.
    if (read.publication.container.empty() && previous != nullptr) {
      read.publication.container = out.publication.container;
      read.publication.container_short = out.publication.container_short;
      read.publication.type = out.publication.type;
    }
    RelatedKind kind = part.kind;
    if (kind == RelatedKind::publication &&
        is_russian(out.publication.container) != is_russian(read.publication.container)) {
      kind = RelatedKind::translation;
    }
    out.related.push_back({kind, std::move(read.publication)});
  }
  append_rest(out.rest, identifiers.others);
  if (!beyond.empty()) append_rest(out.rest, plain_reference(beyond));
  return out;
}

}  // namespace bibsmith::bibtex
