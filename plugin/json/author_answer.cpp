#include <cmath>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "plugin/json/answer_parts.hpp"
#include "plugin/json/answers.hpp"

namespace bibsmith::plugin {

namespace {

using json = nlohmann::ordered_json;

// Digits beyond the third are noise.
double rounded(double value) { return std::round(value * 1000) / 1000; }

json list_of(const std::vector<fetchers::NamedCount>& counts) {
  json list = json::array();
  for (const fetchers::NamedCount& one : counts) list.push_back({{"name", one.name}, {"count", one.count}});
  return list;
}

json profile_of(const fetchers::AuthorProfile& profile) {
  return {{"name_forms", list_of(profile.name_forms)},
          {"affiliations", list_of(profile.affiliations)},
          {"orcid", profile.orcid.empty() ? json() : json(profile.orcid)},
          {"first", profile.first.iso()},
          {"last", profile.last.iso()},
          {"fields", list_of(profile.fields)}};
}

json measured_of(const fetchers::Measured& measured) {
  return {{"papers", measured.papers},
          {"total", measured.total},
          {"mean", rounded(measured.mean())},
          {"most", measured.most}};
}

json statistics_of(const fetchers::AuthorStatistics& statistics) {
  json out{{"papers", statistics.papers}, {"years", json::array()}};
  for (const fetchers::NamedCount& year : statistics.years) {
    out["years"].push_back({{"year", std::stoi(year.name)}, {"count", year.count}});
  }
  out["categories"] = list_of(statistics.categories);
  out["co_authors"] = json::array();
  for (const fetchers::CoAuthor& one : statistics.co_authors) {
    out["co_authors"].push_back({{"name", one.name},
                                 {"forms", one.forms},
                                 {"papers", one.papers},
                                 {"first_year", one.first_year},
                                 {"last_year", one.last_year}});
  }
  out["authors"] = measured_of(statistics.authors);
  out["alone"] = statistics.alone;
  out["pages"] = measured_of(statistics.pages);
  out["versions"] = measured_of(statistics.versions);
  out["revised"] = statistics.revised;
  out["published"] = statistics.published;
  out["published_share"] =
      statistics.papers == 0
          ? 0.0
          : rounded(static_cast<double>(statistics.published) / static_cast<double>(statistics.papers));
  out["withdrawn"] = statistics.withdrawn;
  out["venues"] = list_of(statistics.venues);
  return out;
}

json similar_of(const fetchers::SimilarAuthor& one) {
  return {{"name", one.name},
          {"similarity", rounded(one.similarity)},
          {"shared_words", rounded(one.shared_words)},
          {"shared_co_authors", rounded(one.shared_co_authors)},
          {"papers", one.papers},
          {"joint_papers", one.joint_papers},
          {"words", one.words},
          {"co_authors", one.common_neighbours}};
}

json paper_of(const AuthorPaper& paper) {
  json out = entry_of(paper.cited);
  out["venue"] = paper.venue;
  out["teaser"] = paper.teaser;
  out["certainty"] = rounded(paper.certainty);
  out["reasons"] = json::array();
  for (const fetchers::PersonReason& reason : paper.reasons) {
    out["reasons"].push_back(
        {{"code", reason.code}, {"text", reason.text}, {"weight", rounded(reason.weight)}});
  }
  return out;
}

}  // namespace

JsonDocument json_of(const AuthorAnswer& answer) {
  json out{{"asked", answer.asked},
           {"name", answer.profile.name},
           {"searched", answer.searched},
           {"matching", answer.matching},
           {"local", answer.is_local},
           {"profile", profile_of(answer.profile)},
           {"statistics", statistics_of(answer.statistics)},
           {"similar", json::array()},
           {"papers", json::array()},
           {"namesakes", json::array()}};
  for (const fetchers::SimilarAuthor& one : answer.similar) out["similar"].push_back(similar_of(one));
  for (const AuthorPaper& paper : answer.papers) out["papers"].push_back(paper_of(paper));
  for (const Namesake& other : answer.namesakes) {
    json namesake = profile_of(other.profile);
    namesake["ids"] = other.ids;
    out["namesakes"].push_back(std::move(namesake));
  }
  add_outcome(out, answer.not_found, answer.failures, answer.invalid);
  out["error"] = answer.error ? error_of(*answer.error) : json();
  out["similar_error"] = answer.similar_error ? error_of(*answer.similar_error) : json();
  return JsonDocument(std::move(out));
}

}  // namespace bibsmith::plugin
