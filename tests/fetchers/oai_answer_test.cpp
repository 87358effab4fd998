#include "fetchers/oai/oai_answer.hpp"

#include <string>
#include <vector>

#include "fetchers/record/author_line.hpp"
#include "tests/support/catch.hpp"

using bibsmith::Author;
using bibsmith::Date;
using bibsmith::FetchError;
using bibsmith::Record;
using bibsmith::Version;
using namespace bibsmith::fetchers;

namespace {

const bibsmith::Origin origin{.source = "arxiv-oai", .url = "https://example.org/oai"};

std::string answer_with(const std::string& content) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<OAI-PMH "
         "xmlns=\"http://www.openarchives.org/OAI/2.0/\">"
         "<responseDate>2026-05-12T00:00:00Z</responseDate><request>https://example.org/oai</request>" +
         content + "</OAI-PMH>";
}

std::string record_with(const std::string& metadata) {
  return "<record><header><identifier>oai:arXiv.org:2101.00001</identifier><datestamp>2021-02-03</datestamp>"
         "<setSpec>cs:cs:AI</setSpec></header><metadata>" +
         metadata + "</metadata></record>";
}

Record record_of(const std::string& metadata) {
  const auto answer = parse_oai(answer_with("<GetRecord>" + record_with(metadata) + "</GetRecord>"), origin);
  REQUIRE(answer);
  REQUIRE(answer->records.size() == 1);
  REQUIRE(answer->records[0].record);
  return *answer->records[0].record;
}

std::string message_of(const std::string& body) {
  const auto answer = parse_oai(body, origin);
  return answer ? "" : std::string(name_of(answer.error().code)) + ": " + answer.error().message;
}

