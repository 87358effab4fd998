#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bibtex/syntax/document.hpp"
#include "bibtex/syntax/part_reader.hpp"
#include "plugin/session/file_change.hpp"
#include "plugin/session/history.hpp"

namespace bibsmith::plugin {

// Whether a text that comes in pieces is the outcome of `edits` on `before`. Compares the bytes on its own
// way, and not by applying the edits again: it is the last thing that stands between a mistake of ours and
// the user's file. `before` and the edits outlive it.
class BytesCheck {
 public:
  BytesCheck(std::string_view before, std::span<const LabelledEdit> edits);

  // False as soon as something is wrong.
  bool add(std::string_view bytes);
  // What is wrong; nullopt: nothing. The text ends here.
  std::optional<std::string> finish();
  // So many bytes of `before` were compared, or replaced.
  std::size_t old_bytes() const { return old_at_ - (is_kept_ ? expected_.size() : 0); }

 private:
  void begin_stretch();
  bool is_last() const { return is_kept_ && next_edit_ == edits_.size(); }
  std::string difference() const;

  std::string_view before_;
  std::span<const LabelledEdit> edits_;
  // The text is stretches of kept bytes and new texts of edits, in turns.
  bool is_kept_ = false;           // this stretch
  std::string_view expected_;      // what is left of it
  std::size_t stretch_begin_ = 0;  // in the new text
  std::size_t next_edit_ = 0;      // behind it
  std::size_t old_at_ = 0;         // in `before`, behind the stretch
  std::size_t new_at_ = 0;
  std::optional<std::string> wrong_;
};

// Whether a new text of a .bib file, which comes in pieces, can be read: it may have no error of syntax that
// `before` does not have, and each value that an edit has written must be there. It is parsed a part at a
// time, for whose nodes the memory is there already, and no part of it is kept; fields are read but where
// an edit has written not even noted. `before` and the edits outlive it.
class SyntaxCheck {
 public:
  SyntaxCheck(const bibtex::Document& before, std::span<const LabelledEdit> edits);

  void add(std::string_view bytes) { reader_.add(bytes); }
  // What is wrong; nullopt: nothing. The text ends here.
  std::optional<std::string> finish();
  // The values that the edits have written, as they were read.
  PackedValues take_written() { return std::move(written_); }

 private:
  // The new text of an edit that has written a value.
  struct Place {
    std::uint64_t begin = 0;  // in the whole
    std::uint64_t end = 0;
    const LabelledEdit* edit = nullptr;
    bool has_entry = false;  // it was found
    bool has_field = false;
  };

  void look_at(const bibtex::Part& part, std::string_view text);
  void take_values(std::string_view part);
  void take_values(Place& place, const bibtex::Document& document, const bibtex::Block& entry);

  const bibtex::Document& before_;
  bibtex::PartReader reader_;
  std::uint64_t part_begin_ = 0;  // in the new text
  std::vector<Place> places_;     // in order
  std::size_t next_place_ = 0;    // those before it end before the entries to come
  std::map<std::string_view, std::size_t> errors_;
  PackedValues written_;
};

}  // namespace bibsmith::plugin
