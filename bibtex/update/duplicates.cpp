#include "bibtex/update/duplicates.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <numeric>
#include <optional>
#include <unordered_map>
#include <utility>

#include "bibtex/compare/work_comparison.hpp"
#include "bibtex/edit/comparable_value.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/in_halves.hpp"
#include "bibtex/update/compared_entry.hpp"
#include "bibtex/update/left_alone.hpp"
#include "bibtex/write/write_entry.hpp"

namespace bibsmith::bibtex {

namespace {

// Of entries that share an identifier or a title but are different works, so many are told apart; a file of a
// hundred thousand works with one title takes no longer than another.
constexpr std::size_t works_under_one_name_max = 16;

// Sets of entries that are known to be one paper.
class Groups {
 public:
  explicit Groups(std::size_t entries) : parent_(entries), reason_(entries, DuplicateReason::same_id) {
    std::iota(parent_.begin(), parent_.end(), std::uint32_t{0});
  }

  std::uint32_t group_of(std::uint32_t entry) {
    while (parent_[entry] != entry) {
      parent_[entry] = parent_[parent_[entry]];
      entry = parent_[entry];
    }
    return entry;
  }

  void join(std::uint32_t a, std::uint32_t b, DuplicateReason reason) {
    a = group_of(a);
    b = group_of(b);
    if (a == b) return;
    if (b < a) std::swap(a, b);
    parent_[b] = a;
    reason_[a] = std::max({reason_[a], reason_[b], reason});
  }

  DuplicateReason reason(std::uint32_t group) const { return reason_[group]; }

