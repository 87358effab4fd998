#include "bibtex/normalize/normalizer.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "bibtex/model/name.hpp"
#include "bibtex/model/utf8.hpp"
#include "bibtex/normalize/author_line.hpp"
#include "bibtex/normalize/authors.hpp"
#include "bibtex/normalize/title.hpp"
#include "tests/bibtex/paper_records.hpp"
#include "tests/support/catch.hpp"

namespace bibsmith::bibtex {
namespace {

Record attention() {
  Record record;
  record.arxiv_id = *ArxivId::parse("1706.03762v7");
  record.title = "Attention Is All You Need";
  record.authors = {Author{.name = "Ashish Vaswani"}, Author{.name = "Noam Shazeer"},
                    Author{.name = "Niki Parmar"}};
  record.categories = {"cs.CL", "cs.LG"};
  record.published = {2017, 6, 12};
  record.updated = {2023, 8, 2};
  return record;
}

// "type{key: name = value, ...}", macros bare.
std::string shown(const Entry& entry) {
  std::string out = entry.type + "{" + entry.key + ":";
  for (const Field& field : entry.fields) {
    out += " " + field.name + " = ";
    for (const Piece& piece : field.value.pieces) {
      out += piece.kind == Piece::Kind::braced ? "{" + piece.text + "}" : piece.text;
    }
    out += ",";
  }
  return out + "}";
}

std::vector<std::string> codes(const NormalizeFindings& findings) {
  std::vector<std::string> out;
  for (const NormalizeFinding& finding : findings) out.push_back(finding.code);
  return out;
}

TEST_CASE("A record becomes @misc in BibTeX") {
  const NormalizedEntry result = normalize(attention(), {});
  CHECK(shown(result.entry) ==
        "misc{vaswani2017attention: author = {Vaswani, Ashish and Shazeer, Noam and Parmar, Niki}, "
        "title = {Attention Is All You Need}, year = {2017}, month = jun, eprint = {1706.03762}, "
        "archiveprefix = {arXiv}, primaryclass = {cs.CL}, url = {https://arxiv.org/abs/1706.03762},}");
  CHECK(result.findings.empty());
}

TEST_CASE("A record becomes @online in biblatex") {
  Record record = attention();
  record.dois = {*Doi::parse("10.48550/arXiv.1706.03762"), *Doi::parse("10.5555/3295222.3295349")};
  const NormalizedEntry result = normalize(record, {.dialect = Dialect::biblatex});
  CHECK(shown(result.entry) ==
        "online{vaswani2017attention: author = {Vaswani, Ashish and Shazeer, Noam and Parmar, Niki}, "
        "title = {Attention Is All You Need}, date = {2017-06-12}, eprint = {1706.03762}, "
        "eprinttype = {arxiv}, eprintclass = {cs.CL}, doi = {10.5555/3295222.3295349}, "
        "url = {https://arxiv.org/abs/1706.03762},}");
}

TEST_CASE("A version that the user named stays and dates the entry") {
  const NormalizedEntry result =
      normalize(attention(), {.pinned = true, .authors_max = 1, .citation_key = "mine"});
  CHECK(
      shown(result.entry) ==
      "misc{mine: author = {Vaswani, Ashish and others}, title = {Attention Is All You Need}, year = {2023}, "
      "month = aug, eprint = {1706.03762v7}, archiveprefix = {arXiv}, primaryclass = {cs.CL}, "
      "url = {https://arxiv.org/abs/1706.03762v7},}");
  Record record = attention();
  record.arxiv_id = *ArxivId::parse("1706.03762v1");
  record.versions = {{1, {2017, 6, 12}, false}, {2, {2017, 6, 19}, false}};
  CHECK(normalize(record, {.dialect = Dialect::biblatex, .pinned = true}).entry.find("date")->value ==
        Value::braced("2017-06-12"));
  CHECK(normalize(attention(), {.year = YearPolicy::cited_version}).entry.find("year")->value ==
        Value::braced("2023"));
}

TEST_CASE("What a record lacks is reported, not invented") {
  CHECK(codes(normalize({}, {}).findings) ==
        std::vector<std::string>{"author.missing", "date.missing", "title.missing"});
  CHECK(shown(normalize({}, {}).entry) == "misc{unknown:}");

  Record record = attention();
  record.published = {};
  record.updated = {};
  const NormalizedEntry dated = normalize(record, {});
  CHECK(dated.findings ==
        NormalizeFindings{
            {"date.from-id", "the record has no date, year and month are those of the identifier"}});
  CHECK(dated.entry.find("year")->value == Value::braced("2017"));
  record.arxiv_id = *ArxivId::parse("hep-th/9901001");
  CHECK(normalize(record, {.dialect = Dialect::biblatex}).entry.find("date")->value ==
        Value::braced("1999-01"));
}

TEST_CASE("Withdrawn papers are reported") {
  for (const char* comment :
       {"This paper has been withdrawn", "paper withdrawn by author", "Withdrawn: error in (3)"}) {
    Record record = attention();
    record.comment = comment;
    CHECK(normalize(record, {}).findings ==
          NormalizeFindings{{"paper.withdrawn", "the paper has been withdrawn"}});
  }
  Record record = attention();
  record.versions = {{7, {2023, 8, 2}, true}};
  CHECK(codes(normalize(record, {}).findings) == std::vector<std::string>{"paper.withdrawn"});
  record = attention();
  record.comment = "Light was withdrawn from the cavity";
  record.comment = "withdrawal of heat is discussed in section 5";
  CHECK(normalize(record, {}).findings.empty());
}

TEST_CASE("A comment about a withdrawal of something else withdraws no paper") {
  for (const char* comment : {"The paper has not been withdrawn", "supersedes the withdrawn arXiv:0704.0480",
                              "withdrawn from consideration at PRL, now submitted elsewhere"}) {
    Record record = attention();
    record.comment = comment;
    CHECK(normalize(record, {}).findings.empty());
  }
  Record record = attention();
  record.comment = "RETRACTED by the authors";
  CHECK(codes(normalize(record, {}).findings) == std::vector<std::string>{"paper.withdrawn"});
}

TEST_CASE("The newest version says whether a paper is withdrawn") {
  Record record = attention();
  record.journal_ref = "Phys. Rev. D 76, 013009 (2017)";
  const auto withdrawn = [&](std::vector<Version> versions, const char* comment, bool pinned = false) {
    record.versions = std::move(versions);
    record.comment = comment;
    const NormalizedEntry result = normalize(record, {.pinned = pinned});
    const std::vector<std::string> found = codes(result.findings);
    const bool said = std::find(found.begin(), found.end(), "paper.withdrawn") != found.end();
    CHECK(result.is_published == (!said && !pinned));  // what is withdrawn is not published
    return said;
  };
  constexpr const char* comment = "This paper has been withdrawn by the author due to an error";
  // At the newest version, whatever the comment is.
  CHECK(withdrawn({{6, {2023, 7, 1}, false}, {7, {2023, 8, 2}, true}}, ""));
  // Submitted again: neither the old flag nor the comment that was left behind counts.
  CHECK_FALSE(withdrawn({{6, {2023, 7, 1}, true}, {7, {2023, 8, 2}, false}}, comment));
  CHECK_FALSE(withdrawn({{6, {2023, 7, 1}, true}, {7, {2023, 8, 2}, false}}, ""));
  // No version is flagged: arXiv flags not all, and the comment is that of the newest.
  CHECK(withdrawn({{6, {2023, 7, 1}, false}, {7, {2023, 8, 2}, false}}, comment));
  CHECK(withdrawn({}, comment));
  // Whoever cites the withdrawn version hears of it.
  record.arxiv_id = *ArxivId::parse("1706.03762v6");
  CHECK(withdrawn({{6, {2023, 7, 1}, true}, {7, {2023, 8, 2}, false}}, "", true));
  // The version cited stands, the paper does not.
  CHECK(withdrawn({{6, {2023, 7, 1}, false}, {7, {2023, 8, 2}, true}}, "", true));
}

TEST_CASE("A version that is cited keeps its title and date, and a newer one is told") {
  Record record = attention();
  record.arxiv_id = *ArxivId::parse("1706.03762v1");
  record.title = "Attention is all one needs";
  record.journal_ref = "Phys. Rev. D 76, 013009 (2017)";
  record.versions = {{1, {2017, 6, 12}, false}, {4, {2018, 6, 30}, false}};
  const NormalizedEntry pinned = normalize(record, {.pinned = true});
  CHECK(pinned.findings ==
        NormalizeFindings{{"version.newer", "version 1 is cited, version 4 is the newest"}});
  CHECK_FALSE(pinned.is_published);
  CHECK(pinned.entry.find("title")->value == Value::braced("Attention is all one needs"));
  CHECK(pinned.entry.find("eprint")->value == Value::braced("1706.03762v1"));
  // Not where no version is named, where the newest is, and where the record has no list of versions.
  CHECK(normalize(record, {.published = false}).findings.empty());
  record.versions.pop_back();
  CHECK(normalize(record, {.pinned = true}).findings.empty());
  record.versions.clear();
  CHECK(normalize(record, {.pinned = true}).findings.empty());
}

TEST_CASE("Parts that a source gives win, known faults of arXiv's splitter do not") {
  Record record = attention();
  record.authors = {
      Author{.name = "J. Maiz Apellaniz", .family = "Maíz Apellániz", .given = "J."},
      Author{.name = "Frank C. van den Bosch", .family = "Bosch", .given = "Frank C. van den"},
      Author{.name = "for the LHCb Collaboration", .family = "Collaboration", .given = "for the LHCb"},
      Author{.name = "Lewis C. Roberts, Jr.", .family = "Roberts,", .given = "Lewis C.", .suffix = "Jr."},
      Author{.name = "C. -P. Yuan", .family = "Yuan", .given = "C. -P."},
      Author{.name = "Barnes and Noble", .is_literal = true},
      Author{.name = "et al."}};
  CHECK(normalize(record, {}).entry.find("author")->value ==
        Value::braced("Ma{\\'i}z Apell{\\'a}niz, J. and van den Bosch, Frank C. and {LHCb Collaboration} and "
                      "Roberts, Jr., Lewis C. and Yuan, C.-P. and {Barnes and Noble} and others"));
}

TEST_CASE("Letters without a LaTeX command stay and are reported") {
  Record record = attention();
  record.authors = {Author{.name = "Иван Иванов"}};
  const NormalizedEntry result = normalize(record, {});
  CHECK(result.entry.find("author")->value == Value::braced("Иванов, Иван"));
  CHECK(result.entry.key == "ivanov2017attention");
  CHECK(result.findings ==
        NormalizeFindings{{"author.unwritable", "LaTeX has no command for Ивано in a name, kept as UTF-8"}});
  CHECK(normalize(record, {.encoding = TextEncoding::utf8}).findings.empty());
}

TEST_CASE("Braces in a DOI do not end the field") {
  Record record = attention();
  record.dois = {*Doi::parse("10.1000/a}b")};
  CHECK(normalize(record, {}).entry.find("doi")->value == Value::braced("10.1000/a%7Db"));
}

bool is_balanced(std::string_view text) {
  int depth = 0;
  for (const char c : text) {
    if (c == '{') ++depth;
    if (c == '}' && --depth < 0) return false;
  }
  return depth == 0;
}

// No special of TeX outside math that is not escaped. The tie is legal.
bool is_escaped(std::string_view text) {
  bool math = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\') {
      ++i;
    } else if (c == '$') {
      math = !math;
    } else if (c == '&' || c == '%' || c == '#' || (!math && (c == '_' || c == '^')) || (c == '"')) {
      return false;
    }
  }
  return !math;
}

