// index_figures [WORKS [STORE]]: what the index promises, on that many synthetic titles (500,000) and, where
// they lie beside the repository, on real ones: the time of look-ups, recall at 1 for titles that were
// changed, the rate of `cache import`. With a STORE, the URL of a PostgreSQL database (postgres_titles.py
// starts a server) or a file, of the index there, which is filled unless it has that many works already.
// Everything is seeded: two runs see the same titles.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <sys/resource.h>
#include <vector>

#include "bibtex/match/title_key.hpp"
#include "fetchers/cache/postgres_connection.hpp"
#include "fetchers/index/postgres_index.hpp"
#include "fetchers/index/sqlite_index.hpp"
#include "plugin/session/import_records.hpp"
#include "plugin/session/session.hpp"
#include "tests/support/temp_dir.hpp"

namespace {

using namespace bibsmith;
using fetchers::RecordIndex;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

double median(std::vector<double>& values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2),
                   values.end());
  return values[values.size() / 2];
}

// Words by Zipf's law: some hundred that titles are full of, then ever rarer ones made of syllables.
class TitleMaker {
 public:
  explicit TitleMaker(unsigned seed) : random_(seed) {
    for (const char* word :
         {"of",        "the",        "and",      "for",     "in",       "a",       "with",     "on",
          "learning",  "via",        "from",     "to",      "networks", "neural",  "deep",     "by",
          "model",     "using",      "analysis", "data",    "models",   "quantum", "theory",   "optimal",
          "graph",     "systems",    "method",   "large",   "language", "study",   "time",     "an",
          "non",       "linear",     "field",    "bounds",  "high",     "energy",  "at",       "stochastic",
          "equations", "estimation", "dynamics", "robust",  "control",  "problem", "adaptive", "multi",
          "efficient", "fast",       "local",    "general", "two",      "spaces",  "groups",   "finite",
          "random"})
      words_.emplace_back(word);
    const char* const syllables[] = {"ba", "con", "di", "er", "fo", "gra",  "ho",  "in",  "ja",  "ka",
                                     "lo", "mi",  "ne", "or", "pa", "qua",  "re",  "sta", "tri", "u",
                                     "ve", "wa",  "xi", "zo", "al", "tion", "sis", "met"};
    constexpr std::size_t vocabulary = 80'000;
    while (words_.size() < vocabulary) {
      std::string word;
      for (std::size_t n = 2 + random_() % 3; n > 0; --n) word += syllables[random_() % std::size(syllables)];
      words_.push_back(std::move(word));
    }
  }

  std::string title() {
    std::string out;
    for (std::size_t n = 4 + random_() % 9; n > 0; --n) {
      // The inverse of Zipf's distribution, by its logarithm.
      const double share = static_cast<double>(random_() % 1'000'000) / 1'000'000;
      const auto rank = static_cast<std::size_t>(std::pow(static_cast<double>(words_.size()), share)) - 1;
      if (!out.empty()) out += random_() % 12 == 0 ? '-' : ' ';
      out += words_[std::min(rank, words_.size() - 1)];
    }
    out.front() = static_cast<char>(std::toupper(out.front()));
    return out;
  }

 private:
  std::mt19937 random_;
  std::vector<std::string> words_;
};

// What people and PDFs make of titles.
class Changer {
 public:
  explicit Changer(unsigned seed) : random_(seed) {}

  std::string two_typos(std::string title) {
    for (int n = 0; n < 2; ++n) {
      std::size_t at = random_() % title.size();
      for (std::size_t tries = 0; title[at] == ' ' && tries < 20; ++tries) at = random_() % title.size();
      const char letter = static_cast<char>('a' + random_() % 26);
      switch (random_() % 4) {
        case 0:
          title.erase(at, 1);
          break;
        case 1:
          title.insert(at, 1, letter);
          break;
        case 2:
          title[at] = letter;
          break;
        default:
          if (at + 1 < title.size() && title[at + 1] != ' ') std::swap(title[at], title[at + 1]);
      }
    }
    return title;
  }
  std::string lost_word(const std::string& title) {
    std::vector<std::size_t> spaces;
    for (std::size_t i = 0; i < title.size(); ++i) {
      if (title[i] == ' ') spaces.push_back(i);
    }
    if (spaces.size() < 2) return title;
    const std::size_t which = random_() % (spaces.size() - 1);
    return title.substr(0, spaces[which]) + title.substr(spaces[which + 1]);
  }
  // A hyphen more, or less.
  std::string other_hyphen(std::string title) {
    for (int tries = 0; tries < 40; ++tries) {
      const std::size_t at = random_() % title.size();
      if (title[at] == '-') {
        if (random_() % 2 == 0) return title.erase(at, 1);
        title[at] = ' ';
        return title;
      }
      if (title[at] == ' ') {
        if (random_() % 2 == 0) return title.erase(at, 1);
        title[at] = '-';
        return title;
      }
    }
    return title;
  }

