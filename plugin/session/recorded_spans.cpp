#include "plugin/session/recorded_spans.hpp"

#include <algorithm>
#include <cstddef>
#include <string>

namespace bibsmith::plugin {

namespace {

bool is_one_span(const LabelledEdit& a, const LabelledEdit& b) {
  return !a.key.empty() && a.key == b.key && a.field == b.field && a.reason == b.reason &&
         a.source == b.source && a.old_key.empty() && b.old_key.empty();
}

// What stands in the new text before the piece at `end`, and from that at `begin` on.
void set_text_before(std::string& text, std::span<const std::string_view> pieces, std::size_t end) {
  text.clear();
  while (end-- > 0 && text.size() < RecordedSpan::context_bytes) {
    const std::size_t count = std::min(pieces[end].size(), RecordedSpan::context_bytes - text.size());
    text.insert(0, pieces[end].substr(pieces[end].size() - count));
  }
}
void set_text_from(std::string& text, std::span<const std::string_view> pieces, std::size_t begin) {
  text.clear();
  for (; begin < pieces.size() && text.size() < RecordedSpan::context_bytes; ++begin) {
    text += pieces[begin].substr(0, RecordedSpan::context_bytes - text.size());
  }
}

}  // namespace

PackedSpans recorded_spans(std::string_view before, std::span<const LabelledEdit> edits,
                           std::span<const std::string_view> pieces) {
  PackedSpans spans;
  RecordedSpan span;        // its texts keep their memory from one to the next
  std::size_t new_end = 0;  // in the new text, of what was gone through
  for (std::size_t i = 0; i < edits.size(); ++i) {
    const LabelledEdit& one = edits[i];
    const std::string_view kept = pieces[2 * i];
    new_end += kept.size();
    if (i > 0 && is_one_span(edits[i - 1], one)) {
      span.old_text += kept;
      span.new_text += kept;
    } else {
      if (i > 0) {
        set_text_from(span.tail, pieces, 2 * i);
        spans.add(span);
      }
      span.offset = new_end;
      span.key = one.key;
      span.old_key = one.old_key;
      span.field = one.field;
      span.reason = one.reason;
      span.source = one.source;
      span.old_text.clear();
      span.new_text.clear();
      set_text_before(span.head, pieces, 2 * i + 1);
    }
    span.old_text += one.edit.span.in(before);
    span.new_text += one.edit.new_text;
    new_end += one.edit.new_text.size();
  }
  if (edits.empty()) return spans;
  set_text_from(span.tail, pieces, 2 * edits.size());
  spans.add(span);
  return spans;
}

}  // namespace bibsmith::plugin
