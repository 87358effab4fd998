#include "bibtex/model/entry.hpp"

#include <algorithm>
#include <utility>

namespace bibsmith::bibtex {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

const Field* Entry::find(std::string_view name) const {
  for (const Field& field : fields) {
    if (equal_ignoring_case(field.name, name)) return &field;
  }
  return nullptr;
}

void Entry::set(std::string_view name, Value value) {
  for (Field& field : fields) {
    if (equal_ignoring_case(field.name, name)) {
      field.value = std::move(value);
      return;
    }
  }
  fields.push_back(Field{std::string(name), std::move(value)});
}

}  // namespace bibsmith::bibtex
