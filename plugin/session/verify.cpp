#include "plugin/session/verify.hpp"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "bibtex/import/bbl.hpp"
#include "bibtex/match/reading_list.hpp"
#include "bibtex/model/macros.hpp"
#include "bibtex/syntax/document.hpp"
#include "bibtex/syntax/line_index.hpp"
#include "bibtex/write/write_entry.hpp"
#include "plugin/session/file_text.hpp"

namespace bibsmith::plugin {

namespace {

using bibtex::Block;
using bibtex::Claim;
using bibtex::Document;

struct References {
  VerifiedFile file;
  std::vector<Claim> claims;
};

void add(References& to, const ReferenceText& text, const bibtex::LineIndex& lines, std::string_view whole,
         std::string key, std::uint32_t offset, Claim claim) {
  if (text.keys && !text.keys->contains(key)) return;
  const bibtex::Position position = lines.position(whole, offset, bibtex::ColumnUnit::code_points);
  VerifiedReference reference;
  reference.key = std::move(key);
  reference.title = claim.title;
  reference.line = position.line + 1;
  reference.column = position.column + 1;
  to.file.references.push_back(std::move(reference));
  to.claims.push_back(std::move(claim));
}

void read_bib(const ReferenceText& text, const Document& document, References& to) {
  const bibtex::Macros macros(document);
  const bibtex::LineIndex lines(document.text());
  for (const Block& entry : document.entries()) {
    add(to, text, lines, document.text(), std::string(document.text(entry.key)), entry.key.begin,
        bibtex::claim_of(document, macros, entry));
  }
}

// What was typeset from a bibliography: each item becomes an entry again.
void read_typeset(const ReferenceText& text, References& to) {
  const bibtex::LineIndex lines(text.text);
  for (const bibtex::BblItem& item : bibtex::read_bbl(text.text)) {
    const Document document = Document::parse(bibtex::write_entry(item.entry, {}));
    const std::vector<Block> entries = document.entries();
    if (entries.empty()) continue;
    add(to, text, lines, text.text, item.entry.key, item.offset,
        bibtex::claim_of(document, bibtex::Macros(), entries.front()));
  }
}

bool is_list(std::string_view path) {
  return path == "-" || path.ends_with(".txt") || path.ends_with(".html") || path.ends_with(".htm");
}

// A list names authors by their families, and not always all of them.
Claim claim_of(const bibtex::ReadingItem& item) {
  Claim claim;
  claim.title = item.title;
  for (const std::string& family : item.authors) {
    bibtex::Name name;
    name.family = family;
    claim.authors.push_back(std::move(name));
  }
  claim.others = true;
  claim.year = item.year;
  claim.doi = item.doi;
  claim.arxiv_id = item.arxiv_id;
  claim.is_preprint = item.arxiv_id && !item.doi;
  return claim;
}

void read_list(const ReferenceText& text, const bibtex::ReadingList& list, References& to) {
  const bibtex::LineIndex lines(text.text);
  for (const bibtex::ReadingItem& item : list.items) {
    const std::size_t before = to.claims.size();
    add(to, text, lines, text.text, item.title, 0, claim_of(item));
    if (to.claims.size() > before) to.file.references.back().line = item.line;  // else it is not meant
  }
}

int this_year(fetchers::Clock& clock) {
  const auto day = std::chrono::floor<std::chrono::days>(clock.calendar());
  return static_cast<int>(std::chrono::year_month_day(day).year());
}

}  // namespace

std::string in_words(const bibtex::Verdict& verdict) {
  switch (verdict.kind) {
    case bibtex::VerdictKind::verified:
      return "verified";
    case bibtex::VerdictKind::could_not_verify:
      return "could not verify";
    case bibtex::VerdictKind::does_not_exist:
      return "does not exist";
    case bibtex::VerdictKind::wrong_fields:
      break;
  }
  std::string fields;
  for (const std::string_view name : verdict.wrong_fields()) {
    fields += fields.empty() ? " (" : ", ";
    fields += name;
  }
  return "wrong fields" + (fields.empty() ? fields : fields + ')');
}

bool VerifiedReference::was_not_asked() const {
  return is_open() && std::ranges::any_of(found.evidence.answers, [](const bibtex::SourceAnswer& answer) {
           return answer.status == bibtex::SourceAnswer::Status::could_not_ask;
         });
}

std::size_t VerifyAnswer::count(bibtex::VerdictKind kind) const {
  std::size_t number = 0;
  for (const VerifiedFile& file : files) {
    number += static_cast<std::size_t>(std::ranges::count_if(
        file.references, [&](const VerifiedReference& one) { return one.found.verdict.kind == kind; }));
  }
  return number;
}

std::size_t VerifyAnswer::accepted() const {
  std::size_t number = 0;
  for (const VerifiedFile& file : files) {
    number += static_cast<std::size_t>(std::ranges::count_if(
        file.references, [](const VerifiedReference& one) { return !one.accepted.empty(); }));
  }
  return number;
}

const VerifiedReference* VerifyAnswer::find(std::string_view key) const {
  for (const VerifiedFile& file : files) {
    const auto found = std::ranges::find(file.references, key, &VerifiedReference::key);
    if (found != file.references.end()) return &*found;
  }
  return nullptr;
}

std::size_t VerifyAnswer::size() const {
  std::size_t number = 0;
  for (const VerifiedFile& file : files) number += file.references.size();
  return number;
}

VerifyAnswer verify_texts(Session& session, std::vector<ReferenceText> texts, std::stop_token stop,
                          const FetchProgress& progress) {
  VerifyAnswer answer;
  std::vector<Claim> claims;
  for (ReferenceText& text : texts) {
    References references;
    references.file.path = text.path;
    const auto list = is_list(text.path) ? std::optional(bibtex::read_reading_list(text.text)) : std::nullopt;
    if (text.path.ends_with(".bbl")) {
      read_typeset(text, references);
    } else if (list && list->form != bibtex::ReadingList::Form::bibtex) {
      read_list(text, *list, references);
    } else {
      const Document document = Document::parse(std::move(text.text), std::thread::hardware_concurrency());
      if (const auto why = why_not_read(document)) {
        answer.failures.push_back({FileError::Code::unreadable, text.path + ": " + *why});
        continue;
      }
      read_bib(text, document, references);
    }
    std::ranges::move(references.claims, std::back_inserter(claims));
    answer.files.push_back(std::move(references.file));
  }
  std::vector<FoundEvidence> found =
      search_evidence(session, claims, {.this_year = this_year(session.clock())}, std::move(stop), progress);
  std::set<std::string> unasked;
  std::size_t next = 0;
  for (VerifiedFile& file : answer.files) {
    for (VerifiedReference& reference : file.references) {
      reference.found = std::move(found[next++]);
      const auto accepted = session.settings().accepted.find(reference.key);
      if (accepted != session.settings().accepted.end() && reference.is_finding() &&
          covers(accepted->second, reference.found.verdict)) {
        reference.accepted = accepted->second.reason;
      }
      if (!reference.was_not_asked()) continue;
      for (const bibtex::SourceAnswer& asked : reference.found.evidence.answers) {
        if (asked.status == bibtex::SourceAnswer::Status::could_not_ask) {
          unasked.insert(asked.source + ": " + asked.detail);
        }
      }
    }
  }
  answer.unasked.assign(unasked.begin(), unasked.end());
  return answer;
}

}  // namespace bibsmith::plugin
