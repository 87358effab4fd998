#include "plugin/session/lock_file.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>

#include <toml++/toml.h>

#include "plugin/session/fingerprint.hpp"

namespace bibsmith::plugin {

namespace {

constexpr std::string_view head =
    "# What the paper cites, as bibsmith fetched it. Keep this file with the paper:\n"
    "# bibsmith resolve --locked makes the bibliography from it, and asks nobody.\n"
    "version = 1\n";

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7F'; }

// TOML's basic string.
std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (is_control(c)) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04X", static_cast<unsigned>(static_cast<unsigned char>(c)));
      out += escape;
    } else {
      out += c;
    }
  }
  return out + '"';
}

// Entries stay readable: a literal string, unless it could not say the text. The first line end is not part
// of it.
std::string block(std::string_view text) {
  const bool is_plain =
      std::none_of(text.begin(), text.end(), [](char c) { return is_control(c) && c != '\n' && c != '\t'; });
  if (!is_plain || text.find("'''") != text.npos || text.ends_with('\'')) return in_quotes(text);
  return "'''\n" + std::string(text) + "'''";
}

std::string text_in(const toml::table& table, std::string_view name) {
  return table[name].value_or(std::string());
}

}  // namespace

std::string digest_of(std::string_view entry) {
  const Fingerprint print = fingerprint_of(entry);
  return std::to_string(print.size) + '-' + hex_of(print.hash);
}

tl::expected<std::vector<LockedEntry>, FileError> read_lock(const std::string& text,
                                                            const std::string& path) {
  const auto refuse = [&path](const toml::node* node, const std::string& why) {
    const std::string place = node ? path + ':' + std::to_string(node->source().begin.line) : path;
    return file_error(FileError::Code::refused, place + ": " + why);
  };
  toml::table parsed;
  try {  // the library as Debian builds it reports by exception; it ends here
    parsed = toml::parse(text, path);
  } catch (const toml::parse_error& error) {
    return file_error(FileError::Code::refused, path + ':' + std::to_string(error.source().begin.line) +
                                                    ": " + std::string(error.description()));
  }
  if (parsed["version"].value_or(0) != 1) return refuse(nullptr, "is no lock file of version 1");
  std::vector<LockedEntry> entries;
  const toml::array* papers = parsed["paper"].as_array();
  if (papers == nullptr) return entries;
  if (papers->size() > locked_entries_max) return refuse(papers, "more than 100,000 papers");
  for (const toml::node& node : *papers) {
    const toml::table* table = node.as_table();
    if (table == nullptr) return refuse(&node, "'paper' must be a table");
    LockedEntry entry;
    entry.key = text_in(*table, "key");
    entry.id = text_in(*table, "id");
    const auto version = (*table)["version"].value_or(std::int64_t{0});
    entry.version = static_cast<std::uint16_t>(std::clamp<std::int64_t>(version, 0, UINT16_MAX));
    entry.source = text_in(*table, "source");
    entry.time = text_in(*table, "time");
    entry.entry = text_in(*table, "entry");
    if (digest_of(entry.entry) != text_in(*table, "digest")) {
      return refuse(&node,
                    "the entry of " + entry.key + " does not have its digest; resolve --lock makes it anew");
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

std::string write_lock(std::vector<LockedEntry> entries) {
  std::sort(entries.begin(), entries.end(),
            [](const LockedEntry& a, const LockedEntry& b) { return a.key < b.key; });
  std::string out(head);
  for (const LockedEntry& entry : entries) {
    out += "\n[[paper]]\nkey = " + in_quotes(entry.key) + "\nid = " + in_quotes(entry.id) + '\n';
    if (entry.version != 0) out += "version = " + std::to_string(entry.version) + '\n';
    out += "source = " + in_quotes(entry.source) + "\ntime = " + in_quotes(entry.time) + "\ndigest = \"" +
           digest_of(entry.entry) + "\"\nentry = " + block(entry.entry) + '\n';
  }
  return out;
}

}  // namespace bibsmith::plugin
