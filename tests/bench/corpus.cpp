#include "tests/bench/corpus.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>
#include <vector>

#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/document.hpp"

namespace bibsmith::bench {

namespace {

// One entry, cut where the key ends so that a number can be put there.
struct Template {
  std::string before;
  std::string after;
};

constexpr const char* own_entries = R"(@article{knuth1984literate,
  author  = {Donald E. Knuth},
  title   = {Literate Programming},
  journal = {The Computer Journal},
  volume  = {27},
  number  = {2},
  pages   = {97--111},
  year    = {1984},
}

@misc{vaswani2017attention,
  author        = {Ashish Vaswani and Noam Shazeer and Niki Parmar and others},
  title         = {Attention Is All You Need},
  year          = {2017},
  eprint        = {1706.03762},
  archiveprefix = {arXiv},
  primaryclass  = {cs.CL},
}
)";

// btparse holds some hundred nodes of an entry and ends the process at one more; bibtool leaves out types
// that it does not know.
bool is_plain(std::string_view text) {
  constexpr std::array types = {"article",      "book",          "booklet",    "conference",    "inbook",
                                "incollection", "inproceedings", "manual",     "mastersthesis", "misc",
                                "phdthesis",    "proceedings",   "techreport", "unpublished"};
  constexpr std::uint32_t fields_max = 30;
  const bibtex::Document document = bibtex::Document::parse(std::string(text));
  if (!document.findings().empty() || document.entry_count() != 1) return false;
  const bibtex::Block entry = document.entries()[0];
  const auto is_type = [&](const char* type) {
    return bibtex::equal_ignoring_case(document.text(entry.type), type);
  };
  const auto is_macro = [](const bibtex::StoredField& field) {
    return field.value.kind == bibtex::PieceKind::macro;
  };
  const auto& fields = document.nodes().fields;
  return std::any_of(types.begin(), types.end(), is_type) && fields.size() <= fields_max &&
         document.nodes().pieces.empty() && std::none_of(fields.begin(), fields.end(), is_macro);
}

void add_entries(const std::string& text, Entries wanted, std::vector<Template>& templates) {
  const bibtex::Document document = bibtex::Document::parse(text);
  for (const bibtex::Block& entry : document.entries()) {
    if (!entry.is_closed || entry.key.empty()) continue;
    const std::string_view whole = document.text();
    if (wanted == Entries::plain && !is_plain(document.text(entry.span))) continue;
    templates.push_back(
        Template{std::string(whole.substr(entry.span.begin, entry.key.end - entry.span.begin)),
                 std::string(whole.substr(entry.key.end, entry.span.end - entry.key.end))});
  }
}

std::vector<std::filesystem::path> bib_files(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder, error)) {
    if (file.is_regular_file() && file.path().extension() == ".bib") files.push_back(file.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

Corpus make_corpus(std::size_t bytes, Entries wanted) {
  std::vector<Template> templates;
  Corpus corpus;
  for (const char* folder : {"../../shared/data/bib", "../build/texlive-bib"}) {
    const std::vector<std::filesystem::path> files = bib_files(folder);
    for (const auto& file : files) {
      std::ifstream in(file, std::ios::binary);
      add_entries({std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()}, wanted, templates);
    }
    corpus.origin += std::to_string(files.size()) + " files of " + folder + ", ";
  }
  corpus.origin += std::to_string(templates.size()) + " real entries";
  if (templates.empty()) {
    add_entries(own_entries, wanted, templates);
    corpus.origin = "entries of our own only: the real files are absent";
  }

  // A text that holds less than all of them takes some of each file.
  std::size_t all_bytes = 0;
  for (const Template& entry : templates) all_bytes += entry.before.size() + entry.after.size();
  const std::size_t step = bytes < all_bytes ? all_bytes / bytes : 1;

  std::string& text = corpus.text;
  text.reserve(bytes + (1 << 20));
  for (std::size_t i = 0; text.size() < bytes; ++i) {
    const Template& entry = templates[i * step % templates.size()];
    text += entry.before;
    text += '-' + std::to_string(i);
    text += entry.after;
    text += "\n\n";
  }
  return corpus;
}

}  // namespace bibsmith::bench
