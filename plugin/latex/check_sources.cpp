#include "plugin/latex/check_sources.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "bibtex/compare/matcher.hpp"
#include "bibtex/model/dialect.hpp"
#include "bibtex/model/macros.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "plugin/session/cite.hpp"
#include "plugin/session/names_in_field.hpp"
#include "plugin/session/request_key.hpp"

namespace bibsmith::plugin {

namespace {

using bibtex::Block;
using bibtex::Document;
using bibtex::Severity;

constexpr std::string_view undefined = "cite.undefined";
constexpr std::string_view unused = "cite.unused";
constexpr std::string_view duplicate = "cite.duplicate";
constexpr std::string_view unsafe_key = "cite.unsafe-key";
constexpr std::string_view newer_version = "cite.newer-version";
constexpr std::array codes =
    std::to_array<std::string_view>({undefined, unused, duplicate, unsafe_key, newer_version});

// An entry of a bibliography.
struct Known {
  std::size_t file = 0;
  Block block;
};

class Citations {
 public:
  explicit Citations(const CitedSources& read) {
    for (const NamedBibliography& one : read.bibliographies) {
      auto text = read_file(one.path);
      if (!text || !*text) {
        all_are_there_ = false;  // it may be one of TeX's own
        continue;
      }
      paths_.push_back(one.path);
      documents_.push_back(Document::parse(std::move(**text)));
      macros_.emplace_back(documents_.back());
    }
    for (std::size_t i = 0; i < documents_.size(); ++i) {
      for (const Block& block : documents_[i].entries()) enter(i, block);
    }
    for (const CitedKey& cited : read.cited) {
      if (const Known* known = find(cited.key))
        cited_[{known->file, known->block.index}].push_back(cited.key);
    }
  }

  bool all_are_there() const { return all_are_there_; }
  const std::vector<std::string>& paths() const { return paths_; }
  const Document& document(std::size_t file) const { return documents_[file]; }
  // By file and block, the keys that mean the entry.
  const std::map<std::pair<std::size_t, std::uint32_t>, std::vector<std::string>>& cited() const {
    return cited_;
  }

  const Known* find(const std::string& key) const {
    const auto known = known_.find(bibtex::in_lower_case(key));
    return known == known_.end() ? nullptr : &known->second;
  }

  // The first entry whose key goes on where `key` ends.
  std::string longer_key(const std::string& key) const {
    const auto next = known_.upper_bound(bibtex::in_lower_case(key));
    if (next == known_.end() || !next->first.starts_with(bibtex::in_lower_case(key))) return {};
    return std::string(documents_[next->second.file].text(next->second.block.key));
  }

  bibtex::EntryIdentity identity(std::size_t file, const Block& block) const {
    return bibtex::identify(documents_[file], macros_[file], block);
  }

  // The entries that cited ones name: a crossref parent is used.
  std::set<std::pair<std::size_t, std::uint32_t>> used() const {
    std::set<std::pair<std::size_t, std::uint32_t>> used;
    std::vector<std::pair<std::size_t, std::uint32_t>> waiting;
    for (const auto& [place, keys] : cited_) waiting.push_back(place);
    while (!waiting.empty()) {
      const auto place = waiting.back();
      waiting.pop_back();
      if (!used.insert(place).second) continue;
      const Document& document = documents_[place.first];
      const Block block = document.block(place.second);
      for (const char* name : {"crossref", "xref", "xdata", "related", "entryset"}) {
        const auto field = document.find_field(block, name);
        if (!field) continue;
        for (const std::string& key : names_in(macros_[place.first].value_text(document, *field))) {
          if (const Known* known = find(key)) waiting.emplace_back(known->file, known->block.index);
        }
      }
    }
    return used;
  }

 private:
  void enter(std::size_t file, const Block& block) {
    known_.emplace(bibtex::in_lower_case(documents_[file].text(block.key)), Known{file, block});
    const auto ids = documents_[file].find_field(block, "ids");
    if (!ids) return;
    for (const std::string& name : names_in(macros_[file].value_text(documents_[file], *ids))) {
      known_.emplace(bibtex::in_lower_case(name), Known{file, block});
    }
  }

