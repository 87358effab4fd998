#include "tests/arxiv_emulator/atom_endpoint.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "tests/arxiv_emulator/feed_id.hpp"
#include "tests/arxiv_emulator/moment.hpp"
#include "tests/arxiv_emulator/query_adapter.hpp"
#include "tests/arxiv_emulator/search_query.hpp"
#include "tests/arxiv_emulator/text.hpp"

namespace bibsmith::emulator {
namespace {

constexpr std::string_view sort_page = "https://arxiv.org/help/api/user-manual#sort";
constexpr std::string_view no_query =
    "Either a search_query or id_list must be specified for the classic API.";
constexpr std::string_view server_error =
    "The server encountered an internal error and was unable to complete your request. Either the server is "
    "overloaded or there is an error in the application.";
constexpr std::string_view feed_begin =
    "<?xml version='1.0' encoding='UTF-8'?>\n"
    "<feed xmlns:opensearch=\"http://a9.com/-/spec/opensearch/1.1/\" "
    "xmlns:arxiv=\"http://arxiv.org/schemas/atom\" xmlns=\"http://www.w3.org/2005/Atom\">\n";

// Archives of old identifiers (arxiv.org/archive); a subject class may follow: "math.GT/0309136".
constexpr std::string_view archives[] = {
    "acc-phys", "adap-org", "alg-geom", "ao-sci",   "astro-ph", "atom-ph", "bayes-an", "chao-dyn",
    "chem-ph",  "cmp-lg",   "comp-gas", "cond-mat", "cs",       "dg-ga",   "econ",     "eess",
    "funct-an", "gr-qc",    "hep-ex",   "hep-lat",  "hep-ph",   "hep-th",  "math",     "math-ph",
    "mtrl-th",  "nlin",     "nucl-ex",  "nucl-th",  "patt-sol", "physics", "plasm-ph", "q-alg",
    "q-bio",    "q-fin",    "quant-ph", "solv-int", "stat",     "supr-con"};

struct Request {
  std::string search_query;  // adapted
  std::string id_list;
  std::int64_t start = 0;
  std::int64_t max_results = results_default;
  std::string sort_by = "relevance";
  bool ascending = false;

