// Any text as a reading list: the reader ends; its lines are lines of the text and ascend; keys of titles are
// keys of themselves; the judge finds what has the very title; and a packed record of any bytes is refused or
// comes back.

#include <cstdint>
#include <string>
#include <string_view>

#include "bibtex/match/judge.hpp"
#include "bibtex/match/reading_list.hpp"
#include "bibtex/match/title_key.hpp"
#include "bibtex/match/title_likeness.hpp"
#include "fetchers/index/packed_record.hpp"

using namespace bibsmith;
using namespace bibsmith::bibtex;

namespace {

void require(bool holds) {
  if (!holds) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto record = fetchers::unpacked(text))
    require(fetchers::unpacked(fetchers::packed(*record)) == record);
  const ReadingList list = read_reading_list(text);
  require(list.items.size() <= reading_list_items_max);
  std::size_t line = 0;
  constexpr std::size_t judged_max = 20;
  for (std::size_t i = 0; i < list.items.size(); ++i) {
    const ReadingItem& item = list.items[i];
    require(item.line >= line && item.line >= 1 && item.line <= size + 1);
    line = item.line;
    if (i >= judged_max) continue;
    const std::string key = title_key(item.title);
    require(key.find("  ") == key.npos && !key.starts_with(' ') && !key.ends_with(' '));
    if (key.empty()) continue;
    require(compare_title_keys(key, key).kind == TitleLikeness::Kind::same);
    Record record;
    record.title = item.title;
    record.origins.push_back({"arxiv-atom", "", {}});
    const Record* const candidate = &record;
    ReadingItem title_alone;
    title_alone.title = item.title;
    require(judge_match(title_alone, {}, {&candidate, 1}).status == MatchStatus::found);
    (void)judge_match(item, list.author, {&candidate, 1});
  }
  return 0;
}
