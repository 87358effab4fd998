#include "bibtex/merge/shared_entry.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "bibtex/model/document_entry.hpp"
#include "bibtex/model/macros.hpp"
#include "bibtex/model/utf8.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/byte_class.hpp"
#include "bibtex/syntax/line_index.hpp"

namespace bibsmith::bibtex {

namespace {

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const DecodedCharacter one = decode_utf8(text, at);
    if (!one.valid) return false;
    at += one.size;
  }
  return true;
}

bool is_month(std::string_view name) {
  constexpr std::array<std::string_view, 12> months = {"jan", "feb", "mar", "apr", "may", "jun",
                                                       "jul", "aug", "sep", "oct", "nov", "dec"};
  return std::find(months.begin(), months.end(), in_lower_case(name)) != months.end();
}

bool is_braced_text(const PieceNode& piece) {
  return piece.kind == PieceKind::braced || piece.kind == PieceKind::quoted;
}

// Whether a piece is a name that only this file can resolve.
bool is_own_macro(const Document& document, const Macros& macros, const FieldNode& field,
                  const PieceNode& piece) {
  const std::string_view name = document.text(piece.span);
  return piece.kind == PieceKind::macro && !is_month(name) &&
         macros.find(name, field.value.begin).has_value();
}

// Each run of white space one space. Where a text meets another piece its space counts.
std::string single_spaced(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (!is_white_space(c)) {
      out += c;
    } else if (out.empty() || out.back() != ' ') {
      out += ' ';
    }
  }
  return out;
}

std::string part_of(const Document& document, const Macros& macros, const FieldNode& field) {
  const auto pieces = document.pieces(field);
  const auto is_text = [&](const PieceNode& piece) {
    return is_braced_text(piece) || piece.kind == PieceKind::number ||
           is_own_macro(document, macros, field, piece);
  };
  // 1999 and {1999} are one value; so are {a} # {b} and {ab}.
  if (std::all_of(pieces.begin(), pieces.end(), is_text))
    return '{' + macros.value_text(document, field) + '}';
  std::string out;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const PieceNode& piece = pieces[i];
    const std::string_view name = document.text(piece.span);
    if (i > 0) out += " # ";
    if (!is_text(piece) || piece.kind == PieceKind::number) {
      out += name;
      continue;
    }
    std::string text = single_spaced(is_braced_text(piece) ? document.text(piece.inner)
                                                           : *macros.find(name, field.value.begin));
    if (i == 0 && text.starts_with(' ')) text.erase(0, 1);
    if (i + 1 == pieces.size() && text.ends_with(' ')) text.pop_back();
    out += '{' + text + '}';
  }
  return out;
}

SharedEntry said_by(const Document& document, const Macros& macros, const Block& block) {
  SharedEntry entry;
  entry.emplace(type_part, in_lower_case(document.text(block.type)));
  entry.emplace(key_part, document.text(block.key));
  for (const FieldNode& field : document.fields(block)) {
    if (field.value.empty()) continue;
    entry.emplace(in_lower_case(document.text(field.name)),
                  part_of(document, macros, field));  // the first counts
  }
  return entry;
}

// The blocks in which the parser found something wrong, but for a key that stands twice.
std::set<std::uint32_t> broken_blocks(const Document& document) {
  std::set<std::uint32_t> broken;
  for (const Diagnostic& diagnostic : document.diagnostics()) {
    if (diagnostic.severity != Severity::error) continue;
    const std::uint32_t begin = diagnostic.span.begin;
    if (begin < document.text().size()) broken.insert(document.block_at(begin).index);
    if (begin > 0) broken.insert(document.block_at(begin - 1).index);
  }
  return broken;
}

}  // namespace

std::string write_shared_entry(const SharedEntry& entry) {
  const auto part = [&](std::string_view name) {
    const auto found = entry.find(name);
    return found == entry.end() ? std::string{} : found->second;
  };
  std::string text = '@' + part(type_part) + '{' + part(key_part) + ",\n";
  for (const auto& [name, value] : entry) {
    if (name != type_part && name != key_part) text += "  " + name + " = " + value + ",\n";
  }
  return text + "}\n";
}

std::optional<SharedEntry> read_shared_entry(std::string_view text) {
  const Document document = Document::parse(std::string(text));
  if (document.entry_count() != 1 || !broken_blocks(document).empty()) return std::nullopt;
  const Block block = document.entries().front();
  if (block.span.begin != 0 || !block.is_closed || block.key.empty()) return std::nullopt;
  static const Macros months;
  SharedEntry entry = said_by(document, months, block);
  // Whatever else stands there, or stands there in another way, is not ours.
  if (write_shared_entry(entry) != text) return std::nullopt;
  return entry;
}

Value value_of(const std::string& part) {
  const Document document = Document::parse("@misc{a,\n  x = " + part + ",\n}\n");
  for (const Block& block : document.entries()) {
    for (const FieldNode& field : document.fields(block)) return to_value(document, field);
  }
  return Value::braced({});
}

Entry entry_of(const SharedEntry& shared) {
  Entry entry;
  for (const auto& [name, value] : shared) {
    if (name == type_part) {
      entry.type = value;
    } else if (name == key_part) {
      entry.key = value;
    } else {
      entry.fields.push_back({name, value_of(value)});
    }
  }
  // Who reads an entry looks for these first.
  const auto rank = [](const Field& field) {
    constexpr std::array<std::string_view, 4> first = {"author", "editor", "title", "subtitle"};
    return std::find(first.begin(), first.end(), field.name) - first.begin();
  };
  std::stable_sort(entry.fields.begin(), entry.fields.end(),
                   [&](const Field& a, const Field& b) { return rank(a) < rank(b); });
  return entry;
}

namespace {

FileEntries entries_of(const Document& document, const std::set<std::string, std::less<>>* wanted) {
  FileEntries out;
  const Macros macros(document);
  const std::set<std::uint32_t> broken = broken_blocks(document);
  const LineIndex lines(document.text());
  std::set<std::string, std::less<>> keys;
  for (const Block& block : document.entries()) {
    std::string_view problem;
    if (wanted != nullptr && !wanted->contains(in_lower_case(document.text(block.key)))) continue;
    if (block.key.empty()) {
      problem = "an entry without a citation key is not shared";
    } else if (!keys.emplace(in_lower_case(document.text(block.key))).second) {
      problem = "the citation key stands twice: only the first entry is shared";
    } else if (broken.contains(block.index) || !block.is_closed) {
      problem = "an entry with an error of syntax is not shared: mend it first";
    } else {
      SharedEntry said = said_by(document, macros, block);
      const std::string text = write_shared_entry(said);
      if (text.size() > shared_entry_bytes_max) {
        problem = "an entry of more than 1 MiB is not shared";
      } else if (!is_utf8(text) || text.find('\0') != text.npos) {
        problem = "an entry that is not in UTF-8 is not shared";
      } else if (read_shared_entry(text) == said) {
        out.entries.push_back({std::move(said), block.index});
        continue;
      } else {
        problem = "the entry has a value that cannot be shared";  // no text, and no name that all files know
      }
    }
    const auto place = lines.position(document.text(), block.span.begin, ColumnUnit::bytes);
    out.problems.push_back(std::to_string(place.line + 1) + ": " + std::string(problem));
  }
  return out;
}

}  // namespace

FileEntries shared_entries(const Document& document) { return entries_of(document, nullptr); }

FileEntries shared_entries(const Document& document, const std::set<std::string, std::less<>>& keys) {
  return entries_of(document, &keys);
}

}  // namespace bibsmith::bibtex
