#include "bibtex/syntax/part_reader.hpp"

#include <optional>

#include "bibtex/syntax/reading.hpp"

namespace bibsmith::bibtex {

void PartReader::add(std::string_view bytes) {
  if (is_refused_) return;
  if (size_ + bytes.size() > text_bytes_max) return refuse(SyntaxProblem::too_large);
  size_ += bytes.size();
  window_ += bytes;
  if (window_.size() >= wanted_) read(false);
}

void PartReader::finish() {
  if (!is_refused_) read(true);
}

void PartReader::refuse(SyntaxProblem problem) {
  is_refused_ = true;
  take_(Part{.nodes = refused_nodes(window_, problem)}, window_);
  window_ = {};
}

void PartReader::read(bool is_whole) {
  if (size_ == window_.size()) {  // nothing was read yet
    if (const auto refusal = find_refusal(window_)) return refuse(*refusal);
  }
  std::uint32_t from = 0;
  wanted_ = window_bytes();
  while (from < window_.size() && (is_whole || window_.size() - from >= window_bytes() / 2)) {
    const Part part = parse_part(window_, from, from + part_bytes_, is_whole, keep_);
    if (!is_whole && (part.has_touched_end || part.end == window_.size())) {
      // What follows may be part of it. Twice as much each time, so that one block of 100 MB is not read a
      // thousand times.
      wanted_ = 2 * (window_.size() - from);
      break;
    }
    take_(part, std::string_view(window_).substr(from, part.end - from));
    from = part.end;
  }
  window_.erase(0, from);
}

}  // namespace bibsmith::bibtex
