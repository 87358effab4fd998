#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bibtex/syntax/span.hpp"

namespace bibsmith::plugin {

// What a file that cites is written in.
enum class SourceFormat : std::uint8_t { tex, aux, bcf, markdown, typst, org };

// By the end of the name: .tex and .ltx, .aux, .bcf, .md, .markdown, .qmd and .Rmd, .typ, .org.
std::optional<SourceFormat> source_format(std::string_view path);

// A file that a source names.
struct NamedFile {
  enum class Role : std::uint8_t {
    bibliography,
    source,        // its text is part of this one
    main_of_part,  // this one is a part (subfiles) of that one, whose bibliographies it uses
  };
  Role role = Role::source;
  std::string name;    // as written, without "./"
  bibtex::Span place;  // of the name in the text; empty: it does not stand there as it is
};

// What one text says. Nothing is looked up: names may lead nowhere.
struct SourceScan {
  std::vector<bibtex::Span> keys;     // cited, in order, each time
  std::vector<bibtex::Span> defined;  // \bibitem{key}, <label>: things other than entries that keys may mean
  std::vector<NamedFile> files;
  bool cites_all = false;           // \nocite{*}
  bool is_biblatex = false;         // as far as the text shows
  bool has_active_colons = false;   // babel makes ':' active (French) before natbib is loaded
  bool keys_have_entities = false;  // "&amp;" in a key stands for "&" (.bcf)
};

// At most so many names of files are taken from one text.
inline constexpr std::size_t named_files_max = 20000;

// Any bytes are taken; a text of more than 4 GiB is read as far as offsets go. [any thread]
SourceScan scan_source(std::string_view text, SourceFormat format);

// A cited key as its bibliography has it.
std::string key_of(const SourceScan& scan, std::string_view text, bibtex::Span span);

// One format each.
SourceScan scan_tex(std::string_view text);
SourceScan scan_aux(std::string_view text);
SourceScan scan_bcf(std::string_view text);
SourceScan scan_markdown(std::string_view text);
SourceScan scan_typst(std::string_view text);
SourceScan scan_org(std::string_view text);

}  // namespace bibsmith::plugin
