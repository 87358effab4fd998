#include "plugin/session/resolve.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <thread>
#include <utility>

#include "bibtex/model/dialect.hpp"
#include "bibtex/model/document_entry.hpp"
#include "bibtex/syntax/huge_pages.hpp"
#include "bibtex/syntax/utf8.hpp"
#include "bibtex/write/write_entry.hpp"
#include "plugin/session/lock_file.hpp"
#include "plugin/session/names_in_field.hpp"
#include "plugin/session/new_entries.hpp"
#include "plugin/session/request_key.hpp"
#include "plugin/session/time_text.hpp"

namespace bibsmith::plugin {

namespace {

using bibtex::Block;
using bibtex::Document;

constexpr std::string_view head_of_empty = "% bibsmith puts here what is cited by request keys.\n";

std::vector<std::string> ids_of(const bibtex::Entry& entry) {
  const bibtex::Field* field = entry.find("ids");
  if (field == nullptr || field->value.pieces.size() != 1) return {};
  return names_in(field->value.pieces.front().text);
}

// One .bib file and the names that its entries answer to.
class Bibliography {
 public:
  Bibliography(std::string path, const std::string& text)
      : path_(std::move(path)),
        document_(Document::parse(bibtex::copy_of_large(text), std::thread::hardware_concurrency())),
        dialect_(bibtex::measure_dialect(document_)) {
    if (text.find("ids") == text.npos && text.find("IDS") == text.npos) return;
    for (const Block& block : document_.entries()) {
      if (!document_.find_field(block, "ids")) continue;
      for (std::string& name : ids_of(bibtex::to_entry(document_, block))) {
        blocks_of_ids_.emplace(std::move(name), block.index);
      }
    }
  }

  const std::string& path() const { return path_; }
  const Document& document() const { return document_; }

  // BibTeX takes keys that differ in case only for the same; biber does not.
  std::optional<Block> find(const std::string& key) const {
    if (const auto block = document_.find(key)) {
      if (dialect_ == bibtex::Dialect::bibtex || document_.text(block->key) == key) return block;
    }
    const auto block = blocks_of_ids_.find(key);
    if (block == blocks_of_ids_.end()) return std::nullopt;
    return document_.block(block->second);
  }

