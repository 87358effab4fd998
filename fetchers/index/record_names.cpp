#include "fetchers/index/record_names.hpp"

#include <cstddef>

#include "fetchers/record/key_words.hpp"

namespace bibsmith::fetchers {

namespace {

// Papers of collaborations have thousands.
constexpr std::size_t authors_indexed_max = 100;
constexpr std::size_t name_bytes_max = 200;
// Of an abstract: what a page that cuts abstracts shows at least.
constexpr std::size_t beginning_bytes = 160;
constexpr std::size_t beginning_letters = 60;

}  // namespace

// FNV-1a, its bits mixed once more.
std::int64_t fingerprint_of(std::string_view kind, std::string_view text) {
  std::uint64_t hash = 0xCBF29CE484222325;
  for (const std::string_view part : {kind, text}) {
    for (const char c : part) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  }
  hash ^= hash >> 32;
  return static_cast<std::int64_t>(hash * 0x9E3779B97F4A7C15);
}

std::string beginning_of(std::string_view abstract, ReadTitle read) {
  if (abstract.size() < beginning_bytes) return {};
  std::string letters = squeezed_key(read(abstract.substr(0, beginning_bytes)));
  if (letters.size() < beginning_letters) return {};
  letters.resize(beginning_letters);
  return letters;
}

std::string name_of(const ArxivId& id) { return "arxiv:" + id.base(); }
std::string name_of(const Doi& doi) { return "doi:" + doi.canonical(); }

std::set<std::string, std::less<>> author_words(const Record& record, ReadTitle read) {
  std::set<std::string, std::less<>> words;
  for (std::size_t i = 0; i < record.authors.size() && i < authors_indexed_max; ++i) {
    const std::string name = read(std::string_view(record.authors[i].name).substr(0, name_bytes_max));
    for (const std::string_view word : key_words(name)) {
      if (word.size() > 1) words.emplace(word);
    }
  }
  return words;
}

std::string_view source_of(const Record& record) {
  if (is_arxiv_record(record)) return "arxiv";
  return record.origins.empty() ? std::string_view{} : std::string_view{record.origins.front().source};
}

std::string identity_of(const Record& record, std::string_view key) {
  if (is_arxiv_record(record)) return name_of(*record.arxiv_id);
  if (!record.dois.empty()) return name_of(record.dois.front());
  if (key.empty() || record.origins.empty()) return {};
  const std::string author = record.authors.empty() ? std::string() : record.authors.front().name;
  return "work:" + record.origins.front().source + ':' + squeezed_key(key) + ':' + author;
}

std::vector<std::string> names_of(const Record& record, const std::string& identity) {
  std::vector<std::string> names = {identity};
  if (record.arxiv_id) names.push_back(name_of(*record.arxiv_id));
  for (const Doi& doi : record.dois) names.push_back(name_of(doi));
  return names;
}

bool is_older(const Record& a, const Record& b) {
  return !a.origins.empty() && !b.origins.empty() &&
         a.origins.front().retrieved < b.origins.front().retrieved;
}

bool is_arxiv_record(const Record& record) {
  if (!record.arxiv_id || record.origins.empty()) return false;
  const std::string& source = record.origins.front().source;
  return source.starts_with("arxiv") || source == "datacite";
}

}  // namespace bibsmith::fetchers