  std::string canonical() const {
    return "search_query=" + search_query + "&id_list=" + id_list + "&start=" + std::to_string(start) +
           "&max_results=" + std::to_string(max_results);
  }
};

std::uint32_t scattered(std::string_view id) {  // FNV-1a
  std::uint32_t hash = 2166136261u;
  for (const char c : id) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return hash;
}

bool is_digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return false;
  return std::all_of(text.begin() + static_cast<std::ptrdiff_t>(at),
                     text.begin() + static_cast<std::ptrdiff_t>(at + count), is_digit);
}

// A number as Python's int() takes it, signs and spaces around it included; too large ones are cut.
std::optional<std::int64_t> parse_integer(std::string_view text) {
  text = trim(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size() || text.empty()) return std::nullopt;
  if (error == std::errc::result_out_of_range) return text.front() == '-' ? -1 : std::int64_t{1} << 40;
  if (error != std::errc{}) return std::nullopt;
  return value;
}

std::optional<Answer> read_number(const Form& form, const std::string& name, std::int64_t& value,
                                  std::chrono::sys_seconds now) {
  const std::string* text = form.find(name);
  if (text == nullptr) return std::nullopt;
  const auto parsed = parse_integer(*text);
  const std::string why = !parsed ? "an integer" : *parsed < 0 ? "non-negative" : "";
  if (why.empty()) {
    value = std::min(*parsed, std::int64_t{1} << 40);
    return std::nullopt;
  }
  std::string fragment = "#" + name + "_must_be_" + why;
  std::ranges::replace(fragment, ' ', '_');
  return atom_error(400, name + " must be " + why, std::string(atom_errors_page) + fragment, now);
}

// Every bad parameter has its own message; the first one found is told.
std::optional<Answer> read_request(const Form& form, Request& request, std::chrono::sys_seconds now) {
  const std::string query = form.value("search_query");
  request.search_query = form.value("raw") == "1" ? query : adapt_query(query);
  request.id_list = form.value("id_list");
  if (!request.id_list.empty()) {
    for (const std::string_view item : split(request.id_list, ',')) {
      if (looks_like_id(item)) continue;
      return atom_error(400, "incorrect id format for " + std::string(item),
                        std::string(atom_errors_page) + "#incorrect_id_format_for_" + std::string(item), now);
    }
  }
  if (auto error = read_number(form, "start", request.start, now)) return error;
  if (auto error = read_number(form, "max_results", request.max_results, now)) return error;
  const std::string sort_by = form.value("sortBy");
  if (!sort_by.empty()) {
    if (sort_by != "relevance" && sort_by != "lastUpdatedDate" && sort_by != "submittedDate") {
      return atom_error(400, "sortBy must be in: relevance, lastUpdatedDate, submittedDate", sort_page, now);
    }
    request.sort_by = sort_by;
  }
  const std::string order = form.value("sortOrder");
  if (!order.empty() && order != "ascending" && order != "descending") {
    return atom_error(400, "sortOrder must be in: ascending, descending", sort_page, now);
  }
  request.ascending = order == "ascending";
  if (request.search_query.empty() && request.id_list.empty())
    return atom_error(400, no_query, atom_errors_page, now);
  // The search behind the endpoint divides by the page size and refuses what lies past its window.
  const std::int64_t size = request.max_results;
  if (size == 0 || request.start + size > results_window ||
      1 + std::llround(static_cast<double>(request.start) / static_cast<double>(size)) >
          results_window / size) {
    return atom_error(500, server_error, atom_errors_page, now);
  }
  return std::nullopt;
}

std::string feed_head(const Request& request, Engine engine, std::size_t total,
                      std::chrono::sys_seconds now) {
  const std::string canonical = request.canonical();
  const std::string hash = feed_id(canonical);
  const std::string start = std::to_string(request.start);
  const std::string size = std::to_string(request.max_results);
  if (engine == Engine::old) {
    const std::string ns = " xmlns:opensearch=\"http://a9.com/-/spec/opensearch/1.1/\"";
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n"
           "  <link href=\"http://arxiv.org/api/query?" +
           url_encoded(canonical, "", "%20") +
           "\" rel=\"self\" type=\"application/atom+xml\"/>\n  <title type=\"html\">ArXiv Query: " +
           xml_text(canonical) + "</title>\n  <id>http://arxiv.org/api/" + hash + "</id>\n  <updated>" +
           iso_day(now) + "T00:00:00-04:00</updated>\n  <opensearch:totalResults" + ns + ">" +
           std::to_string(total) + "</opensearch:totalResults>\n  <opensearch:startIndex" + ns + ">" + start +
           "</opensearch:startIndex>\n  <opensearch:itemsPerPage" + ns + ">" + size +
           "</opensearch:itemsPerPage>\n";
  }
  constexpr std::string_view keep = ":,/()*?$";
  const std::string link =
      "https://arxiv.org/api/query?search_query=" + url_encoded(request.search_query, keep, "+") +
      "&start=" + start + "&max_results=" + size + "&id_list=" + url_encoded(request.id_list, keep, "+");
  return std::string(feed_begin) + "  <id>https://arxiv.org/api/" + hash +
         "</id>\n  <title>arXiv Query: " + xml_text(canonical) + "</title>\n  <updated>" + iso_moment(now) +
         "</updated>\n  <link href=\"" + xml_attribute(link) +
         "\" type=\"application/atom+xml\"/>\n  <opensearch:itemsPerPage>" + size +
         "</opensearch:itemsPerPage>\n  <opensearch:totalResults>" + std::to_string(total) +
         "</opensearch:totalResults>\n  <opensearch:startIndex>" + start + "</opensearch:startIndex>\n";
}

struct Results {
  std::vector<Edition> editions;
  std::size_t missing = 0;
};

Results results_of(const Archive& archive, const Request& request, const SearchQuery* query) {
  Results results;
  if (request.id_list.empty()) {
    for (const StoredPaper& paper : archive.papers()) {
      if (query == nullptr || query->matches(paper))
        results.editions.push_back({&paper, &paper.versions.back()});
    }
  } else {
    for (const std::string_view item : split(request.id_list, ',')) {
      const Edition edition = archive.find_edition(item);
      if (edition.paper == nullptr) {
        ++results.missing;
      } else if (query == nullptr || query->matches(*edition.paper)) {
        results.editions.push_back(edition);
      }
    }
  }
  return results;
}

// By date, or in an order that has nothing to do with the request but is always the same; each edition once.
void sort_results(std::vector<Edition>& editions, const Request& request, Engine engine) {
  struct Key {
    std::int64_t date = 0;
    std::uint32_t scatter = 0;
    std::string id;
    Edition edition;
  };
  const bool dates_count = request.sort_by != "relevance" && engine != Engine::november_2025;
  std::vector<Key> keys;
  keys.reserve(editions.size());
  for (const Edition& edition : editions) {
    Key key{.id = edition.id(), .edition = edition};
    key.scatter = scattered(key.id);
    if (dates_count) {
      const auto& version =
          request.sort_by == "submittedDate" ? edition.paper->versions.front() : *edition.version;
      key.date = version.created.time_since_epoch().count() * (request.ascending ? 1 : -1);
    }
    keys.push_back(std::move(key));
  }
  std::ranges::sort(keys, {}, [](const Key& key) { return std::tie(key.date, key.scatter, key.id); });
  editions.clear();
  for (const Key& key : keys) {
    if (editions.empty() || !(editions.back() == key.edition)) editions.push_back(key.edition);
  }
}

void distort(std::vector<Edition>& editions, const Archive& archive, Distortion distortion) {
  if (distortion == Distortion::no_entries) editions.clear();
  if (distortion == Distortion::half_missing) {
    std::size_t kept = 0;
    for (std::size_t i = 1; i < editions.size(); i += 2) editions[kept++] = editions[i];
    editions.resize(kept);
  }
  if (distortion == Distortion::other_papers) {
    for (Edition& edition : editions) {
      const auto next = static_cast<std::size_t>(edition.paper - archive.papers().data()) + 1;
      const StoredPaper& other = archive.papers()[next % archive.papers().size()];
      edition = {&other, &other.versions.back()};
    }
  }
}

// The old engine wrote its error page with http.
Answer with_links_of(Engine engine, Answer error) {
  constexpr std::string_view secure = "https://arxiv.org/";
  if (engine != Engine::old) return error;
  for (std::size_t at = error.body.find(secure); at != error.body.npos; at = error.body.find(secure, at)) {
    error.body.erase(at + 4, 1);
  }
  return error;
}

}  // namespace

