#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "bibtex/model/macros.hpp"
#include "bibtex/syntax/document.hpp"

namespace bibsmith::bibtex {

// What is compared of two entries of one file to tell whether they are the same work. Words are lower-case
// ASCII; empty and 0: the entry does not say.
struct ComparedEntry {
  enum class Kind : std::uint8_t { any, paper, book, part_of_book, thesis };

  std::uint32_t block = 0;
  Kind kind = Kind::any;
  std::string arxiv_id;  // without its version; of an entry that names two papers: empty
  std::string doi;       // of the publication, not arXiv's
  bool is_published = false;
  std::size_t fields = 0;

  std::vector<std::string> title;
  std::set<std::string> numbers;  // of the title: digits, "ii", "two", and the letter behind "part"
  std::set<std::string> markers;  // "erratum", "reply", "comment" and the like, of title and note
  std::vector<std::string> families;
  int year = 0;
  std::string venue;  // a journal or book title, not arXiv
  std::string volume;
  std::string number;
  std::string edition;
  std::string part;  // and chapter
  std::string pages;
};

// A file has few journals and many entries: what their names compare as, by the text of the field.
using KnownVenues = std::unordered_map<std::string, std::string>;

// `venues`, if it is given, is filled. [any thread, each with venues of its own]
ComparedEntry compared_entry(const Document& document, const Macros& macros, const Block& entry,
                             KnownVenues* venues = nullptr);

// Something says that these are two works, whatever identifier or title they share: one is an erratum or a
// reply, the titles have other numbers ("I" and "II"), a book has another edition or volume, an article
// another volume and other pages of the same journal, or neither title nor first author is the same. [any
// thread]
bool are_different_works(const ComparedEntry& a, const ComparedEntry& b);

// Without any identifier: the words of the title, the first author, half of the authors, and a year that is
// at most four years away must each be right, and nothing says otherwise. A title of one or two words also
// asks for the same journal or book, if both name one. [any thread]
bool are_same_work(const ComparedEntry& a, const ComparedEntry& b);

}  // namespace bibsmith::bibtex
