// What arXiv's engines gave between 2012 and 2026, taken apart and rendered again: the same bytes.

#include <fstream>
#include <iterator>

#include <pugixml.hpp>

#include "tests/arxiv_emulator/atom_endpoint.hpp"
#include "tests/arxiv_emulator/atom_entry.hpp"
#include "tests/arxiv_emulator/moment.hpp"
#include "tests/support/catch.hpp"

using namespace bibsmith::emulator;

namespace {

std::string read_file(const std::string& name) {
  std::ifstream file("../../shared/data/atom/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// What arXiv must have stored to give this entry, as far as the entry tells.
StoredPaper stored_from(const pugi::xml_node& entry) {
  StoredPaper paper;
  std::string id = entry.child_value("id");
  id.erase(0, std::string_view("http://arxiv.org/abs/").size());
  const std::size_t v = id.rfind('v');
  paper.id = id.substr(0, v);
  paper.title = entry.child_value("title");
  paper.abstract = entry.child_value("summary");
  paper.comments = entry.child_value("arxiv:comment");
  paper.journal_ref = entry.child_value("arxiv:journal_ref");
  for (const auto& category : entry.children("category")) {
    paper.categories.emplace_back(category.attribute("term").value());
  }
  for (const auto& doi : entry.children("arxiv:doi")) {
    paper.doi += (paper.doi.empty() ? "" : " ") + std::string(doi.child_value());
  }
  for (const auto& author : entry.children("author")) {
    paper.authors += (paper.authors.empty() ? "" : ", ") + std::string(author.child_value("name"));
    for (const auto& affiliation : author.children("arxiv:affiliation")) {
      paper.authors += " (" + std::string(affiliation.child_value()) + ")";
    }
  }
  paper.versions = {{.number = 1, .created = parse_moment(entry.child_value("published")).value()}};
  paper.modified = parse_moment(entry.child_value("updated")).value();
  const int number = std::stoi(id.substr(v + 1));
  if (number > 1) {
    paper.versions.push_back({.number = number, .created = paper.modified});
  }
  return paper;
}

}  // namespace

TEST_CASE("recorded entries come out byte for byte, of all three engines") {
  struct Recording {
    const char* name;
    Engine engine;
    std::size_t entries;
  };
  for (const Recording& recording :
       {Recording{"arxivpy_id_1605.08386_s0_m100_199195aa31ad.xml", Engine::current, 1},
        Recording{"arxivpy_id_1707.08567_s0_m100_6a1afebfc6a3.xml", Engine::current, 1},
        Recording{"arxivpy_id_2104.12255v1_s0_m100_6ae69987ffe1.xml", Engine::current, 1},
        Recording{"arxivpy_id_astro-ph_0601001_s0_m100_3150dca9dc76.xml", Engine::current, 1},
        Recording{"arxivpy_id_quant-ph_0201082v1_s0_m100_86989fe779ef.xml", Engine::current, 1},
        Recording{"arxivpy_q_testing_s0_m100_cfe7536492ca.xml", Engine::current, 100},
        Recording{"rsxiv_query.xml", Engine::november_2025, 10},
        Recording{"rsxiv_query_doc.xml", Engine::november_2025, 1},
        Recording{"rsxiv_query_doc_long.xml", Engine::november_2025, 10},
        Recording{"arxiv2bib_test_data_2012.xml", Engine::old, 2},
        Recording{"xiv_arxiv_response.xml", Engine::old, 2}}) {
    const std::string text = read_file(recording.name);
    if (text.empty()) {
      WARN("no ../shared/data/atom/" << recording.name << ": nothing compared");
      continue;
    }
    CAPTURE(recording.name);
    pugi::xml_document document;
    REQUIRE(document.load_buffer(text.data(), text.size(), pugi::parse_default | pugi::parse_ws_pcdata));
    std::size_t entries = 0;
    std::size_t at = 0;
    for (const auto& entry : document.child("feed").children("entry")) {
      at = text.find("  <entry>\n", at);
      const std::size_t end = text.find("  </entry>\n", at) + 11;
      const StoredPaper paper = stored_from(entry);
      CHECK(atom_entry(paper, paper.versions.back(), recording.engine) == text.substr(at, end - at));
      at = end;
      ++entries;
    }
    CHECK(entries == recording.entries);
  }
}

TEST_CASE("recorded feeds come out byte for byte: an error, no entry, one entry") {
  struct Recording {
    const char* name;
    const char* query;
  };
  for (const Recording& recording :
       {Recording{"arxivpy_id_abc_s0_m100_b79c8dcf6bc3.xml", "id_list=abc"},
        Recording{"arxivpy_id_0000.0000_s0_m100_8b51d9633a68.xml", "id_list=0000.0000"},
        Recording{"rsxiv_query_empty.xml", "id_list=1201.56789&max_results=10"},
        Recording{"arxivpy_id_0808.05394_1707.08567_s0_m100_42e5aa0ec3af.xml",
                  "id_list=0808.05394,1707.08567"},
        Recording{"arxivpy_id_astro-ph_0601001_s0_m100_3150dca9dc76.xml", "id_list=astro-ph/0601001"}}) {
    const std::string text = read_file(recording.name);
    if (text.empty()) {
      WARN("no ../shared/data/atom/" << recording.name << ": nothing compared");
      continue;
    }
    CAPTURE(recording.name);
    pugi::xml_document document;
    REQUIRE(document.load_buffer(text.data(), text.size(), pugi::parse_default | pugi::parse_ws_pcdata));
    std::vector<StoredPaper> papers;
    for (const auto& entry : document.child("feed").children("entry")) {
      if (entry.child("published")) papers.push_back(stored_from(entry));
    }
    const auto when = parse_moment(document.child("feed").child_value("updated"));
    const Form form = Form::parse(recording.query + std::string("&max_results=100"));
    CHECK(answer_atom(Archive(std::move(papers)), form, when.value()).body == text);
  }
}
