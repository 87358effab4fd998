// Runs the examples of docs/normalizing.md and docs/journal-ref.md.

#include <fstream>
#include <functional>
#include <map>
#include <string>

#include "bibtex/model/citation_key.hpp"
#include "bibtex/normalize/author_line.hpp"
#include "bibtex/normalize/authors.hpp"
#include "bibtex/normalize/doi_reading.hpp"
#include "bibtex/normalize/title.hpp"
#include "tests/bibtex/described.hpp"
#include "tests/support/catch.hpp"

namespace bibsmith::bibtex {
namespace {

std::string title(const std::string& raw) {
  NormalizeFindings findings;
  return normalize_title(raw, TextEncoding::latex, findings);
}

std::string written(const AuthorNames& authors) {
  NormalizeFindings findings;
  return format_names(encode_names(authors.names, TextEncoding::latex, findings), authors.others);
}

std::string authors(const std::string& name) {
  const Author author{.name = name};
  return written(author_names({&author, 1}));
}

std::string author_line(const std::string& line) { return written(split_author_line(line)); }

// "author | year | title", the author of an organisation in braces.
std::string key(const std::string& text) {
  const std::size_t first = text.find(" | ");
  const std::size_t second = text.find(" | ", first + 3);
  KeySource source;
  source.author = text.substr(0, first);
  source.author_is_literal = source.author.starts_with('{');
  source.year = std::stoi(text.substr(first + 3, second - first - 3));
  source.title = text.substr(second + 3);
  return citation_key(source);
}

// "journal, volume 1, number 2, page 3, year 2004"
std::string doi(const std::string& text) {
  const auto reading = read_doi(*Doi::parse(text));
  if (!reading) return "nothing";
  const Publication& publication = reading->publication;
  std::string out = publication.container;
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) out += std::string(", ") + name + ' ' + value;
  };
  add("volume", publication.volume);
  add("number", publication.number);
  add("article", publication.eid);
  add("page", publication.pages);
  add(reading->year_is_loose ? "year about" : "year", publication.date.iso());
  return out;
}

std::string journal_ref(const std::string& text) { return testing::described(read_journal_ref(text)); }

std::string comment(const std::string& text) { return testing::described(read_comment(text)); }

using Kinds = std::map<std::string, std::function<std::string(const std::string&)>>;

// Runs the blocks of the page that are of these kinds; how many examples there were.
std::size_t run_examples(const std::string& page, const Kinds& kinds) {
  std::ifstream in(page);
  REQUIRE(in);
  std::function<std::string(const std::string&)> run;
  std::size_t examples = 0;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("```")) {
      const auto found = kinds.find(line);
      run = found == kinds.end() ? nullptr : found->second;
      continue;
    }
    if (!run) continue;
    const std::size_t arrow = line.find(" => ");
    REQUIRE(arrow != std::string::npos);
    CAPTURE(line);
    CHECK(run(line.substr(0, arrow)) == line.substr(arrow + 4));
    ++examples;
  }
  return examples;
}

TEST_CASE("The examples of docs/normalizing.md are true") {
  const Kinds kinds = {{"```title", title},
                       {"```authors", authors},
                       {"```author-line", author_line},
                       {"```key", key},
                       {"```doi", doi}};
  CHECK(run_examples("../docs/normalizing.md", kinds) > 40);
}

TEST_CASE("The examples of docs/journal-ref.md are true") {
  CHECK(run_examples("../docs/journal-ref.md", {{"```journal-ref", journal_ref}, {"```comment", comment}}) >
        55);
}

}  // namespace
}  // namespace bibsmith::bibtex
