#include "tests/arxiv_emulator/archive.hpp"

#include "tests/arxiv_emulator/atom_entry.hpp"
#include "tests/arxiv_emulator/text.hpp"

namespace bibsmith::emulator {

Archive::Archive(std::vector<StoredPaper> papers, Engine engine) : engine_(engine) {
  papers_.reserve(papers.size());
  for (StoredPaper& paper : papers) {
    const auto [place, is_new] = index_.try_emplace(paper.id, papers_.size());
    if (is_new) {
      papers_.push_back(std::move(paper));
    } else {
      papers_[place->second] = std::move(paper);
    }
  }
  current_entries_.reserve(papers_.size());
  for (const StoredPaper& paper : papers_) {
    current_entries_.push_back(atom_entry(paper, paper.versions.back(), engine_));
  }
}

const StoredPaper* Archive::find_paper(std::string_view id) const {
  const auto found = index_.find(id);
  return found == index_.end() ? nullptr : &papers_[found->second];
}

Edition Archive::find_edition(std::string_view id) const {
  const std::size_t v = id.rfind('v');
  if (v != id.npos && v + 1 < id.size() && id.size() - v <= 5 && is_digit(id[v - (v > 0 ? 1 : 0)]) &&
      id[v + 1] != '0' && id.find_first_not_of("0123456789", v + 1) == id.npos) {
    const StoredPaper* paper = find_paper(id.substr(0, v));
    const StoredVersion* version =
        paper == nullptr ? nullptr : paper->find_version(std::stoi(std::string(id.substr(v + 1))));
    return version == nullptr ? Edition{} : Edition{paper, version};
  }
  const StoredPaper* paper = find_paper(id);
  return paper == nullptr ? Edition{} : Edition{paper, &paper->versions.back()};
}

void Archive::append_entry(std::string& out, const Edition& edition) const {
  if (edition.is_current()) {
    out += current_entries_[static_cast<std::size_t>(edition.paper - papers_.data())];
  } else {
    out += atom_entry(*edition.paper, *edition.version, engine_);
  }
}

}  // namespace bibsmith::emulator