 private:
  std::mt19937 random_;
};

Record record_of(std::size_t number, std::string title) {
  Record record;
  char id[16];
  std::snprintf(id, sizeof id, "%02zu%02zu.%05zu", 15 + number / 900'000 % 10, 1 + number / 90'000 % 10,
                1 + number % 90'000);
  record.arxiv_id = *ArxivId::parse(id);
  record.title = std::move(title);
  record.authors = {{.name = "Ann Author"}};
  record.origins = {{"arxiv-atom", "", std::chrono::sys_seconds(std::chrono::seconds(1))}};
  return record;
}

// Those beside the repository: lines of the author page, titles of the records.
std::vector<std::string> real_titles() {
  std::vector<std::string> titles;
  const std::filesystem::path shared = std::filesystem::path("..") / "shared" / "data";
  std::ifstream page(shared / "author_page.txt");
  std::string line;
  for (std::size_t number = 0; std::getline(page, line); ++number) {
    if (number >= 6 && number % 2 == 0) titles.push_back(line);
  }
  for (const char* name : {"papers_abs_dev.jsonl", "papers_oaidb_dev.jsonl"}) {
    std::ifstream records(shared / name);
    while (std::getline(records, line)) {
      const std::size_t begin = line.find("\"title\": \"");
      if (begin == line.npos) continue;
      const std::size_t end = line.find("\", \"", begin);
      std::string title = line.substr(begin + 10, end - begin - 10);
      if (title.find('\\') == title.npos) titles.push_back(std::move(title));
    }
  }
  return titles;
}

struct Asked {
  std::string title;
  const std::string* meant;
};

void recall(RecordIndex& index, const char* what, const std::vector<Asked>& asked) {
  std::vector<double> times;
  std::size_t found = 0;
  for (const Asked& one : asked) {
    const auto begin = Clock::now();
    auto works = index.titled(one.title);
    if (works && works->empty()) works = index.like(one.title, 1);
    times.push_back(seconds_since(begin));
    const bool is_right = works && !works->empty() &&
                          bibtex::title_key(works->front().record.title) == bibtex::title_key(*one.meant);
    if (is_right) ++found;
    if (!is_right && std::getenv("INDEX_FIGURES_VERBOSE") != nullptr) {
      std::printf("  missed '%s'\n    meant '%s'\n    got   '%s'\n", one.title.c_str(), one.meant->c_str(),
                  works && !works->empty() ? works->front().record.title.c_str() : "");
    }
  }
  if (asked.empty()) return;
  std::sort(times.begin(), times.end());
  std::printf("%-34s recall at 1 %.4f   median %7.1f us   99th percentile %8.1f us   (%zu titles)\n", what,
              static_cast<double>(found) / static_cast<double>(asked.size()), 1e6 * times[times.size() / 2],
              1e6 * times[times.size() * 99 / 100], asked.size());
}

void changed(RecordIndex& index, const std::string& kind, const std::vector<const std::string*>& titles) {
  using Change = std::string (*)(Changer&, const std::string&);
  const std::pair<const char*, Change> changes[] = {
      {"two typos", [](Changer& c, const std::string& t) { return c.two_typos(t); }},
      {"a lost word", [](Changer& c, const std::string& t) { return c.lost_word(t); }},
      {"another hyphen", [](Changer& c, const std::string& t) { return c.other_hyphen(t); }},
  };
  for (const auto& [name, change] : changes) {
    Changer changer(17);
    std::vector<Asked> asked;
    for (const std::string* title : titles) asked.push_back({change(changer, *title), title});
    recall(index, (kind + ", " + name).c_str(), asked);
  }
}

// How many titles are asked for: a server takes its time.
struct Samples {
  int exact = 20'000;
  int changed = 2'000;
};

bool fill(RecordIndex& index, const std::vector<std::string>& titles) {
  const auto begin = Clock::now();
  constexpr std::size_t at_once = 5'000;
  index.begin_bulk(1);
  for (std::size_t i = 0; i < titles.size(); i += at_once) {
    std::vector<Record> records;
    for (std::size_t j = i; j < std::min(i + at_once, titles.size()); ++j)
      records.push_back(record_of(j, titles[j]));
    if (const auto done = index.collect(records); !done)
      return std::printf("%s\n", done.error().message.c_str()), false;
    if (i % (8 * at_once) == 0 && !index.commit()) return false;
  }
  if (!index.commit()) return false;
  index.end_bulk();
  std::printf("%zu works, titles and names alone: %.0f records/s, %.1f MiB\n", titles.size(),
              static_cast<double>(titles.size()) / seconds_since(begin),
              static_cast<double>(index.stats()->bytes) / (1 << 20));
  return true;
}

void figures_of_lookups(RecordIndex& index, std::size_t works, const Samples& samples,
                        const std::function<void()>& filled) {
  TitleMaker maker(7);
  std::vector<std::string> titles;
  for (std::size_t i = 0; i < works; ++i) titles.push_back(maker.title());
  const std::size_t synthetic = titles.size();
  for (std::string& title : real_titles()) titles.push_back(std::move(title));

  const auto before = index.stats();
  if (!before) return void(std::printf("%s\n", before.error().message.c_str()));
  if (before->works != titles.size()) {
    if (!fill(index, titles)) return;
    filled();
  }
  const auto held = index.reading();
  std::mt19937 random(3);
  std::vector<double> exact;
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < samples.exact; ++i) {
      // A copy: who asks has just read the title, and does not wait for the memory that it lies in.
      const std::string title = titles[random() % titles.size()];
      const auto start = Clock::now();
      const auto found = index.titled(title);
      exact.push_back(seconds_since(start));
      if (!found || found->empty())
        return void(std::printf("an exact title was not found: %s\n", title.c_str()));
    }
  }
  std::printf("exact title, its record unpacked: median %.2f us\n", 1e6 * median(exact));
  std::vector<const std::string*> sample;
  for (int i = 0; i < samples.changed; ++i) sample.push_back(&titles[random() % synthetic]);
  changed(index, "synthetic", sample);
  sample.clear();
  for (std::size_t i = synthetic; i < titles.size(); ++i) sample.push_back(&titles[i]);
  changed(index, "real", sample);
}

long peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

void figures_of_import(const std::string& folder, std::size_t lines) {
  const std::string file = folder + "/snapshot.json";
  {
    std::ofstream out(file);
    TitleMaker maker(11);
    for (std::size_t i = 0; i < lines; ++i) {
      const Record record = record_of(i, maker.title());
      std::string abstract;
      while (abstract.size() < 1000) abstract += maker.title() + ". ";
      out << R"({"id":")" << record.arxiv_id->base()
          << R"(","submitter":"Ann Author","authors":"Ann Author, Bob B. Builder and Cy Cook","title":")"
          << record.title << R"(","comments":"12 pages, 3 figures","journal-ref":null,"doi":"10.1000/x)" << i
          << R"(","report-no":null,"categories":"cs.LG stat.ML","license":"http://arxiv.org/licenses/nonexclusive-distrib/1.0/","abstract":")"
          << abstract
          << R"(","versions":[{"version":"v1","created":"Mon, 2 Apr 2007 19:18:42 GMT"}],"update_date":"2018-04-04","authors_parsed":[["Author","Ann",""],["Builder","Bob B.",""],["Cook","Cy",""]]})"
          << '\n';
    }
  }
  plugin::Settings settings;
  settings.cache_dir = folder + "/import";
  settings.state_dir = folder + "/state";
  settings.offline = true;
  plugin::Session session(settings, {});
  const auto begin = Clock::now();
  rusage before{};
  getrusage(RUSAGE_SELF, &before);
  const auto answer = plugin::import_records(session, {file, nullptr});
  const double seconds = seconds_since(begin);
  rusage after{};
  getrusage(RUSAGE_SELF, &after);
  const auto processor = [](const rusage& usage) {
    return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           1e-6 * static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
  };
  if (!answer) return void(std::printf("%s\n", answer.error().c_str()));
  std::printf(
      "cache import: %.0f records/s (processor time of both threads %.1f us a record), peak memory %ld MiB, "
      "index %.1f MiB\n",
      static_cast<double>(answer->records) / seconds,
      1e6 * (processor(after) - processor(before)) / static_cast<double>(answer->records), peak_mib(),
      static_cast<double>((*session.open_index())->stats()->bytes) / (1 << 20));
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t works = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 500'000;
  const std::string url = argc > 2 ? argv[2] : "";
  if (url.starts_with("postgres")) {
    auto index = fetchers::PostgresIndex::open({{.url = url}, bibtex::title_key});
    if (!index) return std::printf("%s\n", index.error().message.c_str()), 1;
    // As autovacuum does it in a server that lives longer.
    figures_of_lookups(**index, works, {2'000, 300}, [&] {
      auto connection = fetchers::PostgresConnection::open({.url = url});
      if (connection) (void)connection->run("VACUUM ANALYZE bibsmith.works");
    });
    return 0;
  }
  const testing::TempDir dir;
  if (url.empty()) figures_of_import(dir / "", std::min<std::size_t>(works, 100'000));
  auto index = fetchers::SqliteIndex::open({url.empty() ? dir / "index.sqlite" : url, bibtex::title_key, {}});
  if (!index) return std::printf("%s\n", index.error().message.c_str()), 1;
  figures_of_lookups(**index, works, {}, [] {});
  return 0;
}
