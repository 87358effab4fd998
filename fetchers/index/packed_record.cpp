#include "fetchers/index/packed_record.hpp"

#include <cstdint>
#include <utility>
#include <vector>

#include "fetchers/index/varint.hpp"

namespace bibsmith::fetchers {

namespace {

constexpr std::uint64_t form = 1;
constexpr auto last_field = static_cast<std::uint64_t>(RecordField::publication);
constexpr auto last_type = static_cast<std::uint64_t>(PublicationType::preprint);

class Packer {
 public:
  void number(std::uint64_t value) { append_varint(out_, value); }
  void text(std::string_view value) {
    number(value.size());
    out_ += value;
  }
  void texts(const std::vector<std::string>& values) {
    number(values.size());
    for (const std::string& value : values) text(value);
  }
  void date(const Date& date) {
    number(static_cast<std::uint64_t>(date.year));
    number(date.month);
    number(date.day);
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

// Reads what Packer wrote; once something does not fit, everything is 0 and empty and ok() is false.
class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : left_(bytes) {}

  bool ok() const { return ok_; }
  bool at_end() const { return ok_ && left_.empty(); }

  std::uint64_t number(std::uint64_t most = UINT64_MAX) {
    const auto value = ok_ ? take_varint(left_) : std::nullopt;
    ok_ = value && *value <= most;
    return ok_ ? *value : 0;
  }
  std::string text() {
    const std::uint64_t size = number(left_.size());
    if (size > left_.size()) ok_ = false;
    if (!ok_) return {};
    std::string out(left_.substr(0, size));
    left_.remove_prefix(size);
    return out;
  }
  // Each element takes a byte at least: a count beyond what is left is a lie.
  std::uint64_t count() { return number(left_.size()); }
  std::vector<std::string> texts() {
    std::vector<std::string> out;
    for (std::uint64_t n = count(); n > 0 && ok_; --n) out.push_back(text());
    return out;
  }
  Date date() {
    Date out;
    out.year = static_cast<decltype(out.year)>(number(UINT16_MAX >> 1));
    out.month = static_cast<std::uint8_t>(number(12));
    out.day = static_cast<std::uint8_t>(number(31));
    return out;
  }

 private:
  std::string_view left_;
  bool ok_ = true;
};

void pack_author(Packer& out, const Author& author) {
  for (const std::string* part : {&author.name, &author.family, &author.given, &author.suffix, &author.orcid})
    out.text(*part);
  out.texts(author.affiliations);
  out.number(author.is_literal ? 1 : 0);
}

Author unpack_author(Unpacker& in) {
  Author author;
  for (std::string* part : {&author.name, &author.family, &author.given, &author.suffix, &author.orcid})
    *part = in.text();
  author.affiliations = in.texts();
  author.is_literal = in.number(1) != 0;
  return author;
}

void pack_publication(Packer& out, const Publication& publication) {
  out.number(static_cast<std::uint64_t>(publication.type));
  for (const std::string* part : {&publication.container, &publication.container_short, &publication.volume,
                                  &publication.number, &publication.pages, &publication.eid,
                                  &publication.series, &publication.publisher, &publication.event})
    out.text(*part);
  out.date(publication.date);
}

Publication unpack_publication(Unpacker& in) {
  Publication publication;
  publication.type = static_cast<PublicationType>(in.number(last_type));
  for (std::string* part : {&publication.container, &publication.container_short, &publication.volume,
                            &publication.number, &publication.pages, &publication.eid, &publication.series,
                            &publication.publisher, &publication.event})
    *part = in.text();
  publication.date = in.date();
  return publication;
}

}  // namespace

std::string packed(const Record& record) {
  Packer out;
  out.number(form);
  out.text(record.arxiv_id ? record.arxiv_id->str() : std::string());
  for (const std::string* part : {&record.title, &record.abstract, &record.comment, &record.journal_ref,
                                  &record.report_number, &record.license})
    out.text(*part);
  out.number(record.authors.size());
  for (const Author& author : record.authors) pack_author(out, author);
  out.number(record.dois.size());
  for (const Doi& doi : record.dois) out.text(doi.str());
  out.texts(record.categories);
  out.date(record.published);
  out.date(record.updated);
  out.number(record.versions.size());
  for (const Version& version : record.versions) {
    out.number(version.number);
    out.date(version.date);
    out.number(version.withdrawn ? 1 : 0);
  }
  out.number(record.withdrawn ? 1 : 0);
  out.number(record.publication ? 1 : 0);
  if (record.publication) pack_publication(out, *record.publication);
  out.number(record.origins.size());
  for (const Origin& origin : record.origins) {
    out.text(origin.source);
    out.text(origin.url);
    out.number(static_cast<std::uint64_t>(origin.retrieved.time_since_epoch().count()));
  }
  out.number(record.marks.size());
  for (const auto& [field, origin] : record.marks) {
    out.number(static_cast<std::uint64_t>(field));
    out.number(origin);
  }
  return out.take();
}

std::optional<Record> unpacked(std::string_view bytes) {
  Unpacker in(bytes);
  if (in.number() != form) return std::nullopt;
  Record record;
  if (const std::string id = in.text(); !id.empty()) {
    const auto parsed = ArxivId::parse(id);
    if (!parsed) return std::nullopt;
    record.arxiv_id = *parsed;
  }
  for (std::string* part : {&record.title, &record.abstract, &record.comment, &record.journal_ref,
                            &record.report_number, &record.license})
    *part = in.text();
  for (std::uint64_t n = in.count(); n > 0 && in.ok(); --n) record.authors.push_back(unpack_author(in));
  for (std::uint64_t n = in.count(); n > 0 && in.ok(); --n) {
    if (auto doi = Doi::parse(in.text())) record.dois.push_back(*std::move(doi));
  }
  record.categories = in.texts();
  record.published = in.date();
  record.updated = in.date();
  for (std::uint64_t n = in.count(); n > 0 && in.ok(); --n) {
    Version version;
    version.number = static_cast<std::uint16_t>(in.number(UINT16_MAX));
    version.date = in.date();
    version.withdrawn = in.number(1) != 0;
    record.versions.push_back(version);
  }
  record.withdrawn = in.number(1) != 0;
  if (in.number(1) != 0) record.publication = unpack_publication(in);
  for (std::uint64_t n = in.count(); n > 0 && in.ok(); --n) {
    Origin origin;
    origin.source = in.text();
    origin.url = in.text();
    origin.retrieved = std::chrono::sys_seconds(std::chrono::seconds(in.number(INT64_MAX)));
    record.origins.push_back(std::move(origin));
  }
  for (std::uint64_t n = in.count(); n > 0 && in.ok(); --n) {
    const auto field = static_cast<RecordField>(in.number(last_field));
    const auto origin = static_cast<std::uint8_t>(in.number(UINT8_MAX));
    if (origin >= record.origins.size()) return std::nullopt;
    record.marks.emplace_back(field, origin);
  }
  if (!in.at_end() || record.origins.empty()) return std::nullopt;
  return record;
}

}  // namespace bibsmith::fetchers
