#include "tests/arxiv_emulator/oai_endpoint.hpp"

#include "tests/arxiv_emulator/moment.hpp"
#include "tests/arxiv_emulator/oai_sets.hpp"
#include "tests/arxiv_emulator/text.hpp"
#include "tests/support/catch.hpp"

using namespace bibsmith::emulator;

namespace {

constexpr std::string_view records =
    R"({"id":"0704.0001","title":"On $\\alpha$","authors":"C. Bal\\'azs, A. Smith Jr","categories":["hep-ph","math.MP"],"comments":"2 pages","journal_ref":"X 1","doi":"10.1/a","report_no":"R-1","msc_class":"11A","license":"http://l/","abstract":"One\ntwo.","versions":[{"version":"v1","created":"Mon, 2 Apr 2007 19:18:42 GMT"},{"version":"v2","created":"Tue, 24 Jul 2007 20:10:27 GMT","is_withdrawn":1}]}
{"id":"1801.00001","title":"A","authors":"B","categories":["cs.AI"],"abstract":"","versions":[{"version":"v1","created":"2018-01-01"}]}
{"id":"1801.00002","title":"A","authors":"B","categories":["cs.AI"],"abstract":"","versions":[{"version":"v1","created":"2018-01-02"}]}
{"id":"1801.00003","title":"A","authors":"B","categories":["cs.LG"],"abstract":"","versions":[{"version":"v1","created":"2018-01-02"}]}
{"id":"1801.00004","title":"A","authors":"B","categories":["cs.LG"],"abstract":"","versions":[{"version":"v1","created":"2018-01-02"}]}
)";

const std::chrono::sys_seconds now = *parse_moment("2026-05-11T23:51:23Z");

std::string ask(std::string_view query, OaiPaging paging = {}, Distortion distortion = Distortion::none) {
  static const Archive archive(*parse_papers(records));
  const Answer answer = answer_oai(archive, Form::parse(query), paging, now, distortion);
  CHECK(answer.status == 200);
  return answer.body;
}

std::string between(const std::string& text, std::string_view begin, std::string_view end) {
  const std::size_t from = text.find(begin);
  if (from == text.npos) return {};
  return text.substr(from + begin.size(), text.find(end, from + begin.size()) - from - begin.size());
}

std::string error_code(std::string_view query) { return between(ask(query), "<error code=\"", "\""); }

std::string ids(const std::string& body) {
  std::string out;
  constexpr std::string_view begin = "<identifier>oai:arXiv.org:";
  for (std::size_t at = body.find(begin); at != body.npos; at = body.find(begin, at + 1)) {
    const std::size_t from = at + begin.size();
    out += (out.empty() ? "" : " ") + body.substr(from, body.find('<', from) - from);
  }
  return out;
}

// All pages of a list, each as its ids.
std::vector<std::string> pages(const std::string& verb, const std::string& query, OaiPaging paging) {
  std::vector<std::string> out;
  std::string body = ask("verb=" + verb + "&" + query, paging);
  while (out.size() < 10) {
    out.push_back(ids(body));
    const std::string token = between(body, "\">", "</resumptionToken>");
    if (body.find("</resumptionToken>") == body.npos) break;
    const std::string encoded =
        between(body, "<resumptionToken expirationDate=\"2026-05-12T00:00:00Z\">", "<");
    REQUIRE_FALSE(encoded.empty());
    body = ask("verb=" + verb + "&resumptionToken=" + url_encoded(encoded, "", "+"), paging);
  }
  return out;
}

}  // namespace

