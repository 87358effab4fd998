#include "bibtex/update/entry_planner.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "bibtex/compare/work_comparison.hpp"
#include "bibtex/edit/comparable_value.hpp"
#include "bibtex/edit/entry_edit.hpp"
#include "bibtex/model/date.hpp"
#include "bibtex/model/document_entry.hpp"
#include "bibtex/normalize/journal_names.hpp"
#include "bibtex/normalize/published.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "bibtex/write/write_entry.hpp"

namespace bibsmith::bibtex {

namespace {

// The two dialects' names for one thing; an entry keeps the one that it has.
constexpr std::array aliases = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"journal", "journaltitle"},
    {"year", "date"},
    {"archiveprefix", "eprinttype"},
    {"primaryclass", "eprintclass"},
    {"school", "institution"},
    {"pages", "eid"},
});

std::string_view alias_of(std::string_view name) {
  for (const auto& [a, b] : aliases) {
    if (name == a) return b;
    if (name == b) return a;
  }
  return {};
}

int year_in(std::string_view text) {
  if (text.size() < 4 ||
      !std::all_of(text.begin(), text.begin() + 4, [](char c) { return c >= '0' && c <= '9'; }))
    return 0;
  return std::stoi(std::string(text.substr(0, 4)));
}

// What names the paper; a record may add these to any entry.
bool identifies(std::string_view name) {
  constexpr std::array names = std::to_array<std::string_view>(
      {"eprint", "archiveprefix", "eprinttype", "primaryclass", "eprintclass", "doi"});
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Where in a publication it is.
bool locates(std::string_view name) {
  return name == "volume" || name == "number" || name == "pages" || name == "eid";
}

}  // namespace

// The plan of one entry, as it grows.
class EntryPlan {
 public:
  EntryPlan(const EntryPlanner& planner, const Block& entry, EntryUpdate& update)
      : planner_(planner),
        document_(planner.document_),
        macros_(planner.macros_),
        style_(planner.style_),
        options_(planner.options_),
        entry_(entry),
        update_(update) {}

  void run(const EntryIdentity& identity, const Record& record) {
    update_.source = record.origins.empty() ? "" : record.origin(RecordField::title).source;
    const WorkComparison compared = compare_work(work_said(document_, macros_, entry_), record);
    if (compared.other_work()) {
      update_.status = UpdateStatus::skipped;
      update_.reason = "skip.other-work";
      update_.message = identity.arxiv_id->str() + " is '" + record.title.substr(0, 80) +
                        "', another title by other authors";
      return;
    }
    if (compared.title == WorkComparison::Outcome::failed) {
      update_.findings.push_back(
          {"update.title-differs", "the paper's title is '" + record.title.substr(0, 120) + "'"});
    }
    if (compared.first_author == WorkComparison::Outcome::failed ||
        compared.authors == WorkComparison::Outcome::failed) {
      update_.findings.push_back(
          {"update.authors-differ", "the paper's first author is " + record.authors.front().name});
    }
    NormalizeOptions normalize_options;
    normalize_options.dialect = options_.dialect;
    normalize_options.encoding = options_.encoding;
    normalize_options.journals = options_.journals;
    normalize_options.published = options_.publish;
    normalize_options.pinned = identity.pinned;
    normalize_options.citation_key = update_.key;
    NormalizedEntry wanted = normalize(record, normalize_options);
    std::move(wanted.findings.begin(), wanted.findings.end(), std::back_inserter(update_.findings));
    const bool withdrawn =
        std::any_of(update_.findings.begin(), update_.findings.end(),
                    [](const NormalizeFinding& finding) { return finding.code == "paper.withdrawn"; });
    if (withdrawn) {
      update_.status = UpdateStatus::withdrawn;
      update_.message = "the paper has been withdrawn";
      return;
    }
    if (wanted.is_published && is_preprint()) {
      publish(wanted.entry, record);
    } else {
      refresh(wanted);
    }
    finish();
  }

 private:
  std::optional<FieldNode> find(std::string_view name) const {
    if (auto field = document_.find_field(entry_, name)) return field;
    const std::string_view alias = alias_of(name);
    return alias.empty() ? std::nullopt : document_.find_field(entry_, alias);
  }
  std::string value_of(std::string_view name) const {
    const auto field = find(name);
    return field ? macros_.value_text(document_, *field) : std::string();
  }
  std::string_view raw(const FieldNode& field) const { return document_.text(field.value); }

