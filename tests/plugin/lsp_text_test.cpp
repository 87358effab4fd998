// What the language server knows of texts: citations, lines, entries found by what is typed.
#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "bibtex/syntax/line_index.hpp"
#include "plugin/lsp/bib_file.hpp"
#include "plugin/lsp/citations.hpp"
#include "plugin/lsp/features/features.hpp"
#include "plugin/lsp/paper_text.hpp"
#include "plugin/lsp/text_search.hpp"
#include "plugin/lsp/text_words.hpp"
#include "plugin/lsp/uri.hpp"
#include "plugin/lsp/workspace.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using namespace bibsmith::plugin;
using bibsmith::bibtex::ColumnUnit;
using bibsmith::bibtex::LineIndex;
using bibsmith::bibtex::Position;
using Keys = std::vector<std::string>;

namespace {

// What is typed at '|', and the whole key there: "typed/whole", or "-".
std::string typed(std::string text, Language language) {
  const std::size_t cursor = text.find('|');
  text.erase(cursor, 1);
  const auto key = typed_key(text, static_cast<std::uint32_t>(cursor), language);
  return key ? key->typed + '/' + std::string(key->span.in(text)) : "-";
}

Keys found(const BibFile& file, std::string_view words) {
  Keys keys;
  for (const auto& match : file.search(words, 10)) keys.emplace_back(match.entry.key());
  return keys;
}

}  // namespace

TEST_CASE("paths and URIs") {
  CHECK(path_of_uri("file:///a%20b/%C3%A9.tex") == "/a b/é.tex");
  CHECK(path_of_uri("file://localhost/a") == "/a");
  CHECK(path_of_uri("untitled:Untitled-1").empty());
  CHECK(path_of_uri("file://elsewhere/a").empty());
  CHECK(path_of_uri("file:///a%00b").empty());
  CHECK(path_of_uri("file:///100%") == "/100%");
  CHECK(uri_of_path("/a b/é") == "file:///a%20b/%C3%A9");
  CHECK(language_of("tex", "") == Language::latex);
  CHECK(language_of("", "/x/refs.bib") == Language::bibtex);
  CHECK(language_of("latex", "/x/refs.bib") == Language::bibtex);
  CHECK(language_of("latex", "/x/paper.txt") == Language::latex);
  CHECK(language_of("c", "/x/a.c") == Language::other);
}

TEST_CASE("the key that is being typed") {
  CHECK(typed("\\cite{a, vas|}", Language::latex) == "vas/vas");
  CHECK(typed("\\citep[see][p. 3]{arXiv:17|06.03762,b}", Language::latex) == "arXiv:17/arXiv:1706.03762");
  CHECK(typed("\\parencite*{attention is| all}", Language::latex) == "attention is/attention is all");
  CHECK(typed("\\cite{|", Language::latex) == "/");
  CHECK(typed("\\cite{a}|", Language::latex) == "-");
  CHECK(typed("\\emph{a|}", Language::latex) == "-");
  CHECK(typed("\\cite{a\n\nb|}", Language::latex) == "-");
  CHECK(typed("text| \\cite{a}", Language::latex) == "-");
  CHECK(typed("see @va|s2017, and", Language::markdown) == "va/vas2017");
  CHECK(typed("see [-@|]", Language::markdown) == "/");
  CHECK(typed("me@x|", Language::markdown) == "-");
  CHECK(typed("#cite(<va|>)", Language::typst) == "va/va");
  CHECK(typed("a @va|", Language::org) == "va/va");
  CHECK(typed("@va|", Language::bibtex) == "-");
}

