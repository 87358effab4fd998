#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tests/arxiv_emulator/stored_paper.hpp"

namespace bibsmith::emulator {

// The shapes that arXiv's Atom answers have had. See README.md.
enum class Engine : std::uint8_t {
  current,        // since 14 November 2025
  november_2025,  // the first ten days of the new engine
  old,            // until November 2025; most mocks still have it
};

// One version of one paper in an Archive.
struct Edition {
  const StoredPaper* paper = nullptr;
  const StoredVersion* version = nullptr;

  bool is_current() const { return version == &paper->versions.back(); }
  std::string id() const { return paper->id + "v" + std::to_string(version->number); }
  friend bool operator==(const Edition&, const Edition&) = default;
};

// The papers that the emulator knows, with an index by id and the Atom entry of every current version
// rendered beforehand. Of two papers with one id the later one counts. Unchanging: [any thread]
class Archive {
 public:
  explicit Archive(std::vector<StoredPaper> papers, Engine engine = Engine::current);
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;

  const std::vector<StoredPaper>& papers() const { return papers_; }
  Engine engine() const { return engine_; }

  const StoredPaper* find_paper(std::string_view id) const;
  // "1706.03762" (the current version) or "1706.03762v1", spelled exactly as stored; paper is nullptr if
  // unknown.
  Edition find_edition(std::string_view id) const;
  // Appends the <entry> element.
  void append_entry(std::string& out, const Edition& edition) const;

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  std::vector<StoredPaper> papers_;
  std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>> index_;
  std::vector<std::string> current_entries_;  // same order as papers_
  Engine engine_;
};

}  // namespace bibsmith::emulator