  bool may_touch(std::string_view name) const {
    const std::string_view alias = alias_of(name);
    const auto names = [&](const std::set<std::string>& set) {
      return set.contains(std::string(name)) || (!alias.empty() && set.contains(std::string(alias)));
    };
    return !names(options_.keep) && (options_.fields.empty() || names(options_.fields));
  }

  // What Bibsmith wrote and nobody changed since is Bibsmith's.
  bool is_ours(const FieldNode& field) const {
    if (!options_.last_written) return false;
    const auto written = options_.last_written(update_.key, in_lower_case(document_.text(field.name)));
    return written && *written == comparable_value(document_, field);
  }

  // No journal and no book but arXiv.
  bool is_preprint() const {
    const std::string type = in_lower_case(document_.text(entry_.type));
    constexpr std::array bound_types = std::to_array<std::string_view>(
        {"inproceedings", "conference", "incollection", "inbook", "book", "proceedings", "collection",
         "phdthesis", "mastersthesis", "thesis"});
    if (std::find(bound_types.begin(), bound_types.end(), type) != bound_types.end()) return false;
    if (!value_of("booktitle").empty()) return false;
    return is_arxiv_name(value_of("journal"));
  }

  void set(std::string_view name, Value value, std::string_view reason) {
    const auto field = find(name);
    const std::string written(field ? document_.text(field->name) : name);
    const std::string text = write_value(value, local());
    if (field && raw(*field) == text) return;
    update_.fields.push_back(
        {in_lower_case(written), field ? std::string(raw(*field)) : std::string(), text, reason});
    change_.fields.push_back({written, std::move(value)});
  }

  const Style& local() {
    if (!local_) local_ = measure_entry_style(document_, entry_, style_);
    return *local_;
  }

  void remove(const FieldNode& field, std::string_view reason) {
    const std::string name = in_lower_case(document_.text(field.name));
    update_.fields.push_back({name, std::string(raw(field)), {}, reason});
    change_.fields.push_back({name, std::nullopt});
  }

  // --- Rule 2

  // Of its first version or of its newest one.
  static bool is_month_of_preprint(std::string_view value, const Record& record) {
    const std::uint8_t month = parse_month(value);
    return month != 0 && (month == record.published.month || month == record.updated.month);
  }

  // Whether the value is one that the preprint's record explains, and so may give way to the published one.
  bool belongs_to_preprint(std::string_view name, const FieldNode& field, const Record& record,
                           int published_year) const {
    if (options_.overwrite || is_ours(field)) return true;
    const std::string value = macros_.value_text(document_, field);
    if (name == "year" || name == "date") {
      const int year = year_in(value);
      const int newest = std::max<int>(record.published.year, record.updated.year);
      return year == published_year || (year >= record.published.year && year <= newest) || year == 0;
    }
    if (name == "month") return is_month_of_preprint(value, record);
    if (name == "doi") {
      const auto doi = Doi::parse(value);
      return doi && doi->arxiv_id().has_value();
    }
    return value.empty() || is_arxiv_name(value) || whole_id(value).has_value() || value.find("abs/") == 0 ||
           value.find("rXiv") != std::string::npos;
  }

  static bool same_value(std::string_view name, const std::string& a, const std::string& b) {
    if (a == b) return true;
    if (name == "doi") {
      const auto x = Doi::parse(a);
      const auto y = Doi::parse(b);
      return x && y && *x == *y;
    }
    if (name == "year" || name == "date") return year_in(a) != 0 && year_in(a) == year_in(b);
    if (name == "month") return parse_month(a) != 0 && parse_month(a) == parse_month(b);
    if (name == "pages" || name == "eid") {
      return same_locator(a.substr(0, a.find_first_of("-\xE2")), b.substr(0, b.find('-')));
    }
    if (name == "journal" || name == "journaltitle") {
      const JournalName* const journal = find_journal(a);
      return journal != nullptr && journal == find_journal(b);
    }
    return false;
  }

