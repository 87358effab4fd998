#include <algorithm>
#include <charconv>
#include <set>

#include "tests/arxiv_emulator/text.hpp"
#include "tests/source_emulator/endpoints.hpp"

namespace bibsmith::emulator {

namespace {

using nlohmann::json;

constexpr std::size_t page_default = 25;
constexpr std::size_t page_max = 1000;

Answer json_answer(int status, const json& body) {
  return {.status = status, .content_type = "application/json; charset=utf-8", .body = body.dump()};
}

Answer failed(int status, const std::string& title) {
  return json_answer(status,
                     {{"errors", json::array({{{"status", std::to_string(status)}, {"title", title}}})}});
}

json object_of(const json& attributes) {
  return {{"id", attributes.value("doi", "")}, {"type", "dois"}, {"attributes", attributes}};
}

Answer list(const Works& works, const Form& form, Distortion distortion) {
  const std::string query = form.value("query");
  if (!query.starts_with("doi:(") || !query.ends_with(")"))
    return failed(400, "this emulator knows doi:(… OR …)");
  std::set<std::string> wanted;
  bool quoted = false;
  std::string word;
  for (const char c : query.substr(5, query.size() - 6)) {
    if (c == '"') {
      if (quoted) wanted.insert(lower(std::exchange(word, {})));
      quoted = !quoted;
    } else if (quoted) {
      word += c;
    } else if (c == '/') {
      return failed(400, "Failed to parse query: a regular expression has no end");  // as Elasticsearch does
    }
  }
  std::size_t size = page_default;
  if (const std::string* text = form.find("page[size]")) {
    std::from_chars(text->data(), text->data() + text->size(), size);
    size = std::min(size, page_max);
  }
  std::vector<json> found;
  for (auto work = works.datacite.rbegin(); work != works.datacite.rend(); ++work) {
    if (wanted.contains(lower(work->value("doi", "")))) found.push_back(*work);
  }
  const std::size_t total = found.size();
  found = distorted(found, works.datacite, distortion, "creators");
  if (found.size() > size) found.resize(size);
  json data = json::array();
  for (const json& work : found) data.push_back(object_of(work));
  return json_answer(200, {{"data", data}, {"meta", {{"total", total}, {"totalPages", 1}, {"page", 1}}}});
}

}  // namespace

Answer answer_datacite(const Works& works, std::string_view path, const Form& form, Distortion distortion) {
  if (path == "/dois") return list(works, form, distortion);
  const std::string_view doi = path.starts_with("/dois/") ? path.substr(6) : std::string_view{};
  const auto work = std::ranges::find_if(
      works.datacite, [&](const json& one) { return lower(one.value("doi", "")) == lower(doi); });
  const std::vector<json> found = work == works.datacite.end()
                                      ? std::vector<json>{}
                                      : distorted({*work}, works.datacite, distortion, "creators");
  if (found.empty()) return failed(404, "The resource you are looking for doesn't exist.");
  return json_answer(200, {{"data", object_of(found.front())}});
}

}  // namespace bibsmith::emulator
