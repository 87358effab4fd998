#include "fetchers/arxiv/atom.hpp"

#include <string>
#include <vector>

#include "fetchers/arxiv/answer.hpp"
#include "tests/support/atom_text.hpp"
#include "tests/support/catch.hpp"

using bibsmith::Author;
using bibsmith::Date;
using bibsmith::FetchError;
using bibsmith::Record;
using namespace bibsmith::fetchers;
using bibsmith::testing::atom_error;
using bibsmith::testing::atom_feed;

namespace {

const bibsmith::Origin origin{.source = "arxiv-atom", .url = "https://export.arxiv.org/api/query?id_list=x"};

AtomFeed good(const std::string& body) {
  auto feed = parse_atom(body, origin);
  INFO((feed ? std::string("parsed") : feed.error().message));
  REQUIRE(feed);
  return *std::move(feed);
}

Record only(const std::string& body) {
  const AtomFeed feed = good(body);
  REQUIRE(feed.entries.size() == 1);
  return feed.entries[0].record;
}

std::string message_of(const std::string& body, FetchError::Code code = FetchError::Code::bad_response) {
  const auto feed = parse_atom(body, origin);
  REQUIRE_FALSE(feed);
  CHECK(feed.error().code == code);
  return feed.error().message;
}

std::vector<std::string> dois_of(const Record& record) {
  std::vector<std::string> out;
  for (const auto& doi : record.dois) out.push_back(doi.str());
  return out;
}

std::vector<std::string> dois_in(const std::string& elements) {
  return dois_of(
      only(atom_feed("<entry><id>http://arxiv.org/abs/2101.00001v1</id>" + elements + "</entry>")));
}

const std::string full_entry = R"(<entry>
    <id>http://arxiv.org/abs/hep-th/9901001v3</id>
    <title>On &lt;strings&gt; &amp; $ω$ fields</title>
    <updated>2001-05-06T07:08:09Z</updated>
    <link href="https://arxiv.org/abs/hep-th/9901001v3" rel="alternate" type="text/html"/>
    <summary>  One.
Two.</summary>
    <category term="gr-qc" scheme="http://arxiv.org/schemas/atom"/>
    <category term="hep-th" scheme="http://arxiv.org/schemas/atom"/>
    <published>1999-01-02T03:04:05Z</published>
    <arxiv:comment>12 pages</arxiv:comment>
    <arxiv:primary_category term="hep-th"/>
    <arxiv:journal_ref>J. Foo 1 (2000) 2</arxiv:journal_ref>
    <author><name>Ada Lovelace</name><arxiv:affiliation>London</arxiv:affiliation><arxiv:affiliation>Paris</arxiv:affiliation></author>
    <author><name>Émilie du Châtelet</name></author>
    <arxiv:doi>10.1103/PhysRevD.1.2;</arxiv:doi>
    <link rel="related" href="https://doi.org/10.1103/PhysRevD.1.2" title="doi"/>
    <arxiv:doi>10.1016/S0550-3213(98)00004-5</arxiv:doi>
  </entry>)";

}  // namespace

TEST_CASE("parse_atom reads every element of an entry") {
  const std::string body = atom_feed(full_entry, 7, 3, 10);
  const AtomFeed feed = good(body);
  CHECK(feed.total_results == 7);
  CHECK(feed.start_index == 3);
  CHECK(feed.items_per_page == 10);
  CHECK(feed.skipped == 0);
  CHECK_FALSE(feed.rejection);
  REQUIRE(feed.entries.size() == 1);
  const Record& record = feed.entries[0].record;
  CHECK(record.arxiv_id->str() == "hep-th/9901001v3");
  CHECK(record.title == "On <strings> & $ω$ fields");
  CHECK(record.abstract == "One. Two.");
  CHECK(record.updated == Date{2001, 5, 6});
  CHECK(record.published == Date{1999, 1, 2});
  CHECK(record.categories == std::vector<std::string>{"hep-th", "gr-qc"});
  CHECK(record.comment == "12 pages");
  CHECK(record.journal_ref == "J. Foo 1 (2000) 2");
  CHECK(record.authors == std::vector<Author>{{.name = "Ada Lovelace", .affiliations = {"London", "Paris"}},
                                              {.name = "Émilie du Châtelet"}});
  CHECK(dois_of(record) == std::vector<std::string>{"10.1103/PhysRevD.1.2", "10.1016/S0550-3213(98)00004-5"});
  CHECK(record.origins == std::vector<bibsmith::Origin>{origin});
  CHECK(record.versions.empty());
  CHECK_FALSE(record.withdrawn);

  CHECK(feed.entries[0].raw(body) == full_entry);
  const auto again = parse_atom_entry(full_entry, origin);
  REQUIRE(again);
  CHECK(again->arxiv_id == record.arxiv_id);
  CHECK(again->title == record.title);
  CHECK(again->authors == record.authors);
  CHECK(again->categories == record.categories);
}