TEST_CASE("citations that ask for a paper get its key, those that are still typed too") {
  const auto keyed = [](std::string text) {
    const SourceFile source(text, Language::latex);
    return bibsmith::bibtex::apply_edits(text, request_key_edits(source, {{"1706.03762", "vaswani"}}));
  };
  CHECK(keyed("\\cite{a, arXiv:1706.03762v2} arXiv:1706.03762") == "\\cite{a, vaswani} arXiv:1706.03762");
  CHECK(keyed("\\cite{arXiv:1706.03762\n\\bibliography{refs}") == "\\cite{vaswani\n\\bibliography{refs}");
  CHECK(keyed("\\cite{arXiv:1706.037621") == "\\cite{arXiv:1706.037621");
}

TEST_CASE("what is known of a paper, for people") {
  bibsmith::Record record;
  record.arxiv_id = bibsmith::ArxivId::parse("1706.03762v7").value();
  record.authors.resize(8);
  record.authors.front().name = "Ashish Vaswani";
  record.title = "All_You Need";
  record.published = {2017, 6, 12};
  record.updated = {2023, 8, 2};
  CHECK(markdown_of(record).starts_with("Ashish Vaswani, "));
  CHECK(markdown_of(record).ends_with(" and 2 more · 2017\n\n**All\\_You Need**"));
  CHECK(news_markdown({}, nullptr, "").empty());
  CHECK(news_markdown({}, &record, "") == "\n\n7 versions: v1 2017-06-12, v7 2023-08-02");
  record.versions = {{1, {2017, 6, 12}}, {2, {2017, 6, 19}}};
  record.arxiv_id = record.arxiv_id->without_version();
  EntryNews news;
  news.label = "published: J. *X* 2018";
  CHECK(news_markdown(news, &record, "short") ==
        "\n\n**published: J. \\*X\\* 2018**\n\n2 versions: v1 2017-06-12, v2 2017-06-19\n\n---\n\nshort");
  news.label = "v2 available";
  news.findings.push_back({"online.superseded", bibsmith::bibtex::Severity::note, {}, "v1 is cited"});
  CHECK(news_markdown(news, nullptr, "") == "\n\nv1 is cited");
  record.versions.resize(1);
  record.abstract = std::string(1199, 'a') + "éé b";
  const std::string cut = news_markdown({}, &record, "");
  CHECK(cut.starts_with("\n\nv1 2017-06-12\n\n---\n\na"));
  CHECK(cut.ends_with("a …"));  // never within a character
}

TEST_CASE("one slip of the hand") {
  CHECK(is_one_slip("attention", "attentin"));
  CHECK(is_one_slip("attention", "atention"));
  CHECK(is_one_slip("attention", "attentiom"));
  CHECK(is_one_slip("attention", "attnetion"));
  CHECK(is_one_slip("a", "a"));
  CHECK_FALSE(is_one_slip("attention", "attenion2"));
  CHECK_FALSE(is_one_slip("abc", "abcde"));
}

TEST_CASE("find_text finds what string_view::find does") {
  std::mt19937 random(7);
  std::string text;
  for (int i = 0; i < 3000; ++i) text += static_cast<char>('a' + random() % 3);
  for (int i = 0; i < 2000; ++i) {
    const std::string needle = text.substr(random() % text.size(), 1 + random() % 12);
    const std::size_t from = random() % (text.size() + 10);
    REQUIRE(find_text(text, needle, from) == std::string_view(text).find(needle, from));
  }
  CHECK(find_text("", "a", 0) == std::string::npos);
}

TEST_CASE("trigrams never deny what a text holds, and deny most of what it does not") {
  std::mt19937 random(5);
  std::string lines;
  for (int i = 0; i < 1200; ++i) lines += i % 12 == 11 ? '\n' : static_cast<char>('a' + random() % 26);
  const Trigrams trigrams(lines);
  int denied = 0;
  for (int i = 0; i < 1000; ++i) {
    std::string needle;
    for (std::size_t n = 1 + random() % 6; n > 0; --n) needle += static_cast<char>('a' + random() % 26);
    if (trigrams.may_hold(needle)) continue;
    ++denied;
    REQUIRE(lines.find(needle) == lines.npos);
  }
  CHECK(denied > 500);
  CHECK(trigrams.may_hold("ab"));  // too short to tell
  CHECK_FALSE(Trigrams().may_hold("abc"));
}

