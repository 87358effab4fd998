#pragma once

#include <string>
#include <string_view>

#include "bibtex/model/entry.hpp"
#include "bibtex/write/style.hpp"

namespace bibsmith::bibtex {

// The entry in that style, from its '@' to its closing brace, without a line end after it. Under the default
// style, reading it gives the same Entry.
std::string write_entry(const Entry& entry, const Style& style);

// `name = value` in that style, without the indent and without a comma.
std::string write_field(std::string_view name, const Value& value, const Style& style);

std::string write_value(const Value& value, const Style& style);

}  // namespace bibsmith::bibtex
