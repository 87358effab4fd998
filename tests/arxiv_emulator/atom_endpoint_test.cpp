#include "tests/arxiv_emulator/atom_endpoint.hpp"

#include "tests/arxiv_emulator/moment.hpp"
#include "tests/arxiv_emulator/stored_paper.hpp"
#include "tests/support/catch.hpp"

using namespace bibsmith::emulator;

namespace {

constexpr std::string_view records =
    R"({"id":"0704.0001","title":"On  $\\alpha$ & <b>","authors":"C. Bal\\'azs, A. Smith Jr (CERN) ",)"
    R"("categories":["hep-ph","hep-ex"],"comments":"2 pages","journal_ref":"X 1 (2007) ",)"
    R"("doi":"10.1/a 10.1/b","abstract":"  One\ntwo.\n  Three.\n",)"
    R"("versions":[{"version":"v1","created":"Mon, 2 Apr 2007 19:18:42 GMT","title":"Before"},)"
    R"({"version":"v2","created":"Tue, 24 Jul 2007 20:10:27 GMT"}]})"
    "\n"
    R"({"id":"hep-th/9901001","title":"Strings","authors":"Y. Imamura","categories":["hep-th"],)"
    R"("abstract":"Short.","versions":[{"version":"v1","created":"1999-01-01 00:00:00"}]})"
    "\n"
    R"({"id":"1706.03762","title":"Attention","authors":"A. Vaswani","categories":["cs.CL"],)"
    R"("abstract":"Short.","versions":[{"version":"v1","created":"2017-06-12 17:57:34"}]})";

const std::chrono::sys_seconds now = *parse_moment("2026-05-11T23:51:23Z");

Archive archive(Engine engine = Engine::current) { return Archive(*parse_papers(records), engine); }

Answer ask(std::string_view query, Engine engine = Engine::current,
           Distortion distortion = Distortion::none) {
  return answer_atom(archive(engine), Form::parse(query), now, distortion);
}

// The ids of the entries, in order.
std::string ids(const Answer& answer) {
  std::string out;
  constexpr std::string_view begin = "<id>http://arxiv.org/abs/";
  for (std::size_t at = answer.body.find(begin); at != answer.body.npos;
       at = answer.body.find(begin, at + 1)) {
    const std::size_t from = at + begin.size();
    out += (out.empty() ? "" : " ") + answer.body.substr(from, answer.body.find('<', from) - from);
  }
  return out;
}

std::string between(const std::string& text, std::string_view begin, std::string_view end) {
  const std::size_t from = text.find(begin);
  if (from == text.npos) return {};
  return text.substr(from + begin.size(), text.find(end, from + begin.size()) - from - begin.size());
}

std::string error_of(std::string_view query) {
  const Answer answer = ask(query);
  if (answer.status == 200) return "200";
  return std::to_string(answer.status) + " " + between(answer.body, "<summary>", "</summary>") + " " +
         between(answer.body, "<entry>\n    <id>", "</id>");
}

}  // namespace

TEST_CASE("a feed of today's engine, byte for byte") {
  const Answer answer = ask("id_list=0704.0001&max_results=1");
  CHECK(answer.status == 200);
  CHECK(answer.content_type == "application/atom+xml; charset=utf-8");
  CHECK(answer.body ==
        R"(<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">
  <id>https://arxiv.org/api/O+2bijSiXF5tyhBRCAFsb8AuMKE</id>
  <title>arXiv Query: search_query=&amp;id_list=0704.0001&amp;start=0&amp;max_results=1</title>
  <updated>2026-05-11T23:51:23Z</updated>
  <link href="https://arxiv.org/api/query?search_query=&amp;start=0&amp;max_results=1&amp;id_list=0704.0001" type="application/atom+xml"/>
  <opensearch:itemsPerPage>1</opensearch:itemsPerPage>
  <opensearch:totalResults>1</opensearch:totalResults>
  <opensearch:startIndex>0</opensearch:startIndex>
  <entry>
    <id>http://arxiv.org/abs/0704.0001v2</id>
    <title>On $α$ &amp; &lt;b&gt;</title>
    <updated>2007-07-24T20:10:27Z</updated>
    <link href="https://arxiv.org/abs/0704.0001v2" rel="alternate" type="text/html"/>
    <link href="https://arxiv.org/pdf/0704.0001v2" rel="related" type="application/pdf" title="pdf"/>
    <summary>  One two.
  Three.</summary>
    <category term="hep-ph" scheme="http://arxiv.org/schemas/atom"/>
    <category term="hep-ex" scheme="http://arxiv.org/schemas/atom"/>
    <published>2007-04-02T19:18:42Z</published>
    <arxiv:comment>2 pages</arxiv:comment>
    <arxiv:primary_category term="hep-ph"/>
    <arxiv:journal_ref>X 1 (2007)</arxiv:journal_ref>
    <author>
      <name>C. Balázs</name>
      <arxiv:affiliation>CERN</arxiv:affiliation>
    </author>
    <author>
      <name>A. Smith</name>
      <arxiv:affiliation>CERN</arxiv:affiliation>
    </author>
    <arxiv:doi>10.1/a</arxiv:doi>
    <link rel="related" href="https://doi.org/10.1/a" title="doi"/>
    <arxiv:doi>10.1/b</arxiv:doi>
    <link rel="related" href="https://doi.org/10.1/b" title="doi"/>
  </entry>
</feed>
)");
}

