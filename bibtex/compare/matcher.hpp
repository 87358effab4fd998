#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "bibtex/model/macros.hpp"
#include "bibtex/syntax/document.hpp"
#include "fetchers/record/arxiv_id.hpp"
#include "fetchers/record/doi.hpp"

namespace bibsmith::bibtex {

// Which paper an entry says it is, by its own identifiers.
struct EntryIdentity {
  std::optional<ArxivId> arxiv_id;
  bool pinned = false;       // `eprint` names a version: the user cites that one
  std::string_view said_by;  // the field that names the paper; text of the program
  std::optional<Doi> doi;    // of the published paper
  // Another field names another paper: then neither is believed. Apart, since few entries have one and there
  // are identities of whole files.
  struct Other {
    ArxivId arxiv_id;
    std::string_view said_by;
  };
  std::shared_ptr<const Other> other;
};

// Reads eprint, the arXiv DOI, links, and what other tools write in place of a journal: "arXiv preprint
// arXiv:1706.03762", CoRR with volume "abs/1706.03762", "arXiv:..." in note, howpublished, pages, number.
// Such a value must name the paper and nothing else: an id in an abstract, or in a note about another paper,
// is no evidence. [any thread]
EntryIdentity identify(const Document& document, const Macros& macros, const Block& entry);

// The id that a field's text consists of, with the words around it that say nothing ("arXiv preprint",
// "\url{...}", "[cs.CL]", a year in parentheses). nullopt: it says something else too. [any thread]
std::optional<ArxivId> whole_id(std::string_view text);

// Says nothing of a journal but arXiv's name: "arXiv preprint arXiv:...", "CoRR", "ArXiv e-prints", "". [any
// thread]
bool is_arxiv_name(std::string_view text);

}  // namespace bibsmith::bibtex
