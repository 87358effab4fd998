// PostgresIndex by words: titles with typos, and searches.

#include <algorithm>
#include <iterator>
#include <utility>

#include "fetchers/index/packed_record.hpp"
#include "fetchers/index/postgres_index.hpp"
#include "fetchers/index/query_filter.hpp"
#include "fetchers/index/title_ranking.hpp"
#include "fetchers/index/word_variants.hpp"
#include "fetchers/record/edit_distance.hpp"
#include "fetchers/record/key_words.hpp"

namespace bibsmith::fetchers {

namespace {

// A word of more titles tells too little: it counts only together with others.
constexpr std::int64_t rare_titles_max = 1'500;
// Titles that a step compares letter by letter, as many as come in a few hundred kilobytes. To let the server
// choose the best of them by their words costs it more than to send them.
constexpr std::int64_t titles_compared_max = 3'000;
// One of the words that are asked for together is in no more titles.
constexpr std::int64_t common_titles_max = 20'000;
// From here on titles are not counted on: a word may be in most of them, and of a pair with it a part as
// large.
constexpr std::int64_t titles_counted_max = 30'000;
constexpr std::int64_t titles_beside_most_max = 5'000;
constexpr std::size_t words_max = 40;
constexpr std::size_t words_together_max = 10;
constexpr std::size_t pairs_max = 12;
constexpr std::size_t word_bytes_max = 40;  // that typos are looked for in

void add_once(std::vector<std::string>& words, std::string word) {
  if (std::ranges::find(words, word) == words.end()) words.push_back(std::move(word));
}

constexpr const char* title_words = "string_to_array(w.title, ' ')";
constexpr const char* people_words = "string_to_array(w.people, ' ')";

// Of the works that are so, found by the index of words: where it sees the limit, the planner may hope to
// meet enough of them soon on a walk through the whole table.
std::string titles_where(const std::string& condition) {
  return "WITH found AS MATERIALIZED (SELECT w.identity, w.source, w.number, w.title FROM bibsmith.works AS "
         "w "
         "WHERE " +
         condition + ") SELECT * FROM found LIMIT " + std::to_string(titles_compared_max);
}

}  // namespace

PostgresIndex::Found<std::map<std::string, PostgresIndex::Frequency>> PostgresIndex::frequencies(
    std::span<const std::string> words) {
  PostgresCall call("SELECT word, titles, names FROM bibsmith.words WHERE word = ANY ($1::text[])");
  call.texts(words);
  const auto rows = ask({&call, 1});
  if (!rows) return tl::unexpected(rows.error());
  std::map<std::string, Frequency> found;
  for (std::size_t i = 0; i < rows->front().size(); ++i) {
    const PostgresRows& row = rows->front();
    found[std::string(row.text(i, 0))] = {row.integer(i, 1), row.integer(i, 2)};
  }
  return found;
}

PostgresIndex::Found<std::vector<std::optional<Record>>> PostgresIndex::records_at(
    std::span<const Place> places) {
  if (places.empty()) return std::vector<std::optional<Record>>{};
  std::vector<std::string> identities;
  for (const Place& place : places) identities.push_back(place.identity);
  PostgresCall call("SELECT identity, source, body FROM bibsmith.records WHERE identity = ANY ($1::text[])");
  call.texts(identities);
  const auto rows = ask({&call, 1});
  if (!rows) return tl::unexpected(rows.error());
  std::map<std::pair<std::string_view, std::string_view>, std::string_view> bodies;
  const PostgresRows& row = rows->front();
  for (std::size_t i = 0; i < row.size(); ++i) bodies[{row.text(i, 0), row.text(i, 1)}] = row.text(i, 2);
  std::vector<std::optional<Record>> found;
  for (const Place& place : places) {
    const auto body = bodies.find({place.identity, place.source});
    found.push_back(body == bodies.end() ? std::nullopt : unpacked(body->second));
  }
  return found;
}

// The nearest titles, in steps as NearTitles takes them: titles that share rare words; titles that share
// words which a typo may have made of those that are not there; titles that have all the words but one, or
// any two of them, typos mended.
class PostgresIndex::Near {
 public:
  Near(PostgresIndex& index, std::string_view title)
      : index_(index), key_(index.options_.read_title(title)), ranking_(key_) {}

