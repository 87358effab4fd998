#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bibsmith::plugin {

// Words of a text in lower case, each behind a space; LaTeX and punctuation are gone. `keeps`: bytes of
// identifiers that stay as they are.
void append_words(std::string& out, std::string_view text, std::string_view keeps = {});

// The same words one by one, of the values of fields: a hundred megabytes of them are read before the first
// completion, so that what most of them are, ASCII without LaTeX, is cut at 64 bytes a step.
class TextWords {
 public:
  // `value` with its delimiters.
  void read(std::string_view value);
  // Of the last value, in order; valid until the next one.
  const std::vector<std::string_view>& words() const { return words_; }

 private:
  bool read_plain(std::string_view text);

  static constexpr std::size_t plain_bytes_max = 1024;
  std::array<char, plain_bytes_max> plain_{};
  std::string text_;
  std::vector<std::string_view> words_;
};

}  // namespace bibsmith::plugin
