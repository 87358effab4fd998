#pragma once

#include "fetchers/cache/database.hpp"
#include "fetchers/index/postings.hpp"
#include "fetchers/index/sqlite_index.hpp"

namespace bibsmith::fetchers {

// Prepared once for all look-ups and writes of an index.
struct SqliteIndex::Statements {
  Statement named;
  Statement fingerprinted;
  Statement title_of;
  Statement record_of;
  Statement insert_work;
  Statement insert_record;
  Statement insert_name;
  Statement insert_fingerprint;
  PostingReader postings;
};

// The beginnings of the terms in `postings`.
inline constexpr char title_term[] = "t:";
inline constexpr char author_term[] = "a:";

}  // namespace bibsmith::fetchers
