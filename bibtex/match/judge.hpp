#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/match/reading_list.hpp"
#include "fetchers/record/record.hpp"

namespace bibsmith::bibtex {

// How a criterion turned out; unknown: one side says nothing of it.
enum class Criterion : std::uint8_t { unknown, agrees, differs };

// What was compared of an item and a record.
struct MatchEvidence {
  std::string title;  // "same", "typos", "words", "subtitle" or "differs"
  double similarity = 0;
  Criterion abstract = Criterion::unknown;  // the cut one against the whole
  Criterion authors = Criterion::unknown;   // those that the item names
  Criterion page_author = Criterion::unknown;
  Criterion year = Criterion::unknown;

  // Those that are no title and agree, or differ.
  int agreeing() const;
  int differing() const;
};

enum class MatchStatus : std::uint8_t { found, renamed, several, none };
std::string_view name_of(MatchStatus status);

struct Judgement {
  struct Choice {
    std::size_t candidate = 0;  // index into the candidates
    MatchEvidence evidence;
  };
  MatchStatus status = MatchStatus::none;
  std::vector<Choice> chosen;  // found and renamed: one; several: each
  // none: the candidates whose title is near, best first; why they were refused is in the evidence.
  std::vector<Choice> refused;
};

// Which of the candidates an item of a reading list means; `page_author` is whose page the list is ("":
// nobody's).
//
// A title that is the same needs no second criterion, but must not have one that speaks against it while none
// speaks for it. A title with typos needs one that agrees, where the list says anything but the title. A
// title with a word more or less, or without its subtitle, needs the abstract or the authors that the item
// names: who owns the page is not enough, for people write about the same again; an article alone counts as a
// typo. Another title with the very abstract is a paper that was renamed. A title that only resembles another
// is refused.
//
// Records of one work (the same arXiv id, or the same title and authors) count once: the one of arXiv. Of
// several works the one with more behind it wins; if none has more, all are reported. [any thread]
Judgement judge_match(const ReadingItem& item, std::string_view page_author,
                      std::span<const Record* const> candidates);

// An abstract, or the beginning of one, as abstracts are compared: who compares many reads each once. Moves
// keep it valid; it is not copied.
class AbstractKey {
 public:
  explicit AbstractKey(std::string_view text);
  AbstractKey(const AbstractKey&) = delete;
  AbstractKey& operator=(const AbstractKey&) = delete;
  AbstractKey(AbstractKey&&) = default;
  AbstractKey& operator=(AbstractKey&&) = default;

 private:
  friend bool begins_alike(const AbstractKey& teaser, const AbstractKey& abstract);
  friend Criterion compare_abstracts(const AbstractKey& teaser, const AbstractKey& abstract);

  std::size_t size_ = 0;  // of the text, bytes
  std::string letters_;   // of the key (title_key), end to end
  // Words that tell abstracts apart, in the order of the text; and the same, sorted. On the heap, so that a
  // move leaves what the views see where it is.
  std::unique_ptr<const std::string> key_;
  std::vector<std::string_view> words_;
  std::vector<std::string_view> sorted_;
};

// Whether it is the very abstract, not only its words: it begins as the teaser does. [any thread]
bool begins_alike(const AbstractKey& teaser, const AbstractKey& abstract);

// Whether the abstract begins as the teaser does, or, if it was rewritten, has most of its words. [any
// thread]
Criterion compare_abstracts(const AbstractKey& teaser, const AbstractKey& abstract);

// Whether two names may be one person's: the same family name, and initials of given names that do not
// contradict ("Jason D. Lee", "J. Lee", "Lee, Jason D."). [any thread]
bool may_be_same_person(std::string_view a, std::string_view b);

}  // namespace bibsmith::bibtex
