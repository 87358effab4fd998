#include "bibtex/normalize/journal_names.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bibtex/model/unicode.hpp"
#include "bibtex/model/utf8.hpp"
#include "bibtex/syntax/ascii.hpp"
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

// ISO 4 leaves out articles, prepositions and conjunctions; people leave out or put in more of them.
bool is_stop_word(std::string_view word) {
  static constexpr auto stop_words = std::to_array<std::string_view>(
      {"the", "of", "and", "for", "in", "on", "de", "la", "del", "della", "der", "des", "und", "et", "an"});
  static constexpr ByteSet first_bytes("toafidlue");
  return word.size() >= 2 && word.size() <= 5 && first_bytes.contains(word.front()) &&
         std::find(stop_words.begin(), stop_words.end(), word) != stop_words.end();
}

// The words of a name in lower case, end to end: what names are compared by.
class FoldedName {
 public:
  // Cut where case says so ("PhysRevD"), stop words and elided articles left out.
  explicit FoldedName(std::string_view name) {
    std::string latin;
    if (!is_ascii(name)) {
      latin = to_plain_latin(name);
      name = latin;
    }
    text_.resize(name.size());
    std::size_t at = 0;
    while (at < name.size() && count_ < ends_.size()) {
      if (kind(name[at]) == Byte::none) {
        ++at;
        continue;
      }
      const std::size_t end = word_end(name, at);
      add(name.substr(at, end - at), end < name.size() && name[end] == '\'');
      at = end;
    }
    text_.resize(size_);
  }

  const std::string& text() const { return text_; }
  std::size_t size() const { return count_; }
  std::string_view word(std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : ends_[i - 1];
    return std::string_view(text_).substr(begin, ends_[i] - begin);
  }

 private:
  enum class Byte : std::uint8_t { none, lower, upper, other };

  static constexpr std::array<Byte, 256> byte_kinds = [] {
    std::array<Byte, 256> kinds{};
    for (std::size_t c = 0; c < kinds.size(); ++c) {
      if (c >= 'a' && c <= 'z') kinds[c] = Byte::lower;
      if (c >= 'A' && c <= 'Z') kinds[c] = Byte::upper;
      if ((c >= '0' && c <= '9') || c >= 0x80) kinds[c] = Byte::other;  // bytes of other scripts' letters
    }
    return kinds;
  }();
  static Byte kind(char c) { return byte_kinds[static_cast<unsigned char>(c)]; }

  static std::size_t word_end(std::string_view name, std::size_t at) {
    Byte before = kind(name[at]);
    std::size_t end = at + 1;
    for (; end < name.size(); ++end) {
      const Byte here = kind(name[end]);
      if (here == Byte::none) break;
      // Humps: "PhysRev", "JCAPhys".
      if (here == Byte::upper && (before == Byte::lower || (before == Byte::upper && end + 1 < name.size() &&
                                                            kind(name[end + 1]) == Byte::lower)))
        break;
      before = here;
    }
    return end;
  }

  void add(std::string_view word, bool before_apostrophe) {
    const std::size_t begin = size_;
    if (static_cast<unsigned char>(word.front()) >= 0x80) {
      std::string folded = in_lower_case(word);
      folded = fold_case(folded);
      if (text_.size() < size_ + folded.size()) text_.resize(size_ + folded.size() + word.size());
      std::copy(folded.begin(), folded.end(), text_.begin() + static_cast<std::ptrdiff_t>(size_));
      size_ += folded.size();
    } else {
      if (text_.size() < size_ + word.size()) text_.resize(size_ + 2 * word.size());
      for (const char c : word) text_[size_++] = lower(c);
    }
    const std::string_view added = std::string_view(text_).substr(begin, size_ - begin);
    const bool elided = added.size() == 1 && before_apostrophe;
    if (elided || is_stop_word(added)) {
      size_ = begin;
    } else {
      ends_[count_++] = static_cast<std::uint16_t>(size_);
    }
  }

  std::string text_;
  std::size_t size_ = 0;  // of text_ that is written
  std::size_t count_ = 0;
  std::array<std::uint16_t, name_bytes_max> ends_;  // of the words, in text_; set up to count_
};

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

// Where each spelling leads: an open hash of numbers into one text, which takes no time to fill.
class SpellingIndex {
 public:
  // The first that adds a spelling keeps it.
  void add(std::string_view spelling, std::size_t row) {
    const std::size_t slot = slot_of(spelling);
    if (slots_[slot] != 0) return;
    entries_.push_back({static_cast<std::uint32_t>(text_.size()), static_cast<std::uint16_t>(spelling.size()),
                        static_cast<std::uint16_t>(row)});
    text_ += spelling;
    slots_[slot] = static_cast<std::uint16_t>(entries_.size());
  }

  std::optional<std::size_t> find(std::string_view spelling) const {
    const std::uint16_t entry = slots_[slot_of(spelling)];
    if (entry == 0) return std::nullopt;
    return entries_[entry - 1U].row;
  }

 private:
  static constexpr std::size_t slot_count = 8192;  // a power of two, and more than twice the spellings

