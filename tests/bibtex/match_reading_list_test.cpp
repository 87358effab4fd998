#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "bibtex/match/item_line.hpp"
#include "bibtex/match/reading_list.hpp"
#include "tests/support/catch.hpp"

namespace bibsmith::bibtex {
namespace {

std::string titles_of(const ReadingList& list) {
  std::string out;
  for (const ReadingItem& item : list.items) out += item.title + '\n';
  return out;
}

const std::string long_teaser =
    "We study a question that has not been asked before, and we give it an answer that is longer than most "
    "titles are, so that it is cut before its end by the pa...";

TEST_CASE("titles stand one a line, with bullets, numbers, years and identifiers") {
  const ReadingList list = read_reading_list(
      "# To read\n"
      "Attention Is All You Need\n"
      "\n"
      "- Adam: A Method for Stochastic Optimization (2014)\n"
      "3. \"Deep Residual Learning for Image Recognition\", 2015.\n"
      "• Language Models are Few-Shot Learners arXiv:2005.14165\n"
      "https://arxiv.org/abs/1406.2661\n"
      "Papers\n");
  CHECK(list.form == ReadingList::Form::titles);
  CHECK(titles_of(list) ==
        "Attention Is All You Need\n"
        "Adam: A Method for Stochastic Optimization\n"
        "Deep Residual Learning for Image Recognition\n"
        "Language Models are Few-Shot Learners\n"
        "\n");
  CHECK(list.items[1].year == 2014);
  CHECK(list.items[2].year == 2015);
  CHECK(list.items[3].arxiv_id->str() == "2005.14165");
  CHECK(list.items[4].arxiv_id->str() == "1406.2661");
  CHECK(list.items[3].line == 6);
  REQUIRE(list.headings.size() == 2);
  CHECK(list.headings[1].text == "Papers");
}

TEST_CASE("what search prints is read by its columns") {
  const ReadingItem item =
      read_title_line("1706.03762\t2017\tAshish Vaswani, Noam Shazeer and others\tAttention Is All You Need");
  CHECK(item.title == "Attention Is All You Need");
  CHECK(item.arxiv_id->str() == "1706.03762");
  CHECK(item.year == 2017);
  CHECK(item.authors == std::vector<std::string>{"Vaswani", "Shazeer"});
}

TEST_CASE("an author's page is titles with cut abstracts, below a head") {
  const ReadingList list = read_reading_list(
      "Ada B. Lovelace\n3 papers on arXiv\nStatistics\nPapers on arXiv\n"
      "A Title\n" +
      long_teaser + "\nShow more\nAnother: Title?\n" + long_teaser + "\nA Third One With No Abstract\n");
  CHECK(list.form == ReadingList::Form::author_page);
  CHECK(list.author == "Ada B. Lovelace");
  CHECK(titles_of(list) == "A Title\nAnother: Title?\nA Third One With No Abstract\n");
  CHECK(list.items[0].teaser == long_teaser.substr(0, long_teaser.size() - 3));
  CHECK(list.items[2].teaser.empty());
  CHECK(list.headings.size() == 5);
}

TEST_CASE("the same page as HTML") {
  const ReadingList list = read_reading_list(
      "<!DOCTYPE html><html><head><title>x</title><style>p {}</style></head><body>"
      "<h1>Ada B. Lovelace</h1><p>3 papers on arXiv</p><script>var a = '<p>no</p>';</script>"
      "<ul><li><h3><a href=\"/1\">A <i>Title</i> &amp; More</a></h3><p>" +
      long_teaser + "</p></li><li><h3>Another</h3><p>" + long_teaser +
      "</p></li></ul><!-- <p>no</p> --></body></html>");
  CHECK(list.is_html);
  CHECK(list.author == "Ada B. Lovelace");
  CHECK(titles_of(list) == "A Title & More\nAnother\n");
}

TEST_CASE("a .bib file gives what its entries say") {
  const ReadingList list = read_reading_list(
      "@article{a, title = {On {Gr\\\"obner} Bases}, author = {Buchberger, Bruno and others}, year = 1985}\n"
      "@misc{b, title = {Attention}, eprint = {1706.03762}, archiveprefix = {arXiv}}\n");
  CHECK(list.form == ReadingList::Form::bibtex);
  REQUIRE(list.items.size() == 2);
  CHECK(list.items[0].title == "On Gröbner Bases");
  CHECK(list.items[0].authors == std::vector<std::string>{"Buchberger"});
  CHECK(list.items[0].year == 1985);
  CHECK(list.items[0].key == "a");
  CHECK(list.items[1].arxiv_id->str() == "1706.03762");
  CHECK(list.items[1].line == 2);
}

struct Reference {
  const char* text;
  const char* title;
  std::vector<std::string> authors;
  int year;
};

TEST_CASE("references in the usual styles") {
  const std::vector<std::string> vaswani = {"Vaswani", "Shazeer"};
  for (const Reference& reference : std::vector<Reference>{
           {"A. Vaswani and N. Shazeer. Attention is all you need. In Proc. NeurIPS, 2017.",
            "Attention is all you need", vaswani, 2017},
           {"A. Vaswani and N. Shazeer, “Attention is all you need,” in Advances, vol. 30, 2017, pp. "
            "5998–6008.",
            "Attention is all you need", vaswani, 2017},
           {"Vaswani, A., & Shazeer, N. (2017). Attention is all you need. Advances in Systems, 30.",
            "Attention is all you need", vaswani, 2017},
           {"Ashish Vaswani, Noam Shazeer. 2017. Attention is All you Need. In NeurIPS.",
            "Attention is All you Need", vaswani, 2017},
           {"Vaswani A, Shazeer N. Is attention all you need? J. Things 2017;3:1-9.",
            "Is attention all you need?",
            {"Vaswani", "Shazeer"},
            2017},
           {"J.-P. Serre and Ö. Åström. On a theorem. Ann. Math., 1955.",
            "On a theorem",
            {"Serre", "Åström"},
            1955},
           {"Vaswani et al. Attention is all you need. CoRR, abs/1706.03762, 2017.",
            "Attention is all you need",
            {"Vaswani"},
            2017},
       }) {
    CAPTURE(reference.text);
    const ReadingItem item = read_reference(reference.text);
    CHECK(item.title == reference.title);
    CHECK(item.authors == reference.authors);
    CHECK(item.year == reference.year);
  }
  CHECK(read_reference("D. Kingma. Adam. arXiv preprint arXiv:1412.6980, 2014.").arxiv_id->str() ==
        "1412.6980");
  CHECK(read_reference("A. B. Author. A title. J. Phys., 2001. doi:10.1103/PhysRevD.76.013009").doi->str() ==
        "10.1103/PhysRevD.76.013009");
}

TEST_CASE("references pasted from a PDF go on over lines") {
  const ReadingList list = read_reading_list(
      "References\n"
      "[1] A. Vaswani and N. Shazeer. Atten-\n"
      "tion is all you need. In NeurIPS,\n"
      "2017.\n"
      "[2] D. P. Kingma and J. Ba. Adam: A method for\n"
      "stochastic optimization. In ICLR, 2015.\n");
  CHECK(list.form == ReadingList::Form::references);
  CHECK(titles_of(list) == "Attention is all you need\nAdam: A method for stochastic optimization\n");
  CHECK(list.items[1].line == 5);
  CHECK(list.items[1].authors == std::vector<std::string>{"Kingma", "Ba"});
}

TEST_CASE("any bytes are read, and long lists are cut") {
  CHECK(read_reading_list("").items.empty());
  CHECK(read_reading_list("\n\n \xFF\xFE\n").items.size() <= 1);
  CHECK(read_reading_list("<div").items.empty());
  CHECK(read_reading_list("@article{").items.size() <= 1);
  std::string many;
  for (std::size_t i = 0; i < reading_list_items_max + 5; ++i)
    many += "Title number " + std::to_string(i) + " x\n";
  const ReadingList list = read_reading_list(many);
  CHECK(list.items.size() == reading_list_items_max);
  CHECK(list.items_left_out == 5);
}

TEST_CASE("the recorded author page: 117 titles, each with its teaser, and headings") {
  const std::filesystem::path path = "../../shared/data/author_page.txt";
  if (!std::filesystem::exists(path)) {
    WARN("skipped: there is no " << path);
    return;
  }
  std::ifstream in(path);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const ReadingList list = read_reading_list(text);
  CHECK(list.form == ReadingList::Form::author_page);
  CHECK(list.author == "Jason D. Lee");
  CHECK(list.items.size() == 117);
  CHECK(list.headings.size() == 6);
  CHECK(std::ranges::all_of(
      list.items, [](const ReadingItem& item) { return !item.title.empty() && item.teaser.size() >= 150; }));
}

}  // namespace
}  // namespace bibsmith::bibtex
