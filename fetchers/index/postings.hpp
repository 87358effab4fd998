#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "fetchers/cache/database.hpp"

namespace bibsmith::fetchers {

// Parts of a list are no longer: a part fits into a page with others, and one more id costs one part.
inline constexpr std::size_t posting_bytes_max = 1500;

// Collects which words stand in which works, and writes them word by word: a batch of thousands of works
// touches each list once. What is collected goes behind what was: the memory that a word is looked up in is a
// slot and its letters. [one thread at a time]
class PostingWriter {
 public:
  // Works come in ascending order. A word that is added to a work twice is there once.
  void add(std::string_view term, std::int64_t work);
  // Appends to the lists in the file, and forgets.
  tl::expected<void, DatabaseError> write(Database& database);

 private:
  // Its letters are those of letters_ from `begin` to the next one's.
  struct Term {
    std::size_t begin = 0;
    std::size_t works = 0;  // how often it was added
  };
  struct Slot {
    std::uint32_t hash = 0;  // its upper half
    std::uint32_t term = 0;  // 1 is the first, 0 none
  };
  struct Posting {
    std::uint32_t term = 0;
    std::int64_t work = 0;
  };

  std::string_view letters_of(std::size_t term) const;
  std::uint32_t number_of(std::string_view term);
  void grow();

  std::vector<Slot> slots_;  // open addressing, a power of two of them
  std::vector<Term> terms_;
  std::string letters_;
  std::vector<Posting> postings_;
};

// What a word's list holds.
struct Postings {
  std::vector<std::int64_t> works;  // the newest parts first, ascending in each
  bool is_cut = false;              // there are more than were asked for
};

// Reads lists. One prepared statement; the database outlives it. [one thread at a time]
class PostingReader {
 public:
  static tl::expected<PostingReader, DatabaseError> make(Database& database);

  tl::expected<Postings, DatabaseError> read(std::string_view term, std::size_t works_max);
  tl::expected<bool, DatabaseError> has(std::string_view term);

 private:
  PostingReader(Statement read, Statement has) : read_(std::move(read)), has_(std::move(has)) {}

  Statement read_;
  Statement has_;
};

}  // namespace bibsmith::fetchers
