#include "bibtex/model/entry.hpp"

#include <utility>

namespace bibsmith::bibtex {

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
