#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include <tl/expected.hpp>

#include "fetchers/cache/database.hpp"
#include "fetchers/index/postings.hpp"
#include "fetchers/record/arxiv_id.hpp"
#include "fetchers/record/doi.hpp"
#include "fetchers/record/record.hpp"

namespace bibsmith::fetchers {

struct IndexError {
  std::string message;
};

// The words of a title in the form in which titles are compared, one space between two ("attention is all you
// need"). This stage does not know TeX: who opens the index says how titles are read, always in the same way.
using ReadTitle = std::string (*)(std::string_view title);

// A work that the index holds.
struct IndexedWork {
  Record record;
  // 1: the titles are the same but for case, accents, punctuation and hyphens; else the share of letters that
  // are. 1 for works that were not looked up by their title.
  double similarity = 1;
};

// What a search looks for; all that is set must hold. Words may have typos.
struct IndexQuery {
  std::string words;     // in the title or an author's name
  std::string title;     // in the title
  std::string author;    // in one author's name
  std::string abstract;  // in the abstract
  std::string category;  // "cs.CL", "cs.*"
  Date from;             // first submitted, both ends included; unknown: any
  Date to;
  std::size_t results_max = 20;
};

struct IndexStats {
  std::string place;
  std::uint64_t works = 0;
  std::uint64_t bytes = 0;
};

// Every record that Bibsmith has seen, searchable without a network: by arXiv id, DOI, title (with typos too)
// and author. One SQLite file (WAL); docs/index.md describes it. One thread at a time; many processes.
//
// A record is known by its source and, in this order, its arXiv id, its DOI, or title and first author; of
// two of them the one that was retrieved later counts. The sources of arXiv's papers are one: Atom, OAI-PMH,
// the snapshot, DataCite. A file that is damaged is put aside, and a new one begun.
class RecordIndex {
 public:
  struct Options {
    std::string path;
    ReadTitle read_title = nullptr;
    std::function<void(std::string_view)> warn;  // one line
  };

  // How far something has come that fills the index; kept together with the records that it brought.
  struct Mark {
    std::string name;
    std::string value;  // empty: forget it
  };

  static tl::expected<std::unique_ptr<RecordIndex>, IndexError> open(Options options);
  ~RecordIndex();

  // In pieces: collect() some thousand records at a time, then commit(). Nothing is in the file before;
  // after an error all that was collected is lost.
  tl::expected<void, IndexError> collect(std::span<const Record> records);
  tl::expected<void, IndexError> commit(const std::optional<Mark>& mark = {});
  // Both: all or none, with the mark. Records without a title and without any identifier are passed over.
  tl::expected<void, IndexError> add(std::span<const Record> records, const std::optional<Mark>& mark = {});
  // The value of a mark; empty: there is none.
  tl::expected<std::string, IndexError> mark(std::string_view name);

  // Hold it for many look-ups in a row: they see one state of the file, and are faster. Nothing may be added
  // meanwhile.
  std::shared_ptr<void> reading();

  // Works of that identifier, without regard to versions.
  tl::expected<std::vector<IndexedWork>, IndexError> with(const ArxivId& id);
  tl::expected<std::vector<IndexedWork>, IndexError> with(const Doi& doi);
  // Works of that very title, but for case, accents, punctuation and hyphens.
  tl::expected<std::vector<IndexedWork>, IndexError> titled(std::string_view title);
  // Works whose abstract begins with the same 60 letters; a title may have changed since.
  tl::expected<std::vector<IndexedWork>, IndexError> with_abstract(std::string_view beginning);
  // Works whose title is the nearest, best first: typos, lost and added words, hyphens. Whether one of them
  // is meant is for the caller to judge.
  tl::expected<std::vector<IndexedWork>, IndexError> like(std::string_view title, std::size_t works_max = 5);
  // The newest first.
  tl::expected<std::vector<IndexedWork>, IndexError> search(const IndexQuery& query);

  tl::expected<IndexStats, IndexError> stats();
  tl::expected<void, IndexError> clear();

 private:
  struct Statements;

  RecordIndex(Options options, Database database, std::unique_ptr<Statements> statements);

  tl::expected<void, DatabaseError> begin();
  tl::expected<void, IndexError> finish(const tl::expected<void, DatabaseError>& done);
  tl::expected<void, DatabaseError> add_one(const Record& record);
  tl::expected<void, DatabaseError> insert(std::int64_t id, const Record& record, const std::string& name,
                                           const std::string& key);
  tl::expected<void, DatabaseError> remove(std::int64_t id);
  tl::expected<void, DatabaseError> write_mark(const Mark& mark);
  tl::expected<std::vector<std::int64_t>, DatabaseError> named(std::string_view name);
  tl::expected<std::vector<std::int64_t>, DatabaseError> fingerprinted(std::int64_t fingerprint);
  tl::expected<std::string, DatabaseError> title_of(std::int64_t id);
  tl::expected<std::optional<Record>, DatabaseError> record_of(std::int64_t id);
  tl::expected<std::vector<IndexedWork>, DatabaseError> records_of(std::span<const std::int64_t> ids);
  IndexError failed(const DatabaseError& error) const;
  template <typename T>
  tl::expected<T, IndexError> told(tl::expected<T, DatabaseError> result) const;

  friend class NearTitles;
  friend class WordSearch;

  Options options_;
  Database database_;  // outlives the rest
  std::unique_ptr<Statements> statements_;
  PostingWriter postings_;
  std::optional<Transaction> transaction_;  // of what is collected
  std::int64_t next_id_ = 0;                // within it
  // Words that were met and are in too many titles to tell them apart: their lists are not read again.
  std::unordered_set<std::string> common_words_;
};

// Whether a source of arXiv's papers gave the record: another may name the preprint of what it describes.
// [any thread]
bool is_arxiv_record(const Record& record);

}  // namespace bibsmith::fetchers
