#include "fetchers/record/arxiv_id.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <vector>

#include "fetchers/record/ascii.hpp"

namespace bibsmith {

namespace {

using namespace std::string_view_literals;

// The archives that issued "archive/YYMMNNN" identifiers, those since subsumed included (arXiv keeps
// their identifiers for ever). Sorted.
constexpr std::array archives = {
    "acc-phys"sv, "adap-org"sv, "alg-geom"sv, "ao-sci"sv,   "astro-ph"sv, "atom-ph"sv,  "bayes-an"sv,
    "chao-dyn"sv, "chem-ph"sv,  "cmp-lg"sv,   "comp-gas"sv, "cond-mat"sv, "cs"sv,       "dg-ga"sv,
    "funct-an"sv, "gr-qc"sv,    "hep-ex"sv,   "hep-lat"sv,  "hep-ph"sv,   "hep-th"sv,   "math"sv,
    "math-ph"sv,  "mtrl-th"sv,  "nlin"sv,     "nucl-ex"sv,  "nucl-th"sv,  "patt-sol"sv, "physics"sv,
    "plasm-ph"sv, "q-alg"sv,    "q-bio"sv,    "quant-ph"sv, "solv-int"sv, "supr-con"sv,
};

// Sites whose links name arXiv papers, with or without a scheme in front.
constexpr std::array hosts = {
    "arxiv.org"sv,          "ar5iv.org"sv,           "alphaxiv.org"sv,
    "arxiv-vanity.com"sv,   "huggingface.co"sv,      "hf.co"sv,
    "xxx.lanl.gov"sv,       "scirate.com"sv,         "semanticscholar.org"sv,
    "inspirehep.net"sv,     "scholar.google.com"sv,  "doi.org"sv,
    "adsabs.harvard.edu"sv, "connectedpapers.com"sv, "scholar.archive.org"sv,
    "paperswithcode.com"sv,
};

// The text as a person meant it, and where each of its bytes stood.
struct CleanText {
  std::string text;
  std::vector<std::uint16_t> offsets;  // one more than bytes in `text`

  void add(char c, std::size_t offset) {
    text += c;
    offsets.push_back(static_cast<std::uint16_t>(offset));
  }
};

// The code point at `pos` of (possibly broken) UTF-8, and its length; broken bytes stand for themselves.
std::pair<char32_t, std::size_t> decode(std::string_view text, std::size_t pos) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(pos);
  const std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 1;
  if (length == 1 || pos + length > text.size()) return {lead, 1};
  char32_t point = lead & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(pos + i) & 0xC0) != 0x80) return {lead, 1};
    point = (point << 6) | (byte(pos + i) & 0x3F);
  }
  return {point, length};
}

// What a code point outside ASCII means in an identifier: an ASCII character, '\0' for "drop it", or
// 0x7F for "not part of any identifier". Word processors and PDF readers leave these behind.
char meaning_of(char32_t point) {
  if (point >= 0x2010 && point <= 0x2015) return '-';  // hyphens and dashes
  switch (point) {
    case 0x2212:
    case 0xFE58:
    case 0xFE63:
    case 0xFF0D:
      return '-';
    case 0xFF0E:
    case 0x2024:
      return '.';
    case 0xFF0F:
    case 0x2044:
    case 0x2215:
      return '/';
    case 0xFF1A:
      return ':';
    case 0x00A0:
    case 0x2002:
    case 0x2003:
    case 0x2009:
    case 0x200A:
    case 0x202F:
    case 0x3000:
      return ' ';
    case 0x00AD:
    case 0x200B:
    case 0x200C:
    case 0x200D:
    case 0x200E:
    case 0x200F:
    case 0x2060:
    case 0xFEFF:
      return '\0';
    default:
      break;
  }
  if (point >= 0xFF10 && point <= 0xFF19) return static_cast<char>('0' + (point - 0xFF10));
  return 0x7F;
}