  void refuse(std::string_view field, std::string_view why) {
    change_ = {};
    update_.fields.clear();
    update_.status = UpdateStatus::skipped;
    update_.reason = "keep." + std::string(field);
    update_.message = "published since, but stays a preprint: " + std::string(field) + " " + std::string(why);
    refused_ = true;
  }

  void publish(const Entry& wanted, const Record& record) {
    const Field* const year_field =
        wanted.find("year") != nullptr ? wanted.find("year") : wanted.find("date");
    const int published_year = year_field == nullptr ? 0 : year_in(year_field->value.pieces.front().text);
    change_.type = wanted.type;
    for (const Field& field : wanted.fields) {
      const auto present = find(field.name);
      if (field.name == "author" || field.name == "title") {
        if (may_touch(field.name) && (!present || options_.overwrite || is_ours(*present))) {
          set(field.name, field.value, "refresh");
        }
        continue;
      }
      const std::string& text = field.value.pieces.front().text;
      if (present) {
        const std::string value = macros_.value_text(document_, *present);
        const bool is_submission_date =
            field.name == "date" && value.size() > 4 && record.published.iso().starts_with(value);
        if ((same_value(field.name, value, text) && !is_submission_date) ||
            (field.name == "eprint" && whole_id(value)))
          continue;
        if (identifies(field.name) && field.name != "doi") continue;  // says it in other words
        if (!belongs_to_preprint(field.name, *present, record, published_year))
          return refuse(field.name, "is the user's: " + value);
        if (!may_touch(field.name)) return refuse(field.name, "is kept");
        // An identifier that stood in the wrong field, or arXiv's name in place of a journal.
        if (alias_of(field.name) == in_lower_case(document_.text(present->name)) &&
            (field.name == "eid" || field.name == "pages")) {
          remove(*present, "publish");
          added_.push_back({field.name, field.value});
          continue;
        }
      } else if (!may_touch(field.name)) {
        return refuse(field.name, "is kept");
      }
      set(field.name, macro_for(field), "publish");
    }
    for (auto& [name, value] : added_) {
      update_.fields.push_back({name, {}, write_value(value, style_), "publish"});
      change_.fields.push_back({name, value});
    }
    remove_preprint_fields(wanted, record);
    if (!refused_ && !may_touch("entrytype")) refuse("entrytype", "is kept");
    if (!refused_) {
      update_.status = UpdateStatus::published;
      update_.reason = "publish";
    }
  }

  // What described the preprint and has no place in the published entry.
  void remove_preprint_fields(const Entry& wanted, const Record& record) {
    for (const std::string_view name : {"journal", "journaltitle", "volume", "number", "pages", "eid", "note",
                                        "howpublished", "institution", "publisher", "type"}) {
      const auto field = document_.find_field(entry_, name);
      if (!field || wanted.find(name) != nullptr) continue;
      // It stood in for its alias and is replaced, unless the entry has both: ADS writes the identifier
      // twice.
      const std::string_view alias = alias_of(name);
      if (!alias.empty() && wanted.find(alias) != nullptr && !document_.find_field(entry_, alias)) continue;
      const std::string value = macros_.value_text(document_, *field);
      if (value.empty() || (!is_arxiv_name(value) && value.find("abs/") != 0)) {
        // A volume of the user's beside a record that knows of none: not the same story.
        if (locates(name) && !value.empty()) return refuse(name, "is the user's: " + value);
        continue;
      }
      if (!may_touch(name)) return refuse(name, "is kept");
      remove(*field, "publish");
    }
    // The month in which the preprint was submitted.
    const auto month = document_.find_field(entry_, "month");
    if (!month || wanted.find("month") != nullptr) return;
    const std::uint8_t said = parse_month(macros_.value_text(document_, *month));
    const bool is_submission = said != 0 && said == record.published.month;
    if (!is_submission && !is_ours(*month)) return;
    if (!may_touch("month")) return refuse("month", "is kept");
    remove(*month, "publish");
  }

  // The file's own macro for a journal, where it has one.
  Value macro_for(const Field& field) const {
    if (field.name != "journal" && field.name != "journaltitle") return field.value;
    const std::string& name = field.value.pieces.front().text;
    const EntryPlanner::JournalMacro* macro = nullptr;
    if (const JournalName* const journal = find_journal(name)) {
      const auto found = planner_.journal_macros_.find(journal);
      if (found != planner_.journal_macros_.end()) macro = &found->second;
    } else if (const auto found = planner_.text_macros_.find(name); found != planner_.text_macros_.end()) {
      macro = &found->second;
    }
    return macro != nullptr && macro->from < entry_.span.begin ? Value::macro(macro->name) : field.value;
  }

