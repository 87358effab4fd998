#include "plugin/session/author_facts.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "bibtex/compare/work_comparison.hpp"
#include "bibtex/model/latex.hpp"
#include "bibtex/model/unicode.hpp"
#include "bibtex/normalize/authors.hpp"
#include "bibtex/normalize/comment.hpp"
#include "fetchers/record/ascii.hpp"

namespace bibsmith::plugin {

namespace {

std::string shown_of(const bibtex::Name& name) {
  if (name.is_literal()) return name.literal;
  std::string shown;
  for (const std::string* part : {&name.given, &name.prefix, &name.family, &name.suffix}) {
    if (part->empty()) continue;
    if (!shown.empty()) shown += ' ';
    shown += *part;
  }
  return shown;
}

fetchers::PersonName comparable(const bibtex::Name& name, std::string shown) {
  fetchers::PersonName out =
      fetchers::person_name(bibtex::to_plain_latin(name.is_literal() ? name.literal : name.family),
                            bibtex::to_plain_latin(name.given), std::move(shown));
  out.is_organisation = name.is_literal();
  return out;
}

// "Advances in Neural Information Processing Systems 37", "The Twelfth ... (2024)": one venue each, whatever
// the year.
std::string without_numbers(std::string_view title) {
  std::string out;
  std::size_t begin = 0;
  while (begin < title.size()) {
    const std::size_t end = std::min(title.find(' ', begin), title.size());
    const std::string_view word = title.substr(begin, end - begin);
    if (!word.empty() && std::ranges::none_of(word, is_digit)) {
      if (!out.empty()) out += ' ';
      out += word;
    }
    begin = end + 1;
  }
  while (out.ends_with(',')) out.pop_back();
  return out;
}

std::string text_of(const bibtex::Entry& entry, std::string_view name) {
  const bibtex::Field* field = entry.find(name);
  std::string text;
  if (field == nullptr) return text;
  for (const bibtex::Piece& piece : field->value.pieces) text += piece.text;
  return bibtex::to_unicode(text);
}

std::string venue_of(const bibtex::CommentReading& comment, const bibtex::NormalizedEntry* entry) {
  if (entry != nullptr && entry->is_published) {
    for (const char* name : {"journal", "journaltitle"}) {
      if (std::string journal = text_of(entry->entry, name); !journal.empty()) return journal;
    }
    if (comment.booktitle.empty()) {
      if (std::string book = text_of(entry->entry, "booktitle"); !book.empty()) return without_numbers(book);
    }
  }
  if (!bibtex::says_accepted(comment.status)) return {};
  return comment.journal.empty() ? comment.venue : comment.journal;
}

bool begins_math(std::string_view text, std::size_t at) {
  return text[at] == '$' || text.substr(at, 2) == "\\(" || text.substr(at, 2) == "\\[";
}

// Formulas are no words.
std::string without_math(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t end = begins_math(text, i) ? bibtex::math_end(text, i) : text.npos;
    if (end == text.npos) {
      out += text[i];
    } else {
      out += ' ';
      i = end - 1;
    }
  }
  return out;
}

}  // namespace

std::vector<fetchers::PersonName> person_names(const Record& record) {
  std::vector<fetchers::PersonName> out;
  for (const Author& author : record.authors) {
    const bibtex::AuthorNames read = bibtex::author_names(std::span(&author, 1));
    for (const bibtex::Name& name : read.names) {
      fetchers::PersonName& person = out.emplace_back(
          comparable(name, read.names.size() == 1 ? bibtex::author_text(author.name) : shown_of(name)));
      person.is_organisation = person.is_organisation || author.is_literal;
      if (read.names.size() > 1) continue;
      person.orcid = author.orcid;
      person.affiliations = author.affiliations;
    }
  }
  return out;
}

fetchers::AuthoredPaper authored_paper(const Record& record, const bibtex::NormalizedEntry* entry) {
  fetchers::AuthoredPaper paper;
  if (record.arxiv_id) {
    paper.id = record.arxiv_id->base();
    paper.versions = record.arxiv_id->version().value_or(0);
  }
  paper.authors = person_names(record);
  paper.categories = record.categories;
  paper.submitted = record.published;
  const bibtex::CommentReading comment = bibtex::read_comment(record.comment);
  paper.pages = comment.pages;
  paper.venue = venue_of(comment, entry);
  paper.is_published =
      !record.journal_ref.empty() || !record.dois.empty() || (entry != nullptr && entry->is_published);
  paper.is_withdrawn = record.withdrawn || comment.status == bibtex::CommentStatus::withdrawn;
  paper.words = bibtex::words_of(without_math(record.title + ' ' + record.abstract));
  return paper;
}

}  // namespace bibsmith::plugin
