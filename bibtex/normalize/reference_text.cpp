#include "bibtex/normalize/reference_text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "bibtex/model/latex.hpp"
#include "bibtex/model/utf8.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "fetchers/record/ascii.hpp"
#include "fetchers/record/plain_text.hpp"

namespace bibsmith::bibtex {

namespace {

// Longer ones first where one begins another.
constexpr auto replacements = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"&amp;", "&"},
    {"&nbsp;", " "},
    {"&ndash;", "-"},
    {"&mdash;", "-"},
    {"&quot;", "\""},
    {"&#39;", "'"},
    {"&lt;", "<"},
    {"&gt;", ">"},
    {"&deg;", "o "},
    {"<b>", " "},
    {"</b>", " "},
    {"<i>", ""},
    {"</i>", ""},
    {"<em>", ""},
    {"</em>", ""},
    {"<sup>", ""},
    {"</sup>", ""},
});

// What characters outside ASCII mean here; "" where they stay.
std::string_view plain_character(std::string_view bytes) {
  static constexpr auto characters = std::to_array<std::pair<std::string_view, std::string_view>>({
      {"\u2010", "-"},
      {"\u2011", "-"},
      {"\u2012", "-"},
      {"\u2013", "-"},
      {"\u2014", "-"},
      {"\u2015", "-"},
      {"\u2212", "-"},
      {"\u2018", "'"},
      {"\u2019", "'"},
      {"\u201C", "\""},
      {"\u201D", "\""},
      {"\u201E", "\""},
      {"\u00AB", "\""},
      {"\u00BB", "\""},
      {"\u00A0", " "},
      {"\u202F", " "},
      {"\u2009", " "},
      {"\u2116", "No "},
  });
  for (const auto& [from, to] : characters) {
    if (bytes.starts_with(from)) return to;
  }
  return {};
}

std::size_t character_size(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

// Entities, tags, and the quotes and dashes of other alphabets as ASCII has them.
std::string without_markup(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  std::size_t at = 0;
  while (at < text.size()) {
    const char c = text[at];
    const std::string_view left = text.substr(at);
    if (c == '&' || c == '<') {
      const auto* const found = std::find_if(replacements.begin(), replacements.end(), [&](const auto& pair) {
        return starts_with_ignoring_case(left, pair.first);
      });
      if (found != replacements.end()) {
        out += found->second;
        at += found->first.size();
        continue;
      }
    }
    if (left.starts_with("''") || left.starts_with("``")) {
      out += '"';
      at += 2;
      continue;
    }
    if (static_cast<unsigned char>(c) >= 0x80) {
      // "N°" and "n°" are the French "No."; elsewhere the sign means nothing in a reference.
      if (left.starts_with("\u00B0") || left.starts_with("\u00BA")) {
        if (!out.empty() && (out.back() == 'N' || out.back() == 'n')) out += "o ";
        at += 2;
        continue;
      }
      const std::string_view plain = plain_character(left);
      const std::size_t size = std::min(character_size(c), left.size());
      out += plain.empty() ? left.substr(0, size) : plain;
      at += size;
      continue;
    }
    out += c == '`' ? '\'' : c;
    ++at;
  }
  return out;
}

std::string without_escaped_quotes(std::string_view text) {
  // A closing quote, before a space or a sign, says that the opening ones are quotes too.
  bool closes = false;
  for (std::size_t at = text.find("\\\""); at != std::string_view::npos; at = text.find("\\\"", at + 2)) {
    closes = closes || at + 2 >= text.size() ||
             std::string_view(" ,.;:)").find(text[at + 2]) != std::string_view::npos;
  }
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escaped = text.substr(i).starts_with("\\\"");
    const char next = i + 2 < text.size() ? text[i + 2] : ' ';
    if (escaped && closes) continue;
    if (escaped && std::string_view("aeiouyAEIOUY{\\").find(next) == std::string_view::npos) continue;
    out += text[i];
  }
  return out;
}

bool ends_identifier(char c) { return is_space(c) || c == '"' || c == '<' || c == '>'; }

std::size_t identifier_end(std::string_view text, std::size_t at) {
  while (at < text.size() && !ends_identifier(text[at])) ++at;
  return at;
}

void append(std::string& list, std::string_view item) {
  while (!item.empty() && (item.back() == ',' || item.back() == ';' || item.back() == '.'))
    item.remove_suffix(1);
  if (item.empty()) return;
  if (!list.empty()) list += ' ';
  list += item;
}