  std::vector<std::string> paths_;
  std::vector<Document> documents_;
  std::vector<bibtex::Macros> macros_;
  std::map<std::string, Known> known_;  // by key in lower case
  std::map<std::pair<std::size_t, std::uint32_t>, std::vector<std::string>> cited_;
  bool all_are_there_ = true;
};

// Puts findings into the file of their path.
class Report {
 public:
  Report(const CheckFilter& filter, CheckAnswer& answer) : filter_(filter), answer_(answer) {}

  void add(const std::string& path, std::string_view code, Severity severity, bibtex::Span span,
           std::string message, const std::string& key) {
    if (!filter_.shows(code)) return;
    auto& [findings, keys] = files_[path];
    findings.push_back({code, severity, span, std::move(message)});
    keys.push_back(key);
  }

  void finish() {
    for (auto& [path, found] : files_) {
      auto text = read_file(path);
      if (!text || !*text) continue;
      const Document document = Document::parse(std::move(**text));
      std::vector<PlacedFinding> placed = place(document, std::move(found.first));
      for (std::size_t i = 0; i < placed.size(); ++i) placed[i].key = found.second[i];
      std::stable_sort(placed.begin(), placed.end(), [](const PlacedFinding& a, const PlacedFinding& b) {
        return a.diagnostic.span.begin < b.diagnostic.span.begin;
      });
      answer_.files.push_back({path, bibtex::measure_dialect(document), document.text(), std::move(placed)});
    }
  }

