#include <algorithm>
#include <charconv>
#include <functional>
#include <set>
#include <utility>

#include "tests/arxiv_emulator/text.hpp"
#include "tests/source_emulator/endpoints.hpp"

namespace bibsmith::emulator {

namespace {

using nlohmann::json;

constexpr std::size_t rows_default = 20;
constexpr std::size_t rows_max = 1000;

Answer json_answer(int status, const json& body) {
  return {.status = status, .content_type = "application/json", .body = body.dump()};
}

Answer failed(const std::string& type, const std::string& value, const std::string& message) {
  return json_answer(400,
                     {{"status", "failed"},
                      {"message-type", "validation-failure"},
                      {"message", json::array({{{"type", type}, {"value", value}, {"message", message}}})}});
}

const json* find_work(const Works& works, std::string_view doi) {
  const auto found = std::ranges::find_if(
      works.crossref, [&](const json& work) { return lower(work.value("DOI", "")) == lower(doi); });
  return found == works.crossref.end() ? nullptr : &*found;
}

// Only the members that were asked for.
json selected(const json& work, const std::string& select) {
  if (select.empty()) return work;
  json out = json::object();
  for (const std::string_view name : split(select, ',')) {
    if (const auto member = work.find(std::string(name)); member != work.end())
      out[std::string(name)] = *member;
  }
  return out;
}

std::vector<std::string> dois_of(const Form& form) {
  std::vector<std::string> dois;
  const std::string filter = form.value("filter");
  for (const std::string_view one : split(filter, ',')) {
    if (one.starts_with("doi:")) dois.emplace_back(one.substr(4));
  }
  return dois;
}

// The works that share a word with the query, those that share most first.
std::vector<json> ranked(const Works& works, const std::string& query) {
  const std::vector<std::string> wanted = search_words(query);
  std::vector<std::pair<std::ptrdiff_t, json>> scored;
  for (const json& work : works.crossref) {
    const std::vector<std::string> words =
        search_words(work.value("title", json::array({""})).at(0).get<std::string>());
    const auto shared = std::ranges::count_if(
        wanted, [&](const std::string& word) { return std::ranges::find(words, word) != words.end(); });
    if (shared > 0) scored.emplace_back(shared, work);
  }
  std::ranges::stable_sort(scored, std::ranges::greater{}, &std::pair<std::ptrdiff_t, json>::first);
  std::vector<json> found;
  for (auto& [shared, work] : scored) found.push_back(std::move(work));
  return found;
}

Answer list(const Works& works, const Form& form, Distortion distortion) {
  std::size_t rows = rows_default;
  if (const std::string* text = form.find("rows")) {
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), rows);
    if (error != std::errc{} || end != text->data() + text->size() || rows > rows_max) {
      return failed(
          "integer-not-valid", *text,
          "Integer specified as " + *text + " but must be a positive integer less than or equal to 1000.");
    }
  }
  const std::string filter = form.value("filter");
  for (const std::string_view one : split(filter, ',')) {
    if (!one.empty() && !one.starts_with("doi:")) {
      return failed("filter-not-available", std::string(one),
                    "Filter " + std::string(one) + " specified but there is no such filter for this route.");
    }
  }
  // The order of results has nothing to do with that of the filter.
  std::set<std::string> wanted;
  for (const std::string& doi : dois_of(form)) wanted.insert(lower(doi));
  std::vector<json> found;
  for (auto work = works.crossref.rbegin(); work != works.crossref.rend(); ++work) {
    if (wanted.contains(lower(work->value("DOI", "")))) found.push_back(*work);
  }
  if (const std::string* query = form.find("query.bibliographic")) found = ranked(works, *query);
  const std::size_t total = found.size();
  found = distorted(found, works.crossref, distortion, "author");
  if (found.size() > rows) found.resize(rows);
  json items = json::array();
  for (const json& work : found) items.push_back(selected(work, form.value("select")));
  return json_answer(
      200,
      {{"status", "ok"},
       {"message-type", "work-list"},
       {"message-version", "1.0.0"},
       {"message",
        {{"facets", json::object()}, {"total-results", total}, {"items", items}, {"items-per-page", rows}}}});
}

}  // namespace

Answer answer_crossref(const Works& works, std::string_view path, const Form& form, Distortion distortion) {
  constexpr std::string_view route = "/works";
  if (path == route) return list(works, form, distortion);
  const json* work = path.starts_with("/works/") ? find_work(works, path.substr(7)) : nullptr;
  const std::vector<json> found =
      work == nullptr ? std::vector<json>{} : distorted({*work}, works.crossref, distortion, "author");
  if (found.empty()) return {.status = 404, .content_type = "text/plain", .body = "Resource not found."};
  return json_answer(
      200,
      {{"status", "ok"}, {"message-type", "work"}, {"message-version", "1.0.0"}, {"message", found.front()}});
}

std::size_t batch_of(std::string_view source, const Form& form) {
  if (source == "crossref") return dois_of(form).size();
  if (source == "openalex") {
    const std::string filter = form.value("filter");
    return split(filter, '|').size();
  }
  const std::string query = form.value("query");
  return static_cast<std::size_t>(std::ranges::count(query, '"')) / 2;
}

}  // namespace bibsmith::emulator
