#include "plugin/lsp/language.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace bibsmith::plugin {

namespace {

using Names = std::pair<std::string_view, Language>;

constexpr std::array<Names, 17> by_id = {{{"latex", Language::latex},
                                          {"tex", Language::latex},
                                          {"plaintex", Language::latex},
                                          {"context", Language::latex},
                                          {"rsweave", Language::latex},
                                          {"rnoweb", Language::latex},
                                          {"bibtex", Language::bibtex},
                                          {"bib", Language::bibtex},
                                          {"biblatex", Language::bibtex},
                                          {"markdown", Language::markdown},
                                          {"pandoc", Language::markdown},
                                          {"quarto", Language::markdown},
                                          {"rmd", Language::markdown},
                                          {"rmarkdown", Language::markdown},
                                          {"typst", Language::typst},
                                          {"typ", Language::typst},
                                          {"org", Language::org}}};

constexpr std::array<Names, 11> by_extension = {{{".tex", Language::latex},
                                                 {".ltx", Language::latex},
                                                 {".rnw", Language::latex},
                                                 {".Rnw", Language::latex},
                                                 {".bib", Language::bibtex},
                                                 {".md", Language::markdown},
                                                 {".markdown", Language::markdown},
                                                 {".qmd", Language::markdown},
                                                 {".Rmd", Language::markdown},
                                                 {".typ", Language::typst},
                                                 {".org", Language::org}}};

}  // namespace

Language language_of(std::string_view language_id, std::string_view path) {
  for (const auto& [extension, language] : by_extension) {
    if (path.ends_with(extension)) return language;
  }
  const auto* known = std::ranges::find(by_id, language_id, &Names::first);
  return known != by_id.end() ? known->second : Language::other;
}

}  // namespace bibsmith::plugin
