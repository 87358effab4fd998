#include "fetchers/record/record.hpp"

#include <cassert>

namespace bibsmith {

const Origin& Record::origin(RecordField field) const {
  assert(!origins.empty());
  for (const auto& [marked, index] : marks) {
    if (marked == field) return origins[index];
  }
  return origins.front();
}

void Record::mark(RecordField field, const Origin& from) {
  std::size_t index = 0;
  while (index < origins.size() && !(origins[index] == from)) ++index;
  if (index == origins.size()) origins.push_back(from);
  assert(index <= UINT8_MAX);
  std::erase_if(marks, [&](const auto& mark) { return mark.first == field; });
  if (index != 0) marks.emplace_back(field, static_cast<std::uint8_t>(index));
}

}  // namespace bibsmith
