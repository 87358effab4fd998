#include "plugin/lsp/entry_index.hpp"

#include <algorithm>

#include "bibtex/syntax/ascii.hpp"
#include "plugin/lsp/text_words.hpp"

namespace bibsmith::plugin {

namespace {

constexpr std::size_t value_bytes_max = 1000;  // of one field; titles and lists of names are read so far

constexpr std::array<std::string_view, 8> fields_of_words = {
    "author", "editor", "title", "year", "date", "booktitle", "journal", "journaltitle"};
constexpr std::array<std::string_view, 2> fields_of_identifiers = {"eprint", "doi"};

template <std::size_t count>
bool is_one_of(const std::array<std::string_view, count>& names, std::string_view name) {
  return std::ranges::any_of(names,
                             [&](std::string_view one) { return bibtex::equal_ignoring_case(one, name); });
}

int score_of(WordAnswer answer) {
  switch (answer) {
    case WordAnswer::begins:
      return 10;
    case WordAnswer::inside:
      return 2;
    case WordAnswer::slip:
      return 1;
    case WordAnswer::none:
      break;
  }
  return 0;
}

// The key itself comes before words that begin so.
int score_of_key(std::string_view key, std::string_view typed, bool with_slips) {
  if (key.starts_with(typed)) return key.size() == typed.size() ? 100 : 50;
  if (key.find(typed) != key.npos) return 20;
  return with_slips && typed.size() >= slip_letters_min && is_typed_with_slip(key, typed) ? 1 : 0;
}

}  // namespace

bool may_be_identifier(std::string_view typed) {
  return typed.find('/') != typed.npos || bibtex::digit_bytes.any_in(typed);
}

EntryQuestion::EntryQuestion(const Vocabulary& vocabulary, const EntryWords& wanted_words, bool slips)
    : wanted(wanted_words), with_slips(slips) {
  for (const std::string& word : wanted.words) answers.push_back(vocabulary.answers_to(word, with_slips));
  if (!wanted.words.empty()) leading = wanted.longest();
}

EntryIndex::EntryIndex(const bibtex::Document& document, Vocabulary& vocabulary) {
  TextWords words;
  for (const bibtex::Block& block : document.blocks()) {
    if (block.kind != bibtex::BlockKind::entry || block.key.size() == 0) continue;
    lines_.push_back({block.index, static_cast<std::uint32_t>(keys_.size()),
                      static_cast<std::uint32_t>(identifiers_.size()),
                      static_cast<std::uint32_t>(words_.size())});
    for (const char c : document.text(block.key)) keys_ += c == '\n' || c == ' ' ? '_' : bibtex::lower(c);
    keys_ += '\n';
    for (const bibtex::FieldNode& field : document.fields(block)) {
      const std::string_view name = document.text(field.name);
      const std::string_view value = document.text(field.value).substr(0, value_bytes_max);
      if (is_one_of(fields_of_words, name)) {
        words.read(value);
        for (const std::string_view word : words.words()) words_.push_back(vocabulary.number_of(word));
      } else if (is_one_of(fields_of_identifiers, name)) {
        append_words(identifiers_, value, "./:-_");
      }
    }
    identifiers_ += '\n';
  }
  trigrams_of_keys_ = Trigrams(keys_);
  trigrams_of_identifiers_ = Trigrams(identifiers_);
  keys_.shrink_to_fit();
  identifiers_.shrink_to_fit();
  words_.shrink_to_fit();
  lines_.shrink_to_fit();
}

std::size_t EntryIndex::memory_bytes() const {
  return keys_.capacity() + identifiers_.capacity() + words_.capacity() * sizeof(words_[0]) +
         lines_.capacity() * sizeof(Line) + trigrams_of_keys_.memory_bytes() +
         trigrams_of_identifiers_.memory_bytes();
}

std::string_view EntryIndex::key(std::size_t line) const {
  const std::size_t begin = lines_[line].key;
  const std::size_t end = line + 1 < lines_.size() ? lines_[line + 1].key : keys_.size();
  return std::string_view(keys_).substr(begin, end - begin - 1);
}

std::string_view EntryIndex::identifiers(std::size_t line) const {
  const std::size_t begin = lines_[line].identifiers;
  const std::size_t end = line + 1 < lines_.size() ? lines_[line + 1].identifiers : identifiers_.size();
  return std::string_view(identifiers_).substr(begin, end - begin - 1);
}

std::size_t EntryIndex::words_end(std::size_t line) const {
  return line + 1 < lines_.size() ? lines_[line + 1].words : words_.size();
}

std::vector<std::uint32_t> EntryIndex::candidates(const EntryQuestion& question,
                                                  const std::optional<KnownLines>& known) const {
  const std::string_view typed = question.wanted.words[question.leading];
  std::vector<std::uint32_t> found;
  const auto add_lines_of = [&](std::string_view text, const Trigrams& trigrams, std::uint32_t Line::*begin) {
    if (!trigrams.may_hold(typed)) return;
    for (std::size_t at = find_text(text, typed, 0); at != text.npos; at = find_text(text, typed, at + 1)) {
      found.push_back(line_at(at, begin));
    }
  };
  add_lines_of(keys_, trigrams_of_keys_, &Line::key);
  if (may_be_identifier(typed)) add_lines_of(identifiers_, trigrams_of_identifiers_, &Line::identifiers);
  if (question.with_slips && typed.size() >= slip_letters_min) {
    std::vector<std::size_t> places;
    find_slips(keys_, typed, places, &trigrams_of_keys_);
    for (const std::size_t at : places) found.push_back(line_at(at, &Line::key));
  }
  if (known) {
    for (const std::uint32_t line : known->lines) found.push_back(line - known->first);
  } else if (const std::vector<WordAnswer>& answers = question.leading_answers(); !answers.empty()) {
    add_lines_with_words(answers, found);
  }
  std::ranges::sort(found);
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

std::uint32_t EntryIndex::line_at(std::size_t at, std::uint32_t Line::*begin) const {
  const auto behind =
      std::upper_bound(lines_.begin(), lines_.end(), at,
                       [&](std::size_t wanted, const Line& line) { return wanted < line.*begin; });
  return static_cast<std::uint32_t>(behind - lines_.begin() - 1);
}

// Looks at four words at a time, nearly all in vain.
void EntryIndex::add_lines_with_words(const std::vector<WordAnswer>& answers,
                                      std::vector<std::uint32_t>& lines) const {
  const auto answer = [known = answers.data()](std::uint32_t word) {
    return static_cast<unsigned>(known[word]);
  };
  const std::uint32_t* const words = words_.data();
  const std::size_t count = words_.size();
  for (std::size_t at = 0; at < count;) {
    if (at + 4 <= count &&
        (answer(words[at]) | answer(words[at + 1]) | answer(words[at + 2]) | answer(words[at + 3])) == 0) {
      at += 4;
      continue;
    }
    const std::size_t end = std::min(count, at + 4);
    for (; at < end; ++at) {
      if (answer(words[at]) != 0) lines.push_back(line_at(at, &Line::words));
    }
  }
}

int EntryIndex::score(const EntryQuestion& question, std::size_t line, std::size_t typed) const {
  const std::string_view word = question.wanted.words[typed];
  int best = score_of_key(key(line), word, question.with_slips);
  if (const std::vector<WordAnswer>& answers = question.answers[typed]; !answers.empty()) {
    WordAnswer answer = WordAnswer::none;
    for (std::size_t at = lines_[line].words; at < words_end(line); ++at) {
      answer = std::max(answer, answers[words_[at]]);
    }
    best = std::max(best, score_of(answer));
  }
  if (may_be_identifier(word)) {
    const std::string_view text = identifiers(line);
    const std::size_t at = text.find(word);
    if (at != text.npos)
      best =
          std::max(best, score_of(at > 0 && text[at - 1] == ' ' ? WordAnswer::begins : WordAnswer::inside));
  }
  return best;
}

void EntryIndex::find(const EntryQuestion& question, const std::optional<KnownLines>& known,
                      std::vector<Hit>& hits) const {
  if (question.wanted.words.empty()) {
    for (const Line& one : lines_) hits.push_back({one.block, 0});
    return;
  }
  for (const std::uint32_t line : candidates(question, known)) {
    int sum = 0;
    bool has_all = true;
    for (std::size_t typed = 0; has_all && typed < question.wanted.words.size(); ++typed) {
      const int one = score(question, line, typed);
      has_all = one > 0;
      sum += one;
    }
    if (has_all) hits.push_back({lines_[line].block, sum});
  }
}

}  // namespace bibsmith::plugin
