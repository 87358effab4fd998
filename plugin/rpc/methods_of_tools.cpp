#include <nlohmann/json.hpp>

#include "fetchers/http/curl_transport.hpp"
#include "plugin/rpc/method_groups.hpp"
#include "plugin/rpc/text_source.hpp"
#include "plugin/session/export_file.hpp"
#include "plugin/session/reference_tool.hpp"

namespace bibsmith::plugin {

namespace {

using json = nlohmann::ordered_json;

// A program on this machine answers at once or not at all.
fetchers::CurlOptions local_options(const Settings& settings) {
  fetchers::CurlOptions options;
  options.user_agent = fetchers::user_agent(settings.contact);
  options.redirects_max = 0;
  return options;
}

std::string url_in(Parameters& parameters) {
  const std::string url = parameters.maybe_text("url").value_or(std::string(reference_tool_url));
  if (!is_loopback_url(url)) parameters.refuse("url", "must be an address of this machine");
  return url;
}

tl::unexpected<RpcError> unexpected_of(const ToolError& error) {
  const RpcCode code = error.code == ToolError::Code::no_library ? RpcCode::not_found : RpcCode::network;
  return tl::unexpected(RpcError{code, error.message, {}});
}

}  // namespace

MethodResult call_zotero_push(Parameters& parameters, const CallContext& context) {
  const TextSource source(parameters);
  const std::string library = parameters.maybe_text("library").value_or("");
  const std::string url = url_in(parameters);
  if (auto mistake = parameters.mistake()) return tl::unexpected(*std::move(mistake));
  auto text = source.read();
  if (!text) return tl::unexpected(text.error());
  const auto entries = entries_of_text(*text, source.name(), {}, "bibtex");
  if (!*entries) return tl::unexpected(rpc_error_of(entries->error()));
  const std::string bibtex = bibtex::export_entries((*entries)->entries, bibtex::ExportFormat::bibtex);
  fetchers::CurlTransport transport(local_options(context.session.settings()));
  const auto pushed = ReferenceToolClient(transport, url).push(bibtex, library, context.stop);
  if (!pushed) return unexpected_of(pushed.error());
  return JsonDocument(json{{"tool", name_of(pushed->tool)},
                           {"library", pushed->library},
                           {"entries", (*entries)->entries.size()}});
}

MethodResult call_zotero_pull(Parameters& parameters, const CallContext& context) {
  const std::string library = parameters.maybe_text("library").value_or("");
  const std::string url = url_in(parameters);
  const auto format = parameters.maybe_word("format", {"bibtex", "biblatex", "csl-json", "ris", "hayagriva"});
  if (auto mistake = parameters.mistake()) return tl::unexpected(*std::move(mistake));
  const std::string name = format.value_or("bibtex");
  fetchers::CurlTransport transport(local_options(context.session.settings()));
  const auto pulled =
      ReferenceToolClient(transport, url)
          .pull(library, bibtex::export_format(name).value_or(bibtex::ExportFormat::bibtex), context.stop);
  if (!pulled) return unexpected_of(pulled.error());
  return JsonDocument(json{{"tool", name_of(pulled->tool)},
                           {"library", pulled->library},
                           {"format", name},
                           {"text", pulled->text},
                           {"entries", pulled->entries}});
}

}  // namespace bibsmith::plugin