CleanText clean(std::string_view text) {
  CleanText out;
  for (std::size_t pos = 0; pos < text.size();) {
    const auto [point, length] = decode(text, pos);
    if (point < 0x80) {
      const char c = static_cast<char>(point);
      if (is_space(c)) {
        out.add(' ', pos);
      } else if (c > ' ' && c != 0x7F) {  // other control characters hide in pasted text: dropped
        out.add(c, pos);
      }
    } else if (const char c = meaning_of(point); c != '\0') {
      out.add(c, pos);
    }
    pos += length;
  }
  out.offsets.push_back(static_cast<std::uint16_t>(text.size()));
  return out;
}

CleanText percent_decoded(const CleanText& in) {
  CleanText out;
  for (std::size_t i = 0; i < in.text.size(); ++i) {
    const auto byte = percent_decoded_byte(std::string_view(in.text).substr(i));
    const bool is_printable = byte && *byte >= 0x20 && *byte < 0x80;
    out.add(is_printable ? static_cast<char>(*byte) : in.text[i], in.offsets[i]);
    if (is_printable) i += 2;
  }
  out.offsets.push_back(in.offsets.back());
  return out;
}

struct Match {
  std::string base;
  std::optional<std::uint16_t> version;
  std::size_t end = 0;
};

// How near a text came to an identifier, so that the most helpful of several errors is reported.
struct NearMiss {
  ArxivIdError error;
  int closeness = 0;  // 0: nothing like one; 1: some letters; 2: right shape, wrong values
};

using MatchResult = tl::expected<Match, NearMiss>;

tl::unexpected<NearMiss> miss(int closeness, std::size_t offset, std::string message) {
  return tl::unexpected(NearMiss{ArxivIdError{std::move(message), offset}, closeness});
}

std::size_t digits_at(std::string_view text, std::size_t pos) {
  std::size_t end = pos;
  while (end < text.size() && is_digit(text[end])) ++end;
  return end - pos;
}

int number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

// "v3" at `pos`, if any; reads into `match`.
tl::expected<void, NearMiss> match_version(std::string_view text, std::size_t pos, Match& match) {
  match.end = pos;
  if (pos >= text.size() || lower(text[pos]) != 'v' || pos + 1 >= text.size() || !is_digit(text[pos + 1])) {
    return {};
  }
  const std::size_t count = digits_at(text, pos + 1);
  if (text[pos + 1] == '0') return miss(2, pos, "versions count from v1");
  if (count > 5 || number(text.substr(pos + 1, count)) > UINT16_MAX) {
    return miss(2, pos, "version number is too large");
  }
  match.version = static_cast<std::uint16_t>(number(text.substr(pos + 1, count)));
  match.end = pos + 1 + count;
  return {};
}

tl::expected<void, NearMiss> check_month(std::string_view yymm, std::size_t pos) {
  const int month = number(yymm.substr(2, 2));
  if (month < 1 || month > 12) {
    return miss(2, pos + 2, "month " + std::string(yymm.substr(2, 2)) + " does not exist");
  }
  return {};
}

// "YYMM.NNNN" from 0704 to 1412, "YYMM.NNNNN" from 1501.
MatchResult match_new_style(std::string_view text, std::size_t pos) {
  const std::size_t front = digits_at(text, pos);
  if (front == 0 || pos + front >= text.size() || text[pos + front] != '.') {
    return miss(0, pos, "not an arXiv identifier");
  }
  const std::size_t dot = pos + front;
  const std::size_t back = digits_at(text, dot + 1);
  if (front != 4) return miss(back > 0 ? 1 : 0, pos, "expected four digits before the dot: YYMM.NNNNN");
  if (back == 0) return miss(1, dot + 1, "expected digits after the dot: YYMM.NNNNN");

  const std::string_view yymm = text.substr(pos, 4);
  if (const auto month = check_month(yymm, pos); !month) return tl::unexpected(month.error());
  if (yymm < "0704"sv) return miss(2, pos, "identifiers of this form begin with 0704 (April 2007)");
  const std::size_t wanted = yymm < "1501"sv ? 4 : 5;
  if (back != wanted) {
    return miss(2, dot + 1,
                wanted == 4
                    ? "identifiers before 1501 have four digits after the dot, got " + std::to_string(back)
                    : "identifiers from 1501 on have five digits after the dot, got " + std::to_string(back));
  }
  const std::string_view serial = text.substr(dot + 1, back);
  if (number(serial) == 0) return miss(2, dot + 1, "paper numbers begin with 1");

  Match match;
  match.base = std::string(text.substr(pos, 5 + back));
  if (const auto version = match_version(text, dot + 1 + back, match); !version) {
    return tl::unexpected(version.error());
  }
  return match;
}