// The end of "ISBN: 978-0-…" or "ISSN 0265-9646" at `at`.
std::size_t serial_number_end(std::string_view text, std::size_t at) {
  at += 4;
  while (at < text.size() && (text[at] == ':' || text[at] == ' ' || text[at] == '-')) ++at;
  while (at < text.size() && (is_digit(text[at]) || text[at] == '-' || text[at] == 'X')) ++at;
  // "ISSN:1867 To 8211"
  if (starts_with_ignoring_case(text.substr(at), " to ") && at + 4 < text.size() && is_digit(text[at + 4])) {
    at += 4;
    while (at < text.size() && is_digit(text[at])) ++at;
  }
  return at;
}

}  // namespace

std::string plain_reference(std::string_view text) {
  std::string tex;
  // The short links of IOP name journal, volume and page.
  constexpr std::string_view short_link = "stacks.iop.org/";
  if (text.starts_with(short_link)) text.remove_prefix(short_link.size());
  // \"Trends: a quote that someone escaped, where no letter takes the dots.
  if (text.find("\\\"") != std::string_view::npos) {
    tex = without_escaped_quotes(text);
    text = tex;
  }
  static constexpr ByteSet of_tex("\\{}$~");
  if (of_tex.any_in(text)) {
    std::string read = to_unicode(text, MathReading::convert);
    tex = std::move(read);
    text = tex;
  }
  // Most references hold none of it.
  static constexpr ByteSet of_markup("&<'`");
  const bool has_markup = of_markup.any_in(text) || !is_ascii(text);
  std::string out = has_markup ? plain_text(without_markup(text)) : plain_text(text);
  // "--" is one dash.
  if (out.find("--") != std::string::npos) {
    out.erase(std::unique(out.begin(), out.end(), [](char a, char b) { return a == '-' && b == '-'; }),
              out.end());
  }
  return out;
}

ReferenceIdentifiers take_identifiers(std::string& text, bool keep_arxiv_ids) {
  ReferenceIdentifiers out;
  // Most references have none of these.
  if (text.find("10.") == std::string::npos && text.find("://") == std::string::npos &&
      text.find("IS") == std::string::npos && text.find("rXiv") == std::string::npos &&
      text.find("www.") == std::string::npos)
    return out;
  std::string kept;
  kept.reserve(text.size());
  std::size_t at = 0;
  while (at < text.size()) {
    const std::string_view left = std::string_view(text).substr(at);
    const bool starts = at == 0 || !(bibsmith::is_letter(text[at - 1]) || is_digit(text[at - 1]));
    std::size_t end = at;
    if (starts && (starts_with_ignoring_case(left, "doi:") || starts_with_ignoring_case(left, "doi "))) {
      std::size_t begin = at + 4;
      while (begin < text.size() && text[begin] == ' ') ++begin;
      if (std::string_view(text).substr(begin).starts_with("10.") ||
          starts_with_ignoring_case(std::string_view(text).substr(begin), "http"))
        end = identifier_end(text, begin);
    } else if (starts &&
               (starts_with_ignoring_case(left, "http://") || starts_with_ignoring_case(left, "https://") ||
                starts_with_ignoring_case(left, "www.") || starts_with_ignoring_case(left, "dx.doi.org/"))) {
      end = identifier_end(text, at);
    } else if (starts && left.starts_with("10.") && left.size() > 8 && is_digit(left[3]) &&
               is_digit(left[6]) && left.substr(0, 12).find('/') != std::string_view::npos) {
      end = identifier_end(text, at);
    } else if (starts && !keep_arxiv_ids && starts_with_ignoring_case(left, "arxiv:")) {
      end = identifier_end(text, at);
    } else if (starts && (left.starts_with("ISBN") || left.starts_with("ISSN")) && left.size() > 8) {
      end = serial_number_end(text, at);
    }
    if (end == at) {
      kept += text[at++];
      continue;
    }
    std::string_view item = std::string_view(text).substr(at, end - at);
    if (starts_with_ignoring_case(item, "doi ")) item.remove_prefix(4);
    const std::optional<Doi> doi = Doi::parse(item);
    if (doi && !out.doi) {
      out.doi = doi;
    } else {
      append(out.others, item);
    }
    at = end;
  }
  text = plain_text(kept);
  return out;
}

}  // namespace bibsmith::bibtex