 private:
  std::vector<std::uint32_t> parent_;
  std::vector<DuplicateReason> reason_;
};

using Names = std::vector<std::size_t>;  // hashes; two names of one hash are compared in full all the same
using SameWork = bool (*)(const ComparedEntry&, const ComparedEntry&);

// Joins entries that have a name in common and are the same work.
void join_by(const std::vector<ComparedEntry>& entries, Groups& groups, DuplicateReason reason,
             const std::function<Names(const ComparedEntry&)>& names_of, SameWork same) {
  std::vector<std::pair<std::size_t, std::uint32_t>> named;
  for (std::uint32_t i = 0; i < entries.size(); ++i) {
    for (const std::size_t name : names_of(entries[i])) named.emplace_back(name, i);
  }
  std::sort(named.begin(), named.end());
  std::vector<std::uint32_t> works;  // different ones under the name
  for (std::size_t at = 0; at < named.size(); ++at) {
    const auto [name, entry] = named[at];
    if (at == 0 || named[at - 1].first != name) works.clear();
    const std::uint32_t group = groups.group_of(entry);
    std::optional<std::uint32_t> found;
    for (const std::uint32_t work : works) {
      if (groups.group_of(work) != group && !same(entries[work], entries[entry])) continue;
      found = work;
      break;
    }
    if (found) {
      groups.join(*found, entry, reason);
    } else if (works.size() < works_under_one_name_max) {
      works.push_back(entry);
    }
  }
}

bool may_be_same(const ComparedEntry& a, const ComparedEntry& b) { return !are_different_works(a, b); }

std::size_t hash_of(std::string_view kind, std::string_view text) {
  return std::hash<std::string>{}(std::string(kind) + std::string(text));
}

// Under which names two entries of one work meet: the whole title, and its first and its last words, because
// one of them may lack the subtitle or differ in a word; each with the end of the first author's family name,
// which may lack its particles.
Names title_names(const ComparedEntry& entry) {
  constexpr std::size_t words_max = 4;
  constexpr std::size_t family_bytes_max = 3;
  if (entry.title.empty() || entry.families.empty()) return {};
  const std::string& family = entry.families.front();
  const std::string end = family.substr(family.size() - std::min(family.size(), family_bytes_max));
  Names names = {hash_of("title ", end + ' ' + squeezed(entry.title))};
  if (entry.title.size() < words_max) return names;
  std::string first = end;
  std::string last = end;
  for (std::size_t i = 0; i < words_max; ++i) {
    first += ' ' + entry.title[i];
    last += ' ' + entry.title[entry.title.size() - words_max + i];
  }
  names.push_back(hash_of("first ", first));
  names.push_back(hash_of("last ", last));
  return names;
}

bool is_container(std::string_view type) {
  return equal_ignoring_case(type, "xdata") || equal_ignoring_case(type, "set");
}

std::vector<ComparedEntry> compared_entries(const Document& document, const Macros& macros,
                                            const std::vector<Block>& blocks) {
  std::vector<ComparedEntry> entries(blocks.size());
  constexpr std::size_t worth_a_thread = 2'000;
  in_halves(blocks.size(), worth_a_thread, [&](std::size_t begin, std::size_t end) {
    KnownVenues venues;
    for (std::size_t i = begin; i < end; ++i)
      entries[i] = compared_entry(document, macros, blocks[i], &venues);
  });
  return entries;
}

std::vector<Block> looked_at(const Document& document, const Macros& macros) {
  std::vector<Block> blocks;
  for (const Block& block : document.blocks()) {
    if (block.kind != BlockKind::entry || is_container(document.text(block.type))) continue;
    if (!is_opted_out(document, macros, block)) blocks.push_back(block);
  }
  return blocks;
}

// Two long words of each title that is looked for: most entries of a file have none of them and need no
// closer look. Of many titles none is left out so; nullopt.
std::optional<std::vector<std::string>> telling_words(std::span<const ComparedEntry> asked) {
  constexpr std::size_t titles_max = 8;
  if (asked.size() > titles_max) return std::nullopt;
  std::vector<std::string> telling;
  for (const ComparedEntry& entry : asked) {
    std::vector<std::string> words = entry.title;
    std::stable_sort(words.begin(), words.end(),
                     [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
    for (std::size_t i = 0; i < std::min<std::size_t>(2, words.size()); ++i) telling.push_back(words[i]);
  }
  return telling;
}

bool has_any(const Document& document, const Block& block, const std::vector<std::string>& words) {
  const auto title = document.find_field(block, "title");
  if (!title) return false;
  // As in words_of(): accents, braces and commands inside of a word do not count.
  std::string text(document.text(title->value));
  const bool is_plain =
      text.find_first_of("\\") == std::string::npos &&
      std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (!is_plain) return true;
  std::erase_if(text, [](char c) { return c == '{' || c == '}'; });
  std::transform(text.begin(), text.end(), text.begin(), lower);
  return std::any_of(words.begin(), words.end(),
                     [&](const std::string& word) { return text.find(word) != std::string::npos; });
}

// A hundred thousand entries of one paper with a field of its own each would make a table of ten thousand
// million cells; what goes beyond is left out.
constexpr std::size_t difference_cells_max = 1 << 20;

std::vector<FieldDifference> differences_of(const Document& document,
                                            const std::vector<std::uint32_t>& blocks) {
  struct Seen {
    FieldDifference difference;
    std::vector<std::string> comparable;
  };
  std::vector<Seen> seen;
  std::map<std::string, std::size_t> place;  // in `seen`, by name
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    for (const FieldNode& field : document.fields(document.block(blocks[i]))) {
      std::string name = in_lower_case(document.text(field.name));
      if (seen.size() * blocks.size() >= difference_cells_max && !place.contains(name)) continue;
      const auto [at, is_new] = place.emplace(name, seen.size());
      if (is_new) {
        seen.push_back({{std::move(name), std::vector<std::string>(blocks.size())},
                        std::vector<std::string>(blocks.size())});
      }
      Seen& one = seen[at->second];
      if (!one.difference.values[i].empty()) continue;  // the first counts
      one.difference.values[i] = document.text(field.value);
      one.comparable[i] = comparable_value(document, field);
    }
  }
  std::vector<FieldDifference> differences;
  for (Seen& one : seen) {
    const auto differs = [&](const std::string& value) { return value != one.comparable.front(); };
    if (std::any_of(one.comparable.begin(), one.comparable.end(), differs))
      differences.push_back(std::move(one.difference));
  }
  return differences;
}

bool is_better(const ComparedEntry& a, const ComparedEntry& b) {
  if (a.is_published != b.is_published) return a.is_published;
  return a.fields > b.fields;
}

}  // namespace

std::string_view code_of(DuplicateReason reason) {
  constexpr std::array<std::string_view, 3> codes = {"same-id", "same-doi", "same-work"};
  return codes[static_cast<std::size_t>(reason)];
}

std::vector<DuplicateGroup> find_duplicates(const Document& document, const Macros& macros) {
  const std::vector<ComparedEntry> entries = compared_entries(document, macros, looked_at(document, macros));
  Groups groups(entries.size());
  const auto id_names = [](const ComparedEntry& entry) {
    return entry.arxiv_id.empty() ? Names{} : Names{hash_of("id ", entry.arxiv_id)};
  };
  const auto doi_names = [](const ComparedEntry& entry) {
    return entry.doi.empty() ? Names{} : Names{hash_of("doi ", entry.doi)};
  };
  const SameWork same_id = [](const ComparedEntry& a, const ComparedEntry& b) {
    return a.arxiv_id == b.arxiv_id && may_be_same(a, b);
  };
  const SameWork same_doi = [](const ComparedEntry& a, const ComparedEntry& b) {
    return a.doi == b.doi && may_be_same(a, b);
  };
  // The strongest first: what an identifier joins is not said to be joined by its title.
  join_by(entries, groups, DuplicateReason::same_id, id_names, same_id);
  join_by(entries, groups, DuplicateReason::same_doi, doi_names, same_doi);
  join_by(entries, groups, DuplicateReason::same_work, title_names, are_same_work);

  std::vector<DuplicateGroup> found;
  std::vector<std::uint32_t> first_best;                 // of each group, an index of `entries`
  std::unordered_map<std::uint32_t, std::size_t> place;  // in `found`
  std::vector<std::uint32_t> members(entries.size());
  for (std::uint32_t i = 0; i < entries.size(); ++i) ++members[groups.group_of(i)];
  for (std::uint32_t i = 0; i < entries.size(); ++i) {
    const std::uint32_t group = groups.group_of(i);
    if (members[group] < 2) continue;
    const auto [at, is_new] = place.emplace(group, found.size());
    if (is_new) {
      found.push_back({groups.reason(group), {}, entries[i].block, {}});
      first_best.push_back(i);
    }
    found[at->second].blocks.push_back(entries[i].block);
    std::uint32_t& best = first_best[at->second];
    if (is_better(entries[i], entries[best])) best = i;
  }
  for (std::size_t i = 0; i < found.size(); ++i) {
    found[i].best = entries[first_best[i]].block;
    found[i].differences = differences_of(document, found[i].blocks);
  }
  return found;
}

std::vector<std::vector<std::uint32_t>> find_same_works(const Document& document, const Macros& macros,
                                                        std::span<const Entry> entries) {
  std::vector<std::vector<std::uint32_t>> found(entries.size());
  if (entries.empty()) return found;
  std::vector<ComparedEntry> asked;
  for (const Entry& entry : entries) {
    const Document one = Document::parse(write_entry(entry, Style{}));
    const std::vector<Block> blocks = one.entries();
    asked.push_back(blocks.empty() ? ComparedEntry{} : compared_entry(one, Macros(one), blocks.front()));
  }
  std::vector<Block> blocks = looked_at(document, macros);
  if (const auto words = telling_words(asked))
    std::erase_if(blocks, [&](const Block& block) { return !has_any(document, block, *words); });
  for (const ComparedEntry& known : compared_entries(document, macros, blocks)) {
    for (std::size_t i = 0; i < asked.size(); ++i) {
      if (are_same_work(asked[i], known)) found[i].push_back(known.block);
    }
  }
  return found;
}

}  // namespace bibsmith::bibtex
