#include "tests/arxiv_emulator/bibtex_export.hpp"

#include <algorithm>

#include "tests/arxiv_emulator/author_split.hpp"
#include "tests/arxiv_emulator/moment.hpp"
#include "tests/arxiv_emulator/text.hpp"

namespace bibsmith::emulator {
namespace {

// Words that arXiv leaves out of citation keys: the list of the Onix search engine, misprints included.
// Sorted.
constexpr std::string_view stop_words[] = {
    "a",          "about",      "above",        "across",     "after",      "afterwards", "again",
    "against",    "all",        "almost",       "alone",      "along",      "already",    "also",
    "although",   "always",     "am",           "among",      "amongst",    "amoungst",   "amount",
    "an",         "and",        "another",      "any",        "anyhow",     "anyone",     "anything",
    "anyway",     "anywhere",   "are",          "around",     "as",         "at",         "back",
    "be",         "became",     "because",      "become",     "becomes",    "becoming",   "been",
    "before",     "beforehand", "behind",       "being",      "below",      "beside",     "besides",
    "between",    "beyond",     "bill",         "both",       "bottom",     "but",        "by",
    "call",       "can",        "cannot",       "cant",       "co",         "con",        "could",
    "couldnt",    "cry",        "de",           "describe",   "detail",     "do",         "done",
    "down",       "due",        "during",       "each",       "eg",         "eight",      "either",
    "eleven",     "else",       "elsewhere",    "empty",      "enough",     "etc",        "even",
    "ever",       "every",      "everyone",     "everything", "everywhere", "except",     "few",
    "fifteen",    "fify",       "fill",         "find",       "fire",       "first",      "five",
    "for",        "former",     "formerly",     "forty",      "found",      "four",       "from",
    "front",      "full",       "further",      "get",        "give",       "go",         "had",
    "has",        "hasnt",      "have",         "he",         "hence",      "her",        "here",
    "hereafter",  "hereby",     "herein",       "hereupon",   "hers",       "herself",    "him",
    "himself",    "his",        "how",          "however",    "hundred",    "ie",         "if",
    "in",         "inc",        "indeed",       "interest",   "into",       "is",         "it",
    "its",        "itself",     "keep",         "last",       "latter",     "latterly",   "least",
    "less",       "ltd",        "made",         "many",       "may",        "me",         "meanwhile",
    "might",      "mill",       "mine",         "more",       "moreover",   "most",       "mostly",
    "move",       "much",       "must",         "my",         "myself",     "name",       "namely",
    "neither",    "never",      "nevertheless", "next",       "nine",       "no",         "nobody",
    "none",       "noone",      "nor",          "not",        "nothing",    "now",        "nowhere",
    "of",         "off",        "often",        "on",         "once",       "one",        "only",
    "onto",       "or",         "other",        "others",     "otherwise",  "our",        "ours",
    "ourselves",  "out",        "over",         "own",        "part",       "per",        "perhaps",
    "please",     "put",        "rather",       "re",         "same",       "see",        "seem",
    "seemed",     "seeming",    "seems",        "serious",    "several",    "she",        "should",
    "show",       "side",       "since",        "sincere",    "six",        "sixty",      "so",
    "some",       "somehow",    "someone",      "something",  "sometime",   "sometimes",  "somewhere",
    "still",      "such",       "system",       "take",       "ten",        "than",       "that",
    "the",        "their",      "them",         "themselves", "then",       "thence",     "there",
    "thereafter", "thereby",    "therefore",    "therein",    "thereupon",  "these",      "they",
    "thickv",     "thin",       "third",        "this",       "those",      "though",     "three",
    "through",    "throughout", "thru",         "thus",       "to",         "together",   "too",
    "top",        "toward",     "towards",      "twelve",     "twenty",     "two",        "un",
    "under",      "until",      "up",           "upon",       "us",         "very",       "via",
    "was",        "we",         "well",         "were",       "what",       "whatever",   "when",
    "whence",     "whenever",   "where",        "whereafter", "whereas",    "whereby",    "wherein",
    "whereupon",  "wherever",   "whether",      "which",      "while",      "whither",    "who",
    "whoever",    "whole",      "whom",         "whose",      "why",        "will",       "with",
    "within",     "without",    "would",        "yet",        "you",        "your",       "yours",
    "yourself",   "yourselves",
};

// Letters and digits of any script, as far as names and titles on arXiv go: not punctuation, spaces,
// combining marks, arrows, symbols.
bool is_alphanumeric(char32_t c) {
  if (c < 0x80) return is_letter(static_cast<char>(c)) || is_digit(static_cast<char>(c));
  if (c < 0xC0)
    return c == 0xAA || c == 0xB2 || c == 0xB3 || c == 0xB5 || (c >= 0xB9 && c <= 0xBE && c != 0xBB);
  if (c == 0xD7 || c == 0xF7) return false;
  if (c >= 0x300 && c < 0x370) return false;
  if (c >= 0x2000 && c < 0x2C00) return c >= 0x2070 && c < 0x209D && !(c >= 0x207A && c <= 0x207E);
  return !(c >= 0x3000 && c < 0x3005);
}

// Latin, Greek and Cyrillic capitals.
char32_t small(char32_t c) {
  if (c >= 'A' && c <= 'Z') return c + 32;
  if (c >= 0xC0 && c <= 0xDE && c != 0xD7) return c + 32;
  if (c == 0x178) return 0xFF;
  if ((c >= 0x100 && c <= 0x137) || (c >= 0x14A && c <= 0x177) || (c >= 0x1DE && c <= 0x1EF) ||
      (c >= 0x1F8 && c <= 0x21F) || (c >= 0x222 && c <= 0x233) || (c >= 0x1E00 && c <= 0x1E95)) {
    return c % 2 == 0 && c != 0x130 ? c + 1 : c;
  }
  if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E) || (c >= 0x1CD && c <= 0x1DC)) {
    return c % 2 == 1 ? c + 1 : c;
  }
  if (c >= 0x391 && c <= 0x3A9) return c + 32;
  if (c >= 0x410 && c <= 0x42F) return c + 32;
  return c;
}

