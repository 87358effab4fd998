#include "bibtex/import/import.hpp"

#include <map>
#include <set>
#include <utility>

#include "bibtex/import/formats.hpp"
#include "bibtex/model/citation_key.hpp"
#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

bool ends_with(std::string_view text, std::string_view ending) {
  return text.size() >= ending.size() &&
         equal_ignoring_case(text.substr(text.size() - ending.size()), ending);
}

tl::expected<std::vector<Entry>, ImportError> read(std::string_view text, ImportFormat format,
                                                   TextEncoding encoding) {
  if (format == ImportFormat::csl_json) return from_csl_json(text, encoding);
  if (format == ImportFormat::ris) return from_ris(text, encoding);
  return from_hayagriva(text, encoding);
}

void tell_keys_apart(std::vector<Entry>& entries) {
  std::set<std::string, std::less<>> taken;
  std::map<std::string, std::size_t> tried;
  for (Entry& entry : entries) {
    entry.key = disambiguate(
        entry.key, [&](std::string_view key) { return taken.contains(key); }, tried[entry.key]);
    taken.insert(entry.key);
  }
}

}  // namespace

std::optional<ImportFormat> import_format(std::string_view name) {
  if (name == "csl-json") return ImportFormat::csl_json;
  if (name == "ris") return ImportFormat::ris;
  if (name == "hayagriva") return ImportFormat::hayagriva;
  return std::nullopt;
}

std::optional<ImportFormat> import_format_of_file(std::string_view path) {
  if (ends_with(path, ".json") || ends_with(path, ".csljson")) return ImportFormat::csl_json;
  if (ends_with(path, ".ris")) return ImportFormat::ris;
  if (ends_with(path, ".yml") || ends_with(path, ".yaml")) return ImportFormat::hayagriva;
  return std::nullopt;
}

tl::expected<std::vector<Entry>, ImportError> import_entries(std::string_view text, ImportFormat format,
                                                             TextEncoding encoding) {
  if (text.size() > import_bytes_max) return tl::unexpected(ImportError{"larger than 64 MiB"});
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  auto entries = read(text, format, encoding);
  if (entries) tell_keys_apart(*entries);
  return entries;
}

}  // namespace bibsmith::bibtex