TEST_CASE("a record in the arXiv format: split names in Unicode") {
  const std::string body = ask("verb=GetRecord&identifier=oai:arXiv.org:0704.0001&metadataPrefix=arXiv");
  CHECK(between(body, "<header>\n", "\n</header>") ==
        "<identifier>oai:arXiv.org:0704.0001</identifier><datestamp>2007-07-24</datestamp>"
        "<setSpec>physics:hep-ph</setSpec><setSpec>math:math:MP</setSpec><setSpec>physics:math-ph</setSpec>");
  CHECK(between(body, "arXiv.xsd\">\n", "</arXiv>") ==
        "<id>0704.0001</id><created>2007-04-02</created><updated>2007-07-24</updated><authors>"
        "<author><keyname>Balázs</keyname><forenames>C.</forenames></author>"
        "<author><keyname>Smith</keyname><forenames>A.</forenames><suffix>Jr</suffix></author></authors>"
        "<title>On $α$</title><categories>hep-ph math.MP</categories><comments>2 pages</comments>"
        "<report-no>R-1</report-no><msc-class>11A</msc-class><journal-ref>X 1</journal-ref><doi>10.1/a</doi>"
        "<license>http://l/</license><abstract>One\ntwo.</abstract>");
  CHECK(between(body, "<request", "</request>") ==
        " verb=\"GetRecord\" identifier=\"oai:arXiv.org:0704.0001\" metadataPrefix=\"arXiv\">"
        "https://oaipmh.arxiv.org/oai");
}

TEST_CASE("a record in the raw format: TeX as it is, every version") {
  const std::string body = ask("verb=GetRecord&identifier=oai:arXiv.org:0704.0001&metadataPrefix=arXivRaw");
  CHECK(body.find(
            "<version version=\"v1\"><date>Mon, 02 Apr 2007 19:18:42 GMT</date><size>100kb</size></version>"
            "<version version=\"v2\"><date>Tue, 24 Jul 2007 20:10:27 GMT</date><size>100kb</size>"
            "<source_type>I</source_type></version>") != body.npos);
  CHECK(body.find("<title>On $\\alpha$</title><authors>C. Bal\\'azs, A. Smith Jr</authors>") != body.npos);
}

TEST_CASE("a record in Dublin Core") {
  const std::string body = ask("verb=GetRecord&identifier=oai:arXiv.org:0704.0001&metadataPrefix=oai_dc");
  CHECK(body.find("<dc:creator>Balázs, C.</dc:creator><dc:creator>Smith Jr, A.</dc:creator>") != body.npos);
  CHECK(body.find("<dc:date>2007-04-02</dc:date><dc:date>2007-07-24</dc:date>") != body.npos);
  CHECK(body.find("<dc:identifier>doi:10.1/a</dc:identifier>") != body.npos);
}

TEST_CASE("lists by date and by set") {
  CHECK(ids(ask("verb=ListIdentifiers&metadataPrefix=arXiv")) ==
        "0704.0001 1801.00001 1801.00002 1801.00003 1801.00004");
  CHECK(ids(ask("verb=ListIdentifiers&metadataPrefix=arXiv&from=2018-01-02")) ==
        "1801.00002 1801.00003 1801.00004");
  CHECK(ids(ask("verb=ListIdentifiers&metadataPrefix=arXiv&from=2018-01-01&until=2018-01-01")) ==
        "1801.00001");
  CHECK(ids(ask("verb=ListRecords&metadataPrefix=arXiv&set=cs:cs:LG")) == "1801.00003 1801.00004");
  CHECK(ids(ask("verb=ListRecords&metadataPrefix=arXiv&set=physics")) == "0704.0001");
  CHECK(error_code("verb=ListRecords&metadataPrefix=arXiv&set=cs:c") == "noRecordsMatch");
}

TEST_CASE("pages: the list begins again at the day that is not finished") {
  using Pages = std::vector<std::string>;
  const OaiPaging two{.records = 2, .headers = 2};
  CHECK(pages("ListRecords", "metadataPrefix=arXiv", two) ==
        Pages{"0704.0001 1801.00001", "1801.00002 1801.00003", "1801.00004"});
  CHECK(pages("ListIdentifiers", "metadataPrefix=arXiv&set=cs", two) ==
        Pages{"1801.00001 1801.00002", "1801.00003 1801.00004"});
  CHECK(pages("ListRecords", "metadataPrefix=arXiv", {.records = 1, .headers = 1}).size() == 5);
  const std::string body = ask("verb=ListRecords&metadataPrefix=arXiv", two);
  CHECK(between(body, "<resumptionToken expirationDate=\"2026-05-12T00:00:00Z\">", "<") ==
        "verb%3DListRecords%26metadataPrefix%3DarXiv%26from%3D2018-01-02%26skip%3D0");
  // The last page of a resumed list ends with an empty token, a list of one page with none.
  const std::string last =
      ask("verb=ListRecords&resumptionToken=verb%253DListRecords%2526metadataPrefix%253DarXiv%2526skip%253D4",
          two);
  CHECK(last.find("<resumptionToken/>") != last.npos);
  CHECK(ask("verb=ListRecords&metadataPrefix=arXiv").find("resumptionToken") == std::string::npos);
}

