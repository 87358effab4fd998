#include "plugin/lsp/paper_text.hpp"

#include <algorithm>

#include "bibtex/syntax/ascii.hpp"
#include "bibtex/syntax/byte_class.hpp"

namespace bibsmith::plugin {

namespace {

constexpr std::size_t authors_max = 6;
constexpr std::size_t abstract_bytes_max = 1200;

std::string dated(std::uint16_t version, const Date& date) {
  std::string text = 'v' + std::to_string(version);
  if (date.year != 0) text += ' ' + date.iso();
  return text;
}

// "7 versions: v1 2017-06-12, v7 2023-08-02"; empty: the source did not tell.
std::string versions_of(const Record& record) {
  std::uint16_t newest = record.arxiv_id ? record.arxiv_id->version().value_or(0) : std::uint16_t{0};
  Date newest_date = record.updated;
  Date first_date = record.published;
  for (const Version& version : record.versions) {
    if (version.number == 1) first_date = version.date;
    if (version.number < newest) continue;
    newest = version.number;
    newest_date = version.date;
  }
  if (newest == 0) return {};
  if (newest == 1) return dated(1, first_date);
  return std::to_string(newest) + " versions: " + dated(1, first_date) + ", " + dated(newest, newest_date);
}

// Cut before a word, never within a character.
std::string shortened(std::string_view text) {
  if (text.size() <= abstract_bytes_max) return escaped_markdown(text);
  std::size_t end = text.rfind(' ', abstract_bytes_max);
  if (end == text.npos || end == 0) {
    end = abstract_bytes_max;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  }
  return escaped_markdown(text.substr(0, end)) + " …";
}

}  // namespace

std::string escaped_markdown(std::string_view text) {
  constexpr bibtex::ByteSet special("\\`*_{}[]<>#|~");
  std::string out;
  for (const char c : text) {
    if (special.contains(c)) out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

std::string markdown_of(const Record& record) {
  std::string text;
  for (std::size_t i = 0; i < record.authors.size() && i < authors_max; ++i) {
    text += (i == 0 ? "" : ", ") + escaped_markdown(record.authors[i].name);
  }
  if (record.authors.size() > authors_max) {
    text += " and " + std::to_string(record.authors.size() - authors_max) + " more";
  }
  if (record.published.year != 0) {
    text += (text.empty() ? "" : " · ") + std::to_string(record.published.year);
  }
  if (!record.title.empty()) text += (text.empty() ? "**" : "\n\n**") + escaped_markdown(record.title) + "**";
  return text;
}

std::string news_markdown(const EntryNews& news, const Record* record, std::string_view abstract) {
  std::string text;
  if (news.label.starts_with("published") || news.label == "withdrawn") {
    text += "\n\n**" + escaped_markdown(news.label) + "**";
  }
  std::string versions = record != nullptr ? versions_of(*record) : std::string();
  for (const bibtex::Diagnostic& finding : news.findings) {
    if (finding.code == "online.superseded") versions += (versions.empty() ? "" : "; ") + finding.message;
  }
  if (!versions.empty()) text += "\n\n" + escaped_markdown(versions);
  if (abstract.empty() && record != nullptr) abstract = record->abstract;
  if (!abstract.empty()) text += "\n\n---\n\n" + shortened(abstract);
  return text;
}

}  // namespace bibsmith::plugin
