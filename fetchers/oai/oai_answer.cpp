#include "fetchers/oai/oai_answer.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <pugixml.hpp>

#include "fetchers/http/answer_text.hpp"
#include "fetchers/oai/oai_metadata.hpp"
#include "fetchers/record/plain_text.hpp"

namespace bibsmith::fetchers {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view white_space = " \t\r\n";
constexpr std::string_view noun = "OAI-PMH answer";
// As for Atom: white space is collapsed later, text goes into its element.
constexpr unsigned parse_options = pugi::parse_escapes | pugi::parse_cdata | pugi::parse_embed_pcdata;

FetchError bad_response(std::string message) {
  return FetchError{.code = FetchError::Code::bad_response, .message = std::move(message)};
}

// A document over `text`, which is parsed in place.
tl::expected<void, FetchError> load(std::string& text, pugi::xml_document& document) {
  const auto result =
      document.load_buffer_inplace(text.data(), text.size(), parse_options, pugi::encoding_utf8);
  if (result) return {};
  std::string reason = result.description();
  if (!reason.empty()) reason.front() = static_cast<char>(reason.front() | 0x20);  // "Error …"
  return tl::unexpected(bad_response("the answer is not well-formed XML: " + reason + " at byte " +
                                     std::to_string(result.offset)));
}

// The offset of an element's '<' in the body; pugixml knows that of the name. `shift`: what it did not see.
std::optional<std::size_t> begin_of(const pugi::xml_node& element, std::size_t shift) {
  const auto offset = element.offset_debug();
  if (element.type() != pugi::node_element || offset < 1) return std::nullopt;
  return static_cast<std::size_t>(offset) - 1 + shift;
}

// Where the end tag of `list` begins: the last of its name before the next element, for a list may have a
// successor of the same name.
std::size_t end_of_list(const pugi::xml_node& list, std::string_view body, std::size_t shift) {
  pugi::xml_node next = list.next_sibling();
  while (next && next.type() != pugi::node_element) next = next.next_sibling();
  return body.rfind("</" + std::string(list.name()), begin_of(next, shift).value_or(body.npos));
}

// What stands before the next element, or before the end of the list, must be the end tag of the record.
void find_raw(OaiRecord& out, const pugi::xml_node& record, std::string_view body, std::size_t shift) {
  const auto begin = begin_of(record, shift);
  const pugi::xml_node next = record.next_sibling();
  const auto limit = next ? begin_of(next, shift) : std::optional(end_of_list(record.parent(), body, shift));
  if (!begin || !limit || *limit == body.npos || *limit < *begin) return;
  const std::string_view before = body.substr(*begin, *limit - *begin);
  const std::string_view raw = before.substr(0, before.find_last_not_of(white_space) + 1);
  if (!raw.ends_with("</record>")) return;
  out.raw_begin = *begin;
  out.raw_end = *begin + raw.size();
}

OaiRecord read_record(const pugi::xml_node& node, const Origin& origin) {
  OaiRecord record;
  const pugi::xml_node header = node.child("header");
  record.is_deleted = std::string_view(header.attribute("status").value()) == "deleted";
  record.identifier = plain_text(header.child_value("identifier"));
  record.datestamp = Date::parse(plain_text(header.child_value("datestamp"))).value_or(Date{});
  for (const pugi::xml_node& set : header.children("setSpec")) {
    record.sets.push_back(plain_text(set.child_value()));
  }
  if (!record.is_deleted) record.record = read_oai_metadata(node.child("metadata").first_child(), origin);
  return record;
}

void read_token(OaiAnswer& answer, const pugi::xml_node& node) {
  std::string token = plain_text(node.child_value());
  if (!token.empty()) answer.resumption_token = std::move(token);
  const std::string_view size = node.attribute("completeListSize").value();
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(size.data(), size.data() + size.size(), value);
  if (!size.empty() && error == std::errc{} && end == size.data() + size.size()) answer.list_size = value;
}

}  // namespace

bool OaiAnswer::has_fault(std::string_view code) const {
  return std::ranges::any_of(faults, [&](const OaiFault& fault) { return fault.code == code; });
}

tl::expected<OaiAnswer, FetchError> parse_oai(std::string_view body, const Origin& origin) {
  const std::size_t shift = body.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
  if (auto error = why_not_xml(body.substr(shift), oai_bytes_max, noun)) {
    return tl::unexpected(*std::move(error));
  }
  std::string copy(body.substr(shift));
  pugi::xml_document document;
  if (auto loaded = load(copy, document); !loaded) return tl::unexpected(loaded.error());
  const pugi::xml_node root = document.document_element();
  if (std::string_view(root.name()) != "OAI-PMH") {
    return tl::unexpected(bad_response("the answer is no " + std::string(noun) + ", its root is <" +
                                       plain_text(std::string_view(root.name()).substr(0, 60)) + ">"));
  }

  OaiAnswer answer;
  bool has_verb = false;
  for (const pugi::xml_node& child : root) {
    const std::string_view name = child.name();
    if (name == "error") {
      answer.faults.push_back({plain_text(child.attribute("code").value()), plain_text(child.child_value())});
    } else if (name == "GetRecord" || name == "ListRecords") {
      has_verb = true;
      for (const pugi::xml_node& item : child) {
        const std::string_view kind = item.name();
        if (kind == "resumptionToken") read_token(answer, item);
        if (kind != "record") continue;
        OaiRecord& record = answer.records.emplace_back(read_record(item, origin));
        find_raw(record, item, body, shift);
      }
    }
  }
  if (!has_verb && answer.faults.empty()) {
    return tl::unexpected(bad_response("the answer holds neither records nor an error"));
  }
  return answer;
}

tl::expected<Record, FetchError> parse_oai_record(std::string_view raw_record, const Origin& origin) {
  if (auto error = why_not_xml(raw_record, oai_bytes_max, noun)) return tl::unexpected(*std::move(error));
  std::string copy(raw_record);
  pugi::xml_document document;
  if (auto loaded = load(copy, document); !loaded) return tl::unexpected(loaded.error());
  const pugi::xml_node node = document.document_element();
  if (std::string_view(node.name()) == "record") {
    if (OaiRecord record = read_record(node, origin); record.record) return *std::move(record.record);
  }
  return tl::unexpected(bad_response("the text is no <record> of a paper"));
}

}  // namespace bibsmith::fetchers
