#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "fetchers/record/fetcher.hpp"
#include "plugin/session/check.hpp"
#include "plugin/session/session.hpp"

namespace bibsmith::plugin {

// The codes of what the sources know better, in the order of docs/check.md.
std::span<const std::string_view> online_codes();

// Adds to the files of `answer` what the sources know of their entries: withdrawn, published since, another
// title or other authors by now, an id or a DOI that leads to another work. The files are not changed.
// Returns why sources could not be asked, one line a reason; what could not be asked is no finding.
std::vector<std::string> check_online(Session& session, CheckAnswer& answer, const CheckFilter& filter,
                                      std::stop_token stop, const FetchProgress& progress);

// What the sources know of one entry.
struct EntryNews {
  std::string key;
  std::vector<bibtex::Diagnostic>
      findings;  // of online_codes(), with places in the text that was asked about
  // The weightiest in a few words: "withdrawn", "published: Phys. Rev. Lett. 2018", "v7 available"; may be
  // empty.
  std::string label;
  std::uint16_t newest_version = 0;  // of its paper at arXiv; 0: not known
  bool has_record = false;           // of its paper
};

// The same for a text, `path` being where it is kept: all entries that anything is known of, in order. With a
// session that is offline the cache answers, and nobody is asked.
std::vector<EntryNews> entry_news(Session& session, const std::string& path, const std::string& text,
                                  std::stop_token stop);

}  // namespace bibsmith::plugin
