#include "bibtex/compare/matcher.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "bibtex/model/latex.hpp"
#include "bibtex/model/unicode.hpp"
#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

// An identifier with the words around it is shorter; longer text is about something.
constexpr std::size_t id_text_bytes_max = 300;

bool contains_arxiv(std::string_view text) {
  for (std::size_t at = text.find_first_of("xX"); at != npos; at = text.find_first_of("xX", at + 1)) {
    if (at >= 2 && at + 3 <= text.size() && equal_ignoring_case(text.substr(at - 2, 5), "arxiv")) return true;
  }
  return false;
}

// \url{...} and \href{link}{text} by their link; other commands and braces go.
std::string without_tex(std::string_view text) {
  static constexpr ByteSet changed("\\{}~\n\t\r");
  if (!changed.any_in(text)) return std::string(text);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '\\') {
      std::size_t end = at + 1;
      while (end < text.size() &&
             ((text[end] >= 'a' && text[end] <= 'z') || (text[end] >= 'A' && text[end] <= 'Z')))
        ++end;
      if (text.substr(at, end - at) == "\\href" && end < text.size() && text[end] == '{') {
        const std::size_t close = group_end(text, end);
        const std::size_t words =
            close != npos && close < text.size() && text[close] == '{' ? group_end(text, close) : npos;
        if (words != npos) {
          out += text.substr(end + 1, close - end - 2);
          at = words;
          continue;
        }
      }
      at = std::max(end, at + 2);  // an escaped character goes with its backslash, but for "\_" in links
      if (at == end + 1 && at <= text.size() &&
          (text[at - 1] == '_' || text[at - 1] == '%' || text[at - 1] == '#'))
        out += text[at - 1];
    } else {
      if (c != '{' && c != '}') out += c == '~' || c == '\n' || c == '\t' || c == '\r' ? ' ' : c;
      ++at;
    }
  }
  return out;
}

std::string_view without_marks(std::string_view text) {
  static constexpr ByteSet before(" \t\n\r~,;");
  static constexpr ByteSet behind(" \t\n\r~,.;");
  return trimmed(text, before, behind);
}

bool strip_word(std::string_view& text, std::string_view word) {
  if (text.size() < word.size() || !equal_ignoring_case(text.substr(0, word.size()), word)) return false;
  const bool ends = text.size() == word.size() || !is_letter(static_cast<unsigned char>(text[word.size()]));
  if (!ends) return false;
  text = without_marks(text.substr(word.size()));
  while (!text.empty() && (text.front() == ':' || text.front() == '-')) text = without_marks(text.substr(1));
  return true;
}

// Words that stand before an identifier and say nothing about it.
bool strip_leading_word(std::string_view& text) {
  constexpr std::array words = std::to_array<std::string_view>({"available at",
                                                                "available from",
                                                                "available online at",
                                                                "available online",
                                                                "available as",
                                                                "available",
                                                                "preprint",
                                                                "e-prints",
                                                                "e-print",
                                                                "eprints",
                                                                "eprint",
                                                                "arxiv.org",
                                                                "arxiv preprint",
                                                                "arxiv e-prints",
                                                                "arxiv",
                                                                "corr",
                                                                "technical report",
                                                                "tech. rep.",
                                                                "url",

                                                                "online",
                                                                "in",
                                                                "abs"});
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return strip_word(text, word); });
}

// "(2017)", "2017" behind the identifier, "(preprint)", "[Online]".
bool strip_trailing_remark(std::string_view& text) {
  const std::string_view before = text;
  if (text.ends_with(')')) {
    const std::size_t open = text.rfind('(');
    if (open == npos || open == 0) return false;
    std::string_view inner = without_marks(text.substr(open + 1, text.size() - open - 2));
    const bool year = inner.size() == 4 && std::all_of(inner.begin(), inner.end(), is_digit);
    while (!inner.empty() && strip_leading_word(inner)) continue;
    if (!year && !inner.empty()) return false;
    text = without_marks(text.substr(0, open));
  } else if (text.size() > 6) {
    const std::string_view year = text.substr(text.size() - 4);
    const char gap = text[text.size() - 5];
    if ((gap == ' ' || gap == ',') && (year.starts_with("19") || year.starts_with("20")) &&
        std::all_of(year.begin(), year.end(), is_digit)) {
      text = without_marks(text.substr(0, text.size() - 5));
    } else if (equal_ignoring_case(text.substr(text.size() - 9 < text.size() ? text.size() - 9 : 0),
                                   " preprint")) {
      text = without_marks(text.substr(0, text.size() - 9));
    }
  }
  return text.size() < before.size();
}

// Fields in which people and tools write arXiv's identifier, the most telling first.
constexpr std::array id_fields = std::to_array<std::string_view>(
    {"eprint", "doi", "url", "arxivid", "arxiv", "journal", "journaltitle", "volume", "number",
     "howpublished", "note", "pages", "ee", "link", "pdf", "archive", "type", "institution", "publisher"});

