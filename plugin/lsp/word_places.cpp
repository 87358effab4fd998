#include "plugin/lsp/word_places.hpp"

#include <algorithm>
#include <bit>

namespace bibsmith::plugin {

WordPlaces::WordPlaces(std::span<const EntryIndex* const> parts, std::uint32_t words) : begins_(words + 1) {
  // Counted first, so that the places of a word lie together; then begins_[w] is where the next of w goes.
  parts_.push_back(0);
  for (const EntryIndex* part : parts) {
    parts_.push_back(parts_.back() + part->line_count());
    for (const std::uint32_t word : part->words()) ++begins_[word];
  }
  std::uint32_t all = 0;
  for (std::uint32_t& begin : begins_) {
    const std::uint32_t count = begin;
    begin = all;
    all += count;
  }
  places_.resize(all);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const EntryIndex& part = *parts[i];
    for (std::uint32_t line = 0; line < part.line_count(); ++line) {
      for (const std::uint32_t word : part.words_of(line)) places_[begins_[word]++] = parts_[i] + line;
    }
  }
  // Each is now where its word ends, which is where the next one begins.
  std::shift_right(begins_.begin(), begins_.end(), 1);
  begins_.front() = 0;
}

std::size_t WordPlaces::count(std::span<const WordAnswer> answers) const {
  std::size_t count = 0;
  const std::size_t words = std::min(answers.size(), begins_.size() - 1);  // later ones stand in no part
  for (std::size_t word = 0; word < words; ++word) {
    if (answers[word] != WordAnswer::none) count += begins_[word + 1] - begins_[word];
  }
  return count;
}

void WordPlaces::choose_leading(EntryQuestion& question) const {
  const std::vector<std::string>& words = question.wanted.words;
  if (places_.empty() || question.with_slips || words.size() < 2) return;
  // How many identifiers hold a word is not known.
  const auto count_of = [&](std::size_t i) {
    return may_be_identifier(words[i]) ? places_.size() : count(question.answers[i]);
  };
  std::size_t fewest = count_of(question.leading);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::size_t here = count_of(i);
    if (here >= fewest) continue;
    fewest = here;
    question.leading = i;
  }
}

std::optional<std::vector<std::uint32_t>> WordPlaces::lines_with(std::span<const WordAnswer> answers) const {
  if (places_.empty()) return std::nullopt;
  constexpr std::size_t share_max = 8;  // an eighth of all places
  std::size_t left = places_.size() / share_max;
  std::vector<std::uint64_t> marks(parts_.back() / 64 + 1);                // a bit for each line
  const std::size_t words = std::min(answers.size(), begins_.size() - 1);  // later ones stand in no part
  for (std::size_t word = 0; word < words; ++word) {
    if (answers[word] == WordAnswer::none) continue;
    const std::size_t count = begins_[word + 1] - begins_[word];
    if (count > left) return std::nullopt;
    left -= count;
    for (const std::uint32_t line : std::span(places_).subspan(begins_[word], count)) {
      marks[line / 64] |= std::uint64_t{1} << (line % 64);
    }
  }
  std::vector<std::uint32_t> lines;
  for (std::size_t i = 0; i < marks.size(); ++i) {
    for (std::uint64_t bits = marks[i]; bits != 0; bits &= bits - 1) {
      lines.push_back(static_cast<std::uint32_t>(64 * i) +
                      static_cast<std::uint32_t>(std::countr_zero(bits)));
    }
  }
  return lines;
}

KnownLines WordPlaces::of_part(std::uint32_t part, std::span<const std::uint32_t> lines) const {
  const auto begin = std::ranges::lower_bound(lines, parts_[part]);
  const auto end = std::lower_bound(begin, lines.end(), parts_[part + 1]);
  return {{begin, end}, parts_[part]};
}

std::size_t WordPlaces::memory_bytes() const {
  return (parts_.capacity() + begins_.capacity() + places_.capacity()) * sizeof(std::uint32_t);
}

}  // namespace bibsmith::plugin
