#include "plugin/lsp/bib_file.hpp"

#include <algorithm>
#include <atomic>
#include <iterator>
#include <thread>
#include <utility>

namespace bibsmith::plugin {

namespace {

constexpr std::size_t many_segments = 64;     // worth a thread, and a list of the places of their words
constexpr std::size_t large_bytes = 4 << 20;  // worth a thread while they are parsed
// Words that an edit took away stay in the vocabulary until there are so many new ones.
constexpr std::uint32_t new_words_max = 1u << 16;

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

BibFile::BibFile(std::string text) : document_(parsed_and_read(std::move(text))) { refresh(); }

bibtex::LiveDocument BibFile::parsed_and_read(std::string text) {
  using Segment = bibtex::LiveDocument::Segment;
  if (text.size() < large_bytes) return bibtex::LiveDocument(std::move(text));
  constexpr std::size_t at_end = ~(SIZE_MAX >> 1);  // a bit of `parsed`: there is no more
  std::atomic<std::size_t> parsed = 0;
  std::atomic<const Segment*> first = nullptr;
  const std::jthread reader([&] {
    for (std::size_t i = 0;; ++i) {
      parsed.wait(i);
      if ((parsed & at_end) != 0) return;  // what is left is for two threads
      extras_.push_back(read(first.load()[i], 1));
    }
  });
  struct End {
    std::atomic<std::size_t>& parsed;
    ~End() {
      parsed |= at_end;
      parsed.notify_one();
    }
  } const end{parsed};  // whatever happens: the thread is waited for
  return bibtex::LiveDocument(std::move(text), [&](const Segment& segment) {
    if (parsed == 0) first = &segment;
    ++parsed;
    parsed.notify_one();
  });
}

void BibFile::replace(bibtex::Span span, std::string_view new_text) {
  document_.replace(span, new_text);
  refresh();
}

// Keeps what is known of segments that are as they were, and reads the others on two threads.
void BibFile::refresh() {
  const auto& segments = document_.segments();
  const bool is_anew = extras_.empty() || vocabularies_[0].size() > words_max_;
  if (is_anew) {
    extras_.clear();
    vocabularies_ = {};
  }
  // Segments before and behind a change keep their order, so that looking from both ends finds them.
  std::size_t front = 0;
  while (front < segments.size() && front < extras_.size() &&
         segments[front].serial == extras_[front].serial) {
    ++front;
  }
  std::size_t back = 0;
  while (back < segments.size() - front && back < extras_.size() - front &&
         segments[segments.size() - 1 - back].serial == extras_[extras_.size() - 1 - back].serial) {
    ++back;
  }
  const std::size_t end = segments.size() - back;
  std::vector<std::optional<Extra>> fresh(end - front);
  std::atomic<std::size_t> next = front;
  const auto read_all = [&](std::uint8_t vocabulary) {
    for (std::size_t i = next++; i < end; i = next++) fresh[i - front] = read(segments[i], vocabulary);
  };
  if (end - front > many_segments) {
    const std::jthread other([&] { read_all(1); });
    read_all(0);
  } else {
    read_all(0);
  }
  const auto at = extras_.erase(extras_.begin() + static_cast<std::ptrdiff_t>(front),
                                extras_.end() - static_cast<std::ptrdiff_t>(back));
  std::vector<Extra> read_now;
  for (std::optional<Extra>& extra : fresh) read_now.push_back(*std::move(extra));
  extras_.insert(at, std::make_move_iterator(read_now.begin()), std::make_move_iterator(read_now.end()));
  // What a "\r" at the end of the segment before means may have changed.
  if (front > 0) extras_[front - 1].line_ends.reset();
  // After a while of editing here and there most segments are not in the lists any more.
  const auto unlisted = static_cast<std::size_t>(std::ranges::count(extras_, no_part, &Extra::part));
  if (unlisted > std::max(many_segments, extras_.size() / 2)) list_places();
  if (is_anew || words_max_ == 0) words_max_ = 2 * vocabularies_[0].size() + new_words_max;
  strings_.clear();
  for (const Extra& extra : extras_) strings_ += extra.strings;
}

BibFile::Extra BibFile::read(const bibtex::LiveDocument::Segment& segment, std::uint8_t vocabulary) {
  return {.serial = segment.serial,
          .vocabulary = vocabulary,
          .strings = strings_of(segment.document),
          .index = EntryIndex(segment.document, vocabularies_[vocabulary])};
}

void BibFile::list_places() {
  const auto list = [&](std::uint8_t vocabulary) {
    std::vector<const EntryIndex*> parts;
    for (Extra& extra : extras_) {
      if (extra.vocabulary != vocabulary) continue;
      extra.part = static_cast<std::uint32_t>(parts.size());
      parts.push_back(&extra.index);
    }
    places_[vocabulary] = WordPlaces(parts, vocabularies_[vocabulary].size());
  };
  const std::jthread other([&] { list(1); });
  list(0);
}

const bibtex::LineIndex& BibFile::lines(std::size_t at) const {
  std::optional<bibtex::LineIndex>& known = extras_[at].lines;
  if (!known) known.emplace(document_.segments()[at].document.text());
  return *known;
}

// Lines that end in a segment. What a "\r" at its very end means the next byte tells.
std::uint32_t BibFile::line_ends(std::size_t at) const {
  if (extras_[at].line_ends) return *extras_[at].line_ends;
  const auto& segments = document_.segments();
  const bool is_split = segments[at].document.text().ends_with('\r') && at + 1 < segments.size() &&
                        segments[at + 1].document.text().starts_with('\n');
  extras_[at].line_ends = lines(at).line_count() - 1 - (is_split ? 1 : 0);
  return *extras_[at].line_ends;
}

std::size_t BibFile::memory_bytes() const {
  std::size_t bytes = extras_.capacity() * sizeof(Extra);
  for (const Vocabulary& vocabulary : vocabularies_) bytes += vocabulary.memory_bytes();
  for (const WordPlaces& places : places_) bytes += places.memory_bytes();
  for (const auto& segment : document_.segments()) {
    bytes += segment.document.text().capacity() + segment.document.memory_bytes();
  }
  for (const Extra& extra : extras_) {
    bytes += extra.index.memory_bytes();
    if (extra.lines) bytes += extra.lines->line_count() * sizeof(std::uint32_t);
  }
  return bytes;
}

bibtex::Position BibFile::position(std::uint32_t offset, bibtex::ColumnUnit unit) const {
  const auto& segments = document_.segments();
  offset = std::min(offset, document_.size());
  std::size_t at = 0;
  std::uint32_t line = 0;
  while (at + 1 < segments.size() && segments[at + 1].begin <= offset) line += line_ends(at++);
  const bibtex::Position here =
      lines(at).position(segments[at].document.text(), offset - segments[at].begin, unit);
  if (here.line > 0 || at == 0 || segments[at - 1].document.text().ends_with('\n')) {
    return {line + here.line, here.column};
  }
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
  if (!knows_all_lines_) {
    // Who edits waits for the lines of the whole text once, and not now and then when going on to later ones.
    for (std::size_t i = 0; i < segments.size(); ++i) (void)line_ends(i);
    knows_all_lines_ = true;
  }
  std::uint32_t line = 0;
  std::size_t at = 0;
  while (at + 1 < segments.size() && line + line_ends(at) < position.line) line += line_ends(at++);
  const std::uint32_t wanted = position.line - line;
  const bibtex::LineIndex& here = lines(at);
  if (wanted + 1 < here.line_count() || at + 1 == segments.size()) {
    return segments[at].begin + here.offset(segments[at].document.text(), {wanted, position.column}, unit);
  }
  // From where the line begins to where it ends, which may be segments later.
  std::string text = segments[at].document.text();
  const std::uint32_t begin = segments[at].begin;
  std::size_t next = at + 1;
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
  // Of words of a letter or two nobody can say which of a thousand entries is meant.
  const bool any_is_as_good =
      std::ranges::all_of(wanted.words, [](const std::string& word) { return word.size() <= 2; });
  const auto worst_first = [](const Match& a, const Match& b) { return a.score > b.score; };
  const auto look = [&](bool with_slips) {
    std::array<EntryQuestion, 2> questions = {EntryQuestion(vocabularies_[0], wanted, with_slips),
                                              EntryQuestion(vocabularies_[1], wanted, with_slips)};
    std::array<std::optional<std::vector<std::uint32_t>>, 2> lines;
    for (std::size_t k = 0; k < lines.size() && !wanted.words.empty(); ++k) {
      places_[k].choose_leading(questions[k]);
      lines[k] = places_[k].lines_with(questions[k].leading_answers());
    }
    for (std::size_t i = 0; i < segments.size(); ++i) {
      hits.clear();
      const Extra& extra = extras_[i];
      std::optional<KnownLines> known;
      if (extra.part != no_part && lines[extra.vocabulary]) {
        known = places_[extra.vocabulary].of_part(extra.part, *lines[extra.vocabulary]);
      }
      extra.index.find(questions[extra.vocabulary], known, hits);
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
