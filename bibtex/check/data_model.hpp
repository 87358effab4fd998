#pragma once

#include <span>
#include <string_view>

#include "bibtex/model/entry.hpp"

namespace bibsmith::bibtex {

// One field that an entry type must have, or one of several: "author|editor".
struct Requirement {
  std::string_view fields;
  bool is_weak = false;  // the manual asks for it, many entries do without, and no style fails
};

struct EntryType {
  std::string_view name;
  std::span<const Requirement> required;
};

// The entry types of a dialect, by name in any case; nullptr: it has no such type. BibTeX: btxdoc, section
// 3.1. biblatex: blx-dm.def of version 3.18 (the constraints of type `mandatory`).
const EntryType* find_entry_type(Dialect dialect, std::string_view name);

// Types that are in neither manual and yet printed by common styles (IEEEtran, urlbst, JabRef's).
bool is_custom_type(std::string_view name);

// Whether either data model, or a program that many use, knows the field.
bool is_known_field(std::string_view name);

// How a field is read.
bool is_name_field(std::string_view name);     // author, editor, translator ...
bool is_typeset_field(std::string_view name);  // goes through TeX in every style: title, note ...

// The known name that `name` is one slip of the hand from, or empty.
std::string_view near_field(std::string_view name);
std::string_view near_entry_type(std::string_view name);

}  // namespace bibsmith::bibtex
