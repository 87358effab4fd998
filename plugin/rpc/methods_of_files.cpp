#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "bibtex/syntax/ascii.hpp"
#include "plugin/json/answers.hpp"
#include "plugin/latex/citation_scan.hpp"
#include "plugin/latex/resolve_sources.hpp"
#include "plugin/rpc/method_groups.hpp"
#include "plugin/rpc/update_parameters.hpp"
#include "plugin/session/add.hpp"
#include "plugin/session/dedupe.hpp"
#include "plugin/session/format.hpp"
#include "plugin/session/keys.hpp"
#include "plugin/session/undo.hpp"

namespace bibsmith::plugin {

namespace {

std::set<std::string> set_of(std::vector<std::string> texts, bool lower_case) {
  for (std::string& text : texts) {
    if (lower_case) std::ranges::transform(text, text.begin(), bibtex::lower);
  }
  return {texts.begin(), texts.end()};
}

}  // namespace

UpdateRequest update_request(Parameters& parameters) {
  UpdateRequest request;
  request.only = set_of(parameters.texts("only"), false);
  request.fields = set_of(parameters.texts("fields"), true);
  request.keep = set_of(parameters.texts("keep"), true);
  request.publish = parameters.flag("publish", true);
  request.overwrite = parameters.flag("overwrite");
  request.search = parameters.flag("search");
  return request;
}

MethodResult call_bib_add(Parameters& parameters, const CallContext& context) {
  const std::string file = parameters.text("file");
  const std::vector<std::string> ids = parameters.texts("ids");
  if (ids.empty()) parameters.refuse("ids", "must name papers");
  if (auto mistake = parameters.mistake()) return tl::unexpected(*std::move(mistake));
  const auto answer = add(context.session, ids, file, context.stop, context.progress);
  if (!answer) return tl::unexpected(rpc_error_of(answer.error()));
  return json_of(*answer, file);
}

MethodResult call_tex_resolve(Parameters& parameters, const CallContext& context) {
  ResolveSourcesRequest request;
  request.sources = parameters.texts("sources");
  if (request.sources.empty()) parameters.refuse("sources", "must name files");
  request.to = parameters.maybe_text("to").value_or("");
  const auto keys = parameters.maybe_word("request_keys", {"kept", "ids", "renamed"});
  if (keys == "ids") request.request_keys = RequestKeys::ids;
  if (keys == "renamed") request.request_keys = RequestKeys::renamed;
  request.by_title = parameters.flag("titles");
  request.map = parameters.maybe_text("map").value_or("");
  request.lock = parameters.maybe_text("lock").value_or("");
  request.is_locked = parameters.flag("locked");
  if (request.is_locked && request.lock.empty()) parameters.refuse("lock", "must be named with locked");
  if (auto mistake = parameters.mistake()) return tl::unexpected(*std::move(mistake));
  const auto answer = resolve_sources(context.session, request, context.stop, context.progress);
  if (!answer) return tl::unexpected(rpc_error_of(answer.error()));
  return json_of(answer->resolved, answer->to);
}

MethodResult call_bib_update(Parameters& parameters, const CallContext& context) {
  const std::vector<std::string> files = parameters.texts("files");
  if (files.empty()) parameters.refuse("files", "must name files");
  UpdateRequest request = update_request(parameters);
  request.dry_run = parameters.flag("dry_run");
  request.diff = true;
  if (auto mistake = parameters.mistake()) return tl::unexpected(*std::move(mistake));
  const bool dry_run = request.dry_run;
  Updater updater(context.session, std::move(request), context.stop, context.progress);
  if (files.size() > 1) updater.prefetch(files);
  std::vector<UpdatedFile> updated;
  std::vector<std::string> failed;
  for (const std::string& path : files) {
    auto file = updater.update(path);
    if (!file && files.size() == 1) return tl::unexpected(rpc_error_of(file.error()));
    if (file) {
      updated.push_back(*std::move(file));
    } else {
      failed.push_back(file.error().message);
    }
  }
  JsonDocument out = json_of(updated, dry_run);
  out.value()["failed"] = failed;
  return out;
}

MethodResult call_bib_dedupe(Parameters& parameters, const CallContext& context) {
  DedupeRequest request;
  request.bib = parameters.text("file");
  request.tex = parameters.texts("tex");
  request.find_citations = cited_keys;
  request.merge = parameters.flag("merge");
  const bool dry_run = parameters.flag("dry_run");
  request.only_plans = !request.merge || dry_run;
  if (auto mistake = parameters.mistake()) return tl::unexpected(*std::move(mistake));
  const auto answer = dedupe(request, context.session.change_context(context.stop));
  if (!answer) return tl::unexpected(rpc_error_of(answer.error()));
  return json_of(*answer, request.bib, request.merge);
}

MethodResult call_bib_keys(Parameters& parameters, const CallContext& context) {
  const std::string file = parameters.text("file");
  const auto pattern = bibtex::KeyPattern::parse(parameters.text("pattern"));
  if (!pattern) {
    parameters.refuse(
        "pattern", pattern.error().message + " (at byte " + std::to_string(pattern.error().offset + 1) + ")");
  }
  const std::vector<std::string> tex = parameters.texts("tex");
  const bool dry_run = parameters.flag("dry_run");
  if (auto mistake = parameters.mistake()) return tl::unexpected(*std::move(mistake));
  const auto answer =
      rename_keys({file, tex, *pattern, cited_keys, dry_run}, context.session.change_context(context.stop));
  if (!answer) return tl::unexpected(rpc_error_of(answer.error()));
  return json_of(*answer, file, dry_run);
}

MethodResult call_bib_format(Parameters& parameters, const CallContext& context) {
  constexpr std::size_t column_max = 1000;
  const std::string file = parameters.text("file");
  FormatOptions options;
  options.indent = parameters.maybe_text("indent");
  if (options.indent && options.indent->find_first_not_of(" \t") != std::string::npos) {
    parameters.refuse("indent", "must be of spaces and tabs");
  }
  if (const auto column = parameters.maybe_number("align", column_max)) {
    options.equals_column = static_cast<std::uint32_t>(*column);
  }
  if (const auto word = parameters.maybe_word("delimiters", {"braces", "quotes"})) {
    options.has_quotes = *word == "quotes";
  }
  if (const auto word = parameters.maybe_word("case", {"lower", "upper"})) {
    options.word_case = *word == "upper" ? bibtex::LetterCase::upper : bibtex::LetterCase::lower;
  }
  const bool dry_run = parameters.flag("dry_run");
  if (auto mistake = parameters.mistake()) return tl::unexpected(*std::move(mistake));
  auto answer = dry_run ? plan_format(file, options)
                        : format_file(file, options, context.session.change_context(context.stop));
  if (!answer) return tl::unexpected(rpc_error_of(answer.error()));
  std::vector<FormattedFile> files;
  files.push_back({file, *std::move(answer)});
  return json_of(files, dry_run);
}

MethodResult call_bib_undo(Parameters& parameters, const CallContext& context) {
  const std::string file = parameters.text("file");
  const bool dry_run = parameters.flag("dry_run");
  if (auto mistake = parameters.mistake()) return tl::unexpected(*std::move(mistake));
  const auto answer = undo(file, context.session.change_context(context.stop), dry_run);
  if (!answer) return tl::unexpected(rpc_error_of(answer.error()));
  return json_of(*answer, file, dry_run);
}

MethodResult call_bib_history(Parameters& parameters, const CallContext& context) {
  const std::string file = parameters.text("file");
  if (auto mistake = parameters.mistake()) return tl::unexpected(*std::move(mistake));
  const auto lines = file_history(file, context.session.change_context(context.stop));
  if (!lines) return tl::unexpected(rpc_error_of(lines.error()));
  return json_of(*lines, file);
}

}  // namespace bibsmith::plugin
