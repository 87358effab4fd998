#include "tests/bibtex/verify_world.hpp"

#include <algorithm>
#include <fstream>

#include <nlohmann/json.hpp>

#include "bibtex/compare/work_comparison.hpp"
#include "bibtex/syntax/document.hpp"
#include "bibtex/verify/person.hpp"
#include "bibtex/verify/record_text.hpp"
#include "bibtex/verify/title.hpp"

namespace bibsmith::testing {

using nlohmann::json;

namespace {

template <typename Take>
void each_line(const std::filesystem::path& path, Take take) {
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) take(json::parse(line));
}

std::string text_in(const json& row, const char* name) {
  const auto found = row.find(name);
  return found != row.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// A record as the sources give it: arXiv's knows the day of submission, the others a publication.
Record record_of(const json& row) {
  Record record;
  record.title = text_in(row, "title");
  for (const json& author : row.value("authors", json::array())) record.authors.push_back({.name = author});
  if (const auto doi = Doi::parse(text_in(row, "doi"))) record.dois.push_back(*doi);
  if (const auto id = ArxivId::parse(text_in(row, "arxiv"))) record.arxiv_id = *id;
  const std::string source = row.at("sources").at(0);
  record.origins.push_back({source, {}, {}});
  const Date date{static_cast<std::int16_t>(row.value("year", 0)), 0, 0};
  const std::string venue = text_in(row, "venue");
  const bool is_preprint = record.arxiv_id && venue.empty() && (source == "arxiv" || source == "datacite");
  if (is_preprint) {
    record.published = date;
  } else {
    record.publication = Publication{.container = venue,
                                     .volume = text_in(row, "volume"),
                                     .number = text_in(row, "number"),
                                     .pages = text_in(row, "pages"),
                                     .date = date};
  }
  record.journal_ref = text_in(row, "journal_ref");
  record.comment = text_in(row, "comment");
  // Of two versions.
  if (const std::string withdrawn = text_in(row, "withdrawn_version"); !withdrawn.empty())
    record.versions = {{1, date, withdrawn == "1"}, {2, date, withdrawn == "2"}};
  record.withdrawn = row.value("withdrawn", false);
  for (const std::string notice : row.value("notices", json::array())) {
    for (const NoticeKind kind : {NoticeKind::retracted, NoticeKind::withdrawn, NoticeKind::superseded,
                                  NoticeKind::expression_of_concern, NoticeKind::corrected}) {
      if (name_of(kind) == notice) record.notices.push_back({kind, {}});
    }
  }
  return record;
}

bibtex::Question question_of(const std::string& name) {
  using bibtex::Question;
  return name == "doi" ? Question::doi : name == "arxiv_id" ? Question::arxiv_id : Question::title;
}

bibtex::SourceAnswer::Status status_of(const std::string& name) {
  using Status = bibtex::SourceAnswer::Status;
  for (const Status status : {Status::found, Status::has_none, Status::does_not_cover}) {
    if (name_of(status) == name) return status;
  }
  return Status::could_not_ask;
}

// Source, question and status; "true" behind them: the source is complete. arXiv is, for its ids.
bibtex::SourceAnswer answer_of(const json& row) {
  const std::string source = row.at(0);
  return {source, question_of(row.at(1)), status_of(row.at(2)), {}, row.size() > 3 || source == "arxiv"};
}

std::vector<std::string> words_in(const std::string& title) {
  std::vector<std::string> words = bibtex::words_of(title);
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

// The first, the last and the number of the authors; "" for one author, who has many works.
std::string authors_key(const std::vector<bibtex::PersonText>& authors) {
  if (authors.size() < 2) return {};
  return authors.front().words.back() + '|' + authors.back().words.back() + '|' +
         std::to_string(authors.size());
}

}  // namespace

std::vector<LabelledReference> read_references(const std::filesystem::path& path) {
  std::vector<LabelledReference> references;
  each_line(path, [&](const json& row) {
    LabelledReference reference;
    reference.key = row.at("key");
    reference.type = text_in(row, "type");
    reference.method = text_in(row, "method");
    reference.is_valid = row.at("label") == "VALID";
    reference.bibtex = row.at("bibtex");
    const json& expected = row.at("expected");
    reference.verdict = expected.at("verdict");
    reference.accepted = expected.at("accept");
    reference.wrong_fields = expected.at("wrong_fields").get<std::set<std::string>>();
    reference.is_decidable = text_in(row, "decidable").starts_with("yes");
    const json positive = expected.value("positive", json::array());
    reference.has_doi_of_other_work =
        std::find(positive.begin(), positive.end(), "doi_of_other_work") != positive.end();
    references.push_back(std::move(reference));
  });
  return references;
}

bibtex::Claim claim_in(const std::string& text) {
  const bibtex::Document document = bibtex::Document::parse(text);
  for (const bibtex::Block block : document.blocks()) {
    if (block.kind == bibtex::BlockKind::entry)
      return bibtex::claim_of(document, bibtex::Macros(document), block);
  }
  return {};
}

std::deque<VerifyCase> read_cases(const std::filesystem::path& path) {
  std::deque<VerifyCase> cases;
  each_line(path, [&](const json& row) {
    VerifyCase& one = cases.emplace_back();
    one.name = row.at("case");
    one.bibtex = row.at("bibtex");
    for (const json& record : row.at("records")) {
      one.records.push_back(record_of(record));
      one.evidence.candidates.push_back({&one.records.back(), question_of(text_in(record, "by"))});
    }
    if (const auto answers = row.find("answers"); answers != row.end()) {
      for (const json& answer : *answers) one.evidence.answers.push_back(answer_of(answer));
    } else {
      const auto status = bibtex::SourceAnswer::Status::has_none;
      one.evidence.answers.push_back({"index", bibtex::Question::title, status, {}, false});
    }
    const std::string doi = text_in(row, "doi");
    if (doi == "unregistered") one.evidence.doi = bibtex::DoiStatus::unregistered;
    if (doi == "registered") one.evidence.doi = bibtex::DoiStatus::registered;
    one.evidence.doi_title = text_in(row, "doi_title");
    one.verdict = row.at("verdict");
    one.wrong_fields = row.value("wrong_fields", std::vector<std::string>());
    one.codes = row.value("codes", std::vector<std::string>());
    one.notices = row.value("notices", std::vector<std::string>());
  });
  return cases;
}

VerifyWorld::VerifyWorld(const std::filesystem::path& records, const std::filesystem::path& doi_registry) {
  each_line(records, [&](const json& row) { add(record_of(row)); });
  each_line(doi_registry, [&](const json& row) {
    if (const auto doi = Doi::parse(text_in(row, "doi"))) registry_[doi->canonical()] = text_in(row, "title");
  });
}

void VerifyWorld::add(Record record) {
  const std::size_t index = records_.size();
  for (const Doi& doi : record.dois) by_doi_[doi.canonical()].push_back(index);
  if (record.arxiv_id) by_arxiv_id_[record.arxiv_id->base()].push_back(index);
  for (const std::string& word : words_in(record.title)) by_word_[word].push_back(index);
  if (const std::string key = authors_key(bibtex::persons_of(record)); !key.empty())
    by_authors_[key].push_back(index);
  records_.push_back(std::move(record));
}

void VerifyWorld::hide(const bibtex::Claim& claim) {
  const bibtex::TitleText title = bibtex::title_text(claim.title);
  for (std::size_t i = 0; i < records_.size(); ++i) {
    const bibtex::TitleMatch match =
        bibtex::compare_titles(title, bibtex::title_text(records_[i].title)).match;
    if (match == bibtex::TitleMatch::same || match == bibtex::TitleMatch::cut) hidden_.insert(i);
  }
  if (!claim.doi) return;
  if (const auto found = by_doi_.find(claim.doi->canonical()); found != by_doi_.end())
    hidden_.insert(found->second.begin(), found->second.end());
}

std::vector<std::size_t> VerifyWorld::by_title(const std::string& title) const {
  constexpr std::size_t found_max = 5;
  constexpr std::size_t common_word = 600;  // "learning": it finds everything
  const std::vector<std::string> words = words_in(title);
  std::unordered_map<std::size_t, std::size_t> shared;
  for (const std::string& word : words) {
    const auto found = by_word_.find(word);
    if (found == by_word_.end() || (found->second.size() > common_word && words.size() > 4)) continue;
    for (const std::size_t index : found->second) ++shared[index];
  }
  std::vector<std::pair<double, std::size_t>> ranked;
  for (const auto& [index, count] : shared) {
    if (hidden_.contains(index) || 3 * count < words.size()) continue;
    const std::size_t other = words_in(records_[index].title).size();
    ranked.emplace_back(-2.0 * static_cast<double>(count) / static_cast<double>(words.size() + other), index);
  }
  std::sort(ranked.begin(), ranked.end());
  std::vector<std::size_t> out;
  for (const auto& [score, index] : ranked) {
    if (out.size() == found_max) break;
    out.push_back(index);
  }
  return out;
}

bibtex::Evidence VerifyWorld::search(const bibtex::Claim& claim) const {
  using bibtex::Question;
  bibtex::Evidence evidence;
  std::set<std::size_t> known;
  const auto add_found = [&](std::size_t index, Question question) {
    if (hidden_.contains(index) || !known.insert(index).second) return;
    evidence.candidates.push_back({&records_[index], question});
  };
  const auto look_up = [&](const auto& table, const std::string& key, Question question) {
    if (const auto found = table.find(key); found != table.end()) {
      for (const std::size_t index : found->second) add_found(index, question);
    }
  };
  if (claim.doi) {
    look_up(by_doi_, claim.doi->canonical(), Question::doi);
    const auto known_doi = registry_.find(claim.doi->canonical());
    const bool is_registered = known_doi != registry_.end() || by_doi_.contains(claim.doi->canonical());
    evidence.doi = is_registered ? bibtex::DoiStatus::registered : bibtex::DoiStatus::unregistered;
    if (known_doi != registry_.end()) evidence.doi_title = known_doi->second;
  }
  if (claim.arxiv_id) look_up(by_arxiv_id_, claim.arxiv_id->base(), Question::arxiv_id);
  for (const std::size_t index : by_title(claim.title)) add_found(index, Question::title);
  // What the registry calls the work is looked up too: the index may have it without its DOI.
  const bibtex::TitleText registered = bibtex::title_text(evidence.doi_title);
  for (const std::size_t index : by_title(evidence.doi_title)) {
    if (bibtex::compare_titles(bibtex::title_text(records_[index].title), registered).match ==
        bibtex::TitleMatch::same)
      add_found(index, Question::title);
  }
  if (finds_authors && !claim.others) {
    std::vector<bibtex::PersonText> authors;
    for (const bibtex::Name& name : claim.authors) authors.push_back(bibtex::person_text(name));
    const bool whole =
        std::none_of(authors.begin(), authors.end(), [](const auto& author) { return author.words.empty(); });
    if (whole) look_up(by_authors_, authors_key(authors), Question::title);
  }
  const auto status = [&](bool found) {
    return found ? bibtex::SourceAnswer::Status::found : bibtex::SourceAnswer::Status::has_none;
  };
  evidence.answers.push_back({"index", Question::title, status(!evidence.candidates.empty()), {}, false});
  return evidence;
}

}  // namespace bibsmith::testing
