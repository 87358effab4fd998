#include "bibtex/syntax/live_document.hpp"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <unordered_set>
#include <utility>

#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/grammar.hpp"
#include "bibtex/syntax/key_index.hpp"
#include "bibtex/syntax/parser.hpp"

namespace bibsmith::bibtex {

namespace {

constexpr std::uint32_t segment_bytes = 64 << 10;

// Bytes at the start of a text that tell its encoding.
constexpr std::uint32_t mark_bytes = 4;

// The keys of a text, without a copy of them.
class SeenKeys {
 public:
  explicit SeenKeys(std::size_t count) { keys_.reserve(count); }
  // false: it is there already, in some case.
  bool insert(std::string_view key) { return keys_.insert(key).second; }

 private:
  struct Hash {
    std::size_t operator()(std::string_view key) const { return hash_of_key(key); }
  };
  struct Equal {
    bool operator()(std::string_view a, std::string_view b) const { return equal_ignoring_case(a, b); }
  };
  std::unordered_set<std::string_view, Hash, Equal> keys_;
};

}  // namespace

LiveDocument::LiveDocument(std::string text, const std::function<void(const Segment&)>& on_segment) {
  rebuild(std::move(text), on_segment);
}

void LiveDocument::rebuild(std::string text, const std::function<void(const Segment&)>& on_segment) {
  segments_.clear();
  is_refused_ = is_refused(text);
  size_ = static_cast<std::uint32_t>(std::min<std::size_t>(text.size(), UINT32_MAX));
  if (is_refused_ || text.empty()) {
    segments_.push_back(Segment{Document::parse(std::move(text)), 0, 0, next_serial_++});
    if (on_segment) on_segment(segments_.back());
    return;
  }
  segments_.reserve(size_ / segment_bytes + 1);  // each but the last has so many
  for (std::uint32_t from = 0; from < size_;) {
    Part part = parse_part(text, from, from + segment_bytes, true);
    if (part.end == size_) add_lost_on_last_line(std::string_view(text).substr(from), part.nodes);
    segments_.push_back(Segment{Document(text.substr(from, part.end - from), std::move(part.nodes)), from,
                                part.reach - std::min(part.reach, part.end), next_serial_++});
    from = part.end;
    if (on_segment) on_segment(segments_.back());
  }
}

void LiveDocument::replace(Span span, std::string_view new_text) {
  assert(span.begin <= span.end && span.end <= size_);
  if (is_refused_ || span.begin < mark_bytes || size_ - span.size() + new_text.size() > text_bytes_max) {
    std::string whole = text();
    whole.replace(span.begin, span.size(), new_text);
    return rebuild(std::move(whole));
  }

  // From the first segment whose reading depends on a byte that changes to the one that holds the last of
  // them.
  std::size_t first = segment_at(span.begin);
  for (std::size_t i = 0; i < first; ++i) {
    const std::uint32_t end = segments_[i + 1].begin;
    if (end + segments_[i].lookahead > span.begin) first = i;
  }
  const std::size_t last = segment_at(span.end);
  const std::uint32_t base = segments_[first].begin;

  std::string changed;
  append_text(changed, first, last + 1);
  changed.replace(span.begin - base, span.size(), new_text);
  const auto stop = static_cast<std::uint32_t>(changed.size());
  if (last + 1 < segments_.size()) changed += segments_[last + 1].document.text();

  // Read again until a block ends where an old segment begins. Text behind is added as reading needs it.
  std::vector<Segment> fresh;
  std::size_t known = std::min(segments_.size(), last + 2);  // the segments before this one are in `changed`
  std::size_t to = last + 1;                                 // and those before this one are replaced
  std::size_t more = 1;
  std::uint32_t from = 0;
  std::uint32_t boundary = stop;  // where segment `to` begins in `changed`
  while (from < stop || from != boundary) {
    const bool is_whole = known == segments_.size();
    Part part = parse_part(changed, from, from + segment_bytes, is_whole);
    if (part.has_touched_end || (!is_whole && part.end == changed.size())) {
      const std::size_t end = std::min(segments_.size(), known + more);
      append_text(changed, known, end);
      known = end;
      more *= 2;
      continue;
    }
    while (to < known && boundary < part.end) {
      boundary += static_cast<std::uint32_t>(segments_[to].document.text().size());
      ++to;
    }
    const std::uint32_t lookahead = part.reach - std::min(part.reach, part.end);
    std::string text = changed.substr(from, part.end - from);
    if (is_whole && part.end == changed.size()) add_lost_on_last_line(text, part.nodes);
    fresh.push_back(Segment{Document(std::move(text), std::move(part.nodes)), 0, lookahead, next_serial_++});
    from = part.end;
  }

  size_ = static_cast<std::uint32_t>(size_ - span.size() + new_text.size());
  const auto begin = segments_.begin() + static_cast<std::ptrdiff_t>(first);
  const auto end = segments_.begin() + static_cast<std::ptrdiff_t>(to);
  const auto at = segments_.erase(begin, end);
  segments_.insert(at, std::make_move_iterator(fresh.begin()), std::make_move_iterator(fresh.end()));
  if (segments_.empty()) segments_.push_back(Segment{{}, 0, 0, next_serial_++});
  set_begins(first);
}

std::size_t LiveDocument::segment_at(std::uint32_t offset) const {
  const auto after =
      std::upper_bound(segments_.begin(), segments_.end(), offset,
                       [](std::uint32_t wanted, const Segment& segment) { return wanted < segment.begin; });
  return static_cast<std::size_t>(after - segments_.begin()) - 1;
}

void LiveDocument::append_text(std::string& text, std::size_t first, std::size_t end) const {
  for (std::size_t i = first; i < end; ++i) text += segments_[i].document.text();
}

void LiveDocument::set_begins(std::size_t first) {
  std::uint32_t begin = 0;
  if (first > 0) {
    const Segment& before = segments_[first - 1];
    begin = before.begin + static_cast<std::uint32_t>(before.document.text().size());
  }
  for (std::size_t i = first; i < segments_.size(); ++i) {
    segments_[i].begin = begin;
    begin += static_cast<std::uint32_t>(segments_[i].document.text().size());
  }
}

std::string LiveDocument::text() const {
  std::string text;
  text.reserve(size_);
  append_text(text, 0, segments_.size());
  return text;
}

bool LiveDocument::holds(std::string_view text) const {
  return text.size() == size_ && std::ranges::all_of(segments_, [&](const Segment& segment) {
           return text.substr(segment.begin).starts_with(segment.document.text());
         });
}

std::optional<LiveDocument::Found> LiveDocument::find(std::string_view key) const {
  std::optional<Found> in_other_case;
  for (const Segment& segment : segments_) {
    const std::optional<Block> block = segment.document.find(key);
    if (!block) continue;
    const Found found{&segment.document, *block, segment.begin};
    if (segment.document.text(block->key) == key) return found;
    if (!in_other_case) in_other_case = found;
  }
  return in_other_case;
}

std::vector<Diagnostic> LiveDocument::diagnostics() const {
  std::vector<Diagnostic> all;
  std::size_t entries = 0;
  for (const Segment& segment : segments_) entries += segment.document.entry_count();
  SeenKeys keys(entries);
  for (const Segment& segment : segments_) {
    const Document& document = segment.document;
    const auto add = [&](const Finding& finding) {
      // What stands behind a segment is the '@' of the next one.
      const bool is_behind = finding.span.begin == document.text().size() && &segment != &segments_.back();
      Diagnostic diagnostic = is_behind ? describe(Finding{finding.problem, Span{0, 1}}, "@")
                                        : describe(finding, document.text());
      diagnostic.span = Span{segment.begin + finding.span.begin, segment.begin + finding.span.end};
      all.push_back(std::move(diagnostic));
    };
    for (const Finding& finding : document.findings()) {
      if (finding.problem != SyntaxProblem::duplicate_key) add(finding);
    }
    for (const StoredBlock& block : document.nodes().blocks) {
      if (block.kind != BlockKind::entry || block.key_size == 0) continue;
      const Span key{block.key_begin, block.key_begin + block.key_size};
      if (keys.insert(document.text(key))) continue;
      add(Finding{SyntaxProblem::duplicate_key, key});
    }
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Diagnostic& a, const Diagnostic& b) { return a.span.begin < b.span.begin; });
  return all;
}

}  // namespace bibsmith::bibtex
