#include "plugin/latex/cited_sources.hpp"

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

namespace {

using bibsmith::plugin::CitedSources;
using bibsmith::plugin::read_sources;
using bibsmith::testing::TempDir;
using bibsmith::testing::write_file;
using Words = std::vector<std::string>;

Words keys(const CitedSources& read) {
  Words found;
  for (const auto& cited : read.cited) found.push_back(cited.key);
  std::sort(found.begin(), found.end());
  return found;
}

CitedSources read(const std::string& path) { return read_sources(Words{path}); }

}  // namespace

TEST_CASE("a document is read with what it includes, each file once") {
  const TempDir dir;
  std::filesystem::create_directory(dir / "sub");
  write_file(dir / "main.tex",
             "\\cite{a}\\input{sub/one}\\include{two}\\input{main}\\bibliography{refs,auto}");
  write_file(dir / "sub/one.tex",
             "\\cite{b,a}\\input{three}\\input{../main}");  // TeX looks in the main folder
  write_file(dir / "two.tex", "\\cite{c}\\input{no-such-file}");
  write_file(dir / "three.tex", "\\cite{d}\\input{sub/one}");
  write_file(dir / "refs.bib", "");
  const CitedSources found = read(dir / "main.tex");
  CHECK(keys(found) == Words{"a", "b", "c", "d"});
  CHECK(found.sources.size() == 4);
  CHECK(found.problems.empty());
  REQUIRE(found.bibliographies.size() == 2);
  CHECK(found.bibliographies[0].path == dir / "refs.bib");
  CHECK(found.bibliographies[0].exists);
  CHECK(found.bibliographies[1].path == dir / "auto.bib");
  CHECK_FALSE(found.bibliographies[1].exists);
}

TEST_CASE("a part uses the bibliographies of its main document, and cites for itself") {
  const TempDir dir;
  std::filesystem::create_directory(dir / "parts");
  write_file(dir / "main.tex", "\\addbibresource{refs.bib}\\cite{a}\\subfile{parts/one}");
  write_file(dir / "parts/one.tex", "\\documentclass[../main]{subfiles}\\cite{b}");
  const CitedSources found = read(dir / "parts/one.tex");
  CHECK(keys(found) == Words{"b"});
  REQUIRE(found.bibliographies.size() == 1);
  CHECK(found.bibliographies[0].path == dir / "refs.bib");
}

TEST_CASE("what lies outside of the folder is read, but is not ours") {
  const TempDir dir;
  std::filesystem::create_directory(dir / "paper");
  write_file(dir / "common.tex", "\\cite{a}");
  write_file(dir / "paper/main.tex", "\\input{../common}\\bibliography{../refs}");
  const CitedSources found = read(dir / "paper/main.tex");
  CHECK(keys(found) == Words{"a"});
  REQUIRE(found.sources.size() == 2);
  CHECK(found.sources[0].is_inside);
  CHECK_FALSE(found.sources[1].is_inside);
  REQUIRE(found.bibliographies.size() == 1);
  CHECK_FALSE(found.bibliographies[0].is_inside);
}

TEST_CASE("what is no file is never read") {
  const TempDir dir;
  std::filesystem::create_directory(dir / "folder.tex");
  write_file(dir / "main.tex", "\\input{/dev/zero}\\input{folder}\\input{picture.pdf}\\cite{a}");
  const CitedSources found = read(dir / "main.tex");
  CHECK(keys(found) == Words{"a"});
  CHECK(found.sources.size() == 1);
}

TEST_CASE("limits and mistakes are told") {
  const TempDir dir;
  write_file(dir / "huge.tex", "");
  std::filesystem::resize_file(dir / "huge.tex", bibsmith::plugin::source_bytes_max + 1);
  write_file(dir / "main.tex", "\\input{huge}\\cite{a}");
  const CitedSources found = read(dir / "main.tex");
  CHECK(keys(found) == Words{"a"});
  CHECK(found.problems == Words{(dir / "huge.tex") + " is larger than 64 MiB: not read"});
  CHECK(read(dir / "none.tex").problems == Words{(dir / "none.tex") + ": no such file"});
  CHECK(read(dir / "a.bib").problems ==
        Words{(dir / "a.bib") + ": is none of .tex, .aux, .bcf, .md, .typ and .org: not read"});
}

TEST_CASE("many files are read by several threads, with the same result") {
  const TempDir dir;
  std::string main;
  for (int i = 0; i < 200; ++i) {
    const std::string name = "c" + std::to_string(i);
    write_file(dir / (name + ".tex"), "\\cite{k" + std::to_string(i % 100) + "}");
    main += "\\input{" + name + "}";
  }
  write_file(dir / "main.tex", main);
  const CitedSources found = read(dir / "main.tex");
  CHECK(found.sources.size() == 201);
  REQUIRE(found.cited.size() == 100);
  for (int i = 0; i < 100; ++i)
    CHECK(found.cited[static_cast<std::size_t>(i)].key == "k" + std::to_string(i));
}

TEST_CASE("BIBINPUTS") {
  using bibsmith::plugin::folders_in;
  CHECK(folders_in(":a:/b/c//:") == Words{"a", "/b/c"});
  const TempDir dir;
  std::filesystem::create_directory(dir / "bibs");
  write_file(dir / "bibs/refs.bib", "");
  write_file(dir / "main.aux", "\\bibdata{refs}\n");
  const CitedSources found = read_sources(Words{dir / "main.aux"}, Words{dir / "bibs"});
  REQUIRE(found.bibliographies.size() == 1);
  CHECK(found.bibliographies[0].path == dir / "bibs/refs.bib");
}
