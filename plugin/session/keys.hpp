#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "bibtex/edit/text_edit.hpp"
#include "bibtex/model/key_pattern.hpp"
#include "plugin/session/file_change.hpp"

namespace bibsmith::plugin {

struct KeyChange {
  std::string old_key;
  std::string new_key;
};

struct KeysAnswer {
  std::vector<KeyChange> changes;    // of the .bib file, in its order
  std::vector<std::string> unnamed;  // keys of entries for which the pattern gives nothing; they stay
  std::map<std::string, std::size_t> citations;  // by TeX file: how many keys it cites under an old name
};

// Finds the citation keys in a TeX source (plugin/latex gives it; a session knows no LaTeX).
using FindCitations = std::function<std::vector<bibtex::Span>(std::string_view tex)>;

struct KeysRequest {
  std::string bib;
  std::vector<std::string> tex;
  const bibtex::KeyPattern& pattern;
  FindCitations find_citations;
  bool only_plans = false;  // nothing is written
};

// Gives the entries of a .bib file the keys of a pattern, and cites them so in TeX files. All files change,
// or none does.
tl::expected<KeysAnswer, FileError> rename_keys(const KeysRequest& request, const ChangeContext& context);

}  // namespace bibsmith::plugin
