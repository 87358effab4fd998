#include <filesystem>

#include "bibtex/model/macros.hpp"
#include "bibtex/syntax/ascii.hpp"
#include "bibtex/update/duplicates.hpp"
#include "plugin/lsp/features/features.hpp"

namespace bibsmith::plugin {

namespace {

namespace fs = std::filesystem;

// What would end the name of a file, or mean something else, in one of the languages that name files.
constexpr bibtex::ByteSet forbidden_in_names("{}\\#%~\",\n");

// The ends that a name may lack.
std::string_view usual_end(const NamedFile& file, Language language) {
  if (language != Language::latex) return {};
  return file.role == NamedFile::Role::bibliography ? ".bib" : ".tex";
}

// Where a file lies after a rename of itself or of a folder above it; empty: where it lay, or there is none.
std::string renamed(const std::string& path, const FileRename& rename) {
  if (path == rename.from) return rename.to;
  std::error_code error;
  if (!path.starts_with(rename.from + '/') || !fs::exists(path, error)) return {};
  return rename.to + path.substr(rename.from.size());
}

// The name by which a source has to name the file from now on; empty: as before.
std::string new_name(const NamedFile& file, Language language, const fs::path& folder,
                     const FileRename& rename) {
  const std::string_view end = usual_end(file, language);
  for (const bool lacks_end : {false, true}) {
    if (lacks_end && (end.empty() || file.name.ends_with(end))) continue;
    const std::string named = file.name + std::string(lacks_end ? end : "");
    const std::string now = renamed((folder / named).lexically_normal().string(), rename);
    if (now.empty()) continue;
    std::string name =
        fs::path(named).is_absolute() ? now : fs::path(now).lexically_relative(folder).generic_string();
    if (lacks_end && name.ends_with(end)) name.resize(name.size() - end.size());
    return forbidden_in_names.any_in(name) ? std::string() : name;
  }
  return {};
}

}  // namespace

std::vector<DocumentFinding> duplicate_findings(const bibtex::Document& document) {
  std::vector<DocumentFinding> findings;
  for (const bibtex::DuplicateGroup& group : bibtex::find_duplicates(document, bibtex::Macros(document))) {
    const std::string best(document.text(document.block(group.best).key));
    for (const std::uint32_t block : group.blocks) {
      if (block == group.best) continue;
      findings.push_back({"bibsmith.duplicate",
                          bibtex::Severity::note,
                          document.block(block).key,
                          "the same paper as " + best,
                          {}});
    }
  }
  return findings;
}

std::vector<FileEdit> rename_files(const std::vector<FileRename>& renames,
                                   const std::vector<std::string>& folders,
                                   const std::vector<Source>& sources) {
  std::vector<FileEdit> edits;
  for (const Source& source : sources) {
    if (source.path.empty()) continue;
    // A part names files as its main file does, which lies beside it or above.
    std::vector<fs::path> bases = {fs::path(source.path).parent_path()};
    for (const std::string& folder : folders) bases.emplace_back(folder);
    for (const NamedFile& file : source.text->files()) {
      if (file.place.size() == 0) continue;
      std::string name;
      for (const FileRename& rename : renames) {
        for (std::size_t i = 0; i < bases.size() && name.empty(); ++i)
          name = new_name(file, source.text->language(), bases[i], rename);
      }
      if (!name.empty() && name != file.name)
        edits.push_back({{source.path, file.place, source.text}, std::move(name)});
    }
  }
  return edits;
}

std::optional<bibtex::TextEdit> pin_version(const BibEntry& entry, std::uint16_t version) {
  const auto field = entry.document->find_field(entry.block, "eprint");
  if (!field || version == 0) return std::nullopt;
  const std::vector<bibtex::PieceNode> pieces = entry.document->pieces(*field);
  if (pieces.size() != 1 || pieces[0].kind == bibtex::PieceKind::macro) return std::nullopt;
  const auto id = ArxivId::parse(entry.document->text(pieces[0].inner));
  if (!id || id->version() == version) return std::nullopt;
  const std::string text = id->with_version(version).str();
  // A bare number ends before the "v".
  const bool is_bare = pieces[0].kind == bibtex::PieceKind::number;
  return bibtex::TextEdit{entry.whole(pieces[0].inner), is_bare ? '{' + text + '}' : text};
}

}  // namespace bibsmith::plugin
