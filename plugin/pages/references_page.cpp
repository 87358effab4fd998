#include "plugin/pages/references_page.hpp"

#include <array>
#include <string_view>

#include "plugin/pages/html_text.hpp"
#include "plugin/pages/page_frame.hpp"

namespace bibsmith::plugin {

namespace {

using bibtex::FieldFinding;
using bibtex::VerdictKind;

struct Group {
  VerdictKind kind;
  const char* id;
  const char* heading;
};

// What needs a look comes first.
constexpr std::array<Group, 4> groups = {{{VerdictKind::does_not_exist, "none", "Do not exist"},
                                          {VerdictKind::wrong_fields, "wrong", "Wrong fields"},
                                          {VerdictKind::could_not_verify, "open", "Could not be verified"},
                                          {VerdictKind::verified, "verified", "Verified"}}};

std::string source_of(const VerifiedReference& reference, const FieldFinding& field) {
  return field.candidate ? reference.found.records[*field.candidate].origins.front().source : std::string();
}

std::string fields_table(const VerifiedReference& reference) {
  std::string rows;
  for (const FieldFinding& field : reference.found.verdict.fields) {
    const bool is_wrong = field.outcome == FieldFinding::Outcome::contradicted;
    rows += std::string(is_wrong ? "<tr class=\"wrong\">" : "<tr>") + "<th scope=\"row\">" +
            html_text(bibtex::name_of(field.field)) + "</th><td>" + isolated(field.said) + "</td><td>" +
            isolated(field.known) + "</td><td>" + html_text(source_of(reference, field)) + "</td><td>" +
            html_text(field.code) + "</td></tr>\n";
  }
  if (rows.empty()) return {};
  return "<table class=\"compared\">\n<thead><tr><th scope=\"col\">Field</th><th scope=\"col\">The "
         "reference</th><th scope=\"col\">The record</th><th scope=\"col\">Source</th><th "
         "scope=\"col\">Code</th></tr></thead>\n<tbody>\n" +
         rows + "</tbody>\n</table>\n";
}

// "Asked: dblp by title: found; …"
std::string asked_line(const VerifiedReference& reference) {
  std::string out;
  for (const bibtex::SourceAnswer& answer : reference.found.evidence.answers) {
    out += (out.empty() ? "" : "; ") + answer.source + " by " +
           std::string(bibtex::name_of(answer.question)) + ": ";
    for (const char c : bibtex::name_of(answer.status)) out += c == '_' ? ' ' : c;
  }
  return out.empty() ? out : "<p class=\"quiet\">Asked: " + html_text(out) + ".</p>\n";
}

std::string reasons_list(const bibtex::Verdict& verdict) {
  std::string out;
  for (const bibtex::FoundNotice& notice : verdict.notices) {
    out += "<li><strong>Notice: " + html_text(name_of(notice.notice.kind)) + "</strong> " +
           html_text(notice.notice.id) + "</li>\n";
  }
  const bool is_in_table = verdict.kind == VerdictKind::wrong_fields;
  for (const bibtex::VerdictReason& reason : verdict.reasons) {
    if (is_in_table) break;
    out += "<li>" + html_text(reason.code) + (reason.detail.empty() ? "" : ": " + isolated(reason.detail)) +
           "</li>\n";
  }
  return out.empty() ? out : "<ul>\n" + out + "</ul>\n";
}

std::string item(const VerifiedFile& file, const VerifiedReference& reference) {
  const bibtex::Verdict& verdict = reference.found.verdict;
  return "<li>\n<h3>" + (reference.title.empty() ? isolated(reference.key) : isolated(reference.title)) +
         "</h3>\n<p class=\"about\"><strong>" + html_text(in_words(verdict)) + "</strong> · " +
         isolated(reference.key) + " · " + html_text(file.path) + ", line " + std::to_string(reference.line) +
         "</p>\n" +
         (reference.accepted.empty()
              ? ""
              : "<p><strong>Accepted:</strong> " + isolated(reference.accepted) + "</p>\n") +
         reasons_list(verdict) + fields_table(reference) + asked_line(reference) + "</li>\n";
}

std::string group_section(const VerifyAnswer& answer, const Group& group) {
  std::string items;
  for (const VerifiedFile& file : answer.files) {
    for (const VerifiedReference& reference : file.references) {
      if (reference.found.verdict.kind == group.kind) items += item(file, reference);
    }
  }
  if (items.empty()) return {};
  const std::string id = group.id;
  return "<section aria-labelledby=\"" + id + "\">\n<h2 id=\"" + id + "\">" + group.heading +
         "</h2>\n<ul class=\"papers\">\n" + items + "</ul>\n</section>\n";
}

}  // namespace

std::string references_page(const VerifyAnswer& answer) {
  std::string content = "<header>\n<h1>References</h1>\n<p class=\"lead\">" +
                        std::to_string(answer.count(VerdictKind::verified)) + " of " +
                        std::to_string(answer.size()) +
                        " verified</p>\n</header>\n<main id=\"references\">\n<dl class=\"figures\">\n";
  for (const Group& group : groups) {
    content += std::string("<div><dt>") + group.heading + "</dt><dd>" +
               std::to_string(answer.count(group.kind)) + "</dd></div>\n";
  }
  content +=
      "</dl>\n<p>That a reference could not be verified says nothing against it: no source that was asked "
      "covers it, or one could not be asked.</p>\n";
  for (const Group& group : groups) content += group_section(answer, group);
  content += "</main>\n<footer>By Bibsmith " BIBSMITH_VERSION
             ". Judge by the evidence: the record may be the one that is wrong.</footer>\n";
  return page_frame("References", {"references", "Skip to the references"}, content, PageScript::none);
}

}  // namespace bibsmith::plugin