// Surname, year, and the first four words of the title that are not stop words; what is no letter or digit
// goes out at the end only, so "of," is a word and "of" is none.
std::string citation_key(const std::string& surname, const std::string& year, const std::string& title) {
  std::string text = surname + year;
  int words = 0;
  for (const std::string_view word : split(title, ' ')) {
    if (words == 4) break;
    if (std::ranges::binary_search(stop_words, lower(word))) continue;
    text += word;
    ++words;
  }
  std::string key;
  std::size_t at = 0;
  while (at < text.size()) {
    const char32_t c = next_code_point(text, at);
    if (is_alphanumeric(c)) append_utf8(key, small(c));
  }
  return key;
}

Answer reason(int status, std::string_view word) {
  return {.status = status,
          .content_type = "text/plain; charset=utf-8",
          .body = "{'reason': '" + std::string(word) + "'}"};
}

bool all_digits(std::string_view text) { return std::ranges::all_of(text, is_digit); }

bool is_month(std::string_view text) { return text >= "01" && text <= "12"; }

// "1706.03762", "hep-th/9901001", "math.GT/0309136" (whose class is dropped).
bool read_paper(std::string_view text, std::string& paper) {
  const std::size_t slash = text.find('/');
  if (slash == text.npos) {
    const bool new_style = (text.size() == 9 || text.size() == 10) && text[4] == '.' &&
                           all_digits(text.substr(0, 4)) && all_digits(text.substr(5)) &&
                           is_month(text.substr(2, 2));
    paper = std::string(text);
    return new_style;
  }
  const std::string_view number = text.substr(slash + 1);
  const std::string_view archive = text.substr(0, std::min(slash, text.find('.')));
  const bool archive_good =
      !archive.empty() && archive.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == text.npos;
  paper = std::string(archive) + "/" + std::string(number);
  return archive_good && number.size() == 7 && all_digits(number) && is_month(number.substr(2, 2));
}

}  // namespace

std::string bibtex_export(const StoredPaper& paper, const StoredVersion& latest) {
  const std::string year = iso_day(latest.created).substr(0, 4);
  const std::vector<SplitAuthor> split_authors = split_author_line_utf(paper.authors_of(latest));
  std::string authors;
  for (const SplitAuthor& author : split_authors) {
    if (!authors.empty()) authors += " and ";
    authors += (author.forenames.empty() ? "" : author.forenames + " ") + author.keyname +
               (author.suffix.empty() ? "" : " " + author.suffix);
  }
  const std::string surname = split_authors.empty() ? "unknown" : split_authors.front().keyname;
  const std::string& title = paper.title_of(latest);
  std::string out = "@misc{" + citation_key(surname, year, title) + ",\n";
  out += "      title={" + collapse_space(title) + "}, \n";
  out += "      author={" + authors + "},\n";
  out += "      year={" + year + "},\n";
  out += "      eprint={" + paper.id + "},\n";
  out += "      archivePrefix={arXiv},\n";
  out += "      primaryClass={" + (paper.categories.empty() ? "unknown" : paper.categories.front()) + "},\n";
  if (!paper.doi.empty()) out += "      doi={https://doi.org/" + paper.doi + "},\n";
  out += "      url={https://arxiv.org/abs/" + paper.id + "}, \n}";
  return out;
}

RequestedId parse_requested_id(std::string_view text) {
  RequestedId id;
  const std::size_t v = text.rfind('v');
  if (v != text.npos && v > 0 && is_digit(text[v - 1])) {
    const std::string_view version = text.substr(v + 1);
    if (version.empty() || version.size() > 4 || version.front() == '0' || !all_digits(version)) return {};
    id.version = std::stoi(std::string(version));
    text = text.substr(0, v);
  }
  id.good = read_paper(text, id.paper);
  return id;
}

Answer answer_bibtex(const Archive& archive, std::string_view id) {
  const RequestedId wanted = parse_requested_id(id);
  if (!wanted.good) return reason(400, "bad_id");
  const StoredPaper* paper = archive.find_paper(wanted.paper);
  if (paper == nullptr) return reason(404, "not_found");
  const StoredVersion* version =
      wanted.version == 0 ? &paper->versions.back() : paper->find_version(wanted.version);
  if (version == nullptr) return reason(404, "version_not_found");
  return {.content_type = "text/plain; charset=utf-8", .body = bibtex_export(*paper, *version)};
}

}  // namespace bibsmith::emulator