  Found<std::vector<IndexedWork>> find(std::size_t works_max);

 private:
  // A word of the title, or what one of it may have been.
  struct Known {
    std::string word;
    std::int64_t titles = 0;
  };
  using Choice = std::vector<Known>;  // of which one is meant; never empty

  Done with_rare_words(std::vector<Known> words);
  Done with_words_together();
  Done with_pairs(const std::vector<Choice>& choices);
  Found<std::vector<Choice>> corrected(const std::vector<std::string>& words);
  Found<std::vector<std::string>> similar_words(const std::string& word);
  Done compare(const PostgresCall& call);

  PostgresIndex& index_;
  std::string key_;
  TitleRanking ranking_;
  std::vector<Known> known_;              // the words of the title that titles have, the rarest first
  std::map<std::int64_t, Place> places_;  // of what was compared, by number
};

// Of rows with identity, source, number and title.
PostgresIndex::Done PostgresIndex::Near::compare(const PostgresCall& call) {
  const auto rows = index_.ask({&call, 1});
  if (!rows) return tl::unexpected(rows.error());
  const PostgresRows& row = rows->front();
  for (std::size_t i = 0; i < row.size(); ++i) {
    const bool is_new =
        places_
            .try_emplace(row.integer(i, 2), Place{std::string(row.text(i, 0)), std::string(row.text(i, 1))})
            .second;
    if (is_new) ranking_.offer(row.integer(i, 2), row.text(i, 3));
  }
  ranking_.sort();
  return {};
}

PostgresIndex::Done PostgresIndex::Near::with_rare_words(std::vector<Known> words) {
  std::ranges::stable_sort(words, {}, &Known::titles);
  std::vector<std::string> rare;
  std::int64_t total = 0;
  for (const Known& one : words) {
    if (one.titles > rare_titles_max || total + one.titles > titles_compared_max) break;
    total += one.titles;
    add_once(rare, one.word);
  }
  if (rare.empty()) return {};
  PostgresCall call(titles_where(std::string(title_words) + " && $1::text[]"));
  call.texts(rare);
  return compare(call);
}

PostgresIndex::Done PostgresIndex::Near::with_words_together() {
  std::vector<Known> words(known_.begin(), known_.begin() + static_cast<std::ptrdiff_t>(
                                                                std::min(known_.size(), words_together_max)));
  std::string condition;
  std::vector<std::vector<std::string>> sets;
  // All of them, then all but one.
  for (std::size_t left_out = words.size() + 1; left_out-- > 0;) {
    std::vector<std::string> set;
    bool has_bound = false;
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (i == left_out) continue;
      has_bound = has_bound || words[i].titles <= common_titles_max;
      set.push_back(words[i].word);
    }
    if (set.empty() || (set.size() < 3 && !has_bound)) continue;
    sets.push_back(std::move(set));
    condition += (condition.empty() ? "" : " OR ") + std::string(title_words) + " @> $" +
                 std::to_string(sets.size()) + "::text[]";
  }
  if (sets.empty()) return {};
  PostgresCall call(titles_where(condition));
  for (const auto& set : sets) call.texts(set);
  return compare(call);
}

