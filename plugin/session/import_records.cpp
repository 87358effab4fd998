#include "plugin/session/import_records.hpp"

#include <array>
#include <charconv>
#include <filesystem>
#include <future>
#include <optional>
#include <utility>
#include <vector>

#include "fetchers/dblp/dblp_answer.hpp"
#include "fetchers/oai/oai_answer.hpp"
#include "fetchers/oai/oai_fetcher.hpp"
#include "fetchers/openalex/openalex_work.hpp"
#include "fetchers/record/day_time.hpp"
#include "fetchers/snapshot/snapshot_line.hpp"
#include "plugin/session/record_file.hpp"

namespace bibsmith::plugin {

namespace {

using fetchers::RecordIndex;

constexpr std::string_view sqlite_mark = "SQLite format 3";
constexpr std::string_view page_end = "</OAI-PMH>";
// Read ahead while the batch before is written.
constexpr std::size_t batch_records = 1000;
constexpr std::size_t batch_bytes = 8u << 20;
// Written as one: a run that is killed loses so many at most.
constexpr std::uint64_t commit_records = 40'000;

// What a run has come to: "OFFSET RECORDS".
struct Reached {
  std::uint64_t offset = 0;
  std::uint64_t records = 0;
};

Reached read_mark(const std::string& value) {
  Reached reached;
  const char* const end = value.data() + value.size();
  const auto [space, error] = std::from_chars(value.data(), end, reached.offset);
  if (error != std::errc{} || space == end) return {};
  if (std::from_chars(space + 1, end, reached.records).ec != std::errc{}) return {};
  return reached;
}

struct Batch {
  std::vector<Record> records;
  std::uint64_t left_out = 0;
  std::string first_left_out;
  std::uint64_t offset = 0;  // of the file, behind it
  bool is_last = false;

  void leave_out(std::uint64_t number, const char* what, const std::string& why) {
    if (left_out++ == 0) first_left_out = std::string(what) + ' ' + std::to_string(number) + ": " + why;
  }
};

// How a file is cut into pieces.
struct Form {
  std::string_view end;  // of each piece
  std::size_t bytes_max;
  const char* piece;  // what people call it
};

Form form_of(ImportKind kind) {
  if (kind == ImportKind::oai) return {page_end, fetchers::oai_bytes_max, "page"};
  if (kind == ImportKind::dblp)
    return {fetchers::dblp_dump_mark, fetchers::dblp_publication_bytes_max, "publication"};
  if (kind == ImportKind::openalex) return {"\n", fetchers::openalex_line_bytes_max, "line"};
  return {"\n", fetchers::snapshot_line_bytes_max, "line"};
}

// What the file is, by its beginning, which is not empty and has no white space before it; nullopt: nothing
// that we know.
std::optional<ImportKind> kind_of(std::string_view begin) {
  if (begin.front() == '<') {
    const bool is_dblp = begin.substr(0, 1024).find("<dblp") != begin.npos ||
                         begin.substr(0, 1024).find("<!DOCTYPE dblp") != begin.npos;
    return is_dblp ? ImportKind::dblp : ImportKind::oai;
  }
  if (begin.front() != '{') return std::nullopt;
  const std::string_view line = begin.substr(0, begin.find('\n'));
  return line.find("\"https://openalex.org/W") != line.npos ? ImportKind::openalex : ImportKind::snapshot;
}

// Reads a file batch by batch, counting its pieces.
class BatchReader {
 public:
  BatchReader(RecordFile& file, ImportKind kind) : file_(file), kind_(kind), form_(form_of(kind)) {}

  // `records` is what is left of a batch before: its memory is used again.
  Batch read(std::vector<Record> records) {
    Batch batch;
    batch.records = std::move(records);
    batch.records.clear();
    const std::uint64_t begin = file_.offset();
    while (batch.records.size() < batch_records && file_.offset() - begin < batch_bytes) {
      if (read_piece(batch)) continue;
      batch.is_last = true;
      break;
    }
    batch.offset = file_.offset();
    return batch;
  }

 private:
  bool read_piece(Batch& batch) {
    const auto piece = file_.next(form_.end, form_.bytes_max);
    if (!piece) return false;
    ++pieces_;
    const std::size_t begin = piece->text.find_first_not_of(" \t\r\n");
    if (begin == piece->text.npos) return true;
    if (piece->is_too_long) {
      batch.leave_out(pieces_, form_.piece,
                      "it is longer than " + std::to_string(form_.bytes_max >> 20) + " MiB");
    } else if (kind_ == ImportKind::oai) {
      take_page(batch, piece->text);
    } else {
      take_record(batch, piece->text.substr(begin));
    }
    return true;
  }

  void take_record(Batch& batch, std::string_view text) {
    auto record = record_in(text);
    if (!record) {
      batch.leave_out(pieces_, form_.piece, record.error().message);
    } else if (*record) {
      batch.records.push_back(**std::move(record));
    }
  }

  // nullopt: there is none in the piece, and none is missing.
  tl::expected<std::optional<Record>, FetchError> record_in(std::string_view text) const {
    if (kind_ == ImportKind::dblp) return fetchers::parse_dblp_piece(text);
    auto record = kind_ == ImportKind::openalex ? fetchers::parse_openalex_line(text)
                                                : fetchers::parse_snapshot_line(text);
    if (!record) return tl::unexpected(record.error());
    return std::optional(*std::move(record));
  }