TEST_CASE("parse_atom reads the shape of the engine before November 2025") {
  const Record record = only(R"xml(<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <link href="http://arxiv.org/api/query?id_list%3Dx" rel="self" type="application/atom+xml"/>
  <title type="html">ArXiv Query: search_query=&amp;id_list=x</title>
  <opensearch:totalResults xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">1</opensearch:totalResults>
  <entry>
    <id>http://arxiv.org/abs/math/0309136v1</id>
    <published>2003-09-08T00:46:25Z</published>
    <title>A title that is
  wrapped</title>
    <author><name>A. Author</name>
      <arxiv:affiliation xmlns:arxiv="http://arxiv.org/schemas/atom">Some
  where</arxiv:affiliation></author>
    <arxiv:doi xmlns:arxiv="http://arxiv.org/schemas/atom">10.1000/a 10.1000/b</arxiv:doi>
    <arxiv:primary_category xmlns:arxiv="http://arxiv.org/schemas/atom" term="math.GT" scheme="s"/>
    <category term="math.GT" scheme="s"/>
    <category term="57M25 (Primary), 57M27 (Secondary)" scheme="s"/>
    <category term="I.2.7" scheme="s"/>
  </entry>
</feed>)xml");
  CHECK(record.title == "A title that is wrapped");
  CHECK(record.categories == std::vector<std::string>{"math.GT"});
  CHECK(record.authors[0].affiliations == std::vector<std::string>{"Some where"});
  CHECK(dois_of(record) == std::vector<std::string>{"10.1000/a", "10.1000/b"});
  CHECK(record.updated == Date{});
}

TEST_CASE("parse_atom reads several DOIs however they were typed") {
  using Dois = std::vector<std::string>;
  CHECK(dois_in("<arxiv:doi>10.1000/a;10.1000/b, 10.1000/c</arxiv:doi>") ==
        Dois{"10.1000/a", "10.1000/b", "10.1000/c"});
  CHECK(dois_in("<arxiv:doi>doi:10.1000/A</arxiv:doi><arxiv:doi>10.1000/a</arxiv:doi>") == Dois{"10.1000/A"});
  CHECK(dois_in("<arxiv:doi> none </arxiv:doi><arxiv:doi/>") == Dois{});
}

TEST_CASE("parse_atom puts the primary category first even when it is not listed") {
  const std::string id = "<entry><id>http://arxiv.org/abs/2101.00001v1</id>";
  CHECK(only(atom_feed(id + "<category term='b.X'/><category term='b.X'/><arxiv:primary_category "
                            "term='a'/><category term='c'/></entry>"))
            .categories == std::vector<std::string>{"a", "b.X", "c"});
  CHECK(only(atom_feed(id + "</entry>")).categories.empty());
}

TEST_CASE("parse_atom skips entries that name no paper") {
  const AtomFeed feed = good(atom_feed(
      "<entry><title>no id</title></entry><entry/><entry><id>http://arxiv.org/abs/nonsense</id></entry>"
      "<entry><id>http://arxiv.org/abs/2101.00001v2</id><title>0</title></entry>"));
  CHECK(feed.skipped == 3);
  REQUIRE(feed.entries.size() == 1);
  CHECK(feed.entries[0].record.title == "0");
}

TEST_CASE("parse_atom knows errors by their id") {
  const auto rejection = [](const std::string& link, const std::string& message) {
    const AtomFeed feed = good(atom_error(link, message));
    CHECK(feed.entries.empty());
    REQUIRE(feed.rejection);
    CHECK(feed.rejection->message == message);
    return feed.rejection->bad_id;
  };
  const std::string errors = "https://arxiv.org/api/errors";
  CHECK(rejection(errors + "#incorrect_id_format_for_abc", "incorrect id format for abc") == "abc");
  CHECK(rejection("http://arxiv.org/api/errors#incorrect_id_format_for_/abs/2101.00001",
                  "incorrect id format for /abs/2101.00001") == "/abs/2101.00001");
  for (const char* message : {"start must be an integer", "start must be non-negative",
                              "max_results must be an integer", "max_results must be non-negative"}) {
    CHECK_FALSE(rejection(errors + "#some", message));
  }
  CHECK_FALSE(rejection("https://arxiv.org/help/api/user-manual#sort", "sortBy must be in: relevance"));
  CHECK_FALSE(rejection(errors, "Invalid query string: '('"));
  CHECK(good(atom_error(errors, "")).rejection->message == "arXiv rejected the request without a reason");

  // A paper may be called that.
  CHECK(only(atom_feed("<entry><id>http://arxiv.org/abs/2101.00001v1</id><title>Error</title></entry>"))
            .title == "Error");
}

