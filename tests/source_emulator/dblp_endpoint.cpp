#include <algorithm>
#include <charconv>

#include "tests/arxiv_emulator/text.hpp"
#include "tests/source_emulator/endpoints.hpp"

namespace bibsmith::emulator {

namespace {

using nlohmann::json;

constexpr std::size_t hits_default = 30;
constexpr std::size_t hits_max = 1000;

// Each word of the query begins a word of the entry.
bool matches(const json& info, const std::vector<std::string>& query) {
  std::string all = info.value("title", "");
  for (const json& author : info.value("authors", json::array())) all += ' ' + author.get<std::string>();
  const std::vector<std::string> words = search_words(all);
  return std::ranges::all_of(query, [&](const std::string& wanted) {
    return std::ranges::any_of(words, [&](const std::string& word) { return word.starts_with(wanted); });
  });
}

std::string info_of(const json& info) {
  std::string out = "<info>";
  if (info.contains("authors")) {
    out += "<authors>";
    int pid = 0;
    for (const json& author : info["authors"]) {
      out += "<author pid=\"" + std::to_string(++pid) + "\">" + xml_text(author.get<std::string>()) +
             "</author>";
    }
    out += "</authors>";
  }
  for (const char* name : {"title", "venue", "volume", "number", "pages", "publisher", "year", "type",
                           "access", "key", "doi", "ee", "url"}) {
    if (!info.contains(name)) continue;
    out += "<" + std::string(name) + ">" + xml_text(info[name].get<std::string>()) + "</" + name + ">";
  }
  return out + "</info>";
}

}  // namespace

Answer answer_dblp(const Works& works, std::string_view path, const Form& form, Distortion distortion) {
  if (path != "/search/publ/api")
    return {.status = 404, .content_type = "text/html", .body = "<html>Not Found</html>"};
  if (form.value("format") != "xml") {
    return {.status = 501, .content_type = "text/plain", .body = "this emulator knows format=xml\n"};
  }
  std::size_t size = hits_default;
  if (const std::string* text = form.find("h")) {
    std::from_chars(text->data(), text->data() + text->size(), size);
    size = std::min(size, hits_max);
  }
  const std::vector<std::string> query = search_words(form.value("q"));
  std::vector<json> found;
  for (const json& info : works.dblp) {
    if (!query.empty() && matches(info, query)) found.push_back(info);
  }
  const std::size_t total = found.size();
  found = distorted(found, works.dblp, distortion, "authors");
  if (found.size() > size) found.resize(size);
  std::string hits;
  int id = 0;
  for (const json& info : found) {
    const std::string number = std::to_string(++id);
    hits += "<hit score=\"1\" id=\"" + number + "\">\n" + info_of(info) + "\n<url>URL#" + number +
            "</url>\n</hit>\n";
  }
  return {
      .content_type = "text/xml; charset=UTF-8",
      .body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<result>\n<query id=\"1\">" +
              xml_text(form.value("q")) +
              "</query>\n<status code=\"200\">OK</status>\n<time unit=\"msecs\">1.00</time>\n<hits total=\"" +
              std::to_string(total) + "\" computed=\"" + std::to_string(total) + "\" sent=\"" +
              std::to_string(found.size()) + "\" first=\"0\">\n" + hits + "</hits>\n</result>\n"};
}

}  // namespace bibsmith::emulator
