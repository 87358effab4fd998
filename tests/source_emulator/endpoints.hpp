#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>
#include <tl/expected.hpp>

#include "tests/arxiv_emulator/answer.hpp"
#include "tests/arxiv_emulator/atom_endpoint.hpp"
#include "tests/arxiv_emulator/form.hpp"

namespace bibsmith::emulator {

// The works that each source knows, as it would send them.
struct Works {
  std::vector<nlohmann::json> crossref;  // "message" objects
  std::vector<nlohmann::json> datacite;  // "attributes" objects
  std::vector<nlohmann::json> openalex;  // elements of "results"
  std::vector<nlohmann::json> dblp;      // "info": title, authors (a list of names), venue, …
};

// Reads JSON lines: {"source": "crossref", "work": {…}}. The error names file and line.
tl::expected<Works, std::string> load_works(const std::string& path);

// What each answers below its base: `path` is "/works/10.1000/x", decoded. [any thread]
Answer answer_crossref(const Works& works, std::string_view path, const Form& form, Distortion distortion);
Answer answer_datacite(const Works& works, std::string_view path, const Form& form, Distortion distortion);
Answer answer_openalex(const Works& works, std::string_view path, const Form& form, Distortion distortion);
Answer answer_dblp(const Works& works, std::string_view path, const Form& form, Distortion distortion);

// How many works the request asks for: DOIs of a filter or a query.
std::size_t batch_of(std::string_view source, const Form& form);

// The words of a title or a query in lower case; signs and elements (<i>) separate.
std::vector<std::string> search_words(std::string_view text);

// The works of a list that a distorted answer holds.
std::vector<nlohmann::json> distorted(const std::vector<nlohmann::json>& found,
                                      const std::vector<nlohmann::json>& all, Distortion distortion,
                                      const char* authors);

}  // namespace bibsmith::emulator
