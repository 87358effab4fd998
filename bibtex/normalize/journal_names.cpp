#include "bibtex/normalize/journal_names.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include "bibtex/model/unicode.hpp"
#include "fetchers/record/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

constexpr std::size_t name_bytes_max = 256;

struct Row {
  std::string_view full;
  std::string_view iso4;
  std::string_view spellings;  // separated by '|'
  ContainerKind kind = ContainerKind::journal;
  PagePractice practice = PagePractice::pages;
};

constexpr Row rows[] = {
#include "bibtex/normalize/journal_names.inc"
};

struct Bibstem {
  std::string_view stem;
  std::string_view full;
};

constexpr Bibstem bibstems[] = {
#include "bibtex/normalize/bibstems.inc"
};

// Letters of other scripts are whole in UTF-8.
constexpr bool is_name_byte(char c) {
  return bibsmith::is_letter(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80;
}

// ISO 4 leaves out articles, prepositions and conjunctions; people leave out or put in more of them.
bool is_stop_word(std::string_view word) {
  constexpr auto stop_words = std::to_array<std::string_view>(
      {"the", "of", "and", "for", "in", "on", "de", "la", "del", "della", "der", "des", "und", "et", "an"});
  return word.size() <= 5 && std::find(stop_words.begin(), stop_words.end(), word) != stop_words.end();
}

// Words in lower case, cut where case says so ("PhysRevD"), stop words and elided articles left out.
std::vector<std::string> words_of(std::string_view name) {
  std::string ascii;
  if (std::any_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) {
    ascii = to_plain_latin(name);
    name = ascii;
  }
  std::vector<std::string> words;
  std::size_t at = 0;
  while (at < name.size()) {
    if (!is_name_byte(name[at])) {
      ++at;
      continue;
    }
    std::size_t end = at + 1;
    const auto is_upper_at = [&](std::size_t i) {
      return i < name.size() && name[i] >= 'A' && name[i] <= 'Z';
    };
    const auto is_lower_at = [&](std::size_t i) {
      return i < name.size() && name[i] >= 'a' && name[i] <= 'z';
    };
    while (end < name.size() && is_name_byte(name[end])) {
      const bool hump =
          is_upper_at(end) && (is_lower_at(end - 1) || (is_upper_at(end - 1) && is_lower_at(end + 1)));
      if (hump) break;
      ++end;
    }
    std::string word;
    for (const char c : name.substr(at, end - at)) word += lower(c);
    if (static_cast<unsigned char>(word.front()) >= 0x80) word = fold_case(word);
    const bool elided = word.size() == 1 && end < name.size() && name[end] == '\'';
    if (!elided && !is_stop_word(word)) words.push_back(std::move(word));
    at = end;
  }
  return words;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += word;
  return out;
}

// Whether `cut` is `word`, its beginning, or a contraction that keeps the order of its letters ("intl",
// "rept"). One letter is enough for the short words of titles only: J., R., Q.
bool abbreviates(std::string_view cut, std::string_view word) {
  if (word.starts_with(cut))
    return cut.size() >= 2 || word == cut || word == "journal" || word == "royal" || word == "quarterly";
  if (cut.size() < 3 || cut.front() != word.front() || word.size() < cut.size() + 2) return false;
  // "Sci." is no contraction of "Scandinavica".
  if (cut.back() != word.back() && (cut.size() < 4 || cut[1] != word[1])) return false;
  std::size_t at = 0;
  for (const char c : word) {
    if (at < cut.size() && c == cut[at]) ++at;
  }
  return at == cut.size();
}

struct Table {
  std::vector<JournalName> names;
  std::vector<std::vector<std::string>> words;               // of the full names
  std::array<std::vector<std::size_t>, 26> by_first_letter;  // of the first word
  std::unordered_map<std::string, std::size_t> by_spelling;
  std::unordered_map<std::string_view, std::size_t> by_bibstem;

  Table() {
    for (const Row& row : rows) {
      const std::size_t index = names.size();
      names.push_back({row.full, row.iso4, row.kind, row.practice});
      words.push_back(words_of(row.full));
      by_spelling.emplace(joined(words.back()), index);
      by_spelling.emplace(joined(words_of(row.iso4)), index);
      std::string_view left = row.spellings;
      while (!left.empty()) {
        const std::size_t end = std::min(left.find('|'), left.size());
        by_spelling.emplace(joined(words_of(left.substr(0, end))), index);
        left.remove_prefix(std::min(end + 1, left.size()));
      }
      const char first = words.back().front().front();
      if (first >= 'a' && first <= 'z')
        by_first_letter[static_cast<std::size_t>(first - 'a')].push_back(index);
    }
    for (const Bibstem& bibstem : bibstems) {
      const auto found = by_spelling.find(joined(words_of(bibstem.full)));
      if (found != by_spelling.end()) by_bibstem.emplace(bibstem.stem, found->second);
    }
  }
};

// Built once, never changed: a table of the program, not state of it.
const Table& table() {
  static const Table instance;
  return instance;
}

const JournalName* find_abbreviated(const std::vector<std::string>& cuts) {
  const char first = cuts.front().front();
  if (first < 'a' || first > 'z') return nullptr;
  const JournalName* found = nullptr;
  for (const std::size_t index : table().by_first_letter[static_cast<std::size_t>(first - 'a')]) {
    const std::vector<std::string>& words = table().words[index];
    if (words.size() != cuts.size()) continue;
    if (!std::equal(cuts.begin(), cuts.end(), words.begin(),
                    [](const std::string& cut, const std::string& word) { return abbreviates(cut, word); }))
      continue;
    if (found != nullptr) return nullptr;  // two journals fit: neither is known
    found = &table().names[index];
  }
  return found;
}

}  // namespace

const JournalName* find_journal(std::string_view name) {
  if (name.size() > name_bytes_max) return nullptr;
  const std::vector<std::string> words = words_of(name);
  if (words.empty()) return nullptr;
  const auto found = table().by_spelling.find(joined(words));
  if (found != table().by_spelling.end()) return &table().names[found->second];
  // A single word is too little to tell a journal by its beginning.
  return words.size() < 2 ? nullptr : find_abbreviated(words);
}

const JournalName* find_bibstem(std::string_view stem) {
  const auto found = table().by_bibstem.find(stem);
  return found != table().by_bibstem.end() ? &table().names[found->second] : find_journal(stem);
}

std::string_view journal_name(const Publication& publication, JournalForm form) {
  const std::string& wished = form == JournalForm::full ? publication.container : publication.container_short;
  if (!wished.empty()) return wished;
  return form == JournalForm::full ? publication.container_short : publication.container;
}

}  // namespace bibsmith::bibtex
