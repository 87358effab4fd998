#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "fetchers/record/arxiv_id.hpp"
#include "fetchers/record/doi.hpp"
#include "fetchers/record/record.hpp"

namespace bibsmith::fetchers {

struct IndexError {
  std::string message;
  bool is_never_kept = false;  // the engine of this store keeps no index
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
// and author. In a file (SqliteIndex) or in the database of a group (PostgresIndex); docs/index.md. One
// thread at a time; many processes.
//
// A record is known by its source and, in this order, its arXiv id, its DOI, or title and first author; of
// two of them the one that was retrieved later counts. The sources of arXiv's papers are one: Atom, OAI-PMH,
// the snapshot, DataCite.
class RecordIndex {
 public:
  // How far something has come that fills the index; kept together with the records that it brought.
  struct Mark {
    std::string name;
    std::string value;  // empty: forget it
  };

  virtual ~RecordIndex() = default;

  // Many records come until end_bulk(), which is no more than a hint: what a commit() writes may be written
  // over so many connections at the same time, if the index has any. Each has a part of the records, as a
  // whole or not at all, and the mark comes with the last of them: who is killed in between leaves records
  // without it, and the same records collected again are there once. Which of one collect() count as newer
  // than others is then left to chance.
  virtual void begin_bulk(std::size_t /*connections*/) {}
  // Does what was put off. Behind a commit().
  virtual void end_bulk() {}
  // In pieces: collect() some thousand records at a time, then commit(). Nothing is in the index before;
  // after an error, which a later piece or commit() may tell, all that was collected is lost.
  virtual tl::expected<void, IndexError> collect(std::span<const Record> records) = 0;
  virtual tl::expected<void, IndexError> commit(const std::optional<Mark>& mark = {}) = 0;
  // Both: all or none, with the mark. Records without a title and without any identifier are passed over.
  tl::expected<void, IndexError> add(std::span<const Record> records, const std::optional<Mark>& mark = {}) {
    return collect(records).and_then([&] { return commit(mark); });
  }
  // The value of a mark; empty: there is none.
  virtual tl::expected<std::string, IndexError> mark(std::string_view name) = 0;

  // Hold it for many look-ups in a row: they see one state of the file, and are faster. Nothing may be added
  // meanwhile.
  virtual std::shared_ptr<void> reading() { return nullptr; }

  // Works of that identifier, without regard to versions.
  virtual tl::expected<std::vector<IndexedWork>, IndexError> with(const ArxivId& id) = 0;
  virtual tl::expected<std::vector<IndexedWork>, IndexError> with(const Doi& doi) = 0;
  // Works of that very title, but for case, accents, punctuation and hyphens.
  virtual tl::expected<std::vector<IndexedWork>, IndexError> titled(std::string_view title) = 0;
  // Works whose abstract begins with the same 60 letters; a title may have changed since.
  virtual tl::expected<std::vector<IndexedWork>, IndexError> with_abstract(std::string_view beginning) = 0;
  // Works whose title is the nearest, best first: typos, lost and added words, hyphens. Whether one of them
  // is meant is for the caller to judge.
  virtual tl::expected<std::vector<IndexedWork>, IndexError> like(std::string_view title,
                                                                  std::size_t works_max) = 0;
  tl::expected<std::vector<IndexedWork>, IndexError> like(std::string_view title) { return like(title, 5); }
  // The newest first.
  virtual tl::expected<std::vector<IndexedWork>, IndexError> search(const IndexQuery& query) = 0;

  virtual tl::expected<IndexStats, IndexError> stats() = 0;
  virtual tl::expected<void, IndexError> clear() = 0;
};

// Whether a source of arXiv's papers gave the record: another may name the preprint of what it describes.
// [any thread]
bool is_arxiv_record(const Record& record);

}  // namespace bibsmith::fetchers