TEST_CASE("parse_atom tells what came instead of a feed") {
  CHECK(message_of("") == "the answer is empty");
  CHECK(message_of(" \r\n") == "the answer is empty");
  CHECK(message_of("Rate exceeded.", FetchError::Code::rate_limited) ==
        "arXiv says 'Rate exceeded.'; try again later");
  CHECK(message_of("\n<!DOCTYPE HTML><html><body>Sorry</body></html>") ==
        "the answer is a web page, not an Atom feed");
  CHECK(message_of("<HTML></HTML>") == "the answer is a web page, not an Atom feed");
  CHECK(message_of("upstream connect\nerror") ==
        "the answer is no Atom feed, it begins 'upstream connect error'");
  CHECK(message_of("<rss></rss>") == "the answer is no Atom feed, its root is <rss>");
  CHECK(message_of("<feed><entry>") ==
        "the answer is not well-formed XML: start-end tags mismatch at byte 12");
  CHECK(message_of(std::string(atom_bytes_max + 1, ' ')) == "the answer is longer than 16777216 bytes");
  const std::string body = atom_feed(full_entry);
  for (std::size_t size = 1; size < body.size(); size += 7)
    CHECK_FALSE(parse_atom(body.substr(0, size), origin));
}

TEST_CASE("parse_atom survives odd bytes, entities and depth") {
  const Record record =
      only(atom_feed("<entry><id> http://arxiv.org/abs/2101.00001v1\n</id><title>a\x7F\x01 \xC2\x85"
                     "b\xFF &unknown; &#x41;&#xD800;</title></entry>"));
  CHECK(record.title == "a b\xEF\xBF\xBD &unknown; A\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");

  // No entity is expanded, no DTD read.
  CHECK(
      only(
          "<!DOCTYPE feed [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>" +
          atom_feed("<entry><id>http://arxiv.org/abs/2101.00001v1</id><title>&x;</title></entry>").substr(38))
          .title == "&x;");

  std::string deep = "<feed><entry><id>http://arxiv.org/abs/2101.00001v1</id>";
  for (int i = 0; i < 1000000; ++i) deep += "<a>";
  for (int i = 0; i < 1000000; ++i) deep += "</a>";
  CHECK(good(deep + "</entry></feed>").entries.size() == 1);
}

TEST_CASE("parse_atom accepts a byte order mark and still cuts entries out") {
  const std::string body = "\xEF\xBB\xBF" + atom_feed(full_entry);
  CHECK(good(body).entries.at(0).raw(body) == full_entry);
}

TEST_CASE("parse_atom cuts no entry out whose end is not sure") {
  const std::string first = "<entry><id>http://arxiv.org/abs/2101.00001v1</id></entry>";
  const std::string second = "<entry><id>http://arxiv.org/abs/2101.00002v1</id></entry>";
  const auto raws = [](const std::string& body) {
    std::vector<std::string> out;
    for (const AtomEntry& entry : good(body).entries) out.emplace_back(entry.raw(body));
    return out;
  };
  using Raws = std::vector<std::string>;
  CHECK(raws(atom_feed(first + " \n" + second)) == Raws{first, second});
  CHECK(raws(atom_feed(first + "<!-- </entry> -->" + second)) == Raws{"", second});
  CHECK(raws(atom_feed(first + second + "<![CDATA[</entry>]]>")) == Raws{first, ""});
  CHECK(raws(atom_feed(first + "text" + second)) == Raws{"", second});
  const std::string inner =
      "<entry><!-- </entry> <entry> --><id>http://arxiv.org/abs/2101.00003v1</id></entry>";
  CHECK(raws(atom_feed(inner + second)) == Raws{inner, second});
}

