#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/syntax/span.hpp"

namespace bibsmith::bibtex {

// A piece of a reference: a run of letters, of digits, of both, or one sign.
struct ReferenceToken {
  enum class Kind : std::uint8_t {
    word,    // letters, bytes of other scripts, apostrophes inside
    number,  // digits
    mixed,   // letters and digits: "D76", "081301R", "2nd"
    open,    // ( or [
    close,   // ) or ]
    sign,    // everything else, one byte
  };
  Span span;
  Kind kind = Kind::sign;
  bool used = false;  // its meaning is known: it does not go to the rest

  bool is(Kind k) const { return kind == k; }
};

using ReferenceTokens = std::vector<ReferenceToken>;

ReferenceTokens tokens_of(std::string_view text);

// What the text of the unused tokens in [from, to) says, without the punctuation between used ones.
std::string unused_text(std::string_view text, const ReferenceTokens& tokens, std::size_t from,
                        std::size_t to);

}  // namespace bibsmith::bibtex
