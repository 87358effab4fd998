#include "plugin/session/locate_spans.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <tuple>
#include <utility>

#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/byte_class.hpp"
#include "bibtex/syntax/document.hpp"

namespace bibsmith::plugin {

namespace {

using bibtex::Block;
using bibtex::Document;
using bibtex::FieldNode;
using bibtex::Span;

constexpr std::uint64_t searched_bytes_max = 4ull << 30;
constexpr std::size_t shown_bytes = 80;
// Longer texts need nothing around them to be certain, inside of their entry.
constexpr std::size_t long_text_bytes = 32;

// How many bytes must be equal before and behind the text.
struct Context {
  std::size_t head = 0;
  std::size_t tail = 0;
};

constexpr std::array in_file = std::to_array<Context>({{64, 64}, {64, 0}, {0, 64}, {32, 32}});
constexpr std::array in_entry =
    std::to_array<Context>({{64, 64}, {32, 32}, {16, 16}, {64, 0}, {0, 64}, {16, 0}, {0, 16}});
constexpr std::array in_field = std::to_array<Context>({{64, 64}, {16, 16}, {4, 4}, {1, 1}});

// Spans that cannot be told apart by their text: the first of them is the first of those found, and so on.
using Signature =
    std::tuple<std::string_view, std::string_view, std::string_view, std::string_view, std::string_view>;

Signature signature_of(const RecordedSpan& span) {
  return {span.key, span.field, span.head, span.new_text, span.tail};
}

class Locator {
 public:
  Locator(const RecordedChange& change, const std::string& text) : change_(change), text_(text) {}

  tl::expected<std::vector<Span>, std::vector<LostSpan>> run();

 private:
  // Several: the text stands there more than once.
  enum class Outcome : std::uint8_t { found, none, several };

  std::optional<std::vector<Span>> by_offset() const;
  Outcome locate(const RecordedSpan& span, Span& place);
  Outcome locate_in_entry(const RecordedSpan& span, const Block& entry, Span& place);
  Outcome search(const RecordedSpan& span, Span region, std::span<const Context> contexts, Span& place);
  std::string message(const RecordedSpan& span, Outcome outcome) const;
  std::optional<Block> only_entry(const std::string& key) const;