// The rarest pairs first, for what is found is cut somewhere.
PostgresIndex::Done PostgresIndex::Near::with_pairs(const std::vector<Choice>& choices) {
  struct Side {
    std::vector<std::string> words;
    std::int64_t titles = 0;
  };
  std::vector<Side> sides;
  for (const Choice& choice : choices) {
    Side& side = sides.emplace_back();
    for (const Known& one : choice) {
      side.words.push_back(one.word);
      side.titles += one.titles;
    }
  }
  std::ranges::stable_sort(sides, {}, &Side::titles);
  sides.resize(std::min(sides.size(), words_together_max));
  struct Pair {
    const Side* rarer;
    const Side* other;
    double titles;  // that have both if words stand together by chance, but for a factor
  };
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < sides.size(); ++i) {
    for (std::size_t j = i + 1; j < sides.size(); ++j) {
      const bool is_counted = sides[j].titles < titles_counted_max;
      if (sides[i].titles > (is_counted ? common_titles_max : titles_beside_most_max)) continue;
      pairs.push_back({&sides[i], &sides[j],
                       static_cast<double>(sides[i].titles) * static_cast<double>(sides[j].titles)});
    }
  }
  if (pairs.empty()) return {};
  std::ranges::stable_sort(pairs, {}, &Pair::titles);
  pairs.resize(std::min(pairs.size(), pairs_max));
  std::string condition;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    condition += (i == 0 ? "(" : " OR (") + std::string(title_words) + " && $" + std::to_string(2 * i + 1) +
                 "::text[] AND " + title_words + " && $" + std::to_string(2 * i + 2) + "::text[])";
  }
  PostgresCall call(titles_where(condition));
  for (const Pair& pair : pairs) call.texts(pair.rarer->words).texts(pair.other->words);
  return compare(call);
}

PostgresIndex::Found<std::vector<std::string>> PostgresIndex::Near::similar_words(const std::string& word) {
  std::vector<std::string> similar;
  if (index_.database_.can.trigrams) {
    PostgresCall call(
        "SELECT word FROM bibsmith.words WHERE word % $1 AND titles > 0 "
        "ORDER BY similarity(word, $1) DESC LIMIT 30");
    call.text(word);
    const auto rows = index_.ask({&call, 1});
    if (rows) {
      for (std::size_t i = 0; i < rows->front().size(); ++i) {
        const std::string_view found = rows->front().text(i, 0);
        if (found != word && word_distance(found, word, 2) <= 2) similar.emplace_back(found);
      }
      return similar;
    }
    // Not in the schemas that this user looks into.
    if (rows.error().state != "42883") return tl::unexpected(rows.error());
    index_.database_.can.trigrams = false;
  }
  for_each_typo(word, [&](const std::string& variant) { similar.push_back(variant); });
  return similar;
}

// Words that are there and may have been meant by one that is not, or by two neighbours.
PostgresIndex::Found<std::vector<PostgresIndex::Near::Choice>> PostgresIndex::Near::corrected(
    const std::vector<std::string>& words) {
  constexpr std::size_t suspects_max = 4;
  constexpr std::int64_t titles_of_suspect_max = 3;
  std::vector<std::string> suspects;
  for (const std::string& word : words) {
    const auto known = std::ranges::find(known_, word, &Known::word);
    const bool is_suspect = known == known_.end() || known->titles <= titles_of_suspect_max;
    if (!is_suspect || word.size() < 3 || word.size() > word_bytes_max) continue;
    // What no title has comes first.
    suspects.insert(known == known_.end() ? suspects.begin() : suspects.end(), word);
  }
  suspects.resize(std::min(suspects.size(), suspects_max));
  std::vector<std::vector<std::string>> asked;  // the words of each choice
  std::vector<std::string> halves;              // a left one and a right one, by turns
  for (const std::string& word : suspects) {
    auto similar = similar_words(word);
    if (!similar) return tl::unexpected(similar.error());
    asked.push_back(std::move(*similar));
    for (std::size_t i = 2; i + 2 <= word.size(); ++i) {
      halves.push_back(word.substr(0, i));
      halves.push_back(word.substr(i));
    }
  }
  for (std::size_t i = 0; i + 1 < words.size(); ++i) asked.push_back({words[i] + words[i + 1]});
  std::vector<std::string> all = halves;
  for (const auto& some : asked) std::ranges::copy(some, std::back_inserter(all));
  const auto there = index_.frequencies(all);
  if (!there) return tl::unexpected(there.error());

  const auto choice_of = [&](std::span<const std::string> some) {
    Choice choice;
    for (const std::string& word : some) {
      const auto found = there->find(word);
      if (found != there->end() && found->second.titles > 0) choice.push_back({word, found->second.titles});
    }
    return choice;
  };
  std::vector<Choice> choices;
  for (const auto& some : asked) {
    if (Choice choice = choice_of(some); !choice.empty()) choices.push_back(std::move(choice));
  }
  for (std::size_t i = 0; i < halves.size(); i += 2) {
    Choice left = choice_of({&halves[i], 1});
    Choice right = choice_of({&halves[i + 1], 1});
    if (left.empty() || right.empty()) continue;
    choices.push_back(std::move(left));
    choices.push_back(std::move(right));
  }
  return choices;
}

