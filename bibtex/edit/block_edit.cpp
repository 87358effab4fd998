#include <algorithm>
#include <cassert>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "bibtex/edit/entry_edit.hpp"
#include "bibtex/edit/placement.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/byte_class.hpp"
#include "bibtex/syntax/grammar.hpp"
#include "bibtex/write/write_entry.hpp"

namespace bibsmith::bibtex {

namespace {

// The line ends that separate one entry from the next.
std::string separator(const Style& style) {
  std::string out;
  for (std::uint32_t i = 0; i <= style.blank_lines; ++i) out += style.line_end;
  return out;
}

bool is_less_ignoring_case(std::string_view a, std::string_view b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return static_cast<unsigned char>(lower(x)) < static_cast<unsigned char>(lower(y));
  });
}

bool is_less(std::string_view a, std::string_view b) { return a < b; }

using Order = bool (*)(std::string_view, std::string_view);

// The order that the keys are in, if there are two or more and they are in one.
std::optional<Order> sort_order(const Document& document, const std::vector<Block>& entries) {
  if (entries.size() < 2) return std::nullopt;
  for (const Order order : {&is_less_ignoring_case, &is_less}) {
    const bool is_sorted = std::is_sorted(
        entries.begin(), entries.end(),
        [&](const Block& a, const Block& b) { return order(document.text(a.key), document.text(b.key)); });
    if (is_sorted) return order;
  }
  return std::nullopt;
}

// Writes `entry` on lines of its own behind the block that ends at `end`; a remark on the same line stays
// with that block.
TextEdit insert_after(const Document& document, std::uint32_t end, const std::string& entry,
                      const Style& style) {
  const std::string_view text = document.text();
  const std::uint32_t line = end_of_line(text, end);
  const bool has_block_on_line =
      line > end && document.block_at(line - 1).kind != BlockKind::junk;  // "}@misc{b, ..."
  const std::uint32_t at = has_block_on_line ? end : line;
  std::string new_text = separator(style) + entry;
  if (has_block_on_line) new_text += separator(style);
  if (at == text.size()) new_text += style.line_end;
  return TextEdit{Span{at, at}, std::move(new_text)};
}

TextEdit insert_before(const Document& document, std::uint32_t begin, const std::string& entry,
                       const Style& style) {
  const std::string_view text = document.text();
  const bool is_after_mark = begin == 3 && text.starts_with("\xEF\xBB\xBF");
  const bool starts_line = is_after_mark || begin_of_line(text, begin) == begin;
  return TextEdit{Span{begin, begin}, (starts_line ? "" : style.line_end) + entry + separator(style)};
}

TextEdit append(const Document& document, const std::string& entry, const Style& style) {
  const std::string_view text = document.text();
  const auto end = static_cast<std::uint32_t>(text.size());
  std::string before;
  if (!text.empty() && text != "\xEF\xBB\xBF") {
    before = is_line_end(text.back()) ? "" : style.line_end;
    before += separator(style).substr(style.line_end.size());
  }
  return TextEdit{Span{end, end}, before + entry + style.line_end};
}

}  // namespace

std::vector<TextEdit> insert_entries(const Document& document, std::span<const Entry> new_entries,
                                     const Style& style) {
  if (new_entries.empty()) return {};
  const std::vector<Block> entries = document.entries();
  const std::optional<Order> order = sort_order(document, entries);
  std::vector<const Entry*> sorted;
  for (const Entry& entry : new_entries) sorted.push_back(&entry);
  if (order) {
    std::ranges::stable_sort(sorted,
                             [&](const Entry* a, const Entry* b) { return (*order)(a->key, b->key); });
  }
  // How many of the document's entries stand before each new one.
  const auto place_of = [&](const Entry& entry) {
    if (!order) return entries.size();
    const auto after = std::upper_bound(
        entries.begin(), entries.end(), std::string_view(entry.key),
        [&](std::string_view key, const Block& b) { return (*order)(key, document.text(b.key)); });
    return static_cast<std::size_t>(after - entries.begin());
  };
  std::vector<TextEdit> edits;
  for (auto entry = sorted.begin(); entry != sorted.end();) {
    const std::size_t place = place_of(**entry);
    std::string text = write_entry(**entry, style);
    for (++entry; entry != sorted.end() && place_of(**entry) == place; ++entry) {
      text += separator(style) + write_entry(**entry, style);
    }
    if (entries.empty()) {
      edits.push_back(append(document, text, style));
    } else if (place == 0) {
      edits.push_back(insert_before(document, entries.front().span.begin, text, style));
    } else {
      edits.push_back(insert_after(document, entries[place - 1].span.end, text, style));
    }
  }
  return edits;
}

TextEdit insert_entry(const Document& document, const Entry& entry, const Style& style) {
  return insert_entries(document, std::span(&entry, 1), style).front();
}

std::vector<TextEdit> remove_entry(const Document& document, const Block& entry) {
  assert(entry.kind == BlockKind::entry);
  const std::string_view text = document.text();
  Span span = entry.span;
  const std::uint32_t next = skip_white_space(text, span.end);
  if (next < text.size()) {
    if (!is_first_on_line(text, span.begin)) return {TextEdit{span, ""}};
    // Up to the line of what follows; a remark behind the entry on its last line stays.
    span.end = std::max(span.end, begin_of_line(text, next));
    span.begin = begin_of_line(text, span.begin);
    if (begin_of_line(text, next) < entry.span.end) span.begin = entry.span.begin;
    return {TextEdit{span, ""}};
  }
  span.begin = trim_end(text, 0, span.begin);
  if (span.begin == 0) span.end = next;
  return {TextEdit{span, ""}};
}

std::vector<TextEdit> move_entry(const Document& document, const Block& entry, const Block& target,
                                 const Style& style) {
  assert(entry.kind == BlockKind::entry);
  if (entry.index == target.index) return {};
  std::vector<TextEdit> edits = remove_entry(document, entry);
  if (edits[0].span.end == target.span.begin) return {};  // it stands there already
  const std::string text(document.text(entry.span));
  edits.push_back(insert_before(document, target.span.begin, text, style));
  std::sort(edits.begin(), edits.end(),
            [](const TextEdit& a, const TextEdit& b) { return a.span.begin < b.span.begin; });
  return edits;
}

}  // namespace bibsmith::bibtex
