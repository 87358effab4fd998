#pragma once

#include <string>
#include <vector>

#include "plugin/http/file_events.hpp"
#include "plugin/http/http_server.hpp"

namespace bibsmith::plugin {

// The pages of `bibsmith serve` for people: "/" shows the entries of the .bib files `libraries`, searches
// arXiv and adds to a file, shows authors, and previews updates that are accepted one by one. Page, style and
// script tell nothing; what they ask for (POST to /pages/... and /rpc) needs the server's token, which the
// page takes from behind the '#' of its address. A page that shows a file hears of its changes (FileEvents).
void add_library_pages(HttpServer& server, SessionPool& sessions, std::vector<std::string> libraries,
                       EventPace pace = {});

}  // namespace bibsmith::plugin
