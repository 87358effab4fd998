#include <array>
#include <string>

#include "plugin/cli/verify_output.hpp"

namespace bibsmith::plugin {

namespace {

using bibtex::VerdictKind;

constexpr std::string_view head =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>References</title>\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
    "'unsafe-inline'\">\n"
    "<style>\n"
    "body { font: 16px/1.45 sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em; color: #222; }\n"
    "h2 { font-size: 1.05em; margin: 1.6em 0 .3em; } h2 small { font-weight: normal; color: #555; }\n"
    "table { border-collapse: collapse; } td, th { text-align: left; vertical-align: top; padding: .15em "
    ".8em .15em 0; }\n"
    ".verified { color: #176b1d; } .wrong_fields { color: #a03000; } .does_not_exist { color: #a00020; }\n"
    ".could_not_verify { color: #555; } .contradicted { background: #fff0e6; }\n"
    "</style>\n</head>\n<body>\n";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else if (byte >= 0x20 || c == '\n') {
      out += c;
    }
  }
  return out;
}

std::string cell(std::string_view text) { return "<td>" + escaped(text) + "</td>"; }

std::string fields_of(const VerifiedReference& reference) {
  std::string rows;
  for (const bibtex::FieldFinding& field : reference.found.verdict.fields) {
    const std::string source =
        field.candidate ? reference.found.records[*field.candidate].origins.front().source : std::string();
    rows += "<tr class=\"" + std::string(bibtex::name_of(field.outcome)) + "\">" +
            cell(bibtex::name_of(field.field)) + cell(field.said) + cell(field.known) + cell(source) +
            cell(field.code) + "</tr>\n";
  }
  if (rows.empty()) return {};
  return "<table>\n<tr><th>field</th><th>the reference says</th><th>the record says</th><th>source</th>"
         "<th>code</th></tr>\n" +
         rows + "</table>\n";
}

std::string asked_of(const VerifiedReference& reference) {
  std::string out;
  for (const bibtex::SourceAnswer& answer : reference.found.evidence.answers) {
    out += (out.empty() ? "" : "; ") + escaped(answer.source) + " by " +
           std::string(bibtex::name_of(answer.question)) + ": ";
    for (const char c : bibtex::name_of(answer.status)) out += c == '_' ? ' ' : c;
  }
  return out.empty() ? out : "<p>Asked: " + out + ".</p>\n";
}

std::string section_of(const VerifiedReference& reference) {
  const bibtex::Verdict& verdict = reference.found.verdict;
  std::string out = "<h2 class=\"" + std::string(bibtex::name_of(verdict.kind)) + "\">" +
                    escaped(words_of(verdict)) + " <small>" + escaped(reference.key) + ", line " +
                    std::to_string(reference.line) + "</small></h2>\n<p>" + escaped(reference.title) +
                    "</p>\n";
  for (const bibtex::FoundNotice& notice : verdict.notices) {
    out += "<p><strong>Notice: " + std::string(name_of(notice.notice.kind)) + "</strong> " +
           escaped(notice.notice.id) + "</p>\n";
  }
  std::string reasons;
  for (const bibtex::VerdictReason& reason : verdict.reasons) {
    reasons += "<li>" + escaped(reason.code) + (reason.detail.empty() ? "" : ": " + escaped(reason.detail)) +
               "</li>";
  }
  if (!reasons.empty()) out += "<ul>" + reasons + "</ul>\n";
  return out + fields_of(reference) + asked_of(reference);
}

}  // namespace

std::string html_of(const VerifyAnswer& answer) {
  std::string out(head);
  out +=
      "<h1>References</h1>\n<p>" + std::to_string(answer.count(VerdictKind::verified)) + " of " +
      std::to_string(answer.size()) + " verified; " +
      std::to_string(answer.count(VerdictKind::wrong_fields)) + " with wrong fields, " +
      std::to_string(answer.count(VerdictKind::could_not_verify)) + " that could not be verified, " +
      std::to_string(answer.count(VerdictKind::does_not_exist)) +
      " that do not exist.</p>\n<p>That a reference could not be verified says nothing against it: no source "
      "that was asked covers it, or one could not be asked.</p>\n";
  constexpr std::array kinds = {VerdictKind::does_not_exist, VerdictKind::wrong_fields,
                                VerdictKind::could_not_verify, VerdictKind::verified};
  for (const VerdictKind kind : kinds) {
    for (const VerifiedFile& file : answer.files) {
      for (const VerifiedReference& reference : file.references) {
        if (reference.found.verdict.kind == kind) out += section_of(reference);
      }
    }
  }
  return out + "</body>\n</html>\n";
}

}  // namespace bibsmith::plugin
