#pragma once

#include <string>
#include <string_view>

namespace bibsmith::plugin {

// "file:///a%20b" <-> "/a b" (RFC 8089). A URI of another kind has no path: the empty text.
std::string path_of_uri(std::string_view uri);
std::string uri_of_path(std::string_view path);

}  // namespace bibsmith::plugin
