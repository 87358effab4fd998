#include "fetchers/arxiv/atom.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <pugixml.hpp>

#include "fetchers/http/answer_text.hpp"
#include "fetchers/record/plain_text.hpp"

namespace bibsmith::fetchers {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view white_space = " \t\r\n";
constexpr std::string_view bad_id_message = "incorrect id format for ";

// White space is collapsed later, so that line ends need no work here; text goes into its element, which
// saves a node for each.
constexpr unsigned parse_options = pugi::parse_escapes | pugi::parse_cdata | pugi::parse_embed_pcdata;

FetchError bad_response(std::string message) {
  return FetchError{.code = FetchError::Code::bad_response, .message = std::move(message)};
}

std::string_view trimmed_front(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(white_space), text.size()));
  return text;
}

FetchError not_well_formed(const pugi::xml_parse_result& result) {
  std::string reason = result.description();
  if (!reason.empty()) reason.front() = static_cast<char>(reason.front() | 0x20);  // "Error …"
  return bad_response("the answer is not well-formed XML: " + reason + " at byte " +
                      std::to_string(result.offset));
}

std::string text_of(const pugi::xml_node& node) { return plain_text(node.child_value()); }

std::string_view trimmed(std::string_view text) {
  if (!text.empty() && text.front() > ' ' && text.back() > ' ') return text;  // nearly always
  text = trimmed_front(text);
  return text.substr(0, text.find_last_not_of(white_space) + 1);
}

// Of values that are no prose: what stands in the element, without a copy.
std::string_view word_of(const pugi::xml_node& node) { return trimmed(node.child_value()); }

Date date_of(const pugi::xml_node& node) { return Date::parse(word_of(node)).value_or(Date{}); }

std::uint64_t number_of(const pugi::xml_node& node) {
  const std::string_view text = word_of(node);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? value : 0;
}

// The old engine listed MSC and ACM classes ("14J60 (Primary)", "I.2.7") among the categories.
bool is_category(std::string_view term) {
  const auto is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
  return !term.empty() && is_lower(term.front()) && std::ranges::all_of(term, [&](char c) {
    return is_lower(c) || (c >= 'A' && c <= 'Z') || c == '-' || c == '.';
  });
}

void add_category(std::vector<std::string>& categories, std::string_view term) {
  if (is_category(term) && std::ranges::find(categories, term) == categories.end()) {
    categories.emplace_back(term);
  }
}

void add_author(std::vector<Author>& authors, const pugi::xml_node& node) {
  // Most papers have up to four: growing in steps would cost more than reading the names.
  if (authors.empty()) authors.reserve(4);
  Author& author = authors.emplace_back();
  for (auto child = node.first_child(); child; child = child.next_sibling()) {
    const std::string_view name = child.name();
    if (name == "name") {
      author.name = text_of(child);
    } else if (name == "arxiv:affiliation") {
      if (std::string affiliation = text_of(child); !affiliation.empty()) {
        author.affiliations.push_back(std::move(affiliation));
      }
    }
  }
  if (author.name.empty()) authors.pop_back();
}

// The id is "http://arxiv.org/abs/1707.08567v1". The id of an error may quote one behind its '#'.
std::optional<ArxivId> paper_of(std::string_view entry_id) {
  const std::size_t pos = entry_id.find("/abs/");
  if (pos >= entry_id.find('#')) return std::nullopt;
  const auto id = ArxivId::parse(entry_id.substr(pos + 5));
  if (!id) return std::nullopt;
  return *id;
}

void read_child(Record& record, std::string_view& primary, const pugi::xml_node& child) {
  const std::string_view name = child.name();
  if (name == "link") {
    // leads where the id and the DOIs say already
  } else if (name == "author") {
    add_author(record.authors, child);
  } else if (name == "title") {
    record.title = text_of(child);
  } else if (name == "summary") {
    record.abstract = text_of(child);
  } else if (name == "category") {
    if (record.categories.empty()) record.categories.reserve(4);
    add_category(record.categories, trimmed(child.attribute("term").value()));
  } else if (name == "arxiv:primary_category") {
    primary = trimmed(child.attribute("term").value());
  } else if (name == "published") {
    record.published = date_of(child);
  } else if (name == "updated") {
    record.updated = date_of(child);
  } else if (name == "arxiv:comment") {
    record.comment = text_of(child);
  } else if (name == "arxiv:journal_ref") {
    record.journal_ref = text_of(child);
  } else if (name == "arxiv:doi") {
    add_dois(record.dois, child.child_value());
  }
}

void read_record(Record& record, const pugi::xml_node& entry, ArxivId id, const Origin& origin) {
  record.arxiv_id = std::move(id);
  record.origins.push_back(origin);
  std::string_view primary;
  for (auto child = entry.first_child(); child; child = child.next_sibling())
    read_child(record, primary, child);

  if (is_category(primary)) {
    auto& categories = record.categories;
    const auto listed = std::ranges::find(categories, primary);
    if (listed == categories.end()) {
      categories.emplace(categories.begin(), primary);
    } else {
      std::rotate(categories.begin(), listed, listed + 1);
    }
  }
}

