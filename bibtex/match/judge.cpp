#include "bibtex/match/judge.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <utility>

#include "bibtex/compare/work_comparison.hpp"
#include "bibtex/match/title_key.hpp"
#include "bibtex/match/title_likeness.hpp"
#include "bibtex/model/latex.hpp"
#include "bibtex/model/name.hpp"
#include "bibtex/normalize/person.hpp"

namespace bibsmith::bibtex {

namespace {

using Kind = TitleLikeness::Kind;

// Titles less alike are not reported as refused.
constexpr double near_title = 0.7;
constexpr std::size_t refused_max = 3;

std::string_view name_of(Kind kind) {
  constexpr std::array<std::string_view, 5> names = {"same", "typos", "words", "subtitle", "differs"};
  return names[static_cast<std::size_t>(kind)];
}

// Words that tell abstracts apart.
std::vector<std::string_view> content_words(std::string_view key) {
  constexpr std::size_t letters_min = 5;
  std::vector<std::string_view> words = key_words(key);
  std::erase_if(words, [](std::string_view word) {
    constexpr std::array<std::string_view, 12> common = {"which", "these",   "their",   "there",
                                                         "where", "paper",   "study",   "using",
                                                         "based", "propose", "between", "results"};
    return word.size() < letters_min || std::ranges::find(common, word) != common.end();
  });
  return words;
}

std::string family_of(const Author& author) {
  if (!author.family.empty()) return family_key(to_unicode(author.family));
  const Name name = person_from_text(to_unicode(author.name));
  return family_key(name.is_literal() ? name.literal : name.family);
}

Criterion compare_authors(const std::vector<std::string>& said, const Record& record) {
  if (said.empty() || record.authors.empty()) return Criterion::unknown;
  std::vector<std::string> known;
  for (std::size_t i = 0; i < record.authors.size() && i < authors_compared_max; ++i) {
    known.push_back(family_of(record.authors[i]));
  }
  std::vector<std::string> families;
  for (std::size_t i = 0; i < said.size() && i < authors_compared_max; ++i) {
    families.push_back(family_key(to_unicode(said[i])));
  }
  return share_half(families, known) ? Criterion::agrees : Criterion::differs;
}

Criterion compare_years(int year, const Record& record) {
  constexpr int years_before = 1;
  constexpr int years_behind = 4;
  const int first = record.published.known() ? record.published.year
                    : record.publication     ? record.publication->date.year
                                             : 0;
  if (year == 0 || first == 0) return Criterion::unknown;
  const int last = std::max<int>(first, record.updated.year) + years_behind;
  return year >= first - years_before && year <= last ? Criterion::agrees : Criterion::differs;
}

Criterion compare_page_author(std::string_view author, const Record& record) {
  if (author.empty() || record.authors.empty()) return Criterion::unknown;
  const bool is_there = std::ranges::any_of(
      record.authors, [author](const Author& one) { return may_be_same_person(author, one.name); });
  return is_there ? Criterion::agrees : Criterion::differs;
}

struct Compared {
  Judgement::Choice choice;
  TitleLikeness title;
  bool accepted = false;
  bool renamed = false;