TEST_CASE("errors, all with HTTP status 200") {
  CHECK(error_code("") == "badVerb");
  CHECK(error_code("verb=Nothing") == "badVerb");
  CHECK(error_code("verb=Identify&x=1") == "badArgument");
  CHECK(error_code("verb=GetRecord&identifier=oai:arXiv.org:0704.0001") == "badArgument");
  CHECK(error_code("verb=GetRecord&identifier=a&identifier=b&metadataPrefix=arXiv") == "badArgument");
  CHECK(error_code("verb=GetRecord&identifier=oai:arXiv.org:0704.0001&metadataPrefix=x") ==
        "cannotDisseminateFormat");
  CHECK(error_code("verb=GetRecord&identifier=oai:arXiv.org:0704.9999&metadataPrefix=arXiv") ==
        "idDoesNotExist");
  CHECK(error_code("verb=GetRecord&identifier=oai:arXiv.org:0704.0001v1&metadataPrefix=arXiv") ==
        "idDoesNotExist");
  CHECK(error_code("verb=GetRecord&identifier=0704.0001&metadataPrefix=arXiv") == "idDoesNotExist");
  CHECK(error_code("verb=ListRecords") == "badArgument");
  CHECK(error_code("verb=ListRecords&metadataPrefix=arXiv&from=yesterday") == "badArgument");
  CHECK(error_code("verb=ListRecords&metadataPrefix=arXiv&from=2018-02-30") == "badArgument");
  CHECK(error_code("verb=ListRecords&metadataPrefix=arXiv&from=2019-01-01&until=2018-01-01") ==
        "badArgument");
  CHECK(error_code("verb=ListRecords&metadataPrefix=arXiv&from=2019-01-01") == "noRecordsMatch");
  CHECK(error_code("verb=ListRecords&resumptionToken=x") == "badResumptionToken");
  CHECK(error_code("verb=ListRecords&resumptionToken=x&metadataPrefix=arXiv") == "badArgument");
  CHECK(error_code("verb=ListRecords&resumptionToken=verb%253DListIdentifiers%2526skip%253D1") ==
        "badResumptionToken");
  const std::string body = ask("verb=Nothing");
  CHECK(body.find("<request>https://oaipmh.arxiv.org/oai</request>") != body.npos);
}

TEST_CASE("what the repository says of itself") {
  CHECK(ask("verb=Identify").find("<granularity>YYYY-MM-DD</granularity>") != std::string::npos);
  CHECK(ask("verb=ListMetadataFormats").find("<metadataPrefix>arXivRaw</metadataPrefix>") !=
        std::string::npos);
  CHECK(error_code("verb=ListMetadataFormats&identifier=oai:arXiv.org:1") == "idDoesNotExist");
  CHECK(ask("verb=ListSets").find("<setSpec>cs:cs:AI</setSpec>") != std::string::npos);
}

TEST_CASE("distortions of lists and records") {
  CHECK(ids(ask("verb=ListIdentifiers&metadataPrefix=arXiv&set=cs", {}, Distortion::half_missing)) ==
        "1801.00002 1801.00004");
  const std::string_view one = "verb=GetRecord&identifier=oai:arXiv.org:0704.0001&metadataPrefix=arXiv";
  CHECK(ask(one, {}, Distortion::no_entries).find("idDoesNotExist") != std::string::npos);
  CHECK(ids(ask(one, {}, Distortion::other_papers)) == "1801.00001");
}

TEST_CASE("sets of categories") {
  CHECK(set_of_category("cs.AI") == "cs:cs:AI");
  CHECK(set_of_category("hep-th") == "physics:hep-th");
  CHECK(set_of_category("astro-ph.CO") == "physics:astro-ph:CO");
  CHECK(set_of_category("physics.optics") == "physics:physics:optics");
  CHECK(is_in_set("cs:cs:AI", "cs:cs"));
  CHECK_FALSE(is_in_set("cs:cs:AI", "cs:c"));
}
