#include <fstream>

#include "tests/arxiv_emulator/text.hpp"
#include "tests/source_emulator/endpoints.hpp"

namespace bibsmith::emulator {

tl::expected<Works, std::string> load_works(const std::string& path) {
  std::ifstream in(path);
  if (!in) return tl::unexpected(path + ": cannot be read");
  Works works;
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    if (trim(line).empty()) continue;
    const auto json = nlohmann::json::parse(line, nullptr, false);
    const auto wrong = [&](const std::string& why) {
      return tl::unexpected(path + ":" + std::to_string(number) + ": " + why);
    };
    if (!json.is_object() || !json.contains("work"))
      return wrong("expected an object with 'source' and 'work'");
    const std::string source = json.value("source", "");
    if (source == "crossref") {
      works.crossref.push_back(json["work"]);
    } else if (source == "datacite") {
      works.datacite.push_back(json["work"]);
    } else if (source == "openalex") {
      works.openalex.push_back(json["work"]);
    } else if (source == "dblp") {
      works.dblp.push_back(json["work"]);
    } else {
      return wrong("no such source: '" + source + "'");
    }
  }
  return works;
}

std::vector<std::string> search_words(std::string_view text) {
  std::vector<std::string> words(1);
  bool is_element = false;
  for (const char c : text) {
    is_element = c == '<' || (is_element && c != '>');
    const bool is_part = is_letter(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80;
    if (is_part && !is_element) words.back() += lower(std::string(1, c));
    // "it's" is one word
    if (!is_part && c != '\'' && !words.back().empty()) words.emplace_back();
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

std::vector<nlohmann::json> distorted(const std::vector<nlohmann::json>& found,
                                      const std::vector<nlohmann::json>& all, Distortion distortion,
                                      const char* authors) {
  std::vector<nlohmann::json> out;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (distortion == Distortion::no_entries) break;
    if (distortion == Distortion::half_missing && i % 2 == 1) continue;
    nlohmann::json work = found[i];
    if (distortion == Distortion::other_papers) {
      std::size_t next = 0;
      while (next + 1 < all.size() && all[next] == work) ++next;
      work = all[next];
    }
    if (distortion == Distortion::no_authors) work.erase(authors);
    out.push_back(std::move(work));
  }
  return out;
}

}  // namespace bibsmith::emulator