PostgresIndex::Found<std::vector<IndexedWork>> PostgresIndex::Near::find(std::size_t works_max) {
  std::vector<std::string> words;
  for (const std::string_view word : key_words(key_)) {
    if (words.size() < words_max) add_once(words, std::string(word));
  }
  if (words.empty()) return std::vector<IndexedWork>{};
  const auto there = index_.frequencies(words);
  if (!there) return tl::unexpected(there.error());
  for (const auto& [word, frequency] : *there) {
    if (frequency.titles > 0) known_.push_back({word, frequency.titles});
  }
  std::ranges::stable_sort(known_, {}, &Known::titles);
  Done done = with_rare_words(known_);
  std::vector<Choice> choices;
  for (const Known& one : known_) choices.push_back({one});
  if (done && !ranking_.is_near_enough()) {
    const auto others = corrected(words);
    if (!others) return tl::unexpected(others.error());
    std::vector<Known> meant;
    for (const Choice& choice : *others) std::ranges::copy(choice, std::back_inserter(meant));
    done = with_rare_words(std::move(meant));
    std::ranges::copy(*others, std::back_inserter(choices));
  }
  if (done && !ranking_.is_near_enough()) done = with_words_together();
  if (done && !ranking_.is_near_enough()) done = with_pairs(choices);
  if (!done) return tl::unexpected(done.error());

  std::vector<Place> places;
  for (const TitleRanking::Near& near : ranking_.best()) {
    if (places.size() < works_max) places.push_back(places_.at(near.work));
  }
  auto records = index_.records_at(places);
  if (!records) return tl::unexpected(records.error());
  std::vector<IndexedWork> works;
  for (std::size_t i = 0; i < places.size(); ++i) {
    auto& record = (*records)[i];
    if (record) works.push_back({std::move(*record), ranking_.best()[i].similarity});
  }
  return works;
}

tl::expected<std::vector<IndexedWork>, IndexError> PostgresIndex::like(std::string_view title,
                                                                       std::size_t works_max) {
  auto works = Near(*this, title).find(works_max);
  if (!works) return tl::unexpected(failed(works.error()));
  return std::move(*works);
}

// Works in which all words stand, page by page from the newest on, the rest of the query asked of their
// records.
class PostgresIndex::Search {
 public:
  Search(PostgresIndex& index, const IndexQuery& query)
      : index_(index), query_(query), filter_(query, index.options_.read_title) {}

  Found<std::vector<IndexedWork>> find();

 private:
  Done add_words(const std::string& text, bool in_title, bool in_author);
  PostgresCall page_before(std::int64_t number) const;

  PostgresIndex& index_;
  const IndexQuery& query_;
  QueryFilter filter_;
  std::vector<WordForms> words_;
};

