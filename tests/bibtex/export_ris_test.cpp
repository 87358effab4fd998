#include <string>

#include "tests/bibtex/export_entries.hpp"
#include "tests/support/catch.hpp"

using namespace bibsmith::bibtex;
using namespace bibsmith::testing;

namespace {

// With the line ends that a test can show.
std::string ris(const std::string& text) {
  std::string out = exported(text, ExportFormat::ris);
  for (std::size_t at = out.find("\r\n"); at != out.npos; at = out.find("\r\n", at)) out.erase(at, 1);
  return out;
}

}  // namespace

TEST_CASE("RIS of an article") {
  CHECK(ris(article_text) ==
        "TY  - JOUR\n"
        "ID  - turing1936\n"
        "AU  - Turing, Alan M.\n"
        "AU  - van der Waerden, Bartel, Jr.\n"
        "AU  - Ernst & Young\n"
        "AU  - others\n"
        "TI  - On Computable Numbers: \xC3\x89tudes of x_1\n"
        "JO  - Proceedings of the London Math. Society\n"
        "PY  - 1937\n"
        "DA  - 1937/01//\n"
        "VL  - 42\n"
        "IS  - 1\n"
        "SP  - 230\n"
        "EP  - 265\n"
        "SN  - 0024-6115\n"
        "DO  - 10.1112/plms/s2-42.1.230\n"
        "ER  - \n");
}

TEST_CASE("RIS of a preprint, a chapter and a page of the web") {
  CHECK(ris(preprint_text) ==
        "TY  - UNPB\n"
        "ID  - vaswani2017\n"
        "AU  - Vaswani, Ashish\n"
        "TI  - Attention Is All You Need\n"
        "PY  - 2017\n"
        "UR  - https://arxiv.org/abs/1706.03762\n"
        "AN  - arXiv:1706.03762\n"
        "ER  - \n");
  const std::string chapter = ris(chapter_text);
  CHECK(chapter.substr(0, chapter.find("ER  - ")) ==
        "TY  - CHAP\n"
        "ID  - c\n"
        "AU  - B, A\n"
        "ED  - F, E\n"
        "TI  - T\n"
        "BT  - The Book\n"
        "T3  - S\n"
        "PY  - 2001\n"
        "IS  - 3\n"
        "SP  - 1\n"
        "EP  - 9\n"
        "ET  - Second\n"
        "PB  - P\n"
        "CY  - L\n"
        "SN  - 0-19-853453-1\n");
  CHECK(ris(online_text) ==
        "TY  - ELEC\n"
        "ID  - o\n"
        "AU  - The Team\n"
        "TI  - Site: More\n"
        "PY  - 2019\n"
        "DA  - 2019/12/01/\n"
        "UR  - http://x.org/a_b\n"
        "Y2  - 2020/02/03/\n"
        "LA  - english\n"
        "KW  - one\n"
        "KW  - two words\n"
        "ER  - \n");
}

TEST_CASE("RIS lines end with CR LF, and no value breaks a line") {
  CHECK(exported("@misc{a, note = {x}}", ExportFormat::ris) ==
        "TY  - GEN\r\nID  - a\r\nN1  - x\r\nER  - \r\n");
  CHECK(exported("", ExportFormat::ris).empty());
  CHECK(exported("@xdata{a, note = {x}}", ExportFormat::ris).empty());
}

TEST_CASE("RIS has the DOI alone, and what howpublished says") {
  CHECK(ris("@misc{a, doi = {https://doi.org/10.1000/a\\_b}, howpublished = {\\url{https://x.org/a_b}}}") ==
        "TY  - GEN\nID  - a\nDO  - 10.1000/a_b\nUR  - https://x.org/a_b\nER  - \n");
  CHECK(ris("@misc{a, howpublished = {Self-published}}") ==
        "TY  - GEN\nID  - a\nPB  - Self-published\nER  - \n");
  CHECK(ris("@article{a, journal = {\\apj}}") ==
        "TY  - JOUR\nID  - a\nJO  - The Astrophysical Journal\nER  - \n");
}
