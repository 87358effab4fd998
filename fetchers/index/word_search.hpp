#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fetchers/index/query_filter.hpp"
#include "fetchers/index/sqlite_index.hpp"

namespace bibsmith::fetchers {

// What SqliteIndex::search does: works in whose lists all words stand, the rest of the query asked of their
// records. A word that stands nowhere counts as a typo of those that do.
class WordSearch {
 public:
  WordSearch(SqliteIndex& index, const IndexQuery& query);

  tl::expected<std::vector<IndexedWork>, DatabaseError> find();

 private:
  using Done = tl::expected<void, DatabaseError>;
  // What a word may be: any of these, in the title or in a name.
  struct Word {
    std::vector<std::string> title;
    std::vector<std::string> author;
    std::vector<std::int64_t> works;  // ascending
    bool is_cut = false;              // there are more works: the records are asked
  };

  Done add_words(const std::string& text, bool in_title, bool in_author);
  Done read(Word& word, const std::string& prefix, std::vector<std::string>& forms);
  tl::expected<std::vector<std::int64_t>, DatabaseError> candidates();

  SqliteIndex& index_;
  const IndexQuery& query_;
  QueryFilter filter_;
  std::vector<Word> words_;
};

}  // namespace bibsmith::fetchers
