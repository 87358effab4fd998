#include "bibtex/verify/doi_publisher.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace bibsmith::bibtex {

namespace {

constexpr std::string_view acm = "10.1145";
constexpr std::string_view acm_library = "10.5555";  // of papers that have no DOI elsewhere
constexpr std::string_view ieee = "10.1109";
constexpr std::string_view springer = "10.1007";
constexpr std::string_view aaai = "10.1609";
constexpr std::string_view acl = "10.18653";
constexpr std::string_view elsevier = "10.1016";

// Who publishes papers of many meetings and journals.
constexpr std::array<std::string_view, 12> large = {
    acm,        ieee,      springer,  aaai,      acl,       elsevier,
    "10.24963", "10.1201", "10.1002", "10.1080", "10.1038", "10.3390",
};

struct Publishers {
  std::string_view meeting;
  std::array<std::string_view, 4> prefixes;  // of its papers, those of the early years too
};

constexpr std::array<Publishers, 12> publishers = {{
    {"NeurIPS", {"10.52202", "10.7551", acm_library}},
    {"ICLR", {}},
    {"ICML", {acm, acm_library, elsevier}},
    {"ACL", {acl, "10.3115", acm_library}},
    {"EMNLP", {acl, "10.3115", acm_library}},
    {"NAACL", {acl, "10.3115", acm_library}},
    {"CVPR", {ieee}},
    {"ICCV", {ieee}},
    {"AAAI", {aaai, acm_library}},
    {"IJCAI", {"10.24963", acm_library}},
    {"INTERSPEECH", {"10.21437"}},
    {"CHI", {acm}},
}};

bool has(const auto& prefixes, std::string_view prefix) {
  return std::find(prefixes.begin(), prefixes.end(), prefix) != prefixes.end();
}

}  // namespace

bool is_of_other_publisher(const Doi& doi, const Venue& meeting) {
  const std::string_view text = doi.canonical();
  const std::string_view prefix = text.substr(0, text.find('/'));
  const auto known = std::find_if(publishers.begin(), publishers.end(),
                                  [&](const Publishers& one) { return one.meeting == meeting.key; });
  return known != publishers.end() && has(large, prefix) && !has(known->prefixes, prefix);
}

}  // namespace bibsmith::bibtex
