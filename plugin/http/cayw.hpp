#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "plugin/http/http_server.hpp"

namespace bibsmith::plugin {

// Shows the address of a page to a person; false: it cannot.
using OpenPage = std::function<bool(const std::string& url)>;

// "/better-bibtex/cayw" (cite as you write) with the arguments of Better BibTeX's, so that editors made for
// it work unchanged: the answer to a request comes when a person has picked works, of `libraries` (.bib
// files) or of arXiv, on a page that `open_page` shows. Editors have no token to show: only programs of this
// machine are answered (Access::program), and the page gets a token for its one picking. What is picked from
// arXiv is added to the first of the libraries.
void add_cayw(HttpServer& server, SessionPool& sessions, std::vector<std::string> libraries,
              OpenPage open_page);

}  // namespace bibsmith::plugin
