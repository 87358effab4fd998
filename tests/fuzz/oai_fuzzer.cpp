// Any bytes: parse_oai refuses with a message, or gives records of plain text whose raw elements lie inside
// the body, in order, and read back as the same paper.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fetchers/oai/oai_answer.hpp"
#include "fetchers/record/plain_text.hpp"

namespace {

void require(bool holds) {
  if (!holds) __builtin_trap();
}

void require_plain(const std::string& text) { require(bibsmith::plain_text(text) == text); }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(bytes), size);
  const bibsmith::Origin origin{.source = "arxiv-oai"};
  const auto answer = bibsmith::fetchers::parse_oai(body, origin);
  if (!answer) {
    require(!answer.error().message.empty());
    require_plain(answer.error().message);
    return 0;
  }
  if (answer->resumption_token) require(!answer->resumption_token->empty());
  std::size_t end = 0;
  for (const auto& item : answer->records) {
    require_plain(item.identifier);
    if (item.record) {
      const bibsmith::Record& record = *item.record;
      require(record.arxiv_id.has_value() && !item.is_deleted);
      for (const std::string* text :
           {&record.title, &record.abstract, &record.comment, &record.journal_ref, &record.license}) {
        require_plain(*text);
      }
      for (const auto& author : record.authors) {
        require(!author.name.empty());
        require_plain(author.name);
      }
    }
    require(item.raw_begin <= item.raw_end && item.raw_end <= size);
    if (item.raw_begin == item.raw_end) continue;
    require(item.raw_begin >= end);
    end = item.raw_end;
    const auto again = bibsmith::fetchers::parse_oai_record(item.raw(body), origin);
    if (again && item.record) {
      require(again->arxiv_id == item.record->arxiv_id);
      require(again->title == item.record->title);
    }
  }
  return 0;
}