TEST_CASE("the old engine: other order, http, wrapped text") {
  const Answer answer = ask("id_list=0704.0001,1801.00001", Engine::old);
  CHECK(answer.body.find(
            "<opensearch:totalResults xmlns:opensearch=\"http://a9.com/-/spec/opensearch/1.1/\">2<") !=
        answer.body.npos);
  CHECK(
      answer.body.find("<title type=\"html\">ArXiv Query: search_query=&amp;id_list=0704.0001,1801.00001") !=
      answer.body.npos);
  CHECK(answer.body.find(
            "query?search_query%3D%26id_list%3D0704.0001%2C1801.00001%26start%3D0%26max_results%3D10\"") !=
        answer.body.npos);
  CHECK(answer.body.find("<updated>2026-05-11T00:00:00-04:00</updated>") != answer.body.npos);
  CHECK(between(answer.body, "<summary>", "</summary>") == "  One\ntwo.\n  Three.\n");
  CHECK(answer.body.find("<link title=\"doi\" href=\"http://dx.doi.org/10.1/a\" rel=\"related\"/>") !=
        answer.body.npos);
  CHECK(ask("id_list=abc", Engine::old).body.find("<id>http://arxiv.org/api/errors#") != std::string::npos);
}

TEST_CASE("the engine of early November 2025: links without attributes, dates do not sort") {
  const Answer answer = ask("id_list=0704.0001", Engine::november_2025);
  CHECK(answer.body.find("<link href=\"https://arxiv.org/abs/0704.0001v2\"/>\n") != answer.body.npos);
  CHECK(answer.body.find("<link rel=\"related\" href=\"https://doi.org/10.1/a\"/>\n") != answer.body.npos);
  const std::string_view by_date = "search_query=cat:*&sortBy=submittedDate&sortOrder=ascending";
  CHECK(ids(ask(by_date, Engine::november_2025)) == ids(ask("search_query=cat:*")));
}

TEST_CASE("versions: bare ids are current, numbered ones what they say, both may come") {
  CHECK(ids(ask("id_list=0704.0001v1")) == "0704.0001v1");
  CHECK(ask("id_list=0704.0001v1").body.find("<title>Before</title>") != std::string::npos);
  CHECK(ask("id_list=0704.0001v1").body.find("<updated>2007-04-02T19:18:42Z</updated>\n    <link") !=
        std::string::npos);
  CHECK(ask("id_list=0704.0001,0704.0001v1").body.find("<opensearch:totalResults>2<") != std::string::npos);
  CHECK(ask("id_list=0704.0001,0704.0001v2").body.find("<opensearch:totalResults>1<") != std::string::npos);
  CHECK(ids(ask("id_list=0704.0001v3")) == "");
}

TEST_CASE("unknown ids are missing without a word, and ids are compared as they are spelled") {
  CHECK(ids(ask("id_list=0000.0000,1706.03762")) == "1706.03762v1");
  CHECK(ids(ask("id_list=arXiv:1706.03762")) == "");
  CHECK(ids(ask("id_list=%201706.03762")) == "");
  CHECK(ids(ask("id_list=hep-th/9901001")) == "hep-th/9901001v1");
  CHECK(ids(ask("id_list=hep-th.XX/9901001")) == "");
}

TEST_CASE("the order of an id_list is the emulator's own") {
  const std::string order = ids(ask("id_list=0704.0001,hep-th/9901001,1706.03762"));
  CHECK(order == ids(ask("id_list=1706.03762,hep-th/9901001,0704.0001")));
  CHECK(order == "0704.0001v2 hep-th/9901001v1 1706.03762v1");
}

TEST_CASE("ten results unless asked for more, and pages") {
  std::vector<StoredPaper> papers;
  std::string list;
  for (int i = 1; i <= 25; ++i) {
    StoredPaper paper = parse_papers(records)->back();
    paper.id = "1801.000" + std::to_string(10 + i);
    list += (list.empty() ? "" : ",") + paper.id;
    papers.push_back(paper);
  }
  const Archive many(std::move(papers));
  const auto count = [&](const std::string& query) {
    const std::string all = ids(answer_atom(many, Form::parse(query), now));
    return all.empty() ? 0 : std::count(all.begin(), all.end(), ' ') + 1;
  };
  CHECK(count("id_list=" + list) == 10);
  CHECK(count("id_list=" + list + "&max_results=25") == 25);
  CHECK(count("id_list=" + list + "&start=20") == 5);
  CHECK(count("id_list=" + list + "&start=30") == 0);
}

