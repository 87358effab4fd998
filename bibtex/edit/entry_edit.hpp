#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/edit/text_edit.hpp"
#include "bibtex/model/entry.hpp"
#include "bibtex/syntax/document.hpp"
#include "bibtex/write/style.hpp"

namespace bibsmith::bibtex {

// Changes of one entry, as edits of the text: every byte outside their spans stays. New text looks like the
// entry that it goes into, and where that shows nothing, like `style`. The edits of one call are sorted and
// do not overlap; they speak of the document as it is, so edits of two calls fit together as long as the
// calls concern different entries. No edits: nothing to do.

// New entries on lines of their own. Where the document's entries are sorted by key each goes to its place,
// else all go after the last one in the order given, never onto a line that holds something else: real
// BibTeX ignores what follows the first entry on the last line of a file.
std::vector<TextEdit> insert_entries(const Document& document, std::span<const Entry> new_entries,
                                     const Style& style);
TextEdit insert_entry(const Document& document, const Entry& entry, const Style& style);

// Replaces the value of the field that counts, or adds the field after the last one.
std::vector<TextEdit> set_field(const Document& document, const Block& entry, std::string_view name,
                                const Value& value, const Style& style);

// Removes every field of that name, with its line.
std::vector<TextEdit> remove_field(const Document& document, const Block& entry, std::string_view name);

// Several changes of one entry at once.
struct EntryChange {
  struct Change {
    std::string name;
    std::optional<Value> value;  // nullopt: the field goes
  };
  std::optional<std::string> type;
  std::vector<Change> fields;  // each name once
};

// An edit, and the field that it concerns; empty: the type.
struct FieldEdit {
  TextEdit edit;
  std::string field;

  friend bool operator==(const FieldEdit&, const FieldEdit&) = default;
};

// A field that is there is changed in its place, one that goes gives its place to one that comes, and what is
// left of new fields follows the last one, each as an edit of its own. Of a name that stands twice all but
// the first stay as they are, unless the field goes: then all go.
std::vector<FieldEdit> change_entry(const Document& document, const Block& entry, const EntryChange& change,
                                    const Style& style);

// Gives the entry another key, and the entries that name it in crossref or xref too.
std::vector<TextEdit> rename_key(const Document& document, const Block& entry, std::string_view new_key);

// Removes the entry with the blank lines after it.
std::vector<TextEdit> remove_entry(const Document& document, const Block& entry);

// Moves the entry before the entry `target`, with its text unchanged.
std::vector<TextEdit> move_entry(const Document& document, const Block& entry, const Block& target,
                                 const Style& style);

}  // namespace bibsmith::bibtex
