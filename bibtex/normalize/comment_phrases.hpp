#pragma once

#include <cstddef>
#include <string_view>

#include "bibtex/normalize/comment.hpp"

namespace bibsmith::bibtex {

// The words of a comment that say what has become of the paper.
struct StatusPhrase {
  CommentStatus status = CommentStatus::none;
  std::size_t begin = 0;
  std::size_t end = 0;
  bool takes_venue = false;  // the name of the venue may follow
};

// The strongest statement about the paper itself; what is said of a short version, a companion or an earlier
// version is not about it. `text` is in lower case.
StatusPhrase find_status(std::string_view text);

// Behind "accepted" and the like: past "for publication in", "as a long paper at", "by the journal".
std::size_t skip_links(std::string_view text, std::size_t at);

}  // namespace bibsmith::bibtex
