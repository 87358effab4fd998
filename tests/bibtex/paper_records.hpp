#pragma once

#include <vector>

#include "tests/bibtex/paper_record.hpp"
#include "tests/bibtex/shared_rows.hpp"

namespace bibsmith::testing {

inline std::vector<Record> paper_records() {
  std::vector<Record> records;
  for (const char* file : {"papers_abs_dev.jsonl", "papers_oaidb_dev.jsonl"}) {
    for (const auto& row : shared_rows(file)) records.push_back(record_of(row));
  }
  return records;
}

}  // namespace bibsmith::testing
