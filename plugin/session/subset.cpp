#include "plugin/session/subset.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "bibtex/model/macros.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/document.hpp"
#include "plugin/session/names_in_field.hpp"

namespace bibsmith::plugin {

namespace {

using bibtex::Block;
using bibtex::BlockKind;
using bibtex::Document;

// A block of one of the documents.
using Place = std::pair<std::size_t, std::uint32_t>;

// Fields whose value names other entries (biblatex manual, sections 2.2.3 and 2.4.1; btxdoc, section 2.1).
constexpr std::array naming_fields =
    std::to_array<std::string_view>({"crossref", "xref", "xdata", "related", "entryset"});

class Subset {
 public:
  explicit Subset(std::vector<Document> documents) : documents_(std::move(documents)) {
    for (std::size_t i = 0; i < documents_.size(); ++i) {
      macros_.emplace_back(documents_[i]);
      for (const Block& block : documents_[i].blocks()) {
        if (block.kind == BlockKind::entry) enter(i, block);
        if (block.kind != BlockKind::string) continue;
        for (const bibtex::FieldNode& field : documents_[i].fields(block)) {
          strings_[bibtex::in_lower_case(documents_[i].text(field.name))].push_back({i, block.index});
        }
      }
    }
  }

  // False: no document has it.
  bool take(const std::string& key) {
    const auto place = find(key);
    if (!place) return false;
    todo_.push_back(*place);
    follow();
    return true;
  }

  void take_all() {
    for (const auto& [key, place] : entries_) todo_.push_back(place);
    follow();
  }

  std::string text() const {
    std::string out;
    for (const auto& [document, index] : chosen()) {
      out += std::string(documents_[document].text(documents_[document].block(index).span)) + "\n\n";
    }
    if (!out.empty()) out.pop_back();
    return out;
  }

  std::vector<std::string> keys() const {
    std::vector<std::string> keys;
    for (const auto& [document, index] : taken_) {
      const Block block = documents_[document].block(index);
      if (block.kind == BlockKind::entry) keys.emplace_back(documents_[document].text(block.key));
    }
    return keys;
  }

 private:
  void enter(std::size_t document, const Block& block) {
    const Document& from = documents_[document];
    entries_.emplace(bibtex::in_lower_case(from.text(block.key)), Place{document, block.index});
    if (const auto ids = from.find_field(block, "ids")) {
      for (std::string& name : names_in(macros_[document].value_text(from, *ids))) {
        ids_.emplace(std::move(name), Place{document, block.index});
      }
    }
  }

  std::optional<Place> find(const std::string& key) const {
    if (const auto entry = entries_.find(bibtex::in_lower_case(key)); entry != entries_.end())
      return entry->second;
    if (const auto entry = ids_.find(key); entry != ids_.end()) return entry->second;
    return std::nullopt;
  }

  // A list of what is still to do, and no recursion: a file may chain or circle as it likes.
  void follow() {
    while (!todo_.empty()) {
      const Place place = todo_.back();
      todo_.pop_back();
      if (!taken_.insert(place).second) continue;
      const Document& document = documents_[place.first];
      for (const bibtex::FieldNode& field : document.fields(document.block(place.second))) {
        follow_macros(document, field);
        const std::string name = bibtex::in_lower_case(document.text(field.name));
        if (std::find(naming_fields.begin(), naming_fields.end(), name) == naming_fields.end()) continue;
        for (const std::string& key : names_in(macros_[place.first].value_text(document, field))) {
          if (const auto named = find(key)) todo_.push_back(*named);
        }
      }
    }
  }

  void follow_macros(const Document& document, const bibtex::FieldNode& field) {
    for (const bibtex::PieceNode& piece : document.pieces(field)) {
      if (piece.kind != bibtex::PieceKind::macro) continue;
      const auto string = strings_.find(bibtex::in_lower_case(document.text(piece.span)));
      if (string == strings_.end()) continue;
      todo_.insert(todo_.end(), string->second.begin(), string->second.end());
    }
  }

  // With the preambles, where anything is taken.
  std::set<Place> chosen() const {
    std::set<Place> chosen = taken_;
    if (taken_.empty()) return chosen;
    for (std::size_t i = 0; i < documents_.size(); ++i) {
      for (const Block& block : documents_[i].blocks()) {
        if (block.kind == BlockKind::preamble) chosen.insert({i, block.index});
      }
    }
    return chosen;
  }

  std::vector<Document> documents_;
  std::vector<bibtex::Macros> macros_;
  std::map<std::string, Place> entries_;               // by key in lower case; the first
  std::map<std::string, Place> ids_;                   // by a name of the field `ids`
  std::map<std::string, std::vector<Place>> strings_;  // by name in lower case
  std::vector<Place> todo_;
  std::set<Place> taken_;
};

}  // namespace

tl::expected<SubsetAnswer, FileError> write_subset(const SubsetRequest& request,
                                                   const ChangeContext& context) {
  std::vector<Document> documents;
  for (const std::string& path : request.bibliographies) {
    if (canonical_path(path) == canonical_path(request.to)) {
      return file_error(FileError::Code::refused,
                        request.to + " is what the document cites from: name another file");
    }
    auto text = read_file(path);
    if (!text) return tl::unexpected(text.error());
    if (*text) documents.push_back(Document::parse(std::move(**text)));
  }
  Subset subset(std::move(documents));
  SubsetAnswer answer;
  if (request.all) subset.take_all();
  for (const std::string& key : request.keys) {
    if (!subset.take(key)) answer.missing.push_back(key);
  }
  answer.entries = subset.keys();
  const std::string text = subset.text();
  const auto changed = change_file(request.to, "subset", context, [&](const std::string& old_text) {
    return tl::expected<std::vector<LabelledEdit>, FileError>(replacement(old_text, text, "subset.file"));
  });
  if (!changed) return tl::unexpected(changed.error());
  answer.changed = *changed;
  return answer;
}

}  // namespace bibsmith::plugin
