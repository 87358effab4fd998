#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fetchers/record/arxiv_id.hpp"

namespace bibsmith {

// A digital object identifier: "10.1103/PhysRevD.76.013009", never a URL.
//
// Invariant: starts with "10.", a registrant, a slash and a non-empty suffix, no white space or control
// characters. Shown as given, compared without regard to ASCII case (DOI Handbook, section 2.4).
// [any thread]
class Doi {
 public:
  // Takes "10.…/…", "doi:10.…", and links to doi.org and dx.doi.org (percent-decoded). Trailing
  // punctuation that prose or lists leave behind (".,;:)" unless it balances) is cut.
  static std::optional<Doi> parse(std::string_view text);

  const std::string& str() const { return text_; }
  // ASCII letters lower-cased: the form to compare and to look up.
  const std::string& canonical() const { return canonical_; }
  std::string url() const;  // "https://doi.org/…", percent-encoded where a URL needs it

  // The paper, when this is arXiv's own DOI ("10.48550/arXiv.1706.03762").
  std::optional<ArxivId> arxiv_id() const;

  friend bool operator==(const Doi& a, const Doi& b) { return a.canonical_ == b.canonical_; }
  friend auto operator<=>(const Doi& a, const Doi& b) { return a.canonical_ <=> b.canonical_; }

 private:
  explicit Doi(std::string text);

  std::string text_;
  std::string canonical_;
};

// Adds the DOIs of a text that holds several, with white space, commas or semicolons between them; what is
// there already is not added again, what is none is passed over. Authors type several into one field of
// arXiv's, and arXiv splits it at white space, if at all ("10.1/a; 10.2/b"). [any thread]
void add_dois(std::vector<Doi>& dois, std::string_view text);

}  // namespace bibsmith