// The archive that `name` means, in any case, hyphen forgotten or doubled ("hepth"); empty if none.
std::string_view archive_named(std::string_view name) {
  const auto exact = std::ranges::lower_bound(archives, name);
  if (exact != archives.end() && *exact == name) return *exact;
  std::string plain;
  for (const char c : name) {
    if (c != '-') plain += lower(c);
  }
  for (const std::string_view archive : archives) {
    if (std::ranges::equal(plain, archive, [&](char a, char b) { return a == b; })) return archive;
    std::string without_hyphen(archive);
    std::erase(without_hyphen, '-');
    if (plain == without_hyphen) return archive;
  }
  return {};
}

// "archive/YYMMNNN" or "archive.SC/YYMMNNN", 9107 to 0703.
MatchResult match_old_style(std::string_view text, std::size_t pos) {
  std::size_t name_end = pos;
  while (name_end < text.size() && (is_letter(text[name_end]) || text[name_end] == '-')) ++name_end;
  std::size_t slash = name_end;
  if (slash < text.size() && text[slash] == '.') {  // the subject class is no part of the identifier
    ++slash;
    while (slash < text.size() && (is_letter(text[slash]) || text[slash] == '-')) ++slash;
  }
  if (name_end == pos || slash >= text.size() || text[slash] != '/')
    return miss(0, pos, "not an arXiv identifier");
  std::size_t first = slash;
  while (first < text.size() && text[first] == '/') ++first;
  const std::size_t count = digits_at(text, first);
  if (count == 0) return miss(0, first, "expected seven digits after the slash: archive/YYMMNNN");

  const std::string_view archive = archive_named(text.substr(pos, name_end - pos));
  if (archive.empty()) {
    return miss(count == 7 ? 2 : 0, pos,
                "arXiv had no archive named '" + std::string(text.substr(pos, name_end - pos)) + "'");
  }
  if (count != 7) {
    return miss(2, first,
                "expected seven digits after the slash (archive/YYMMNNN), got " + std::to_string(count));
  }
  const std::string_view digits = text.substr(first, 7);
  if (const auto month = check_month(digits, first); !month) return tl::unexpected(month.error());
  const int yymm = number(digits.substr(0, 4));
  if (yymm > 703 && yymm < 9107) {
    return miss(2, first, "identifiers of this form end with 0703 (March 2007)");
  }
  if (number(digits.substr(4)) == 0) return miss(2, first + 4, "paper numbers begin with 1");

  Match match;
  match.base = std::string(archive) + '/' + std::string(digits);
  if (const auto version = match_version(text, first + 7, match); !version) {
    return tl::unexpected(version.error());
  }
  return match;
}

MatchResult match_at(std::string_view text, std::size_t pos) {
  if (pos >= text.size()) return miss(0, pos, "not an arXiv identifier");
  return is_digit(text[pos]) ? match_new_style(text, pos) : match_old_style(text, pos);
}

bool contains_ignoring_case(std::string_view text, std::string_view needle) {
  const auto equal = [](char a, char b) { return lower(a) == b; };
  return std::search(text.begin(), text.end(), needle.begin(), needle.end(), equal) != text.end();
}

// Where the path of a link begins, or npos when `text` is no link to a site that names arXiv papers.
std::size_t link_path(std::string_view text) {
  std::size_t host = 0;
  bool has_scheme = false;
  if (const std::size_t scheme = text.find("://"); scheme != text.npos && scheme <= 8) {
    host = scheme + 3;
    has_scheme = true;
  } else if (text.starts_with("//")) {
    host = 2;
    has_scheme = true;
  }
  const std::size_t slash = text.find('/', host);
  if (slash == text.npos) return text.npos;
  std::string_view name = text.substr(host, slash - host);
  if (const std::size_t port = name.find(':'); port != name.npos) name = name.substr(0, port);
  for (const std::string_view known : hosts) {
    if (name.size() < known.size()) continue;
    const std::size_t front = name.size() - known.size();
    if (starts_with_ignoring_case(name.substr(front), known) && (front == 0 || name[front - 1] == '.'))
      return slash;
  }
  return has_scheme && contains_ignoring_case(text, "arxiv") ? slash : text.npos;
}

