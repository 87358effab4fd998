#include "fetchers/profile/similar_authors.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace bibsmith::fetchers {

namespace {

constexpr std::size_t papers_of_candidate_min = 2;
constexpr std::size_t shown_max = 5;
constexpr std::size_t word_bytes_min = 4;

using Vector = std::map<std::string_view, double>;

double norm(const Vector& vector) {
  double sum = 0;
  for (const auto& [key, value] : vector) sum += value * value;
  return std::sqrt(sum);
}

double cosine(const Vector& a, const Vector& b) {
  const double norms = norm(a) * norm(b);
  if (norms == 0) return 0;
  double sum = 0;
  for (const auto& [key, value] : a) {
    if (const auto other = b.find(key); other != b.end()) sum += value * other->second;
  }
  return sum / norms;
}

// The keys that weigh most in both.
std::vector<std::string> shared_keys(const Vector& a, const Vector& b) {
  std::vector<std::pair<double, std::string_view>> shared;
  for (const auto& [key, value] : a) {
    if (const auto other = b.find(key); other != b.end()) shared.emplace_back(-value * other->second, key);
  }
  std::ranges::sort(shared);
  std::vector<std::string> out;
  for (const auto& [weight, key] : shared) {
    if (out.size() < shown_max && weight < 0) out.emplace_back(key);
  }
  return out;
}

class Similarity {
 public:
  Similarity(std::span<const AuthoredPaper> papers, std::span<const NamedPaper> theirs) : papers_(papers) {
    for (const NamedPaper& one : theirs) {
      own_.insert(one.paper);
      if (one.author < papers[one.paper].authors.size()) {
        own_keys_.insert(coauthor_key(papers[one.paper].authors[one.author]));
      }
    }
    for (std::size_t i = 0; i < papers.size(); ++i) read(i);
    for (const std::size_t index : own_) add_words(own_words_, index);
    for (const auto& [key, indices] : papers_of_) {
      for (const std::size_t index : indices) {
        if (own_.contains(index) && !own_keys_.contains(key)) ++own_co_authors_[key];
      }
    }
  }

  std::vector<SimilarAuthor> list() const {
    std::vector<SimilarAuthor> out;
    for (const auto& [key, indices] : papers_of_) {
      if (own_keys_.contains(key) || !is_full_key(key) || indices.size() < papers_of_candidate_min) continue;
      if (auto one = compare_with(key, indices); one.similarity > 0) out.push_back(std::move(one));
    }
    std::ranges::stable_sort(
        out, [](const SimilarAuthor& a, const SimilarAuthor& b) { return a.similarity > b.similarity; });
    if (out.size() > similar_authors_max) out.resize(similar_authors_max);
    return out;
  }

 private:
  void read(std::size_t index) {
    const AuthoredPaper& paper = papers_[index];
    for (const std::string& word : std::set(paper.words.begin(), paper.words.end())) ++papers_with_[word];
    if (paper.authors.size() > linking_authors_max) return;
    for (const PersonName& author : paper.authors) {
      const std::string key = coauthor_key(author);
      if (key.empty()) continue;
      papers_of_[key].insert(index);
      std::string& shown = shown_[key];
      if (author.shown.size() > shown.size()) shown = author.shown;
    }
  }

  // `times`: -1 takes them out again.
  void add_words(Vector& vector, std::size_t index, double times = 1) const {
    const std::set<std::string_view> words(papers_[index].words.begin(), papers_[index].words.end());
    for (const std::string_view word : words) {
      if (word.size() < word_bytes_min) continue;
      const auto with = papers_with_.find(std::string(word));
      const double rarity = std::log(static_cast<double>(papers_.size()) / static_cast<double>(with->second));
      if (rarity > 0) vector[with->first] += times * rarity;
    }
  }

  SimilarAuthor compare_with(const std::string& key, const std::set<std::size_t>& indices) const {
    SimilarAuthor out;
    out.name = shown_.at(key);
    out.papers = indices.size();
    Vector words;
    Vector own_words = own_words_;
    Vector co_authors;
    for (const std::size_t index : indices) {
      if (own_.contains(index)) {
        ++out.joint_papers;
      } else {
        add_words(words, index);
      }
      for (const PersonName& author : papers_[index].authors) {
        const auto known = papers_of_.find(coauthor_key(author));
        if (known == papers_of_.end() || known->first == key || own_keys_.contains(known->first)) continue;
        co_authors[known->first] += 1;
      }
    }
    for (const std::size_t index : indices) {
      if (own_.contains(index)) add_words(own_words, index, -1);
    }
    Vector own_co_authors;
    for (const auto& [name, count] : own_co_authors_) {
      if (name != key) own_co_authors[name] = static_cast<double>(count);
    }
    out.shared_words = cosine(words, own_words);
    out.shared_co_authors = cosine(co_authors, own_co_authors);
    out.similarity = (out.shared_words + out.shared_co_authors) / 2;
    out.words = shared_keys(words, own_words);
    for (const std::string& common : shared_keys(co_authors, own_co_authors)) {
      out.common_neighbours.push_back(shown_.at(common));
    }
    return out;
  }

  std::span<const AuthoredPaper> papers_;
  std::set<std::size_t> own_;
  std::set<std::string> own_keys_;
  std::map<std::string, std::set<std::size_t>> papers_of_;  // by coauthor_key()
  std::map<std::string, std::string> shown_;
  std::unordered_map<std::string, std::size_t> papers_with_;  // each word
  std::map<std::string, std::size_t> own_co_authors_;
  Vector own_words_;
};

}  // namespace

std::vector<SimilarAuthor> similar_authors(std::span<const AuthoredPaper> papers,
                                           std::span<const NamedPaper> theirs) {
  if (theirs.empty()) return {};
  return Similarity(papers, theirs).list();
}

}  // namespace bibsmith::fetchers
