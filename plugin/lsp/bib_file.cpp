#include "plugin/lsp/bib_file.hpp"

#include <algorithm>
#include <atomic>
#include <thread>
#include <unordered_map>
#include <utility>

namespace bibsmith::plugin {

namespace {

constexpr std::size_t worth_a_thread = 64;  // segments

// Lines that end in a segment. What a "\r" at its very end means the next byte tells.
std::uint32_t count_line_ends(std::string_view text, char next) {
  std::uint32_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') ++count;
    if (text[i] == '\r' && (i + 1 < text.size() ? text[i + 1] : next) != '\n') ++count;
  }
  return count;
}

// The @string blocks of a text, a line each.
std::string strings_of(const bibtex::Document& document) {
  std::string strings;
  for (const bibtex::Block& block : document.blocks()) {
    if (block.kind != bibtex::BlockKind::string || !block.is_closed) continue;
    strings += document.text(block.span);
    strings += '\n';
  }
  return strings;
}

}  // namespace

BibFile::BibFile(std::string text) : document_(std::move(text)) { refresh(); }

void BibFile::replace(bibtex::Span span, std::string_view new_text) {
  document_.replace(span, new_text);
  refresh();
}

// Keeps what is known of segments that are as they were, and reads the others on two threads.
void BibFile::refresh() {
  const auto& segments = document_.segments();
  std::vector<Extra> fresh(segments.size());
  // Segments before and behind a change keep their order, so that looking from both ends finds them.
  std::size_t front = 0;
  while (front < segments.size() && front < extras_.size() &&
         segments[front].serial == extras_[front].serial) {
    fresh[front] = std::move(extras_[front]);
    ++front;
  }
  std::size_t back = 0;
  while (back < segments.size() - front && back < extras_.size() - front &&
         segments[segments.size() - 1 - back].serial == extras_[extras_.size() - 1 - back].serial) {
    fresh[segments.size() - 1 - back] = std::move(extras_[extras_.size() - 1 - back]);
    ++back;
  }
  const std::size_t end = segments.size() - back;
  std::atomic<std::size_t> next = front;
  const auto read = [&] {
    for (std::size_t i = next++; i < end; i = next++) {
      fresh[i] = {segments[i].serial, line_ends(i), strings_of(segments[i].document),
                  std::make_shared<const EntryIndex>(segments[i].document)};
    }
  };
  if (end - front > worth_a_thread) {
    const std::jthread other(read);
    read();
  } else {
    read();
  }
  // What a "\r" at the end of the segment before means may have changed.
  if (front > 0) fresh[front - 1].line_ends = line_ends(front - 1);
  extras_ = std::move(fresh);
  strings_.clear();
  for (const Extra& extra : extras_) strings_ += extra.strings;
}

std::uint32_t BibFile::line_ends(std::size_t at) const {
  const auto& segments = document_.segments();
  const bool is_last = at + 1 >= segments.size() || segments[at + 1].document.text().empty();
  return count_line_ends(segments[at].document.text(), is_last ? '\0' : segments[at + 1].document.text()[0]);
}

std::size_t BibFile::memory_bytes() const {
  std::size_t bytes = extras_.capacity() * sizeof(Extra);
  for (const auto& segment : document_.segments()) {
    bytes += segment.document.text().capacity() + segment.document.memory_bytes();
  }
  for (const Extra& extra : extras_) bytes += extra.index->memory_bytes();
  return bytes;
}

bibtex::Position BibFile::position(std::uint32_t offset, bibtex::ColumnUnit unit) const {
  const auto& segments = document_.segments();
  offset = std::min(offset, document_.size());
  std::size_t at = 0;
  std::uint32_t line = 0;
  while (at + 1 < segments.size() && segments[at + 1].begin <= offset) line += extras_[at++].line_ends;
  // The segment, and what of its first line stands in those before it.
  std::string text = segments[at].document.text();
  std::uint32_t begin = segments[at].begin;
  for (std::size_t before = at; before > 0;) {
    const std::string& earlier = segments[--before].document.text();
    const std::size_t end = earlier.find_last_of("\r\n");
    const std::size_t kept = end == earlier.npos ? earlier.size() : earlier.size() - end - 1;
    text.insert(0, earlier, earlier.size() - kept, kept);
    begin -= static_cast<std::uint32_t>(kept);
    if (end != earlier.npos) break;
  }
  const bibtex::LineIndex lines(text);
  const bibtex::Position found = lines.position(text, offset - begin, unit);
  return {line + found.line, found.column};
}

