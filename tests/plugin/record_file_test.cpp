#include "plugin/session/record_file.hpp"

#include <string>

#include "plugin/session/title_queries.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using namespace bibsmith;
using bibsmith::plugin::RecordFile;
using bibsmith::testing::TempDir;
using bibsmith::testing::write_file;

TEST_CASE("a long file is read piece by piece, across the borders of what is read at once") {
  const TempDir dir;
  std::string text;
  std::size_t pieces = 0;
  while (text.size() < (5u << 20)) {
    text += std::string(1000 + pieces % 700, 'x') + "<end>";
    ++pieces;
  }
  write_file(dir / "file", text + "rest");
  const auto file = RecordFile::open(dir / "file", nullptr);
  REQUIRE(file);
  CHECK(file->beginning().starts_with("xxx"));
  std::string read;
  std::size_t count = 0;
  while (const auto piece = file->next("<end>", 10'000)) {
    CHECK_FALSE(piece->is_too_long);
    read += piece->text;
    ++count;
    REQUIRE(file->offset() == read.size());
  }
  CHECK(count == pieces + 1);
  CHECK(read == text + "rest");
  CHECK_FALSE(file->failed());
  CHECK(file->size() == text.size() + 4);
}

TEST_CASE("a piece that is too long is passed over, and no memory is kept for it") {
  const TempDir dir;
  const std::string text = "a\n" + std::string(6u << 20, 'x') + "\nb\n";
  write_file(dir / "file", text);
  const auto file = RecordFile::open(dir / "file", nullptr);
  CHECK(file->next("\n", 100)->text == "a\n");
  const auto piece = file->next("\n", 100);
  CHECK(piece->is_too_long);
  CHECK(file->offset() == text.size() - 2);
  CHECK(file->next("\n", 100)->text == "b\n");
  CHECK_FALSE(file->next("\n", 100));
}

TEST_CASE("reading goes on behind an offset") {
  const TempDir dir;
  write_file(dir / "file", "one\ntwo\nthree");
  const auto file = RecordFile::open(dir / "file", nullptr);
  CHECK(file->beginning().starts_with("one"));
  REQUIRE(file->skip_to(4));
  CHECK(file->next("\n", 100)->text == "two\n");
  CHECK(file->next("\n", 100)->text == "three");
  CHECK(file->offset() == 13);
  CHECK_FALSE(file->skip_to(14));
  CHECK(RecordFile::open(dir / "none", nullptr) == nullptr);
  CHECK(RecordFile::open(dir / "", nullptr) == nullptr);
}

namespace {

bibtex::ReadingList list_of(const std::vector<std::string>& titles) {
  bibtex::ReadingList list;
  for (const std::string& title : titles) {
    bibtex::ReadingItem item;
    item.title = title;
    list.items.push_back(item);
  }
  return list;
}

std::string exact_of(const std::string& title) {
  const std::size_t wanted[] = {0};
  const auto queries = plugin::exact_title_queries("http://127.0.0.1/", list_of({title}), wanted);
  return queries.empty() ? "" : queries.front().query.str();
}

}  // namespace

TEST_CASE("titles are asked for as phrases of what arXiv's index reads as we do") {
  CHECK(exact_of("Fine-Tuning Language Models: A Study") == "ti:\"Fine Tuning Language Models A Study\"");
  CHECK(exact_of("How Well Do They Emulate Newton's Method in Practice?") ==
        "ti:\"How Well Do They Emulate\"");
  CHECK(exact_of("$Q$-learning with Function Approximation") ==
        "ti:\"learning with Function Approximation\"");
  CHECK(exact_of("Gröbner Bases") == "ti:Bases");
  CHECK(exact_of("α") == "");
}

TEST_CASE("many titles go into one request, and never too many") {
  std::vector<std::string> titles;
  std::vector<std::size_t> wanted;
  for (std::size_t i = 0; i < 117; ++i) {
    titles.push_back("A Title of Usual Length on the Question Number " + std::to_string(i));
    wanted.push_back(i);
  }
  titles[3] = std::string(900, 'x') + " word";
  const bibtex::ReadingList list = list_of(titles);
  for (const auto& make : {plugin::exact_title_queries, plugin::loose_title_queries}) {
    const auto queries = make("https://export.arxiv.org/api/query", list, wanted);
    CHECK(queries.size() <= 6);
    std::size_t items = 0;
    for (const plugin::ListQuery& query : queries) {
      items += query.items.size();
      CHECK(fetchers::search_url("https://export.arxiv.org/api/query", query.query, {.size = 1000}).size() <=
            7500);
    }
    CHECK(items == 117);
  }
}

TEST_CASE("a looser search takes the author, the abstract, or two groups of words") {
  bibtex::ReadingList list = list_of({"Provable Guarantees for Nonlinear Feature Learning"});
  const std::size_t wanted[] = {0};
  const auto query = [&] { return plugin::loose_title_queries("x", list, wanted).front().query.str(); };
  CHECK(query() == "(ti:Guarantees AND ti:Provable AND ti:Feature) OR (ti:Nonlinear AND ti:Learning)");
  list.author = "Jason D. Lee";
  CHECK(query() == "au:Lee AND (ti:Guarantees OR ti:Nonlinear OR ti:Provable OR ti:Learning OR ti:Feature)");
  list.items[0].teaser = "We study a question that nobody has asked before now, and give";
  CHECK(query().ends_with(" OR abs:\"We study a question that nobody has asked before now\""));
}