  void take_page(Batch& batch, std::string_view text) {
    const std::size_t begin = text.find('<');
    if (begin == text.npos) return;
    const Origin origin{std::string(fetchers::oai_source), {}, {}};
    auto answer = fetchers::parse_oai(text.substr(begin), origin);
    if (!answer) return batch.leave_out(pieces_, form_.piece, answer.error().message);
    for (fetchers::OaiRecord& one : answer->records) {
      if (one.record) {
        // A page that was kept is no news: its record is as old as its last change.
        one.record->origins.front().retrieved = begin_of(one.datestamp);
        batch.records.push_back(*std::move(one.record));
      } else {
        batch.leave_out(pieces_, form_.piece,
                        one.identifier + (one.is_deleted ? " was deleted" : " has no metadata"));
      }
    }
  }

  RecordFile& file_;
  ImportKind kind_;
  Form form_;
  std::uint64_t pieces_ = 0;
};

// The file as it is now, under one name whatever the working folder.
std::string mark_name(const std::string& path, const RecordFile& file) {
  std::error_code error;
  const auto canonical = std::filesystem::canonical(path, error);
  return "import " + (error ? path : canonical.string()) + ' ' + std::to_string(file.size());
}

class Import {
 public:
  Import(RecordIndex& index, std::size_t connections, RecordFile& file, ImportAnswer& answer,
         std::string mark)
      : index_(index), connections_(connections), file_(file), answer_(answer), mark_(std::move(mark)) {}

  tl::expected<void, std::string> resume() {
    if (mark_.empty()) return {};
    const auto value = index_.mark(mark_);
    if (!value) return tl::unexpected(value.error().message);
    const Reached reached = read_mark(*value);
    if (reached.offset > 0 && file_.skip_to(reached.offset)) answer_.before = reached.records;
    return {};
  }

  tl::expected<void, std::string> run(BatchReader& reader, const std::stop_token& stop,
                                      const ImportProgress& progress) {
    std::vector<Record> spare;
    const auto read = [&] {
      return std::async(std::launch::async, &BatchReader::read, &reader, std::move(spare));
    };
    auto next = read();
    for (bool is_last = false; !is_last;) {
      Batch batch = next.get();
      is_last = batch.is_last || stop.stop_requested();
      if (!is_last) index_.begin_bulk(connections_);
      if (!is_last) next = read();
      if (auto done = take(batch, is_last); !done) {
        if (next.valid()) next.wait();
        return done;
      }
      answer_.finished = batch.is_last;
      if (progress) progress(batch.offset, file_.size());
      spare = std::move(batch.records);
    }
    index_.end_bulk();
    return {};
  }

 private:
  tl::expected<void, std::string> take(Batch& batch, bool is_last) {
    const auto told =
        [](const tl::expected<void, fetchers::IndexError>& done) -> tl::expected<void, std::string> {
      if (!done) return tl::unexpected(done.error().message);
      return {};
    };
    if (auto done = told(index_.collect(batch.records)); !done) return done;
    answer_.records += batch.records.size();
    uncommitted_ += batch.records.size();
    if (answer_.left_out == 0) answer_.first_left_out = batch.first_left_out;
    answer_.left_out += batch.left_out;
    if (uncommitted_ < commit_records && !is_last) return {};
    uncommitted_ = 0;
    std::optional<RecordIndex::Mark> mark;
    if (!mark_.empty()) {
      const std::string reached =
          std::to_string(batch.offset) + ' ' + std::to_string(answer_.before + answer_.records);
      mark = RecordIndex::Mark{mark_, batch.is_last ? std::string() : reached};
    }
    return told(index_.commit(mark));
  }

  RecordIndex& index_;
  std::size_t connections_;
  RecordFile& file_;
  ImportAnswer& answer_;
  std::string mark_;
  std::uint64_t uncommitted_ = 0;
};

}  // namespace

std::string_view name_of(ImportKind kind) {
  constexpr std::array<std::string_view, 5> names = {"cache", "snapshot", "oai", "dblp", "openalex"};
  return names[static_cast<std::size_t>(kind)];
}

tl::expected<ImportAnswer, std::string> import_records(Session& session, const ImportRequest& request,
                                                       const std::stop_token& stop,
                                                       const ImportProgress& progress) {
  const auto problem = [&](const std::string& what) {
    return tl::unexpected("cannot import " + request.path + ": " + what);
  };
  ImportAnswer answer;
  const auto file = RecordFile::open(request.path, request.input);
  if (!file) return problem("it cannot be opened");
  std::string_view begin = file->beginning();
  if (begin.starts_with(sqlite_mark)) {
    const auto store = session.open_store();
    if (!store) return tl::unexpected(store.error().message);
    if (const auto done = (*store)->import_from(request.path); !done)
      return tl::unexpected(done.error().message);
    return answer;
  }
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (begin.starts_with(byte_order_mark)) begin.remove_prefix(byte_order_mark.size());
  const std::size_t first = begin.find_first_not_of(" \t\r\n");
  if (first == begin.npos) return problem("it is empty");
  const auto kind = kind_of(begin.substr(first));
  if (!kind) {
    return problem(
        "it is neither an export of a cache, nor arXiv's or OpenAlex's snapshot in JSON lines, nor DBLP's "
        "dump, nor pages of OAI-PMH");
  }
  answer.kind = *kind;
  const auto index = session.open_index();
  if (!index) return tl::unexpected(index.error().message);
  Import import(**index, session.settings().store_connections, *file, answer,
                file->has_size() ? mark_name(request.path, *file) : std::string());
  if (auto resumed = import.resume(); !resumed) return tl::unexpected(resumed.error());
  BatchReader reader(*file, answer.kind);
  if (auto done = import.run(reader, stop, progress); !done) return tl::unexpected(done.error());
  if (file->failed()) return problem("it cannot be read to its end");
  if (answer.records + answer.before == 0 && answer.left_out > 0) return problem(answer.first_left_out);
  return answer;
}

}  // namespace bibsmith::plugin