std::vector<std::string> names(const std::string& line) {
  std::vector<std::string> out;
  for (const Author& author : bibsmith::authors_of_line(line)) {
    out.push_back(author.name + (author.suffix.empty() ? "" : "|" + author.suffix));
  }
  return out;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("the format arXiv: every element") {
  const Record record = record_of(
      "<arXiv xmlns=\"http://arxiv.org/OAI/arXiv/\"><id>2101.00001</id><created>2021-01-01</created>"
      "<updated>2021-02-02</updated><authors><author><keyname>Bloggs</keyname><forenames>Fred A.</forenames>"
      "<suffix>Jr.</suffix></author><author><keyname>BELLE</keyname></author></authors>"
      "<title>On\n  things &amp; &lt;others&gt;</title><categories>cs.AI math.NA</categories>"
      "<comments>12 pages</comments><report-no>X-1</report-no><journal-ref>J. Th. 1 (2021)</journal-ref>"
      "<doi>10.1000/a; 10.1000/b</doi><license>http://example.org/l</license><abstract>  "
      "Short.\n</abstract></arXiv>");
  CHECK(record.arxiv_id->str() == "2101.00001");
  CHECK(record.published == Date{2021, 1, 1});
  CHECK(record.updated == Date{2021, 2, 2});
  CHECK(record.authors ==
        std::vector<Author>{
            {.name = "Fred A. Bloggs Jr.", .family = "Bloggs", .given = "Fred A.", .suffix = "Jr."},
            {.name = "BELLE", .family = "BELLE"}});
  CHECK(record.title == "On things & <others>");
  CHECK(record.categories == Names{"cs.AI", "math.NA"});
  CHECK(record.comment == "12 pages");
  CHECK(record.report_number == "X-1");
  CHECK(record.journal_ref == "J. Th. 1 (2021)");
  REQUIRE(record.dois.size() == 2);
  CHECK(record.dois[1].str() == "10.1000/b");
  CHECK(record.license == "http://example.org/l");
  CHECK(record.abstract == "Short.");
  CHECK(record.origins == std::vector{origin});
}

TEST_CASE("the format arXivRaw: versions, and the line of authors") {
  const Record record = record_of(
      "<arXivRaw><id>2101.00001</id><submitter>Fred Bloggs</submitter>"
      "<version version=\"v2\"><date>Tue, 2 Feb 2021 23:59:59 GMT</date><size>1kb</size>"
      "<source_type>I</source_type></version>"
      "<version version=\"v1\"><date>Fri, 01 Jan 2021 00:00:01 GMT</date><size>1kb</size></version>"
      "<title>On $\\omega$</title><authors>F. Bl\\\"oggs (MIT, Boston) and A. Other, Jr.</authors>"
      "<categories>cs.AI</categories><comments>This paper has been withdrawn</comments><abstract>x</abstract>"
      "</arXivRaw>");
  CHECK(record.arxiv_id->str() == "2101.00001v2");
  CHECK(record.versions == std::vector<Version>{{.number = 1, .date = {2021, 1, 1}},
                                                {.number = 2, .date = {2021, 2, 2}, .withdrawn = true}});
  CHECK(record.withdrawn);
  CHECK(record.published == Date{2021, 1, 1});
  CHECK(record.updated == Date{2021, 2, 2});
  CHECK(record.title == "On $\\omega$");
  CHECK(record.authors ==
        std::vector<Author>{{.name = "F. Bl\\\"oggs"}, {.name = "A. Other Jr.", .suffix = "Jr."}});
}

TEST_CASE("versions that make no sense are passed over") {
  const Record record = record_of(
      "<arXivRaw><id>2101.00001</id><version version=\"v0\"><date>Fri, 1 Jan 2021 00:00:00 "
      "GMT</date></version>"
      "<version version=\"2\"/><version/><version version=\"v99999999999\"/>"
      "<version version=\"v3\"><date>Fri, 31 Feb 2021 00:00:00 GMT</date></version></arXivRaw>");
  CHECK(record.arxiv_id->str() == "2101.00001v3");
  CHECK(record.versions == std::vector<Version>{{.number = 3}});
  CHECK_FALSE(record.published.known());
}

TEST_CASE("a line of authors is split at commas and 'and'") {
  CHECK(names("A. One, B. Two and C. Three") == Names{"A. One", "B. Two", "C. Three"});
  CHECK(names("A. One, and B. Two") == Names{"A. One", "B. Two"});
  CHECK(names("A. One (X and Y, Z), B. Two ((1) P, (2) Q)") == Names{"A. One", "B. Two"});
  CHECK(names("A. One, III, B. Two") == Names{"A. One III|III", "B. Two"});
  CHECK(names("Fred Sandford") == Names{"Fred Sandford"});  // "and" is a word only with spaces around it
  CHECK(names("A. One and and B. Two") == Names{"A. One", "B. Two"});
  CHECK(names("(only a comment") == Names{});
  CHECK(names(") , ,") == Names{});
}

TEST_CASE("a list with a resumption token, and its last page") {
  const std::string record = record_with("<arXiv><id>2101.00001</id></arXiv>");
  const std::string body =
      answer_with("<ListRecords>" + record + "\n" + record +
                  "<resumptionToken completeListSize=\"7\"> verb%3DListRecords%26skip%3D2 "
                  "</resumptionToken></ListRecords>");
  const auto answer = parse_oai(body, origin);
  REQUIRE(answer);
  REQUIRE(answer->records.size() == 2);
  CHECK(answer->records[0].raw(body) == record);
  CHECK(answer->records[1].raw(body) == record);
  CHECK(answer->records[0].datestamp == Date{2021, 2, 3});
  CHECK(answer->records[0].sets == Names{"cs:cs:AI"});
  CHECK(answer->resumption_token == "verb%3DListRecords%26skip%3D2");
  CHECK(answer->list_size == 7);

  const auto last =
      parse_oai(answer_with("<ListRecords>" + record + "<resumptionToken/></ListRecords>"), origin);
  REQUIRE(last);
  CHECK_FALSE(last->resumption_token);
}

TEST_CASE("two lists of one name in an answer: each record's text ends in its own list") {
  const std::string record = record_with("<arXiv><id>2101.00001</id></arXiv>");
  const std::string list = "<GetRecord>" + record + "</GetRecord>";
  const std::string body = answer_with(list + " or " + list);
  const auto answer = parse_oai(body, origin);
  REQUIRE(answer);
  REQUIRE(answer->records.size() == 2);
  CHECK(answer->records[0].raw(body) == record);
  CHECK(answer->records[1].raw(body) == record);
  CHECK(answer->records[0].raw_end < answer->records[1].raw_begin);
}

TEST_CASE("deleted items, and formats that are not arXiv's, give no record") {
  const auto answer = parse_oai(
      answer_with("<ListRecords><record><header status=\"deleted\"><identifier>oai:arXiv.org:2101.00002"
                  "</identifier><datestamp>2021-02-03</datestamp></header></record>" +
                  record_with("<oai_dc:dc><dc:title>x</dc:title></oai_dc:dc>") + "</ListRecords>"),
      origin);
  REQUIRE(answer);
  REQUIRE(answer->records.size() == 2);
  CHECK(answer->records[0].is_deleted);
  CHECK(answer->records[0].identifier == "oai:arXiv.org:2101.00002");
  CHECK_FALSE(answer->records[0].record);
  CHECK_FALSE(answer->records[1].is_deleted);
  CHECK_FALSE(answer->records[1].record);
}

TEST_CASE("errors of the protocol are part of the answer") {
  const auto answer = parse_oai(
      answer_with("<error code=\"idDoesNotExist\">The value of the identifier is unknown. Reason: x</error>"),
      origin);
  REQUIRE(answer);
  CHECK(answer->has_fault("idDoesNotExist"));
  CHECK_FALSE(answer->has_fault("badArgument"));
  CHECK(answer->faults[0].message == "The value of the identifier is unknown. Reason: x");
}

TEST_CASE("what is no OAI-PMH answer says what it is") {
  CHECK(message_of("") == "bad_response: the answer is empty");
  CHECK(message_of("Rate exceeded.") == "rate_limited: arXiv says 'Rate exceeded.'; try again later");
  CHECK(message_of("<!DOCTYPE html><p>") == "bad_response: the answer is a web page, not an OAI-PMH answer");
  CHECK(message_of("busy") == "bad_response: the answer is no OAI-PMH answer, it begins 'busy'");
  CHECK(message_of("<feed/>") == "bad_response: the answer is no OAI-PMH answer, its root is <feed>");
  CHECK(message_of("<OAI-PMH/>") == "bad_response: the answer holds neither records nor an error");
  CHECK(message_of("<OAI-PMH><GetRecord>").starts_with("bad_response: the answer is not well-formed XML: "));
  CHECK(message_of(std::string(oai_bytes_max + 1, 'x')) ==
        "bad_response: the answer is longer than 16777216 bytes");
  CHECK_FALSE(parse_oai_record("<record/>", origin));
  CHECK(parse_oai_record("<arXiv><id>2101.00001</id></arXiv>", origin).error().message ==
        "the text is no <record> of a paper");
}

TEST_CASE("deep nesting costs no stack") {
  std::string deep;
  for (int i = 0; i < 200000; ++i) deep += "<a>";
  CHECK(message_of("<OAI-PMH>" + deep).starts_with("bad_response: "));
}