  struct Spelling {
    std::uint32_t begin;
    std::uint16_t size;
    std::uint16_t row;
  };

  // That of the spelling, or the free one where it belongs.
  std::size_t slot_of(std::string_view spelling) const {
    std::uint64_t hash = 0xCBF29CE484222325U;  // FNV-1a
    for (const char c : spelling) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
    std::size_t slot = (hash ^ (hash >> 32U)) % slot_count;
    while (slots_[slot] != 0) {
      const Spelling& there = entries_[slots_[slot] - 1U];
      if (std::string_view(text_).substr(there.begin, there.size) == spelling) break;
      slot = (slot + 1) % slot_count;
    }
    return slot;
  }

  std::string text_;
  std::vector<Spelling> entries_;
  std::array<std::uint16_t, slot_count> slots_{};  // one more than the number of the entry; 0: free
};

// The folded full names, word by word, without an allocation for each.
class FullNames {
 public:
  void add(const FoldedName& name) {
    for (std::size_t i = 0; i < name.size(); ++i) {
      text_ += name.word(i);
      ends_.push_back(static_cast<std::uint32_t>(text_.size()));
    }
    last_.push_back(static_cast<std::uint32_t>(ends_.size()));
  }
  std::size_t size(std::size_t row) const { return last_[row] - first(row); }
  std::string_view word(std::size_t row, std::size_t i) const {
    const std::size_t at = first(row) + i;
    const std::size_t begin = at == 0 ? 0 : ends_[at - 1];
    return std::string_view(text_).substr(begin, ends_[at] - begin);
  }

 private:
  std::size_t first(std::size_t row) const { return row == 0 ? 0 : last_[row - 1]; }

  std::string text_;
  std::vector<std::uint32_t> ends_;  // of the words in text_
  std::vector<std::uint32_t> last_;  // of the rows in ends_: one behind
};

struct Table {
  std::vector<JournalName> names;
  FullNames words;
  std::array<std::vector<std::uint16_t>, 26> by_first_letter;  // of the first word of the full name
  SpellingIndex by_spelling;

  Table() {
    names.reserve(std::size(rows));
    for (const Row& row : rows) {
      const std::size_t index = names.size();
      names.push_back({row.full, row.iso4, row.kind, row.practice});
      const FoldedName full(row.full);
      words.add(full);
      by_spelling.add(full.text(), index);
      by_spelling.add(FoldedName(row.iso4).text(), index);
      std::string_view left = row.spellings;
      while (!left.empty()) {
        const std::size_t end = std::min(left.find('|'), left.size());
        by_spelling.add(FoldedName(left.substr(0, end)).text(), index);
        left.remove_prefix(std::min(end + 1, left.size()));
      }
      const char first = full.text().front();
      if (first >= 'a' && first <= 'z') {
        by_first_letter[static_cast<std::size_t>(first - 'a')].push_back(static_cast<std::uint16_t>(index));
      }
    }
  }
};

// Built once, never changed: a table of the program, not state of it.
const Table& table() {
  static const Table instance;
  return instance;
}

const JournalName* find_spelling(std::string_view folded) {
  const std::optional<std::size_t> row = table().by_spelling.find(folded);
  return row ? &table().names[*row] : nullptr;
}

bool abbreviates_row(const FoldedName& cuts, std::size_t row) {
  const FullNames& words = table().words;
  if (words.size(row) != cuts.size()) return false;
  for (std::size_t i = 0; i < cuts.size(); ++i) {
    if (!abbreviates(cuts.word(i), words.word(row, i))) return false;
  }
  return true;
}

const JournalName* find_abbreviated(const FoldedName& cuts) {
  const char first = cuts.text().front();
  if (first < 'a' || first > 'z') return nullptr;
  const JournalName* found = nullptr;
  for (const std::uint16_t index : table().by_first_letter[static_cast<std::size_t>(first - 'a')]) {
    if (!abbreviates_row(cuts, index)) continue;
    if (found != nullptr) return nullptr;  // two journals fit: neither is known
    found = &table().names[index];
  }
  return found;
}

}  // namespace

const JournalName* find_journal(std::string_view name) {
  if (name.size() > name_bytes_max) return nullptr;
  const FoldedName folded(name);
  if (folded.size() == 0) return nullptr;
  if (const JournalName* const found = find_spelling(folded.text())) return found;
  // A single word is too little to tell a journal by its beginning.
  return folded.size() < 2 ? nullptr : find_abbreviated(folded);
}

const JournalName* find_bibstem(std::string_view stem) {
  for (const Bibstem& bibstem : bibstems) {
    if (bibstem.stem != stem) continue;
    if (const JournalName* const found = find_spelling(FoldedName(bibstem.full).text())) return found;
  }
  return find_journal(stem);
}

std::string_view journal_name(const Publication& publication, JournalForm form) {
  const std::string& wished = form == JournalForm::full ? publication.container : publication.container_short;
  if (!wished.empty()) return wished;
  return form == JournalForm::full ? publication.container_short : publication.container;
}

}  // namespace bibsmith::bibtex
