#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bibtex/edit/text_edit.hpp"
#include "bibtex/model/entry.hpp"
#include "bibtex/model/key_pattern.hpp"
#include "bibtex/syntax/document.hpp"

namespace bibsmith::bibtex {

// One entry and the citation key that it shall have.
struct KeyRename {
  std::uint32_t block = 0;  // of the entry
  std::string new_key;
};

// Renames many entries at once, and what names them: crossref, xref, xdata, related, entryset. `renames` are
// in order of block. A name that several entries answer to means the one that Document::find() gives.
std::vector<TextEdit> rename_keys(const Document& document, const std::vector<KeyRename>& renames);

struct KeyPlan {
  std::vector<KeyRename> renames;      // in order; those whose key changes only
  std::vector<std::uint32_t> unnamed;  // entries for which the pattern gives nothing; they keep their key
};

// The keys that `pattern` gives to the entries of a document. Of entries that get the same key the first has
// it bare, the later ones with a, b, c ... behind it; an entry that already has such a key keeps it, so that
// planning anew changes nothing and a new entry renames no other.
KeyPlan plan_keys(const Document& document, const KeyPattern& pattern, Dialect dialect);

}  // namespace bibsmith::bibtex
