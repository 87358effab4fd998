// `update` while sources refuse, stall or lie, each fault of one beside each fault of another.

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <vector>

#include "fetchers/http/curl_transport.hpp"
#include "plugin/session/session.hpp"
#include "plugin/session/update.hpp"
#include "tests/arxiv_emulator/emulator.hpp"
#include "tests/source_emulator/source_emulator.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using namespace bibsmith;
using bibsmith::bibtex::UpdateStatus;
using bibsmith::testing::read_file;
using bibsmith::testing::TempDir;
using bibsmith::testing::write_file;

namespace {

enum Source : std::size_t { atom, oai, datacite, crossref };
constexpr std::array<const char*, 4> source_names = {"atom", "oai", "datacite", "crossref"};

enum class Fault { none, refuses, stalls, other_paper, no_authors };
constexpr std::array faults = {Fault::refuses, Fault::stalls, Fault::other_paper, Fault::no_authors};
constexpr std::array<const char*, 5> fault_names = {"answers", "refuses", "stalls", "other paper",
                                                    "no authors"};

using Faults = std::array<Fault, 4>;  // by Source

// The way to the emulators, with what goes wrong on it. A stall ends as the transport ends it, without the
// wait.
class FaultyTransport final : public fetchers::Transport {
 public:
  FaultyTransport(std::array<std::string, 4> urls, const Faults& wrong)
      : urls_(std::move(urls)), wrong_(wrong), below_(fetchers::CurlOptions{}) {}

  tl::expected<fetchers::HttpResponse, FetchError> send(const fetchers::HttpRequest& request,
                                                        std::stop_token stop) override {
    for (const Source source : {atom, oai, datacite, crossref}) {
      if (!request.url.starts_with(urls_[source])) continue;
      if (wrong_[source] == Fault::refuses) {
        fetchers::HttpResponse refusal;
        refusal.status = 429;
        refusal.body = "Rate exceeded.";
        return refusal;
      }
      if (wrong_[source] == Fault::stalls) {
        return tl::unexpected(FetchError{.code = FetchError::Code::timed_out, .message = "silent"});
      }
      auto answer = below_.send(request, stop);
      if (answer && wrong_[source] == Fault::no_authors && (source == atom || source == oai)) {
        remove(answer->body, source == atom ? "<author>" : "<authors>",
               source == atom ? "</author>" : "</authors>");
      }
      return answer;
    }
    return tl::unexpected(FetchError{.code = FetchError::Code::unreachable, .message = request.url});
  }

 private:
  static void remove(std::string& text, std::string_view begin, std::string_view end) {
    for (auto at = text.find(begin); at != text.npos; at = text.find(begin)) {
      text.erase(at, text.find(end, at) + end.size() - at);
    }
  }

  std::array<std::string, 4> urls_;
  Faults wrong_;
  fetchers::CurlTransport below_;
};

const std::string before =
    "% mine\n@misc{a, title = {On Keys}, author = {Ann Roe}, note = {arXiv:2401.00001}, year = 2024}\n"
    "@misc{gone, eprint = {2401.99999}}\n"
    "@misc{wrong, title = {On Locks}, author = {Bea Doe}, year = 2024, eprint = {2401.00002}, archiveprefix "
    "= {arXiv}, "
    "primaryclass = {cs.CL}, doi = {10.5555/keys}}\n";

// What a run may make of `before`: nothing, what identifies the papers, or the published entry beside it.
std::string with_identifiers(const std::string& doi) {
  std::string text = before;
  const std::string end = ", year = 2024}";
  text.replace(
      text.find(end), end.size(),
      ", year = 2024, eprint = {2401.00001}, archiveprefix = {arXiv}, primaryclass = {cs.CL}" + doi + "}");
  return text;
}

struct World {
  TempDir dir;
  emulator::Emulator arxiv;
  emulator::SourceEmulator sources;