TEST_CASE("searches and sort orders") {
  CHECK(ids(ask("search_query=ti:attention")) == "1706.03762v1");
  CHECK(ids(ask("search_query=all:strings+ANDNOT+cat:cs.CL")) == "hep-th/9901001v1");
  CHECK(ids(ask("search_query=cat:*&sortBy=submittedDate&sortOrder=ascending")) ==
        "hep-th/9901001v1 0704.0001v2 1706.03762v1");
  CHECK(ids(ask("search_query=cat:*&sortBy=lastUpdatedDate")) == "1706.03762v1 0704.0001v2 hep-th/9901001v1");
  CHECK(ids(ask("search_query=submittedDate:[2007+TO+2016]")) == "0704.0001v2");
  CHECK(ids(ask("search_query=au:imamura&id_list=1706.03762,hep-th/9901001")) == "hep-th/9901001v1");
}

TEST_CASE("errors are feeds with arXiv's messages and links") {
  CHECK(error_of("id_list=abc") ==
        "400 incorrect id format for abc https://arxiv.org/api/errors#incorrect_id_format_for_abc");
  CHECK(error_of("id_list=1706.03762,") ==
        "400 incorrect id format for  https://arxiv.org/api/errors#incorrect_id_format_for_");
  CHECK(error_of("id_list=1706.03762&start=x") ==
        "400 start must be an integer https://arxiv.org/api/errors#start_must_be_an_integer");
  CHECK(error_of("id_list=1706.03762&start=-1") ==
        "400 start must be non-negative https://arxiv.org/api/errors#start_must_be_non-negative");
  CHECK(error_of("id_list=1706.03762&max_results=1.5") ==
        "400 max_results must be an integer https://arxiv.org/api/errors#max_results_must_be_an_integer");
  CHECK(error_of("id_list=1706.03762&max_results=-5") ==
        "400 max_results must be non-negative https://arxiv.org/api/errors#max_results_must_be_non-negative");
  CHECK(error_of("id_list=1706.03762&sortBy=x") ==
        "400 sortBy must be in: relevance, lastUpdatedDate, submittedDate "
        "https://arxiv.org/help/api/user-manual#sort");
  CHECK(error_of("id_list=1706.03762&sortOrder=x") ==
        "400 sortOrder must be in: ascending, descending https://arxiv.org/help/api/user-manual#sort");
  CHECK(error_of("") ==
        "400 Either a search_query or id_list must be specified for the classic API. "
        "https://arxiv.org/api/errors");
  CHECK(error_of("search_query=all:(a") == "400 Invalid query string: '(all:a' https://arxiv.org/api/errors");
}

TEST_CASE("past ten thousand results, and no results at all, is a server error") {
  CHECK(ask("id_list=1706.03762&max_results=10000").status == 200);
  CHECK(ask("id_list=1706.03762&max_results=10001").status == 500);
  CHECK(ask("id_list=1706.03762&start=9000&max_results=1000").status == 200);
  CHECK(ask("id_list=1706.03762&start=9001&max_results=1000").status == 500);
  CHECK(ask("id_list=1706.03762&max_results=0").status == 500);
  CHECK(ask("id_list=1706.03762&start=99999999999999999999").status == 500);
}

TEST_CASE("what passes for an id") {
  for (const char* item : {"1706.03762", "0000.0000", "0808.05394", "arXiv:1706.03762v1", "hep-th/9901001v2",
                           "math.GT/0309136", "MATH/0309136", "x1706.03762"}) {
    CAPTURE(item);
    CHECK(looks_like_id(item));
  }
  for (const char* item : {"", "abc", "1706", "1706.037", "51706.03762", "=1706.03762", "hep-th/9921001",
                           "nowhere/9901001", "hep-th/990100", "/"}) {
    CAPTURE(item);
    CHECK_FALSE(looks_like_id(item));
  }
}

TEST_CASE("distortions") {
  const std::string_view query = "id_list=0704.0001,hep-th/9901001,1706.03762";
  CHECK(ids(ask(query, Engine::current, Distortion::no_entries)) == "");
  CHECK(ask(query, Engine::current, Distortion::no_entries).body.find(":totalResults>0<") !=
        std::string::npos);
  CHECK(ids(ask(query, Engine::current, Distortion::half_missing)) == "hep-th/9901001v1");
  CHECK(ids(ask("id_list=0704.0001", Engine::current, Distortion::other_papers)) == "hep-th/9901001v1");
}
