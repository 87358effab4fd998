#pragma once

#include <cstdio>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "plugin/session/session.hpp"
#include "plugin/session/verify.hpp"

namespace bibsmith::plugin {

// verify_texts() for files of any kind: bibliographies (.bib, .bbl) and lists whole; of sources (.tex, .aux,
// .bcf, ...) the entries that they cite, wherever they are defined. A bibliography is read once, however it
// was named. One that cannot be read is a failure, and the others are verified. The path "-" is `input`, up
// to 16 MiB.
VerifyAnswer verify_sources(Session& session, const std::vector<std::string>& paths,
                            std::span<const std::string> bibliography_folders, std::stop_token stop = {},
                            const FetchProgress& progress = {}, std::FILE* input = nullptr);

}  // namespace bibsmith::plugin