  explicit World(const std::string& records, const std::string& works)
      : arxiv({.records = {records}, .interval = std::chrono::milliseconds(1)}),
        sources({.records = {works}, .interval = std::chrono::milliseconds(1)}) {
    REQUIRE(arxiv.problem() == "");
    REQUIRE(sources.problem() == "");
  }
};

struct Outcome {
  std::string text;
  std::string statuses;  // of a, gone and wrong
};

// One run in a world without a cache.
Outcome update(World& world, const Faults& wrong) {
  std::vector<std::string> of_arxiv;
  std::vector<std::string> of_others;
  for (const Source source : {atom, oai}) {
    if (wrong[source] == Fault::other_paper) {
      of_arxiv.push_back("other-paper:on=" + std::string(source_names[source]));
    }
  }
  for (const Source source : {datacite, crossref}) {
    const std::string on = ":on=" + std::string(source_names[source]);
    if (wrong[source] == Fault::other_paper) of_others.push_back("other-paper" + on);
    if (wrong[source] == Fault::no_authors) of_others.push_back("no-authors" + on);
  }
  REQUIRE(world.arxiv.set_faults(of_arxiv));
  REQUIRE(world.sources.set_faults(of_others));

  TempDir own;
  plugin::Settings settings;
  settings.arxiv_url = world.arxiv.atom_url();
  settings.oai_url = world.arxiv.oai_url();
  settings.datacite_url = world.sources.datacite_url();
  settings.crossref_url = world.sources.crossref_url();
  settings.dblp_url = world.sources.dblp_url();
  settings.arxiv_interval = std::chrono::milliseconds(1);
  settings.arxiv_patience = std::chrono::seconds(0);
  settings.cache_dir = own / "cache";
  settings.state_dir = own / "state";
  REQUIRE(plugin::finish_settings(settings, [](const char*) { return std::nullopt; }, {}));
  plugin::Session session(
      settings, {},
      std::make_unique<FaultyTransport>(
          std::array{settings.arxiv_url, settings.oai_url, settings.datacite_url, settings.crossref_url},
          wrong));
  const std::string bib = own / "refs.bib";
  write_file(bib, before);
  plugin::Updater updater(session, {}, {}, {});
  const auto file = updater.update(bib);
  REQUIRE(file);
  Outcome outcome{read_file(bib), {}};
  for (const bibtex::EntryUpdate& entry : file->plan.entries) {
    outcome.statuses += (outcome.statuses.empty() ? "" : " ") + std::string(name_of(entry.status));
    if (entry.status == UpdateStatus::could_not_ask) {
      // Who could not be asked, and why, each by name.
      CHECK(entry.message.find("arxiv-atom: ") != std::string::npos);
      CHECK(entry.message.find("arxiv-oai: ") != std::string::npos);
    }
  }
  CHECK(file->changed == (outcome.text != before));
  return outcome;
}

// A source that lies about a paper that is there tells the truth about one that is not: Atom and OAI-PMH know
// every paper. But an answer of Atom's with papers that nobody asked for proves nothing.
bool tells_what_is_missing(const Faults& wrong) {
  const auto answers = [](Fault fault) { return fault == Fault::none || fault == Fault::no_authors; };
  return answers(wrong[atom]) || answers(wrong[oai]) || wrong[oai] == Fault::other_paper;
}

std::string described(const Faults& wrong) {
  std::string out;
  for (const Source source : {atom, oai, datacite, crossref}) {
    out +=
        std::string(source_names[source]) + ' ' + fault_names[static_cast<std::size_t>(wrong[source])] + "; ";
  }
  return out;
}

// A line of JSON, written with single quotes.
std::string json_line(std::string text) {
  std::replace(text.begin(), text.end(), '\'', '"');
  return text + '\n';
}

std::string paper(const std::string& id, const std::string& title, const std::string& author,
                  const std::string& doi) {
  return json_line("{'id': '" + id + "', 'title': '" + title + "', 'authors': '" + author +
                   "', 'doi': " + doi +
                   ", 'categories': ['cs.CL'], 'journal_ref': null, 'abstract': 'Text.', 'versions': "
                   "[{'version': 'v1', 'created': 'Mon, 15 Jan 2024 18:00:00 GMT'}]}");
}

std::string article(const std::string& doi, const std::string& title, const std::string& given,
                    const std::string& family) {
  return json_line(
      "{'source': 'crossref', 'work': {'DOI': '" + doi + "', 'type': 'journal-article', 'title': ['" + title +
      "'], 'container-title': ['Journal of Keys'], 'volume': '7', 'page': '1-9', 'published-print': "
      "{'date-parts': [[2025]]}, 'author': [{'given': '" +
      given + "', 'family': '" + family + "'}]}}");
}

std::string preprint(const std::string& id, const std::string& title, const std::string& given,
                     const std::string& family) {
  return json_line(
      "{'source': 'datacite', 'work': {'doi': '10.48550/arxiv." + id +
      "', 'state': 'findable', 'version': '1', 'titles': [{'title': '" + title +
      "'}], 'creators': [{'name': '" + family + ", " + given + "', 'nameType': 'Personal', 'givenName': '" +
      given + "', 'familyName': '" + family +
      "'}], 'publisher': 'arXiv', 'publicationYear': 2024, 'subjects': [{'subject': 'Computation and "
      "Language (cs.CL)', 'subjectScheme': 'arXiv'}], 'types': {'resourceTypeGeneral': 'Preprint'}, "
      "'dates': [{'date': '2024-01-15', 'dateType': 'Submitted', 'dateInformation': 'v1'}]}}");
}

// One paper with a DOI whose record says nothing of where it was published; another whose DOI is not its own;
// and those that liars answer with.
void write_records(const std::string& path) {
  write_file(path, paper("2401.00001", "On Keys", "Ann Roe", "'10.5555/keys'") +
                       paper("2401.00002", "On Locks", "Bea Doe", "'10.5555/keys'") +
                       paper("2401.00003", "On Bolts", "Cy Poe", "null"));
}

void write_works(const std::string& path) {
  write_file(path, article("10.5555/keys", "On Keys", "Ann", "Roe") +
                       article("10.5555/bolts", "On Bolts", "Cy", "Poe") +
                       preprint("2401.00001", "On Keys", "Ann", "Roe") +
                       preprint("2401.00002", "On Locks", "Bea", "Doe") +
                       preprint("2401.00003", "On Bolts", "Cy", "Poe"));
}

}  // namespace

