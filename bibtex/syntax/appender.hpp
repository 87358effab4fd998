#pragma once

#include <algorithm>
#include <cstddef>

#include "bibtex/syntax/hot_code.hpp"
#include "bibtex/syntax/huge_pages.hpp"

namespace bibsmith::bibtex {

// Adds nodes to a vector while a text of known size is read. They are made in the place where they stay, with
// no test but one for room, which is made some nodes ahead; until finish() the vector is longer than what was
// added.
template <typename Node>
class Appender {
 public:
  // Room is made for the nodes of `bytes` bytes of a text from `begin` on; more find room too.
  Appender(LargeVector<Node>& nodes, std::size_t begin, std::size_t bytes)
      : nodes_(nodes), begin_(begin), bytes_(bytes), next_(nodes.data() + nodes.size()), end_(next_) {}

  // Where to make the next node, which stands at the `done`-th byte of the text.
  BIBSMITH_HOT Node& add(std::size_t done) {
    if (next_ == end_) [[unlikely]]
      make_room(done);
    return *next_++;
  }

  BIBSMITH_HOT std::size_t size() const { return static_cast<std::size_t>(next_ - nodes_.data()); }
  BIBSMITH_HOT Node& back() { return next_[-1]; }
  Node* end() const { return next_; }
  Node* at(std::size_t index) const { return nodes_.data() + index; }

  void finish() {
    nodes_.resize(size());
    end_ = next_;
  }

 private:
  BIBSMITH_COLD void make_room(std::size_t done) {
    constexpr std::size_t step = 512;
    const std::size_t used = size();
    if (nodes_.capacity() < used + step) grow(used, done);
    nodes_.resize(std::min(used + step, nodes_.capacity()));
    next_ = nodes_.data() + used;
    end_ = nodes_.data() + nodes_.size();
  }

  // Grows to what the density of nodes so far foretells for the whole text, and a quarter more: two or three
  // allocations in all. What is never touched costs no memory.
  void grow(std::size_t used, std::size_t done) {
    constexpr std::size_t sample = 4096;
    if (nodes_.capacity() == 0) return nodes_.reserve(std::min(sample, bytes_ / 4 + 16));
    if (nodes_.capacity() > used) return;
    const std::size_t foretold = used * (bytes_ / (done - begin_ + 1) + 1) / 4 * 5;
    const std::size_t least = std::max(sample, used + used / 2);
    const std::size_t most = std::max(least, bytes_ / 4);
    nodes_.reserve(std::clamp(foretold, least, most));
  }

  LargeVector<Node>& nodes_;
  std::size_t begin_;
  std::size_t bytes_;
  Node* next_;
  Node* end_;
};

}  // namespace bibsmith::bibtex
