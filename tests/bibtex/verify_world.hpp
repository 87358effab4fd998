#pragma once

#include <cstddef>
#include <deque>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "bibtex/verify/judge.hpp"

namespace bibsmith::testing {

// A reference of the test data, and what is known to be wrong with it.
struct LabelledReference {
  std::string key;
  std::string type;    // of the fault; "" for valid ones
  std::string method;  // "scraped", "perturbation", ...
  bool is_valid = false;
  std::string bibtex;
  std::string verdict;
  std::vector<std::string> accepted;
  std::set<std::string> wrong_fields;
  bool is_decidable = true;
  // Its DOI is registered for another work; that is no part of wrong_fields where the true work has no DOI.
  bool has_doi_of_other_work = false;
};

std::vector<LabelledReference> read_references(const std::filesystem::path& path);

// What the first entry of the text says.
bibtex::Claim claim_in(const std::string& text);

// One rule of the judge: a reference, what was found out, and the verdict. Of tests/data/verify_cases.jsonl.
struct VerifyCase {
  std::string name;
  std::string bibtex;
  std::deque<Record> records;
  bibtex::Evidence evidence;  // its candidates are `records`
  std::string verdict;
  std::vector<std::string> wrong_fields;
  std::vector<std::string> codes;    // of fields and reasons, among others
  std::vector<std::string> notices;  // all, in order
};

std::deque<VerifyCase> read_cases(const std::filesystem::path& path);

// The records that exist in a world in memory, found as an honest search finds them: by DOI, by arXiv id, and
// by words of the title, the most alike first.
class VerifyWorld {
 public:
  // Errors: a file that cannot be read is as good as empty.
  VerifyWorld(const std::filesystem::path& records, const std::filesystem::path& doi_registry);

  // No search finds what has this title or DOI any more; the registry of DOIs still knows it.
  void hide(const bibtex::Claim& claim);
  void show_all() { hidden_.clear(); }

  // Whether a search finds works by all their authors too, as an index at hand can.
  bool finds_authors = true;

  // Valid until the world changes.
  bibtex::Evidence search(const bibtex::Claim& claim) const;

  std::size_t size() const { return records_.size(); }

 private:
  void add(Record record);
  std::vector<std::size_t> by_title(const std::string& title) const;

  std::deque<Record> records_;
  std::unordered_map<std::string, std::vector<std::size_t>> by_doi_;
  std::unordered_map<std::string, std::vector<std::size_t>> by_arxiv_id_;
  std::unordered_map<std::string, std::vector<std::size_t>> by_word_;
  std::unordered_map<std::string, std::vector<std::size_t>> by_authors_;
  std::unordered_map<std::string, std::string> registry_;  // canonical DOI to title, "" where that is unknown
  std::set<std::size_t> hidden_;
};

// How many of how many, as a share.
struct Share {
  std::size_t hits = 0;
  std::size_t all = 0;

  void count(bool hit) {
    hits += hit ? 1 : 0;
    ++all;
  }
  double value() const { return all == 0 ? 0 : static_cast<double>(hits) / static_cast<double>(all); }
};

}  // namespace bibsmith::testing