bool looks_like_id(std::string_view item) {
  for (std::size_t i = 0; i < item.size(); ++i) {
    if (item[i] == '.' && i >= 4 && is_digits(item, i - 4, 4) && is_digits(item, i + 1, 4)) {
      const char before = i == 4 ? ' ' : item[i - 5];
      if (!is_digit(before) && before != '=' && before != '.') return true;
    }
    if (item[i] == '/' && is_digits(item, i + 1, 7) && (item[i + 3] == '0' || item[i + 3] == '1')) {
      const std::string before = lower(item.substr(0, i));
      const std::size_t dot =
          before.size() >= 3 && before[before.size() - 3] == '.' ? before.size() - 3 : before.size();
      const std::string_view archive = std::string_view(before).substr(0, dot);
      if (std::ranges::any_of(archives,
                              [archive](std::string_view name) { return archive.ends_with(name); })) {
        return true;
      }
    }
  }
  return false;
}

Answer atom_error(int status, std::string_view message, std::string_view link, std::chrono::sys_seconds now) {
  const std::string moment = iso_moment(now);
  std::string body(feed_begin);
  body += "  <id>https://arxiv.org/</id>\n  <title>arXiv Search Results</title>\n  <updated>" + moment +
          "</updated>\n  <opensearch:itemsPerPage>1</opensearch:itemsPerPage>\n"
          "  <opensearch:totalResults>1</opensearch:totalResults>\n"
          "  <opensearch:startIndex>0</opensearch:startIndex>\n  <entry>\n    <id>" +
          xml_text(link) + "</id>\n    <title>Error</title>\n    <updated>" + moment +
          "</updated>\n    <link href=\"" + xml_attribute(link) +
          "\" rel=\"alternate\" type=\"text/html\"/>\n    <summary>" + xml_text(message) +
          "</summary>\n    <author>\n      <name>arXiv api core</name>\n    </author>\n  </entry>\n</feed>\n";
  return {.status = status, .content_type = std::string(atom_content_type), .body = std::move(body)};
}

Answer answer_atom(const Archive& archive, const Form& form, std::chrono::sys_seconds now,
                   Distortion distortion) {
  Request request;
  if (auto error = read_request(form, request, now))
    return with_links_of(archive.engine(), std::move(*error));
  std::optional<SearchQuery> query;
  if (!request.search_query.empty()) {
    auto parsed = SearchQuery::parse(request.search_query);
    if (!parsed) {
      const std::string message = "Invalid query string: '" + request.search_query + "'";
      return with_links_of(archive.engine(), atom_error(400, message, atom_errors_page, now));
    }
    query = std::move(*parsed);
  }
  Results results = results_of(archive, request, query ? &*query : nullptr);
  sort_results(results.editions, request, archive.engine());
  distort(results.editions, archive, distortion);
  // The old engine counted ids that it did not find.
  const std::size_t total = results.editions.size() + (archive.engine() == Engine::old ? results.missing : 0);
  std::string body = feed_head(request, archive.engine(), total, now);
  const auto begin = std::min(static_cast<std::size_t>(request.start), results.editions.size());
  const auto end = std::min(begin + static_cast<std::size_t>(request.max_results), results.editions.size());
  constexpr std::size_t entry_bytes_usual = 3000;
  body.reserve(body.size() + (end - begin) * entry_bytes_usual);
  for (std::size_t i = begin; i < end; ++i) archive.append_entry(body, results.editions[i]);
  body += "</feed>\n";
  return {.content_type = std::string(atom_content_type), .body = std::move(body)};
}

}  // namespace bibsmith::emulator
