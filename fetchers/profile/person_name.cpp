#include "fetchers/profile/person_name.hpp"

#include <algorithm>
#include <utility>

#include "fetchers/record/ascii.hpp"

namespace bibsmith::fetchers {

namespace {

constexpr std::size_t short_form_bytes_min = 3;  // "Dan" for "Daniel"

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_word_byte(char c) { return is_letter(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80; }

// One letter, of however many bytes.
bool is_initial(std::string_view word) {
  if (word.size() == 1) return true;
  const auto is_tail = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; };
  return static_cast<unsigned char>(word.front()) >= 0x80 &&
         std::all_of(word.begin() + 1, word.end(), is_tail);
}

// "JD": initials that were run together.
bool are_initials(std::string_view word) {
  return word.size() >= 2 && word.size() <= 3 && std::ranges::all_of(word, is_upper);
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  const auto end_word = [&] {
    if (are_initials(word)) {
      for (const char c : word) words.emplace_back(1, lower(c));
    } else if (!word.empty()) {
      std::ranges::transform(word, word.begin(), lower);
      words.push_back(word);
    }
    word.clear();
  };
  for (const char c : text) {
    if (is_word_byte(c)) {
      word += c;
    } else if (c != '\'') {  // D'Arcy is one word
      end_word();
    }
  }
  end_word();
  return words;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += word;
  return out;
}

// Two given names at the same place.
bool agree(std::string_view a, std::string_view b) {
  if (a == b) return true;
  if (a.size() > b.size()) std::swap(a, b);
  return b.starts_with(a) && (is_initial(a) || a.size() >= short_form_bytes_min);
}

}  // namespace

PersonName person_name(std::string_view family, std::string_view given, std::string shown) {
  PersonName name;
  name.shown = std::move(shown);
  for (const char c : family) {
    if (is_word_byte(c)) name.family += lower(c);
  }
  name.given = words_of(given);
  return name;
}

NameAgreement compare(const PersonName& a, const PersonName& b) {
  if (a.is_organisation || b.is_organisation || a.family.empty() || a.family != b.family) {
    return NameAgreement::none;
  }
  if (a.given.empty() || b.given.empty()) {
    return a.given == b.given ? NameAgreement::full : NameAgreement::initials;
  }
  const bool has_full = !is_initial(a.given.front()) && !is_initial(b.given.front());
  // "Jian-Guo" and "Jianguo".
  if (has_full && joined(a.given) == joined(b.given)) return NameAgreement::full;
  const std::size_t common = std::min(a.given.size(), b.given.size());
  for (std::size_t i = 0; i < common; ++i) {
    if (!agree(a.given[i], b.given[i])) return NameAgreement::none;
  }
  if (!has_full) return a.given == b.given ? NameAgreement::full : NameAgreement::initials;
  return a.given.size() == b.given.size() ? NameAgreement::full : NameAgreement::partial;
}

std::string coauthor_key(const PersonName& name) {
  if (name.is_organisation || name.family.empty()) return {};
  return name.family + ", " + (name.given.empty() ? std::string() : name.given.front());
}

bool is_full_key(std::string_view key) {
  const std::size_t comma = key.find(", ");
  return comma != key.npos && comma + 2 < key.size() && !is_initial(key.substr(comma + 2));
}

}  // namespace bibsmith::fetchers
