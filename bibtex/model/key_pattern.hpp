#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "bibtex/model/entry.hpp"

namespace bibsmith::bibtex {

struct PatternError {
  std::size_t offset = 0;  // into the pattern
  std::string message;
};

// How citation keys are made, in the language of JabRef (docs.jabref.org, "Customize the citation key
// generator"): text and markers in brackets, "[auth:lower][year]_[veryshorttitle]", or in that of Better
// BibTeX, "auth.lower + shorttitle(3,3) + year". docs/keys.md lists the markers. Keys are ASCII; words
// without a family name, a year ... give nothing. [const: any thread]
class KeyPattern {
 public:
  static tl::expected<KeyPattern, PatternError> parse(std::string_view pattern);

  // The key of a resolved entry (see resolve_entry); empty if no marker finds anything.
  std::string key(const Entry& entry) const;

 private:
  struct Modifier {
    enum class Kind : std::uint8_t {
      lower,
      upper,
      capitalize,
      titlecase,
      sentencecase,
      abbr,
      camel,
      truncate,
      otherwise,
      regex
    };
    Kind kind = Kind::lower;
    std::size_t number = 0;   // of truncate
    std::string text;         // of otherwise; the expression of regex
    std::string replacement;  // of regex
  };
  struct Part {
    std::string text;  // literal, or the name of a marker
    bool is_marker = false;
    std::vector<Modifier> modifiers;
  };

  static tl::expected<KeyPattern, PatternError> parse_brackets(std::string_view pattern);
  static tl::expected<Part, PatternError> parse_marker(std::string_view pattern, std::size_t begin,
                                                       std::size_t end);
  static tl::expected<Modifier, PatternError> parse_modifier(std::string_view pattern, std::size_t begin,
                                                             std::size_t end);
  static std::string modified(std::string text, const Modifier& modifier);

  std::vector<Part> parts_;
};

}  // namespace bibsmith::bibtex