// The first identifier after a delimiter of a link's path, query or fragment.
MatchResult match_in_link(std::string_view text, std::size_t path) {
  NearMiss nearest{ArxivIdError{"this link names no arXiv paper", path}, 0};
  for (std::size_t pos = path; pos < text.size(); ++pos) {
    if (is_digit(text[pos]) || is_letter(text[pos])) {
      const char before = text[pos - 1];
      const bool word_start = !is_digit(before) && !is_letter(before) && before != '-';
      // "arXiv.1706.03762" of a DOI has a dot before the digits, "10.1103" has one after two digits.
      if (word_start &&
          (before != '.' || starts_with_ignoring_case(text.substr(pos > 6 ? pos - 6 : 0), "arxiv."))) {
        MatchResult match = match_at(text, pos);
        if (match) return match;
        if (match.error().closeness == 2 && nearest.closeness == 0) nearest = match.error();
      }
    }
  }
  return tl::unexpected(nearest);
}

// Words in lower case, of one with another in front the longer one first. Most texts begin with none of them,
// which one look tells.
template <std::size_t size>
class Words {
 public:
  explicit constexpr Words(const std::array<std::string_view, size>& words) : words_(words) {
    static_assert(size < 256);
    first_.fill(size);
    for (std::size_t i = size; i-- > 0;)
      first_[static_cast<unsigned char>(words[i].front())] = static_cast<std::uint8_t>(i);
  }

  // The size of the one that `text` begins with; 0: with none.
  std::size_t size_at_front(std::string_view text) const {
    if (text.empty()) return 0;
    const char front = lower(text.front());
    for (std::size_t i = first_[static_cast<unsigned char>(front)]; i < size; ++i) {
      if (words_[i].front() == front && starts_with_ignoring_case(text, words_[i])) return words_[i].size();
    }
    return 0;
  }

 private:
  std::array<std::string_view, size> words_;
  std::array<std::uint8_t, 256> first_{};  // by a first character
};

// Marks that stand around an identifier or a link.
constexpr Words opening_marks(std::array{" "sv, "<"sv, "("sv, "["sv, "{"sv, "\""sv, "'"sv, "`"sv, "\\url"sv,
                                         "url:"sv});

// Words that stand before an identifier in running text, in any order.
constexpr Words leading_words(std::array{
    "oai:arxiv.org:"sv,
    "10.48550/arxiv."sv,
    "10.48550/"sv,
    "arxiv.org:"sv,
    "arxiv:"sv,
    "arxiv."sv,
    "arxiv"sv,
    "e-print"sv,
    "eprint"sv,
    "preprint"sv,
    "corr"sv,
    "doi:"sv,
    "abs/"sv,
    "pdf/"sv,
    "html/"sv,
    ":"sv,
    "/"sv,
    ","sv,
});

template <std::size_t size>
std::size_t skip_any(std::string_view text, const Words<size>& words, std::size_t pos) {
  while (const std::size_t found = words.size_at_front(text.substr(pos))) pos += found;
  return pos;
}

std::size_t skip_prefixes(std::string_view text) {
  std::size_t pos = 0;
  for (std::size_t before = 1; before != pos;) {
    before = pos;
    pos = skip_any(text, leading_words, skip_any(text, opening_marks, pos));
  }
  return pos;
}

// Spaces inside "1706 . 03762 v5" are slips of the hand; those before "[cs.CL]" are not.
CleanText without_spaces(const CleanText& in, std::size_t from) {
  CleanText out;
  for (std::size_t i = from; i < in.text.size(); ++i) {
    if (in.text[i] == '[') {
      for (; i < in.text.size(); ++i) out.add(in.text[i], in.offsets[i]);
      break;
    }
    if (in.text[i] != ' ') out.add(in.text[i], in.offsets[i]);
  }
  out.offsets.push_back(in.offsets.back());
  return out;
}

