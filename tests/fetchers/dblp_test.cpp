#include <algorithm>
#include <string>
#include <vector>

#include "fetchers/dblp/dblp_fetcher.hpp"
#include "fetchers/record/day_time.hpp"
#include "fetchers/record/query_words.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/scripted_transport.hpp"

using namespace bibsmith;
using namespace bibsmith::fetchers;
using bibsmith::testing::FakeClock;
using bibsmith::testing::ScriptedTransport;

namespace {

const Origin origin{.source = "dblp", .url = "https://example.org/search"};

std::string result_with(const std::vector<std::string>& infos) {
  std::string hits;
  for (const std::string& info : infos) hits += "<hit score=\"1\" id=\"1\"><info>" + info + "</info></hit>\n";
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<result><query id=\"1\">x</query><status "
         "code=\"200\">OK</status>"
         "<hits total=\"" +
         std::to_string(infos.size()) + "\" computed=\"1\" sent=\"1\" first=\"0\">" + hits +
         "</hits></result>";
}

DblpHit hit(const std::string& info) {
  const auto answer = parse_dblp(result_with({info}), origin);
  REQUIRE(answer);
  REQUIRE(answer->hits.size() == 1);
  return answer->hits[0];
}

std::string title(const std::string& text) { return hit("<title>" + text + "</title>").record.title; }

std::string message_of(const std::string& body) {
  const auto answer = parse_dblp(body, origin);
  return answer ? "" : answer.error().message;
}

}  // namespace

TEST_CASE("a conference paper of DBLP") {
  const DblpHit read =
      hit("<authors><author pid=\"1/2\">Ada Example 0001</author><author pid=\"3\" "
          "orcid=\"0000-0002-1825-0097\">B. O&apos;Ther</author></authors><title>On Things: A &amp;amp; "
          "B.</title>"
          "<venue>InvConf</venue><volume>12</volume><pages>10-19</pages><year>2019</year>"
          "<type>Conference and Workshop Papers</type><key>conf/inv/ExampleO19</key><doi>10.1000/inv.19</doi>"
          "<ee>https://doi.org/10.1000/inv.19</ee><url>https://dblp.org/rec/conf/inv/ExampleO19</url>");
  CHECK(read.key == "conf/inv/ExampleO19");
  CHECK(read.record.title == "On Things: A & B");
  CHECK(read.record.authors ==
        std::vector<Author>{{.name = "Ada Example"}, {.name = "B. O'Ther", .orcid = "0000-0002-1825-0097"}});
  REQUIRE(read.record.dois.size() == 1);
  CHECK(read.record.dois[0].str() == "10.1000/inv.19");
  CHECK(*read.record.publication == Publication{.type = PublicationType::inproceedings,
                                                .container = "InvConf",
                                                .volume = "12",
                                                .pages = "10-19",
                                                .date = {2019}});
}

TEST_CASE("a CoRR entry of DBLP is arXiv's preprint") {
  const DblpHit read =
      hit("<title>X.</title><venue>CoRR</venue><volume>abs/2101.00001</volume><year>2021</year>"
          "<type>Informal and Other Publications</type><key>journals/corr/abs-2101-00001</key>"
          "<doi>10.48550/ARXIV.2101.00001</doi><ee>https://arxiv.org/abs/2101.00001</ee>");
  CHECK(read.record.publication->type == PublicationType::preprint);
  CHECK(read.record.arxiv_id == *ArxivId::parse("2101.00001"));
  CHECK(read.record.dois.empty());
  CHECK(hit("<venue>CoRR</venue><volume>cs.CL/0001001</volume>").record.arxiv_id ==
        *ArxivId::parse("cs/0001001"));
  CHECK(hit("<key>journals/corr/Example13</key><ee>http://arxiv.org/abs/1301.0001</ee>").record.arxiv_id ==
        *ArxivId::parse("1301.0001"));
  CHECK_FALSE(hit("<venue>CoRR</venue>").record.arxiv_id);
  const DblpHit bare = hit("<venue>CoRR</venue><url>https://dblp.org/rec/journals/corr/abs-1706-03762</url>");
  CHECK(bare.key == "journals/corr/abs-1706-03762");
  CHECK(bare.record.arxiv_id == *ArxivId::parse("1706.03762"));
  CHECK_FALSE(hit("<key>journals/corr/abs-x-y</key>").record.arxiv_id);
}