TEST_CASE("a value is cut into the words that its text has, by whichever road") {
  const auto words = [](const std::string& value) {
    TextWords cut;
    cut.read(value);
    std::string all;
    for (const std::string_view word : cut.words()) (all += ' ') += word;
    return all;
  };
  CHECK(words("{On the Theory of Ill-Posed Problems 2}") == " on the theory of ill posed problems 2");
  CHECK(words("{{P}DE and M{\\\"u}ller}") == " pde and muller");
  CHECK(words("\"Naïve\" # jan") == " naive jan");
  CHECK(words("").empty());
  CHECK(words("{}").empty());
  CHECK(words("{" + std::string(64, 'A') + "}") == " " + std::string(64, 'a'));
  std::mt19937 random(11);
  for (int i = 0; i < 3000; ++i) {
    const std::string_view letters = i % 3 == 0 ? "aZ09 -{}" : i % 3 == 1 ? "aZ09 -@[`/:" : "aZ -\xC3\xBC";
    std::string value;
    for (std::size_t n = random() % (i % 10 == 0 ? 1200 : 150); n > 0; --n)
      value += letters[random() % letters.size()];
    std::string expected;
    append_words(expected, value);
    REQUIRE(words('{' + value + '}') == expected);
  }
}

TEST_CASE("entries are found by key, author, title, year and id, with slips") {
  const BibFile file(
      "@article{vaswani2017, author = {Ashish Vaswani}, title = {{A}ttention Is All You Need}, year = 2017, "
      "eprint = "
      "{1706.03762}}\n"
      "@article{muller1999, author = {Hans M{\\\"u}ller}, title = {On na\\\"ive things}, year = 1999}\n"
      "@book{knuth1984, author = \"Donald E. Knuth\", title = \"The {\\TeX}book\", year = 1984}\n");
  CHECK(found(file, "vas") == Keys{"vaswani2017"});
  CHECK(found(file, "attention need") == Keys{"vaswani2017"});
  CHECK(found(file, "1706.03762") == Keys{"vaswani2017"});
  CHECK(found(file, "Müller") == Keys{"muller1999"});
  CHECK(found(file, "muller naive") == Keys{"muller1999"});
  CHECK(found(file, "Knuth 1984") == Keys{"knuth1984"});
  CHECK(found(file, "atention") == Keys{"vaswani2017"});
  CHECK(found(file, "attentoin all") == Keys{"vaswani2017"});
  CHECK(found(file, "nothing").empty());
  CHECK(found(file, "").size() == 3);
  CHECK(file.search("vas", 0).empty());
  CHECK(file.search("", 2).size() == 2);
  CHECK(found(file, "a").front() == "vaswani2017");
}

TEST_CASE("the words of a bibliography answer what is typed") {
  Vocabulary words;
  CHECK(words.number_of("attention") == 0);
  CHECK(words.number_of("inattention") == 1);
  CHECK(words.number_of("attention") == 0);
  CHECK(words.number_of("at") == 2);
  CHECK(words.word(1) == "inattention");
  using enum WordAnswer;
  CHECK(words.answers_to("attention", false) == std::vector{begins, inside, none});
  CHECK(words.answers_to("at", false) == std::vector{begins, inside, begins});
  CHECK(words.answers_to("atention", false).empty());
  CHECK(words.answers_to("atention", true) == std::vector{slip, none, none});
  for (int i = 0; i < 5000; ++i) words.number_of("word" + std::to_string(i));
  CHECK(words.size() == 5003);
  CHECK(words.number_of("word4321") == 4324);
  // Words that are the same in their first bytes, in length, in hash or in none of these.
  std::vector<std::string> alike;
  for (std::size_t size = 1; size <= 20; ++size) {
    for (const char last : {'a', 'b'}) alike.push_back(std::string(size - 1, 'x') + last);
  }
  for (const std::string& word : alike) REQUIRE(words.word(words.number_of(word)) == word);
  CHECK(words.size() == 5003 + alike.size());
}

