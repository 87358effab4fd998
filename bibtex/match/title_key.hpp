#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "fetchers/record/key_words.hpp"

namespace bibsmith::bibtex {

// What is behind it in a title is not looked at; arXiv's longest has some 400 bytes.
inline constexpr std::size_t title_key_bytes_max = 4096;

// The words of a title in the one form in which titles are compared: TeX, HTML and accents resolved, lower
// case, without punctuation, one space between two words: "On $L_2$-Gr{\"o}bner Theory…" and
// "on L2 Gröbner theory ..." both read "on l 2 grobner theory" or "on l2 grobner theory".
//
// Letters and digits make words; apostrophes are dropped ("Newton's" is "newtons"), "&" is "and", Greek
// letters are their names ("α" as $\alpha$ is "alpha"), raised and lowered digits are digits. Other scripts
// keep their letters, folded. Any bytes are taken. Empty: no letter and no digit. [any thread]
std::string title_key(std::string_view title);

}  // namespace bibsmith::bibtex
