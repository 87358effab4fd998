#include "fetchers/index/postings.hpp"

#include <algorithm>
#include <utility>

#include "fetchers/index/varint.hpp"

namespace bibsmith::fetchers {

namespace {

using Written = tl::expected<void, DatabaseError>;

// One part of a list.
struct Part {
  std::int64_t first = 0;
  std::int64_t last = 0;
  std::int64_t count = 0;
  std::string ids;

  void append(std::int64_t id) {
    if (count == 0) first = id;
    append_varint(ids, static_cast<std::uint64_t>(id - last));
    last = id;
    ++count;
  }
};

tl::expected<Part, DatabaseError> last_part(Statement& query, const std::string& term) {
  query.reset();
  query.bind(1, term);
  const auto row = query.step();
  if (!row) return tl::unexpected(row.error());
  Part part;
  if (*row) {
    part.first = query.integer(0);
    part.last = query.integer(1);
    part.count = query.integer(2);
    part.ids = std::string(query.text(3));
  }
  query.reset();
  return part;
}

Written write_part(Statement& replace, const std::string& term, const Part& part) {
  replace.reset();
  replace.bind(1, term);
  replace.bind(2, part.first);
  replace.bind(3, part.last);
  replace.bind(4, part.count);
  replace.bind_blob(5, part.ids);
  if (const auto done = replace.step(); !done) return tl::unexpected(done.error());
  return {};
}

Written append(Statement& query, Statement& replace, const std::string& term,
               const std::vector<std::int64_t>& works) {
  auto part = last_part(query, term);
  if (!part) return tl::unexpected(part.error());
  for (const std::int64_t work : works) {
    if (part->count > 0 && work <= part->last) continue;  // an id that was given again: it is there
    if (part->ids.size() >= posting_bytes_max) {
      if (auto done = write_part(replace, term, *part); !done) return done;
      *part = Part{};
    }
    part->append(work);
  }
  return write_part(replace, term, *part);
}

}  // namespace

void PostingWriter::add(std::string_view term, std::int64_t work) {
  auto found = terms_.find(term);
  if (found == terms_.end()) found = terms_.emplace(term, std::vector<std::int64_t>{}).first;
  if (found->second.empty() || found->second.back() != work) found->second.push_back(work);
}

Written PostingWriter::write(Database& database) {
  auto query = database.prepare(
      "SELECT first, last, count, ids FROM postings WHERE term = ? ORDER BY first DESC LIMIT 1");
  if (!query) return tl::unexpected(query.error());
  auto replace = database.prepare(
      "INSERT INTO postings (term, first, last, count, ids) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
      "last = excluded.last, count = excluded.count, ids = excluded.ids");
  if (!replace) return tl::unexpected(replace.error());
  // In the order of the tree: neighbours lie on one page.
  std::vector<const std::pair<const std::string, std::vector<std::int64_t>>*> sorted;
  sorted.reserve(terms_.size());
  for (const auto& entry : terms_) sorted.push_back(&entry);
  std::ranges::sort(sorted, [](const auto* a, const auto* b) { return a->first < b->first; });
  for (const auto* entry : sorted) {
    if (auto done = append(*query, *replace, entry->first, entry->second); !done) return done;
  }
  terms_.clear();
  return {};
}

tl::expected<PostingReader, DatabaseError> PostingReader::make(Database& database) {
  auto read = database.prepare("SELECT ids FROM postings WHERE term = ? ORDER BY first DESC");
  if (!read) return tl::unexpected(read.error());
  auto has = database.prepare("SELECT 1 FROM postings WHERE term = ? LIMIT 1");
  if (!has) return tl::unexpected(has.error());
  return PostingReader(std::move(*read), std::move(*has));
}

tl::expected<Postings, DatabaseError> PostingReader::read(std::string_view term, std::size_t works_max) {
  Postings postings;
  read_.reset();
  read_.bind(1, term);
  for (;;) {
    const auto row = read_.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    if (postings.works.size() >= works_max) {
      postings.is_cut = true;
      break;
    }
    std::string_view ids = read_.text(0);
    std::uint64_t id = 0;
    while (!ids.empty()) {
      const auto step = take_varint(ids);
      if (!step) break;  // the file was damaged: what can be read is used
      id += *step;
      postings.works.push_back(static_cast<std::int64_t>(id));
    }
  }
  read_.reset();
  return postings;
}

tl::expected<bool, DatabaseError> PostingReader::has(std::string_view term) {
  has_.reset();
  has_.bind(1, term);
  const auto row = has_.step();
  has_.reset();
  return row;
}

}  // namespace bibsmith::fetchers
