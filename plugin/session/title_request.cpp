#include "plugin/session/title_request.hpp"

#include <algorithm>
#include <utility>

#include "fetchers/record/ascii.hpp"
#include "plugin/session/request_key.hpp"

namespace bibsmith::plugin {

namespace {

constexpr std::size_t key_bytes_max = 300;
constexpr std::size_t words_min = 3;
constexpr std::size_t letters_min = 12;

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
// Bytes of other scripts count as letters.
bool is_letter_or_more(char c) { return is_letter(c) || static_cast<unsigned char>(c) >= 0x80; }

std::vector<std::string> split_at(std::string_view text, std::string_view separators) {
  std::vector<std::string> words;
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(separators), text.size()));
    if (text.empty()) return words;
    const std::size_t end = std::min(text.find_first_of(separators), text.size());
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

// "BERTIsAllYouNeed": BERT, Is, All, You, Need.
std::vector<std::string> split_at_capitals(std::string_view text) {
  std::vector<std::string> words(1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool after_small = i > 0 && !is_upper(text[i - 1]);
    const bool before_small = i + 1 < text.size() && is_lower(text[i + 1]);
    if (i > 0 && is_upper(text[i]) && (after_small || before_small)) words.emplace_back();
    words.back() += text[i];
  }
  return words;
}

std::vector<std::string> words_of(std::string_view text) {
  // Who writes spaces writes the title as it is: its hyphens stay.
  if (text.find(' ') != text.npos) return split_at(text, " ");
  constexpr std::string_view separators = "-_.+";
  return text.find_first_of(separators) != text.npos ? split_at(text, separators) : split_at_capitals(text);
}

// "vaswani" of "vaswani:attention-is-all-you-need", taken off; a colon before a space belongs to the title.
std::string take_author(std::string_view& text) {
  const std::size_t colon = text.find(':');
  if (colon == text.npos || colon == 0 || colon + 1 == text.size() || text[colon + 1] == ' ') return {};
  const std::string_view author = text.substr(0, colon);
  if (!std::all_of(author.begin(), author.end(), is_letter_or_more)) return {};
  text.remove_prefix(colon + 1);
  return std::string(author);
}

int year_in(const std::string& word) {
  const bool is_number = word.size() == 4 && std::all_of(word.begin(), word.end(), is_digit);
  const int year = is_number ? std::stoi(word) : 0;
  return year >= 1900 && year < 2100 ? year : 0;
}

}  // namespace

std::optional<bibtex::ReadingItem> title_request(std::string_view key) {
  if (key.size() > key_bytes_max || requested_paper(key)) return std::nullopt;
  const bool is_printable =
      std::none_of(key.begin(), key.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; });
  if (!is_printable) return std::nullopt;
  bibtex::ReadingItem item;
  if (std::string author = take_author(key); !author.empty()) item.authors.push_back(std::move(author));
  std::vector<std::string> words = words_of(key);
  if (words.size() > words_min) item.year = year_in(words.back());
  if (item.year != 0) words.pop_back();
  std::size_t with_letters = 0;
  std::size_t letters = 0;
  for (const std::string& word : words) {
    const auto count = static_cast<std::size_t>(std::count_if(word.begin(), word.end(), is_letter_or_more));
    with_letters += count > 0 ? 1 : 0;
    letters += count;
    item.title += (item.title.empty() ? "" : " ") + word;
  }
  if (with_letters < words_min || letters < letters_min) return std::nullopt;
  return item;
}

std::optional<ArxivId> TitleKey::paper() const {
  const bool is_one =
      matched.status == bibtex::MatchStatus::found || matched.status == bibtex::MatchStatus::renamed;
  if (!is_one || !matched.chosen.front().record.arxiv_id) return std::nullopt;
  return matched.chosen.front().record.arxiv_id->without_version();
}

TitleKeysAnswer match_title_keys(Session& session, std::span<const std::string> keys,
                                 const std::stop_token& stop) {
  bibtex::ReadingList list;
  for (const std::string& key : keys)
    list.items.push_back(title_request(key).value_or(bibtex::ReadingItem{}));
  MatchAnswer matched = match(session, std::move(list), stop);
  TitleKeysAnswer answer;
  if (matched.not_asked() > 0) answer.error = std::move(matched.error);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    answer.keys.push_back({.asked = keys[i], .matched = std::move(matched.items[i])});
  }
  return answer;
}

}  // namespace bibsmith::plugin
