#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fetchers/profile/person_name.hpp"
#include "fetchers/record/date.hpp"

namespace bibsmith::fetchers {

// What a profile needs of one paper on arXiv. Zero and empty mean unknown.
struct AuthoredPaper {
  std::string id;  // arXiv's, without version
  std::vector<PersonName> authors;
  std::vector<std::string> categories;  // primary first
  Date submitted;                       // version 1
  std::uint16_t versions = 0;
  std::uint32_t pages = 0;    // as the comment tells
  bool is_published = false;  // the record names a journal, a book or a DOI
  std::string venue;          // in words, where it is known
  bool is_withdrawn = false;
  std::vector<std::string> words;  // of title and abstract, in lower case; with repetitions
};

}  // namespace bibsmith::fetchers
