// Any text, any edit of an entry: the edits are sorted and do not overlap, what they say is what the text
// then says, and in a text without findings every other entry stays as it is.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/edit/entry_edit.hpp"
#include "bibtex/model/document_entry.hpp"
#include "bibtex/write/write_entry.hpp"

namespace {

using namespace bibsmith::bibtex;

void require(bool holds) {
  if (!holds) __builtin_trap();
}

std::vector<Entry> entries_of(const Document& document) {
  std::vector<Entry> entries;
  for (const Block& block : document.entries()) entries.push_back(to_entry(document, block));
  return entries;
}

// A text without findings, and with nothing between its blocks that could become one when they meet.
bool is_regular(const Document& document) {
  if (!document.findings().empty()) return false;
  for (const Block& block : document.blocks()) {
    if (block.kind == BlockKind::junk && document.text(block.span).find('@') != std::string_view::npos)
      return false;
  }
  return true;
}

std::string edited(const Document& document, const std::vector<TextEdit>& edits) {
  const auto text = apply_edits(document.text(), edits);
  require(text.has_value());
  return *text;
}

void check_set_field(const Document& document, const Style& style, std::size_t chosen, bool is_clean) {
  const Block block = document.entries()[chosen];
  const Value value = Value::braced("a {B} c");
  const Document after = Document::parse(edited(document, set_field(document, block, "note", value, style)));
  if (!is_clean) return;
  std::vector<Entry> wanted = entries_of(document);
  std::vector<Entry> found = entries_of(after);
  require(found.size() == wanted.size());
  require(found[chosen].find("note") != nullptr);
  require(found[chosen].find("note")->value.pieces.size() == 1);
  require(found[chosen].find("note")->value.pieces[0].text == "a {B} c");
  wanted.erase(wanted.begin() + static_cast<std::ptrdiff_t>(chosen));
  found.erase(found.begin() + static_cast<std::ptrdiff_t>(chosen));
  require(found == wanted);
}

void check_remove_field(const Document& document, std::size_t chosen, bool is_clean) {
  const Block block = document.entries()[chosen];
  if (block.first_field == block.end_field) return;
  const std::string name(document.text(document.fields(block)[0].name));
  const Document after = Document::parse(edited(document, remove_field(document, block, name)));
  if (!is_clean) return;
  require(after.entry_count() == document.entry_count());
  require(entries_of(after)[chosen].find(name) == nullptr);
}

void check_insert(const Document& document, const Style& style, bool is_clean) {
  Entry entry{"misc", "a-new-key", {}};
  entry.set("title", Value::braced("T"));
  const Document after = Document::parse(edited(document, {insert_entry(document, entry, style)}));
  if (!is_clean) return;
  require(after.entry_count() == document.entry_count() + 1);
  require(after.find("a-new-key").has_value());
}

void check_remove(const Document& document, std::size_t chosen, bool is_clean) {
  const Document after =
      Document::parse(edited(document, remove_entry(document, document.entries()[chosen])));
  if (!is_clean) return;
  std::vector<Entry> wanted = entries_of(document);
  wanted.erase(wanted.begin() + static_cast<std::ptrdiff_t>(chosen));
  require(entries_of(after) == wanted);
}

// Written in the default style, an entry reads as it was, in lower case.
void check_write(const Document& document) {
  for (Entry entry : entries_of(document)) {
    entry.type = in_case(entry.type, LetterCase::lower);
    for (Field& field : entry.fields) field.name = in_case(field.name, LetterCase::lower);
    const Document written = Document::parse(write_entry(entry, Style{}));
    require(written.entry_count() == 1);
    require(to_entry(written, written.entries()[0]) == entry);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 2, size - 2);
  const Document document = Document::parse(std::string(text));
  const bool is_clean = is_regular(document);
  const Style style = measure_style(document);
  check_insert(document, style, is_clean);
  if (is_clean) check_write(document);
  if (document.entry_count() == 0) return 0;

  const std::size_t chosen = data[0] % document.entry_count();
  const std::size_t target = data[1] % document.entry_count();
  check_set_field(document, style, chosen, is_clean);
  check_remove_field(document, chosen, is_clean);
  check_remove(document, chosen, is_clean);
  const std::vector<Block> entries = document.entries();
  edited(document, move_entry(document, entries[chosen], entries[target], style));
  edited(document, rename_key(document, entries[chosen], "renamed"));
  return 0;
}
