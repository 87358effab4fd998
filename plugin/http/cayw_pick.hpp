#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/http/cayw_format.hpp"

namespace bibsmith::plugin {

inline constexpr std::size_t picks_max = 16;  // open at one time
inline constexpr std::size_t pick_results_max = 50;

// A work that can be picked, as the picker's page shows it.
struct PickChoice {
  std::string key;
  std::string title;
  std::string authors;  // family names
  std::string year;
  std::string file;
  std::string folded;  // all of it in lower case, for searching
};

// The works of .bib files; a file that cannot be read has none. [any thread]
std::vector<PickChoice> choices_of(const std::vector<std::string>& files);

// One picking: an editor waits while a person chooses on a page. [any thread]
class Pick {
 public:
  Pick(std::string token, std::vector<PickChoice> choices)
      : token_(std::move(token)), choices_(std::move(choices)) {}

  const std::string& token() const { return token_; }
  // Those that have every word somewhere, best first: all of them while there are no words.
  std::vector<const PickChoice*> search(std::string_view words) const;

  // The first call counts; no citations: the person chose none.
  void choose(std::vector<PickedCitation> citations);
  // Waits for choose(); nullopt: `stop` was requested.
  std::optional<std::vector<PickedCitation>> wait(const std::stop_token& stop);

 private:
  std::string token_;
  std::vector<PickChoice> choices_;
  std::mutex mutex_;
  std::condition_variable_any chosen_;
  std::optional<std::vector<PickedCitation>> citations_;
};

// The pickings that are open, each found by its token alone. [any thread]
class Picks {
 public:
  // nullptr: too many are open.
  std::shared_ptr<Pick> open(std::vector<PickChoice> choices);
  // The one whose token the request bears; nullptr: none.
  std::shared_ptr<Pick> find(const WebRequest& request);
  void close(const std::shared_ptr<Pick>& pick);

 private:
  std::mutex mutex_;
  std::vector<std::shared_ptr<Pick>> open_;
};

}  // namespace bibsmith::plugin
