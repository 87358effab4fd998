#pragma once

#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/match/reading_list.hpp"
#include "plugin/session/match.hpp"

namespace bibsmith::plugin {

// What became of a citation key that names a paper by the words of its title.
struct TitleKey {
  std::string asked;
  bool has_spaces = false;  // no entry can have it as its key: nobody was asked
  MatchedItem matched;

  // Found, under this title or an older one.
  std::optional<ArxivId> paper() const;
};

// The paper that a citation key describes by its title: at least three words and twelve letters, between
// hyphens, underscores, stops, plus signs or spaces ("attention-is-all-you-need"), or each with a capital
// ("AttentionIsAllYouNeed"). A name that a colon ends is the first author's ("vaswani:attention-is-all..."),
// a year at the end is the paper's ("...-2017"). nullopt: a key as people choose them. [any thread]
std::optional<bibtex::ReadingItem> title_request(std::string_view key);

struct TitleKeysAnswer {
  std::vector<TitleKey> keys;       // one for each that was asked
  std::optional<FetchError> error;  // why arXiv could not be asked
};

// Matches keys (title_request() has all of them) as match() does a reading list: found only by the same title
// or one with typos, or by a nearer one and an author that agrees; never by a title that only resembles.
TitleKeysAnswer match_title_keys(Session& session, std::span<const std::string> keys,
                                 const std::stop_token& stop);

}  // namespace bibsmith::plugin
