#include "bibtex/normalize/authors.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

#include "bibtex/model/latex.hpp"
#include "bibtex/normalize/person.hpp"

namespace bibsmith::bibtex {

namespace {

// An organisation cut in two ("LHCb", "Collaboration"), or a line's grammar taken for a name.
bool is_cut_organisation(const Author& author) {
  return names_organisation(author.family) || author.family.find_first_of(":;") != std::string::npos;
}

void add_text(AuthorNames& list, std::string_view text) {
  AuthorNames more = split_author(text);
  list.others = list.others || more.others;
  std::move(more.names.begin(), more.names.end(), std::back_inserter(list.names));
}

void add_parts(AuthorNames& list, const Author& author) {
  std::string family = author_text(author.family);
  std::string given = author_text(author.given);
  while (family.ends_with(',')) family.pop_back();
  move_trailing_particles(given, family);
  Name name = person_from_parts(family, given, author_text(author.suffix));
  if (!name.family.empty()) list.names.push_back(std::move(name));
}

}  // namespace

AuthorNames author_names(std::span<const Author> authors) {
  AuthorNames list;
  list.names.reserve(authors.size());
  for (const Author& author : authors) {
    if (author.is_literal) {
      Name name;
      name.literal = tidy_name(author_text(author.name));
      if (!name.literal.empty()) list.names.push_back(std::move(name));
    } else if (author.family.empty()) {
      add_text(list, author.name);
    } else if (is_cut_organisation(author)) {
      add_text(list, author.given.empty() ? author.family : author.given + " " + author.family);
    } else {
      add_parts(list, author);
    }
  }
  return list;
}

std::vector<Name> encode_names(std::span<const Name> names, TextEncoding encoding,
                               NormalizeFindings& findings) {
  std::vector<Name> encoded;
  encoded.reserve(names.size());
  std::string unwritable;
  const auto encode = [&](const std::string& part) {
    LatexText latex = to_latex(part, encoding);
    for (std::size_t at = 0; at < latex.unwritable.size();) {
      std::size_t end = at + 1;
      while (end < latex.unwritable.size() &&
             (static_cast<unsigned char>(latex.unwritable[end]) & 0xC0U) == 0x80U)
        ++end;
      const std::string character = latex.unwritable.substr(at, end - at);
      if (unwritable.find(character) == std::string::npos) unwritable += character;
      at = end;
    }
    return std::move(latex.text);
  };
  for (const Name& name : names) {
    encoded.push_back({encode(name.given), encode(name.prefix), encode(name.family), encode(name.suffix),
                       encode(name.literal)});
  }
  if (!unwritable.empty()) {
    findings.push_back(
        {"author.unwritable", "LaTeX has no command for " + unwritable + " in a name, kept as UTF-8"});
  }
  return encoded;
}

}  // namespace bibsmith::bibtex
