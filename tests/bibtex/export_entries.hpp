#pragma once

#include <string>
#include <vector>

#include "bibtex/export/export.hpp"
#include "bibtex/model/dialect.hpp"
#include "bibtex/model/inheritance.hpp"

namespace bibsmith::testing {

// The entries of a text as export_file() reads them.
inline std::vector<bibtex::Entry> resolved_entries(const std::string& text) {
  const bibtex::Document document = bibtex::Document::parse(text);
  const bibtex::Macros macros(document);
  std::vector<bibtex::Entry> entries;
  for (const bibtex::Block& block : document.entries()) {
    entries.push_back(bibtex::resolve_entry(document, macros, block, bibtex::measure_dialect(document)));
  }
  return entries;
}

inline std::string exported(const std::string& text, bibtex::ExportFormat format) {
  return bibtex::export_entries(resolved_entries(text), format);
}

// One entry of each kind that the export tests look at.
inline const std::string article_text =
    "@article{turing1936,\n"
    "  author = {Turing, Alan M. and van der Waerden, Jr., Bartel and {Ernst \\& Young} and others},\n"
    "  title = {On Computable {N}umbers: {\\'E}tudes of $x_1$},\n"
    "  journal = {Proceedings of the {London} Math.~Society},\n"
    "  volume = {42}, number = 1, pages = {230--265}, year = 1937, month = jan,\n"
    "  doi = {10.1112/plms/s2-42.1.230}, issn = {0024-6115}\n"
    "}\n";
inline const std::string preprint_text =
    "@misc{vaswani2017,\n"
    "  author = {Vaswani, Ashish}, title = {Attention Is All You Need}, year = 2017,\n"
    "  eprint = {1706.03762}, archiveprefix = {arXiv}, primaryclass = {cs.CL}\n"
    "}\n";
inline const std::string chapter_text =
    "@incollection{c, author = {A B}, title = {T}, pages = {1-9}, crossref = {p}}\n"
    "@book{p, editor = {E F}, booktitle = {The Book}, title = {The Book}, publisher = {P}, address = {L},\n"
    "  series = {S}, number = 3, edition = {Second}, isbn = {0-19-853453-1}, year = 2001}\n";
inline const std::string online_text =
    "@online{o, author = {{The Team}}, title = {Site}, subtitle = {More}, url = {http://x.org/a_b},\n"
    "  urldate = {2020-02-03}, date = {2019-12-01/2020-01-02}, keywords = {one, two words}, langid = "
    "{english}}\n";

}  // namespace bibsmith::testing
