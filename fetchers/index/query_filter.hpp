#pragma once

#include <string>
#include <vector>

#include "fetchers/index/record_index.hpp"

namespace bibsmith::fetchers {

// What a word of a search may be: any of these, in the title or in a name.
struct WordForms {
  std::vector<std::string> title;
  std::vector<std::string> author;
};

// Whether a record is what a search looks for, asked of the record itself. `query` outlives this. [any
// thread]
class QueryFilter {
 public:
  QueryFilter(const IndexQuery& query, ReadTitle read_title) : query_(query), read_title_(read_title) {}

  // A word that has to be there.
  void require(WordForms word) { words_.push_back(std::move(word)); }
  bool matches(const Record& record) const;

 private:
  const IndexQuery& query_;
  ReadTitle read_title_;
  std::vector<WordForms> words_;
};

}  // namespace bibsmith::fetchers
