#include "bibtex/verify/venue_kin.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "bibtex/verify/venue.hpp"

namespace bibsmith::bibtex {

namespace {

struct Kin {
  std::string_view journal;   // the first letters of its telling words, each word cut as DBLP cuts it
  std::string_view spelt;     // the same words in full
  std::string_view meetings;  // by acronym, with '|' around each
};

// The calls for papers of the meetings say so; DBLP lists the papers under the journal.
constexpr std::array kin = std::to_array<Kin>({
    {"programlang", "programminglanguages", "|popl|oopsla|icfp|pldi|splash|"},
    {"managdata", "managementdata", "|sigmod|pods|sigmodpods|"},
    {"vldbendow", "vldbendowment", "|vldb|pvldb|"},
    {"humcomputinteract", "humancomputerinteraction", "|cscw|group|iss|chiplay|etra|eics|mobilehci|"},
    {"interactmobwearableubiquitoustechnol", "interactivemobilewearableubiquitoustechnologies",
     "|ubicomp|imwut|iswc|"},
    {"measanalcomputsyst", "measurementanalysiscomputingsystems", "|sigmetrics|"},
    {"softweng", "softwareengineering", "|fse|esecfse|"},
    {"netw", "networking", "|conext|"},
    {"privenhancingtechnol", "privacyenhancingtechnologies", "|pets|popets|"},
    {"transgraph", "transactionsgraphics", "|siggraph|siggraphasia|"},
    {"computgraphforum", "computergraphicsforum", "|eurographics|egsr|sgp|eurovis|sca|pacificgraphics|"},
    {"transviscomputgraph", "transactionsvisualizationcomputergraphics",
     "|vis|visweek|infovis|vast|ismar|vr|"},
    {"roboticsautomlett", "roboticsautomationletters", "|icra|iros|case|humanoids|"},
    {"controlsystlett", "controlsystemsletters", "|cdc|acc|"},
    {"transarchitcodeoptim", "transactionsarchitecturecodeoptimization", "|hipeac|"},
    {"transmachlearnres", "transactionsmachinelearningresearch", "|tmlr|"},
    {"theorypractlogprogram", "theorypracticelogicprogramming", "|iclp|"},
    {"iacrtranscryptogrhardwembedsyst", "iacrtransactionscryptographichardwareembeddedsystems",
     "|ches|tches|"},
    {"iacrtranssymmetriccryptol", "iacrtransactionssymmetriccryptology", "|fse|tosc|"},
    {"bioinform", "bioinformatics", "|ismb|eccb|ismbeccb|"},
});

bool has_meeting(const VenueText& venue, std::string_view meetings) {
  const auto listed = [&](const std::string& acronym) {
    return meetings.find('|' + acronym + '|') != std::string_view::npos;
  };
  if (std::any_of(venue.acronyms.begin(), venue.acronyms.end(), listed)) return true;
  return listed(venue.letters);
}

bool is_journal(const VenueText& venue, const Kin& row) {
  return venue.letters == row.spelt || venue.letters == row.journal;
}

}  // namespace

bool are_kin(const VenueText& a, const VenueText& b) {
  return std::any_of(kin.begin(), kin.end(), [&](const Kin& row) {
    return (is_journal(a, row) && has_meeting(b, row.meetings)) ||
           (is_journal(b, row) && has_meeting(a, row.meetings));
  });
}

}  // namespace bibsmith::bibtex