TEST_CASE("parse_atom_entry refuses what is no entry") {
  const auto message = [](const std::string& raw) {
    const auto record = parse_atom_entry(raw, origin);
    REQUIRE_FALSE(record);
    CHECK(record.error().code == FetchError::Code::bad_response);
    return record.error().message;
  };
  CHECK(message("") == "the answer is empty");
  CHECK(message("<entry><id>x</id></entry>") == "the text is no <entry> of a paper");
  CHECK(message("<item><id>http://arxiv.org/abs/2101.00001v1</id></item>") ==
        "the text is no <entry> of a paper");
  CHECK(message("<entry>") == "the answer is not well-formed XML: start-end tags mismatch at byte 6");
}

// Pages over 64 KiB are read in pieces, cut behind the end of an entry.
TEST_CASE("a large page reads as its entries do one by one") {
  const auto entry = [](int number, const std::string& more) {
    return "<entry><id>http://arxiv.org/abs/2101." + std::to_string(10000 + number) + "v1</id><title>Paper " +
           std::to_string(number) + "</title><summary>" + std::string(3000, 'x') + "</summary>" + more +
           "</entry>";
  };
  // What looks like the end of an entry in each place where it is none.
  const std::string odd =
      GENERATE(as<std::string>{}, "", "<!-- </entry> -->", "<title><![CDATA[</entry><entry>]]></title>",
               "<link href='</entry>'/>", "<?x </entry>?>");
  std::string entries;
  std::vector<std::string> raw;
  for (int number = 0; number < 200; ++number) {
    raw.push_back(entry(number, number % 7 == 3 ? odd : ""));
    entries += raw.back() + "\n";
  }
  const std::string body = GENERATE(as<std::string>{}, "", "\xEF\xBB\xBF") + atom_feed(entries);
  const AtomFeed feed = good(body);
  REQUIRE(feed.entries.size() == raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const auto alone = parse_atom_entry(raw[i], origin);
    REQUIRE(alone);
    CHECK(feed.entries[i].record.arxiv_id == alone->arxiv_id);
    CHECK(feed.entries[i].record.title == alone->title);
    CHECK(feed.entries[i].record.abstract == alone->abstract);
    CHECK(feed.entries[i].raw(body) == raw[i]);
  }
}

TEST_CASE("what is wrong in a large page is told with its place") {
  std::string entries;
  for (int number = 0; number < 200; ++number)
    entries += "<entry><summary>" + std::string(1000, 'x') + "</summary></entry>";
  const std::string body = atom_feed(entries);
  const std::size_t at = body.find("</summary>", body.size() / 2);
  std::string broken = body;
  broken.replace(at, 10, "</sumnary>");
  CHECK(message_of(broken).ends_with("start-end tags mismatch at byte " + std::to_string(at + 2)));
  CHECK(message_of(body.substr(0, body.size() - 4)).find("not well-formed XML") != std::string::npos);
  CHECK(good(body).skipped == 200);
}

TEST_CASE("read_answer weighs status and body") {
  const std::string url = "https://export.arxiv.org/api/query?id_list=x";
  const auto read = [&](int status, const std::string& body) {
    return read_answer({.status = status, .body = body}, origin, url);
  };
  CHECK(read(200, atom_feed(full_entry))->entries.size() == 1);
  for (const int status : {200, 400, 404}) {
    CHECK(read(status, atom_error("https://arxiv.org/api/errors", "no"))->rejection->message == "no");
  }
  CHECK(read(414, "<html>")->rejection->message == "the request is too long");

  const auto error = [&](int status, const std::string& body, FetchError::Code code) {
    const auto answer = read(status, body);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == code);
    CHECK(answer.error().url == url);
    CHECK(answer.error().http_status == status);
    return answer.error().message;
  };
  using Code = FetchError::Code;
  CHECK(error(500, atom_error("https://arxiv.org/api/errors", "oops"), Code::bad_response) ==
        "export.arxiv.org answered HTTP 500: oops");
  CHECK(error(502, "<html>", Code::bad_response) == "export.arxiv.org answered HTTP 502");
  CHECK(error(403, "no", Code::rejected) == "export.arxiv.org answered HTTP 403");
  CHECK(error(404, atom_feed(""), Code::rejected) == "export.arxiv.org answered HTTP 404");
  CHECK(error(200, "<html>", Code::bad_response) ==
        "export.arxiv.org: the answer is a web page, not an Atom feed");
  CHECK(error(200, "Rate exceeded.", Code::rate_limited) ==
        "export.arxiv.org answers no more requests for now");
  CHECK(error(429, "", Code::rate_limited) == "export.arxiv.org answers no more requests for now");
}