namespace {

// What typed words have to do with one entry of LargeFile, without slips: 0: one is not there.
int score_by_looking(const BibEntry& entry, const EntryWords& wanted) {
  std::string texts;
  std::string identifiers;
  for (const auto& field : entry.document->fields(entry.block)) {
    const std::string_view value = entry.document->text(field.value);
    if (entry.document->text(field.name) == "doi") {
      append_words(identifiers, value, "./:-_");
    } else if (entry.document->text(field.name) != "abstract") {
      append_words(texts, value);
    }
  }
  const auto in = [](const std::string& text, const std::string& word) {
    if ((text + ' ').find(' ' + word) != text.npos) return 10;
    return text.find(word) != text.npos ? 2 : 0;
  };
  int sum = 0;
  for (const std::string& word : wanted.words) {
    const std::string_view key = entry.key();
    int best = key == word ? 100 : key.starts_with(word) ? 50 : key.find(word) != key.npos ? 20 : 0;
    best = std::max(best, in(texts, word));
    if (word.find_first_of("/0123456789") != word.npos) best = std::max(best, in(identifiers, word));
    if (best == 0) return 0;
    sum += best;
  }
  return sum;
}

std::string made_entry(std::mt19937& random, int number) {
  const auto word = [&] {
    std::string text;
    for (std::size_t n = 1 + random() % 3; n > 0; --n) {
      text += "bdfgklmnrst"[random() % 11];
      text += "aeiou"[random() % 5];
    }
    return text;
  };
  std::string title = word();
  for (int i = 0; i < 6; ++i) title += ' ' + word();
  return "@article{" + word() + std::to_string(number) + ",\n title = {" + title + "},\n author = {Silva, " +
         word() + "},\n year = " + std::to_string(1990 + random() % 30) + ",\n doi = {10.1000/" + word() +
         '.' + std::to_string(number) + "},\n abstract = {" + std::string(2500, 'x') + "}}\n";
}

}  // namespace

TEST_CASE("a large bibliography finds what looking at each entry would, before and behind edits") {
  std::mt19937 random(19);
  std::string text;
  for (int i = 0; i < 2200; ++i) text += made_entry(random, i);
  BibFile file(text);
  REQUIRE(file.document().segments().size() > 70);
  const auto check_all = [&] {
    const std::vector<BibEntry> entries = file.entries();
    for (const char* typed :
         {"da", "silva", "silva ru", "ne 2001", "10.1000/ba", "bi fo", "1990", "777", "lu 12"}) {
      const EntryWords wanted(typed);
      std::vector<std::pair<int, std::string>> expected;
      for (const BibEntry& entry : entries) {
        if (const int score = score_by_looking(entry, wanted); score > 0)
          expected.emplace_back(-score, entry.key());
      }
      std::ranges::stable_sort(expected, {}, [](const auto& one) { return one.first; });
      if (expected.size() < 3) continue;  // then slips are looked for
      std::vector<std::pair<int, std::string>> answer;
      for (const auto& match : file.search(typed, entries.size()))
        answer.emplace_back(-match.score, match.entry.key());
      INFO(typed);
      REQUIRE(answer == expected);
    }
  };
  check_all();
  for (int i = 0; i < 30; ++i) {  // some of these parts are no longer in the lists
    const auto place = static_cast<std::uint32_t>(text.find("\n@", random() % (text.size() - 5000)) + 1);
    const std::string fresh = made_entry(random, 5000 + i);
    file.replace({place, place}, fresh);
    text.insert(place, fresh);
  }
  check_all();
  for (int i = 0; i < 120; ++i) {  // most of them: the lists are made again
    const auto place =
        static_cast<std::uint32_t>(text.find("title = {", random() % (text.size() - 5000)) + 9);
    file.replace({place, place + 1}, "Lu");
    text.replace(place, 1, "Lu");
  }
  check_all();
  file.replace({10, static_cast<std::uint32_t>(text.size()) - 10}, "");
  CHECK(file.search("silva", 10).empty());
}