 private:
  std::string path_;
  Document document_;
  bibtex::Dialect dialect_;
  std::map<std::string, std::uint32_t> blocks_of_ids_;
};

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t size = bibtex::utf8_length(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

// One paper and the keys by which it is cited.
struct Wanted {
  ArxivId id;
  std::vector<std::string> keys;
};

using Edits = tl::expected<std::vector<LabelledEdit>, FileError>;

// Who is cited by title words and is there already says himself which paper he is.
std::optional<ArxivId> eprint_of(const bibtex::Entry& entry) {
  const bibtex::Field* field = entry.find("eprint");
  if (field == nullptr || field->value.pieces.size() != 1) return std::nullopt;
  const auto id = ArxivId::parse(field->value.pieces.front().text);
  return id ? std::optional(*id) : std::nullopt;
}

class Resolution {
 public:
  Resolution(Session& session, const ResolveRequest& request, std::stop_token stop,
             const FetchProgress& progress)
      : session_(session), request_(request), stop_(std::move(stop)), progress_(progress) {}

  tl::expected<ResolveAnswer, FileError> run() {
    if (auto read = read_old_lock(); !read) return tl::unexpected(read.error());
    for (const std::string& key : request_.keys) {
      const bool asks = requested_paper(key) || (request_.by_title && title_request(key));
      if (asks || locked_.contains(key)) keys_.push_back(key);
    }
    if (keys_.empty() && !request_.makes_empty && request_.lock.empty()) return std::move(answer_);
    const auto text = read_bibliographies();
    if (!text) return tl::unexpected(text.error());
    const bool makes_file = !*text && request_.makes_empty;
    {
      const Bibliography target(request_.to, text->value_or(""));
      if (request_.is_locked) compare_with_lock(target);
      const bool has_all =
          std::all_of(keys_.begin(), keys_.end(), [&](const std::string& key) { return find(target, key); });
      const bool writes_lock = !request_.lock.empty() && !request_.is_locked;
      if (has_all && !makes_file && !writes_lock) return std::move(answer_);
    }
    const auto changed = change(makes_file);
    if (!changed) return tl::unexpected(changed.error());
    answer_.changed = std::find(changed->begin(), changed->end(), true) != changed->end();
    return std::move(answer_);
  }

 private:
  tl::expected<void, FileError> read_old_lock() {
    if (request_.lock.empty()) return {};
    const auto text = read_file(request_.lock);
    if (!text) return tl::unexpected(text.error());
    if (!*text) {
      if (!request_.is_locked) return {};
      return file_error(FileError::Code::not_found,
                        request_.lock + ": no such file; resolve --lock makes it");
    }
    auto entries = read_lock(**text, request_.lock);
    if (!entries) {
      if (!request_.is_locked) return {};  // it is made anew
      return tl::unexpected(entries.error());
    }
    old_lock_ = std::move(*entries);
    for (std::size_t i = 0; i < old_lock_.size(); ++i) {
      locked_.emplace(old_lock_[i].key, i);
      for (const std::string& name : ids_of(entry_in(old_lock_[i].entry))) locked_.emplace(name, i);
    }
    return {};
  }

  // The text of `to`; nullopt: it does not exist.
  tl::expected<std::optional<std::string>, FileError> read_bibliographies() {
    const std::string target = canonical_path(request_.to);
    for (const std::string& path : request_.bibliographies) {
      if (canonical_path(path) == target) continue;
      const auto text = read_file(path);
      if (!text) return tl::unexpected(text.error());
      if (*text) others_.emplace_back(path, **text);
    }
    return read_file(request_.to);
  }

  static bibtex::Entry entry_in(const std::string& text) {
    const Document document = Document::parse(text);
    const std::vector<Block> entries = document.entries();
    return entries.empty() ? bibtex::Entry{} : bibtex::to_entry(document, entries.front());
  }

  // The entry of that name in any bibliography.
  std::optional<bibtex::Entry> find(const Bibliography& target, const std::string& key) const {
    if (const auto block = target.find(key)) return bibtex::to_entry(target.document(), *block);
    for (const Bibliography& other : others_) {
      if (const auto block = other.find(key)) return bibtex::to_entry(other.document(), *block);
    }
    return std::nullopt;
  }

  void compare_with_lock(const Bibliography& target) {
    for (const std::string& key : keys_) {
      const auto entry = find(target, key);
      const auto locked = locked_.find(key);
      if (!entry || locked == locked_.end()) continue;
      if (bibtex::write_entry(*entry, {}) != old_lock_[locked->second].entry) {
        answer_.not_as_locked.push_back(key);
      }
    }
  }

  tl::expected<std::vector<bool>, FileError> change(bool makes_file) {
    std::vector<FilePlan> plans;
    plans.push_back({request_.to,
                     [&, makes_file](const std::string& text) { return plan_bib(text, makes_file); }, true,
                     std::nullopt});
    const auto add_text = [&plans](const std::string& path, PlanChange plan) {
      plans.push_back({path, std::move(plan), false, std::nullopt});
    };
    if (request_.request_keys == RequestKeys::renamed) {
      for (const std::string& path : request_.sources) {
        add_text(path, [&](const std::string& text) { return plan_source(path, text); });
      }
      if (!request_.map.empty())
        add_text(request_.map, [&](const std::string& text) { return plan_map(text); });
    }
    if (!request_.lock.empty() && !request_.is_locked) {
      add_text(request_.lock, [&](const std::string& text) { return plan_lock(text); });
    }
    return change_files(plans, "resolve", session_.change_context(stop_));
  }

  Edits plan_bib(const std::string& text, bool makes_file) {
    // Called anew when another program changed the file meanwhile: the second time the papers come from the
    // cache.
    answer_.added.clear();
    answer_.renamed.clear();
    answer_.unresolved.clear();
    answer_.also_under.clear();
    answer_.not_locked.clear();
    new_entries_.clear();
    const Bibliography target(request_.to, text);
    if (const auto why = why_not_bibtex(target.document())) {
      return file_error(FileError::Code::refused, request_.to + ": " + *why);
    }
    std::vector<std::string> missing;
    for (const std::string& key : keys_) {
      if (!find(target, key)) missing.push_back(key);
    }
    if (request_.is_locked) {
      take_from_lock(missing);
    } else if (!missing.empty()) {
      fetch(target, missing);
    }
    if (new_entries_.empty() && makes_file && text.empty()) {
      return replacement(text, std::string(head_of_empty), "resolve.file");
    }
    std::vector<LabelledEdit> edits = insertions(target.document(), new_entries_, "resolve.entry");
    known_ = locked_entries(target);
    return edits;
  }

  void take_from_lock(const std::vector<std::string>& missing) {
    std::set<std::size_t> taken;
    for (const std::string& key : missing) {
      const auto locked = locked_.find(key);
      if (locked == locked_.end()) {
        answer_.not_locked.push_back(key);
        continue;
      }
      const LockedEntry& entry = old_lock_[locked->second];
      answer_.added.push_back({key, entry.id, entry.key});
      if (taken.insert(locked->second).second) new_entries_.push_back({entry_in(entry.entry), entry.source});
    }
  }

  void fetch(const Bibliography& target, const std::vector<std::string>& missing) {
    if (request_.by_title) find_titles(missing);
    std::vector<Wanted> wanted;
    for (const std::string& key : missing) {
      const auto id = paper_of(key);
      if (!id) {
        answer_.unresolved.push_back({key, {}, {}});
        continue;
      }
      const auto same =
          std::find_if(wanted.begin(), wanted.end(), [&](const Wanted& one) { return one.id == *id; });
      if (same == wanted.end()) {
        wanted.push_back({*id, {key}});
      } else {
        same->keys.push_back(key);
      }
    }
    find_under_other_keys(target, wanted);
    std::vector<std::string> ids;
    for (const Wanted& paper : wanted) ids.push_back(paper.id.str());
    const CiteOptions options = options_for(target);
    answer_.cited = cite(session_, ids, options, stop_, progress_);
    std::size_t next = 0;
    for (const CitedPaper& paper : answer_.cited.papers) {  // in the order asked
      while (wanted[next].id != paper.id) leave(wanted[next++]);
      add(paper, wanted[next++].keys, options.dialect);
    }
    while (next < wanted.size()) leave(wanted[next++]);
  }

  // Each key once: whoever plans anew knows what was found.
  void find_titles(const std::vector<std::string>& missing) {
    std::vector<std::string> asked;
    for (const std::string& key : missing) {
      const bool is_known = std::ranges::find(answer_.titles, key, &TitleKey::asked) != answer_.titles.end();
      if (is_known || paper_of(key)) continue;
      const bool has_spaces = key.find(' ') != key.npos;
      if (has_spaces && request_.request_keys != RequestKeys::renamed) {
        answer_.titles.push_back({.asked = key, .has_spaces = true});
      } else {
        asked.push_back(key);
      }
    }
    if (asked.empty()) return;
    TitleKeysAnswer matched = match_title_keys(session_, asked, stop_);
    answer_.titles_error = std::move(matched.error);
    for (TitleKey& one : matched.keys) {
      if (const auto paper = one.paper()) papers_of_titles_.emplace(one.asked, *paper);
      answer_.titles.push_back(std::move(one));
    }
  }

  void leave(const Wanted& paper) {
    for (const std::string& key : paper.keys) answer_.unresolved.push_back({key, paper.id.str(), {}});
  }

  // That the key asks for, or that the lock says it stands for.
  std::optional<ArxivId> paper_of(const std::string& key) const {
    if (const auto id = requested_paper(key)) return id;
    if (const auto paper = papers_of_titles_.find(key); paper != papers_of_titles_.end())
      return paper->second;
    const auto old = locked_.find(key);
    if (old == locked_.end()) return std::nullopt;
    const auto id = ArxivId::parse(old_lock_[old->second].id);
    return id ? std::optional(*id) : std::nullopt;
  }

  CiteOptions options_for(const Bibliography& target) const {
    const Settings& settings = session_.settings();
    CiteOptions options = options_for_file(settings, target.document());
    if (!settings.dialect && request_.dialect && target.document().entry_count() == 0) {
      options.dialect = *request_.dialect;
      if (!settings.encoding) options.encoding = bibtex::measure_encoding(target.document(), options.dialect);
    }
    options.is_taken = [this, &target](std::string_view key) {
      return target.document().find(key).has_value() ||
             std::any_of(others_.begin(), others_.end(),
                         [key](const Bibliography& other) { return other.document().find(key).has_value(); });
    };
    return options;
  }

  // Who rewrites the sources cites the entry that is there; who does not is told of it.
  void find_under_other_keys(const Bibliography& target, std::vector<Wanted>& wanted) {
    std::vector<const Bibliography*> all{&target};
    for (const Bibliography& other : others_) all.push_back(&other);
    for (const Bibliography* bibliography : all) {
      const auto papers = papers_in(bibliography->document());
      std::erase_if(wanted, [&](const Wanted& paper) {
        const auto place = papers.find(paper.id.base());
        if (place == papers.end()) return false;
        for (const std::string& key : paper.keys) {
          if (request_.request_keys == RequestKeys::renamed) {
            answer_.renamed.push_back({key, paper.id.str(), place->second.key});
          } else {
            answer_.also_under.push_back({key, place->second.key, bibliography->path()});
          }
        }
        return request_.request_keys == RequestKeys::renamed;
      });
    }
  }

  void add(const CitedPaper& paper, const std::vector<std::string>& keys, bibtex::Dialect dialect) {
    const auto enter = [&](const bibtex::Entry& entry) {
      new_entries_.push_back({entry, new_entry(paper).source});
      versions_[entry.key] = paper.record->arxiv_id->version().value_or(0);
    };
    bibtex::Entry entry = paper.normalized.entry;
    std::vector<std::string> ids;
    if (request_.request_keys == RequestKeys::ids) {
      ids = keys;
    } else if (request_.request_keys == RequestKeys::kept) {
      entry.key = keys.front();
      if (dialect == bibtex::Dialect::biblatex) ids.assign(keys.begin() + 1, keys.end());
    }
    std::string list;
    for (const std::string& name : ids) list += (list.empty() ? "" : ", ") + name;
    if (!list.empty()) entry.set("ids", bibtex::Value::braced(list));
    enter(entry);
    for (const std::string& key : keys) {
      // BibTeX knows no second name: the paper stands there under each.
      const bool is_copy = request_.request_keys == RequestKeys::kept && ids.empty() && key != keys.front();
      if (is_copy) {
        entry.key = key;
        enter(entry);
      }
      answer_.added.push_back({key, paper.id.str(), entry.key});
      if (request_.request_keys == RequestKeys::renamed) {
        answer_.renamed.push_back({key, paper.id.str(), entry.key});
      }
    }
  }

  Edits plan_source(const std::string& path, const std::string& text) const {
    std::vector<LabelledEdit> edits;
    for (const bibtex::Span& span : request_.find_keys(path, text)) {
      const auto rename = std::find_if(answer_.renamed.begin(), answer_.renamed.end(),
                                       [&](const ResolvedKey& one) { return one.asked == span.in(text); });
      if (rename == answer_.renamed.end()) continue;
      LabelledEdit one;
      one.edit = {span, rename->key};
      one.reason = "resolve.citation";
      edits.push_back(std::move(one));
    }
    return edits;
  }

  // Lines that are there stay; a key that was renamed before and is again has two lines.
  Edits plan_map(const std::string& text) const {
    std::string lines = text;
    for (const ResolvedKey& one : answer_.renamed) lines += one.asked + '\t' + one.key + '\n';
    return replacement(text, std::move(lines), "resolve.map");
  }

  // What the lock says of the entries that are cited by request keys, as they are in `target` with the new
  // ones.
  std::vector<LockedEntry> locked_entries(const Bibliography& target) {
    std::vector<LockedEntry> entries;
    if (request_.lock.empty() || request_.is_locked) return entries;
    answer_.not_lockable.clear();
    std::set<std::string> entered;
    const auto enter = [&](const bibtex::Entry& entry, const std::string& id, const std::string& source) {
      if (!entered.insert(entry.key).second) return;
      LockedEntry one{entry.key, id, 0, source, {}, bibtex::write_entry(entry, {})};
      if (!is_utf8(one.entry) || !is_utf8(one.key)) {
        answer_.not_lockable.push_back(entry.key);
        return;
      }
      const auto old = locked_.find(entry.key);
      if (old != locked_.end() && old_lock_[old->second].entry == one.entry) {
        entries.push_back(old_lock_[old->second]);
        return;
      }
      if (const auto version = versions_.find(entry.key); version != versions_.end()) {
        one.version = version->second;
      }
      one.time = time_of(session_.clock().calendar());
      entries.push_back(std::move(one));
    };
    for (const NewEntry& one : new_entries_) {
      const auto added = std::find_if(answer_.added.begin(), answer_.added.end(),
                                      [&](const ResolvedKey& key) { return key.key == one.entry.key; });
      if (added != answer_.added.end()) enter(one.entry, added->id, one.source);
    }
    for (const std::string& key : keys_) {
      const auto entry = find(target, key);
      if (!entry) continue;
      auto id = paper_of(key);
      if (!id) id = eprint_of(*entry);
      if (id) enter(*entry, id->str(), "file");
    }
    for (const ResolvedKey& one : answer_.renamed) {
      if (const auto entry = find(target, one.key)) enter(*entry, one.id, "file");
    }
    return entries;
  }

  Edits plan_lock(const std::string& text) const {
    return replacement(text, write_lock(known_), "resolve.lock");
  }

  Session& session_;
  const ResolveRequest& request_;
  std::stop_token stop_;
  const FetchProgress& progress_;
  std::vector<std::string> keys_;  // cited, and ours to see to
  std::vector<Bibliography> others_;
  std::vector<LockedEntry> old_lock_;
  std::map<std::string, std::size_t> locked_;  // by key and by `ids`
  std::map<std::string, ArxivId> papers_of_titles_;
  std::vector<NewEntry> new_entries_;
  std::map<std::string, std::uint16_t> versions_;  // of new entries
  std::vector<LockedEntry> known_;                 // for the new lock
  ResolveAnswer answer_;
};

}  // namespace

tl::expected<ResolveAnswer, FileError> resolve(Session& session, const ResolveRequest& request,
                                               std::stop_token stop, const FetchProgress& progress) {
  return Resolution(session, request, std::move(stop), progress).run();
}

}  // namespace bibsmith::plugin
