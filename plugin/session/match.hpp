#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/match/judge.hpp"
#include "bibtex/match/reading_list.hpp"
#include "fetchers/record/fetcher.hpp"
#include "plugin/session/session.hpp"

namespace bibsmith::plugin {

// What became of one item of a reading list.
struct MatchedItem {
  // Which road led to the paper.
  enum class Road : std::uint8_t { none, id, index, arxiv };

  struct Choice {
    Record record;
    bibtex::MatchEvidence evidence;
  };

  bibtex::MatchStatus status = bibtex::MatchStatus::none;
  bool could_not_ask = false;  // with none: arXiv was not asked to the end
  Road road = Road::none;
  std::vector<Choice> chosen;   // found, renamed: one; several: each
  std::vector<Choice> refused;  // none: papers whose title is near
};

struct MatchAnswer {
  bibtex::ReadingList list;
  std::vector<MatchedItem> items;   // one for each of list.items
  std::size_t requests = 0;         // searches that arXiv was asked for
  std::optional<FetchError> error;  // why arXiv could not be asked

  // The papers, each once, in the order of the list.
  std::vector<ArxivId> papers() const;
  std::size_t count(bibtex::MatchStatus status) const;
  std::size_t not_asked() const;
};

// Which papers of arXiv a reading list means (bibtex::read_reading_list): by their ids, then from the local
// index, then by searches for many titles at once, and a second, looser search for what is left. Offline the
// index alone is asked.
MatchAnswer match(Session& session, std::string_view text, const std::stop_token& stop = {},
                  const FetchProgress& progress = {});
// The same for a list that was read.
MatchAnswer match(Session& session, bibtex::ReadingList list, const std::stop_token& stop = {},
                  const FetchProgress& progress = {});

}  // namespace bibsmith::plugin
