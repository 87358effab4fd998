#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace bibsmith::fetchers {

// Builds the stream of COPY ... (FORMAT binary), postgresql.org/docs/15/sql-copy.html, "Binary Format".
class CopyStream {
 public:
  CopyStream() : bytes_("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19) {}

  void begin_row(int columns) { number(static_cast<std::uint64_t>(columns), 2); }
  // Of text and bytea.
  void bytes(std::string_view value) {
    number(value.size(), 4);
    bytes_ += value;
  }
  void truth(bool value) { fixed(value ? 1 : 0, 1); }
  void integer(std::int32_t value) { fixed(static_cast<std::uint32_t>(value), 4); }
  void bigint(std::int64_t value) { fixed(static_cast<std::uint64_t>(value), 8); }
  // No more rows.
  void end() { number(0xFFFF, 2); }

  std::size_t size() const { return bytes_.size(); }
  // What was built since the last take.
  std::string take() { return std::exchange(bytes_, {}); }

 private:
  void fixed(std::uint64_t value, std::size_t size) {
    number(size, 4);
    number(value, size);
  }
  // The highest byte first.
  void number(std::uint64_t value, std::size_t size) {
    for (std::size_t i = size; i-- > 0;) bytes_ += static_cast<char>(value >> (8 * i) & 0xFF);
  }

  std::string bytes_;
};

}  // namespace bibsmith::fetchers