TEST_CASE("a journal of DBLP has a short name; kinds go by the key") {
  const Publication read =
      *hit("<venue>J. Inv. Res.</venue><number>3</number><key>journals/inv/X</key>").record.publication;
  CHECK(read.type == PublicationType::article);
  CHECK(read.container_short == "J. Inv. Res.");
  CHECK(read.number == "3");
  const auto type = [](const std::string& info) { return hit(info).record.publication->type; };
  CHECK(type("<key>phd/de/X</key><type>Books and Theses</type>") == PublicationType::thesis);
  CHECK(type("<key>books/X</key><type>Books and Theses</type>") == PublicationType::book);
  CHECK(type("<key>conf/x/2019</key><type>Editorship</type>") == PublicationType::book);
  CHECK(type("<key>books/x/Y</key><type>Parts in Books or Collections</type>") ==
        PublicationType::incollection);
  CHECK(type("<type>Journal Articles</type>") == PublicationType::article);
  CHECK(type("<key>www/x</key>") == PublicationType::unknown);
}

TEST_CASE("titles of DBLP lose the stop that it adds") {
  CHECK(title("Attention to Things.") == "Attention to Things");
  CHECK(title("Attention to things .") == "Attention to things");
  CHECK(title("Why?") == "Why?");
  CHECK(title("And so on...") == "And so on...");
  CHECK(title("H<sub>2</sub>O and <i>n</i>.") == "H2O and n");
  CHECK(title("p &lt; 0.05.") == "p < 0.05");
}

TEST_CASE("what is no answer of DBLP says what it is") {
  CHECK(message_of("") == "the answer is empty");
  CHECK(message_of("<html>") == "the answer is a web page, not an XML answer");
  CHECK(message_of("<dblp/>") == "the answer is no result of a search, its root is <dblp>");
  CHECK(message_of("<result><status code=\"500\">x</status><hits/></result>") ==
        "the search failed: status 500");
  CHECK(message_of("<result><hits>").starts_with("the answer is not well-formed XML at byte "));
  std::string deep = "<result><hits><hit><info><title>";
  for (int i = 0; i < 100000; ++i) deep += "<i>";
  for (int i = 0; i < 100000; ++i) deep += "</i>";
  CHECK(message_of(deep + "</title></info></hit></hits></result>").empty());
}

TEST_CASE("the publications of DBLP's dump, piece by piece") {
  const std::string dump =
      "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<!DOCTYPE dblp SYSTEM \"dblp.dtd\">\n<dblp>\n"
      "<article mdate=\"2020-02-03\" key=\"journals/jit/Example07\">\n"
      "<author orcid=\"0000-0002-1825-0097\">Ada Ex&aacute;mple 0002</author>\n<author>&Oslash;la "
      "N&uuml;ll</author>\n"
      "<title>On <i>Invented</i> Things &amp; Others.</title>\n<pages>1-9</pages>\n<year>2007</year>\n"
      "<volume>7</volume>\n<journal>J. Invent.</journal>\n<ee>https://doi.org/10.5555/JIT.7</ee>\n"
      "</article><www mdate=\"2020-01-01\" key=\"homepages/1/1\">\n<author>Ada Example</author>\n"
      "<title>Home Page</title>\n</www><inproceedings key=\"conf/inv/Null19\" mdate=\"2019-12-01\">\n"
      "<author>Bo Null</author>\n<title>Short.</title>\n<booktitle>InvConf</booktitle>\n<year>2019</year>\n"
      "</inproceedings>\n</dblp>\n";
  std::vector<Record> records;
  for (std::size_t begin = 0; begin < dump.size();) {
    const std::size_t end = std::min(dump.find(dblp_dump_mark, begin), dump.size() - dblp_dump_mark.size());
    const auto record =
        parse_dblp_piece(std::string_view(dump).substr(begin, end + dblp_dump_mark.size() - begin));
    REQUIRE(record);
    if (*record) records.push_back(**record);
    begin = end + dblp_dump_mark.size();
  }
  REQUIRE(records.size() == 2);
  const Record& article = records[0];
  CHECK(article.title == "On Invented Things & Others");
  REQUIRE(article.authors.size() == 2);
  CHECK(article.authors[0].name == "Ada Ex\u00e1mple");
  CHECK(article.authors[0].orcid == "0000-0002-1825-0097");
  CHECK(article.authors[1].name == "\u00d8la N\u00fcll");
  CHECK(article.dois.front() == *Doi::parse("10.5555/jit.7"));
  CHECK(article.publication->type == PublicationType::article);
  CHECK(article.publication->container == "J. Invent.");
  CHECK(article.publication->date.year == 2007);
  CHECK(article.origins.front().source == "dblp");
  CHECK(article.origins.front().retrieved == begin_of(*Date::parse("2020-02-03")));
  CHECK(records[1].publication->type == PublicationType::inproceedings);
  CHECK(records[1].publication->container == "InvConf");

  CHECK_FALSE(parse_dblp_piece("<article key=\"a/b\"><title>no end"));
  CHECK_FALSE(*parse_dblp_piece(" key=\"no element"));
  CHECK_FALSE(*parse_dblp_piece(""));
}