// The paper that one field names.
std::optional<ArxivId> id_in(std::string_view name, const std::string& value, bool is_arxiv_eprint,
                             bool is_corr) {
  if (name == "eprint") {
    if (!is_arxiv_eprint) return std::nullopt;
    const auto id = ArxivId::parse(without_tex(value));
    return id ? std::optional(*id) : whole_id(value);
  }
  if (name == "doi") {
    const auto doi = Doi::parse(value);
    return doi ? doi->arxiv_id() : std::nullopt;
  }
  if (name == "arxivid" || name == "arxiv") {
    const auto id = ArxivId::parse(value);
    return id ? std::optional(*id) : std::nullopt;
  }
  if (name == "volume" && is_corr && value.find("abs/") != npos) return whole_id(value);
  if (!contains_arxiv(value)) return std::nullopt;
  return whole_id(value);
}

}  // namespace

std::optional<ArxivId> whole_id(std::string_view text) {
  if (text.size() > id_text_bytes_max) return std::nullopt;
  const std::string plain = without_tex(text);
  std::string_view rest = without_marks(plain);
  for (int round = 0; round < 8 && !rest.empty(); ++round) {
    if (const auto id = ArxivId::parse(rest)) return *id;
    if (!strip_trailing_remark(rest) && !strip_leading_word(rest)) break;
  }
  return std::nullopt;
}

bool is_arxiv_name(std::string_view text) {
  if (text.size() > id_text_bytes_max) return false;
  const std::string plain = without_tex(text);
  std::string_view rest = without_marks(plain);
  if (rest.empty() || whole_id(rest)) return true;
  for (int round = 0; round < 8 && !rest.empty(); ++round) {
    if (!strip_leading_word(rest) && !strip_word(rest, "cornell university library") &&
        !strip_word(rest, "repository") && !strip_word(rest, "computing research"))
      break;
  }
  return rest.empty() || (rest.front() == '[' && rest.back() == ']' && contains_arxiv(plain)) ||
         whole_id(rest).has_value();
}

EntryIdentity identify(const Document& document, const Macros& macros, const Block& entry) {
  EntryIdentity identity;
  std::array<std::optional<FieldNode>, id_fields.size()> found;
  bool any = false;
  for (const FieldNode& field : document.fields(entry)) {
    const std::string_view name = document.text(field.name);
    if (name.size() > 12) continue;
    const auto known = std::find_if(id_fields.begin(), id_fields.end(), [&](std::string_view id_field) {
      return equal_ignoring_case(name, id_field);
    });
    if (known == id_fields.end()) continue;
    auto& slot = found[static_cast<std::size_t>(known - id_fields.begin())];
    if (!slot) slot = field;  // the first counts
    any = true;
  }
  if (!any) return identity;

  const auto value = [&](std::size_t index) { return macros.value_text(document, *found[index]); };
  bool is_arxiv_eprint = false;
  if (found[0]) {
    const std::string archive = macros.field_text(document, entry, "archiveprefix") +
                                macros.field_text(document, entry, "eprinttype");
    is_arxiv_eprint = archive.empty() || equal_ignoring_case(archive, "arxiv");
  }
  bool is_corr = false;  // of use for a volume alone: "CoRR", "abs/1706.03762"
  for (const std::size_t index : {5U, 6U}) {
    is_corr = is_corr || (found[7] && found[index] && is_arxiv_name(value(index)));
  }
  for (std::size_t i = 0; i < id_fields.size(); ++i) {
    if (!found[i]) continue;
    // Nothing to read where no identifier can be: most fields of most entries.
    const std::string_view raw = document.text(found[i]->value);
    if (i > 4 && raw.size() > id_text_bytes_max) continue;
    if (i > 4 && !(i == 7 && is_corr) && found[i] && raw.size() > 2 && !contains_arxiv(raw) &&
        (raw.front() == '{' || raw.front() == '"'))
      continue;
    const std::string text = value(i);
    if (id_fields[i] == "doi") {
      const auto doi = Doi::parse(text);
      if (doi && !doi->arxiv_id()) identity.doi = *doi;
    }
    const auto id = id_in(id_fields[i], text, is_arxiv_eprint, is_corr);
    if (!id) continue;
    if (!identity.arxiv_id) {
      identity.arxiv_id = *id;
      identity.pinned = id_fields[i] == "eprint" && id->version().has_value();
      if (!identity.pinned) identity.arxiv_id = id->without_version();
      identity.said_by = id_fields[i];
    } else if (!same_paper(*identity.arxiv_id, *id) && !identity.other) {
      identity.other = std::make_shared<const EntryIdentity::Other>(EntryIdentity::Other{*id, id_fields[i]});
    }
  }
  return identity;
}

}  // namespace bibsmith::bibtex
