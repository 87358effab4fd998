#include "bibtex/normalize/authors.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

#include "bibtex/model/latex.hpp"
#include "bibtex/normalize/person.hpp"
#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

// An organisation cut in two ("LHCb", "Collaboration"), or a line's grammar taken for a name.
bool is_cut_organisation(const Author& author) {
  static constexpr ByteSet of_lines(":;");
  return of_lines.any_in(author.family) || names_organisation(author.family);
}

void add_text(AuthorNames& list, std::string_view text) {
  AuthorNames more = split_author(text);
  list.others = list.others || more.others;
  std::move(more.names.begin(), more.names.end(), std::back_inserter(list.names));
}

void add_parts(AuthorNames& list, const Author& author) {
  if (author.suffix.empty() && is_name_as_it_stands(author.family, author.given)) {  // nearly everyone
    Name& name = list.names.emplace_back();
    name.family = author.family;
    name.given = author.given;
    return;
  }
  std::string family = author_text(author.family);
  std::string given = author_text(author.given);
  while (family.ends_with(',')) family.pop_back();
  move_trailing_particles(given, family);
  Name name = person_from_parts(family, given, author.suffix.empty() ? "" : author_text(author.suffix));
  if (!name.family.empty()) list.names.push_back(std::move(name));
}

class NameEncoder {
 public:
  explicit NameEncoder(TextEncoding encoding) : encoding_(encoding) {}

  void encode(Name& name) {
    for (std::string* const part : {&name.given, &name.prefix, &name.family, &name.suffix, &name.literal}) {
      if (!part->empty() && !needs_no_latex(*part)) encode(*part);
    }
  }

  void report(NormalizeFindings& findings) const {
    if (unwritable_.empty()) return;
    findings.push_back(
        {"author.unwritable", "LaTeX has no command for " + unwritable_ + " in a name, kept as UTF-8"});
  }

 private:
  void encode(std::string& part) {
    LatexText latex = to_latex(part, encoding_);
    for (std::size_t at = 0; at < latex.unwritable.size();) {
      std::size_t end = at + 1;
      while (end < latex.unwritable.size() &&
             (static_cast<unsigned char>(latex.unwritable[end]) & 0xC0U) == 0x80U)
        ++end;
      const std::string character = latex.unwritable.substr(at, end - at);
      if (unwritable_.find(character) == std::string::npos) unwritable_ += character;
      at = end;
    }
    part = std::move(latex.text);
  }

  TextEncoding encoding_;
  std::string unwritable_;  // each character once
};

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

std::vector<Name> encode_names(std::vector<Name> names, TextEncoding encoding, NormalizeFindings& findings) {
  NameEncoder encoder(encoding);
  for (Name& name : names) encoder.encode(name);
  encoder.report(findings);
  return names;
}

std::string author_field(AuthorNames authors, TextEncoding encoding, NormalizeFindings& findings) {
  constexpr std::size_t name_bytes_usual = 24;
  std::string out;
  out.reserve(authors.names.size() * name_bytes_usual);
  NameEncoder encoder(encoding);
  for (Name& name : authors.names) {
    if (append_plain_name(out, name)) continue;
    encoder.encode(name);
    append_name(out, name);
  }
  encoder.report(findings);
  if (authors.others && !out.empty()) out += " and others";
  return out;
}

}  // namespace bibsmith::bibtex
