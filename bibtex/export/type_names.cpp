#include "bibtex/export/type_names.hpp"

#include <algorithm>
#include <array>

#include "bibtex/model/inheritance.hpp"
#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

constexpr std::array table = std::to_array<TypeNames>({
    {"article", "article-journal", "JOUR", "article", "periodical"},
    {"artwork", "graphic", "ART", "artwork", ""},
    {"audio", "song", "SOUND", "audio", ""},
    {"book", "book", "BOOK", "book", ""},
    {"bookinbook", "chapter", "CHAP", "chapter", "book"},
    {"booklet", "pamphlet", "PAMP", "book", ""},
    {"collection", "book", "BOOK", "anthology", ""},
    {"conference", "paper-conference", "CPAPER", "article", "proceedings"},
    {"dataset", "dataset", "DATA", "repository", ""},
    {"electronic", "webpage", "ELEC", "web", ""},
    {"image", "graphic", "ART", "artwork", ""},
    {"inbook", "chapter", "CHAP", "chapter", "book"},
    {"incollection", "chapter", "CHAP", "anthos", "anthology"},
    {"inproceedings", "paper-conference", "CPAPER", "article", "proceedings"},
    {"inreference", "entry-encyclopedia", "ENCYC", "entry", "reference"},
    {"jurisdiction", "legal_case", "CASE", "case", ""},
    {"legislation", "legislation", "STAT", "legislation", ""},
    {"letter", "personal_communication", "PCOMM", "misc", ""},
    {"manual", "book", "BOOK", "book", ""},
    {"mastersthesis", "thesis", "THES", "thesis", ""},
    {"movie", "motion_picture", "MPCT", "video", ""},
    {"music", "song", "MUSIC", "audio", ""},
    {"mvbook", "book", "BOOK", "book", ""},
    {"mvcollection", "book", "BOOK", "anthology", ""},
    {"mvproceedings", "book", "CONF", "proceedings", ""},
    {"mvreference", "book", "BOOK", "reference", ""},
    {"online", "webpage", "ELEC", "web", ""},
    {"patent", "patent", "PAT", "patent", ""},
    {"performance", "performance", "GEN", "performance", ""},
    {"periodical", "periodical", "JFULL", "periodical", ""},
    {"phdthesis", "thesis", "THES", "thesis", ""},
    {"proceedings", "book", "CONF", "proceedings", ""},
    {"reference", "book", "BOOK", "reference", ""},
    {"report", "report", "RPRT", "report", ""},
    {"review", "review", "JOUR", "article", "periodical"},
    {"software", "software", "COMP", "repository", ""},
    {"standard", "standard", "STAND", "misc", ""},
    {"suppbook", "chapter", "CHAP", "chapter", "book"},
    {"suppcollection", "chapter", "CHAP", "anthos", "anthology"},
    {"suppperiodical", "article-journal", "JOUR", "article", "periodical"},
    {"techreport", "report", "RPRT", "report", ""},
    {"thesis", "thesis", "THES", "thesis", ""},
    {"unpublished", "manuscript", "UNPB", "manuscript", ""},
    {"video", "motion_picture", "VIDEO", "video", ""},
    {"www", "webpage", "ELEC", "web", ""},
});

constexpr TypeNames document = {"misc", "document", "GEN", "misc", ""};
constexpr TypeNames preprint = {"misc", "article", "UNPB", "article", ""};

}  // namespace

TypeNames type_names(const Entry& entry) {
  const bool may_be_preprint =
      equal_ignoring_case(entry.type, "misc") || equal_ignoring_case(entry.type, "online");
  if (may_be_preprint && !field_text(entry, "eprint").empty()) return preprint;
  const auto row = std::find_if(table.begin(), table.end(), [&](const TypeNames& names) {
    return equal_ignoring_case(entry.type, names.type);
  });
  return row == table.end() ? document : *row;
}

bool is_no_work(const Entry& entry) {
  return equal_ignoring_case(entry.type, "xdata") || equal_ignoring_case(entry.type, "set") ||
         equal_ignoring_case(entry.type, "bibnote") || equal_ignoring_case(entry.type, "ieeetranbstctl");
}

}  // namespace bibsmith::bibtex
