#include "bibtex/normalize/grey_literature.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

#include "bibtex/normalize/locator.hpp"
#include "bibtex/normalize/reference_words.hpp"
#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

using Kind = ReferenceToken::Kind;

std::string_view between(std::string_view text, const ReferenceTokens& tokens, std::size_t begin,
                         std::size_t end) {
  return text.substr(tokens[begin].span.begin, tokens[end - 1].span.end - tokens[begin].span.begin);
}

bool names_institution(std::string_view part) {
  const std::string name = in_lower_case(part);
  if (name.find("univ") != std::string::npos || name.find("institut") != std::string::npos) return true;
  static constexpr auto words =
      std::to_array<std::string_view>({"college", "school", "academy", "eth", "école", "mit"});
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return has_word(name, word); });
}

bool ends_part(std::string_view text, const ReferenceToken& token) {
  const std::string_view sign = token.span.in(text);
  return token.is(Kind::open) || token.is(Kind::close) || token.is(Kind::number) ||
         (token.is(Kind::sign) && (sign == "," || sign == ";"));
}

// The part that names a university, without "thesis at the".
void take_institution(std::string_view text, ReferenceTokens& tokens, Publication& publication) {
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= tokens.size(); ++i) {
    if (i < tokens.size() && !ends_part(text, tokens[i])) continue;
    if (i > begin) {
      std::string_view institution = between(text, tokens, begin, i);
      if (names_institution(institution)) {
        for (const std::string_view link : {" at the ", " at ", "hesis "}) {
          const std::size_t at = institution.find(link);
          if (at != std::string_view::npos) institution.remove_prefix(at + link.size());
        }
        publication.publisher = institution;
        for (std::size_t k = begin; k < i; ++k) tokens[k].used = true;
        return;
      }
    }
    begin = i + 1;
  }
}

void read_date(std::string_view text, ReferenceTokens& tokens, std::size_t from, Publication& publication,
               NormalizeFindings& findings) {
  Locator locator = read_locator(text, tokens, from, tokens.size(), {.proceedings = true}, findings);
  publication.pages = std::move(locator.pages);
  publication.date = locator.date;
}

}  // namespace

bool read_thesis(std::string_view text, ReferenceTokens& tokens, Publication& publication,
                 NormalizeFindings& findings) {
  const std::string lowered = in_lower_case(text);
  static constexpr auto words = std::to_array<std::string_view>(
      {"thesis", "dissertation", "habilitation", "thèse", "these de doctorat", "doctorat", "diplomarbeit",
       "masterarbeit", "tesi", "tesis", "диссертация"});
  if (std::none_of(words.begin(), words.end(),
                   [&](std::string_view word) { return has_word(lowered, word); }))
    return false;
  publication.type = PublicationType::thesis;
  read_date(text, tokens, 0, publication, findings);
  take_institution(text, tokens, publication);
  for (ReferenceToken& token : tokens) {
    const std::string word = in_lower_case(token.span.in(text));
    static constexpr auto kinds =
        std::to_array<std::string_view>({"ph", "d", "phd", "master", "master's", "masters", "msc", "doctoral",
                                         "bachelor", "diploma", "m", "sc", "s", "thesis", "dissertation"});
    if (std::find(kinds.begin(), kinds.end(), word) != kinds.end()) token.used = true;
  }
  return true;
}

bool read_report(std::string_view text, ReferenceTokens& tokens, Publication& publication,
                 NormalizeFindings& findings) {
  const std::string lowered = in_lower_case(text);
  std::size_t name_end = std::string::npos;
  for (const std::string_view name :
       {"research report", "technical report", "tech. report", "tech. rep.", "tech report", "internal report",
        "rapport de recherche", "rapport technique", "working paper"}) {
    const std::size_t at = lowered.find(name);
    if (at == std::string::npos) continue;
    name_end = at + name.size();
    break;
  }
  std::size_t from = 0;
  if (name_end == std::string::npos) {
    // INRIA's numbers are all that its reports give.
    const bool numbered = lowered.starts_with("no ");
    const std::string_view code = std::string_view(lowered).substr(numbered ? 3 : 0);
    if (!code.starts_with("rt-") && !code.starts_with("rr-")) return false;
    if (numbered) tokens[from++].used = true;
  } else {
    while (from < tokens.size() && tokens[from].span.begin < name_end) tokens[from++].used = true;
    publication.publisher = text.substr(0, name_end);
    while (from < tokens.size() &&
           (tokens[from].is(Kind::sign) || number_label(tokens[from].span.in(text)) == NumberLabel::number)) {
      ++from;
    }
  }
  publication.type = PublicationType::report;
  std::size_t end = from;
  while (end < tokens.size() && tokens[end].span.in(text) != "," && !tokens[end].is(Kind::open)) ++end;
  if (end > from) {
    publication.number = between(text, tokens, from, end);
    for (std::size_t k = from; k < end; ++k) tokens[k].used = true;
  }
  read_date(text, tokens, end, publication, findings);
  return true;
}

}  // namespace bibsmith::bibtex
