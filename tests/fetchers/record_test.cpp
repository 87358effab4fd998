#include "fetchers/record/record.hpp"

#include "fetchers/record/fetcher.hpp"
#include "tests/support/catch.hpp"

using namespace bibsmith;

TEST_CASE("Date reads and writes ISO 8601 as far as it is known") {
  CHECK(Date::parse("2017-06-12T17:57:34Z") == Date{2017, 6, 12});
  CHECK(Date::parse("2017-06-12") == Date{2017, 6, 12});
  CHECK(Date::parse("2017-06") == Date{2017, 6, 0});
  CHECK(Date::parse("2017") == Date{2017, 0, 0});
  for (const char* bad :
       {"", "17", "2017-13", "2017-00", "2017-02-30", "2017-6-1", "2017-06-12x", "0000", "-017"}) {
    CAPTURE(bad);
    CHECK_FALSE(Date::parse(bad));
  }
  CHECK(Date{2017, 6, 2}.iso() == "2017-06-02");
  CHECK(Date{2017, 6, 0}.iso() == "2017-06");
  CHECK(Date{2017, 0, 0}.iso() == "2017");
  CHECK(Date{}.iso().empty());
  CHECK(Date{2017, 0, 0} < Date{2017, 6, 1});
}

TEST_CASE("every value of a Record knows its origin") {
  Record record;
  const Origin atom{"arxiv-atom", "https://export.arxiv.org/api/query", {}};
  const Origin oai{"arxiv-oai", "https://oaipmh.arxiv.org/oai", {}};
  record.origins = {atom};
  CHECK(record.origin(RecordField::title) == atom);

  record.mark(RecordField::authors, oai);
  CHECK(record.origin(RecordField::authors) == oai);
  CHECK(record.origin(RecordField::title) == atom);
  record.mark(RecordField::authors, atom);
  CHECK(record.origin(RecordField::authors) == atom);
  CHECK(record.origins.size() == 2);
}

TEST_CASE("error codes have stable names") {
  CHECK(name_of(FetchError::Code::offline) == "offline");
  CHECK(name_of(FetchError::Code::unreachable) == "unreachable");
  CHECK(name_of(FetchError::Code::timed_out) == "timed_out");
  CHECK(name_of(FetchError::Code::rate_limited) == "rate_limited");
  CHECK(name_of(FetchError::Code::bad_response) == "bad_response");
  CHECK(name_of(FetchError::Code::rejected) == "rejected");
  CHECK(name_of(FetchError::Code::cancelled) == "cancelled");
}