// The id of an error leads to /api/errors, or to the manual when a sort parameter is wrong. The title "Error"
// proves nothing: a paper may be called that.
bool is_error_id(std::string_view entry_id) {
  return entry_id.find("/api/errors") != entry_id.npos || entry_id.find("/help/api/") != entry_id.npos;
}

AtomRejection rejection_of(const pugi::xml_node& entry) {
  AtomRejection rejection{.message = text_of(entry.child("summary"))};
  if (rejection.message.empty()) rejection.message = "arXiv rejected the request without a reason";
  if (rejection.message.starts_with(bad_id_message)) {
    rejection.bad_id = rejection.message.substr(bad_id_message.size());
  }
  return rejection;
}

// The offset of an element's '<' in `body`; pugixml knows that of the name. `shift`: what it did not see.
std::optional<std::size_t> begin_of(const pugi::xml_node& element, std::size_t shift) {
  const auto offset = element.offset_debug();
  if (element.type() != pugi::node_element || offset < 1) return std::nullopt;
  return static_cast<std::size_t>(offset) - 1 + shift;
}

// Cuts the entry out of the body: what stands before the next element, or before the end of the feed, must be
// its end tag. No comment, CDATA section or attribute can end in one there.
void find_raw(AtomEntry& out, const pugi::xml_node& entry, std::string_view body, std::size_t shift) {
  constexpr std::string_view end_tag = "</entry>";
  const auto begin = begin_of(entry, shift);
  const pugi::xml_node next = entry.next_sibling();
  const auto limit = next ? begin_of(next, shift) : std::optional(body.rfind("</feed"));
  if (!begin || !limit || *limit == body.npos || *limit < *begin) return;
  const std::string_view before = body.substr(*begin, *limit - *begin);
  const std::string_view raw = before.substr(0, before.find_last_not_of(white_space) + 1);
  if (!raw.ends_with(end_tag)) return;
  out.raw_begin = *begin;
  out.raw_end = *begin + raw.size();
}

void read_entry(AtomFeed& feed, const pugi::xml_node& entry, std::string_view body, std::size_t shift,
                const Origin& origin) {
  const std::string_view entry_id = word_of(entry.child("id"));
  auto id = paper_of(entry_id);
  if (!id) {
    if (!is_error_id(entry_id)) {
      ++feed.skipped;
    } else if (!feed.rejection) {
      feed.rejection = rejection_of(entry);
    }
    return;
  }
  AtomEntry& out = feed.entries.emplace_back();
  read_record(out.record, entry, *std::move(id), origin);
  find_raw(out, entry, body, shift);
}

}  // namespace

tl::expected<AtomFeed, FetchError> parse_atom(std::string_view body, const Origin& origin) {
  const std::size_t shift = body.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
  const std::string_view text = body.substr(shift);
  if (auto error = why_not_xml(text, atom_bytes_max, "Atom feed")) return tl::unexpected(*std::move(error));

  std::string copy(text);  // is parsed in place
  pugi::xml_document document;
  const auto result =
      document.load_buffer_inplace(copy.data(), copy.size(), parse_options, pugi::encoding_utf8);
  if (!result) return tl::unexpected(not_well_formed(result));
  const pugi::xml_node root = document.document_element();
  if (std::string_view(root.name()) != "feed") {
    return tl::unexpected(bad_response("the answer is no Atom feed, its root is <" +
                                       plain_text(std::string_view(root.name()).substr(0, 60)) + ">"));
  }

  AtomFeed feed;
  const auto is_entry = [](const pugi::xml_node& node) { return std::string_view(node.name()) == "entry"; };
  feed.entries.reserve(static_cast<std::size_t>(std::count_if(root.begin(), root.end(), is_entry)));
  for (const pugi::xml_node& child : root) {
    const std::string_view name = child.name();
    if (name == "entry") {
      read_entry(feed, child, body, shift, origin);
    } else if (name == "opensearch:totalResults") {
      feed.total_results = number_of(child);
    } else if (name == "opensearch:startIndex") {
      feed.start_index = number_of(child);
    } else if (name == "opensearch:itemsPerPage") {
      feed.items_per_page = number_of(child);
    }
  }
  return feed;
}

tl::expected<Record, FetchError> parse_atom_entry(std::string_view raw_entry, const Origin& origin) {
  if (auto error = why_not_xml(raw_entry, atom_bytes_max, "Atom feed"))
    return tl::unexpected(*std::move(error));
  std::string copy(raw_entry);
  pugi::xml_document document;
  const auto result =
      document.load_buffer_inplace(copy.data(), copy.size(), parse_options, pugi::encoding_utf8);
  if (!result) return tl::unexpected(not_well_formed(result));
  const pugi::xml_node entry = document.document_element();
  auto id = paper_of(word_of(entry.child("id")));
  if (!id || std::string_view(entry.name()) != "entry") {
    return tl::unexpected(bad_response("the text is no <entry> of a paper"));
  }
  Record record;
  read_record(record, entry, *std::move(id), origin);
  return record;
}

}  // namespace bibsmith::fetchers
