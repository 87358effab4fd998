#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/syntax/document.hpp"

namespace bibsmith::bibtex {

// A Document under an editor: a keystroke in a file of 100 MB reads a few segments again, not the file. The
// text is kept in segments of whole blocks, each a Document of its own, about 64 KiB long. For every text and
// every edit, the segments one after the other hold what one Document of the whole text holds.
class LiveDocument {
 public:
  // One segment. Its offsets count from `begin`.
  struct Segment {
    Document document;
    std::uint32_t begin = 0;
    std::uint32_t lookahead = 0;  // bytes after the segment that its reading depends on
    std::uint64_t serial =
        0;  // of no other segment that this LiveDocument had: what is known of it stays true
  };

  // An entry, where it is.
  struct Found {
    const Document* document = nullptr;  // valid until the next edit
    Block block;
    std::uint32_t begin = 0;  // of the document in the whole text
  };

  // `on_segment` is told of each segment in order, as soon as it is read; it stays where it is until the
  // first edit, so that another thread can go on with it.
  explicit LiveDocument(std::string text, const std::function<void(const Segment&)>& on_segment = {});

  // Replaces the bytes of `span`, which must lie in the text. The cost is that of the segments that it
  // changes.
  void replace(Span span, std::string_view new_text);

  std::uint32_t size() const { return size_; }
  const std::vector<Segment>& segments() const { return segments_; }
  std::string text() const;
  // Whether that is the text.
  bool holds(std::string_view text) const;

  // As Document::find. Asks each segment: about 50 ns for each 64 KiB of text.
  std::optional<Found> find(std::string_view key) const;

  // All findings, as Document::diagnostics of the whole text. Goes through all entries.
  std::vector<Diagnostic> diagnostics() const;

 private:
  void rebuild(std::string text, const std::function<void(const Segment&)>& on_segment = {});
  std::size_t segment_at(std::uint32_t offset) const;
  void append_text(std::string& text, std::size_t first, std::size_t end) const;
  void set_begins(std::size_t first);

  std::vector<Segment> segments_;  // at least one
  std::uint64_t next_serial_ = 1;
  std::uint32_t size_ = 0;
  bool is_refused_ = false;
};

}  // namespace bibsmith::bibtex
