#include "fetchers/dblp/dblp_answer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <pugixml.hpp>

#include "fetchers/http/answer_text.hpp"
#include "fetchers/record/ascii.hpp"
#include "fetchers/record/day_time.hpp"
#include "fetchers/record/markup_text.hpp"
#include "fetchers/record/orcid.hpp"
#include "fetchers/record/plain_text.hpp"

namespace bibsmith::fetchers {

namespace {

constexpr unsigned parse_options = pugi::parse_escapes | pugi::parse_cdata;
constexpr std::size_t title_depth_max = 16;

FetchError bad_response(std::string message) {
  return FetchError{.code = FetchError::Code::bad_response, .message = std::move(message)};
}

// All text below the node, elements inside it (<i>, <sub>) included; deeper ones than titles have are left
// out.
std::string inner_text(const pugi::xml_node& node) {
  std::string out;
  std::size_t depth = 0;
  pugi::xml_node current = node.first_child();
  while (current) {
    const bool is_text = current.type() == pugi::node_pcdata || current.type() == pugi::node_cdata;
    if (is_text) out += current.value();
    if (!is_text && depth < title_depth_max && current.first_child()) {
      current = current.first_child();
      ++depth;
      continue;
    }
    while (depth > 0 && !current.next_sibling()) {
      current = current.parent();
      --depth;
    }
    current = current.next_sibling();
  }
  return out;
}

std::string text_of(const pugi::xml_node& info, const char* name) {
  return markup_text(inner_text(info.child(name)));
}

// "Wei Wang 0001" -> "Wei Wang" (dblp.org/faq, "Why are some names followed by a four digit number").
std::string without_number(std::string name) {
  constexpr std::size_t suffix = 5;
  if (name.size() <= suffix || name[name.size() - suffix] != ' ') return name;
  const std::string_view digits = std::string_view(name).substr(name.size() - 4);
  if (std::ranges::all_of(digits, is_digit)) name.resize(name.size() - suffix);
  return name;
}

std::string without_stop(std::string title) {
  if (!title.ends_with('.') || title.ends_with("..")) return title;
  title.pop_back();
  if (title.ends_with(' ')) title.pop_back();
  return title;
}

PublicationType type_of(std::string_view key, std::string_view type) {
  constexpr std::array<std::pair<std::string_view, PublicationType>, 9> by_key = {{
      {"conf/", PublicationType::inproceedings},
      {"journals/", PublicationType::article},
      {"phd/", PublicationType::thesis},
      {"ms/", PublicationType::thesis},
      {"books/", PublicationType::book},
      {"reference/", PublicationType::incollection},
      {"series/", PublicationType::incollection},
      {"tr/", PublicationType::report},
      {"data/", PublicationType::dataset},
  }};
  if (type == "Parts in Books or Collections") return PublicationType::incollection;
  if (type == "Editorship") return PublicationType::book;
  for (const auto& [prefix, kind] : by_key) {
    if (key.starts_with(prefix)) return kind;
  }
  if (type == "Journal Articles") return PublicationType::article;
  if (type == "Conference and Workshop Papers") return PublicationType::inproceedings;
  return PublicationType::unknown;
}

// "conf/nips/VaswaniSPUJGKP17": an element of its own, or the end of the page of the record.
std::string key_of(const pugi::xml_node& info) {
  std::string key = plain_text(info.child_value("key"));
  if (!key.empty()) return key;
  constexpr std::string_view page = "/rec/";
  key = plain_text(info.child_value("url"));
  const std::size_t pos = key.find(page);
  return pos == key.npos ? std::string{} : key.substr(pos + page.size());
}

// Of a CoRR entry: "abs/1706.03762" is its volume, arXiv's page or DOI its electronic edition, and
// "journals/corr/abs-1706-03762" its key.
std::optional<ArxivId> preprint_of(const pugi::xml_node& info, const std::string& volume,
                                   const std::string& key) {
  std::string_view paper = volume;
  if (paper.starts_with("abs/")) paper.remove_prefix(4);
  if (const auto id = ArxivId::parse(paper)) return *id;
  for (const pugi::xml_node& edition : info.children("ee")) {
    if (const auto id = ArxivId::parse(plain_text(edition.child_value()))) return *id;
  }
  constexpr std::string_view prefix = "journals/corr/abs-";
  if (!key.starts_with(prefix)) return std::nullopt;
  std::string in_key = key.substr(prefix.size());
  if (const std::size_t dash = in_key.find('-'); dash != in_key.npos) in_key[dash] = '.';
  const auto id = ArxivId::parse(in_key);
  return id ? std::optional(*id) : std::nullopt;
}

void read_dois(Record& record, const pugi::xml_node& info) {
  for (const char* name : {"doi", "ee"}) {
    for (const pugi::xml_node& child : info.children(name)) {
      const std::string value = plain_text(child.child_value());
      // Editions elsewhere have links of their own that are no DOI, whatever they contain.
      const auto doi = Doi::parse(value);
      if (doi && !doi->arxiv_id() && std::ranges::find(record.dois, *doi) == record.dois.end()) {
        record.dois.push_back(*doi);
      }
    }
  }
}

// Where the parts stand that a search and the dump have in different places.
struct Layout {
  pugi::xml_node authors;  // their parent
  std::string key;
  std::string type;  // in the words of a search; empty: the key tells
  const char* venue = "venue";
};

DblpHit hit_of(const pugi::xml_node& info, const Layout& layout, const Origin& origin) {
  DblpHit hit;
  Record& record = hit.record;
  record.origins.push_back(origin);
  hit.key = layout.key;
  record.title = without_stop(text_of(info, "title"));
  for (const pugi::xml_node& child : layout.authors.children("author")) {
    Author author;
    author.name = without_number(markup_text(child.child_value()));
    author.orcid = orcid_in(child.attribute("orcid").value());
    if (!author.name.empty()) record.authors.push_back(std::move(author));
  }
  Publication publication;
  publication.type = type_of(hit.key, layout.type);
  publication.container = text_of(info, layout.venue);
  publication.volume = text_of(info, "volume");
  publication.number = text_of(info, "number");
  publication.pages = text_of(info, "pages");
  publication.publisher = text_of(info, "publisher");
  publication.date = Date::parse(plain_text(info.child_value("year"))).value_or(Date{});
  // DBLP shortens the names of journals: "J. Mach. Learn. Res.".
  if (publication.type == PublicationType::article) publication.container_short = publication.container;
  if (publication.container == "CoRR" || hit.key.starts_with("journals/corr/")) {
    publication.type = PublicationType::preprint;
    record.arxiv_id = preprint_of(info, publication.volume, hit.key);
  }
  read_dois(record, info);
  record.publication = std::move(publication);
  return hit;
}

}  // namespace

tl::expected<DblpAnswer, FetchError> parse_dblp(std::string_view body, const Origin& origin) {
  if (auto error = why_not_xml(body, dblp_bytes_max, "XML answer")) return tl::unexpected(*std::move(error));
  std::string copy(body);
  pugi::xml_document document;
  const auto result =
      document.load_buffer_inplace(copy.data(), copy.size(), parse_options, pugi::encoding_auto);
  if (!result) {
    return tl::unexpected(
        bad_response("the answer is not well-formed XML at byte " + std::to_string(result.offset)));
  }
  const pugi::xml_node root = document.document_element();
  const pugi::xml_node hits = root.child("hits");
  if (std::string_view(root.name()) != "result" || !hits) {
    return tl::unexpected(bad_response("the answer is no result of a search, its root is <" +
                                       plain_text(std::string_view(root.name()).substr(0, 60)) + ">"));
  }
  if (const std::string_view code = root.child("status").attribute("code").value();
      !code.empty() && code != "200") {
    return tl::unexpected(bad_response("the search failed: status " + plain_text(code.substr(0, 60))));
  }
  DblpAnswer answer;
  const std::string_view total = hits.attribute("total").value();
  std::from_chars(total.data(), total.data() + total.size(), answer.total);
  for (const pugi::xml_node& hit : hits.children("hit")) {
    const pugi::xml_node info = hit.child("info");
    if (!info) continue;
    const Layout layout{info.child("authors"), key_of(info), plain_text(info.child_value("type")), "venue"};
    answer.hits.push_back(hit_of(info, layout, origin));
  }
  return answer;
}

tl::expected<std::optional<Record>, FetchError> parse_dblp_piece(std::string_view piece) {
  if (piece.ends_with(dblp_dump_mark)) piece.remove_suffix(dblp_dump_mark.size());
  // Behind the end of the publication before, or the head of the file.
  const std::size_t key = piece.find(" key=\"");
  const std::size_t begin = key == piece.npos ? key : piece.rfind('<', key);
  if (begin == piece.npos) return std::nullopt;
  const std::string_view name = piece.substr(begin + 1, piece.find_first_of(" >", begin) - begin - 1);
  if (name == "www" || name == "person") return std::nullopt;
  std::string text(piece.substr(begin));
  text += "</" + std::string(name) + '>';
  pugi::xml_document document;
  const auto result =
      document.load_buffer_inplace(text.data(), text.size(), parse_options, pugi::encoding_utf8);
  if (!result) {
    return tl::unexpected(
        bad_response("the publication is not well-formed XML at byte " + std::to_string(result.offset)));
  }
  const pugi::xml_node element = document.document_element();
  Origin origin{.source = std::string(dblp_source), .url = {}, .retrieved = {}};
  if (const auto changed = Date::parse(element.attribute("mdate").value()))
    origin.retrieved = begin_of(*changed);
  const bool is_of_journal = static_cast<bool>(element.child("journal"));
  const Layout layout{
      element, plain_text(element.attribute("key").value()), {}, is_of_journal ? "journal" : "booktitle"};
  return hit_of(element, layout, origin).record;
}

}  // namespace bibsmith::fetchers