// What may follow an identifier and says nothing: a file ending, a query, a fragment, closing marks,
// "[cs.CL]" with or without the date that arXiv prints on the first page.
bool is_harmless_tail(std::string_view tail) {
  for (const std::string_view ending : {".pdf"sv, ".ps.gz"sv, ".ps"sv, ".tar.gz"sv, ".gz"sv, ".html"sv}) {
    if (starts_with_ignoring_case(tail, ending)) {
      tail.remove_prefix(ending.size());
      break;
    }
  }
  while (!tail.empty() && " /.,;:)>\"'`}"sv.find(tail.front()) != std::string_view::npos)
    tail.remove_prefix(1);
  if (tail.empty() || tail.front() == '#' || tail.front() == '?') return true;
  if (tail.front() == ']') return tail.size() == 1;
  if (tail.front() != '[') return false;
  const std::size_t close = tail.find(']');
  if (close == tail.npos || close < 2) return false;
  return std::ranges::all_of(tail.substr(1, close - 1), [](char c) {
    return is_letter(c) || c == '.' || c == '-' || c == ' ' || c == ',';
  });
}

// "2017arXiv170603762V", as the Astrophysics Data System names preprints.
std::optional<std::string> from_bibcode(std::string_view text) {
  if (text.size() != 19 || digits_at(text, 0) != 4 || text.substr(4, 5) != "arXiv" ||
      digits_at(text, 9) != 9) {
    return std::nullopt;
  }
  const std::string_view digits = text.substr(9, 9);
  return std::string(digits.substr(0, 4)) + '.' + std::string(digits.substr(4));
}

}  // namespace

tl::expected<ArxivId, ArxivIdError> ArxivId::parse(std::string_view text) {
  if (text.size() > arxiv_id_text_bytes_max) {
    return tl::unexpected(ArxivIdError{"text is too long for an arXiv identifier", arxiv_id_text_bytes_max});
  }
  // What machines write, thousands in a row, needs none of the care below: "1706.03762", "hep-th/9901001",
  // "arXiv preprint arXiv:1706.03762". A slash may be that of a link.
  const bool is_plain = std::ranges::all_of(text, [](char c) { return c >= ' ' && c < 0x7F && c != '/'; });
  if (MatchResult match = match_at(text, is_plain ? skip_prefixes(text) : 0);
      match && match->end == text.size()) {
    return ArxivId(std::move(match->base), match->version);
  }
  CleanText cleaned = clean(text);
  if (cleaned.text.find_first_not_of(' ') == std::string::npos) {
    return tl::unexpected(ArxivIdError{"empty identifier", 0});
  }

  const auto located = [](NearMiss nearest, const CleanText& in) {
    nearest.error.offset = in.offsets[std::min(nearest.error.offset, in.offsets.size() - 1)];
    return tl::unexpected(std::move(nearest.error));
  };

  const std::size_t link_start = skip_any(cleaned.text, opening_marks, 0);
  if (link_path(std::string_view(cleaned.text).substr(link_start)) != std::string::npos) {
    const CleanText link = percent_decoded(without_spaces(cleaned, link_start));
    const MatchResult match = match_in_link(link.text, link_path(link.text));
    if (!match) return located(match.error(), link);
    return ArxivId(match->base, match->version);
  }

  const CleanText core = without_spaces(cleaned, skip_prefixes(cleaned.text));
  if (const auto bibcode = from_bibcode(core.text)) {
    const MatchResult match = match_new_style(*bibcode, 0);
    if (match) return ArxivId(match->base, match->version);
  }
  const MatchResult match = match_at(core.text, 0);
  if (!match) return located(match.error(), core);
  if (!is_harmless_tail(std::string_view(core.text).substr(match->end))) {
    return located(
        {{"unexpected '" + core.text.substr(match->end, 1) + "' after the identifier", match->end}, 2}, core);
  }
  return ArxivId(match->base, match->version);
}

std::string ArxivId::str() const { return version_ ? base_ + 'v' + std::to_string(*version_) : base_; }

ArxivId ArxivId::with_version(std::uint16_t version) const {
  assert(version != 0);
  return ArxivId(base_, version);
}

}  // namespace bibsmith