// A word that stands nowhere counts as a typo of those that do.
PostgresIndex::Done PostgresIndex::Search::add_words(const std::string& text, bool in_title, bool in_author) {
  constexpr std::size_t words_asked_max = 20;
  std::vector<std::string> asked;
  const std::string key = index_.options_.read_title(text);
  for (const std::string_view word : key_words(key)) {
    const bool is_initial = in_author && !in_title && word.size() < 2;
    if (!is_initial && words_.size() + asked.size() < words_asked_max) add_once(asked, std::string(word));
  }
  std::vector<std::string> variants = asked;
  for (const std::string& word : asked) {
    if (word.size() < 4 || word.size() > word_bytes_max) continue;
    for_each_typo(word, [&](const std::string& variant) { variants.push_back(variant); });
  }
  if (asked.empty()) return {};
  const auto there = index_.frequencies(variants);
  if (!there) return tl::unexpected(there.error());
  const auto forms_of = [&](const std::string& word, std::int64_t Frequency::*place) {
    const auto is_there = [&](const std::string& form) {
      const auto known = there->find(form);
      return known != there->end() && known->second.*place > 0;
    };
    std::vector<std::string> forms{word};
    if (is_there(word) || word.size() < 4 || word.size() > word_bytes_max) return forms;
    for_each_typo(word, [&](const std::string& variant) {
      if (is_there(variant)) add_once(forms, variant);
    });
    return forms;
  };
  for (const std::string& word : asked) {
    WordForms forms;
    if (in_title) forms.title = forms_of(word, &Frequency::titles);
    // A name that is spelt right is not taken for a typo of a word, nor the other way round.
    if (in_author && (!in_title || forms.title.size() == 1)) forms.author = forms_of(word, &Frequency::names);
    filter_.require(forms);
    words_.push_back(std::move(forms));
  }
  return {};
}

PostgresCall PostgresIndex::Search::page_before(std::int64_t number) const {
  std::string sql =
      "SELECT w.identity, w.source, w.number FROM bibsmith.works AS w WHERE w.number < $1::bigint";
  int parameters = 1;
  for (const WordForms& word : words_) {
    std::string either;
    if (!word.title.empty())
      either = std::string(title_words) + " && $" + std::to_string(++parameters) + "::text[]";
    if (!word.author.empty()) {
      either += (either.empty() ? "" : " OR ") + std::string(people_words) + " && $" +
                std::to_string(++parameters) + "::text[]";
    }
    sql += " AND (" + either + ")";
  }
  PostgresCall call(sql + " ORDER BY w.number DESC LIMIT 200");
  call.integer(number);
  for (const WordForms& word : words_) {
    if (!word.title.empty()) call.texts(word.title);
    if (!word.author.empty()) call.texts(word.author);
  }
  return call;
}

PostgresIndex::Found<std::vector<IndexedWork>> PostgresIndex::Search::find() {
  constexpr std::size_t records_read_max = 20'000;
  Done done = add_words(query_.words, true, true);
  if (done) done = add_words(query_.title, true, false);
  if (done) done = add_words(query_.author, false, true);
  if (!done) return tl::unexpected(done.error());
  std::vector<IndexedWork> works;
  std::int64_t before = INT64_MAX;
  for (std::size_t read = 0; read < records_read_max && works.size() < query_.results_max;) {
    const PostgresCall call = page_before(before);
    const auto rows = index_.ask({&call, 1});
    if (!rows) return tl::unexpected(rows.error());
    const PostgresRows& row = rows->front();
    if (row.size() == 0) break;
    std::vector<Place> places;
    for (std::size_t i = 0; i < row.size(); ++i)
      places.push_back({std::string(row.text(i, 0)), std::string(row.text(i, 1))});
    before = row.integer(row.size() - 1, 2);
    read += row.size();
    auto records = index_.records_at(places);
    if (!records) return tl::unexpected(records.error());
    for (auto& record : *records) {
      if (record && works.size() < query_.results_max && filter_.matches(*record))
        works.push_back({std::move(*record), 1});
    }
  }
  return works;
}

tl::expected<std::vector<IndexedWork>, IndexError> PostgresIndex::search(const IndexQuery& query) {
  auto works = Search(*this, query).find();
  if (!works) return tl::unexpected(failed(works.error()));
  return std::move(*works);
}

}  // namespace bibsmith::fetchers