TEST_CASE(
    "update is whole or not at all, and never takes silence for an answer, whichever two sources fail") {
  TempDir data;
  write_records(data / "papers.jsonl");
  write_works(data / "works.jsonl");
  World world(data / "papers.jsonl", data / "works.jsonl");

  const Outcome sound = update(world, {});
  CHECK(sound.statuses == "published not_found unchanged");
  CHECK(sound.text.find("journal = {Journal of Keys}") != std::string::npos);
  CHECK(sound.text.find("doi = {10.5555/keys}, eprint = {2401.00001}") != std::string::npos);

  std::size_t combinations = 0;
  for (const Source a : {atom, oai, datacite, crossref}) {
    for (const Source b : {atom, oai, datacite, crossref}) {
      for (const Fault fault_of_a : faults) {
        for (const Fault fault_of_b : faults) {
          if (b < a || (a == b && fault_of_a != fault_of_b)) continue;
          Faults wrong{};
          wrong[a] = fault_of_a;
          wrong[b] = fault_of_b;
          INFO(described(wrong));
          const Outcome outcome = update(world, wrong);
          ++combinations;
          const bool published = outcome.text == sound.text;
          const bool identified = outcome.text == with_identifiers("") ||
                                  outcome.text == with_identifiers(", doi = {10.5555/keys}");
          CHECK((published || identified));
          const std::string gone = tells_what_is_missing(wrong) ? "not_found" : "could_not_ask";
          CHECK(outcome.statuses == std::string(published ? "published " : "updated ") + gone + " unchanged");
          // Crossref alone can tell where it was published, and only of a paper whose record names the DOI.
          if (wrong[crossref] != Fault::none) CHECK_FALSE(published);
        }
      }
    }
  }
  CHECK(combinations == 6 * 16 + 4 * 4);
}

TEST_CASE("with every source of papers out the file stays as it was, and nothing is called missing") {
  TempDir data;
  write_records(data / "papers.jsonl");
  write_works(data / "works.jsonl");
  World world(data / "papers.jsonl", data / "works.jsonl");
  for (const Fault fault : {Fault::refuses, Fault::stalls}) {
    const Faults wrong{fault, fault, fault, Fault::none};
    INFO(described(wrong));
    const Outcome outcome = update(world, wrong);
    CHECK(outcome.text == before);
    CHECK(outcome.statuses == "could_not_ask could_not_ask could_not_ask");
  }
}