  const RecordedChange& change_;
  std::string_view text_;
  Document document_;  // of the text, if a span is of an entry
  std::set<std::string> repeated_keys_;
  std::map<Signature, std::set<std::uint64_t>> alike_;  // offsets in the new file
  std::uint64_t searched_bytes_ = 0;
};

// The text that the change made, to the last byte.
std::optional<std::vector<Span>> Locator::by_offset() const {
  if (fingerprint_of(text_) != change_.after) return std::nullopt;
  std::vector<Span> places;
  for (const RecordedSpan& span : change_.spans) {
    if (span.offset > text_.size() || text_.substr(span.offset, span.new_text.size()) != span.new_text) {
      return std::nullopt;
    }
    const auto begin = static_cast<std::uint32_t>(span.offset);
    places.push_back({begin, begin + static_cast<std::uint32_t>(span.new_text.size())});
  }
  return places;
}

tl::expected<std::vector<Span>, std::vector<LostSpan>> Locator::run() {
  if (auto places = by_offset()) return std::move(*places);
  const bool has_entries = std::any_of(change_.spans.begin(), change_.spans.end(),
                                       [](const RecordedSpan& span) { return !span.key.empty(); });
  if (has_entries) {
    document_ = Document::parse(std::string(text_));
    std::set<std::string> keys;
    for (const Block& entry : document_.entries()) {
      std::string key = bibtex::in_lower_case(document_.text(entry.key));
      if (!keys.insert(key).second) repeated_keys_.insert(std::move(key));
    }
  }
  for (const RecordedSpan& span : change_.spans) alike_[signature_of(span)].insert(span.offset);

  std::vector<Span> places;
  std::vector<LostSpan> lost;
  std::vector<std::pair<Span, std::size_t>> sorted;
  for (std::size_t i = 0; i < change_.spans.size(); ++i) {
    Span place;
    const Outcome outcome = locate(change_.spans[i], place);
    if (outcome != Outcome::found) lost.push_back({i, message(change_.spans[i], outcome)});
    places.push_back(place);
    sorted.emplace_back(place, i);
  }
  if (!lost.empty()) return tl::unexpected(std::move(lost));
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    if (sorted[i].first.begin >= sorted[i - 1].first.end) continue;
    const std::size_t place = sorted[i].second;
    return tl::unexpected(std::vector{LostSpan{place, message(change_.spans[place], Outcome::several)}});
  }
  return places;
}

std::optional<Block> Locator::only_entry(const std::string& key) const {
  if (key.empty() || repeated_keys_.contains(bibtex::in_lower_case(key))) return std::nullopt;
  return document_.find(key);
}

Locator::Outcome Locator::locate(const RecordedSpan& span, Span& place) {
  if (const auto entry = only_entry(span.key)) return locate_in_entry(span, *entry, place);
  // No entry, one that was removed or has another key by now, or one of several.
  return search(span, {0, static_cast<std::uint32_t>(text_.size())}, in_file, place);
}

Locator::Outcome Locator::locate_in_entry(const RecordedSpan& span, const Block& entry, Span& place) {
  const auto field = span.field.empty() ? std::nullopt : document_.find_field(entry, span.field);
  if (field) {
    if (document_.text(field->value) == span.new_text) {
      place = field->value;
      return Outcome::found;
    }
    const Outcome outcome = search(span, {field->name.begin, field->value.end}, in_field, place);
    if (outcome != Outcome::none) return outcome;
  }
  // New entries come with the lines before and behind them.
  const auto reach = static_cast<std::uint32_t>(span.new_text.size());
  const auto size = static_cast<std::uint32_t>(text_.size());
  const Span region{entry.span.begin - std::min(entry.span.begin, reach),
                    entry.span.end + std::min(size - entry.span.end, reach)};
  Outcome outcome = search(span, region, in_entry, place);
  if (outcome == Outcome::none && span.new_text.size() >= long_text_bytes) {
    constexpr std::array nothing_around = {Context{}};
    outcome = search(span, region, nothing_around, place);
  }
  // A part of a value to which something was added is not the value that was written.
  const bool is_in_value = outcome == Outcome::found && field && !span.new_text.empty() &&
                           place.begin >= field->value.begin && place.end <= field->value.end;
  return is_in_value ? Outcome::none : outcome;
}

// Looks for the text in `region`, with less and less around it until it is there. What is around it may lie
// outside of the region.
Locator::Outcome Locator::search(const RecordedSpan& span, Span region, std::span<const Context> contexts,
                                 Span& place) {
  const std::set<std::uint64_t>& alike = alike_[signature_of(span)];
  const auto rank = static_cast<std::size_t>(std::distance(alike.begin(), alike.find(span.offset)));
  for (const Context& context : contexts) {
    const std::string_view head =
        std::string_view(span.head).substr(span.head.size() - std::min(context.head, span.head.size()));
    const std::string_view tail = std::string_view(span.tail).substr(0, context.tail);
    std::string needle(head);
    needle.append(span.new_text).append(tail);
    if (needle.empty()) continue;
    const std::size_t begin = region.begin - std::min<std::size_t>(region.begin, head.size());
    const std::size_t end = std::min(text_.size(), region.end + tail.size());
    searched_bytes_ += end - begin;
    if (searched_bytes_ > searched_bytes_max) return Outcome::none;
    std::vector<std::size_t> found;
    for (std::size_t at = begin; found.size() <= alike.size();) {
      const void* hit =
          at < end ? ::memmem(text_.data() + at, end - at, needle.data(), needle.size()) : nullptr;
      if (hit == nullptr) break;
      at = static_cast<std::size_t>(static_cast<const char*>(hit) - text_.data());
      found.push_back(at++);
    }
    if (found.empty()) continue;
    if (found.size() != alike.size()) return Outcome::several;
    place.begin = static_cast<std::uint32_t>(found[rank] + head.size());
    place.end = place.begin + static_cast<std::uint32_t>(span.new_text.size());
    return Outcome::found;
  }
  return Outcome::none;
}

std::string Locator::message(const RecordedSpan& span, Outcome outcome) const {
  if (span.key.empty()) {
    const std::string text = "the text '" + one_line(span.new_text, shown_bytes) + "'";
    return text + (outcome == Outcome::several ? " stands there more than once" : " is not there any more");
  }
  if (repeated_keys_.contains(bibtex::in_lower_case(span.key))) {
    return span.key + ": there is more than one entry of this key";
  }
  const auto entry = document_.find(span.key);
  if (!entry) return span.key + ": there is no such entry any more";
  if (outcome == Outcome::several) {
    return span.key + ": the text '" + one_line(span.new_text, shown_bytes) + "' stands there more than once";
  }
  if (span.field.empty()) {
    return span.key + ": the entry was changed since, it reads now: " +
           one_line(document_.text(entry->span), shown_bytes);
  }
  const auto field = document_.find_field(*entry, span.field);
  if (!field) return span.key + ": " + span.field + " is not there any more";
  return span.key + ": " + span.field + " was changed since, it is now " +
         one_line(document_.text(field->value), shown_bytes);
}

}  // namespace

tl::expected<std::vector<Span>, std::vector<LostSpan>> locate_spans(const RecordedChange& change,
                                                                    const std::string& text) {
  return Locator(change, text).run();
}

std::string one_line(std::string_view text, std::size_t bytes_max) {
  std::string out;
  for (const char c : text) {
    if (out.size() > bytes_max) break;
    const bool is_space = bibtex::is_white_space(c);
    if (!is_space) out += c;
    if (is_space && !out.empty() && out.back() != ' ') out += ' ';
  }
  if (out.size() > bytes_max) {
    std::size_t end = bytes_max;
    const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) == 0x80u; };
    while (end > 0 && continues(out[end])) --end;
    out.resize(end);
    return out + "…";
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

}  // namespace bibsmith::plugin
