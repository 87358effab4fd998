#include "plugin/http/cayw_pick.hpp"

#include <algorithm>

#include "bibtex/export/plain_entry.hpp"
#include "bibtex/model/dialect.hpp"
#include "bibtex/model/inheritance.hpp"
#include "bibtex/model/macros.hpp"
#include "bibtex/model/unicode.hpp"
#include "plugin/http/http_server.hpp"
#include "plugin/session/file_store.hpp"

namespace bibsmith::plugin {

namespace {

std::string authors_of(const bibtex::Entry& entry) {
  constexpr std::size_t shown = 3;
  auto names = bibtex::plain_names(entry, "author");
  if (names.empty()) names = bibtex::plain_names(entry, "editor");
  std::string out;
  for (std::size_t i = 0; i < names.size() && i < shown; ++i) {
    const std::string& name = names[i].literal.empty() ? names[i].family : names[i].literal;
    out += (out.empty() ? "" : ", ") + name;
  }
  return names.size() > shown ? out + " …" : out;
}

PickChoice choice_of(const bibtex::Entry& entry, const std::string& file) {
  PickChoice choice;
  choice.key = entry.key;
  choice.title = bibtex::plain_title(entry, "");
  choice.authors = authors_of(entry);
  if (const auto date = bibtex::entry_date(entry); date && date->begin) {
    choice.year = std::to_string(date->begin->year);
  }
  choice.file = file;
  choice.folded =
      bibtex::fold_case(choice.key + ' ' + choice.authors + ' ' + choice.year + ' ' + choice.title);
  return choice;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : bibtex::fold_case(text) + ' ') {
    if (c != ' ') {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::exchange(word, {}));
    }
  }
  return words;
}

}  // namespace

std::vector<PickChoice> choices_of(const std::vector<std::string>& files) {
  std::vector<PickChoice> choices;
  for (const std::string& file : files) {
    auto text = read_file(file);
    if (!text || !*text) continue;
    const bibtex::Document document = bibtex::Document::parse(std::move(**text));
    const bibtex::Macros macros(document);
    const bibtex::Dialect dialect = bibtex::measure_dialect(document);
    for (const bibtex::Block& block : document.entries()) {
      const bibtex::Entry entry = bibtex::resolve_entry(document, macros, block, dialect);
      if (!entry.key.empty()) choices.push_back(choice_of(entry, file));
    }
  }
  return choices;
}

std::vector<const PickChoice*> Pick::search(std::string_view text) const {
  const std::vector<std::string> words = words_of(text);
  std::vector<const PickChoice*> found;
  for (const PickChoice& choice : choices_) {
    const bool has_all = std::ranges::all_of(
        words, [&](const std::string& word) { return choice.folded.find(word) != std::string::npos; });
    if (has_all) found.push_back(&choice);
  }
  // Keys that begin with what was typed come first; else the order of the files.
  std::stable_partition(found.begin(), found.end(), [&](const PickChoice* choice) {
    return !words.empty() && choice->folded.starts_with(words.front());
  });
  if (found.size() > pick_results_max) found.resize(pick_results_max);
  return found;
}

void Pick::choose(std::vector<PickedCitation> citations) {
  {
    const std::lock_guard lock(mutex_);
    if (!citations_) citations_ = std::move(citations);
  }
  chosen_.notify_all();
}

std::optional<std::vector<PickedCitation>> Pick::wait(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  chosen_.wait(lock, stop, [&] { return citations_.has_value(); });
  return citations_;
}

std::shared_ptr<Pick> Picks::open(std::vector<PickChoice> choices) {
  const std::lock_guard lock(mutex_);
  if (open_.size() >= picks_max) return nullptr;
  return open_.emplace_back(std::make_shared<Pick>(random_token(), std::move(choices)));
}

std::shared_ptr<Pick> Picks::find(const WebRequest& request) {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find_if(
      open_, [&](const std::shared_ptr<Pick>& pick) { return has_token(request, pick->token()); });
  return found == open_.end() ? nullptr : *found;
}

void Picks::close(const std::shared_ptr<Pick>& pick) {
  const std::lock_guard lock(mutex_);
  std::erase(open_, pick);
}

}  // namespace bibsmith::plugin
