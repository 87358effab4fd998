#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/http/http_message.hpp"

namespace bibsmith::plugin {

// One work that a person picked, and what stands around its citation.
struct PickedCitation {
  std::string key;
  std::string prefix;   // "see"
  std::string locator;  // "12-14"
  std::string label;    // CSL's name of what is located: "page", "chapter"; empty: a page
  std::string suffix;
  bool suppress_author = false;
};

// The citations as Better BibTeX's cite-as-you-write gives them to editors (retorque.re/zotero-better-bibtex,
// "Cite as you write"); `query` has the arguments: format, command, brackets, citeprefix and so on. Formats:
// latex, cite, citep, citet, natbib, biblatex, pandoc, mmd, typst, asciidoctor-bibtex, jekyll, json,
// playground. nullopt: another one. No citations give an empty text. Pure. [any thread]
std::optional<std::string> format_citations(const std::vector<PickedCitation>& citations,
                                            const WebRequest& query);

}  // namespace bibsmith::plugin
