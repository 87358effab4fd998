#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "fetchers/record/arxiv_id.hpp"
#include "fetchers/record/doi.hpp"
#include "plugin/json/answers.hpp"
#include "plugin/json/match_answer.hpp"
#include "plugin/rpc/format_parameter.hpp"
#include "plugin/rpc/method_groups.hpp"
#include "plugin/session/author.hpp"
#include "plugin/session/cite.hpp"
#include "plugin/session/match.hpp"
#include "plugin/session/search.hpp"

namespace bibsmith::plugin {

namespace {

using json = nlohmann::ordered_json;

constexpr std::size_t ids_max = 100000;
constexpr std::size_t authors_most = 100000;
constexpr std::size_t results_most = 10000;

json arxiv_id_of(const ArxivId& id) {
  return {{"kind", "arxiv"},
          {"id", id.str()},
          {"base", id.base()},
          {"version", id.version() ? json(*id.version()) : json()},
          {"url", "https://arxiv.org/abs/" + id.str()}};
}

}  // namespace

MethodResult call_id_parse(Parameters& parameters, const CallContext&) {
  const std::string text = parameters.text("text");
  if (auto mistake = parameters.mistake()) return tl::unexpected(*std::move(mistake));
  const auto id = ArxivId::parse(text);
  if (id) return JsonDocument(arxiv_id_of(*id));
  if (const auto doi = Doi::parse(text)) {
    return JsonDocument(json{{"kind", "doi"}, {"id", doi->str()}, {"url", doi->url()}});
  }
  return JsonDocument(json{{"kind", json()}, {"message", id.error().message}, {"offset", id.error().offset}});
}

MethodResult call_entry_get(Parameters& parameters, const CallContext& context) {
  const std::vector<std::string> ids = parameters.texts("ids");
  if (ids.empty()) parameters.refuse("ids", "must name papers");
  if (ids.size() > ids_max) parameters.refuse("ids", "at most 100,000 at once");
  const auto format = maybe_format(parameters, "format", context.session);
  const auto encoding = parameters.maybe_word("encoding", {"latex", "utf8"});
  CiteOptions options = cite_options(context.session.settings(), format);
  if (encoding) {
    options.encoding = *encoding == "utf8" ? bibtex::TextEncoding::utf8 : bibtex::TextEncoding::latex;
  }
  options.authors_max = parameters.maybe_number("authors_max", authors_most);
  options.publish = parameters.flag("publish", true);
  const bool explain = parameters.flag("explain");
  if (auto mistake = parameters.mistake()) return tl::unexpected(*std::move(mistake));

  const CiteAnswer answer = cite(context.session, ids, options, context.stop, context.progress);
  auto text = text_of(context.session, entries_of(answer), format, context.stop);
  if (!text) return tl::unexpected(plugin_error_of(text.error()));
  const std::string dialect = options.dialect == bibtex::Dialect::biblatex ? "biblatex" : "bibtex";
  JsonDocument out = json_of(answer, format.value_or(dialect), explain);
  out.value()["text"] = *std::move(text);
  return out;
}

MethodResult call_plugin_list(Parameters& parameters, const CallContext& context) {
  if (auto mistake = parameters.mistake()) return tl::unexpected(*std::move(mistake));
  return json_of(context.session.plugins().list());
}

MethodResult call_search(Parameters& parameters, const CallContext& context) {
  SearchRequest request;
  for (const auto& [name, target] : {std::pair{"words", &request.words},
                                     {"title", &request.title},
                                     {"author", &request.author},
                                     {"abstract", &request.abstract},
                                     {"category", &request.category},
                                     {"from", &request.from},
                                     {"to", &request.to}}) {
    *target = parameters.maybe_text(name).value_or("");
  }
  request.results_max =
      static_cast<std::uint32_t>(parameters.maybe_number("max", results_most).value_or(request.results_max));
  request.local = parameters.flag("local");
  if (const auto sort = parameters.maybe_word("sort", {"relevance", "submitted", "updated"})) {
    request.sort_by = *sort == "submitted" ? fetchers::SortBy::submitted
                      : *sort == "updated" ? fetchers::SortBy::last_updated
                                           : fetchers::SortBy::relevance;
  }
  if (auto mistake = parameters.mistake()) return tl::unexpected(*std::move(mistake));
  const auto result = search(context.session, request, context.stop);
  if (!result) return tl::unexpected(RpcError{RpcCode::invalid_params, result.error().message, {}});
  if (result->error && result->records.empty()) return tl::unexpected(rpc_error_of(*result->error));
  return json_of(*result);
}

MethodResult call_author(Parameters& parameters, const CallContext& context) {
  AuthorRequest request;
  request.who = parameters.maybe_text("who").value_or("");
  request.ids = parameters.texts("ids");
  if (request.who.empty() && request.ids.empty()) parameters.refuse("who", "must be a name or an id");
  if (request.ids.size() > ids_max) parameters.refuse("ids", "at most 100,000 at once");
  request.theirs = parameters.texts("include");
  request.not_theirs = parameters.texts("exclude");
  request.similar = parameters.flag("similar", true);
  if (auto mistake = parameters.mistake()) return tl::unexpected(*std::move(mistake));
  const auto answer = author(context.session, request, context.stop, context.progress);
  if (!answer) {
    const RpcCode code = answer.error().code == AuthorError::Code::usage  ? RpcCode::invalid_params
                         : answer.error().code == AuthorError::Code::file ? RpcCode::file
                                                                          : RpcCode::not_found;
    return tl::unexpected(RpcError{code, answer.error().message, {}});
  }
  if (answer->error && answer->papers.empty()) return tl::unexpected(rpc_error_of(*answer->error));
  return json_of(*answer);
}

MethodResult call_match(Parameters& parameters, const CallContext& context) {
  const std::string text = parameters.text("text");
  if (text.size() > bibtex::reading_list_bytes_max) parameters.refuse("text", "at most 16 MiB at once");
  if (auto mistake = parameters.mistake()) return tl::unexpected(*std::move(mistake));
  return json_of(match(context.session, text, context.stop, context.progress));
}

MethodResult call_cache_stats(Parameters& parameters, const CallContext& context) {
  if (auto mistake = parameters.mistake()) return tl::unexpected(*std::move(mistake));
  const auto store = context.session.open_store();
  if (!store) return tl::unexpected(RpcError{RpcCode::file, store.error().message, {}});
  const auto stats = (*store)->stats();
  if (!stats) return tl::unexpected(RpcError{RpcCode::file, stats.error().message, {}});
  return json_of(*stats);
}

}  // namespace bibsmith::plugin
