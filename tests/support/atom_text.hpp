#pragma once

#include <cstddef>
#include <string>

namespace bibsmith::testing {

// An answer of arXiv's in today's shape, around the text of its entries.
inline std::string atom_feed(const std::string& entries, std::size_t total = 1, std::size_t start = 0,
                             std::size_t per_page = 10) {
  return "<?xml version='1.0' encoding='UTF-8'?>\n"
         "<feed xmlns:opensearch=\"http://a9.com/-/spec/opensearch/1.1/\" "
         "xmlns:arxiv=\"http://arxiv.org/schemas/atom\" xmlns=\"http://www.w3.org/2005/Atom\">\n"
         "  <id>https://arxiv.org/api/x</id>\n  <title>arXiv Query</title>\n"
         "  <opensearch:itemsPerPage>" +
         std::to_string(per_page) + "</opensearch:itemsPerPage>\n  <opensearch:totalResults>" +
         std::to_string(total) + "</opensearch:totalResults>\n  <opensearch:startIndex>" +
         std::to_string(start) + "</opensearch:startIndex>\n  " + entries + "\n</feed>";
}

// An entry with little in it: the version is part of `id`.
inline std::string atom_entry(const std::string& id) {
  return "<entry><id>http://arxiv.org/abs/" + id + "</id><title>Paper " + id +
         "</title><updated>2021-02-03T00:00:00Z</updated><published>2021-01-01T00:00:00Z</published></entry>";
}

inline std::string atom_error(const std::string& link, const std::string& message) {
  return atom_feed("<entry><id>" + link + "</id><title>Error</title><updated>2026-04-12T22:59:06Z</updated>" +
                   "<link href=\"" + link + "\" rel=\"alternate\" type=\"text/html\"/><summary>" + message +
                   "</summary><author><name>arXiv api core</name></author></entry>");
}

}  // namespace bibsmith::testing
