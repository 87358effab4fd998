#include "fetchers/arxiv/atom.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <pugixml.hpp>

#include "fetchers/http/answer_text.hpp"
#include "fetchers/record/ascii.hpp"
#include "fetchers/record/plain_text.hpp"

namespace bibsmith::fetchers {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view entry_end = "</entry>";
constexpr std::string_view bad_id_message = "incorrect id format for ";

// White space is collapsed later, so that line ends need no work here; text goes into its element, which
// saves a node for each.
constexpr unsigned parse_options = pugi::parse_escapes | pugi::parse_cdata | pugi::parse_embed_pcdata;

FetchError bad_response(std::string message) {
  return FetchError{.code = FetchError::Code::bad_response, .message = std::move(message)};
}

std::string_view trimmed_front(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  return text;
}

std::string_view trimmed(std::string_view text) {
  text = trimmed_front(text);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

FetchError not_well_formed(const pugi::xml_parse_result& result) {
  std::string reason = result.description();
  if (!reason.empty()) reason.front() = static_cast<char>(reason.front() | 0x20);  // "Error …"
  return bad_response("the answer is not well-formed XML: " + reason + " at byte " +
                      std::to_string(result.offset));
}

// Without the length of `name`, which would cost a call for each of some twenty elements a paper.
template <std::size_t size>
bool is(const char* name, const char (&expected)[size]) {
  for (std::size_t i = 0; i < size; ++i) {
    if (name[i] != expected[i]) return false;
  }
  return true;
}

std::string text_of(const pugi::xml_node& node) { return plain_text(node.child_value()); }

// Of values that are no prose: what stands in the element, without a copy.
std::string_view word_of(const pugi::xml_node& node) { return trimmed(node.child_value()); }

std::string_view term_of(const pugi::xml_node& category) {
  return trimmed(category.attribute("term").value());
}

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
  if (authors.empty()) {  // growing in steps would cost more than reading the names
    std::size_t count = 1;
    for (auto next = node.next_sibling(); is(next.name(), "author"); next = next.next_sibling()) ++count;
    authors.reserve(count);
  }
  Author& author = authors.emplace_back();
  for (auto child = node.first_child(); child; child = child.next_sibling()) {
    const char* const name = child.name();
    if (is(name, "name")) {
      author.name = text_of(child);
    } else if (is(name, "arxiv:affiliation")) {
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
  const char* const name = child.name();
  if (is(name, "link")) {
    // leads where the id and the DOIs say already
  } else if (is(name, "author")) {
    add_author(record.authors, child);
  } else if (is(name, "title")) {
    record.title = text_of(child);
  } else if (is(name, "summary")) {
    record.abstract = text_of(child);
  } else if (is(name, "category")) {
    if (record.categories.empty()) record.categories.reserve(4);
    add_category(record.categories, term_of(child));
  } else if (is(name, "arxiv:primary_category")) {
    primary = term_of(child);
  } else if (is(name, "published")) {
    record.published = date_of(child);
  } else if (is(name, "updated")) {
    record.updated = date_of(child);
  } else if (is(name, "arxiv:comment")) {
    record.comment = text_of(child);
  } else if (is(name, "arxiv:journal_ref")) {
    record.journal_ref = text_of(child);
  } else if (is(name, "arxiv:doi")) {
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

// A part of the body that was parsed by itself: bytes [begin, end).
struct Piece {
  std::string_view body;
  std::size_t begin = 0;
  std::size_t end = 0;
};

// The offset of an element's '<' in the body; pugixml knows that of the name.
std::optional<std::size_t> begin_of(const pugi::xml_node& element, const Piece& piece) {
  const auto offset = element.offset_debug();
  if (element.type() != pugi::node_element || offset < 1) return std::nullopt;
  return static_cast<std::size_t>(offset) - 1 + piece.begin;
}

// Cuts the entry out of the body: what stands before the next element, or before the end of the piece, must
// be its end tag. No comment, CDATA section or attribute can end in one there.
void find_raw(AtomEntry& out, const pugi::xml_node& entry, const Piece& piece) {
  const auto begin = begin_of(entry, piece);
  const pugi::xml_node next = entry.next_sibling();
  const auto limit = next ? begin_of(next, piece) : std::optional(piece.end);
  if (!begin || !limit || *limit < *begin) return;
  const std::string_view raw = trimmed(piece.body.substr(*begin, *limit - *begin));
  if (!raw.ends_with(entry_end)) return;
  out.raw_begin = *begin;
  out.raw_end = *begin + raw.size();
}

void read_entry(AtomFeed& feed, const pugi::xml_node& entry, const Piece& piece, const Origin& origin) {
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
  find_raw(out, entry, piece);
}

void read_children(AtomFeed& feed, const pugi::xml_node& parent, const Piece& piece, const Origin& origin) {
  for (auto child = parent.first_child(); child; child = child.next_sibling()) {
    const char* const name = child.name();
    if (is(name, "entry")) {
      read_entry(feed, child, piece, origin);
    } else if (is(name, "title")) {
      feed.title = text_of(child);
    } else if (is(name, "opensearch:totalResults")) {
      feed.total_results = number_of(child);
    } else if (is(name, "opensearch:startIndex")) {
      feed.start_index = number_of(child);
    } else if (is(name, "opensearch:itemsPerPage")) {
      feed.items_per_page = number_of(child);
    }
  }
}

// How many papers so many bytes hold; more is no harm.
std::size_t usual_entries(std::size_t bytes) {
  constexpr std::size_t entry_bytes = 2048;
  return bytes / entry_bytes + 1;
}

// A tree for a whole page of some megabytes is memory to be walked through three times. So the feed without
// its entries is read first, and then the entries, as many at a time as stay in the processor's cache.
//
// Pieces are cut behind "</entry>". Where that stands in a comment, CDATA section or attribute, the piece
// does not parse: nullopt, and the feed must be read as a whole. So too when it is not well-formed, to tell
// where.
std::optional<AtomFeed> read_in_pieces(std::string_view body, const Origin& origin) {
  constexpr std::size_t piece_bytes = std::size_t{32} << 10;
  const std::size_t first = body.find("<entry");
  const std::size_t last = body.rfind(entry_end);
  if (body.size() < 2 * piece_bytes || first == body.npos || last == body.npos || last < first)
    return std::nullopt;
  const std::size_t end = last + entry_end.size();

  AtomFeed feed;
  feed.entries.reserve(usual_entries(end - first));
  pugi::xml_document document;
  std::string text(body.substr(0, first));
  text += body.substr(end);
  if (!document.load_buffer_inplace(text.data(), text.size(), parse_options, pugi::encoding_utf8) ||
      !is(document.document_element().name(), "feed")) {
    return std::nullopt;
  }
  read_children(feed, document.document_element(), {}, origin);

  for (Piece piece{.body = body, .begin = first, .end = first}; piece.end < end; piece.begin = piece.end) {
    piece.end = body.find(entry_end, std::min(piece.begin + piece_bytes, last)) + entry_end.size();
    text.assign(body, piece.begin, piece.end - piece.begin);
    if (!document.load_buffer_inplace(text.data(), text.size(), parse_options | pugi::parse_fragment,
                                      pugi::encoding_utf8)) {
      return std::nullopt;
    }
    read_children(feed, document, piece, origin);
  }
  return feed;
}

tl::expected<AtomFeed, FetchError> read_whole(std::string_view body, const Origin& origin) {
  std::string text(body);  // is parsed in place
  pugi::xml_document document;
  const auto result =
      document.load_buffer_inplace(text.data(), text.size(), parse_options, pugi::encoding_utf8);
  if (!result) return tl::unexpected(not_well_formed(result));
  const pugi::xml_node root = document.document_element();
  if (!is(root.name(), "feed")) {
    return tl::unexpected(bad_response("the answer is no Atom feed, its root is <" +
                                       plain_text(std::string_view(root.name()).substr(0, 60)) + ">"));
  }
  AtomFeed feed;
  feed.entries.reserve(usual_entries(body.size()));
  read_children(feed, root, {.body = body, .begin = 0, .end = std::min(body.rfind("</feed"), body.size())},
                origin);
  return feed;
}

}  // namespace

tl::expected<AtomFeed, FetchError> parse_atom(std::string_view body, const Origin& origin) {
  const std::size_t shift = body.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
  const std::string_view text = body.substr(shift);
  if (auto error = why_not_xml(text, atom_bytes_max, "Atom feed")) return tl::unexpected(*std::move(error));

  auto feed = read_in_pieces(text, origin);
  if (!feed) {
    auto whole = read_whole(text, origin);
    if (!whole) return whole;
    feed = *std::move(whole);
  }
  for (AtomEntry& entry : feed->entries) {
    if (entry.raw_end == 0) continue;
    entry.raw_begin += shift;
    entry.raw_end += shift;
  }
  return *std::move(feed);
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
  if (!id || !is(entry.name(), "entry")) {
    return tl::unexpected(bad_response("the text is no <entry> of a paper"));
  }
  Record record;
  read_record(record, entry, *std::move(id), origin);
  return record;
}

}  // namespace bibsmith::fetchers
