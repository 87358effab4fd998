#include "bibtex/check/check.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "bibtex/check/findings.hpp"
#include "bibtex/model/dialect.hpp"
#include "bibtex/model/inheritance.hpp"
#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::bibtex {

namespace {

constexpr std::array codes = std::to_array<std::string_view>({

    "check.bad-date",        "check.bad-doi",           "check.bad-month",
    "check.bad-year",        "check.doi-url",           "check.empty-name",
    "check.et-al",           "check.html-entity",       "check.missing-field",
    "check.missing-parent",  "check.misspelt-field",    "check.month-macro",
    "check.name-comma-last", "check.name-commas",       "check.name-separator",
    "check.no-family-name",  "check.non-ascii",         "check.odd-name",
    "check.others-inside",   "check.page-hyphen",       "check.parent-first",
    "check.title-capitals",  "check.unbalanced-braces", "check.unescaped",
    "check.unknown-type",    "check.url-in-note",
});

// Defined by plain.bst, alpha.bst, abbrv.bst and unsrt.bst, beside the months.
constexpr std::array style_macros = std::to_array<std::string_view>(
    {"acmcs", "acta", "cacm",   "ibmjrd", "ibmsj", "ieeese", "ieeetc", "ieeetcad", "ipl",    "jacm",
     "jcss",  "scp",  "sicomp", "tocs",   "tods",  "tog",    "toms",   "toois",    "toplas", "tcs"});

// One finding a name, at its first use: a file of journal macros that is missing should not say so a thousand
// times.
void check_macros(const Document& document, const Macros& macros, Dialect dialect,
                  const CheckOptions& options, Findings& findings) {
  std::map<std::string, std::pair<Diagnostic, std::size_t>> by_name;
  for (Diagnostic& diagnostic : undefined_macros(document, macros)) {
    const std::string name = in_lower_case(document.text(diagnostic.span));
    if (std::find(options.known_macros.begin(), options.known_macros.end(), name) !=
        options.known_macros.end()) {
      continue;
    }
    if (dialect == Dialect::bibtex &&
        std::find(style_macros.begin(), style_macros.end(), name) != style_macros.end()) {
      continue;
    }
    auto [known, is_new] = by_name.try_emplace(name, std::move(diagnostic), 0);
    ++known->second.second;
  }
  for (auto& [name, use] : by_name) {
    auto& [diagnostic, count] = use;
    if (count > 1) diagnostic.message += " (used " + std::to_string(count) + " times)";
    findings.add(diagnostic.code, diagnostic.severity, diagnostic.span, std::move(diagnostic.message));
  }
}

// Said once a file: who reads it with an 8-bit bibtex wants to know, all others do not care.
void check_ascii(const Document& document, Findings& findings) {
  const std::string& text = document.text();
  const auto first =
      std::find_if(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  if (first == text.end()) return;
  auto at = static_cast<std::uint32_t>(first - text.begin());
  if (at == 0 && text.starts_with("\xEF\xBB\xBF")) return;
  std::uint32_t end = at + 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
  findings.add(
      "check.non-ascii", Severity::note, Span{at, end},
      "text is not ASCII: bibtex sorts and abbreviates such letters wrongly, bibtexu and biber do not");
}

// A type of the user's own, which a style of the user's own prints, is said once.
void join_unknown_types(const Document& document, std::vector<Diagnostic>& all) {
  std::map<std::string, std::size_t> counts;
  for (const Diagnostic& one : all) {
    if (one.code == "check.unknown-type") ++counts[in_lower_case(document.text(one.span))];
  }
  std::set<std::string> said;
  std::erase_if(all, [&](const Diagnostic& one) {
    return one.code == "check.unknown-type" && !said.insert(in_lower_case(document.text(one.span))).second;
  });
  for (Diagnostic& one : all) {
    if (one.code != "check.unknown-type") continue;
    const std::size_t count = counts[in_lower_case(document.text(one.span))];
    if (count > 1) one.message += " (used " + std::to_string(count) + " times)";
  }
}

bool is_readable(const Document& document) {
  return document.blocks().size() != 1 || document.block(0).kind != BlockKind::junk ||
         document.diagnostics().empty();
}

}  // namespace

std::vector<Diagnostic> check(const Document& document, const CheckOptions& options) {
  Findings findings;
  for (const Diagnostic& diagnostic : document.diagnostics()) {
    findings.add(diagnostic.code, diagnostic.severity, diagnostic.span, diagnostic.message);
  }
  if (!is_readable(document)) return findings.take();

  const Dialect dialect = options.dialect.value_or(measure_dialect(document));
  const Macros macros(document);
  check_macros(document, macros, dialect, options, findings);
  if (dialect == Dialect::bibtex) check_ascii(document, findings);
  for (const Block& block : document.blocks()) {
    if (block.kind == BlockKind::string) {
      const Entry none;
      check_text(EntryCheck{document, macros, dialect, block, none, findings});
    }
    if (block.kind != BlockKind::entry) continue;
    const Entry entry = resolve_entry(document, macros, block, dialect);
    const EntryCheck one{document, macros, dialect, block, entry, findings};
    check_data_model(one);
    check_references(one);
    check_names(one);
    check_dates(one);
    check_identifiers(one);
    check_text(one);
    check_title(one);
  }
  std::vector<Diagnostic> all = findings.take();
  std::stable_sort(all.begin(), all.end(),
                   [](const Diagnostic& a, const Diagnostic& b) { return a.span.begin < b.span.begin; });
  join_unknown_types(document, all);
  return all;
}

std::span<const std::string_view> check_codes() { return codes; }

}  // namespace bibsmith::bibtex
