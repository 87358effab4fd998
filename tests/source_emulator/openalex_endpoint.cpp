#include <algorithm>
#include <charconv>
#include <set>

#include "tests/arxiv_emulator/text.hpp"
#include "tests/source_emulator/endpoints.hpp"

namespace bibsmith::emulator {

namespace {

using nlohmann::json;

constexpr std::size_t page_default = 25;
constexpr std::size_t page_max = 200;
constexpr std::size_t filter_values_max = 50;
constexpr std::string_view doi_link = "https://doi.org/";

Answer json_answer(int status, const json& body) {
  return {.status = status, .content_type = "application/json", .body = body.dump()};
}

Answer failed(const std::string& message) {
  return json_answer(400, {{"error", "Invalid query parameters error."}, {"message", message}});
}

std::string doi_of(const json& work) { return lower(work.value("doi", "")).substr(0, 500); }

// All words of the query stand in the title.
bool matches(const json& work, const std::vector<std::string>& query) {
  const std::vector<std::string> words = search_words(work.value("title", ""));
  return std::ranges::all_of(
      query, [&](const std::string& word) { return std::ranges::find(words, word) != words.end(); });
}

}  // namespace

Answer answer_openalex(const Works& works, std::string_view path, const Form& form, Distortion distortion) {
  constexpr std::string_view route = "/works";
  std::vector<json> found;
  const bool is_single = path.starts_with("/works/doi:");
  if (is_single) {
    const std::string doi =
        std::string(doi_link) + lower(path.substr(std::string_view("/works/doi:").size()));
    std::ranges::copy_if(works.openalex, std::back_inserter(found),
                         [&](const json& work) { return doi_of(work) == doi; });
  } else if (path != route) {
    return {.status = 404, .content_type = "text/html", .body = "<html>Not Found</html>"};
  } else if (const std::string* search = form.find("search")) {
    const std::vector<std::string> query = search_words(*search);
    std::ranges::copy_if(works.openalex, std::back_inserter(found),
                         [&](const json& work) { return matches(work, query); });
  } else {
    const std::string filter = form.value("filter");
    if (!filter.starts_with("doi:")) return failed("this emulator knows filter=doi:a|b and search=");
    const std::string list = filter.substr(4);
    std::set<std::string> wanted;
    for (const std::string_view doi : split(list, '|')) wanted.insert(std::string(doi_link) + lower(doi));
    if (wanted.size() > filter_values_max) return failed("Maximum number of values exceeded for doi.");
    std::ranges::copy_if(works.openalex, std::back_inserter(found),
                         [&](const json& work) { return wanted.contains(doi_of(work)); });
  }
  found = distorted(found, works.openalex, distortion, "authorships");
  if (is_single) {
    if (found.empty()) return json_answer(404, {{"error", "404 Not Found"}});
    return json_answer(200, found.front());
  }
  std::size_t size = page_default;
  if (const std::string* text = form.find("per-page")) {
    std::from_chars(text->data(), text->data() + text->size(), size);
    if (size < 1 || size > page_max) return failed("per-page parameter must be between 1 and 200");
  }
  const std::size_t total = found.size();
  if (found.size() > size) found.resize(size);
  return json_answer(200, {{"meta", {{"count", total}, {"per_page", size}}}, {"results", found}});
}

}  // namespace bibsmith::emulator
