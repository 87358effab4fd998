#pragma once

#include <string>
#include <string_view>

#include "fetchers/record/record.hpp"
#include "plugin/session/check_online.hpp"

namespace bibsmith::plugin {

// Plain text in which Markdown finds no mark-up.
std::string escaped_markdown(std::string_view text);

// A paper that is in no bibliography, for people, in Markdown: authors, year, title.
std::string markdown_of(const Record& record);

// What is known of a paper beside its entry, in Markdown, behind the text of the entry: withdrawn, published
// since, its versions, its abstract. Empty: nothing. `abstract`: that of the entry, which goes before that of
// the record; it is cut where it is long. nullptr: the cache has no such paper.
std::string news_markdown(const EntryNews& news, const Record* record, std::string_view abstract);

}  // namespace bibsmith::plugin
