#include "plugin/rpc/format_parameter.hpp"

#include "plugin/session/export_file.hpp"

namespace bibsmith::plugin {

std::optional<std::string> maybe_format(Parameters& parameters, std::string_view name, Session& session) {
  auto format = parameters.maybe_text(name);
  if (!format || is_known_format(session, *format)) return format;
  parameters.refuse(name, "must be one of bibtex, biblatex, csl-json, ris, hayagriva, or a plugin's");
  return std::nullopt;
}

}  // namespace bibsmith::plugin
