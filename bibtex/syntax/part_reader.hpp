#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "bibtex/syntax/parser.hpp"

namespace bibsmith::bibtex {

// Reads a text that comes in pieces, and keeps of it no more than a part, so that 100 MB need the memory of
// one. The parts one after the other hold what parse_nodes finds in the whole; only repeated keys and the
// last line are not looked at.
class PartReader {
 public:
  // `take` gets each part, of about `part_bytes`, with its own text; both are gone when it returns.
  using Take = std::function<void(const Part& part, std::string_view text)>;
  explicit PartReader(Take take, Keep keep = Keep::all, std::uint32_t part_bytes = 128u << 10)
      : take_(std::move(take)), keep_(keep), part_bytes_(part_bytes), wanted_(window_bytes()) {}

  void add(std::string_view bytes);
  // The text ends here.
  void finish();

 private:
  std::size_t window_bytes() const { return std::size_t{4} * part_bytes_; }
  void read(bool is_whole);
  void refuse(SyntaxProblem problem);

  Take take_;
  Keep keep_;
  std::uint32_t part_bytes_;
  std::string window_;  // what was added and not read
  std::size_t wanted_;  // read no sooner than so many are in the window
  std::uint64_t size_ = 0;
  bool is_refused_ = false;
};

}  // namespace bibsmith::bibtex
