// Any text: the reader of comments ends, and never calls a paper accepted whose comment knows none of the
// words for it.

#include <cstdint>
#include <string>
#include <string_view>

#include "bibtex/normalize/comment.hpp"

using namespace bibsmith::bibtex;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const CommentReading read = read_comment(text);
  if (says_accepted(read.status)) {
    std::string lowered;
    for (const char c : text) lowered += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    bool said = lowered.find_first_of("\\{}$&<") != std::string::npos || lowered.size() != text.size();
    for (const std::string_view word : {"accept", "publish", "appear", "press", "forthcoming", "presented",
                                        "proc", "held", "journal", "print"}) {
      said = said || lowered.find(word) != std::string::npos;
    }
    // Bytes that are no letters may stand inside a word and go when it is made plain.
    for (const char c : text)
      said = said || static_cast<unsigned char>(c) < ' ' || static_cast<unsigned char>(c) >= 0x7F;
    if (!said) __builtin_trap();
  }
  if (read.successor && read.status != CommentStatus::withdrawn && read.status != CommentStatus::superseded)
    __builtin_trap();
  if (read.venue.size() > 512) __builtin_trap();
  if (read_comment(text) != read) __builtin_trap();
  return 0;
}
