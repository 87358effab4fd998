#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bibsmith::bibtex {

// A name in an author or editor field, as LaTeX text. Either the parts, of which `family` is never empty, or
// `literal` alone: an organisation, which is written in braces.
struct Name {
  std::string given;   // "First"
  std::string prefix;  // "von"
  std::string family;  // "Last"
  std::string suffix;  // "Jr"
  std::string literal;

  bool is_literal() const { return !literal.empty(); }

  friend bool operator==(const Name&, const Name&) = default;
};

// The parts as BibTeX sees them (bibtex.web sections 387-410; M.-A. Markey, "Tame the BeaST", section 2):
// words at brace level 0 are split at white space, ties and hyphens; case is that of the first letter at
// level 0 or of a special character; letters outside ASCII have no case, in bibtexu too. Commas beyond the
// second separate words. Never fails: text without words gives an empty Name. Ties read as spaces.
Name parse_name(std::string_view text);

// "family=Berg, given=Marc, prefix=van den, useprefix=true": parts by their names, in any order, in quotes
// where they hold a comma (biblatex manual, "Extended name format" of the name lists). Initials and options
// are left out. nullopt: it is in the usual format.
std::optional<Name> parse_extended_name(std::string_view text);

// The name that is meant, in either format.
Name read_name(std::string_view text);

// The names of a field, cut at " and " outside braces, in any case. The views point into `field`. "others" is
// returned like a name.
std::vector<std::string_view> split_names(std::string_view field);

// "von Last, Jr, First": what parse_name() reads back as the same parts. A part that BibTeX would read in
// another way (family "Mendes de Oliveira", a given name with a comma or an "and") is put in braces;
// unbalanced braces are dropped.
std::string format_name(const Name& name);

// Appends " and ", where names stand before it, and the name.
void append_name(std::string& out, const Name& name);

// The same of a name that is nothing but ASCII letters, stops, hyphens and apostrophes, and needs neither
// braces nor LaTeX; of any other nothing is appended, and the answer is false.
bool append_plain_name(std::string& out, const Name& name);

// The names joined by " and "; with `others`, "and others" at the end.
std::string format_names(const std::vector<Name>& names, bool others);

}  // namespace bibsmith::bibtex