  int weight() const {
    const int exact = title.kind == Kind::same ? 3 : title.kind == Kind::typos ? 1 : 0;
    return exact + 2 * choice.evidence.agreeing() - 2 * choice.evidence.differing();
  }
};

// Of the criteria that are not the title.
bool says_more_than_title(const ReadingItem& item, std::string_view page_author) {
  return !item.teaser.empty() || !item.authors.empty() || !page_author.empty();
}

bool accepts(const Compared& one, bool says_more) {
  const MatchEvidence& evidence = one.choice.evidence;
  // The year alone tells little: it speaks against, not for.
  const int agreeing = evidence.agreeing() - (evidence.year == Criterion::agrees ? 1 : 0);
  switch (one.title.kind) {
    case Kind::same:
      return agreeing > 0 || evidence.differing() == 0;
    case Kind::typos:
    case Kind::words:
    case Kind::subtitle:
      break;
    case Kind::differs:
      return false;
  }
  const bool contradicted =
      evidence.year == Criterion::differs || evidence.authors == Criterion::differs ||
      (evidence.abstract == Criterion::differs) ||
      (evidence.page_author == Criterion::differs && evidence.abstract != Criterion::agrees);
  if (contradicted) return false;
  const bool is_slip = one.title.kind == Kind::typos || one.title.lost_article;
  if (is_slip) return !says_more || agreeing > 0;
  return evidence.abstract == Criterion::agrees || evidence.authors == Criterion::agrees;
}

Compared compare(const ReadingItem& item, const std::string& key, const AbstractKey& teaser,
                 std::string_view page_author, const Record& record, std::size_t index) {
  Compared out;
  out.title = compare_title_keys(key, title_key(record.title));
  MatchEvidence& evidence = out.choice.evidence;
  out.choice.candidate = index;
  evidence.title = name_of(out.title.kind);
  evidence.similarity = out.title.similarity;
  const AbstractKey abstract(record.abstract);
  evidence.abstract = compare_abstracts(teaser, abstract);
  evidence.authors = compare_authors(item.authors, record);
  evidence.page_author = compare_page_author(page_author, record);
  evidence.year = compare_years(item.year, record);
  out.accepted = accepts(out, says_more_than_title(item, page_author));
  out.renamed = !out.accepted && evidence.page_author != Criterion::differs &&
                evidence.authors != Criterion::differs && begins_alike(teaser, abstract);
  out.accepted |= out.renamed;
  return out;
}

bool is_same_work(const Record& a, const Record& b) {
  if (a.arxiv_id && b.arxiv_id) return same_paper(*a.arxiv_id, *b.arxiv_id);
  for (const Doi& doi : a.dois) {
    if (std::ranges::find(b.dois, doi) != b.dois.end()) return true;
  }
  if (squeezed_key(title_key(a.title)) != squeezed_key(title_key(b.title))) return false;
  std::vector<std::string> families;
  for (const Author& author : a.authors) families.push_back(family_of(author));
  return compare_authors(families, b) != Criterion::differs;
}

// Of records of one work the first that has an arXiv id, else the first.
void merge_same_works(std::vector<Compared>& accepted, std::span<const Record* const> candidates) {
  std::vector<Compared> works;
  for (Compared& one : accepted) {
    const Record& record = *candidates[one.choice.candidate];
    const auto same = std::ranges::find_if(works, [&](const Compared& known) {
      return is_same_work(*candidates[known.choice.candidate], record);
    });
    if (same == works.end()) {
      works.push_back(std::move(one));
    } else if (!candidates[same->choice.candidate]->arxiv_id && record.arxiv_id) {
      *same = std::move(one);
    }
  }
  accepted = std::move(works);
}

}  // namespace

int MatchEvidence::agreeing() const {
  int count = 0;
  for (const Criterion one : {abstract, authors, page_author, year})
    count += one == Criterion::agrees ? 1 : 0;
  return count;
}

int MatchEvidence::differing() const {
  int count = 0;
  for (const Criterion one : {abstract, authors, page_author, year})
    count += one == Criterion::differs ? 1 : 0;
  return count;
}

std::string_view name_of(MatchStatus status) {
  constexpr std::array<std::string_view, 4> names = {"found", "renamed", "several", "none"};
  return names[static_cast<std::size_t>(status)];
}

AbstractKey::AbstractKey(std::string_view text)
    : size_(text.size()), key_(std::make_unique<const std::string>(title_key(text))) {
  letters_ = squeezed_key(*key_);
  words_ = content_words(*key_);
  sorted_ = words_;
  std::ranges::sort(sorted_);
}

// Both without their spaces.
bool begins_alike(const AbstractKey& teaser, const AbstractKey& abstract) {
  constexpr std::size_t letters_min = 60;
  constexpr std::size_t last_word = 12;  // may be cut
  const std::string_view letters = teaser.letters_;
  return letters.size() >= letters_min + last_word &&
         abstract.letters_.starts_with(letters.substr(0, letters.size() - last_word));
}

Criterion compare_abstracts(const AbstractKey& teaser, const AbstractKey& abstract) {
  constexpr std::size_t words_min = 6;
  constexpr double agreeing_share = 0.5;
  constexpr double differing_share = 0.2;
  if (teaser.size_ == 0 || abstract.size_ * 2 < teaser.size_) return Criterion::unknown;
  if (begins_alike(teaser, abstract)) return Criterion::agrees;
  auto said = std::span(teaser.words_);
  if (!said.empty()) said = said.first(said.size() - 1);  // the last may be cut
  if (said.size() < words_min) return Criterion::unknown;
  const auto shared = std::ranges::count_if(
      said, [&](std::string_view word) { return std::ranges::binary_search(abstract.sorted_, word); });
  const double share = static_cast<double>(shared) / static_cast<double>(said.size());
  return share >= agreeing_share   ? Criterion::agrees
         : share < differing_share ? Criterion::differs
                                   : Criterion::unknown;
}

bool may_be_same_person(std::string_view a, std::string_view b) {
  struct Parts {
    std::string family;
    std::vector<std::string> given;
  };
  const auto parts_of = [](std::string_view text) {
    const Name name = person_from_text(to_unicode(text));
    Parts parts;
    parts.family = family_key(name.is_literal() ? name.literal : name.prefix + name.family);
    const std::string given = title_key(name.given);
    for (const std::string_view word : key_words(given)) parts.given.emplace_back(word);
    return parts;
  };
  const Parts x = parts_of(a);
  const Parts y = parts_of(b);
  if (x.family.empty() || !same_family(x.family, y.family)) return false;
  // Word by word: the same, or one is the other's initial; one may have fewer.
  for (std::size_t i = 0; i < x.given.size() && i < y.given.size(); ++i) {
    const std::string& p = x.given[i];
    const std::string& q = y.given[i];
    const bool is_initial = p.size() == 1 || q.size() == 1;
    if (is_initial ? p.front() != q.front() : p != q && !p.starts_with(q) && !q.starts_with(p)) return false;
  }
  return true;
}

Judgement judge_match(const ReadingItem& item, std::string_view page_author,
                      std::span<const Record* const> candidates) {
  Judgement judgement;
  const std::string key = title_key(item.title);
  const AbstractKey teaser(item.teaser);
  std::vector<Compared> accepted;
  std::vector<Compared> refused;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    Compared one = compare(item, key, teaser, page_author, *candidates[i], i);
    if (one.accepted) {
      accepted.push_back(std::move(one));
    } else if (one.title.similarity >= near_title || one.title.kind == Kind::subtitle) {
      refused.push_back(std::move(one));
    }
  }
  merge_same_works(accepted, candidates);
  // What has its title goes before what was renamed.
  if (std::ranges::any_of(accepted, [](const Compared& one) { return !one.renamed; })) {
    std::erase_if(accepted, [](const Compared& one) { return one.renamed; });
  }
  std::ranges::stable_sort(accepted, std::ranges::greater{}, &Compared::weight);
  if (!accepted.empty()) {
    const int best = accepted.front().weight();
    std::erase_if(accepted, [best](const Compared& one) { return one.weight() < best; });
    judgement.status = accepted.size() > 1        ? MatchStatus::several
                       : accepted.front().renamed ? MatchStatus::renamed
                                                  : MatchStatus::found;
    for (Compared& one : accepted) judgement.chosen.push_back(std::move(one.choice));
    return judgement;
  }
  std::ranges::stable_sort(refused, std::ranges::greater{},
                           [](const Compared& one) { return one.title.similarity; });
  refused.resize(std::min(refused.size(), refused_max));
  for (Compared& one : refused) judgement.refused.push_back(std::move(one.choice));
  return judgement;
}

}  // namespace bibsmith::bibtex
