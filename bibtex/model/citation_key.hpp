#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace bibsmith::bibtex {

// What a citation key is made of: text as in the entry (LaTeX, Unicode or both).
struct KeySource {
  std::string author;              // of the first author: particles and family name, or an organisation
  bool author_is_literal = false;  // an organisation
  int year = 0;                    // 0: unknown
  std::string title;
};

// Family, year, first significant title word: "vaswani2017attention". Only a-z and 0-9; never empty
// ("unknown" when there is nothing to take). Accents are dropped (Müller: muller), other scripts romanised
// (Иванов: ivanov), particles kept ("vandertak2007computer"); of an organisation the words that name it
// ("LIGO Scientific Collaboration": ligo); math and stop words of the title skipped. Pure. [any thread]
std::string citation_key(const KeySource& source);

// `key`, or else the first of keya, keyb, … keyz, keyaa, … that is not taken. `taken` must be true for
// finitely many keys.
std::string disambiguate(std::string_view key, const std::function<bool(std::string_view)>& taken);
// The same for many entries: the first `tried` of the candidates are known to be taken. Counts on, so that a
// thousand papers of one key do not try a million.
std::string disambiguate(std::string_view key, const std::function<bool(std::string_view)>& taken,
                         std::size_t& tried);

}  // namespace bibsmith::bibtex
