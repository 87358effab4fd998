#include "plugin/http/cayw_format.hpp"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "fetchers/record/ascii.hpp"
#include "plugin/json/json_document.hpp"

namespace bibsmith::plugin {

namespace {

using Citations = std::vector<PickedCitation>;
using json = nlohmann::ordered_json;

// CSL's locators as Better BibTeX shortens them.
constexpr std::array<std::pair<std::string_view, std::string_view>, 20> short_labels = {{
    {"article", "art."},
    {"chapter", "ch."},
    {"column", "col."},
    {"figure", "fig."},
    {"line", "l."},
    {"note", "n."},
    {"issue", "no."},
    {"opus", "op."},
    {"page", "p."},
    {"paragraph", "para."},
    {"subparagraph", "subpara."},
    {"part", "pt."},
    {"rule", "r."},
    {"section", "sec."},
    {"subsection", "subsec."},
    {"schedule", "sch."},
    {"sub verbo", "sv."},
    {"title", "tit."},
    {"verse", "vrs."},
    {"volume", "vol."},
}};

std::string argument(const WebRequest& query, std::string_view name, std::string_view absent = {}) {
  const std::string* value = query.parameter(name);
  return value == nullptr || value->empty() ? std::string(absent) : *value;
}

std::string label_of(const PickedCitation& citation) {
  if (citation.label.empty()) return "p.";
  const auto* found =
      std::ranges::find(short_labels, citation.label, [](const auto& pair) { return pair.first; });
  return found == short_labels.end() ? citation.label : std::string(found->second);
}

bool is_bare(const PickedCitation& citation) {
  return citation.prefix.empty() && citation.suffix.empty() && citation.locator.empty();
}

std::string joined(const Citations& citations, std::string_view separator) {
  std::string out;
  for (const PickedCitation& one : citations) out += (out.empty() ? "" : std::string(separator)) + one.key;
  return out;
}

// The postnote: "12", "ch. 3, my emphasis". LaTeX's styles add "p." themselves.
std::string postnote(const PickedCitation& citation) {
  const bool is_page = citation.label.empty() || citation.label == "page";
  std::string out = citation.locator;
  if (!out.empty() && !is_page) out = label_of(citation) + ' ' + out;
  if (!out.empty() && !citation.suffix.empty()) out += ", ";
  return out + citation.suffix;
}

// "[see][12]{key}"; a prefix alone needs an empty postnote behind it.
std::string latex_arguments(const PickedCitation& citation) {
  const std::string post = postnote(citation);
  std::string out;
  if (!citation.prefix.empty()) out += '[' + citation.prefix + ']';
  if (!citation.prefix.empty() || !post.empty()) out += '[' + post + ']';
  return out + '{' + citation.key + '}';
}

std::string latex(const Citations& citations, const std::string& command) {
  const bool are_bare = std::ranges::all_of(citations, is_bare);
  const auto suppressed = std::ranges::count_if(citations, &PickedCitation::suppress_author);
  if (are_bare && (suppressed == 0 || suppressed == std::ssize(citations))) {
    return '\\' + (suppressed == 0 ? command : "citeyear") + '{' + joined(citations, ",") + '}';
  }
  std::string out;
  for (const PickedCitation& one : citations) {
    out += '\\' + (one.suppress_author ? "citeyear" : command) + latex_arguments(one);
  }
  return out;
}

// biblatex manual, sections 3.9.1 to 3.9.3: starred commands leave the author out, those in -s take several.
std::string biblatex(const Citations& citations, const std::string& command) {
  if (citations.size() == 1) {
    const bool has_star = command == "cite" || command == "autocite" || command == "parencite";
    const std::string star = citations.front().suppress_author && has_star ? "*" : "";
    return '\\' + command + star + latex_arguments(citations.front());
  }
  if (std::ranges::all_of(citations, is_bare)) return '\\' + command + '{' + joined(citations, ",") + '}';
  std::string out = '\\' + command + 's';
  for (const PickedCitation& one : citations) out += latex_arguments(one);
  return out;
}

// Pandoc takes other keys in braces (manual, "Citation syntax").
std::string pandoc_key(const std::string& key) {
  const bool is_plain = std::ranges::all_of(key, [](char c) {
    return is_letter_or_digit(c) || c == '_' || c == ':' || c == '.' || c == '-' || c == '/';
  });
  return is_plain && key.back() != '.' && key.back() != ':' ? key : '{' + key + '}';
}

std::string pandoc(const Citations& citations, bool has_brackets) {
  std::string out;
  for (const PickedCitation& one : citations) {
    if (!out.empty()) out += "; ";
    if (!one.prefix.empty()) out += one.prefix + ' ';
    out += (one.suppress_author ? "-@" : "@") + pandoc_key(one.key);
    if (!one.locator.empty()) out += ", " + label_of(one) + ' ' + one.locator;
    if (!one.suffix.empty()) out += ' ' + one.suffix;
  }
  return has_brackets ? '[' + out + ']' : out;
}

std::string mmd(const Citations& citations) {
  std::string out;
  for (const PickedCitation& one : citations) {
    out += one.prefix.empty() ? "[#" + one.key + "][]" : '[' + one.prefix + "][#" + one.key + ']';
  }
  return out;
}

// A label with other characters has to be made by label() (typst.app, "Label").
std::string typst(const Citations& citations) {
  std::string out;
  for (const PickedCitation& one : citations) {
    if (!out.empty()) out += ' ';
    const std::string supplement = one.locator.empty() ? one.suffix
                                                       : label_of(one) + ' ' + one.locator +
                                                             (one.suffix.empty() ? "" : ", " + one.suffix);
    const bool is_plain = pandoc_key(one.key) == one.key && one.key.find('/') == std::string::npos;
    if (!one.prefix.empty()) out += one.prefix + ' ';
    if (is_plain && !one.suppress_author) {
      out += '@' + one.key + (supplement.empty() ? "" : '[' + supplement + ']');
      continue;
    }
    std::string quoted;
    for (const char c : one.key) quoted += (c == '"' || c == '\\' ? "\\" : "") + std::string(1, c);
    out += "#cite(label(\"" + quoted + "\")";
    if (!supplement.empty()) out += ", supplement: [" + supplement + ']';
    if (one.suppress_author) out += ", form: \"year\"";
    out += ')';
  }
  return out;
}

std::string asciidoctor(const Citations& citations, const std::string& command) {
  std::string out;
  for (const PickedCitation& one : citations) {
    const bool is_page = one.label.empty() || one.label == "page";
    out += (out.empty() ? "" : ", ") + one.key;
    if (!one.locator.empty()) out += '(' + (is_page ? "" : label_of(one) + ' ') + one.locator + ')';
  }
  return command + ":[" + out + ']';
}

std::string jekyll(const Citations& citations) {
  std::string out = "{% cite";
  for (const PickedCitation& one : citations) {
    out += ' ' + one.key;
    if (!one.locator.empty()) out += " -L " + (one.label.empty() ? "page" : one.label) + " -l " + one.locator;
    if (one.suppress_author) out += " --suppress_author";
  }
  return out + " %}";
}

std::string as_json(const Citations& citations) {
  json out = json::array();
  for (const PickedCitation& one : citations) {
    out.push_back({{"citationKey", one.key},
                   {"prefix", one.prefix},
                   {"locator", one.locator},
                   {"label", one.locator.empty() ? ""
                             : one.label.empty() ? "page"
                                                 : one.label},
                   {"suffix", one.suffix},
                   {"suppressAuthor", one.suppress_author}});
  }
  return JsonDocument(std::move(out)).compact();
}

std::string playground(const Citations& citations, const WebRequest& query) {
  std::string out = argument(query, "citeprefix");
  bool is_first = true;
  for (const PickedCitation& one : citations) {
    if (!std::exchange(is_first, false)) out += argument(query, "separator", ",");
    out += argument(query, "keyprefix") + one.key + argument(query, "keypostfix");
  }
  return out + argument(query, "citepostfix");
}

}  // namespace

std::optional<std::string> format_citations(const Citations& citations, const WebRequest& query) {
  const std::string format = argument(query, "format", "latex");
  const auto given = [&](std::string_view absent) { return argument(query, "command", absent); };
  const bool is_empty = citations.empty();
  if (format == "latex") return is_empty ? "" : latex(citations, given("cite"));
  if (format == "natbib") return is_empty ? "" : latex(citations, given("citep"));
  if (format == "cite" || format == "citep" || format == "citet")
    return is_empty ? "" : latex(citations, format);
  if (format == "biblatex") return is_empty ? "" : biblatex(citations, given("autocite"));
  if (format == "pandoc") return is_empty ? "" : pandoc(citations, !argument(query, "brackets").empty());
  if (format == "mmd") return mmd(citations);
  if (format == "typst") return typst(citations);
  if (format == "asciidoctor-bibtex")
    return is_empty ? "" : asciidoctor(citations, argument(query, "cite", "cite"));
  if (format == "jekyll") return is_empty ? "" : jekyll(citations);
  if (format == "json") return as_json(citations);
  if (format == "playground") return is_empty ? "" : playground(citations, query);
  return std::nullopt;
}

}  // namespace bibsmith::plugin