 private:
  const CheckFilter& filter_;
  CheckAnswer& answer_;
  std::map<std::string, std::pair<std::vector<bibtex::Diagnostic>, std::vector<std::string>>> files_;
};

bibtex::Span place_of(const CitedKey& cited) {
  return {cited.offset, cited.offset + static_cast<std::uint32_t>(cited.key.size())};
}

bool is_markup(const std::string& path) {
  const auto format = source_format(path);
  return format == SourceFormat::markdown || format == SourceFormat::typst || format == SourceFormat::org;
}

void check_undefined(const CitedSources& read, const Citations& citations, Report& report) {
  for (const CitedKey& cited : read.cited) {
    if (citations.find(cited.key) != nullptr || read.defined.contains(cited.key)) continue;
    if (is_markup(cited.path)) {
      // The key went on, but the program stopped reading: "@doi:10.1002/(SICI)1".
      if (const std::string longer = citations.longer_key(cited.key); !longer.empty()) {
        report.add(cited.path, unsafe_key, Severity::warning, place_of(cited),
                   "is read as '" + cited.key + "': write @{" + longer + "} for Pandoc, #cite(label(\"" +
                       longer + "\")) for Typst",
                   cited.key);
        continue;
      }
    }
    if (requested_paper(cited.key)) {
      report.add(cited.path, undefined, Severity::warning, place_of(cited),
                 "no .bib file has '" + cited.key + "': bibsmith resolve fetches it", cited.key);
    } else if (citations.all_are_there()) {
      report.add(cited.path, undefined, Severity::warning, place_of(cited),
                 "no .bib file has '" + cited.key + "'", cited.key);
    }
  }
}

void check_unused(const CitedSources& read, const Citations& citations, Report& report) {
  if (read.cites_all || read.cited.empty()) return;
  const auto used = citations.used();
  for (std::size_t i = 0; i < citations.paths().size(); ++i) {
    const Document& document = citations.document(i);
    for (const Block& block : document.entries()) {
      if (used.contains({i, block.index})) continue;
      const std::string key(document.text(block.key));
      report.add(citations.paths()[i], unused, Severity::note, block.key, "'" + key + "' is not cited", key);
    }
  }
}

void check_duplicates(const CitedSources& read, const Citations& citations, Report& report) {
  std::map<std::string, std::string> first;  // the key, by identifier
  for (const auto& [place, keys] : citations.cited()) {
    const Document& document = citations.document(place.first);
    const Block block = document.block(place.second);
    const bibtex::EntryIdentity identity = citations.identity(place.first, block);
    const std::string id = identity.arxiv_id ? "arXiv:" + identity.arxiv_id->base()
                           : identity.doi    ? "doi:" + identity.doi->canonical()
                                             : "";
    if (id.empty()) continue;
    const auto [other, is_first] = first.emplace(id, keys.front());
    if (is_first) continue;
    const auto cited = std::find_if(read.cited.begin(), read.cited.end(),
                                    [&key = keys.front()](const CitedKey& one) { return one.key == key; });
    report.add(cited->path, duplicate, Severity::warning, place_of(*cited),
               "is the same paper as '" + other->second + "' (" + id + "): the list has it twice",
               keys.front());
  }
}

// What the programs in use make of the key; empty: nothing bad. Measured with pdfTeX, BibTeX and biber.
std::string why_unsafe(const CitedSources& read, const std::string& key) {
  const bool has_tex = read.formats.contains(SourceFormat::tex) || read.formats.contains(SourceFormat::aux) ||
                       read.formats.contains(SourceFormat::bcf);
  if (!has_tex) return {};
  if (const auto at = key.find_first_of("#%~{}\\ "); at != key.npos) {
    return std::string("has '") + key[at] + "', which LaTeX cannot read in a key";
  }
  if (read.has_active_colons && key.find_first_of(":;!?") != key.npos) {
    return "natbib fails on its punctuation where babel has loaded French before: load natbib first";
  }
  if (const auto at = key.find_first_of("'()=\""); read.is_biblatex && at != key.npos) {
    return std::string("has '") + key[at] + "', which biber refuses in a key";
  }
  return {};
}

}  // namespace

std::span<const std::string_view> citation_codes() { return codes; }

void check_sources(const CitedSources& read, const CheckFilter& filter, CheckAnswer& answer) {
  const Citations citations(read);
  Report report(filter, answer);
  check_undefined(read, citations, report);
  check_duplicates(read, citations, report);
  for (const CitedKey& cited : read.cited) {
    const std::string why = why_unsafe(read, cited.key);
    if (!why.empty()) {
      report.add(cited.path, unsafe_key, Severity::warning, place_of(cited), "'" + cited.key + "' " + why,
                 cited.key);
    }
  }
  check_unused(read, citations, report);
  report.finish();
}

std::vector<std::string> check_cited_versions(Session& session, const CitedSources& read,
                                              const CheckFilter& filter, CheckAnswer& answer,
                                              std::stop_token stop, const FetchProgress& progress) {
  const Citations citations(read);
  struct Pinned {
    ArxivId id;
    std::size_t file;
    Block block;
  };
  std::vector<Pinned> pinned;
  std::vector<std::string> asked;
  for (const auto& [place, keys] : citations.cited()) {
    const Block block = citations.document(place.first).block(place.second);
    const bibtex::EntryIdentity identity = citations.identity(place.first, block);
    if (!identity.arxiv_id || !identity.arxiv_id->version()) continue;
    pinned.push_back({*identity.arxiv_id, place.first, block});
    asked.push_back(identity.arxiv_id->base());
  }
  std::vector<std::string> unasked;
  if (asked.empty()) return unasked;
  const CiteAnswer newest = cite(session, asked, {}, std::move(stop), progress);
  std::map<std::string, std::uint16_t> versions;
  for (const CitedPaper& paper : newest.papers) {
    versions[paper.id.base()] = paper.record->arxiv_id->version().value_or(0);
  }
  Report report(filter, answer);
  for (const Pinned& one : pinned) {
    const std::uint16_t version = versions[one.id.base()];
    if (version <= *one.id.version()) continue;
    const std::string key(citations.document(one.file).text(one.block.key));
    report.add(citations.paths()[one.file], newer_version, Severity::note, one.block.key,
               "'" + key + "' cites version " + std::to_string(*one.id.version()) + "; version " +
                   std::to_string(version) + " is the newest",
               key);
  }
  report.finish();
  std::set<std::string> reasons;
  for (const FetchResult::Failure& failure : newest.failures) {
    if (reasons.insert(failure.error.message).second) unasked.push_back(failure.error.message);
  }
  return unasked;
}

}  // namespace bibsmith::plugin
