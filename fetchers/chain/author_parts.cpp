#include "fetchers/chain/author_parts.hpp"

#include <algorithm>

#include "fetchers/record/ascii.hpp"

namespace bibsmith::fetchers {

namespace {

// "J.-P. O'Neil" and "J. -P. O'Neil" are one name: arXiv puts spaces behind the dots of initials.
std::string letters_of(std::string_view name) {
  std::string letters;
  for (const char c : name) {
    if (is_letter(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80) letters += lower(c);
  }
  return letters;
}

bool is_same_name(const Author& a, const Author& b) { return letters_of(a.name) == letters_of(b.name); }

}  // namespace

bool take_author_parts(Record& record, const Record& other) {
  if (record.authors.empty() || !std::ranges::equal(record.authors, other.authors, is_same_name))
    return false;
  const bool has_parts =
      std::ranges::any_of(other.authors, [](const Author& author) { return !author.family.empty(); });
  if (!has_parts) return false;
  for (std::size_t i = 0; i < record.authors.size(); ++i) {
    record.authors[i].family = other.authors[i].family;
    record.authors[i].given = other.authors[i].given;
    record.authors[i].suffix = other.authors[i].suffix;
  }
  record.mark(RecordField::authors, other.origin(RecordField::authors));
  return true;
}

}  // namespace bibsmith::fetchers