TEST_CASE("entries that are edited again and again are found by the words that they have now") {
  std::string text;
  for (int i = 0; i < 2000; ++i) {
    text += "@misc{key" + std::to_string(i) + ", title = {some common words}, note = {" +
            std::string(80, 'n') + "}}\n";
  }
  BibFile file(text);
  REQUIRE(file.document().segments().size() > 2);
  const auto place = static_cast<std::uint32_t>(text.find("common", text.size() / 2));
  std::string old = "common";
  for (int i = 0; i < 1200; ++i) {  // each leaves a hundred words behind
    std::string fresh = "w" + std::to_string(i);
    for (int word = 0; fresh.size() < 900; ++word) fresh += " x" + std::to_string(i * 1000 + word);
    file.replace({place, place + static_cast<std::uint32_t>(old.size())}, fresh);
    old = fresh;
  }
  CHECK(found(file, "w1199").size() == 1);
  CHECK(found(file, "x500003").empty());
  CHECK(found(file, "common").size() == 10);
  CHECK(file.memory_bytes() < 4'500'000);
}

TEST_CASE("a bibliography that is read is not read again when it is opened as it is") {
  const bibsmith::testing::TempDir folder;
  std::string text = "@misc{a, title = {T}}\n";
  bibsmith::testing::write_file(folder / "refs.bib", text);
  Workspace workspace;
  workspace.set_folders({folder.path().string()});
  const BibFile* read = workspace.all_bibliographies().front().file;
  const std::string path = folder / "refs.bib";
  CHECK(workspace.open(uri_of_path(path), "bibtex", 1, text).bib.get() == read);
  workspace.close(uri_of_path(path));
  text += "@misc{b, title = {T}}\n";
  CHECK(workspace.open(uri_of_path(path), "bibtex", 1, text).bib->entries().size() == 2);
}

TEST_CASE("a bibliography under edits has the lines and the entries of its text") {
  std::mt19937 random(11);
  std::string text;
  for (int i = 0; i < 3000; ++i) {
    text += "@article{key" + std::to_string(i) + ",\r\n  title = {Title number " + std::to_string(i) +
            "},\n  note = {é 𝄞},\r  year = 1999\n}\n\n";
  }
  BibFile file(text);
  REQUIRE(file.document().segments().size() > 3);
  const auto check = [&] {
    const LineIndex lines(text);
    for (int i = 0; i < 10; ++i) {
      const auto offset = static_cast<std::uint32_t>(random() % (text.size() + 1));
      for (const ColumnUnit unit : {ColumnUnit::bytes, ColumnUnit::utf16_units, ColumnUnit::code_points}) {
        const Position position = lines.position(text, offset, unit);
        REQUIRE(file.position(offset, unit) == position);
        REQUIRE(file.offset(position, unit) == lines.offset(text, position, unit));
      }
    }
    const Position beyond{lines.line_count() + 5, 3};
    REQUIRE(file.offset(beyond, ColumnUnit::bytes) == text.size());
  };
  check();
  for (int i = 0; i < 60; ++i) {
    const auto begin = static_cast<std::uint32_t>(random() % (text.size() + 1));
    const auto end = static_cast<std::uint32_t>(std::min<std::size_t>(text.size(), begin + random() % 40));
    const std::string fresh =
        std::vector<std::string>{"", "x", "\n", "\r", "@misc{new,\n title={q}}\n", "{", "}"}[random() % 7];
    text.replace(begin, end - begin, fresh);
    file.replace({begin, end}, fresh);
    REQUIRE(file.text() == text);
    check();
  }
  const BibFile anew(text);
  CHECK(found(file, "title number 2990") == found(anew, "title number 2990"));
  CHECK(file.entries().size() == anew.entries().size());
}
