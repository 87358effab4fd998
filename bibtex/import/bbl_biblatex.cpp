#include <algorithm>
#include <array>
#include <utility>

#include "bibtex/import/bbl.hpp"
#include "bibtex/model/name.hpp"
#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

std::string without_braces(std::string text) {
  std::erase_if(text, [](char c) { return c == '{' || c == '}' || c == '%'; });
  return text;
}

// `family={Smith},` of a name; the first that stands behind a comma, a brace or white space, so that
// "familyi" and "hash" are passed over.
std::string part_of(std::string_view name, std::string_view part) {
  for (std::size_t at = name.find(part); at != npos; at = name.find(part, at + 1)) {
    const bool begins = at == 0 || std::string_view(",{ \t\n\r").find(name[at - 1]) != npos;
    std::size_t end = at + part.size();
    if (!begins || end >= name.size() || name[end] != '=') continue;
    return std::string(group_at(name, end + 1, end));
  }
  return {};
}

// The names of \name{author}{2}{}{…}: a group each, which has the hash of the name and a group of its parts.
std::string names_of(std::string_view list) {
  std::vector<Name> names;
  for (std::size_t at = 0; at < list.size();) {
    std::size_t end = at;
    const std::string_view name = group_at(list, at, end);
    if (end == at) {
      ++at;
      continue;
    }
    at = end;
    Name one;
    one.family = part_of(name, "family");
    one.given = part_of(name, "given");
    one.prefix = part_of(name, "prefix");
    one.suffix = part_of(name, "suffix");
    if (!one.family.empty()) names.push_back(std::move(one));
  }
  return format_names(names, false);
}

// Reads what stands at `at`, a backslash; returns where to go on.
std::size_t read_command(std::string_view text, std::size_t at, Entry& entry) {
  const auto is = [&](std::string_view command) { return text.substr(at, command.size()) == command; };
  std::size_t end = at;
  if (is("\\name{")) {
    const std::string kind(group_at(text, at + 5, end));
    for (int i = 0; i < 2; ++i) group_at(text, end, end);  // the number, and options
    const std::string_view list = group_at(text, end, end);
    if (kind == "author" || kind == "editor") set_field(entry, kind, names_of(list));
  } else if (is("\\field{") || is("\\list{")) {
    const bool is_list = is("\\list{");
    std::string name(group_at(text, at + (is_list ? 5 : 6), end));
    if (is_list) group_at(text, end, end);
    std::string value(group_at(text, end, end));
    if (is_list) value = without_braces(std::move(value));
    set_field(entry, name, std::move(value));
  } else if (is("\\true{moreauthor}")) {
    if (const Field* author = entry.find("author")) {
      set_field(entry, "author", author->value.pieces.front().text + " and others");
    }
  } else if (is("\\verb{")) {
    const std::string name(group_at(text, at + 5, end));
    const std::size_t begin = text.find("\\verb ", end);
    const std::size_t close = text.find("\\endverb", end);
    if (begin < close && close != npos) {
      const std::size_t line_end = std::min(text.find('\n', begin), close);
      set_field(entry, name, std::string(text.substr(begin + 6, line_end - begin - 6)));
      end = close;
    }
  }
  return std::max(end, at + 1);
}

}  // namespace

std::vector<BblItem> read_biblatex_bbl(std::string_view text) {
  constexpr std::string_view opening = "\\entry{";
  std::vector<BblItem> items;
  for (std::size_t at = text.find(opening); at != npos && items.size() < bbl_items_max;) {
    const std::size_t next = text.find(opening, at + 1);
    const std::string_view item =
        text.substr(at, std::min({next - at, text.size() - at, bbl_item_bytes_max}));
    std::size_t end = 0;
    BblItem one;
    one.entry.key = std::string(group_at(item, opening.size() - 1, end));
    one.entry.type = std::string(group_at(item, end, end));
    one.offset = static_cast<std::uint32_t>(at + opening.size());
    for (std::size_t i = item.find('\\', end); i != npos; i = item.find('\\', i)) {
      i = read_command(item, i, one.entry);
    }
    if (!one.entry.key.empty() && !one.entry.type.empty()) items.push_back(std::move(one));
    at = next;
  }
  return items;
}

}  // namespace bibsmith::bibtex
