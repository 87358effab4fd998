#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "bibtex/export/export.hpp"
#include "bibtex/model/dialect.hpp"
#include "bibtex/model/inheritance.hpp"
#include "bibtex/model/key_pattern.hpp"
#include "bibtex/model/macros.hpp"
#include "bibtex/syntax/line_index.hpp"
#include "plugin/json/answers.hpp"
#include "plugin/json/verify_answer.hpp"
#include "plugin/latex/citation_scan.hpp"
#include "plugin/rpc/format_parameter.hpp"
#include "plugin/rpc/method_groups.hpp"
#include "plugin/rpc/text_source.hpp"
#include "plugin/rpc/update_parameters.hpp"
#include "plugin/session/check.hpp"
#include "plugin/session/check_online.hpp"
#include "plugin/session/export_file.hpp"
#include "plugin/session/unified_diff.hpp"
#include "plugin/session/update.hpp"
#include "plugin/session/verify.hpp"

namespace bibsmith::plugin {

namespace {

using json = nlohmann::ordered_json;

std::optional<bibtex::Dialect> dialect_in(Parameters& parameters) {
  const auto word = parameters.maybe_word("dialect", {"bibtex", "biblatex"});
  if (!word) return std::nullopt;
  return *word == "bibtex" ? bibtex::Dialect::bibtex : bibtex::Dialect::biblatex;
}

json fields_of(const bibtex::Entry& entry) {
  json fields = json::object();
  for (const bibtex::Field& field : entry.fields) {
    if (!fields.contains(field.name)) fields[field.name] = bibtex::field_text(entry, field.name);
  }
  return fields;
}

// The text as entries: in a format of ours, or what a plugin reads.
tl::expected<ResolvedEntries, RpcError> entries_of(const std::string& text, const std::string& name,
                                                   const std::optional<std::string>& from,
                                                   const std::string& to, const CallContext& context) {
  if (auto entries = entries_of_text(text, name, from, to)) {
    if (!*entries) return tl::unexpected(rpc_error_of(entries->error()));
    return **std::move(entries);
  }
  auto read = context.session.plugins().read(
      *from, text, {bibtex::Dialect::biblatex, bibtex::TextEncoding::utf8}, context.stop);
  if (!read) {
    return tl::unexpected(
        RpcError{RpcCode::invalid_params, "parameter 'from': no plugin reads the format", {}});
  }
  if (!*read) return tl::unexpected(plugin_error_of(read->error()));
  return ResolvedEntries{**std::move(read), {}};
}

// Of all blocks, so that each has an answer.
std::vector<bibtex::Entry> entries_of_bib(const std::string& text) {
  const bibtex::Document document = bibtex::Document::parse(text);
  const bibtex::Macros macros(document);
  const bibtex::Dialect dialect = bibtex::measure_dialect(document);
  std::vector<bibtex::Entry> entries;
  for (const bibtex::Block& block : document.entries()) {
    entries.push_back(bibtex::resolve_entry(document, macros, block, dialect));
  }
  return entries;
}

std::optional<bibtex::KeyPattern> pattern_in(Parameters& parameters) {
  auto pattern = bibtex::KeyPattern::parse(parameters.text("pattern"));
  if (pattern) return *std::move(pattern);
  parameters.refuse(
      "pattern", pattern.error().message + " (at byte " + std::to_string(pattern.error().offset + 1) + ")");
  return std::nullopt;
}

}  // namespace

MethodResult call_bib_parse(Parameters& parameters, const CallContext&) {
  const TextSource source(parameters);
  if (auto mistake = parameters.mistake()) return tl::unexpected(*std::move(mistake));
  auto text = source.read();
  if (!text) return tl::unexpected(text.error());
  const bibtex::Document document = bibtex::Document::parse(*std::move(text));
  const bibtex::LineIndex lines(document.text());
  const bibtex::Macros macros(document);
  const bibtex::Dialect dialect = bibtex::measure_dialect(document);
  json out{{"dialect", dialect == bibtex::Dialect::biblatex ? "biblatex" : "bibtex"},
           {"entries", json::array()},
           {"findings", json::array()}};
  for (const bibtex::Block& block : document.entries()) {
    const bibtex::Entry entry = bibtex::resolve_entry(document, macros, block, dialect);
    const auto place = lines.position(document.text(), block.span.begin, bibtex::ColumnUnit::bytes);
    out["entries"].push_back({{"key", entry.key},
                              {"type", entry.type},
                              {"line", place.line + 1},
                              {"offset", block.span.begin},
                              {"length", block.span.size()},
                              {"fields", fields_of(entry)}});
  }
  for (const bibtex::Diagnostic& one : document.diagnostics()) {
    const auto place = lines.position(document.text(), one.span.begin, bibtex::ColumnUnit::bytes);
    out["findings"].push_back({{"code", one.code},
                               {"severity", bibtex::name_of(one.severity)},
                               {"message", one.message},
                               {"line", place.line + 1},
                               {"offset", one.span.begin},
                               {"length", one.span.size()}});
  }
  return JsonDocument(std::move(out));
}

MethodResult call_bib_check(Parameters& parameters, const CallContext& context) {
  const TextSource source(parameters);
  const auto dialect = dialect_in(parameters);
  const CheckFilter filter{parameters.texts("only"), parameters.texts("ignore")};
  const bool online = parameters.flag("online");
  if (auto mistake = parameters.mistake()) return tl::unexpected(*std::move(mistake));
  auto text = source.read();
  if (!text) return tl::unexpected(text.error());
  CheckAnswer answer;
  std::vector<std::string> macros;
  answer.files.push_back(check_text(source.name(), *std::move(text), dialect, filter, macros));
  std::vector<std::string> unasked;
  if (online) unasked = check_online(context.session, answer, filter, context.stop, context.progress);
  JsonDocument out = json_of(answer);
  if (online) out.value()["could_not_ask"] = unasked;
  return out;
}

MethodResult call_bib_verify(Parameters& parameters, const CallContext& context) {
  const TextSource source(parameters);
  std::vector<std::string> keys = parameters.texts("keys");
  if (auto mistake = parameters.mistake()) return tl::unexpected(*std::move(mistake));
  auto text = source.read();
  if (!text) return tl::unexpected(text.error());
  std::vector<ReferenceText> texts;
  texts.push_back({source.name(), *std::move(text), std::nullopt});
  if (!keys.empty()) texts.front().keys.emplace(keys.begin(), keys.end());
  return json_of(verify_texts(context.session, std::move(texts), context.stop, context.progress));
}

MethodResult call_bib_plan(Parameters& parameters, const CallContext& context) {
  const TextSource source(parameters);
  UpdateRequest request = update_request(parameters);
  request.dry_run = true;
  if (auto mistake = parameters.mistake()) return tl::unexpected(*std::move(mistake));
  const auto text = source.read();
  if (!text) return tl::unexpected(text.error());
  Updater updater(context.session, std::move(request), context.stop, context.progress);
  auto plan = updater.plan(source.name(), *text);
  if (!plan) return tl::unexpected(rpc_error_of(plan.error()));
  const std::vector<bibtex::TextEdit> edits = plan->edits();
  json listed = json::array();
  for (const bibtex::TextEdit& edit : edits) {
    listed.push_back(
        {{"offset", edit.span.begin}, {"length", edit.span.size()}, {"new_text", edit.new_text}});
  }
  std::vector<UpdatedFile> files(1);
  files[0].path = source.name();
  files[0].plan = *std::move(plan);
  files[0].stale = !edits.empty();
  files[0].diff = unified_diff(source.name(), *text, edits);
  json out = std::move(json_of(files, true).value()["files"][0]);
  out["edits"] = std::move(listed);
  return JsonDocument(std::move(out));
}

MethodResult call_convert(Parameters& parameters, const CallContext& context) {
  const TextSource source(parameters);
  const auto from = parameters.maybe_text("from");
  const auto to = maybe_format(parameters, "to", context.session);
  if (!to) parameters.refuse("to", "is missing");
  if (auto mistake = parameters.mistake()) return tl::unexpected(*std::move(mistake));
  auto text = source.read();
  if (!text) return tl::unexpected(text.error());
  auto entries = entries_of(*text, source.name(), from, *to, context);
  if (!entries) return tl::unexpected(entries.error());
  const auto converted = entries_in_format(context.session, entries->entries, *to, context.stop);
  if (!converted) return tl::unexpected(plugin_error_of(converted.error()));
  return JsonDocument(json{{"format", *to},
                           {"text", *converted},
                           {"entries", entries->entries.size()},
                           {"repeated", entries->repeated}});
}

MethodResult call_key_generate(Parameters& parameters, const CallContext& context) {
  const TextSource source(parameters);
  const auto keygen = parameters.maybe_text("keygen");
  const auto pattern = keygen ? std::optional<bibtex::KeyPattern>() : pattern_in(parameters);
  if (auto mistake = parameters.mistake()) return tl::unexpected(*std::move(mistake));
  auto text = source.read();
  if (!text) return tl::unexpected(text.error());
  const auto entries = entries_of_bib(*text);
  std::vector<std::string> made;
  if (keygen) {
    auto answer = context.session.plugins().keys(*keygen, entries, context.stop);
    if (!answer) {
      return tl::unexpected(RpcError{RpcCode::invalid_params, "no plugin of that name makes keys", {}});
    }
    if (!*answer) return tl::unexpected(plugin_error_of(answer->error()));
    made = **std::move(answer);
  } else {
    for (const bibtex::Entry& entry : entries) made.push_back(pattern->key(entry));
  }
  json keys = json::array();
  for (std::size_t i = 0; i < made.size(); ++i) {
    keys.push_back(
        {{"key", entries[i].key}, {"new_key", made[i].empty() && keygen ? entries[i].key : made[i]}});
  }
  return JsonDocument(json{{"keys", std::move(keys)}});
}

MethodResult call_tex_scan(Parameters& parameters, const CallContext&) {
  const TextSource source(parameters);
  if (auto mistake = parameters.mistake()) return tl::unexpected(*std::move(mistake));
  const auto text = source.read();
  if (!text) return tl::unexpected(text.error());
  json citations = json::array();
  for (const bibtex::Span& span : cited_keys(*text)) {
    citations.push_back(
        {{"key", std::string(span.in(*text))}, {"offset", span.begin}, {"length", span.size()}});
  }
  return JsonDocument(json{{"citations", std::move(citations)}});
}

}  // namespace bibsmith::plugin