std::string without_braces(std::string text) {
  if (text.size() >= 2 && text.front() == '{' && text.back() == '}' &&
      is_balanced(text.substr(1, text.size() - 2))) {
    return text.substr(1, text.size() - 2);
  }
  return text;
}

TEST_CASE("Every entry of real papers is safe in both dialects and encodings") {
  std::map<std::string, std::set<std::string>> keys;
  std::size_t entries = 0;
  for (const Record& record : testing::paper_records()) {
    REQUIRE(record.arxiv_id);
    CAPTURE(record.arxiv_id->str(), record.title);
    for (const Dialect dialect : {Dialect::bibtex, Dialect::biblatex}) {
      for (const TextEncoding encoding : {TextEncoding::latex, TextEncoding::utf8}) {
        const NormalizedEntry result = normalize(record, {.dialect = dialect, .encoding = encoding});
        ++entries;
        const Entry& entry = result.entry;
        bool unwritable = encoding == TextEncoding::utf8;
        for (const NormalizeFinding& finding : result.findings) {
          unwritable = unwritable || finding.code.ends_with(".unwritable");
        }
        for (const Field& field : entry.fields) {
          CAPTURE(field.name, field.value.pieces.front().text);
          CHECK(is_balanced(field.value.pieces.front().text));
          CHECK_FALSE(field.value.pieces.front().text.empty());
          CHECK((unwritable || is_ascii(field.value.pieces.front().text)));
        }
        REQUIRE(entry.find("title") != nullptr);
        const std::string& title = entry.find("title")->value.pieces.front().text;
        CHECK(is_escaped(title));
        NormalizeFindings again;
        CHECK(normalize_title(title, encoding, again) == title);
        REQUIRE(entry.find("author") != nullptr);
        const std::string& author = entry.find("author")->value.pieces.front().text;
        CHECK(is_escaped(author));

        // BibTeX reads back exactly the parts that were meant.
        NormalizeFindings ignored;
        const std::vector<Name> meant = encode_names(author_names(record.authors).names, encoding, ignored);
        std::vector<std::string_view> written = split_names(author);
        if (!written.empty() && written.back() == "others") written.pop_back();
        REQUIRE(written.size() == meant.size());
        for (std::size_t i = 0; i < meant.size(); ++i) {
          CAPTURE(written[i]);
          const Name read = parse_name(written[i]);
          if (meant[i].is_literal()) {
            CHECK(without_braces(read.family) == without_braces(meant[i].literal));
          } else {
            CHECK(without_braces(read.given) == meant[i].given);
            CHECK(read.prefix == meant[i].prefix);
            CHECK(without_braces(read.family) == meant[i].family);
            CHECK(without_braces(read.suffix) == meant[i].suffix);
          }
        }
        CHECK(entry.key.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") == std::string::npos);
        CHECK(entry.key.find(std::to_string(record.published.year)) != std::string::npos);
        if (dialect == Dialect::bibtex && encoding == TextEncoding::latex)
          keys[entry.key].insert(record.arxiv_id->base());
      }
    }
  }
  std::size_t shared = 0;
  for (const auto& [key, papers] : keys) shared += papers.size() > 1 ? papers.size() : 0;
  CHECK(shared * 50 <= entries / 4);  // at most 2 % of the papers share a key with another
}

}  // namespace
}  // namespace bibsmith::bibtex
