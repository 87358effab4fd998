// Any bytes: parse_dblp refuses with a message, or gives hits of plain text; and text with mark-up becomes
// plain text that is stable.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fetchers/dblp/dblp_answer.hpp"
#include "fetchers/dblp/dblp_fetcher.hpp"
#include "fetchers/record/markup_text.hpp"
#include "fetchers/record/plain_text.hpp"
#include "fetchers/record/query_words.hpp"

namespace {

void require(bool holds) {
  if (!holds) __builtin_trap();
}

void require_plain(const std::string& text) { require(bibsmith::plain_text(text) == text); }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(bytes), size);
  require_plain(bibsmith::markup_text(body));
  const std::string words = bibsmith::query_words({std::string(body), ""});
  require(words.find_first_of("$|-\"\\:") == std::string::npos);
  if (const auto piece = bibsmith::fetchers::parse_dblp_piece(body); piece && *piece) {
    require_plain((*piece)->title);
  }
  const std::string near = bibsmith::query_words({std::string(body), "example", true});
  require(near.find_first_of("$-\"\\:") == std::string::npos);
  const auto answer = bibsmith::fetchers::parse_dblp(body, {.source = "dblp"});
  if (!answer) {
    require(!answer.error().message.empty());
    require_plain(answer.error().message);
    return 0;
  }
  for (const auto& hit : answer->hits) {
    require_plain(hit.record.title);
    require(hit.record.publication.has_value());
    require_plain(hit.record.publication->container);
    for (const auto& author : hit.record.authors) require(!author.name.empty());
  }
  return 0;
}
