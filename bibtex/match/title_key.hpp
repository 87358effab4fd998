#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

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

// A key without its spaces: hyphens and their absence ("fine-tuning", "finetuning", "fine tuning") do not
// count. Two titles are the same when theirs are. [any thread]
std::string squeezed_key(std::string_view key);

// The words of a key. The views live as long as `key`. [any thread]
std::vector<std::string_view> key_words(std::string_view key);

}  // namespace bibsmith::bibtex
