#include "bibtex/normalize/journal_form.hpp"

#include <cstddef>
#include <string>
#include <string_view>

#include "bibtex/model/latex.hpp"
#include "bibtex/model/macros.hpp"
#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

constexpr std::size_t journals_counted_max = 1000;

bool names_journal(std::string_view field) {
  return equal_ignoring_case(field, "journal") || equal_ignoring_case(field, "journaltitle");
}

}  // namespace

JournalForm measure_journals(const Document& document) {
  static constexpr ByteSet cut_marks(" .");
  const Macros macros(document);
  std::size_t full = 0;
  std::size_t abbreviated = 0;
  for (const Block& block : document.blocks()) {
    if (block.kind != BlockKind::entry) continue;
    for (const FieldNode& field : document.fields(block)) {
      if (!names_journal(document.text(field.name))) continue;
      const std::string name = to_unicode(macros.value_text(document, field));
      const JournalName* const journal = find_journal(name);
      if (journal == nullptr || journal->full == journal->iso4) continue;
      // Words that are cut, with stops or without; acronyms (PRD, CoRR) are no ISO 4 and say nothing.
      if (name.size() >= journal->full.size()) {
        ++full;
      } else if (cut_marks.any_in(name)) {
        ++abbreviated;
      }
    }
    if (full + abbreviated >= journals_counted_max) break;
  }
  return abbreviated > full ? JournalForm::abbreviated : JournalForm::full;
}

}  // namespace bibsmith::bibtex