std::uint32_t BibFile::offset(bibtex::Position position, bibtex::ColumnUnit unit) const {
  const auto& segments = document_.segments();
  std::uint32_t line = 0;
  std::size_t at = 0;
  while (at + 1 < segments.size() && line + extras_[at].line_ends < position.line)
    line += extras_[at++].line_ends;
  // From where the line begins to where it ends, which may be segments later.
  std::string text = segments[at].document.text();
  const std::uint32_t begin = segments[at].begin;
  std::size_t next = at + 1;
  const std::uint32_t wanted = position.line - line;
  for (;;) {
    const bibtex::LineIndex lines(text);
    if (lines.line_count() > wanted + 1 || next == segments.size()) {
      return begin + lines.offset(text, {wanted, position.column}, unit);
    }
    text += segments[next++].document.text();
  }
}

std::optional<BibEntry> BibFile::find(std::string_view key) const {
  const auto found = document_.find(key);
  if (!found) return std::nullopt;
  return BibEntry{found->document, found->block, found->begin, &strings_};
}

std::optional<BibEntry> BibFile::entry_at(std::uint32_t offset) const {
  for (const std::uint32_t at : {offset, offset > 0 ? offset - 1 : 0}) {
    for (const auto& segment : document_.segments()) {
      const std::uint32_t size = static_cast<std::uint32_t>(segment.document.text().size());
      if (at < segment.begin || at - segment.begin >= size) continue;
      const bibtex::Block block = segment.document.block_at(at - segment.begin);
      if (block.kind == bibtex::BlockKind::entry) return entry(segment, block);
    }
  }
  return std::nullopt;
}

std::vector<BibEntry> BibFile::entries() const {
  std::vector<BibEntry> all;
  for (const auto& segment : document_.segments()) {
    for (const bibtex::Block& block : segment.document.blocks()) {
      if (block.kind == bibtex::BlockKind::entry) all.push_back(entry(segment, block));
    }
  }
  return all;
}

std::vector<BibFile::Match> BibFile::search(std::string_view typed, std::size_t count_max) const {
  if (count_max == 0) return {};
  constexpr std::size_t few = 3;
  const EntryWords wanted(typed);
  const auto& segments = document_.segments();
  std::vector<Match> matches;
  std::vector<EntryIndex::Hit> hits;
  // Of a letter or two nobody can say which of a thousand entries is meant.
  const bool any_is_as_good =
      wanted.words.empty() || (wanted.words.size() == 1 && wanted.words[0].size() <= 2);
  const auto worst_first = [](const Match& a, const Match& b) { return a.score > b.score; };
  const auto look = [&](bool typos) {
    for (std::size_t i = 0; i < segments.size(); ++i) {
      hits.clear();
      extras_[i].index->find(wanted, typos, hits);
      for (const EntryIndex::Hit& hit : hits) {
        if (matches.size() == count_max) {
          if (hit.score <= matches.front().score) continue;
          std::ranges::pop_heap(matches, worst_first);
          matches.pop_back();
        }
        matches.push_back({entry(segments[i], segments[i].document.block(hit.block)), hit.score});
        std::ranges::push_heap(matches, worst_first);
      }
      if (any_is_as_good && matches.size() == count_max) break;
    }
  };
  look(false);
  if (matches.size() < few && !wanted.words.empty()) {
    matches.clear();
    look(true);
  }
  std::ranges::sort(matches, [](const Match& a, const Match& b) {
    if (a.score != b.score) return a.score > b.score;
    return a.entry.whole(a.entry.block.span).begin < b.entry.whole(b.entry.block.span).begin;
  });
  return matches;
}

}  // namespace bibsmith::plugin
