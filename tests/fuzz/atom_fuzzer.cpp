// Any bytes: parse_atom refuses with a message, or gives records of plain text whose raw elements lie inside
// the body, in order, and read back as the same paper.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fetchers/arxiv/atom.hpp"
#include "fetchers/record/plain_text.hpp"

namespace {

void require(bool holds) {
  if (!holds) __builtin_trap();
}

void require_plain(const std::string& text) { require(bibsmith::plain_text(text) == text); }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(bytes), size);
  const bibsmith::Origin origin{.source = "arxiv-atom"};
  const auto feed = bibsmith::fetchers::parse_atom(body, origin);
  if (!feed) {
    require(!feed.error().message.empty());
    require_plain(feed.error().message);
    return 0;
  }
  std::size_t end = 0;
  for (const auto& entry : feed->entries) {
    const bibsmith::Record& record = entry.record;
    require(record.arxiv_id.has_value());
    for (const std::string* text : {&record.title, &record.abstract, &record.comment, &record.journal_ref}) {
      require_plain(*text);
    }
    for (const auto& author : record.authors) require_plain(author.name);
    require(entry.raw_begin <= entry.raw_end && entry.raw_end <= size);
    if (entry.raw_begin == entry.raw_end) continue;
    require(entry.raw_begin >= end);
    end = entry.raw_end;
    if (const auto again = bibsmith::fetchers::parse_atom_entry(entry.raw(body), origin)) {
      require(again->arxiv_id == record.arxiv_id);
      require(again->title == record.title);
    }
  }
  return 0;
}
