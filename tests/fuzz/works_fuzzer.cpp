// Any bytes: the readers of Crossref, DataCite and OpenAlex refuse with a message, or give works of plain
// text whose raw objects lie inside the body and read back as the same work. The first byte chooses the
// reader.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fetchers/crossref/crossref_work.hpp"
#include "fetchers/datacite/datacite_work.hpp"
#include "fetchers/openalex/openalex_work.hpp"
#include "fetchers/record/plain_text.hpp"

namespace {

using namespace bibsmith;
using namespace bibsmith::fetchers;

void require(bool holds) {
  if (!holds) __builtin_trap();
}

void require_plain(const std::string& text) { require(plain_text(text) == text); }

void check(const Record& record) {
  require(!record.origins.empty());
  for (const std::string* text : {&record.title, &record.abstract, &record.comment, &record.license}) {
    require_plain(*text);
  }
  for (const Author& author : record.authors) {
    require(!author.name.empty());
    for (const std::string* text : {&author.name, &author.family, &author.given, &author.suffix}) {
      require_plain(*text);
    }
    require(author.orcid.empty() || author.orcid.size() == 19);
  }
  if (!record.publication) return;
  const Publication& publication = *record.publication;
  for (const std::string* text : {&publication.container, &publication.container_short, &publication.pages,
                                  &publication.series, &publication.publisher, &publication.event}) {
    require_plain(*text);
  }
}

// What a search brings may lack a DOI.
void check_hits(const TitleAnswer& hits) {
  if (!hits) return require_plain(hits.error().message);
  for (const Record& record : *hits) {
    require(!record.title.empty());
    check(record);
  }
}

void check_openalex(std::string_view body, const Origin& origin) {
  check_hits(parse_openalex_hits(body, origin));
  const auto works = parse_openalex_answer(body, origin);
  if (!works) return require_plain(works.error().message);
  for (const AnsweredWork& work : *works) {
    check(work.record);
    if (work.raw.empty() || work.record.title.empty()) continue;
    const auto again = parse_openalex_work(work.raw, origin);
    require(again.has_value() && again->title == work.record.title && again->dois.front() == work.doi);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const bool is_crossref = bytes[0] % 2 == 0;  // both were there first: their inputs stay theirs
  const std::string_view body(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  if (bytes[0] >= 0x80) {
    check_openalex(body, {.source = "openalex"});
    return 0;
  }
  if (is_crossref) check_hits(parse_crossref_hits(body, {.source = "crossref"}));
  const Origin origin{.source = is_crossref ? "crossref" : "datacite"};
  const auto works = is_crossref ? parse_crossref_answer(body, origin) : parse_datacite_answer(body, origin);
  if (!works) {
    require(!works.error().message.empty());
    require_plain(works.error().message);
    return 0;
  }
  for (const AnsweredWork& work : *works) {
    check(work.record);
    if (work.raw.empty()) continue;
    require(work.raw.data() >= body.data() && work.raw.data() + work.raw.size() <= body.data() + body.size());
    if (is_crossref) {
      const auto again = parse_crossref_work(work.raw, origin);
      require(again.has_value());
      require(again->record.title == work.record.title && again->record.dois.front() == work.doi);
    } else {
      const auto again = parse_datacite_work(work.raw, origin);
      require(again.has_value());
      require(again->title == work.record.title && again->arxiv_id == work.record.arxiv_id);
    }
  }
  return 0;
}
