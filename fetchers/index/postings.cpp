#include "fetchers/index/postings.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <span>
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

tl::expected<Part, DatabaseError> last_part(Statement& query, std::string_view term) {
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

Written write_part(Statement& replace, std::string_view term, const Part& part) {
  replace.reset();
  replace.bind(1, term);
  replace.bind(2, part.first);
  replace.bind(3, part.last);
  replace.bind(4, part.count);
  replace.bind_blob(5, part.ids);
  if (const auto done = replace.step(); !done) return tl::unexpected(done.error());
  return {};
}

Written append(Statement& query, Statement& replace, std::string_view term,
               std::span<const std::int64_t> works) {
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

std::string_view PostingWriter::letters_of(std::size_t term) const {
  const std::size_t end = term + 1 < terms_.size() ? terms_[term + 1].begin : letters_.size();
  return std::string_view(letters_).substr(terms_[term].begin, end - terms_[term].begin);
}

// Words by twice as many slots, so that a run of taken ones stays short.
void PostingWriter::grow() {
  std::vector<Slot> larger(std::max<std::size_t>(1024, 2 * slots_.size()));
  const std::size_t mask = larger.size() - 1;
  for (std::size_t term = 0; term < terms_.size(); ++term) {
    const std::size_t hash = std::hash<std::string_view>{}(letters_of(term));
    std::size_t at = hash & mask;
    while (larger[at].term != 0) at = (at + 1) & mask;
    larger[at] = {static_cast<std::uint32_t>(hash >> 32), static_cast<std::uint32_t>(term + 1)};
  }
  slots_ = std::move(larger);
}

std::uint32_t PostingWriter::number_of(std::string_view term) {
  if (2 * terms_.size() >= slots_.size()) grow();
  const std::size_t hash = std::hash<std::string_view>{}(term);
  const auto upper = static_cast<std::uint32_t>(hash >> 32);
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  for (; slots_[at].term != 0; at = (at + 1) & mask) {
    const std::uint32_t found = slots_[at].term - 1;
    if (slots_[at].hash == upper && letters_of(found) == term) return found;
  }
  const auto number = static_cast<std::uint32_t>(terms_.size());
  terms_.push_back({letters_.size(), 0});
  letters_.append(term);
  slots_[at] = {upper, number + 1};
  return number;
}

void PostingWriter::add(std::string_view term, std::int64_t work) {
  const std::uint32_t number = number_of(term);
  ++terms_[number].works;
  postings_.push_back({number, work});
}

Written PostingWriter::write(Database& database) {
  auto query = database.prepare(
      "SELECT first, last, count, ids FROM postings WHERE term = ? ORDER BY first DESC LIMIT 1");
  if (!query) return tl::unexpected(query.error());
  auto replace = database.prepare(
      "INSERT INTO postings (term, first, last, count, ids) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
      "last = excluded.last, count = excluded.count, ids = excluded.ids");
  if (!replace) return tl::unexpected(replace.error());
  // The works of each word beside each other, in their order.
  std::vector<std::size_t> ends;
  ends.reserve(terms_.size());
  for (std::size_t behind = 0; const Term& term : terms_) {
    ends.push_back(behind);
    behind += term.works;
  }
  std::vector<std::int64_t> works(postings_.size());
  for (const Posting& one : postings_) works[ends[one.term]++] = one.work;
  // In the order of the tree: neighbours lie on one page.
  std::vector<std::uint32_t> sorted(terms_.size());
  std::iota(sorted.begin(), sorted.end(), 0U);
  std::ranges::sort(sorted, {}, [this](std::uint32_t term) { return letters_of(term); });
  for (const std::uint32_t term : sorted) {
    const std::size_t count = terms_[term].works;
    const auto its = std::span(works).subspan(ends[term] - count, count);
    if (auto done = append(*query, *replace, letters_of(term), its); !done) return done;
  }
  *this = PostingWriter();
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
