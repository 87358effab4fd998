#include "bibtex/match/judge.hpp"
#include "bibtex/match/title_key.hpp"
#include "bibtex/match/title_likeness.hpp"
#include "tests/support/catch.hpp"

namespace bibsmith::bibtex {
namespace {

using Kind = TitleLikeness::Kind;

Kind kind_of(std::string_view a, std::string_view b) {
  const TitleLikeness there = compare_title_keys(title_key(a), title_key(b));
  const TitleLikeness back = compare_title_keys(title_key(b), title_key(a));
  CHECK(there.kind == back.kind);
  return there.kind;
}

TEST_CASE("titles are told apart by their words, not by slips of the finger") {
  CHECK(kind_of("Fine-Tuning Language Models", "Finetuning language models") == Kind::same);
  CHECK(kind_of("Leraning Hierarchical Polynomails", "Learning Hierarchical Polynomials") == Kind::typos);
  CHECK(kind_of("Low-rankk Matrix Completion", "Lowrank Matrix Completion") == Kind::typos);
  CHECK(kind_of("A Theory of Label Propagation for Shift", "Theory of Label Propagation for Shift") ==
        Kind::words);
  CHECK(kind_of("BitDelta", "BitDelta: Your Fine-Tune May Only Be Worth One Bit") == Kind::differs);
  CHECK(kind_of("On Looped Transformers", "On Looped Transformers as Programmable Computers") ==
        Kind::subtitle);
  for (const auto& [a, b] :
       {std::pair{"Two-Layer Networks Learn Fast", "Three-Layer Networks Learn Fast"},
        {"Linear Bandits with Shared Structure", "Nonlinear Bandits with Shared Structure"},
        {"Offline Learning of Games", "Online Learning of Games"},
        {"A Tale of Graphs, Part 1", "A Tale of Graphs, Part 2"},
        {"A Tale of Graphs, Part II", "A Tale of Graphs, Part III"},
        {"Inductive Inference of Rules", "Deductive Inference of Rules"},
        {"", ""}}) {
    CAPTURE(a, b);
    CHECK(kind_of(a, b) == Kind::differs);
  }
}

TEST_CASE("two names may be one person's") {
  CHECK(may_be_same_person("Jason D. Lee", "Lee, Jason D."));
  CHECK(may_be_same_person("Jason D. Lee", "J. Lee"));
  CHECK(may_be_same_person("Jason D. Lee", "Jason Lee"));
  CHECK(may_be_same_person("S\\'ebastien Bubeck", "Sébastien Bubeck"));
  CHECK_FALSE(may_be_same_person("Jason D. Lee", "James D. Lee"));
  CHECK_FALSE(may_be_same_person("Jason D. Lee", "Jason D. Li"));
}

const std::string abstract =
    "Gradient descent converges quickly whenever the landscape satisfies strict convexity conditions, "
    "although "
    "practitioners frequently observe surprising oscillations near stationary points throughout training.";

Record record_of(const std::string& id, const std::string& title, const std::string& author,
                 const std::string& text = "") {
  Record record;
  if (!id.empty()) record.arxiv_id = *ArxivId::parse(id);
  record.title = title;
  record.authors = {{.name = author}};
  record.abstract = text;
  record.published = Date{2020, 1, 1};
  record.origins = {{"arxiv-atom", "", {}}};
  return record;
}

Judgement judged(const ReadingItem& item, const std::vector<Record>& records, std::string_view author = "") {
  std::vector<const Record*> candidates;
  for (const Record& record : records) candidates.push_back(&record);
  return judge_match(item, author, candidates);
}

ReadingItem titled(const std::string& title) {
  ReadingItem item;
  item.title = title;
  return item;
}

TEST_CASE("a title that is the same is found, a title that resembles is refused") {
  const std::vector<Record> records = {
      record_of("2001.00001", "Two-Layer Networks Learn Fast", "Ann Author"),
      record_of("2001.00002", "Three-Layer Networks Learn Fast", "Ann Author")};
  const Judgement found = judged(titled("three layer networks learn fast"), records);
  CHECK(found.status == MatchStatus::found);
  CHECK(found.chosen.front().candidate == 1);
  const Judgement none = judged(titled("Four-Layer Networks Learn Fast"), records);
  CHECK(none.status == MatchStatus::none);
  CHECK(none.refused.size() == 2);
}

TEST_CASE("a second criterion counts where there is one") {
  const std::vector<Record> records = {record_of("2001.00001", "On Convergence", "Ann Author", abstract)};
  ReadingItem item = titled("On Convergence");
  CHECK(judged(item, records).status == MatchStatus::found);
  CHECK(judged(item, records, "Ann Author").status == MatchStatus::found);
  CHECK(judged(item, records, "Bob Other").status == MatchStatus::none);
  item.teaser = abstract.substr(0, 150);
  CHECK(judged(item, records).status == MatchStatus::found);
  CHECK(judged(item, records, "Bob Other").status == MatchStatus::found);  // the abstract speaks for it
  item.teaser =
      "Quantum chromodynamics predicts hadron spectra; lattice simulations confirm several resonances, while "
      "perturbative expansions struggle beyond intermediate energies.";
  CHECK(judged(item, records).status == MatchStatus::none);
  CHECK(judged(item, records, "Ann Author").status == MatchStatus::found);  // abstracts are rewritten
  item.teaser.clear();
  item.authors = {"Other"};
  CHECK(judged(item, records).status == MatchStatus::none);
  item.authors = {"Author"};
  item.year = 2035;
  CHECK(judged(item, records).status == MatchStatus::found);
}

TEST_CASE("a title with typos or other words needs it") {
  const std::vector<Record> records = {
      record_of("2001.00001", "Anytime Acceleration of Gradient Descent", "Ann Author")};
  CHECK(judged(titled("Anytime Accelaration of Gradient Descent"), records).status == MatchStatus::found);
  CHECK(judged(titled("Anytime Accelaration of Gradient Descent"), records, "Ann Author").status ==
        MatchStatus::found);
  CHECK(judged(titled("Anytime Accelaration of Gradient Descent"), records, "Bob Other").status ==
        MatchStatus::none);
  CHECK(judged(titled("Acceleration of Gradient Descent"), records).status == MatchStatus::none);
  // People write about the same again.
  CHECK(judged(titled("Acceleration of Gradient Descent"), records, "Ann Author").status ==
        MatchStatus::none);
  ReadingItem item = titled("Acceleration of Gradient Descent");
  item.authors = {"Author"};
  CHECK(judged(item, records).status == MatchStatus::found);
  CHECK(judged(titled("The Anytime Acceleration of Gradient Descent"), records).status == MatchStatus::found);
}

TEST_CASE("a paper with another title and the very abstract was renamed") {
  const std::vector<Record> records = {record_of("2001.00001", "The New Name", "Ann Author", abstract)};
  ReadingItem item = titled("What It Was Called Before");
  item.teaser = abstract.substr(0, 150);
  const Judgement renamed = judged(item, records);
  CHECK(renamed.status == MatchStatus::renamed);
  CHECK(renamed.chosen.front().evidence.title == "differs");
  CHECK(judged(item, records, "Bob Other").status == MatchStatus::none);
}

TEST_CASE("several works of one title are reported, unless one has more behind it") {
  const std::vector<Record> records = {record_of("2001.00001", "Introduction", "Ann Author", abstract),
                                       record_of("2002.00001", "Introduction", "Bob Other")};
  CHECK(judged(titled("Introduction"), records).status == MatchStatus::several);
  CHECK(judged(titled("Introduction"), records).chosen.size() == 2);
  const Judgement by_author = judged(titled("Introduction"), records, "Bob Other");
  CHECK(by_author.status == MatchStatus::found);
  CHECK(by_author.chosen.front().candidate == 1);
}

TEST_CASE("records of one work count once, and arXiv's is taken") {
  std::vector<Record> records = {record_of("", "One Work", "Ann Author"),
                                 record_of("2001.00001", "One Work", "A. Author"),
                                 record_of("2001.00001v2", "One Work", "A. Author")};
  const Judgement found = judged(titled("One work"), records);
  CHECK(found.status == MatchStatus::found);
  CHECK(found.chosen.front().candidate == 1);
}

}  // namespace
}  // namespace bibsmith::bibtex