  // --- Rule 3

  void refresh(const NormalizedEntry& wanted) {
    const bool agrees = wanted.is_published && agrees_with(wanted.entry);
    for (const Field& field : wanted.entry.fields) {
      const auto present = find(field.name);
      if (!may_touch(field.name)) continue;
      if (!present) {
        if (field.name == "doi" && wanted.is_published && !agrees) continue;
        const bool adds =
            identifies(field.name) || (agrees && locates(field.name)) || is_required(field.name);
        if (adds && !(field.name == "month")) set(field.name, field.value, "add");
        continue;
      }
      const Value value = macro_for(field);
      if (raw(*present) == write_value(field.value, style_) || raw(*present) == write_value(value, style_))
        continue;
      const bool empty = macros_.value_text(document_, *present).empty();
      const bool same_kind = alias_of(field.name) != in_lower_case(document_.text(present->name));
      if ((is_ours(*present) || options_.overwrite || empty) && same_kind) {
        set(field.name, value, empty ? "add" : "refresh");
      }
    }
    if (wanted.is_published && !agrees && !is_preprint()) {
      update_.findings.push_back(
          {"update.differs", "the entry names another publication than the record: left alone"});
    }
  }

  // Without these no style prints a reference.
  static bool is_required(std::string_view name) {
    return name == "author" || name == "title" || name == "year" || name == "date";
  }

  // Journal or book title, year and volume of the entry are the record's, as far as both have them.
  bool agrees_with(const Entry& wanted) const {
    bool container = false;
    for (const std::string_view name : {"journal", "journaltitle", "booktitle"}) {
      const Field* const field = wanted.find(name);
      const std::string value = value_of(name);
      if (field == nullptr || value.empty()) continue;
      if (!same_value("journal", value, field->value.pieces.front().text)) return false;
      container = true;
    }
    if (!container) return false;
    for (const std::string_view name : {"year", "date", "volume", "pages", "doi"}) {
      const Field* const field = wanted.find(name);
      const std::string value = value_of(name);
      if (field == nullptr || value.empty()) continue;
      if (!same_value(name, value, field->value.pieces.front().text)) return false;
    }
    return true;
  }

  void finish() {
    if (refused_) return;
    const bool type_changes =
        change_.type && !equal_ignoring_case(*change_.type, document_.text(entry_.type));
    if (change_.fields.empty() && !type_changes) {
      update_.status = UpdateStatus::unchanged;
      return;
    }
    if (update_.status == UpdateStatus::unchanged) {
      update_.status = UpdateStatus::updated;
      update_.reason = std::string(update_.fields.front().reason);
    }
    update_.edits = change_entry(document_, entry_, change_, style_);
  }

  const EntryPlanner& planner_;
  const Document& document_;
  const Macros& macros_;
  const Style& style_;
  const UpdateOptions& options_;
  const Block& entry_;
  EntryUpdate& update_;
  EntryChange change_;
  std::optional<Style> local_;  // of this entry
  std::vector<std::pair<std::string, Value>> added_;
  bool refused_ = false;
};

EntryPlanner::EntryPlanner(const Document& document, const Macros& macros, const Style& style,
                           const UpdateOptions& options)
    : document_(document), macros_(macros), style_(style), options_(options) {
  for (const Block& block : document.blocks()) {
    if (block.kind != BlockKind::string) continue;
    for (const FieldNode& definition : document.fields(block)) {
      const std::string value = macros.value_text(document, definition);
      JournalMacro macro{block.span.begin, std::string(document.text(definition.name))};
      if (const JournalName* const journal = find_journal(value)) {
        journal_macros_.emplace(journal, std::move(macro));
      } else {
        text_macros_.emplace(value, std::move(macro));
      }
    }
  }
}

void EntryPlanner::plan(const Block& entry, const EntryIdentity& identity, const Record& record,
                        EntryUpdate& update) const {
  EntryPlan(*this, entry, update).run(identity, record);
}

}  // namespace bibsmith::bibtex
