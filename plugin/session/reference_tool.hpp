#pragma once

#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "bibtex/export/export.hpp"
#include "fetchers/http/transport.hpp"

namespace bibsmith::plugin {

// Both listen on this port of this machine: who answers is found out by asking.
inline constexpr std::string_view reference_tool_url = "http://127.0.0.1:23119";

enum class ReferenceTool : std::uint8_t { zotero, jabref };

std::string_view name_of(ReferenceTool tool);  // "zotero", "jabref"

struct ToolError {
  enum class Code : std::uint8_t { unreachable, refused, no_library };
  Code code = Code::unreachable;
  std::string message;  // one line
};

// A reference manager that runs beside us. Every request goes to a loopback address, so none is a burden to
// anybody, and offline mode does not forbid it. `transport` outlives the calls. [one thread at a time]
class ReferenceToolClient {
 public:
  // `url` is the base address, without a path.
  ReferenceToolClient(fetchers::Transport& transport, std::string url)
      : transport_(transport), url_(std::move(url)) {}

  // Zotero answers /connector/ping (Zotero's connector protocol), JabRef /libraries (JabRef 6, HTTP server).
  tl::expected<ReferenceTool, ToolError> find(const std::stop_token& stop);

  struct Pushed {
    ReferenceTool tool = ReferenceTool::zotero;
    std::string library;  // of JabRef; Zotero takes what is selected in its window
  };
  // Gives the tool entries as BibTeX text. `library`: JabRef's name of one; empty: its first.
  tl::expected<Pushed, ToolError> push(const std::string& bibtex, const std::string& library,
                                       const std::stop_token& stop);

  struct Pulled {
    ReferenceTool tool = ReferenceTool::zotero;
    std::string library;
    std::string text;
    std::size_t entries = 0;
  };
  // The works of a library in `format`. `library`: of Zotero "users/0" (empty) or "groups/123", behind which
  // "/collections/KEY" may stand; of JabRef its name, empty: the first.
  tl::expected<Pulled, ToolError> pull(const std::string& library, bibtex::ExportFormat format,
                                       const std::stop_token& stop);

 private:
  tl::expected<fetchers::HttpResponse, ToolError> send(fetchers::HttpRequest request,
                                                       const std::stop_token& stop);
  tl::expected<std::string, ToolError> jabref_library(const std::string& wanted, const std::stop_token& stop);

  fetchers::Transport& transport_;
  std::string url_;
};

}  // namespace bibsmith::plugin