TEST_CASE("the words that DBLP is asked for are no commands") {
  CHECK(query_words({"On Things: a $\\omega$-test -- |or| of things", "van Example"}) ==
        "on things a test or of van example");
  CHECK(query_words({"<i>E. coli</i> &amp; Don&apos;t", ""}) == "e coli dont");
  CHECK(query_words({"Don\u2019t\u2014or: \u201cdo\u201d", ""}) == "dont or do");
  CHECK(query_words({"D'Alembert's \u00dcber", ""}) == "dalemberts \u00dcber");
  CHECK(query_words({"$-|", "Example"}).empty());
  std::string words;
  for (int i = 0; i < 100; ++i) words += "w" + std::to_string(i) + ' ';
  const std::string asked = query_words({words, "Example"});
  CHECK(asked.ends_with(" w23"));
}

TEST_CASE("a title of which a word may be wrong is asked for by alternatives that are far from each other") {
  CHECK(query_words({"Lanterns for Sparse Rivers: A Study of Slow Currents", "", true}) ==
        "lanterns|study sparse|slow rivers|currents");
  CHECK(query_words({"Lanterns for Sparse Rivers: A Study of Slow Currents", "brandmoor quillfeather",
                     true}) == "lanterns|study|brandmoor sparse|slow|brandmoor rivers|currents|quillfeather");
  CHECK(query_words({"Lanterns for Five Sparse Rivers", "", true}) == "lanterns|sparse five|rivers");
  CHECK(query_words({"Lanterns for Five Sparse Rivers", "brandmoor", true}).empty());
  CHECK(query_words({"On the Rivers of Sparse Slow", "", true}).empty());
}

TEST_CASE("A search in DBLP asks once and hands over the answer") {
  ScriptedTransport transport;
  FakeClock clock;
  std::string kept;
  TitleLookup fetcher(dblp_titles("https://dblp.example"), transport, clock,
                      [&](const TitleQuery& query, std::string_view body, const Origin& from) {
                        kept = query.title + ' ' + std::to_string(body.size()) + ' ' + from.source;
                      });
  const std::string body = result_with({"<title>On Things.</title>"});
  transport.answers(200, body);
  const auto records = fetcher.find({"On Things", "Example"});
  REQUIRE(records);
  REQUIRE(records->size() == 1);
  CHECK((*records)[0].title == "On Things");
  CHECK(transport.urls ==
        std::vector<std::string>{
            "https://dblp.example/search/publ/api?q=on%20things%20example&h=30&c=0&format=xml"});
  CHECK(kept == "On Things " + std::to_string(body.size()) + " dblp");

  transport.answers(429, "", std::chrono::seconds(30));
  const auto refused = fetcher.find({"On Things", ""});
  CHECK(refused.error().code == FetchError::Code::rate_limited);
  CHECK(refused.error().retry_after == std::chrono::seconds(30));
  transport.answers(200, "<result>");
  CHECK(fetcher.find({"On Things", ""})
            .error()
            .message.starts_with("dblp.example: the answer is not well-formed"));
  CHECK(fetcher.find({"...", ""}).error().message == "a title without a word cannot be searched for");
}
