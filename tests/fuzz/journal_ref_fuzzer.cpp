// Any text: the reader of journal references ends, gives valid fields within bounds, and reads the same text
// in the same way again.

#include <cstdint>
#include <string>
#include <string_view>

#include "bibtex/normalize/journal_names.hpp"
#include "bibtex/normalize/journal_ref.hpp"

using namespace bibsmith;
using namespace bibsmith::bibtex;

namespace {

// No field may hold more than the text that it was read from, but for names from the table.
void check(const Publication& publication, std::size_t size) {
  constexpr std::size_t name_bytes_max = 256;
  // Characters of TeX and of broken UTF-8 grow to three bytes.
  const std::size_t bound = 4 * size + name_bytes_max;
  for (const std::string* field :
       {&publication.container, &publication.volume, &publication.number, &publication.pages,
        &publication.eid, &publication.series, &publication.publisher, &publication.event}) {
    if (field->size() > bound) __builtin_trap();
    if (field->find('\n') != std::string::npos) __builtin_trap();
  }
  if (publication.date.month > 12 || publication.date.year < 0 || publication.date.year > 2099)
    __builtin_trap();
  if (!publication.pages.empty() && !publication.eid.empty()) __builtin_trap();
  const JournalName* const row = find_journal(publication.container);
  if (!publication.container_short.empty() && row == nullptr) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const JournalRef read = read_journal_ref(text);
  check(read.publication, size);
  if (read.related.size() >= journal_ref_references_max) __builtin_trap();
  for (const RelatedReference& related : read.related) check(related.publication, size);
  if (read_journal_ref(text) != read) __builtin_trap();
  return 0;
}
