// Prints a .bib file made of stored arXiv records, one JSON object a line, read from the files named on the
// command line: entries_of_records bibtex|biblatex latex|utf8 FILE...
// Records that several files hold are printed once; findings go to the standard error stream.

#include <cstdio>
#include <fstream>
#include <set>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "bibtex/model/citation_key.hpp"
#include "bibtex/normalize/normalizer.hpp"
#include "bibtex/write/write_entry.hpp"
#include "tests/bibtex/paper_record.hpp"

using namespace bibsmith;
using namespace bibsmith::bibtex;

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fputs("usage: entries_of_records bibtex|biblatex latex|utf8 FILE...\n", stderr);
    return 2;
  }
  NormalizeOptions options;
  options.dialect = std::string_view(argv[1]) == "biblatex" ? Dialect::biblatex : Dialect::bibtex;
  options.encoding = std::string_view(argv[2]) == "utf8" ? TextEncoding::utf8 : TextEncoding::latex;

  std::set<std::string, std::less<>> keys;
  std::set<std::string> ids;
  for (int i = 3; i < argc; ++i) {
    std::ifstream in(argv[i]);
    for (std::string line; std::getline(in, line);) {
      const Record record = testing::record_of(nlohmann::json::parse(line));
      if (!record.arxiv_id || !ids.insert(record.arxiv_id->base()).second) continue;
      NormalizedEntry result = normalize(record, options);
      result.entry.key =
          disambiguate(result.entry.key, [&](std::string_view key) { return keys.contains(key); });
      keys.insert(result.entry.key);
      std::printf("%s\n\n", write_entry(result.entry, Style{}).c_str());
      for (const NormalizeFinding& finding : result.findings) {
        std::fprintf(stderr, "%s: %s: %s\n", result.entry.key.c_str(), finding.code.c_str(),
                     finding.message.c_str());
      }
    }
  }
  return 0;
}
