#pragma once

#include <cstddef>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

#include "fetchers/record/record.hpp"

namespace bibsmith {

// A Record that several hold: what a source brought is handed from the road to the cache, the planner and the
// caller without a copy of it, which takes as long as to read it. Never null.
using RecordPointer = std::shared_ptr<const Record>;

// A list of them that reads as one of Records.
class SharedRecords {
 public:
  class iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = Record;
    using difference_type = std::ptrdiff_t;
    using pointer = const Record*;
    using reference = const Record&;

    iterator() = default;
    explicit iterator(const RecordPointer* at) : at_(at) {}
    const Record& operator*() const { return **at_; }
    const Record* operator->() const { return at_->get(); }
    iterator& operator++() {
      ++at_;
      return *this;
    }
    iterator operator++(int) { return iterator(at_++); }
    friend bool operator==(const iterator&, const iterator&) = default;

   private:
    const RecordPointer* at_ = nullptr;
  };

  void push_back(Record record) { records_.push_back(std::make_shared<const Record>(std::move(record))); }
  void push_back(RecordPointer record) { records_.push_back(std::move(record)); }
  void reserve(std::size_t count) { records_.reserve(count); }

  std::size_t size() const { return records_.size(); }
  bool empty() const { return records_.empty(); }
  const Record& operator[](std::size_t i) const { return *records_[i]; }
  const Record& at(std::size_t i) const { return *records_.at(i); }
  iterator begin() const { return iterator(records_.data()); }
  iterator end() const { return iterator(records_.data() + records_.size()); }

  const std::vector<RecordPointer>& pointers() const { return records_; }

 private:
  std::vector<RecordPointer> records_;
};

}  // namespace bibsmith
